"""Imported rules do here what they did there: run in a house."""

from hubagent.model.capabilities.switch import Press
from tests.hubagent.rules.importers.imports import house_of, smart
from tests.hubagent.rules.importers.smartthings.rules import (
    BUTTON,
    DOOR,
    FREEZER,
    HOUSE,
    LUX,
    MODE,
    MOTION,
    OFF,
    ON,
    equals,
    lasting,
    rule,
    than,
    when,
)


def test_a_light_goes_on_and_a_minute_later_off() -> None:
    sleep = {"sleep": {"duration": lasting(1, "Minute")}}
    house = house_of(smart(rule(when(equals(MOTION, "active"), [ON, sleep, OFF])), HOUSE))
    house.says("hall.motion", occupied=False)
    house.says("hall.motion", occupied=True)
    house.wait(100)
    assert house.did() == [(0, "hall.light", True), (60, "hall.light", False)]


def test_every_report_after_which_it_holds_sets_it_off_but_a_change_only_once() -> None:
    plain = house_of(smart(rule(when(than("greaterThan", FREEZER, 4), [ON])), HOUSE))
    change = house_of(smart(rule(when({"changes": than("greaterThan", FREEZER, 4)}, [ON])), HOUSE))
    for house, times in ((plain, 2), (change, 1)):
        for temperature in (1, 5, 6, 2):
            house.says("garage.freezer", temperature=temperature)
        assert len(house.sent) == times


def test_then_and_else_follow_a_door() -> None:
    house = house_of(smart(rule(when(equals(DOOR, "open"), [ON], [OFF])), HOUSE))
    for is_open in (False, True, False):
        house.says("garage.door", open=is_open)
    assert house.did() == [(0, "hall.light", True), (0, "hall.light", False)]


def test_and_holds_whichever_comes_last() -> None:
    both = {"and": [equals(MOTION, "active"), than("lessThan", LUX, 30)]}
    house = house_of(smart(rule(when(both, [ON])), HOUSE))
    house.says("hall.motion", occupied=False)
    house.says("hall.lux", illuminance=50)
    house.says("hall.motion", occupied=True)
    assert house.sent == []
    house.says("hall.lux", illuminance=10)
    assert house.did() == [(0, "hall.light", True)]


def test_what_remains_for_a_time() -> None:
    house = house_of(
        smart(rule(when({"remains": {**equals(DOOR, "open"), "duration": lasting(5, "Minute")}}, [ON])), HOUSE)
    )
    house.says("garage.door", open=False)
    house.says("garage.door", open=True)
    house.wait(200)
    house.says("garage.door", open=False)
    house.says("garage.door", open=True)
    house.wait(299)
    assert house.sent == []
    house.wait(2)
    assert house.did() == [(500, "hall.light", True)]


def test_the_mode_and_the_button() -> None:
    house = house_of(
        smart([rule(when(equals(MODE, "Night"), [OFF])), rule(when(equals(BUTTON, "pushed"), [ON], [OFF]))], HOUSE)
    )
    house.mode("night")
    house.presses("sofa.remote", Press.SINGLE)
    house.presses("sofa.remote", Press.HOLD)
    assert house.did() == [(0, "hall.light", False), (0, "hall.light", True), (0, "hall.light", False)]
