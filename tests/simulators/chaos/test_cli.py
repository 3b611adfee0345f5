"""`hubagent sim chaos` as people type it."""

import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hubagent.cli.exits import GATE, INTERRUPTED, OK, USAGE
from hubagent.cli.main import run_command
from simulators.chaos import asked
from simulators.chaos.run import run
from simulators.chaos.scenario import Scenario
from simulators.chaos.table import FAULTS
from simulators.chaos.verdict import Verdict
from tests.simulators.chaos.a_check import HubIsKilled

KILLS = ["host.kill@8-12:on=hub", "air.loss@2-9:on=zwave,rate=0.2"]
BRIEF = ["studio", "--seconds", "20"]


@pytest.fixture
def _a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("asked", "checks.table"):
        monkeypatch.setattr(f"simulators.chaos.{place}.CHECKS", (HubIsKilled,))


@pytest.fixture
def _nobody_complains(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("asked", "checks.table"):
        monkeypatch.setattr(f"simulators.chaos.{place}.CHECKS", ())


def chaos(*words: str) -> int:
    return run_command(["sim", "chaos", *words])


@pytest.mark.usefixtures("_nobody_complains")
def test_runs_in_which_nobody_complains_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert chaos(*BRIEF, "--runs", "3", "--seed", "7") == OK
    said = capsys.readouterr()
    assert [f"ok  seed {seed}" in said.err for seed in (7, 8, 9)] == [True] * 3
    assert "3 runs, 0 failed" in said.err
    assert said.out == ""


@pytest.mark.usefixtures("_a_bug")
def test_what_fails_is_told_and_its_last_line_fails_again(capsys: pytest.CaptureFixture[str]) -> None:
    words = [it for word in KILLS for it in ("--fault", word)]
    assert chaos(*BRIEF, "--seed", "3", "--shrink", *words) == GATE
    said = capsys.readouterr()
    assert "failed  seed 3  never_killed: there were 2 lives" in said.err
    line = said.out.splitlines()[-1]
    assert line.count("--fault") == 1
    assert "host.kill@" in line
    assert chaos(*shlex.split(line)[3:]) == GATE
    again = capsys.readouterr()
    assert again.out.splitlines()[-1] == line


@pytest.mark.usefixtures("_a_bug")
def test_what_was_given_is_not_made_smaller_unless_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert chaos(*BRIEF, "--seed", "3", "--fault", KILLS[0], "--fault", KILLS[1]) == GATE
    assert capsys.readouterr().out.splitlines()[-1].count("--fault") == 2


@pytest.mark.usefixtures("_a_bug")
def test_each_run_is_a_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert chaos(*BRIEF, "--seed", "3", "--json", "--shrink", "--fault", KILLS[0]) == GATE
    run, shrunk = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (run["v"], run["seed"], run["ok"]) == (1, 3, False)
    assert run["problems"] == [{"check": "never_killed", "text": "there were 2 lives"}]
    assert len(run["hash"]) == 32
    assert run["replay"].startswith("hubagent sim chaos studio --seed 3")
    assert len(shrunk["shrunk"]["scenario"]["faults"]) == 1


@pytest.mark.usefixtures("_a_bug")
def test_what_there_is_of_a_failure_is_kept(tmp_path: Path) -> None:
    assert chaos(*BRIEF, "--seed", "3", "--fault", KILLS[0], "--keep", str(tmp_path / "kept")) == GATE
    place = tmp_path / "kept" / "seed-3"
    assert sorted(it.name for it in place.iterdir()) == ["log.txt", "plan.txt", "trace.txt", "verdict.json"]
    assert "host.kill" in (place / "plan.txt").read_text()
    assert "host.kill@8-12:on=hub strikes" in (place / "log.txt").read_text()
    assert len((place / "trace.txt").read_text().splitlines()) > 100


@pytest.mark.usefixtures("_a_bug")
def test_it_stops_at_the_first_failure_where_that_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--runs", "4", "--fault", KILLS[0], "--seed", "1", "--no-shrink"]
    assert chaos(*BRIEF, *words, "--first") == GATE
    assert "1 runs, 1 failed" in capsys.readouterr().err
    assert chaos(*BRIEF, *words) == GATE
    assert "4 runs, 4 failed" in capsys.readouterr().err


@pytest.mark.usefixtures("_nobody_complains")
def test_who_ends_it_in_the_middle_is_told_how_far_it_came(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ended(scenario: Scenario, **options: Any) -> Verdict:
        if scenario.seed == 2:
            raise KeyboardInterrupt
        return run(scenario, **options)

    monkeypatch.setattr(asked, "run", ended)
    assert chaos(*BRIEF, "--runs", "9", "--faults", "none") == INTERRUPTED
    assert "2 runs, 0 failed" in capsys.readouterr().err


@pytest.mark.usefixtures("_nobody_complains")
def test_a_part_is_a_block_of_the_seeds(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("JOB_COMPLETION_INDEX", "3")
    assert chaos(*BRIEF, "--runs", "2", "--json", "--faults", "none") == OK
    assert [json.loads(line)["seed"] for line in capsys.readouterr().out.splitlines()] == [6, 7]
    assert chaos(*BRIEF, "--seed", "5", "--json", "--fault", KILLS[1]) == OK
    assert [json.loads(line)["seed"] for line in capsys.readouterr().out.splitlines()] == [5]


@pytest.mark.usefixtures("_nobody_complains")
def test_only_those_faults_are_drawn_that_are_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    assert chaos(*BRIEF, "--runs", "12", "--faults", "wire,27", "--without", "wire.stall,disk.rot", "--json") == OK
    faults = [it for line in capsys.readouterr().out.splitlines() for it in json.loads(line)["scenario"]["faults"]]
    names = {it.partition("@")[0] for it in faults}
    assert names
    assert names <= {name for name in FAULTS if name.startswith(("wire.", "disk."))} - {"wire.stall", "disk.rot"}


@pytest.mark.usefixtures("_nobody_complains")
def test_one_seed_is_run_twice_and_is_one_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert chaos(*BRIEF, "--seed", "5", "--check-determinism") == OK
    assert "1 runs, 0 failed" in capsys.readouterr().err


@pytest.mark.usefixtures("_nobody_complains")
def test_a_seed_that_is_two_runs_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    runs: list[Verdict] = []

    def fickle(scenario: object, **options: object) -> Verdict:
        runs.append(run(scenario, **options))  # type: ignore[arg-type]
        return replace(runs[-1], hash=f"{len(runs)}")

    monkeypatch.setattr(asked, "run", fickle)
    assert chaos(*BRIEF, "--seed", "5", "--check-determinism", "--no-shrink") == GATE
    assert "determinism: the same seed was 1 in" in capsys.readouterr().out


def test_the_faults_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert chaos("--list") == OK
    table = capsys.readouterr().out
    assert [name for name in FAULTS if f"  {name}  " not in table] == []
    assert chaos("--list", "--json") == OK
    listed = json.loads(capsys.readouterr().out.splitlines()[-1])["faults"]
    assert [it["name"] for it in listed] == list(FAULTS)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["castle"], "there is no home 'castle'"),
        (["--faults", "earthquake"], "there is no fault 'earthquake'"),
        (["--faults", "air.los"], "there is no fault 'air.los'; did you mean 'air.loss'?"),
        (["--without", "earthquake"], "there is no fault 'earthquake'"),
        (["--fault", "air.loss"], "is no fault; one is written"),
        (["--fault", "air.loss@1-2:on=zigbee,rate=7"], "rate is a number from 0 to 1"),
        (["--fault", "air@1-2:on=zigbee"], "'air' is a family of faults"),
        (["--fault", "device.dead@1-2:on=attic.light"], "nothing that it strikes is called 'attic.light'"),
        (["--fault", "device.dead@1-2:on=hall.lihgt"], "'hall.lihgt'; did you mean 'hall.light'?"),
        (["--fault", "air.loss@1-2:on=wifi"], "nothing that it strikes is called 'wifi'; here: zwave, zigbee"),
        (["--fault", "disk.full@1-2:on=zwave"], "nothing that it strikes is called 'zwave'; here: hub"),
        (["--without-device", "hall.lihgt"], "no device 'hall.lihgt' in flat; did you mean 'hall.light'?"),
        (["--keep", "/dev/null/kept"], "--keep: /dev/null/kept cannot be made: Not a directory"),
        (["--check", "nonsense"], "there is no check 'nonsense'"),
    ],
)
def test_a_mistake_is_told_with_what_there_is(words: list[str], why: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert chaos(*words) == USAGE
    assert why in capsys.readouterr().err


CAPTURED = """
[[room]]
name = "hall"
[[device]]
name = "hall.real"
kind = "captured"
radio = "zigbee"
options = { file = "/nowhere/real.json" }
"""


@pytest.mark.usefixtures("_nobody_complains")
def test_a_snapshot_that_is_missing_is_no_bug_that_was_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home.toml"
    home.write_text(CAPTURED)
    assert chaos(str(home), "--runs", "1", "--seconds", "20") == USAGE
    said = capsys.readouterr()
    assert "hall.real: /nowhere/real.json: the file: it cannot be read: No such file" in said.err
    assert "Traceback" not in said.out + said.err
    assert chaos(str(home), "--runs", "1", "--seconds", "20", "--without-device", "hall.real") == OK


RULES = """
[[rule]]
name = "light"
when = "studio.moton becomes occupied"
do = [{ set = "studio.light", on = true }]
"""


@pytest.mark.usefixtures("_nobody_complains")
def test_rules_of_ones_own_are_run_and_a_name_that_nobody_has_is_warned_of_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "my rules.toml"
    file.write_text(RULES)
    assert chaos(*BRIEF, "--runs", "2", "--rules", str(file)) == OK
    said = capsys.readouterr().err
    assert said.count("rule 'light' never runs in this home: there is no device 'studio.moton'") == 1
    assert "did you mean 'studio.motion'?" in said
    scenario = Scenario("studio", rules=(str(file),))
    assert shlex.split(scenario.command())[-4:] == ["--rules", str(file), "--faults", "none"]


def test_mistakes_in_rules_are_told_before_anything_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES.replace("becomes", "becoms"))
    assert chaos(*BRIEF, "--runs", "2", "--rules", str(file)) == USAGE
    said = capsys.readouterr().err
    assert f"{file}:4:8: rule[1].when: " in said
    assert "seed" not in said


@pytest.mark.usefixtures("_nobody_complains")
def test_a_home_without_rules_is_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "mine.toml"
    home.write_text('name = "mine"\n[[room]]\nname = "hall"\n[[device]]\nname = "hall.light"\nkind = "switch"\n')
    assert chaos(str(home), "--seconds", "1", "--runs", "1") == OK
    assert "no rules: there is no mine.rules.toml beside the home; --rules FILE" in capsys.readouterr().err
