"""What is asked for is a value: printed as a command, sent as JSON, the same run each time."""

import shlex

import pytest
from click.testing import CliRunner

from simulators.chaos.asked import Asked, asked_of
from simulators.chaos.cli import chaos
from simulators.chaos.fault import parse_fault
from simulators.chaos.scenario import COMMAND, Scenario, scenario_of
from simulators.chaos.verdict import Problem, Verdict, verdict_of

ONE = Scenario(
    "flat", 4711, 900.0, (parse_fault("air.loss@120-180:on=zigbee,rate=0.3", 0),), people=False, without=("hall.door",)
)


@pytest.mark.parametrize("scenario", [ONE, Scenario(), Scenario(seconds=12.5, without=("a.b", "c.d"))])
def test_it_goes_through_json_unchanged(scenario: Scenario) -> None:
    assert scenario_of(scenario.to_json()) == scenario
    asked = Asked(scenario, ("air.loss",), ("messages",), twice=True)
    assert asked_of(asked.to_json()) == asked
    verdict = Verdict(scenario, (Problem("messages", "one is lost"),), "ab", 3, 4.5, 6)
    assert verdict_of(verdict.to_json()) == verdict


def test_the_command_says_all_of_it() -> None:
    assert ONE.command() == (
        "hubagent sim chaos flat --seed 4711 --seconds 900 --no-people --without-device hall.door"
        " --fault air.loss@120-180:on=zigbee,rate=0.3"
    )
    assert Scenario(seed=3).command().endswith("--seed 3 --seconds 3600 --faults none")


@pytest.mark.parametrize("scenario", [ONE, Scenario(seed=3, seconds=1.0), Scenario(home="a home/of mine.toml", seed=1)])
def test_the_command_is_one_that_a_shell_takes(scenario: Scenario) -> None:
    words = shlex.split(scenario.command())
    assert " ".join(words[:3]) == COMMAND
    assert words[3] == scenario.home


def test_what_hangs_on_a_device_that_is_not_there_is_not_there_either() -> None:
    whole = Scenario("family_house").plan()
    televisions = {it.habits.television for it in whole.resident if it.habits is not None} - {None}
    plugs = {it.plug for it in whole.appliance}
    assert televisions
    assert plugs
    plan = Scenario("family_house", without=(*map(str, televisions), *plugs)).plan()
    assert {it.habits.television for it in plan.resident if it.habits is not None} == {None}
    assert plan.appliance == []
    left = {it.name for it in whole.device} - televisions - plugs
    assert {it.name for it in plan.device} == left


def test_the_uplink_is_one_of_both_by_seed() -> None:
    assert {Scenario(seed=seed).broker for seed in range(20)} == {True, False}


def test_a_quarter_of_the_runs_is_patient() -> None:
    assert 30 < sum(Scenario(seed=seed).is_patient for seed in range(200)) < 70


def test_in_half_of_the_runs_somebody_pulls_a_plug_and_in_none_where_nobody_lives() -> None:
    assert 70 < sum(Scenario(seed=seed).pulls_a_plug for seed in range(200)) < 130
    assert not any(Scenario(seed=seed, people=False).pulls_a_plug for seed in range(20))


def test_the_command_runs_just_that(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Asked] = []

    def answer(it: Asked) -> Verdict:
        asked.append(it)
        return Verdict(it.scenario, (), "", 0, 0.0, 1)

    monkeypatch.setattr("simulators.chaos.jobs.answer", answer)
    for scenario in (ONE, Scenario(seed=3, seconds=60.0)):
        result = CliRunner().invoke(chaos, shlex.split(scenario.command())[3:], standalone_mode=False)
        assert result.exception is None, result.output
        assert asked[-1].scenario == scenario
        assert not asked[-1].names
    assert len(asked) == 2
