"""What a fault is that can be switched by its name: what it strikes, what it can be told, and how it ends.

`world_faults.table` lists those of a world; whoever simulates more than a world (a host, an uplink) lists its own in
the same shape. So one plan can hold all of them: drawn up front from the ranges that stand here, each struck by name.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

Value = bool | int | float | str
Heal = Callable[[], None]
"""Ends one strike; a second call does nothing. What a real device would keep of it, it keeps."""
_Struck = TypeVar("_Struck")
"""What is struck: a world, a host, ..."""


def nothing_to_heal() -> None:
    """Of what strikes at once and is over."""


class Target(StrEnum):
    """What a fault strikes. A target's name is a radio's for the first three, a device's for the fourth."""

    WIRE = "wire"
    STICK = "stick"
    AIR = "air"
    DEVICE = "device"
    HOST = "host"
    UPLINK = "uplink"


class Ends(StrEnum):
    """How it ends."""

    HEALED = "healed"
    """It lasts until it is healed."""
    BY_ITSELF = "by itself"
    """After a while that its options say; healing it ends it earlier."""
    AT_ONCE = "at once"
    """It is a moment, and healing it does nothing."""


class BadOption(ValueError):
    """An option that a fault does not have, or that it cannot be; says what it can."""


@dataclass(frozen=True, slots=True)
class Number:
    """An option that is a number of `unit`, from `lowest` to `highest`."""

    about: str
    unit: str
    lowest: float
    highest: float
    usual: float
    """What it is unless somebody says otherwise."""
    drawn: tuple[float, float] | None = None
    """From where to where a plan draws it, evenly; None: it leaves it as usual."""
    whole: bool = False

    @property
    def usual_text(self) -> str:
        """As people type it, with its unit for them to see."""
        return f"{self.usual:g} {self.unit}".rstrip()

    def checked(self, name: str, value: Value) -> Value:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        if not fits or not self.lowest <= float(value) <= self.highest or (self.whole and float(value) % 1):
            kind = "whole number" if self.whole else "number"
            raise BadOption(f"{name} is a {kind} from {self.lowest:g} to {self.highest:g}, not {value!r}")
        return int(value) if self.whole else float(value)

    def draw(self, rng: random.Random) -> Value:
        if self.drawn is None:
            return self.usual
        low, high = self.drawn
        return rng.randint(int(low), int(high)) if self.whole else rng.uniform(low, high)

    def to_json(self) -> dict[str, Any]:
        drawn = None if self.drawn is None else list(self.drawn)
        return {
            "type": "whole" if self.whole else "number",
            "about": self.about,
            "unit": self.unit,
            "lowest": self.lowest,
            "highest": self.highest,
            "usual": self.usual,
            "drawn": drawn,
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """An option that is one of a few words."""

    about: str
    values: tuple[str, ...]
    usual: str
    drawn: tuple[str, ...] = ()
    """Of which a plan draws one; none: it leaves it as usual."""

    @property
    def usual_text(self) -> str:
        return self.usual

    def checked(self, name: str, value: Value) -> Value:
        if value not in self.values:
            raise BadOption(f"{name} is one of {', '.join(self.values)}, not {value!r}")
        return value

    def draw(self, rng: random.Random) -> Value:
        return rng.choice(self.drawn) if self.drawn else self.usual

    def to_json(self) -> dict[str, Any]:
        return {
            "type": "choice",
            "about": self.about,
            "values": list(self.values),
            "usual": self.usual,
            "drawn": list(self.drawn),
        }


@dataclass(frozen=True, slots=True)
class Flag:
    """An option that is true or false."""

    about: str
    usual: bool
    drawn: bool = False
    """Whether a plan draws it, evenly."""

    @property
    def usual_text(self) -> str:
        return str(self.usual).lower()

    def checked(self, name: str, value: Value) -> Value:
        if not isinstance(value, bool):
            raise BadOption(f"{name} is true or false, not {value!r}")
        return value

    def draw(self, rng: random.Random) -> Value:
        return rng.random() < 0.5 if self.drawn else self.usual

    def to_json(self) -> dict[str, Any]:
        return {"type": "flag", "about": self.about, "usual": self.usual, "drawn": self.drawn}


Option = Number | Choice | Flag
Options = Mapping[str, Value]
"""All of a kind's, each with the value that it has this time."""


@dataclass(frozen=True, slots=True)
class FaultKind(Generic[_Struck]):
    """`name` is what people type: the family, a dot, and the rest. Derived from for each kind of what is struck."""

    name: str
    numbers: tuple[int, ...]
    """Which of the forty faults of a home it plays; none: it is for people, and no plan draws it."""
    about: str
    target: Target
    ends: Ends
    strike: Callable[[_Struck, str, Options], Heal]
    """Begin, on the target of that name; what it returns ends it."""
    targets: Callable[[_Struck], Sequence[str]]
    """The names of all that it can strike here, in their order."""
    options: Mapping[str, Option] = field(default_factory=dict)
    lasts_s: tuple[float, float] = (1.0, 120.0)
    """For how long a plan has it last, where it is to be healed."""
    heals: str = ""
    """The fault of the same target that is over by this one."""

    @property
    def family(self) -> str:
        return self.name.partition(".")[0]

    @property
    def drawable(self) -> bool:
        return bool(self.numbers)

    def complete(self, options: Mapping[str, Value]) -> Options:
        """What was said, and what is usual of the rest. Raises BadOption."""
        unknown = [name for name in options if name not in self.options]
        if unknown:
            known = ", ".join(self.options) or "no options"
            raise BadOption(f"{self.name} takes {known}, not {', '.join(unknown)}")
        return {
            name: option.checked(name, options[name]) if name in options else option.usual
            for name, option in self.options.items()
        }

    def draw(self, rng: random.Random) -> Options:
        """Options as a plan has them: each drawn where it says from what, else as usual."""
        return {name: option.draw(rng) for name, option in self.options.items()}

    def to_json(self) -> dict[str, Any]:
        """For a page, or another program."""
        return {
            "name": self.name,
            "numbers": list(self.numbers),
            "about": self.about,
            "target": str(self.target),
            "ends": str(self.ends),
            "options": {name: option.to_json() for name, option in self.options.items()},
            "lasts_s": list(self.lasts_s) if self.ends is Ends.HEALED else None,
        }


def number(options: Options, name: str) -> float:
    """An option that is a number, of options that are complete."""
    value = options[name]
    assert isinstance(value, int | float), name
    return float(value)
