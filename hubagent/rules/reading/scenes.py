"""A [[scene]] and a [[never]]: their fields, and the readers."""

from typing import Any, Final

from hubagent.rules.actions.set import DEVICES_MAX, HOW, SetAction, read_setting, settings_of
from hubagent.rules.never import CausedBy, Never
from hubagent.rules.reading.expression_form import EXPRESSION
from hubagent.rules.reading.form import Form, choice, name, some
from hubagent.rules.reading.table import DESCRIPTION, Field, Fields, read_table
from hubagent.rules.reading.wrong import Findings, Wrong, shown
from hubagent.rules.scene import Scene
from hubagent.rules.triggers.fields import DEVICE
from hubagent.toml_lines import Spot

SETTINGS_MAX: Final = 100

SETTING_FIELDS: Final = (
    Fields({"device": Field(some(DEVICE, DEVICES_MAX), "the device or devices", into="devices", required=True)}) | HOW
)
_SETTING_NAMES: Final = tuple(field.into or key for key, field in SETTING_FIELDS.by_name.items())


def _nested(_value: Any) -> Any:
    raise AssertionError("read below")


SCENE_FIELDS: Final = Fields(
    {
        "name": Field(name(), "what people and rules call it; unique", required=True),
        "description": DESCRIPTION,
        "set": Field(
            Form(
                _nested, {"$ref": "#/$defs/settings"}, 'a list, as [{ device = "hall.light", on = true }]', nested=True
            ),
            "the devices, and what they have together",
            required=True,
        ),
    }
)

NEVER_FIELDS: Final = Fields(
    {
        "name": Field(name(), "what people call it; unique", required=True),
        "description": DESCRIPTION,
        "that": Field(EXPRESSION, "what must never be so", required=True),
        "caused_by": Field(choice(CausedBy), "whose wishes are refused for it", default='"rules"'),
    }
)


def read_scene(table: Any, spot: Spot, findings: Findings) -> Scene | None:
    values = read_table(table, SCENE_FIELDS, spot, findings, skip=SCENE_FIELDS.nested)
    settings = (
        _settings(table["set"], spot.below("set"), findings) if isinstance(table, dict) and "set" in table else None
    )
    return None if values is None or settings is None else Scene(settings=settings, place=spot, **values)


def _settings(value: Any, spot: Spot, findings: Findings) -> tuple[SetAction, ...] | None:
    if not isinstance(value, list) or not 0 < len(value) <= SETTINGS_MAX:
        what = f'is a list of at most {SETTINGS_MAX}, as [{{ device = "hall.light", on = true }}]; not {shown(value)}'
        findings.say(spot, what)
        return None
    settings = [_setting(item, spot.below(number), findings) for number, item in enumerate(value)]
    devices = [device for setting in settings if setting is not None for device in setting.devices]
    if len(set(devices)) < len(devices):
        twice = next(device for device in devices if devices.count(device) > 1)
        findings.say(spot, f"{shown(twice)} stands there twice")
        return None
    whole = tuple(setting for setting in settings if setting is not None)
    return whole if len(whole) == len(settings) else None


def _setting(table: Any, spot: Spot, findings: Findings) -> SetAction | None:
    values = read_table(table, SETTING_FIELDS, spot, findings, read_setting)
    if values is None:
        return None
    try:
        return SetAction(place=spot, **settings_of(values, _SETTING_NAMES))
    except Wrong as wrong:
        findings.wrong(spot, wrong)
        return None


def read_never(table: Any, spot: Spot, findings: Findings) -> Never | None:
    values = read_table(table, NEVER_FIELDS, spot, findings)
    return None if values is None else Never(place=spot, **values)
