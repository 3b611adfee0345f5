"""`hubagent import`: what is written, what is said, and with which code it ends."""

import json
from pathlib import Path
from typing import Any

import pytest

from hubagent.cli.main import run_command
from hubagent.rules.reading.rule_set import read_rule_set

AUTOMATIONS = """
- alias: Light
  triggers: [{trigger: state, entity_id: binary_sensor.hall_motion, to: 'on'}]
  actions: [{action: light.turn_on, target: {entity_id: light.hall}}]
- alias: Music
  triggers: [{trigger: time, at: '07:00'}]
  actions: [{action: light.turn_on, target: {entity_id: light.hall}}, {action: media_player.media_play}]
- alias: Mail
  triggers: [{trigger: mqtt, topic: mail}]
  actions: [{action: media_player.media_play}]
"""


@pytest.fixture
def automations(tmp_path: Path) -> Path:
    path = tmp_path / "automations.yaml"
    path.write_text(AUTOMATIONS, encoding="utf-8")
    return path


def test_the_rules_are_written_and_the_share_is_told(automations: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = automations.with_name("imported.toml")
    assert run_command(["import", "home-assistant", str(automations), "-o", str(output)]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "3 rules; translated: 1 fully (33 %), 1 partly (33 %), 1 not (33 %)",
        "    2  service media_player",
        "    1  trigger mqtt",
    ]
    rules = {rule.name: rule for rule in read_rule_set([output]).rules}
    assert [rules[name].enabled for name in ("Light", "Music", "Mail")] == [True, False, False]


def test_without_a_file_to_write_the_rules_go_to_stdout(automations: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["import", "home-assistant", str(automations), "--map", "light.hall=hall.lamp"]) == 0
    said = capsys.readouterr()
    assert 'do = [{ set = "hall.lamp", on = true }]' in said.out
    assert "3 rules" in said.err


def test_a_program_is_told_in_json(automations: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["import", "home-assistant", str(automations), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "v": 1,
        "rules": 3,
        "translated": {"fully": 1, "partly": 1, "not": 1},
        "reasons": {"service media_player": 2, "trigger mqtt": 1},
    }


def test_names_come_from_a_file_and_a_single_one_goes_over_it(
    automations: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = automations.with_name("names")
    mapping.write_text("light.hall = from the file\nbinary_sensor.hall_motion = hall.sensor\n", encoding="utf-8")
    arguments = ["--map-file", str(mapping), "--map", "light.hall=said"]
    assert run_command(["import", "home-assistant", str(automations), *arguments]) == 0
    written = capsys.readouterr().out
    assert 'when = { state = "hall.sensor", becomes = "occupied" }' in written
    assert 'do = [{ set = "said", on = true }]' in written


def test_rules_of_smartthings_are_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = {"devices": ["lamp"], "commands": [{"component": "main", "capability": "switch", "command": "on"}]}
    every = {"interval": {"value": {"integer": 1}, "unit": "Hour"}, "actions": [{"command": command}]}
    path = tmp_path / "rules.json"
    path.write_text(json.dumps({"name": "Hourly", "actions": [{"every": every}]}), encoding="utf-8")
    assert run_command(["import", "smartthings", str(path)]) == 0
    said = capsys.readouterr()
    assert 'when = { cron = "0 * * * *" }' in said.out
    assert said.err.startswith("1 rules; translated: 1 fully (100 %)")


@pytest.mark.parametrize(
    ("content", "arguments", "complaint"),
    [
        (b"", [], "automations.yaml: is empty"),
        (b"- [", [], "is not YAML"),
        (b"\n\xff", [], "automations.yaml:2: is not UTF-8 text"),
        (b"x" * 2_000_001, [], "is larger than 2 MB; import it in parts"),
        (b"- alias: A", ["--map", "nothing"], "--map:1: is no mapping"),
        (b"- alias: A", ["--map-file", "nowhere"], "nowhere: cannot be read"),
    ],
)
def test_what_is_wrong_is_said_with_the_place(
    automations: Path, content: bytes, arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    automations.write_bytes(content)
    assert run_command(["import", "home-assistant", str(automations), *arguments]) == 2
    assert complaint in capsys.readouterr().err


def test_a_file_that_is_there_is_not_written_over(automations: Path, capsys: pytest.CaptureFixture[Any]) -> None:
    output = automations.with_name("rules.toml")
    output.write_text("# mine\n", encoding="utf-8")
    arguments = ["import", "home-assistant", str(automations), "-o", str(output)]
    assert run_command(arguments) == 2
    assert "is there already; say --force" in capsys.readouterr().err
    assert output.read_text(encoding="utf-8") == "# mine\n"
    assert run_command([*arguments, "--force"]) == 0
    assert "[[rule]]" in output.read_text(encoding="utf-8")
