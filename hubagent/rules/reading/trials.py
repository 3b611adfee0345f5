"""A [[test]]: its fields, its steps, and the reader."""

import re
from itertools import pairwise
from typing import Any, Final, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hubagent.model.capabilities.switch import Press
from hubagent.model.capability import Value
from hubagent.rules.reading.expression_form import EXPRESSION
from hubagent.rules.reading.form import (
    DATE,
    Form,
    choice,
    duration,
    duration_of,
    name,
    number,
    plain_value,
    text,
    time_of_day,
    whole,
)
from hubagent.rules.reading.table import DESCRIPTION, Field, Fields, kind_of, nearest_kind, read_table
from hubagent.rules.reading.wrong import Findings, Wrong, shown
from hubagent.rules.trial import (
    ActivateScene,
    CallWebhook,
    Expect,
    Happening,
    Moment,
    Outage,
    PressButton,
    Reboot,
    Report,
    SetMode,
    Step,
    Trial,
)
from hubagent.rules.triggers.fields import DEVICE, SUBJECT, WORD
from hubagent.rules.triggers.text import value_of
from hubagent.toml_lines import Spot

STEPS_MAX: Final = 1000
GIVEN_MAX: Final = 1000
GIVEN_DEPTH_MAX: Final = 8
OUTAGE_MAX_S: Final = 366 * 24 * 3600.0

_EVENT: Final = re.compile(r"\s*(?P<subject>\S[^=]*?)\s*=\s*(?P<value>\S.*?)\s*")
_DAY_AND_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d.*)")


def _moment(value: Any) -> Moment:
    """`22:00:00.5`, `2026-03-29 02:30`, or `+3m` after the step before."""
    written = value.strip() if isinstance(value, str) else ""
    if written.startswith("+"):
        return Moment(after_s=duration_of(written))
    if match := _DAY_AND_TIME.fullmatch(written):
        return Moment(time_of_day(match[2]), DATE.read(match[1]))
    return Moment(time_of_day(value))


def _report(value: Any) -> Report:
    match = _EVENT.fullmatch(value) if isinstance(value, str) and len(value) <= 300 else None
    if match is None:
        raise Wrong(f'is what a device says, as "hall.motion = occupied"; not {shown(value)}')
    return Report(match["subject"], None if match["value"] == "unknown" else value_of(match["value"]))


MOMENT: Final = Form(
    _moment, {"type": "string", "minLength": 2}, 'a time, as "22:00:00.5" or "2026-03-29 02:30", or "+3m"'
)
EVENT: Final = Form(
    _report, {"type": "string", "pattern": "=", "maxLength": 300}, 'what a device says, as "hall.motion = occupied"'
)

_AT: Final = {"at": Field(MOMENT, "when", required=True)}

STEPS: Final[dict[str, Fields]] = {
    "event": Fields({**_AT, "event": Field(EVENT, "a device says so", into="what", required=True)}),
    "expect": Fields({**_AT, "expect": Field(EXPRESSION, "what must be so then", into="what", required=True)}),
    "press": Fields(
        {
            **_AT,
            "press": Field(DEVICE, "the device", into="what", required=True),
            "number": Field(whole(1, 255), "which of its buttons", default="1"),
            "kind": Field(choice(Press), "how", default='"single"'),
        }
    ),
    "reboot": Fields(
        {
            **_AT,
            "reboot": Field(duration(0.001, OUTAGE_MAX_S), "the hub is off for so long", into="what", required=True),
        }
    ),
    "outage": Fields(
        {
            **_AT,
            "outage": Field(DEVICE, "a device that cannot be reached", into="what", required=True),
            "for": Field(duration(0.001, OUTAGE_MAX_S), "for so long", into="seconds", required=True),
        }
    ),
    "webhook": Fields({**_AT, "webhook": Field(WORD, "somebody calls it", into="what", required=True)}),
    "mode": Fields({**_AT, "mode": Field(name("a mode"), "somebody sets it", into="what", required=True)}),
    "scene": Fields({**_AT, "scene": Field(name("a scene"), "somebody activates it", into="what", required=True)}),
}
"""By the key that tells what happens."""


def _happening(kind: str, what: Any, further: dict[str, Any]) -> Happening:
    match kind:
        case "event":
            assert isinstance(what, Report)
            return what
        case "expect":
            return Expect(what)
        case "press":
            return PressButton(what, **further)
        case "reboot":
            return Reboot(what)
        case "outage":
            return Outage(what, **further)
        case "webhook":
            return CallWebhook(what)
        case "mode":
            return SetMode(what)
        case _:
            return ActivateScene(what)


def _given(value: Any) -> tuple[tuple[str, Value], ...]:
    if not isinstance(value, dict):
        raise Wrong(f'is a table, as {{ "hall.lux" = 12 }}; not {shown(value)}')
    given: list[tuple[str, Value]] = []
    _flatten(value, (), given)
    if len(given) > GIVEN_MAX:
        raise Wrong(f"has at most {GIVEN_MAX} values, not {len(given)}")
    return tuple(given)


def _flatten(table: dict[str, Any], below: tuple[str, ...], given: list[tuple[str, Value]]) -> None:
    """Without quotes, `hall.lux = 12` is a table in a table for TOML; people mean the name."""
    for key, value in table.items():
        path = (*below, key)
        if isinstance(value, dict) and len(path) < GIVEN_DEPTH_MAX:
            _flatten(value, path, given)
            continue
        try:
            given.append((SUBJECT.read(".".join(path)), None if value == "unknown" else plain_value(value)))
        except Wrong as wrong:
            raise wrong.at(*path) from wrong


def _timezone(value: Any) -> str:
    try:
        return ZoneInfo(_ZONE_NAME.read(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        if isinstance(error, Wrong):
            raise
        raise Wrong(f'there is no time zone {shown(value)}; one is called as "Europe/Amsterdam"') from error


_ZONE_NAME: Final = text(64)


def _where(value: Any) -> tuple[float, float]:
    if not isinstance(value, dict) or set(value) != {"latitude", "longitude"}:
        raise Wrong("is { latitude = DEGREES NORTH, longitude = DEGREES EAST }")
    read: list[float] = []
    for key, most in (("latitude", 90), ("longitude", 180)):
        try:
            read.append(number(-most, most).read(value[key]))
        except Wrong as wrong:
            raise wrong.at(key) from wrong
    return read[0], read[1]


_WHERE_SCHEMA: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["latitude", "longitude"],
    "properties": {"latitude": number(-90, 90).schema, "longitude": number(-180, 180).schema},
}


def _nested(_value: Any) -> NoReturn:
    raise AssertionError("read below")


TRIAL_FIELDS: Final = Fields(
    {
        "name": Field(name(), "what it shows; unique", required=True),
        "description": DESCRIPTION,
        "given": Field(
            Form(_given, {"type": "object"}, 'a table, as { "hall.lux" = 12 }'), "what is so at the start", default="{}"
        ),
        "steps": Field(
            Form(_nested, {"$ref": "#/$defs/steps"}, "a list of steps", nested=True),
            "what happens, in order of time",
            required=True,
        ),
        "date": Field(DATE, "the first day", into="day", default="any"),
        "timezone": Field(
            Form(_timezone, _ZONE_NAME.schema, 'a time zone, as "Europe/Amsterdam"'),
            "where the home is",
            default="the home's",
        ),
        "place": Field(
            Form(_where, _WHERE_SCHEMA, "{ latitude, longitude }"), "for the sun", into="where", default="the home's"
        ),
    }
)


def read_trial(table: Any, spot: Spot, findings: Findings) -> Trial | None:
    values = read_table(table, TRIAL_FIELDS, spot, findings, skip=TRIAL_FIELDS.nested)
    steps = (
        _steps(table["steps"], spot.below("steps"), findings) if isinstance(table, dict) and "steps" in table else None
    )
    if values is None or steps is None:
        return None
    latitude, longitude = values.pop("where", (None, None))
    values.setdefault("given", ())
    return Trial(steps=steps, latitude=latitude, longitude=longitude, place=spot, **values)


def _steps(value: Any, spot: Spot, findings: Findings) -> tuple[Step, ...] | None:
    if not isinstance(value, list) or not 0 < len(value) <= STEPS_MAX:
        what = (
            f'is a list of at most {STEPS_MAX}, as [{{ at = "22:00", expect = "hall.light.on" }}]; not {shown(value)}'
        )
        findings.say(spot, what)
        return None
    read = [_step(item, spot.below(number), findings) for number, item in enumerate(value)]
    steps = tuple(step for step in read if step is not None)
    if len(steps) < len(read):
        return None
    for before, step in pairwise(steps):
        if _is_earlier(step.at, before.at):
            what = 'is earlier than the step before; say the day too, as "2026-03-30 07:00"'
            findings.say(step.place.below("at"), what)
            return None
    return steps


def _is_earlier(at: Moment, before: Moment) -> bool:
    """As far as it can be told: after `+3m`, a time of day may be of the next day."""
    if at.time_s is None or before.time_s is None:
        return False
    if at.day is not None:
        return before.day is not None and (at.day, at.time_s) < (before.day, before.time_s)
    return at.time_s < before.time_s


def _step(table: Any, spot: Spot, findings: Findings) -> Step | None:
    if not isinstance(table, dict):
        findings.say(spot, f"is a table, not {shown(table)}")
        return None
    kind = kind_of(table, STEPS)
    if kind is None:
        findings.say(spot, f"is no step that there is{nearest_kind(table, STEPS)}")
        return None
    values = read_table(table, STEPS[kind], spot, findings)
    if values is None:
        return None
    at, what = values.pop("at"), values.pop("what")
    return Step(at, _happening(kind, what, values), place=spot)
