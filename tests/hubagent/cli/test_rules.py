"""`hubagent rules` beside a running hub: what it says of rules that do nothing, and of which files it speaks."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hubagent.cli.main import run_command
from hubagent.cli.rules_near import near_rules
from tests.helpers.an_agent import HALL_LIGHT
from tests.helpers.hub_process import a_running_hub, environment_with, write_hub

pytestmark = pytest.mark.real_time

WAITS = """
[[rule]]
name = "light in the study"
when = "hall.motion becomes occupied"
do = [{ set = "study.lamp", on = true }]
"""
WRONG = """
[[rule]]
name = "bright"
when = "hall.motion becomes occupied"
if = "hall.light.level > 'dark'"
do = [{ set = "hall.light", on = true }]
"""

Said = tuple[int, str, list[str]]
Say = Callable[..., Said]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("hub")
    config = write_hub(folder)
    with a_running_hub(config, environment_with(folder)):
        yield config


@pytest.fixture
def say(hub: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    def run(*arguments: str, config: Path = hub) -> Said:
        code = run_command(["--config", str(config), "rules", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err.splitlines()

    return run


@pytest.fixture
def write(hub: Path, say: Say) -> Iterator[Callable[[str], None]]:
    """Writes the hub's rule file; as it was afterwards."""
    file = hub.parent / "rules.toml"
    yield lambda text: _written(file, text)
    file.write_text(HALL_LIGHT, encoding="utf-8")
    say("reload")


def _written(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def bare(hub: Path) -> Iterator[Path]:
    """A hub.toml with the agent's address, and no rule files."""
    path = hub.parent / "bare.toml"
    path.write_text(f"[api]{hub.read_text(encoding='utf-8').partition('[api]')[2]}", encoding="utf-8")
    yield path
    path.unlink()


def place(hub: Path) -> str:
    return hub.read_text(encoding="utf-8").rpartition('listen = "')[2].partition('"')[0]


def test_reload_says_how_many_rules_there_are(say: Say) -> None:
    assert say("reload") == (0, "", ["1 rule"])


def test_reload_says_what_a_rule_waits_for_and_is_0(say: Say, hub: Path, write: Callable[[str], None]) -> None:
    write(HALL_LIGHT + WAITS)
    code, _, lines = say("reload")
    assert code == 0
    assert lines == [
        "2 rules (1 waits for its device)",
        f"waits: {hub.parent}/rules.toml:7: rule 'light in the study': there is no device 'study.lamp'",
    ]


def test_reload_says_what_cannot_run_with_its_place_and_is_2(say: Say, hub: Path, write: Callable[[str], None]) -> None:
    write(HALL_LIGHT + WAITS + WRONG)
    code, _, lines = say("reload")
    assert code == 2
    assert lines[0] == "3 rules (1 waits for its device, 1 cannot run)"
    assert lines[2].startswith(f"error: {hub.parent}/rules.toml:15:26: rule[3].if: this is a text")
    assert lines[-1] == "rule 'bright' does not run before that is corrected"
    states = say("list")[1]
    assert "waits: there is no device 'study.lamp'" in states
    assert "cannot run: this is a text" in states


def test_reload_of_what_cannot_be_read_changes_nothing_and_says_so(say: Say, write: Callable[[str], None]) -> None:
    write("x = [1,\n")
    code, _, lines = say("reload")
    assert code == 2
    assert lines[0] == "nothing was changed: the agent goes on with the 1 rule of before"
    assert "is not TOML" in lines[1]


def test_check_without_any_file_is_2_and_names_what_the_agent_runs(say: Say, hub: Path, bare: Path) -> None:
    code, out, [line] = say("check", config=bare)
    assert (code, out) == (2, "")
    assert line == (
        f"error: {bare} names no rule files; the agent at {place(hub)} runs 1 rule, from {hub.parent}/rules.toml; "
        "name what to check: `hubagent rules check FILE...`"
    )


def test_check_in_an_empty_folder_is_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HUBAGENT_CONFIG", raising=False)
    monkeypatch.setenv("HUBAGENT_API__LISTEN", "off")
    assert run_command(["rules", "check"]) == 2
    assert capsys.readouterr().err == (
        "error: there is no hub.toml here; name what to check: `hubagent rules check FILE...`\n"
    )


def test_check_says_whose_devices_it_checked_against(say: Say, hub: Path, bare: Path) -> None:
    assert say("check") == (
        0,
        "",
        [f"1 rule, 0 errors, 0 warnings; the devices are those of the agent at {place(hub)}"],
    )
    file = str(hub.parent / "rules.toml")
    checked = json.loads(say("check", "--json", file, config=bare)[1])
    assert (checked["devices_checked"], checked["devices_of"]) == (True, place(hub))


def test_check_without_an_agent_says_that_it_asked_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = write_hub(tmp_path)
    assert run_command(["--config", str(config), "rules", "check", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["devices_of"] is None
    assert said.err == "1 rule, 0 errors, 0 warnings; no agent runs, so the devices were not checked\n"


def test_try_without_any_file_is_2_and_names_what_the_agent_runs(say: Say, hub: Path, bare: Path) -> None:
    code, out, [line] = say("try", "hall.motion = occupied", config=bare)
    assert (code, out) == (2, "")
    assert line.startswith(f"error: {bare} names no rule files; the agent at {place(hub)} runs 1 rule, from ")
    assert "hubagent --config FILE rules try" in line


def test_try_says_how_many_of_the_rules_do_nothing(say: Say, write: Callable[[str], None]) -> None:
    write(HALL_LIGHT + WAITS + WRONG)
    _, _, lines = say("try", "hall.motion = occupied")
    assert lines == ["of the rules, 1 waits for its device, 1 cannot run; see `hubagent rules check`"]


@pytest.mark.parametrize("command", ["trace", "run"])
def test_a_rule_is_found_by_words_of_its_name(say: Say, write: Callable[[str], None], command: str) -> None:
    write(HALL_LIGHT.replace("hall light", "light for whoever comes through the hall"))
    say("reload")
    code, out, [line] = say(command, "hall light")
    assert (code, out) == (2, "")
    assert line == (
        "error: there is no rule 'hall light'; did you mean 'light for whoever comes through the hall'?; "
        "`hubagent rules list` lists them"
    )


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("hall light", ["light for the hall"]),
        ("light", ["light for the hall", "light in the study"]),
        ("garage of the neighbour", []),
        ("", []),
    ],
)
def test_near_are_those_with_the_most_words(asked: str, near: list[str]) -> None:
    assert near_rules(asked, ["light for the hall", "light in the study", "peace"]) == near
