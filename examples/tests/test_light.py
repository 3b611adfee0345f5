"""Light in the hall: tests of a rule, from what somebody does to what the lamp does."""

import pytest

MOTION, LIGHT = "hall.motion.occupied", "hall.light.on"


async def test_there_is_light_for_whoever_comes_in(home):
    await home.at("18:30")
    home.resident("anna").enters("hall")
    await home.expect("hall.light.on", within="100ms")
    await home.expect("hall.light.level == 80", within="1s")


async def test_it_stays_on_while_somebody_is_there_and_goes_off_a_while_later(home):
    await home.at("18:30")
    home.resident("anna").enters("hall")
    await home.expect("hall.light.on", within="1s")
    await home.stays("hall.light.on", for_="20m")
    home.resident("anna").leaves()
    await home.stays("hall.light.on", for_="1m")
    await home.expect("hall.light.off", within="1m")


async def test_it_is_dim_at_night(home):
    await home.at("23:00")
    home.device("bedroom.remote").press(1)
    await home.after("5s")
    assert home.hub.mode == "night"
    home.resident("ben").enters("hall")
    await home.expect("hall.light.level == 15", within="1s")


async def test_the_light_is_never_late_in_fifty_times(home):
    await home.at("18:30")
    for _ in range(50):
        home.resident("anna").enters("hall")
        await home.after("10s")
        home.resident("anna").leaves()
        await home.after("3m")
    times = sorted(home.latencies(MOTION, LIGHT))
    assert len(times) == 50
    assert times[-1].ms < 100


@pytest.mark.parametrize("loss", [0.1, 0.3])
async def test_a_bad_radio_makes_it_late_and_not_dark(home, loss):
    await home.at("18:30")
    with home.zwave.loss(loss):
        home.resident("anna").enters("hall")
        await home.expect("hall.light.on", within="5s")


async def test_who_comes_home_by_the_door_has_light_when_the_door_is_open(home):
    await home.at("18:30")
    arriving = home.resident("anna").walks_to("living")
    await home.expect("hall.door is open", within="1s")
    await home.expect("hall.light.on", within="5s")
    await arriving
    await home.expect("hall.door is closed", within="5s")
