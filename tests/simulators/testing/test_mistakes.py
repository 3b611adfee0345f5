"""What somebody mistypes in a test is told in words that say what to type."""

import pytest

from simulators.testing.context import BadDuration
from simulators.testing.expressions import BadExpectation
from simulators.testing.fault_plan import BadFaults
from simulators.testing.home import Home
from simulators.testing.to_await import OnAnotherLoop
from simulators.world import CannotBe
from tests.simulators.testing.a_home import in_a_home


def test_no_length_of_time_is_told_wherever_one_is_wanted() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        before = home.now
        for wrong in ("5 minutes", "soon", "", -5, "-5m", True, None, float("nan")):
            with pytest.raises(BadDuration, match="is no duration"):
                await home.after(wrong)  # type: ignore[arg-type]
        with pytest.raises(BadDuration, match="say 30s, 30m or 30h"):
            await home.expect("studio.light.on", within="30")
        with pytest.raises(BadDuration):
            await home.never("studio.light.on", for_="a while")
        with pytest.raises(BadDuration):
            home.reboot("-10s")
        with pytest.raises(BadDuration):
            home.fault("device.dead", device="studio.light", seconds="x")
        assert home.now == before
        assert home.hub.lives == 1
        assert home.site.world.faults.active() == ()
        home.hub.step_clock("-1h")

    in_a_home(happens)


def test_whoever_is_asked_and_is_nobody_is_told() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        with pytest.raises(BadExpectation, match="of is one of truth, hub, cloud, not 'app'"):
            await home.expect("studio.light.off", of="app")

    in_a_home(happens)


def test_an_expectation_that_is_no_text_is_told() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        with pytest.raises(BadExpectation, match=r"an expression is a text, as .*, and not True"):
            await home.expect(home.truth("studio.light.off"))  # type: ignore[arg-type]

    in_a_home(happens)


@pytest.mark.parametrize("number", [0, -1, 1.5, True])
def test_a_write_that_never_comes_cuts_no_power_and_is_told(number: int) -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        with pytest.raises(CannotBe, match=f"the writes from now on are 1, 2, 3 .* none that is {number}"):
            home.hub.cut_power_at_write(number)

    in_a_home(happens)


def test_who_runs_what_is_to_be_awaited_is_told_to_await_it() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        with pytest.raises(OnAnotherLoop, match=r"home.run\(...\) is for code that is not async.*: await"):
            home.run(home.after("1s"))

    in_a_home(happens)


def test_a_cloud_that_is_not_there_is_not_asked() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        with pytest.raises(BadExpectation, match="this home has no cloud"):
            await home.never("studio.light.on", for_="1h", of="cloud")

    in_a_home(happens, cloud=False)


def test_what_may_have_been_meant_by_a_wrong_name_is_said() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        with pytest.raises(CannotBe, match=r"no device 'studio.lihgt'; did you mean 'studio.light'\?"):
            home.device("studio.lihgt")
        with pytest.raises(CannotBe, match=r"no device 'xyz'; there are .*studio.light"):
            home.device("xyz")
        with pytest.raises(CannotBe, match=r"the cloud knows no 'studio.lihgt'; did you mean 'studio.light'\?"):
            home.cloud.set("studio.lihgt", on=True)
        with pytest.raises(CannotBe, match=r"the fault 'device.daed' does not exist; did you mean 'device.dead'\?"):
            home.fault("device.daed", device="studio.light")

    in_a_home(happens)


def test_a_fault_of_a_radio_is_not_struck_with_a_device_and_the_other_way_round() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        with pytest.raises(CannotBe, match=r"air.loss does not strike a device \(studio.light\): it is of the air"):
            home.device("studio.light").fault("air.loss", rate=1.0)
        with pytest.raises(CannotBe, match=r"device.dead does not strike a radio \(zwave\): it is of a device"):
            home.fault("device.dead", device="studio.light", radio="zwave")
        assert home.site.world.faults.active() == ()

    in_a_home(happens)


def test_a_written_down_fault_that_strikes_nothing_here_is_an_error() -> None:
    async def happens(home: Home) -> None:
        with pytest.raises(BadFaults, match=r"air.loss@3-4:on=zwav: it does not strike 'zwav', but zwave"):
            await home.begin()

    in_a_home(happens, given_faults=["air.loss@3-4:on=zwav"])


def test_how_long_somebody_cooks_is_said_as_any_time_is() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home.resident("mia").enters("kitchen")
        for said in (20, "20m"):
            home.resident("mia").cooks(said)
        with pytest.raises(BadDuration):
            home.resident("mia").cooks("a while")
        cooked = [it.text for it in home._context.record.happenings if "cook" in it.text]
        assert cooked == ["mia cook 20", "mia cook 20"]

    in_a_home(happens, "flat", rooms=["kitchen"], rules=())
