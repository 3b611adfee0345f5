import pytest
from pydantic import ValidationError

from simulators.climate.daylight import sky
from simulators.climate.plan import RoomPlan, WindowPlan
from simulators.climate.rooms import Room, lit
from simulators.climate.sun import SunPosition
from simulators.devices.dimmer import Dimmer
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.switch import Switch
from simulators.openings import Window
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


@pytest.mark.parametrize("table", [{"area": 0.5}, {"plan": [0.0, 0.0, 0.1, 0.1]}])
def test_no_room_is_brighter_than_its_windows(table: dict[str, object]) -> None:
    windows = [WindowPlan.model_validate({"area": 50.0})] * 2
    room = Room(RoomPlan.model_validate({"name": "room", **table}), [Window(it) for it in windows])
    noon = sky(SunPosition(elevation=40.0, azimuth=180.0), 0.0)
    room.see(noon)
    assert 0 < room.light < noon.on_window(180.0)


@pytest.mark.parametrize("area", [0.0, 1e-290, 0.49])
def test_a_room_has_room_for_somebody(area: float) -> None:
    with pytest.raises(ValidationError, match=r"greater than or equal to 0\.5"):
        _room(area=area)


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
