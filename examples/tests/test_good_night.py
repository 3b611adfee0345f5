"""An app that speaks to the hub through the cloud: `home.cloud` takes the place of the cloud's web API."""

from good_night.app import good_night


async def test_everything_is_off_and_the_door_is_locked(home):
    await home.at("22:45")
    home.device("living.lamp").switch_on()
    home.device("kitchen.light").switch_on()
    assert await good_night(home.cloud) == "everything is off, and the door is locked"
    await home.expect("living.lamp.off and kitchen.light.off and hall.lock is locked", within="5s")


async def test_a_lamp_that_does_not_answer_is_told(home):
    await home.at("22:45")
    home.device("living.lamp").cut_power()
    assert await good_night(home.cloud) == "these did not follow: living.lamp"


async def test_one_that_comes_back_in_between_is_asked_again(home):
    await home.at("22:45")
    home.device("living.lamp").switch_on()
    home.device("living.lamp").cut_power(seconds="6s")
    assert await good_night(home.cloud) == "everything is off, and the door is locked"
    await home.expect("living.lamp.off", within="5s")


async def test_a_hub_that_is_off_line_follows_when_it_is_back_soon(home):
    await home.at("22:45")
    home.device("kitchen.light").switch_on()
    home.cloud.cut("5s")
    assert await good_night(home.cloud) == "everything is off, and the door is locked"
    await home.expect("kitchen.light.off")
