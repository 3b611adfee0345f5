"""What leaves the house, and what does not."""

from hubagent.model.capabilities.table import CAPABILITIES
from hubagent.model.capability import Kind
from hubagent.model.event import InterviewProgressed
from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.translation import ALARMS, MEASUREMENTS, PRIVATE, told, told_state


def test_every_alarm_is_a_flag_that_some_device_has() -> None:
    flags = {it.name for one in CAPABILITIES.values() for it in one.attributes if it.kind is Kind.FLAG}
    assert flags >= ALARMS


def test_capabilities_that_are_measured_or_private_exist_and_are_told_apart() -> None:
    assert set(CAPABILITIES) >= MEASUREMENTS | PRIVATE
    assert not MEASUREMENTS & PRIVATE


def test_numbers_that_go_on_and_on_are_measurements() -> None:
    """Whoever adds a sensor's capability is asked here whether it is one."""
    set_by_people_or_few = {
        "on_off",
        "level_control",
        "color_control",
        "window_covering",
        "door_lock",
        "thermostat",
        "fan_control",
        "occupancy_sensing",
        "boolean_state",
        "smoke_co_alarm",
        "switch",
        "power_source",
        "identify",
        "configuration",
    }
    assert set(CAPABILITIES) - MEASUREMENTS == set_by_people_or_few


def test_a_leak_is_an_alarm_and_a_door_is_none() -> None:
    assert told_state("d", "boolean_state", {"leak": True})[0] is MessageClass.ALARM
    assert told_state("d", "boolean_state", {"open": True})[0] is MessageClass.EVENT


def test_how_the_hub_works_inside_is_not_told() -> None:
    assert told(InterviewProgressed("d", "step", 1, 2)) is None
