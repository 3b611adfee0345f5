"""`hubagent rules test`, as it is typed."""

import json
from pathlib import Path

import pytest

from hubagent.cli.main import run_command

RULES = """
[[rule]]
name = "light"
when = "hall.motion becomes occupied"
do = [{ set = "hall.light", on = true }]

[[test]]
name = "there is light"
steps = [
  { at = "22:00:00", event = "hall.motion = occupied" },
  { at = "22:00:02", expect = "hall.light is on" },
]

[[test]]
name = "there is none"
steps = [{ at = "22:00:00", expect = "hall.light is on" }]
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "rules.toml"
    path.write_text(RULES, encoding="utf-8")
    return path


def test_a_failed_test_ends_with_the_gates_code_and_its_line(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["rules", "test", str(file)]) == 6
    said = capsys.readouterr()
    assert said.out.splitlines()[:2] == ["ok  there is light", "failed  there is none"]
    assert f"{file}:16: at " in said.out
    assert "hall.light = off" in said.out
    assert said.err == "2 tests, 1 failed; on invented devices\n"


def test_tests_are_chosen_by_their_names(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["rules", "test", str(file), "-k", "is light"]) == 0
    assert capsys.readouterr().out == "ok  there is light\n"
    assert run_command(["rules", "test", str(file), "-k", "nonsense"]) == 2


@pytest.mark.parametrize(
    ("day", "at"), [("9999-12-31", "23:00"), ("0001-01-01", "00:00"), ("2026-01-14", "9999-12-31 23:00")]
)
def test_a_day_that_no_clock_shows_is_refused(
    file: Path, day: str, at: str, capsys: pytest.CaptureFixture[str]
) -> None:
    step = f'{{ at = "{at}", expect = "hall.light is on" }}'
    file.write_text(f'{RULES}\n[[test]]\nname = "late"\ndate = "{day}"\nsteps = [{step}]\n', encoding="utf-8")
    assert run_command(["rules", "test", str(file), "-k", "late"]) == 2
    wrong = at[:10] if day.startswith("2026") else day
    assert f"'late' cannot be played: {wrong} is no day here: years are 1970 to 2999" in capsys.readouterr().err


def test_programs_get_one_object(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["rules", "test", str(file), "--json"]) == 6
    view = json.loads(capsys.readouterr().out)
    assert (view["v"], view["home"], view["ok"]) == (1, None, False)
    assert [one["ok"] for one in view["tests"]] == [True, False]
    assert view["tests"][1]["failure"]["values"] == {"hall.light": "off"}


def test_the_demos_own_tests_hold(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert file.exists()
    assert run_command(["rules", "test", "--home", "demo"]) == 0, capsys.readouterr()
    assert capsys.readouterr().out.count("ok  ") == 3


def test_a_hub_with_simulated_sticks_is_tested_on_their_home(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub = file.with_name("hub.toml")
    hub.write_text('[drivers.zwave]\nport = "sim://demo"\n[rules]\nfiles = ["rules.toml"]\n', encoding="utf-8")
    assert run_command(["rules", "test", "-k", "is light"]) == 0
    assert capsys.readouterr().err == "1 test, 0 failed; on demo\n"


def test_a_home_that_is_not_there_is_said_to_be(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--home", "nowhere", str(file)], ["--home", "nowhere"]):
        assert run_command(["rules", "test", *arguments]) == 2
        assert "there is no home 'nowhere'" in capsys.readouterr().err


def test_without_rule_files_there_is_nothing_to_test(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.unlink()
    assert run_command(["rules", "test"]) == 2
    assert "there are no rule files" in capsys.readouterr().err
