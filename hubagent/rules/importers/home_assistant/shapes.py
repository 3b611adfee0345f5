"""What values of a file may look like: one or many, a text, a number, a duration; and what to say where they do not."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from hubagent.rules.duration import DURATION_MAX_S, UNITS_S, duration_text
from hubagent.rules.importers.home_assistant.yaml_text import Tagged
from hubagent.rules.importers.reason import CannotTranslate

_CLOCK: Final = re.compile(r"([-+]?)(\d{1,4}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6}))?)?")
_UNITS: Final = {"days": "d", "hours": "h", "minutes": "m", "seconds": "s", "milliseconds": "ms"}
_DAY_S: Final = 86400.0


def many(value: Any) -> list[Any]:
    """One may stand for a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def given(value: Any) -> Any:
    """Raises CannotTranslate for what stands elsewhere."""
    if isinstance(value, Tagged):
        raise CannotTranslate(f"{value.tag}", f"{value} is not in the file")
    return value


def table(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(given(value), Mapping):
        raise CannotTranslate(f"{what} is no table", value)
    found: Mapping[str, Any] = value
    return found


def words(value: Any, what: str) -> list[str]:
    """One or more, also separated by commas, as Home Assistant lets entity ids be."""
    return [part.strip() for item in many(given(value)) for part in text(item, what).split(",") if part.strip()]


def text(value: Any, what: str) -> str:
    value = given(value)
    if isinstance(value, bool):  # `to: on`: true in YAML 1.1
        return "on" if value else "off"
    if isinstance(value, str | int | float):
        return str(value)
    raise CannotTranslate(f"{what} is no text", value)


def is_template(value: Any) -> bool:
    return isinstance(value, str) and ("{{" in value or "{%" in value)


def number(value: Any, what: str) -> float:
    value = given(value)
    if isinstance(value, str):
        with suppress(ValueError):
            value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e9:
        kind = f"{what} as a template" if is_template(value) else f"{what} is no number"
        raise CannotTranslate(kind, value)
    return value


def seconds(value: Any, what: str) -> float:
    """Of `00:05:00`, 300, `{minutes: 5}`. Raises CannotTranslate."""
    value = given(value)
    if isinstance(value, Mapping):
        unknown = [key for key in value if key not in _UNITS]
        if unknown:
            raise CannotTranslate(f"{what} is no duration", value)
        found = sum(number(part, what) * UNITS_S[_UNITS[unit]] for unit, part in value.items())
    elif isinstance(value, str) and (match := _CLOCK.fullmatch(value.strip())):
        sign, hours, minutes, rest, part = match.groups()
        found = int(hours) * 3600 + int(minutes) * 60 + int(rest or 0) + float(f"0.{part or 0}")
        found = -found if sign == "-" else found
    else:
        found = number(value, what)
    if abs(found) > DURATION_MAX_S:
        raise CannotTranslate(f"{what} longer than a year")
    return found


def duration(value: Any, what: str) -> str:
    found = seconds(value, what)
    if found < 0:
        raise CannotTranslate(f"{what} is less than nothing", value)
    return duration_text(found)


def time_of_day(value: Any, what: str) -> str:
    """`07:30`, or `07:30:15`."""
    value = given(value)
    if isinstance(value, str) and value.partition(".")[0] in ("input_datetime", "sensor"):
        raise CannotTranslate(f"{what} from {value.partition('.')[0]}", "times that are kept elsewhere are not read")
    if is_template(value):
        raise CannotTranslate(f"{what} as a template")
    found = seconds(value, what)
    if not 0 <= found < _DAY_S:
        raise CannotTranslate(f"{what} is no time of day", value)
    hours, rest = divmod(int(found), 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}" + (f":{second:02}" if second else "")


_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def days(value: Any, what: str) -> list[str]:
    found = [word.lower() for word in words(value, what)]
    if not found or any(day not in _DAYS for day in found):
        raise CannotTranslate(f"{what} is no day", value)
    return [day for day in _DAYS if day in found]
