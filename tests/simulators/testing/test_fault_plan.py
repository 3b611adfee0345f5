import asyncio
from collections.abc import Mapping

import pytest

from simulators.chaos.table import strike
from simulators.devices.device import CannotDo
from simulators.fault_kind import Heal, Value
from simulators.site.site import Site
from simulators.testing import faults
from simulators.testing.fault_plan import BadFaults, WantedFaults, plan_of, wanted_faults
from simulators.testing.home import Home
from tests.simulators.testing.a_home import in_a_home


def test_names_families_and_numbers_say_which_faults_there_may_be() -> None:
    assert set(wanted_faults("air.loss, uplink.reset").names) == {"air.loss", "uplink.reset"}
    assert {name.partition(".")[0] for name in wanted_faults("air").names} == {"air"}
    assert "air.loss" in wanted_faults("12").names
    assert not wanted_faults("none")
    everything = wanted_faults("all").names
    assert len(everything) > 40
    assert "clock.spring" not in everything
    assert "clock.step" in everything


@pytest.mark.parametrize(
    ("words", "given", "what"),
    [
        ("rain", (), "there is no fault 'rain'"),
        ("none", ("rain@3-4:on=zwave",), "there is no fault 'rain'; there are"),
        ("none", ("air.loss",), "is no fault; one is written"),
        ("none", ("air.loss@1-2:on=zwave,rate=3",), "rate is a number from 0 to 1"),
    ],
)
def test_what_names_no_fault_is_an_error_that_says_what_does(words: str, given: tuple[str, ...], what: str) -> None:
    with pytest.raises(BadFaults, match=what):
        wanted_faults(words, given)


def test_a_seed_draws_the_same_faults_each_time_and_another_seed_others() -> None:
    drawn: list[tuple[str, ...]] = []

    async def happens(home: Home) -> None:
        await home.begin()
        wanted = WantedFaults(wanted_faults("all").names)
        drawn.extend(tuple(map(str, plan_of(wanted, home.site, seed))) for seed in (3, 3, 4))

    in_a_home(happens, "flat")
    assert drawn[0] == drawn[1] != drawn[2]
    assert drawn[0] != ()


def test_faults_strike_at_their_times_and_are_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def strike_or_not(site: Site, name: str, target: str, options: Mapping[str, Value]) -> Heal:
        if name == "stick.can":
            raise CannotDo("not now")
        return strike(site, name, target, options)

    monkeypatch.setattr(faults, "strike", strike_or_not)

    async def happens(home: Home) -> None:
        await home.at("07:30")
        await home.after("100s")

    given = ["air.loss@10-20:on=zwave,rate=0.5", "host.kill@30-35:on=hub", "stick.can@40-50:on=zwave"]
    run = in_a_home(happens, given_faults=given)
    record = run.there.recorder.record
    began = record.began
    spans = [(span.name, span.begin - began, span.end and span.end - began) for span in record.spans]
    assert spans[0] == pytest.approx(("air.loss", 10.0, 20.0))
    assert spans[1] == pytest.approx(("host.kill", 30.0, 35.0))
    assert spans[2][0] == "the hub is off"
    assert any("stick.can zwave could not strike: not now" in it.text for it in record.happenings)


def test_a_test_asks_for_faults_of_the_host_and_of_the_network_as_of_any_other() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        with home.fault("disk.full"):
            assert home.site.hub.disk.failing is not None
        assert home.site.hub.disk.failing is None
        home.fault("uplink.reset")
        home.fault("host.power", seconds="20s")
        assert not home.hub.is_on
        await home.hub.ready()

    in_a_home(happens)


def test_what_the_plan_puts_on_the_loop_is_gone_when_the_test_is_over() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        assert asyncio.get_running_loop().time() > 0

    in_a_home(happens, given_faults=["air.loss@1000-2000:on=zwave"])
