"""The home: what changes a state, what a name is, and who hears of it in which order."""

from dataclasses import replace
from typing import Any

import pytest

from hubagent.home import BadName, Home, Previous, UnknownDevice
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.device import Device, Presence
from hubagent.model.event import (
    Cause,
    CommandSent,
    DeviceChanged,
    DeviceJoined,
    DeviceLeft,
    DeviceSilent,
    DriverCondition,
    DriverStatus,
    Event,
    StateReported,
)
from tests.helpers.fake_driver import lamp, motion
from tests.helpers.memory_records import MemoryRecords, memory_home_records

WALL = 1_800_000_000.0


def a_home(*devices: Device, **shelves: Any) -> Home:
    home = Home(lambda: WALL, memory_home_records(**shelves))
    for device in devices:
        home.apply(DeviceJoined(device))
    return home


def said(device: str, **values: Any) -> StateReported:
    return StateReported(device, "on_off", values, received_at=0.0)


def changes(home: Home) -> list[tuple[Event, Previous]]:
    heard: list[tuple[Event, Previous]] = []
    home.listen(lambda event, previous: heard.append((event, previous)))
    return heard


def test_a_report_is_what_the_state_is() -> None:
    home = a_home(lamp())
    home.apply(said("fake-1", on=True))
    reading = home.state("fake-1")["on_off"]["on"]
    assert (reading.value, reading.as_of, reading.fresh) == (True, WALL, True)


def test_sending_a_command_changes_no_state() -> None:
    home = a_home(lamp())
    home.apply(said("fake-1", on=False))
    home.apply(CommandSent("fake-1", SwitchOnOff(on=True), Cause("api"), None))
    assert home.state("fake-1")["on_off"]["on"].value is False


def test_the_first_report_is_no_change() -> None:
    home = a_home(lamp())
    heard = changes(home)
    home.apply(said("fake-1", on=True))
    assert [previous for _, previous in heard] == [{}]


def test_a_report_of_another_value_tells_what_was_before() -> None:
    home = a_home(lamp())
    home.apply(said("fake-1", on=True))
    heard = changes(home)
    home.apply(said("fake-1", on=False))
    home.apply(said("fake-1", on=False))
    assert [previous for _, previous in heard] == [{"on": True}, {}]


def test_what_comes_after_unknown_is_no_change() -> None:
    home = a_home(lamp())
    home.apply(said("fake-1", on=None))
    heard = changes(home)
    home.apply(said("fake-1", on=True))
    assert [previous for _, previous in heard] == [{}]


def test_a_value_that_cannot_be_is_dropped_and_the_others_are_kept() -> None:
    home = a_home(lamp())
    home.apply(StateReported("fake-1", "power_source", {"battery": 255, "battery_low": True}, 0.0))
    assert {name: reading.value for name, reading in home.state("fake-1")["power_source"].items()} == {
        "battery_low": True
    }


def test_a_report_of_a_stranger_is_dropped() -> None:
    home = a_home(lamp())
    heard = changes(home)
    home.apply(said("fake-99", on=True))
    home.apply(StateReported("fake-1", "no_such_capability", {"on": True}, 0.0))
    assert heard == []


def test_listeners_hear_events_in_the_order_of_their_happening() -> None:
    home = a_home(lamp(), motion())
    sent = CommandSent("fake-1", SwitchOnOff(on=True), Cause("rule:x"), 0.001)
    report = StateReported("fake-2", "occupancy_sensing", {"occupied": True}, 0.0)
    heard: list[Event] = []

    def rules(event: Event, _previous: Previous) -> None:
        if event == report:
            home.apply(sent)

    home.listen(rules)
    home.listen(lambda event, _previous: heard.append(event))
    home.apply(report)
    assert heard == [report, sent]


def test_names_are_unique_whatever_drivers_propose() -> None:
    home = a_home(lamp(1, "lamp"), lamp(2, "lamp"), lamp(3, "Lamp"))
    assert [device.name for device in home.devices.values()] == ["lamp", "lamp 2", "Lamp 3"]


def test_a_name_stays_with_its_device_when_others_come_first_after_a_restart() -> None:
    names = MemoryRecords()
    a_home(lamp(1, "lamp"), lamp(2, "lamp"), names=names)
    again = Home(lambda: WALL, memory_home_records(names=names))
    again.restore(frozenset({"fake"}))
    again.apply(DeviceJoined(lamp(2, "lamp")))
    again.apply(DeviceJoined(lamp(1, "lamp")))
    assert again.devices["fake-1"].name == "lamp"
    assert again.devices["fake-2"].name == "lamp 2"


def test_a_better_proposal_is_taken_until_a_person_chose_a_name() -> None:
    home = a_home(lamp(1, "node 1"))
    home.apply(DeviceChanged(lamp(1, "Dimmer 2")))
    assert home.devices["fake-1"].name == "Dimmer 2"
    home.rename("fake-1", "hall")
    home.apply(DeviceChanged(lamp(1, "Dimmer 3")))
    assert home.devices["fake-1"].name == "hall"


def test_a_rename_is_on_disk_when_it_returns() -> None:
    names = MemoryRecords()
    home = a_home(lamp(), names=names)
    home.rename("fake-1", "desk")
    assert names.flushes == 1
    assert names.records["fake-1"]["name"] == "desk"


@pytest.mark.parametrize("name", ["", " lamp", "a\nb", "7", "x" * 65, "hall.motion", "HALL.motion", "fake-2"])
def test_a_name_that_would_not_work_is_refused(name: str) -> None:
    home = a_home(lamp(), motion())
    with pytest.raises(BadName):
        home.rename("fake-1", name)
    assert home.devices["fake-1"].name == "hall.light"


def test_a_device_may_be_renamed_to_its_own_name_in_another_case() -> None:
    home = a_home(lamp())
    home.rename("fake-1", "Hall.Light")
    assert home.resolve("hall.light").name == "Hall.Light"


@pytest.mark.parametrize("text", ["fake-1", "hall.light", "HALL.LIGHT", "1", "fake:1", "hall.l"])
def test_a_device_goes_by(text: str) -> None:
    assert a_home(lamp(), motion()).resolve(text).id == "fake-1"


def test_an_ambiguous_text_names_the_candidates() -> None:
    with pytest.raises(UnknownDevice, match="fake-1 or fake-2"):
        a_home(lamp(), motion()).resolve("hall")


def test_an_unknown_device_comes_with_what_is_near() -> None:
    with pytest.raises(UnknownDevice, match=r"did you mean hall\.light"):
        a_home(lamp(), motion()).resolve("hal.light")


def test_the_old_name_goes_with_a_rename() -> None:
    home = a_home(lamp())
    home.rename("fake-1", "desk")
    assert home.named("hall.light") is None
    assert home.named("desk") is not None


def test_the_start_that_a_device_shares_with_its_parts_means_the_device() -> None:
    strip = lamp(4, "strip")
    part = replace(strip, id="fake-4/1", name="strip 1", parent="fake-4")
    assert a_home(strip, part).resolve("stri").id == "fake-4"


def test_restored_values_are_shown_with_their_time_but_are_no_edge() -> None:
    states, devices = MemoryRecords(), MemoryRecords()
    a_home(lamp(), states=states, devices=devices).apply(said("fake-1", on=False))
    again = Home(lambda: WALL + 60, memory_home_records(states=states, devices=devices))
    again.restore(frozenset({"fake"}))
    reading = again.state("fake-1")["on_off"]["on"]
    assert (reading.value, reading.as_of, reading.fresh) == (False, WALL, False)
    heard = changes(again)
    again.apply(said("fake-1", on=True))
    assert heard[0][1] == {}
    assert again.state("fake-1")["on_off"]["on"].fresh


def test_devices_of_drivers_that_are_not_configured_are_not_restored() -> None:
    devices = MemoryRecords()
    a_home(lamp(), devices=devices)
    again = Home(lambda: WALL, memory_home_records(devices=devices))
    again.restore(frozenset({"other"}))
    assert dict(again.devices) == {}
    assert "fake-1" in devices.records


def test_what_a_driver_did_not_find_again_is_hidden_but_keeps_its_name() -> None:
    devices, names = MemoryRecords(), MemoryRecords()
    a_home(lamp(), motion(), devices=devices, names=names).rename("fake-1", "desk")
    again = Home(lambda: WALL, memory_home_records(devices=devices, names=names))
    again.restore(frozenset({"fake"}))
    again.apply(DeviceJoined(motion()))
    again.apply(DriverStatus("fake", DriverCondition.READY))
    assert list(again.devices) == ["fake-2"]
    again.apply(DeviceJoined(lamp()))
    assert again.devices["fake-1"].name == "desk"


def test_what_a_driver_did_not_find_again_has_left_for_everybody_before_the_driver_is_ready() -> None:
    devices, states = MemoryRecords(), MemoryRecords()
    strip = lamp(4, "strip")
    part = replace(strip, id="fake-4/1", name="strip 1", parent="fake-4")
    home = a_home(strip, part, motion(), devices=devices, states=states)
    home.apply(said("fake-4/1", on=True))
    again = Home(lambda: WALL, memory_home_records(devices=devices, states=states))
    again.restore(frozenset({"fake"}))
    again.apply(DeviceJoined(motion()))
    heard = changes(again)
    there: list[list[str]] = []
    again.listen(lambda _event, _previous: there.append(sorted(again.devices)))
    ready = DriverStatus("fake", DriverCondition.READY)
    for _ in range(2):
        again.apply(ready)
    assert [event for event, _ in heard] == [DeviceLeft("fake-4/1"), DeviceLeft("fake-4"), ready, ready]
    assert there == [["fake-2"]] * 4, "whoever is told of one finds none of them"
    assert "fake-4" in devices.records


def test_everybody_is_told_of_who_left_by_the_same_event() -> None:
    devices = MemoryRecords()
    a_home(lamp(), devices=devices)
    again = Home(lambda: WALL, memory_home_records(devices=devices))
    again.restore(frozenset({"fake"}))
    one, other = changes(again), changes(again)
    again.apply(DriverStatus("fake", DriverCondition.READY))
    assert one[0][0] == DeviceLeft("fake-1")
    assert [id(event) for event, _ in one] == [id(event) for event, _ in other]


def test_who_left_takes_its_parts_along_for_everybody() -> None:
    strip = lamp(4, "strip")
    part = replace(strip, id="fake-4/1", name="strip 1", parent="fake-4")
    home = a_home(strip, part)
    heard = changes(home)
    home.apply(DeviceLeft("fake-4"))
    assert [event for event, _ in heard] == [DeviceLeft("fake-4/1"), DeviceLeft("fake-4")]


def test_who_left_is_forgotten_with_its_parts() -> None:
    shelves = {"devices": MemoryRecords(), "names": MemoryRecords(), "states": MemoryRecords()}
    strip = lamp(4, "strip")
    part = replace(strip, id="fake-4/1", name="strip 1", parent="fake-4")
    home = a_home(strip, part, **shelves)
    home.apply(said("fake-4/1", on=True))
    home.apply(DeviceLeft("fake-4"))
    assert dict(home.devices) == {}
    assert [shelf.records for shelf in shelves.values()] == [{}, {}, {}]


def test_a_silent_device_is_dead_and_keeps_what_it_said_last() -> None:
    home = a_home(lamp())
    home.apply(said("fake-1", on=True))
    home.apply(DeviceSilent("fake-1"))
    assert home.devices["fake-1"].presence is Presence.DEAD
    assert home.state("fake-1")["on_off"]["on"].value is True


def test_a_report_that_changes_nothing_is_not_written_again() -> None:
    states = MemoryRecords()
    home = a_home(lamp(), states=states)
    for _ in range(5):
        home.apply(said("fake-1", on=True))
    assert states.puts == ["fake-1"]


def test_who_wakes_and_sleeps_costs_the_disk_nothing() -> None:
    devices = MemoryRecords()
    home = a_home(lamp(), devices=devices)
    for presence in (Presence.ASLEEP, Presence.READY, Presence.ASLEEP):
        home.apply(DeviceChanged(lamp(presence=presence)))
    assert devices.puts == ["fake-1"]
    assert home.devices["fake-1"].presence is Presence.ASLEEP


def test_a_device_that_was_known_is_not_called_unknown_until_its_driver_is_back() -> None:
    devices = MemoryRecords()
    a_home(lamp(), replace(motion(), presence=Presence.INTERVIEWING), devices=devices)
    again = Home(lambda: 2.0, memory_home_records(devices=devices))
    again.restore(frozenset({"fake"}))
    assert again.devices["fake-1"].presence is Presence.READY
    assert again.devices["fake-2"].presence is Presence.INTERVIEWING
