"""The forms that a value in a rule file can have: how each is read, and its JSON Schema for editors."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any, Final, TypeVar

from hubagent.model.capability import Value
from hubagent.rules.duration import DURATION_MAX_S, duration_text, parse_duration
from hubagent.rules.reading.wrong import Wrong, shown
from hubagent.toml_lines import did_you_mean

_Word = TypeVar("_Word", bound=Enum)

NAME_LENGTH_MAX: Final = 120
DAY_S: Final = 24 * 3600.0
NUMBER_MAX: Final = 1e15
"""Beyond it, neighbouring numbers are no longer told apart."""

DURATION_PATTERN: Final = r"^\s*[-+]?(\d+(\.\d+)?\s*(ms|min|[dhms])\s*)+$"


@dataclass(frozen=True, slots=True)
class Form:
    read: Callable[[Any], Any]
    """Raises Wrong."""
    schema: Mapping[str, Any]
    said: str
    """What it is, for people: `a duration, as "3m"`."""
    nested: bool = False
    """It is made of tables with fields of their own, and read by a reader of its own."""


def text(most: int, *, empty: bool = False) -> Form:
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Wrong(f"is a text in quotes, not {shown(value)}")
        if not empty and not value.strip():
            raise Wrong("is empty")
        if len(value) > most:
            raise Wrong(f"has at most {most} letters, not {len(value)}")
        return value

    schema = {"type": "string", "maxLength": most, **({} if empty else {"minLength": 1})}
    return Form(read, schema, "text")


def name(what: str = "a name") -> Form:
    """What people call something: printable, without spaces around."""
    inner = text(NAME_LENGTH_MAX)

    def read(value: Any) -> str:
        given: str = inner.read(value)
        if not given.isprintable():
            raise Wrong("has line breaks or other signs that cannot be seen")
        return given.strip()

    return Form(read, inner.schema, what)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"is true or false, not {shown(value)}")
    return value


FLAG: Final = Form(_flag, {"type": "boolean"}, "true or false")


def _true(value: Any) -> bool:
    if value is not True:
        raise Wrong(f"can only be true, not {shown(value)}")
    return True


TRUE: Final = Form(_true, {"const": True}, "true")


def number(least: float = -NUMBER_MAX, most: float = NUMBER_MAX) -> Form:
    def read(value: Any) -> float | int:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(_float(value)):
            raise Wrong(f"is a number, not {shown(value)}")
        if not least <= value <= most:
            raise Wrong(f"is between {least:g} and {most:g}, not {shown(value)}")
        return value

    said = "a number" if most == NUMBER_MAX else f"{least:g} to {most:g}"
    return Form(read, {"type": "number", "minimum": least, "maximum": most}, said)


def _float(value: float) -> float:
    return math.inf if isinstance(value, int) and value.bit_length() > 64 else float(value)


def whole(least: int, most: int) -> Form:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Wrong(f"is a whole number, not {shown(value)}")
        if not least <= value <= most:
            raise Wrong(f"is between {least} and {most}, not {shown(value)}")
        return value

    return Form(read, {"type": "integer", "minimum": least, "maximum": most}, f"{least} to {most}")


def duration(least: float = 0.0, most: float = DURATION_MAX_S) -> Form:
    def read(value: Any) -> float:
        if not isinstance(value, str):
            raise Wrong(f'is a duration, as "3m" or "1h30m"; not {shown(value)}')
        seconds = duration_of(value)
        if not least <= seconds <= most:
            raise Wrong(f"is between {duration_text(least)} and {duration_text(most)}, not {shown(value)}")
        return seconds

    said = "a duration" if most == DURATION_MAX_S else f"a duration, {duration_text(least)} to {duration_text(most)}"
    return Form(read, {"type": "string", "pattern": DURATION_PATTERN}, said)


def duration_of(value: str) -> float:
    """Seconds. Raises Wrong."""
    try:
        return parse_duration(value)
    except ValueError as error:
        raise Wrong(str(error)) from error


def word_of(words: Iterable[str], what: str = "") -> Form:
    known = tuple(words)

    def read(value: Any) -> str:
        if value not in known:
            raise Wrong(f"is one of {', '.join(known)}; not {shown(value)}{did_you_mean(value, known)}")
        return str(value)

    return Form(read, {"enum": list(known)}, what or " or ".join(known))


def choice(kind: type[_Word]) -> Form:
    """The words of an Enum."""
    words = {str(one.value): one for one in kind}
    inner = word_of(words)
    return Form(lambda value: words[inner.read(value)], inner.schema, inner.said)


_TIME: Final = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(\.\d{1,6})?)?")


def time_of_day(value: Any) -> float:
    """Seconds since midnight. Raises Wrong."""
    if isinstance(value, time):
        return value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    match = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is not None:
        hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
        if hour < 24 and minute < 60 and second < 60:
            return hour * 3600 + minute * 60 + second + float(match[4] or 0)
    raise Wrong(f'is a time of day, as "07:30" or "22:00:30"; not {shown(value)}')


_TIME_SCHEMA: Final = {"type": "string", "pattern": r"^\s*([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?\s*$"}

TIME_OF_DAY: Final = Form(time_of_day, _TIME_SCHEMA, 'a time of day, as "07:30"')


def some(one: Form, most: int) -> Form:
    """One, or a list of them; read as a tuple."""

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            return (one.read(value),)
        if not value:
            raise Wrong("is an empty list")
        if len(value) > most:
            raise Wrong(f"has at most {most} items, not {len(value)}")
        return tuple(item(value, number) for number in range(len(value)))

    def item(values: list[Any], number: int) -> Any:
        try:
            return one.read(values[number])
        except Wrong as wrong:
            raise wrong.at(number) from wrong

    many = {"type": "array", "items": one.schema, "minItems": 1, "maxItems": most}
    return Form(read, {"anyOf": [one.schema, many]}, f"{one.said}, or a list")


_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = "(mon|tue|wed|thu|fri|sat|sun)"


def _days_of(value: Any) -> frozenset[int]:
    """`mon`, or `mon-fri`, also over the end of the week: `sat-mon`."""
    if not isinstance(value, str):
        raise Wrong(f'is a day, as "mon", or some, as "mon-fri"; not {shown(value)}')
    first, dash, last = value.strip().lower().partition("-")
    for day in (first, last) if dash else (first,):
        if day not in _DAYS:
            raise Wrong(f"{shown(day)} is no day{did_you_mean(day, _DAYS)}; there are: {', '.join(_DAYS)}")
    start = _DAYS.index(first)
    length = (_DAYS.index(last) - start) % 7 if dash else 0
    return frozenset((start + further) % 7 for further in range(length + 1))


_ONE_DAY: Final = some(
    Form(_days_of, {"type": "string", "pattern": f"^{_DAY}(-{_DAY})?$"}, 'a day or some, as "mon" or "mon-fri"'), 7
)
DAYS: Final = Form(
    lambda value: frozenset().union(*_ONE_DAY.read(value)), _ONE_DAY.schema, 'days, as "mon-fri" or ["sat", "sun"]'
)


def _date(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise Wrong(f'is a day, as "2026-03-29"; not {shown(value)}')


DATE: Final = Form(_date, {"type": "string", "format": "date"}, 'a day, as "2026-03-29"')


def plain_value(value: Any) -> Value:
    """A flag, a number that is one, or a text. Raises Wrong."""
    if isinstance(value, bool) or (isinstance(value, int | float) and math.isfinite(_float(value))):
        return value
    if isinstance(value, str) and len(value) <= VALUE_LENGTH_MAX and not _SURROGATE.search(value):
        return value
    raise Wrong(f"is true or false, a number or a text, not {shown(value)}")


_SURROGATE: Final = re.compile("[\ud800-\udfff]")
"""Half of a letter, which JSON can say and nothing else."""


VALUE_LENGTH_MAX: Final = 255
VALUE: Final = Form(
    plain_value, {"type": ["boolean", "number", "string"], "maxLength": VALUE_LENGTH_MAX}, "a flag, number or text"
)
