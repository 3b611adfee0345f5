"""Physics and the calendar: rooms take hours to get warm, and mornings are on workdays."""

import pytest


@pytest.mark.home(start="2026-01-19")
async def test_it_is_warm_on_a_workday_when_people_get_up(home):
    await home.at("05:55")
    assert home.truth("living.heating.temperature") < 19
    await home.expect("living.heating is heating", within="10m")
    await home.expect("living.heating.temperature > 20.5", within="3h")


@pytest.mark.home(start="2026-01-17")
async def test_nobody_heats_for_those_who_sleep_in_on_a_saturday(home):
    await home.at("05:55")
    await home.never("living.heating.setpoint > 21", for_="3h")


@pytest.mark.home(start="2026-03-29 01:30")
async def test_the_night_in_which_the_clock_is_put_forward_has_one_half_past_two(home):
    await home.after("3h")
    assert f"{home.now:%Z}" == "CEST"
    assert [it.text for it in home.notifications] == ["half past two"]


@pytest.mark.home(start="2026-10-25 01:30")
async def test_and_so_has_the_night_in_which_it_comes_twice(home):
    await home.after("3h")
    assert [it.text for it in home.notifications] == ["half past two"]
