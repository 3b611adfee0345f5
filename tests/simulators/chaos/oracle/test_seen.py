"""What is known of devices, and since when: RULES.md, Triggers."""

from dataclasses import replace

import pytest

from hubagent.model.device import Presence
from simulators.chaos.oracle.seen import Seen, has
from tests.hubagent.rules.a_house import HOUSE, START
from tests.simulators.chaos.oracle.a_scene import seen

LUX = ("id-hall.lux", "illuminance")
LEAK = ("id-kitchen.leak", "leak")


def reported(home: Seen, value: float) -> bool:
    """Whether it is known to be a change."""
    return home.report(*LUX, value)[1]


def test_the_first_report_is_no_change_and_the_next_one_is() -> None:
    home = seen()
    assert not reported(home, 3)
    assert reported(home, 4)
    assert home.value(LUX) == 4


def test_what_fell_silent_is_unknown_and_its_next_report_no_change() -> None:
    home = seen({"hall.lux.illuminance": 3})
    assert home.fall_silent("id-hall.lux") == [LUX]
    assert home.value(LUX) is None
    assert not reported(home, 4)
    assert reported(home, 5)


@pytest.mark.parametrize("settled", [False, True])
def test_what_was_remembered_counts_and_is_the_value_before_once_it_has_settled(settled: bool) -> None:
    home = seen()
    home.remember(next(one for one in HOUSE if one.name == "hall.lux"), {"illuminance": (3, START, False)})
    assert home.value(LUX) == 3
    if settled:
        home.settle()
    assert reported(home, 4) is settled


def test_an_alarm_that_was_not_there_before_the_restart_is_a_change_at_once() -> None:
    home = seen()
    home.remember(next(one for one in HOUSE if one.name == "kitchen.leak"), {"leak": (False, START, False)})
    assert home.report(*LEAK, True) == (False, True)


def test_a_device_that_was_dead_at_the_start_is_unknown() -> None:
    home = seen()
    lux = next(one for one in HOUSE if one.name == "hall.lux")
    dead = replace(lux, presence=Presence.DEAD)
    home.remember(dead, {"illuminance": (3, START, False)})
    assert home.value(LUX) is None


def test_a_device_is_found_by_its_name_its_new_name_and_its_id() -> None:
    home = seen()
    lux = next(one for one in HOUSE if one.name == "hall.lux")
    assert home.find("Hall.Lux") == home.find("id-hall.lux") == lux
    renamed = replace(lux, name="attic.lux")
    assert home.know(renamed)
    assert not home.know(renamed)
    assert home.find("hall.lux") is None
    assert home.find("attic.lux") == renamed


def test_when_the_clock_is_set_what_was_said_is_as_long_ago_as_it_was() -> None:
    home = seen({"hall.lux.illuminance": 3})
    home.clock_stepped(3600)
    home.wall += 3600
    assert home.said[LUX].as_of == home.wall


def test_as_if_is_for_a_moment() -> None:
    home = seen({"hall.lux.illuminance": 3})
    home.as_if({LUX: 9})
    assert home.value(LUX) == 9
    home.as_if({})
    assert home.value(LUX) == 3


def test_a_device_has_what_its_capabilities_say() -> None:
    lamp = next(one for one in HOUSE if one.name == "hall.light")
    assert has(lamp, "level")
    assert has(lamp, "brightness")
    assert not has(lamp, "temperature")
