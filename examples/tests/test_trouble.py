"""What happens when something is broken: the hub, the radio, the way to the cloud."""

import pytest


async def test_water_stops_the_washer_and_everybody_is_told(home):
    await home.at("10:00")
    home.device("kitchen.sink").set(wet=True)
    await home.expect("kitchen.washer.off", within="1s")
    assert [(it.to, it.text) for it in home.notifications] == [("everybody", "water in the kitchen; the washer is on")]


async def test_water_is_an_alarm_although_the_hub_was_off_when_it_came(home):
    await home.at("10:00")
    restarting = home.reboot("1m")
    home.device("kitchen.sink").set(wet=True)
    await restarting
    await home.expect("kitchen.washer.off", within="2m")


async def test_the_home_works_without_its_cloud_and_tells_it_afterwards(home):
    await home.at("18:30")
    home.cloud.cut()
    home.resident("anna").enters("hall")
    await home.expect("hall.light.on", within="100ms")
    await home.after("10m")
    assert home.cloud.believes("hall.light.on") is False
    home.cloud.restore()
    await home.expect("hall.light.on", within="3m", of="cloud")


async def test_a_stick_that_was_pulled_out_works_again_when_it_is_back(home):
    await home.at("18:30")
    home.zwave.unplug()
    await home.until(lambda: not home.zwave.works, within="1m")
    await home.after("3m")
    home.zwave.plug()
    await home.until(lambda: home.zwave.works, within="2m")
    home.resident("anna").enters("hall")
    await home.expect("hall.light.on", within="1s")


async def test_a_light_that_was_to_go_off_does_so_after_a_restart(home):
    await home.at("18:30")
    home.resident("anna").enters("hall")
    await home.expect("hall.light.on", within="1s")
    await home.after("1m")
    home.resident("anna").leaves()
    await home.after("45s")
    await home.reboot("20s")
    await home.expect("hall.light.off", within="2m")


@pytest.mark.parametrize("write", [1, 2, 3, 5, 8])
async def test_the_power_may_go_in_the_middle_of_any_write(home, write):
    await home.at("18:30")
    home.hub.cut_power_at_write(write, "10s")
    home.resident("anna").enters("hall")
    await home.after("1m")
    await home.hub.ready()
    await home.expect("hall.light.on", within="1m", of="hub")


async def test_a_door_that_stands_open_is_told_of_once(home):
    await home.at("15:00")
    home.device("hall.door").open()
    await home.after("4m59s")
    assert home.rules["the door stands open"].fired == 0
    await home.after("1h")
    assert [it.to for it in home.notifications] == ["anna"]


@pytest.mark.home(faults="air, wire.split, wire.coalesce", faults_for="20m")
async def test_on_a_bad_radio_there_is_light_within_seconds(home):
    """Which faults there are is the seed's: `pytest --sim-runs 20` tries twenty of them."""
    await home.at("18:30")
    for _ in range(4):
        home.resident("anna").enters("hall")
        await home.expect("hall.light.on", within="10s")
        home.resident("anna").leaves()
        await home.after("5m")
