"""Invariants about devices that no rule names, and that come and go."""

from dataclasses import replace

import pytest

from hubagent.model.event import DeviceChanged
from tests.hubagent.rules import a_house
from tests.hubagent.rules.a_house import HOUSE, House

LIGHT = """
[[rule]]
name = "light"
when = "sofa.remote button 1 single"
do = [{ set = "hall.light", on = true }]
[[never]]
name = "not while the garage is open"
that = "garage.door is open and hall.light.on"
caused_by = "anybody"
"""
REFUSED = [("light", "never: not while the garage is open")]


def test_what_must_never_be_holds_for_a_device_that_joins_later(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House("")
    door = house.find("garage.door")
    monkeypatch.setattr(a_house, "HOUSE", tuple(one for one in HOUSE if one is not door))
    house = House(LIGHT)
    monkeypatch.undo()
    assert [never.name for never, _ in house.executor.guard.unbound] == ["not while the garage is open"]
    house.joins(door)
    assert house.executor.guard.unbound == []
    house.says("garage.door", open=True)
    house.presses("sofa.remote")
    assert house.did() == []
    assert house.told("refused") == REFUSED


@pytest.mark.parametrize("was_open", [True, False])
def test_a_device_that_left_and_returned_is_judged_by_what_it_says_since(was_open: bool) -> None:
    house = House(LIGHT)
    house.says("garage.door", open=was_open)
    house.left("garage.door")
    assert [never.name for never, _ in house.executor.guard.unbound] == ["not while the garage is open"]
    house.joins(house.find("garage.door"))
    house.says("garage.door", open=not was_open)
    house.presses("sofa.remote")
    assert house.did() == ([(0.0, "hall.light", True)] if was_open else [])
    assert house.told("refused") == ([] if was_open else REFUSED)


def test_what_must_never_be_follows_the_name_that_it_says() -> None:
    house = House(LIGHT)
    house.says("garage.door", open=True)
    house.renamed("garage.door", "old.door")
    house.presses("sofa.remote")
    assert house.did() == [(0.0, "hall.light", True)]
    house.do(DeviceChanged(replace(house.find("garage.door"), name="Garage.Door")))
    house.presses("sofa.remote")
    assert house.told("refused") == REFUSED
