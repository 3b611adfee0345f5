"""What a translation is made of: readings on the way in, plans on the way out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from drivers.zwave.command_classes.command import Command as ZwaveCommand
from drivers.zwave.node_record import EndPoint
from hubagent.model.capabilities.switch import Press
from hubagent.model.capability import Capability, Command, Value

AWAITED = "awaited"
"""In an end point's memory: of each wish under way what its plan `awaits` and was not reported yet; a list of
sets."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Attributes of one capability, as a device just reported them."""

    capability: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Pressed:
    button: int
    press: Press
    sequence: int | None = None
    """The device's own number of the press: the same twice is one press heard twice."""
    held_for_s: float = 0.0
    """Of a hold: how long it goes on if nothing more is heard of it."""


Said = Reading | Pressed


@dataclass(frozen=True, slots=True)
class Plan:
    """How a wish is told to a node: what to send, and what to ask afterwards to know whether it came true."""

    command: ZwaveCommand
    readback: tuple[ZwaveCommand, ...] = ()
    transition_s: float = 0
    """How long the device may take to get there."""
    confirms: Callable[[Mapping[str, Value]], bool] | None = None
    """Whether reported attributes are what was wanted; None where the wish's own `wanted` is compared."""
    awaits: frozenset[int] = frozenset()
    """What it changes of a value that is reported in parts: before all of these were, the parts are of two values."""


Reader = Callable[[Any, EndPoint], list[Said]]
Planner = Callable[[Any, EndPoint], Plan | None]


@dataclass(frozen=True, slots=True)
class Translation:
    """One command class. `offers` says which capabilities an interviewed end point has through it."""

    command_class: int
    offers: Callable[[EndPoint], tuple[Capability, ...]]
    readers: Mapping[type[ZwaveCommand], Reader] = field(default_factory=dict)
    """By the type of the report."""
    planners: Mapping[type[Command], Planner] = field(default_factory=dict)
    """By the type of the wish; None where this end point cannot do it through this class."""


def read_one(capability: Capability, **values: Value) -> list[Said]:
    return [Reading(capability.name, values)]


def close_to(wanted: Mapping[str, Value], tolerance: float) -> Callable[[Mapping[str, Value]], bool]:
    """Compares numbers with a tolerance, for what the device rounds to its own steps."""

    def compare(reported: Mapping[str, Value]) -> bool:
        return all(_close(reported.get(name), value, tolerance) for name, value in wanted.items())

    return compare


def _close(reported: Value, wanted: Value, tolerance: float) -> bool:
    # On and off are numbers to Python, and near each other.
    if not isinstance(wanted, bool) and isinstance(reported, int | float) and isinstance(wanted, int | float):
        return abs(reported - wanted) <= tolerance
    return reported == wanted
