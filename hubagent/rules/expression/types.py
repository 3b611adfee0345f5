"""Types of values in expressions: what an attribute's kind, unit and words say, and what can be compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from hubagent.model.capabilities.table import ATTRIBUTES
from hubagent.model.capability import Attribute, Kind, Value
from hubagent.rules.duration import UNITS_S
from hubagent.rules.words import WORDS


class Sort(Enum):
    """The values are for people."""

    FLAG = "true or false"
    NUMBER = "a number"
    WORD = "a word"
    TEXT = "a text"
    DURATION = "a duration"
    """In seconds."""
    TIME = "a time of day"
    """In seconds since midnight."""
    ANY = "anything"


@dataclass(frozen=True, slots=True)
class Type:
    sort: Sort
    unit: str = ""
    words: tuple[str, ...] = ()
    """What a WORD may be, when that is known; what a FLAG may be called, by `meanings`."""
    attribute: str = ""
    """Whose it is, for words that mean one of its values."""
    low: float = float("-inf")
    high: float = float("inf")

    def __str__(self) -> str:
        return f"{self.sort.value} in {self.unit}" if self.unit else self.sort.value


FLAG: Final = Type(Sort.FLAG)
NUMBER: Final = Type(Sort.NUMBER)
TEXT: Final = Type(Sort.TEXT)
DURATION: Final = Type(Sort.DURATION)
TIME: Final = Type(Sort.TIME, low=0, high=86400)
ANY: Final = Type(Sort.ANY)

ORDERED: Final = frozenset((Sort.NUMBER, Sort.DURATION, Sort.TIME, Sort.ANY))

SCALES: Final[Mapping[str, tuple[str, float]]] = {
    "kW": ("W", 1000.0),
    "mW": ("W", 0.001),
    "Wh": ("kWh", 0.001),
    "mA": ("A", 0.001),
    "mV": ("V", 0.001),
    "kHz": ("Hz", 1000.0),
    "lux": ("lx", 1.0),
    "kPa": ("hPa", 10.0),
    "mbar": ("hPa", 1.0),
    "°": ("degrees", 1.0),
}
"""Units that are taken for another one, and how many of that they are."""


def type_of(attribute: Attribute) -> Type:
    found = _TYPES.get(attribute.name)
    return _type_of(attribute) if found is None else found


def _type_of(attribute: Attribute) -> Type:
    if attribute.kind is Kind.FLAG:
        words = tuple(word for word, meanings in WORDS.items() if any(name == attribute.name for name, _ in meanings))
        return Type(Sort.FLAG, words=words, attribute=attribute.name)
    if attribute.kind is Kind.NUMBER:
        low = float("-inf") if attribute.minimum is None else attribute.minimum
        high = float("inf") if attribute.maximum is None else attribute.maximum
        if attribute.unit == "s":
            return Type(Sort.DURATION, low=low, high=high)
        return Type(Sort.NUMBER, attribute.unit, low=low, high=high)
    return Type(Sort.WORD, words=attribute.words, attribute=attribute.name)


_TYPES: Final = {name: _type_of(attribute) for name, (_, attribute) in ATTRIBUTES.items()}


def type_of_value(value: Value) -> Type:
    """Of a variable's first value."""
    if isinstance(value, bool):
        return FLAG
    if isinstance(value, int | float):
        return NUMBER
    return ANY if value is None else TEXT


def meaning_of(word: str, kind: Type) -> Value:
    """What the word says of an attribute that is true or false; None where it says nothing of it."""
    return next((value for name, value in WORDS.get(word, ()) if name == kind.attribute), None)


def flag_of(word: str) -> bool | None:
    """What the word says of any attribute that is true or false, where all of them agree."""
    meant = {value for _, value in WORDS.get(word, ()) if isinstance(value, bool)}
    if len(meant) != 1:
        return None
    (value,) = meant
    return value


def comparable(one: Type, other: Type) -> bool:
    if Sort.ANY in (one.sort, other.sort):
        return True
    if one.sort in _WORDY and other.sort in _WORDY:
        return True
    return one.sort is other.sort and (one.unit == other.unit or not one.unit or not other.unit)


_WORDY: Final = frozenset((Sort.WORD, Sort.TEXT))


def number_with_unit(value: float, unit: str) -> tuple[float, Type] | None:
    """A number as it is written, in the unit that attributes have; None where nothing has such a unit."""
    if not unit:
        return value, NUMBER
    if unit in UNITS_S:
        return value * UNITS_S[unit], DURATION
    if unit in SCALES:
        unit, scale = SCALES[unit]
        return value * scale, Type(Sort.NUMBER, unit)
    return (value, Type(Sort.NUMBER, unit)) if unit in UNITS else None


UNITS: Final = frozenset(attribute.unit for _, attribute in ATTRIBUTES.values()) - {"", "s"}
