import asyncio

from simulators.climate.plan import WindowPlan
from simulators.devices.lock import Lock
from simulators.devices.sensors import DoorSensor
from simulators.openings import Passages, Window


def test_a_door_with_a_contact_is_open_as_the_contact_says_and_one_without_as_it_was_left() -> None:
    passages = Passages([("hall", "living")])
    door = passages.make(("living", "hall"))
    door.set_open(True)
    assert door.open
    contact = DoorSensor()
    told = passages.make(("hall", "outside"))
    told.contacts.append(contact)
    told.set_open(True)
    assert contact.open
    contact.set_open(False)
    assert not told.open


def test_a_window_is_its_contact_where_it_has_one() -> None:
    window = Window(WindowPlan.model_validate({}))
    window.set_open(True)
    assert window.open
    window.contact = DoorSensor()
    assert not window.open
    window.set_open(True)
    assert window.contact.open


async def test_all_locks_of_a_way_are_turned_together() -> None:
    loop = asyncio.get_running_loop()
    passage = Passages([]).make(("hall", "outside"))
    passage.locks += [Lock(loop, locked=True), Lock(loop, locked=False)]
    assert passage.locked
    passage.turn_locks(False)
    assert not passage.locked


def test_rooms_are_beside_one_another_both_ways() -> None:
    passages = Passages([("hall", "living"), ("outside", "hall")])
    assert passages.beside("hall") == ["living", "outside"]
    assert passages.beside("living") == ["hall"]
    assert passages.between("living", "outside") is None
