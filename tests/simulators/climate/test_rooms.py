from simulators.climate.plan import RoomPlan
from simulators.climate.rooms import Room, lit
from simulators.devices.dimmer import Dimmer
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.switch import Switch
from simulators.virtual_time import VirtualTimeLoop


def _room(**table: object) -> Room:
    return Room(RoomPlan.model_validate({"name": "room", **table}))


def test_lamps_light_a_room_and_a_large_one_less() -> None:
    small, large, lamp = _room(area=10.0), _room(area=40.0), Switch(on=True)
    small.put_up(lamp)
    large.put_up(lamp)
    assert small.light > 200
    assert 50 < large.light < 100
    assert lit([lamp, Switch()]) == 1


def test_a_lamp_that_is_switched_is_seen_when_it_is_told() -> None:
    room, lamp, seen = _room(), Switch(), list[str]()
    room.put_up(lamp)
    room.air.become(illuminance=0.0)
    room.air.listen(seen.append)
    lamp.switch(True)
    room.tell_light()
    assert seen == ["illuminance"]
    assert room.air.illuminance > 100


def test_a_plug_is_no_lamp() -> None:
    loop, room = VirtualTimeLoop(), _room()
    room.put_up(MeteringPlug(loop, on=True))
    room.put_up(Dimmer(loop))
    loop.close()
    assert room.light == 0


def test_a_plan_says_how_large_a_room_is_unless_its_area_does() -> None:
    assert _room(plan=[0.0, 0.0, 4.0, 5.0]).area_m2 == 20
    assert _room(plan=[0.0, 0.0, 4.0, 5.0], area=12.0).area_m2 == 12
    assert _room().area_m2 == 16
