"""`hubagent rules try` against a running hub."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hubagent.cli.main import run_command
from tests.helpers.hub_process import a_running_hub, environment_with, write_hub

RULES = """
[[rule]]
name = "hall light"
when = "hall.light becomes on"
if = "home.mode == 'night'"
do = [{ set = "hall.light", level = 10 }]
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("hub")
    config = write_hub(folder, rules=RULES)
    with a_running_hub(config, environment_with(folder)):
        yield config


def test_what_a_change_would_do_is_said_and_not_done(hub: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["--config", str(hub), "set", "hall.light", "on=false"]) == 0
    capsys.readouterr()
    assert run_command(["--config", str(hub), "rules", "try", "hall.light = on"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "hall.light = on",
        "  rule 'hall light': would not run: home.mode == 'night' does not hold (home.mode = home)",
    ]
    arguments = ["rules", "try", "--json", "home.mode = night", "hall.light = on"]
    assert run_command(["--config", str(hub), *arguments]) == 0
    night, light = json.loads(capsys.readouterr().out)["changes"]
    assert night == {"change": "home.mode = night", "happenings": []}
    [command] = light["happenings"]
    assert (command["kind"], command["about"], command["detail"]) == ("command", "hall.light", {"level": 10})
    run_command(["--config", str(hub), "get", "hall.light", "on"])
    run_command(["--config", str(hub), "rules", "mode"])
    assert capsys.readouterr().out == "false\nhome\n"


def test_a_change_that_makes_no_sense_is_2(hub: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["--config", str(hub), "rules", "try", "hall.lihgt = on"]) == 2
    assert "did you mean 'hall.light'?" in capsys.readouterr().err


def test_without_an_agent_nothing_can_be_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = write_hub(tmp_path, rules=RULES)
    assert run_command(["--config", str(config), "rules", "try", "hall.light = on"]) == 3
    assert "no agent answers" in capsys.readouterr().err
