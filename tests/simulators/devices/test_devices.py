"""What a hand can do to each device, and what an eye sees then. How they speak is in `tests/simulators/zwave`."""

import asyncio

import pytest

from simulators.devices.blind import Blind
from simulators.devices.device import Battery, CannotDo, Device
from simulators.devices.dimmer import RED, ColorLamp, Dimmer
from simulators.devices.lock import Cause, Code, Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.remote import Remote
from simulators.devices.room_air import ClimateSensor, RoomAir
from simulators.devices.sensors import DoorSensor, LeakSensor, MotionSensor, SmokeAlarm
from simulators.devices.siren import Siren
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Mode, Thermostat


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def _changes(device: Device) -> list[str]:
    changes: list[str] = []
    device.listen(changes.append)
    return changes


def test_a_switch_tells_of_a_change_and_not_of_none() -> None:
    switch = Switch()
    changes = _changes(switch)
    switch.act({"on": True})
    switch.act({"on": True})
    switch.press()
    assert changes == ["on", "on"]
    assert not switch.on


def test_of_several_settings_none_is_made_when_one_cannot_be() -> None:
    sensor = DoorSensor(battery=Battery())
    with pytest.raises(CannotDo, match="no hand sets 'colour'; there is battery, open"):
        sensor.act({"open": True, "colour": "red"})
    with pytest.raises(CannotDo, match="open takes a bool, not 3"):
        sensor.act({"battery": 50, "open": 3})
    assert (sensor.open, sensor.battery and sensor.battery.level) == (False, 100.0)


def test_a_battery_is_low_from_fifteen_percent_on() -> None:
    sensor = LeakSensor(battery=Battery())
    changes = _changes(sensor)
    sensor.act({"battery": 16})
    assert sensor.battery is not None
    assert not sensor.battery.low
    sensor.act({"battery": 15})
    assert sensor.battery.low
    assert changes == ["battery", "battery"]


def test_a_device_on_mains_has_no_battery_to_set() -> None:
    with pytest.raises(CannotDo, match="battery"):
        LeakSensor().act({"battery": 16})


async def test_a_dimmer_is_halfway_at_half_the_time() -> None:
    dimmer = Dimmer(_loop(), ramp_s=4)
    dimmer.press()
    await asyncio.sleep(2)
    assert (dimmer.level, dimmer.target, dimmer.remaining_s) == (50.0, 100.0, 2.0)
    dimmer.stop()
    await asyncio.sleep(10)
    assert dimmer.level == 50.0


async def test_a_dimmer_switched_off_on_its_way_comes_back_to_where_it_was() -> None:
    dimmer = Dimmer(_loop(), ramp_s=4)
    dimmer.go_to(80)
    await asyncio.sleep(1)
    dimmer.switch(False)
    assert dimmer.last_on_level == 20.0
    await asyncio.sleep(5)
    dimmer.switch(True)
    assert dimmer.target == 20.0


async def test_a_dimmer_turned_round_on_its_way_starts_from_where_it_is() -> None:
    dimmer = Dimmer(_loop(), ramp_s=4)
    changes = _changes(dimmer)
    dimmer.go_to(100)
    await asyncio.sleep(1)
    dimmer.go_to(0, 2)
    await asyncio.sleep(1)
    assert dimmer.level == 12.5
    await asyncio.sleep(1.1)
    assert (dimmer.level, changes) == (0.0, ["level"])


async def test_colours_move_each_by_itself_and_are_told_when_all_have_arrived() -> None:
    lamp = ColorLamp(_loop(), ramp_s=1)
    changes = _changes(lamp)
    lamp.color({RED: 255, "blue": 100}, 2)
    await asyncio.sleep(1)
    assert lamp.component(RED).value == 127.5
    await asyncio.sleep(1.1)
    assert changes == ["color"]


async def test_a_blind_travels_at_its_own_speed_and_stops_for_a_hand() -> None:
    blind = Blind(_loop(), travel_s=20, position=100)
    blind.press("down")
    await asyncio.sleep(5)
    blind.press("stop")
    assert blind.position == 75.0
    blind.act({"position": 80})
    await asyncio.sleep(1.1)
    assert not blind.moving
    with pytest.raises(CannotDo, match="up, down and stop"):
        blind.press("sideways")


async def test_a_lock_needs_the_right_code_and_a_keypad_that_works() -> None:
    lock = Lock(_loop())
    lock.codes[1] = Code("4711")
    lock.codes[2] = Code("1234", enabled=False)
    changes = _changes(lock)
    for digits in (1234, 9999):
        lock.act({"code": digits})
    lock.keypad_enabled = False
    lock.act({"code": 4711})
    await asyncio.sleep(2)
    assert (lock.locked, changes) == (True, ["wrong_code"] * 3)
    lock.keypad_enabled = True
    lock.act({"code": 4711})
    await asyncio.sleep(2)
    assert (lock.locked, lock.cause, lock.last_user) == (False, Cause.KEYPAD, 1)


async def test_a_locked_door_cannot_be_opened() -> None:
    lock = Lock(_loop(), locked=True)
    with pytest.raises(CannotDo, match="it is locked"):
        lock.act({"open": True})
    lock.act({"locked": False})
    lock.act({"open": True})
    assert (lock.door_open, lock.cause) == (True, Cause.HAND)


async def test_a_lock_locks_again_by_itself() -> None:
    lock = Lock(_loop())
    lock.drive(False, Cause.RADIO, relock_after_s=30)
    await asyncio.sleep(20)
    assert not lock.locked
    await asyncio.sleep(13)
    assert (lock.locked, lock.cause) == (True, Cause.ITSELF)


async def test_motion_counts_from_the_last_movement() -> None:
    sensor = MotionSensor(_loop(), clear_after_s=10)
    sensor.see_motion()
    await asyncio.sleep(9)
    sensor.see_motion()
    await asyncio.sleep(9)
    assert sensor.occupied
    await asyncio.sleep(2)
    assert not sensor.occupied


async def test_a_smoke_alarm_tests_itself_for_a_while() -> None:
    alarm = SmokeAlarm(_loop())
    changes = _changes(alarm)
    alarm.press()
    assert alarm.testing
    await asyncio.sleep(6)
    assert (alarm.testing, alarm.smoke, changes) == (False, False, ["testing", "testing"])


def test_a_thermostat_heats_between_its_limits_and_not_when_it_is_off() -> None:
    room = RoomAir(temperature=20)
    thermostat = Thermostat(room, power_w=1000)
    heated = []
    for temperature in (20.8, 20.6, 20.9, 21.1, 20.8):
        room.become(temperature=temperature)
        heated.append(thermostat.heating)
    assert heated == [False, True, True, False, False]
    room.become(temperature=10)
    assert room.heating_power_w == 1000
    thermostat.act({"mode": Mode.OFF.value})
    assert room.heating_power_w == 0


def test_everything_in_a_room_measures_the_same_air() -> None:
    room = RoomAir()
    sensor, other = ClimateSensor(room), ClimateSensor(room)
    changes = _changes(other)
    sensor.act({"temperature": 25.26, "humidity": 61.4})
    assert (other.temperature, other.humidity, changes) == (25.3, 61, ["temperature", "humidity"])


async def test_a_plug_counts_only_what_it_lets_through() -> None:
    plug = MeteringPlug(_loop(), load_w=1000)
    await asyncio.sleep(3600)
    plug.act({"on": True})
    await asyncio.sleep(1800)
    plug.act({"load": 2000})
    await asyncio.sleep(1800)
    plug.act({"on": False})
    await asyncio.sleep(3600)
    assert plug.energy_kwh == pytest.approx(1.5)
    assert plug.power_w == 0


async def test_a_held_button_is_told_again_until_it_is_released() -> None:
    remote = Remote(_loop(), buttons=2)
    done: list[tuple[int, str]] = []
    remote.listen(lambda _: done.append(remote.done))
    remote.press("2", "hold")
    await asyncio.sleep(0.5)
    remote.press("1", "release")
    await asyncio.sleep(5)
    assert done == [(2, "hold"), (2, "hold"), (2, "hold"), (2, "release")]
    with pytest.raises(CannotDo, match="numbered 1 to 2"):
        remote.press("3")
    with pytest.raises(CannotDo, match="tickle"):
        remote.press("1", "tickle")


async def test_a_siren_falls_silent_when_its_tone_is_over() -> None:
    siren = Siren(_loop())
    siren.act({"tone": 2})
    await asyncio.sleep(3.9)
    assert siren.tone == 2
    await asyncio.sleep(0.2)
    assert siren.tone == 0
    with pytest.raises(CannotDo, match="no tone 9"):
        siren.play(9)


def test_each_outlet_of_a_strip_has_its_own_button() -> None:
    strip = PowerStrip(3)
    changes = _changes(strip)
    strip.press("2")
    assert [outlet.on for outlet in strip.outlets] == [False, True, False]
    assert changes == ["on:2"]
    with pytest.raises(CannotDo, match="1 to 3"):
        strip.press("4")
