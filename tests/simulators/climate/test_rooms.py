from simulators.climate.plan import RoomPlan
from simulators.climate.rooms import Room, lit
from simulators.devices.switch import Switch


def test_lamps_light_a_room_at_night() -> None:
    room, lamp = Room(RoomPlan.model_validate({"name": "room"})), Switch()
    room.put_up(lamp)
    lamp.switch(True)
    assert room.light > 100
    assert lit([lamp, Switch()]) == 1
