import pytest

from simulators.testing.home import Home
from simulators.testing.latency import NotSeen
from tests.simulators.testing.a_home import in_a_home

MOTION, LIGHT = "studio.motion.occupied", "studio.light.on"


def test_from_cause_to_effect_frames_take_their_time_on_the_air() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        home.resident("sam").enters("studio")
        await home.after("1s")
        # One frame from the sensor to the stick, and one from there to the lamp.
        assert home.latency(MOTION, LIGHT).ms == pytest.approx(30.0)
        assert str(home.latency(MOTION, LIGHT)) == "30.0 ms"
        assert home.latency(MOTION, MOTION, of="hub").ms == pytest.approx(15.0)
        assert home.latency(MOTION, LIGHT, of="cloud") > home.latency(MOTION, LIGHT)

    in_a_home(happens)


def test_without_radio_time_the_air_takes_next_to_none() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        home.resident("sam").enters("studio")
        await home.after("1s")
        assert home.latency(MOTION, LIGHT).ms < 10

    in_a_home(happens, radio_time=False)


def test_each_time_counts_and_a_cause_that_comes_again_counts_from_its_first() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        for _ in range(3):
            home.resident("sam").enters("studio")
            await home.after("1m")
            home.resident("sam").leaves()
            await home.after("1m")
        home.zwave.unplug()
        home["studio.motion"].set(occupied=True)
        await home.after("1s")
        assert len(home.latencies(MOTION, LIGHT)) == 3
        assert [round(it.ms) for it in home.latencies("studio.motion.clear", "studio.light is off")] == [30] * 3

    in_a_home(happens)


def test_what_did_not_happen_has_no_latency() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        home["studio.light"].switch_on()
        await home.after("1s")
        home.resident("sam").enters("studio")
        await home.after("1s")
        home.latency(MOTION, LIGHT)

    with pytest.raises(NotSeen, match="what held already does not count"):
        in_a_home(happens)
