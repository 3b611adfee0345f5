from simulators.climate.rooms import Climate, Room, lit
from simulators.devices.room_air import RoomAir
from simulators.devices.switch import Switch

NOON_S = 12 * 3600.0


def _after(hours: int, room: Room, *, outside: float = 10.0, time_of_day: float = NOON_S) -> RoomAir:
    climate = Climate({"room": room}, outside, lambda: time_of_day)
    for _ in range(hours * 60):
        climate.step(60)
    return room.air


def test_a_room_without_heating_cools_towards_the_weather() -> None:
    assert 12 < _after(12, Room(RoomAir(temperature=25))).temperature < 14


def test_a_heated_room_stays_as_much_warmer_as_its_heating_is_strong() -> None:
    room = Room(RoomAir(temperature=20))
    room.air.heating_power_w = 400
    warm = _after(48, room).temperature
    assert 9.9 < warm - _after(48, Room(RoomAir(temperature=20))).temperature < 10.1


def test_it_is_dark_at_night_but_for_the_lamps() -> None:
    lamp = Switch()
    room = Room(RoomAir(), [lamp])
    assert _after(1, room, time_of_day=0.0).illuminance == 0
    lamp.switch(True)
    assert _after(1, room, time_of_day=0.0).illuminance > 100
    assert lit([lamp, Switch()]) == 1


def test_the_sun_lights_a_room_at_noon() -> None:
    assert _after(1, Room(RoomAir(illuminance=0))).illuminance > 300
