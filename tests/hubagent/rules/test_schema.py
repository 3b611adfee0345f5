"""The JSON Schemas for editors: they accept every example, and refuse what the readers refuse at a glance."""

import datetime
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from drivers.zigbee.kind import KIND as ZIGBEE
from drivers.zwave.kind import KIND as ZWAVE
from hubagent.config_schema import hub_schema
from hubagent.rules.schema import rule_schema
from tests.helpers.json_schema import complaints
from tests.helpers.rule_files import LAMP_ON, rule_text
from tests.helpers.rules_md import examples

ROOT = Path(__file__).parents[3]
HOMES = ROOT / "simulators" / "homes"
EXAMPLES = [(path.name, path.read_text(encoding="utf-8")) for path in sorted(HOMES.glob("*.rules.toml"))] + [
    (f"RULES.md:{line}", text) for line, text in examples()
]


def as_json(text: str) -> Any:
    """As an editor's validator sees it: days and times of day are texts."""
    return json.loads(json.dumps(tomllib.loads(text), default=_text))


def _text(value: Any) -> str:
    assert isinstance(value, datetime.date | datetime.time)
    return value.isoformat()


@pytest.mark.parametrize(("where", "text"), EXAMPLES, ids=[where for where, _ in EXAMPLES])
def test_every_example_is_valid(where: str, text: str) -> None:
    assert complaints(as_json(text), rule_schema()) == []


@pytest.mark.parametrize(
    "text",
    [
        "[[rules]]",
        '[[rule]]\nname = "a"',
        rule_text('mode = "singel"'),
        rule_text("max = 0"),
        rule_text('lease = "30"'),
        rule_text('do = [{ set = "lamp", levle = 40 }]'),
        rule_text('do = [{ set = "lamp", level = 400 }]'),
        rule_text('do = [{ wait = "3m", fro = "3m" }]'),
        rule_text('do = [{ if = "sun.up", do = [{ sett = "lamp" }] }]'),
        rule_text(when='{ tiem = "07:30" }'),
        rule_text(when='{ time = "25:00" }'),
        rule_text(when='{ button = "remote", press = "dubble" }'),
        '[home]\nmodes = ["a", "a"]',
        '[[test]]\nname = "t"\nsteps = [{ at = "22:00", evnt = "x" }]',
        '[[scene]]\nname = "s"\nset = [{ device = "lamp", temperature = 3 }]',
    ],
)
def test_what_is_wrong_at_a_glance_is_refused(text: str) -> None:
    assert complaints(as_json(text), rule_schema())


def test_a_rule_that_says_little_is_valid() -> None:
    assert complaints(as_json(rule_text(LAMP_ON)), rule_schema()) == []


def test_hub_toml_is_valid_against_its_own() -> None:
    schema = hub_schema({"zwave": ZWAVE, "zigbee": ZIGBEE})
    assert complaints(as_json((ROOT / "hub.toml").read_text(encoding="utf-8")), schema) == []
    assert complaints({"api": {"listen": "127.0.0.1:5683"}, "drivers": {"zwave": {"port": "sim://demo"}}}, schema) == []


@pytest.mark.parametrize(
    "table",
    [
        {"apii": {}},
        {"api": {"listen": 3}},
        {"drivers": {"zwaev": {"port": "x"}}},
        {"drivers": {"zwave": {"prot": "x"}}},
        {"hub": {"latitude": 91.0}},
    ],
)
def test_what_is_wrong_in_hub_toml_is_refused(table: Any) -> None:
    assert complaints(table, hub_schema({"zwave": ZWAVE, "zigbee": ZIGBEE}))


@pytest.mark.parametrize(
    "schema", [rule_schema(), hub_schema({"zwave": ZWAVE, "zigbee": ZIGBEE})], ids=["rules", "hub"]
)
def test_the_schemas_are_schemas(schema: Any) -> None:
    jsonschema = pytest.importorskip("jsonschema")  # the judge that is not ours, where it is installed
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(("where", "text"), EXAMPLES, ids=[where for where, _ in EXAMPLES])
def test_another_validator_agrees(where: str, text: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator(rule_schema()).validate(as_json(text))
