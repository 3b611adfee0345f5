"""A run that fails becomes the smallest that fails alike."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from simulators.chaos.fault import Fault, parse_fault
from simulators.chaos.fewest import fewest
from simulators.chaos.scenario import Scenario
from simulators.chaos.shrink import SHORTEST_S, Shrunk, shrink
from simulators.chaos.verdict import Problem, Verdict


@pytest.mark.parametrize("seed", range(20))
def test_what_is_needed_is_found_and_nothing_else(seed: int) -> None:
    rng = Random(seed)
    things = list(range(rng.randint(1, 60)))
    needed = set(rng.sample(things, min(len(things), rng.randint(0, 4))))
    assert set(fewest(things, lambda some: needed <= set(some))) == needed


def test_none_of_what_is_found_can_be_left_out() -> None:
    def happens(some: tuple[int, ...]) -> bool:
        return sum(some) >= 30

    found = fewest(list(range(12)), happens)
    assert happens(found)
    for place in range(len(found)):
        assert not happens(found[:place] + found[place + 1 :])


def test_it_asks_seldom_where_one_of_many_is_enough() -> None:
    asked: list[tuple[int, ...]] = []

    def happens(some: tuple[int, ...]) -> bool:
        asked.append(some)
        return 17 in some

    assert fewest(list(range(64)), happens) == (17,)
    assert len(asked) < 20


WORDS = (
    "air.loss@100-400:on=zigbee,rate=0.3",
    "host.kill@700-900:on=hub,effect=4",
    "uplink.half_open@1000-1100:on=net",
    "device.dead@1500-1600:on=hall.light",
    "host.stall@2000-2004:on=hub,seconds=4",
)


def a_scenario() -> Scenario:
    return Scenario("flat", 7, 3600.0, tuple(parse_fault(word, number) for number, word in enumerate(WORDS)))


def shrunk(
    fails: Callable[[Scenario], bool], *, check: str = "twin", runs_max: int = 200
) -> tuple[Shrunk, list[Scenario]]:
    asked: list[Scenario] = []

    def judge(scenario: Scenario) -> Verdict:
        asked.append(scenario)
        problems = (Problem(check, "it differs"),) if fails(scenario) else (Problem("other", "always"),)
        return Verdict(scenario, problems, "", 0, 0.0, 1)

    first = Verdict(a_scenario(), (Problem("twin", "it differs"), Problem("other", "always")), "", 0, 0.0, 1)
    return shrink(first, judge, runs_max), asked


def names(scenario: Scenario) -> set[str]:
    return {fault.name for fault in scenario.faults}


def test_one_fault_that_matters_is_left_early_and_short_in_an_empty_home() -> None:
    found, asked = shrunk(lambda it: "device.dead" in names(it))
    (fault,) = found.scenario.faults
    assert fault.name == "device.dead"
    assert fault.start_s < 10
    assert fault.end_s - fault.start_s < 4 * SHORTEST_S
    assert found.scenario.seconds < 30
    assert not found.scenario.people
    assert "hall.light" not in found.scenario.without
    assert len(found.scenario.without) == 11
    assert found.done
    assert found.runs == len(asked)


def test_two_faults_that_matter_together_stay_together() -> None:
    found, _ = shrunk(lambda it: {"air.loss", "host.stall"} <= names(it))
    assert [fault.name for fault in found.scenario.faults] == ["air.loss", "host.stall"]


def test_a_run_that_fails_without_any_fault_has_none() -> None:
    found, _ = shrunk(lambda _: True)
    assert found.scenario.faults == ()


def test_people_and_time_that_matter_stay() -> None:
    found, _ = shrunk(lambda it: it.people and it.seconds >= 2000 and "air.loss" in names(it))
    assert found.scenario.people
    assert 2000 <= found.scenario.seconds < 3600


def test_a_fault_that_has_to_be_long_stays_long() -> None:
    def long(fault: Fault) -> bool:
        return fault.name == "air.loss" and fault.end_s - fault.start_s >= 100

    found, _ = shrunk(lambda it: any(map(long, it.faults)))
    (fault,) = found.scenario.faults
    assert 100 <= fault.end_s - fault.start_s < 200


def test_what_says_its_own_length_is_told_of_it() -> None:
    found, _ = shrunk(lambda it: "host.stall" in names(it))
    (fault,) = found.scenario.faults
    assert fault.options["seconds"] == pytest.approx(fault.end_s - fault.start_s)


def test_another_complaint_is_not_the_same_failure() -> None:
    found, _ = shrunk(lambda it: "air.loss" in names(it), check="commands")
    assert found.scenario == a_scenario()


def test_it_stops_at_as_many_runs_as_there_may_be_with_the_best_so_far() -> None:
    found, asked = shrunk(lambda it: "device.dead" in names(it), runs_max=5)
    assert not found.done
    assert len(asked) == 5
    assert len(found.scenario.faults) < len(WORDS)


def test_the_same_failure_shrinks_to_the_same_run() -> None:
    def fails(it: Scenario) -> bool:
        return len(names(it) & {"air.loss", "uplink.half_open", "device.dead"}) >= 2

    assert shrunk(fails) == shrunk(fails)


def test_the_answer_is_a_run_that_failed() -> None:
    def fails(it: Scenario) -> bool:
        return "device.dead" in names(it) and len(it.without) != 11

    found, _ = shrunk(fails)
    assert fails(found.scenario)
    assert found.verdict.scenario == found.scenario
    assert replace(found.scenario, seed=8) != found.scenario
