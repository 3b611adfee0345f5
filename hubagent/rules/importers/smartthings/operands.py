"""Operands: constants, attributes of devices, the mode, and times of day."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hubagent.rules.duration import UNITS_S, duration_text
from hubagent.rules.importers import said
from hubagent.rules.importers.imported import Table
from hubagent.rules.importers.reason import CannotTranslate
from hubagent.rules.importers.said import Said
from hubagent.rules.importers.smartthings.names import Names

_UNITS: Final = {
    "second": UNITS_S["s"],
    "minute": UNITS_S["m"],
    "hour": UNITS_S["h"],
    "day": UNITS_S["d"],
    "week": 7 * UNITS_S["d"],
}
_DAY_S: Final = 86400
_NOON_S: Final = _DAY_S // 2
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OFFSET_MAX_S: Final = 12 * 3600


def table(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise CannotTranslate(f"{what} is no table", value)
    return value


def items(value: Any, what: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise CannotTranslate(f"{what} is no list", value)
    return value


def word(value: Any) -> str:
    """Names of kinds, however they are spelt: `greaterThan`, `greater_than`."""
    return value.lower().replace("_", "").strip() if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Constant:
    value: str | float | bool


@dataclass(frozen=True, slots=True)
class Reading:
    """An attribute of one or several devices."""

    devices: tuple[str, ...]
    key: tuple[str, str]
    """The capability and the attribute, in small letters."""
    trigger: str
    """auto, always or never."""


@dataclass(frozen=True, slots=True)
class Mode:
    trigger: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of day, or some time from sunrise or sunset."""

    reference: str
    offset_s: float
    days: tuple[str, ...]

    @property
    def is_now(self) -> bool:
        return self.reference == "now"

    @property
    def sun(self) -> str:
        return self.reference if self.reference in ("sunrise", "sunset") else ""

    @property
    def time_s(self) -> int:
        """Since midnight; of what is no matter of the sun."""
        start = _NOON_S if self.reference == "noon" else 0
        return int(start + self.offset_s) % _DAY_S

    @property
    def time(self) -> str:
        return clock(self.time_s)

    def after(self) -> Said:
        if not self.sun:
            return Said(f"time >= '{self.time}'", said.COMPARISON)
        self._exactly()
        return (
            Said("not sun.up and time >= '12:00'", said.AND)
            if self.sun == "sunset"
            else Said("sun.up or time >= '12:00'", said.OR)
        )

    def before(self) -> Said:
        if not self.sun:
            return Said(f"time < '{self.time}'", said.COMPARISON)
        self._exactly()
        return (
            Said("sun.up or time < '12:00'", said.OR)
            if self.sun == "sunset"
            else Said("not sun.up and time < '12:00'", said.AND)
        )

    def _exactly(self) -> None:
        if self.offset_s:
            raise CannotTranslate("condition some time from sunrise or sunset", "say it by sun.elevation")


Operand = Constant | Reading | Mode | Moment


def clock(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}" + (f":{second:02}" if second else "")


def operand(value: Any, names: Names) -> Operand:
    """Raises CannotTranslate."""
    found = table(value, "an operand")
    for kind, given in found.items():
        match kind:
            case "string" | "boolean" | "integer" | "decimal" if isinstance(given, str | int | float):
                return Constant(given)
            case "device":
                return _reading(table(given, "a device"), names)
            case "location":
                return _location(table(given, "a location"))
            case "time" | "datetime":
                return moment(given)
            case _:
                raise CannotTranslate(f"operand {kind}")
    raise CannotTranslate("operand that is empty")


def _reading(given: Mapping[str, Any], names: Names) -> Reading:
    capability, attribute = word(given.get("capability")), word(given.get("attribute"))
    if given.get("path"):
        raise CannotTranslate("operand device with a path", given["path"])
    devices = items(given.get("devices"), "devices")
    if not devices:
        raise CannotTranslate("operand device without devices")
    kind = _NAMED_FOR.get(capability, "device")
    found = tuple(names.device(one, given.get("component"), kind) for one in devices)
    return Reading(found, (capability, attribute), word(given.get("trigger", "auto")))


_NAMED_FOR: Final = {
    "contactsensor": "contact",
    "motionsensor": "motion",
    "presencesensor": "presence",
    "temperaturemeasurement": "thermometer",
    "illuminancemeasurement": "lightmeter",
    "button": "button",
    "lock": "lock",
    "switch": "switch",
    "switchlevel": "lamp",
    "light": "lamp",
    "watersensor": "leak",
}
"""What a device is proposed to be called after."""


def proposed(capability: str) -> str:
    return _NAMED_FOR.get(capability, "device")


def _location(given: Mapping[str, Any]) -> Mode:
    if word(given.get("attribute")) != "mode":
        raise CannotTranslate(f"location {word(given.get('attribute'))[:30]}")
    return Mode(word(given.get("trigger", "auto")))


def moment(value: Any) -> Moment:
    given = table(value, "a time")
    reference = word(given.get("reference", "midnight"))
    if reference not in ("now", "midnight", "noon", "sunrise", "sunset"):
        raise CannotTranslate("time reference", reference)
    if any(given.get(key) is not None for key in ("year", "month", "day")):
        raise CannotTranslate("time on a date")
    offset = interval(given["offset"]) if given.get("offset") is not None else 0.0
    if abs(offset) > (_OFFSET_MAX_S if reference in ("sunrise", "sunset") else _DAY_S):
        raise CannotTranslate("offset of a time too long", offset)
    return Moment(reference, offset, days(given.get("daysOfWeek")))


def days(value: Any) -> tuple[str, ...]:
    named = [word(day)[:3] for day in items(value, "days of the week")]
    if any(day not in _DAYS for day in named):
        raise CannotTranslate("day of the week", value)
    return tuple(day for day in _DAYS if day in named)


def interval(value: Any) -> float:
    """Seconds. Raises CannotTranslate."""
    given = table(value, "an interval")
    unit = word(given.get("unit"))
    amount = table(given.get("value"), "an interval's value")
    number = amount.get("integer", amount.get("decimal"))
    if unit not in _UNITS or isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) <= 1e7:
        raise CannotTranslate("interval", f"{number} {unit}")
    return number * _UNITS[unit]


def wait(value: Any) -> str:
    seconds = interval(value)
    if not 0 < seconds <= 366 * _DAY_S:
        raise CannotTranslate("duration out of bounds", seconds)
    return duration_text(seconds)


def on_days(one: Moment) -> Table:
    return {"days": list(one.days)} if one.days else {}
