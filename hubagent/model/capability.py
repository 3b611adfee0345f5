"""What a device can report and what it can be asked, in the words of Matter's clusters.

A capability is a named set of attributes; a command is a wish addressed to one capability. Names of attributes say what
a person would say (`on`, `level`, `occupied`); units are SI, percentages 0-100, and an unknown value is None. Each
capability is one module of `capabilities`, and `capabilities.table` lists them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar, Final

Value = bool | int | float | str | None
"""The value of one attribute; None is unknown."""
NUMBER_MAX: Final = 2**63 - 1
"""Beyond it a number is no measurement, and neither databases nor the uplink's messages hold it."""


class Kind(Enum):
    """The type of an attribute's value."""

    FLAG = "true or false"
    NUMBER = "a number"
    WORD = "a word"


class InvalidValue(ValueError):
    """A value that an attribute cannot have, said in words for the person who typed it."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing a device reports. Bounds of numbers are inclusive; `words` lists what a word may be."""

    name: str
    kind: Kind
    doc: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    words: tuple[str, ...] = ()

    def check(self, value: Value) -> Value:
        """The value as it is stored. Raises InvalidValue where the attribute cannot have it."""
        if value is None:
            return None
        if self.kind is Kind.FLAG:
            if isinstance(value, bool):
                return value
            raise InvalidValue(f"{self.name} is true or false, not {value!r}")
        if self.kind is Kind.NUMBER:
            return self._number(value)
        if isinstance(value, str) and (not self.words or value in self.words):
            return value
        expected = f"one of {', '.join(self.words)}" if self.words else "a word"
        raise InvalidValue(f"{self.name} is {expected}, not {value!r}")

    def _number(self, value: Value) -> float | int:
        # NaN is no number, infinity none that can be told to anybody; both fail the comparison.
        if isinstance(value, bool) or not isinstance(value, int | float) or not -NUMBER_MAX <= value <= NUMBER_MAX:
            raise InvalidValue(f"{self.name} is a number{self._in_unit()}, not {value!r}")
        low, high = self.minimum, self.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            raise InvalidValue(f"{self.name} is between {low:g} and {high:g}{self._in_unit()}, not {value:g}")
        return value

    def _in_unit(self) -> str:
        return f" ({self.unit})" if self.unit else ""


@dataclass(frozen=True, slots=True)
class Capability:
    """One cluster: its name in snake_case, where it is defined, and its attributes."""

    name: str
    source: str
    """The Matter specification's section that it follows."""
    attributes: tuple[Attribute, ...]
    by_name: Mapping[str, Attribute] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {attribute.name: attribute for attribute in self.attributes})


class Command:
    """A wish addressed to one capability of a device; imperative, a frozen dataclass, complete when constructed.

    Its fields check themselves: a command that exists can be sent. Raises InvalidValue when constructed otherwise.
    """

    __slots__ = ()
    CAPABILITY: ClassVar[Capability]

    def wanted(self) -> Mapping[str, Value]:
        """The attribute values that the device will report when the wish has come true; empty where none tells."""
        return {}

    def brings_about(self) -> Mapping[str, Value]:
        """The attribute values of a device that did it: what is wanted, and what follows from that."""
        return self.wanted()

    def settles(self) -> Mapping[str, object]:
        """What it decides, by name: what it brings about, and what can only be one at a time."""
        return self.brings_about()

    def overtakes(self, older: "Command") -> bool:
        """Whether `older` is pointless once this one has left for the same device: it decided something otherwise."""
        theirs = older.settles()
        return any(name in theirs and theirs[name] != value for name, value in self.settles().items())


@dataclass(frozen=True, slots=True)
class Setting:
    """How `set DEVICE name=value` becomes a command: the writable attributes that one command takes together."""

    attributes: tuple[str, ...]
    command: type[Command]
