"""What is known of values that no rule read when they were reported."""

from tests.hubagent.rules.a_house import House

LIGHT = """
[[rule]]
name = "light"
when = "hall.motion becomes occupied"
do = [{ set = "hall.light", on = true }]
"""


def test_a_rule_that_comes_later_hears_the_next_change_of_what_was_reported_before() -> None:
    house = House("")
    house.says("hall.motion", occupied=False)
    house.reload(LIGHT)
    house.says("hall.motion", occupied=True)
    assert house.did() == [(0.0, "hall.light", True)]


def test_what_is_only_remembered_is_no_state_to_change_from() -> None:
    house = House("")
    house.says("hall.motion", occupied=False)
    house.reboot()
    house.reload(LIGHT)
    house.says("hall.motion", occupied=True)
    assert house.did() == []


def test_nothing_is_known_of_a_device_that_was_silent_before_a_rule_came() -> None:
    house = House("")
    house.says("hall.motion", occupied=False)
    house.silent("hall.motion")
    house.reload(LIGHT)
    house.says("hall.motion", occupied=True)
    assert house.did() == []
