"""The words in which a model's peculiarities are written down.

A `Quirk` says what a device has and does not say, says and does not have, and what its maker's own numbers mean. Every
field is data with a harmless default, so that a model's entry names only what is peculiar to it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hubagent.model.capabilities.switch import Press
from hubagent.model.capability import Capability, Value


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a number of the maker's own is for the home: it becomes `number * factor + offset`, or a word or flag."""

    capability: Capability
    attribute: str
    factor: float = 1
    offset: float = 0
    values: Mapping[Any, Value] | None = None
    """What each number means, where they are no measure; one that is not listed is unknown."""
    minimum: float | None = None
    """What is lower is no measurement: a device's word for "not measured", or nonsense that it is known to say."""
    maximum: float | None = None
    read: Callable[[Any], Value] | None = None
    """Where none of this is enough."""

    def value_of(self, raw: Any) -> Value:
        if raw is None:
            return None
        if self.read is not None:
            return self.read(raw)
        if self.values is not None:
            return self.values.get(raw)
        if not isinstance(raw, int | float):
            return None
        low, high = self.minimum, self.maximum
        if (low is not None and raw < low) or (high is not None and raw > high):
            return None
        if self.factor == 1 and self.offset == 0:
            return raw
        return round(raw * self.factor + self.offset, 6)

    def raw_of(self, value: Value) -> Any:
        """The other way round; None where the device has no number for it."""
        if self.values is not None:
            return next((raw for raw, known in self.values.items() if known == value), None)
        if not isinstance(value, int | float):
            return None
        return round((value - self.offset) / self.factor)


@dataclass(frozen=True, slots=True)
class DataPoint:
    """A number of Tuya's own protocol, by which a device without clusters speaks of everything."""

    meanings: tuple[Meaning, ...]
    type: int = 0
    """The PointType with which it is told to the device; 0 where the device only says it."""


@dataclass(frozen=True, slots=True)
class Target:
    """An attribute of the device that a wish is written to, where the ZCL would have it told in another way."""

    endpoint: int
    cluster: int
    attribute: int
    type_id: int
    meaning: Meaning
    manufacturer_code: int | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """An attribute that people may set by number (`parameter_<number>`), as a device's own setting."""

    cluster: int
    attribute: int
    type_id: int
    manufacturer_code: int | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """An attribute of the maker's own that it reports when it is asked to."""

    endpoint: int
    cluster: int
    attribute: int
    type_id: int
    min_s: int
    max_s: int
    change: int
    manufacturer_code: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An attribute that is written once the interview is over, without which the device does less."""

    endpoint: int
    cluster: int
    attribute: int
    type_id: int
    value: Any
    manufacturer_code: int | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A button and how it was pressed."""

    button: int
    press: Press = Press.SINGLE


Meanings = Mapping[tuple[int | None, int, int], tuple[Meaning, ...]]
"""By end point (None: every one that has the cluster), cluster and attribute."""
Presses = Mapping[tuple[int | None, int, int], Mapping[Any, Press]]
"""By end point (None: every one), cluster and attribute: how each value was pressed."""
Keys = Mapping[str | tuple[int, str], Key]
"""By command (`buttons` has the names), with its end point where that matters."""


@dataclass(frozen=True, slots=True)
class Quirk:
    """What is peculiar to a model."""

    # What it has
    hidden: frozenset[tuple[int | None, int]] = frozenset()
    """End points (None: every one) and clusters that it claims and that say nothing, or nothing true."""
    added: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """By end point the clusters that it has without saying so."""
    hidden_clients: frozenset[tuple[int | None, int]] = frozenset()
    """Likewise clusters whose client it claims to be: it says the same in another way, or says nothing."""
    one_device: bool = False
    """Its end points are views of one thing, and no parts with functions of their own."""
    reports_by_itself: bool = False
    """It takes no part in binding and reporting, is rarely awake to be read, and says everything in its own time."""
    never_offers: frozenset[str] = frozenset()
    """Capabilities that its clusters promise and that it has not."""

    # What its numbers mean
    zone: str = ""
    """What its IAS zone detects (an attribute: `open`, `gas`...), where its zone type does not say so."""
    zone_bits: int = 0x0003
    """Which bits of the zone status mean that: alarm 1 and alarm 2."""
    zone_keys: Mapping[int, Key] = field(default_factory=dict)
    """It is a button, and its zone status (alarm 1 and 2) says how it was pressed."""
    active_for_s: float = 0
    """It reports that somebody moves, or something shakes, and never that it is over: how long its maker means it to
    count."""
    battery_halves: bool = True
    """It counts its battery in halves of a per cent, as it should."""
    battery_v: tuple[float, float] | None = None
    """Empty and full, for one that knows its voltage only, or knows it better than its percentage."""
    level_is_position: bool = False
    """A vent or a shade whose Level Control says how far it is open."""
    inverted: bool = False
    """Its lift percentage counts how far it is open; the ZCL's counts how far it is closed."""
    prefers_xy: bool = False
    """It has hue and saturation by its own word, and does better by x and y."""
    facts: Mapping[tuple[int, int], Any] = field(default_factory=dict)
    """By cluster and attribute what it should have answered in the interview: scales that it does not know, or knows
    wrongly."""
    factors: Mapping[str, float] = field(default_factory=dict)
    """By attribute of ours: a factor for a device that is wrong about its own scale."""
    meanings: Meanings = field(default_factory=dict)
    """Attributes with another meaning than the ZCL's, or none in it."""
    reads: tuple[tuple[int, int, int, int | None], ...] = ()
    """End point, cluster, attribute and manufacturer code of those among them that it can be asked for."""
    tags: Mapping[int, Meaning] = field(default_factory=dict)
    """Xiaomi: by number the members of its structure of everything."""
    datapoints: Mapping[int, DataPoint] = field(default_factory=dict)
    """Tuya: by number what it says and is told."""

    # What its buttons send
    keys: Keys = field(default_factory=dict)
    presses: Presses = field(default_factory=dict)
    button_of: Mapping[int, int] = field(default_factory=dict)
    """By end point the number of the button that is heard there; the end point's own number where it is not listed."""
    motion_by_command: bool = False
    """A motion sensor that switches lamps on for a time, instead of saying that somebody moves."""

    # What is sent to it
    targets: Mapping[str, Target] = field(default_factory=dict)
    """By attribute of ours (or `stop`)."""
    parameters: Mapping[int, Parameter] = field(default_factory=dict)
    bound: tuple[tuple[int, int], ...] = ()
    """End points and clusters that must be bound to us beyond those that are understood."""
    reported: tuple[Reported, ...] = ()
    written: tuple[Written, ...] = ()


NO_QUIRK: Final = Quirk()
