"""The table has all forty faults, each can be struck and healed, and a hub lives through each of them alone."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from simulators.chaos.plan import draw, drawn, targets_of
from simulators.chaos.run import run
from simulators.chaos.scenario import Scenario
from simulators.chaos.table import FAULTS, FORTY, NoSuchKind, names_of, strike, targets_in
from simulators.fault_kind import Ends
from simulators.home import home_file, read_home
from simulators.site.site import Site
from simulators.world import CannotBe
from tests.helpers.a_site import a_site

ONE_S = 120.0
"""That each fault has."""


def test_each_of_the_forty_has_a_name() -> None:
    there = {number for kind in FAULTS.values() for number in kind.numbers}
    assert there == set(FORTY)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_says_what_it_is(name: str) -> None:
    kind = FAULTS[name]
    assert kind.name == name
    assert kind.about
    if kind.ends is Ends.BY_ITSELF and "rate" not in kind.options:
        assert "seconds" in kind.options


def test_names_families_and_numbers_are_understood() -> None:
    assert names_of(["host.kill"]) == ("host.kill",)
    assert set(names_of(["disk"])) == {name for name in FAULTS if name.startswith("disk.")}
    assert set(names_of(["27"])) == set(names_of(["disk"]))
    assert names_of(["broker", "broker.down"]) == names_of(["broker"])


@pytest.mark.parametrize("word", ["earthquake", "41", "0", ""])
def test_a_word_that_means_no_fault_is_refused(word: str) -> None:
    with pytest.raises(NoSuchKind, match="there is no fault"):
        names_of([word])


@pytest.mark.parametrize("broker", [False, True])
def test_everything_can_be_struck_in_the_flat(broker: bool) -> None:
    targets = targets_of(read_home(home_file("flat")), broker=broker)
    missing = set(FAULTS) - set(targets)
    assert missing == (set() if broker else set(names_of(["broker"])))


async def test_what_is_not_there_cannot_be_struck() -> None:
    async with a_site(still=True) as site:
        assert "broker.down" not in targets_in(site)
        with pytest.raises(CannotBe, match="does not strike"):
            strike(site, "broker.down", "broker", {})


@pytest.mark.parametrize("family", sorted({kind.family for kind in FAULTS.values()}))
def test_the_flat_is_well_again_after_each_fault_of_a_family(family: str) -> None:
    scenario = Scenario(seed=next(seed for seed in range(100) if Scenario(seed=seed).broker))
    targets = targets_of(scenario.plan(), broker=True)
    names = names_of([family])
    faults = []
    for number, name in enumerate(names):
        fault = drawn(name, number, targets[name], ONE_S, scenario.rng(f"test:{name}"))
        at = number * ONE_S
        faults.append(replace(fault, start_s=at + fault.start_s, end_s=at + fault.end_s))
    verdict = run(replace(scenario, seconds=ONE_S * len(names), faults=tuple(faults)), checks=())
    assert verdict.problems == ()
    assert len([line for line in verdict.log if line.endswith("strikes")]) == len(names), verdict.log


@pytest.mark.parametrize("name", ["uplink.half_open", "uplink.slow", "uplink.dns", "uplink.portal", "disk.full"])
async def test_what_is_healed_is_as_before_and_healing_twice_is_healing_once(name: str) -> None:
    async with a_site(still=True) as site:
        await site.settle()
        before = _how_it_is(site)
        target = targets_in(site)[name][0]
        first = strike(site, name, target, {})
        second = strike(site, name, target, {})
        await asyncio.sleep(1)
        first()
        first()
        assert _how_it_is(site) != before
        second()
        assert _how_it_is(site) == before


def test_a_plan_follows_from_its_seed_and_leaves_the_others_alone() -> None:
    scenario = Scenario(seed=next(seed for seed in range(100) if len(_drawn(Scenario(seed=seed))) > 20))
    plan = _drawn(scenario)
    assert plan == _drawn(scenario)
    assert plan != _drawn(Scenario(seed=scenario.seed + 1))
    without = set(names_of(["uplink"]))
    some = _drawn(scenario, [name for name in FAULTS if name not in without])
    assert [str(it) for it in some] == [str(it) for it in plan if it.name not in without]


def test_faults_end_within_the_time_that_they_have() -> None:
    for seed in range(30):
        for fault in _drawn(Scenario(seed=seed, seconds=600.0)):
            assert 0 <= fault.start_s <= fault.end_s <= 600.0


def test_plans_are_of_different_sizes_and_all_kinds_occur() -> None:
    plans = [_drawn(Scenario(seed=seed)) for seed in range(150)]
    assert {it.name for plan in plans for it in plan} >= set(FAULTS) - {"broker"}
    sizes = sorted(len(plan) for plan in plans)
    assert sizes[0] < 5
    assert sizes[-1] > 30


def test_a_run_begins_at_one_date_only() -> None:
    for seed in range(100):
        dates = [it for it in _drawn(Scenario(seed=seed)) if it.name in names_of(["clock.spring", "clock.autumn"])]
        assert len(dates) <= 1


_TARGETS: dict[bool, Any] = {}


def _drawn(scenario: Scenario, names: list[str] | None = None) -> tuple[Any, ...]:
    if scenario.broker not in _TARGETS:
        _TARGETS[scenario.broker] = targets_of(scenario.plan(), broker=scenario.broker)
    return draw(scenario, _TARGETS[scenario.broker], names)


def _how_it_is(site: Site) -> tuple[object, ...]:
    assert site.net is not None
    weather = site.weather
    return site.net.frozen, weather.bytes_per_s, weather.trouble, weather.refusing, site.hub.disk.failing
