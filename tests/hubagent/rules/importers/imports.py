"""Imports in short: a text of the other hub, the rule file that comes of it, and a house that runs it."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hubagent.rules.importers.file_text import checked, file_text
from hubagent.rules.importers.home_assistant.file import Text, import_home_assistant
from hubagent.rules.importers.imported import Import, Share
from hubagent.rules.importers.smartthings.file import import_smartthings
from hubagent.rules.reading.rule_set import rule_set_of
from hubagent.toml_lines import parse_document
from tests.hubagent.rules.a_house import House

HOUSE = {
    "light.hall": "hall.light",
    "light.porch": "porch.light",
    "light.living": "living lamp",
    "binary_sensor.hall_motion": "hall.motion",
    "binary_sensor.garage_door": "garage.door",
    "sensor.hall_illuminance": "hall.lux",
    "sensor.freezer_temperature": "garage.freezer",
    "lock.front": "front.lock",
    "climate.radiator": "radiator",
    "cover.garage": "garage.opener",
    "input_select.house": "home.mode",
    "remote": "sofa.remote",
}
"""What the house of the tests has."""


def imported(
    automations: str, mapped: Mapping[str, str] = HOUSE, scenes: str | None = None, *, fahrenheit: bool = False
) -> Import:
    texts = Text("automations.yaml", automations), None if scenes is None else Text("scenes.yaml", scenes)
    return checked(import_home_assistant(*texts, mapped, fahrenheit=fahrenheit))


def smart(rules: Any, mapped: Mapping[str, str] | None = None, *, fahrenheit: bool = False) -> Import:
    return checked(import_smartthings("rules.json", json.dumps(rules), mapped or {}, fahrenheit=fahrenheit))


def text_of(found: Import) -> str:
    """The file, which the project's own reader has accepted."""
    text = file_text(found, ["Imported."])
    rule_set_of([parse_document(Path("imported.toml"), text)])
    return text


def only_rule(found: Import) -> dict[str, Any]:
    """The one rule as the file has it; translated fully."""
    (rule,) = found.rules
    assert rule.share is Share.FULLY, rule.reasons
    table: dict[str, Any] = tomllib.loads(text_of(found))["rule"][0]
    return table


def reasons(found: Import) -> list[str]:
    return [reason.kind for rule in found.rules for reason in rule.reasons]


def house_of(found: Import) -> House:
    for rule in found.rules:
        assert rule.share is Share.FULLY, rule.reasons
    return House(text_of(found))
