"""A driver of our own in the home: the box at the far side of its port is simulated, the driver is the real one."""

import pytest
from garden_box import GardenBox

from hubagent.model.event import Outcome

pytestmark = pytest.mark.home(rules=["rules.toml", "garden.rules.toml"])


@pytest.fixture
def box():
    return GardenBox()


@pytest.fixture
def home_sticks(box):
    """The hub finds it at the port of `[drivers.garden]`."""
    return {"garden": box}


async def test_the_hub_knows_what_the_box_says(home, box):
    await home.at("09:00")
    assert home.hub.believes("garden.valve.soil_moisture") == 50
    box.dry_to(43)
    await home.expect("garden.valve.soil_moisture == 43", within="100ms", of="hub")
    await home.expect("garden.valve.soil_moisture == 43", within="2m", of="cloud")


async def test_dry_soil_is_watered_until_it_is_wet_enough(home, box):
    await home.at("09:00")
    box.dry_to(22)
    await home.expect("garden.valve.on", within="100ms", of="hub")
    assert box.valve_open
    await home.expect("garden.valve.off", within="15m", of="hub")
    assert box.soil == 42
    await home.never("garden.valve.on", for_="1h", of="hub")


async def test_a_hand_at_the_valve_is_noticed(home, box):
    await home.at("09:00")
    box.turn(True)
    await home.expect("garden.valve.on", within="100ms", of="hub")


async def test_a_box_that_does_not_answer_is_unreachable(home, box):
    await home.at("09:00")
    box.answers = False
    assert await home.hub.set("garden.valve", on=True) is Outcome.UNREACHABLE
    box.answers = True
    assert await home.hub.set("garden.valve", on=True) is Outcome.CONFIRMED


async def test_watering_goes_on_after_the_hub_was_off(home, box):
    await home.at("09:00")
    box.dry_to(22)
    await home.expect("garden.valve.on", within="1s", of="hub")
    await home.after("1m")
    await home.reboot("2m")
    await home.expect("garden.valve.off", within="15m", of="hub")
    assert not box.valve_open
