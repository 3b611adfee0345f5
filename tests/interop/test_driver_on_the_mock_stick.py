"""Our driver on zwave-js' own mock stick: other people's stick and nodes, nothing of them written by us."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from drivers.serial_port import open_serial_port
from drivers.zwave.kind import KIND, ZwaveSettings
from hubagent.model.capabilities.color_control import MoveToHueSaturation
from hubagent.model.capabilities.configuration import SetParameter
from hubagent.model.capabilities.door_lock import ClearUserCode, LockDoor, SetUserCode
from hubagent.model.capabilities.level_control import MoveToLevel
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capabilities.switch import Press
from hubagent.model.capabilities.thermostat import SetHeatingSetpoint, SetThermostatMode
from hubagent.model.capabilities.window_covering import GoToPosition
from hubagent.model.capability import Command, Value
from hubagent.model.device import DeviceId, Presence
from hubagent.model.driver import Driver
from hubagent.model.event import ButtonPressed, CommandAnswered, DeviceSilent, DriverCondition, Outcome
from hubagent.runtime import real_runtime
from tests.helpers.driver_run import DriverRun, running
from tests.helpers.memory_records import MemoryRecords
from tests.interop.zwave_js.mock_stick import Kind, MockStick, mock_stick

pytestmark = [pytest.mark.interop, pytest.mark.real_time]

ALWAYS_HEARING = [kind for kind in Kind if kind not in (Kind.SLEEPER, Kind.JOINING)]
INTERVIEWS_S = 60.0
REQUEST_NODE_INFO = 0x60
NO_MORE_INFORMATION = "8408"

_KNOWN = MemoryRecords()
"""What the first full interview found out; the nodes are the same in every test."""


def driver_on(stick: MockStick, records: MemoryRecords | None = None) -> Driver:
    return KIND.make(ZwaveSettings(port=stick.url), real_runtime(open_serial_port), records or MemoryRecords())


def as_kept(records: MemoryRecords) -> MemoryRecords:
    """What another process would read: what JSON can say."""
    return MemoryRecords(json.loads(json.dumps(records.records)))


async def all_interviewed(home: DriverRun) -> None:
    for kind in ALWAYS_HEARING:
        await home.becomes(kind.device, Presence.READY, INTERVIEWS_S)
    await home.becomes(Kind.SLEEPER.device, Presence.ASLEEP, INTERVIEWS_S)


async def interviewed(stick: MockStick) -> MemoryRecords:
    """What is known of the nodes after their interview, as another process would read it."""
    if not _KNOWN.records:
        async with running(driver_on(stick, _KNOWN)) as home:
            await home.ready()
            await stick.wake(Kind.SLEEPER)
            await all_interviewed(home)
    return as_kept(_KNOWN)


CAPABILITIES: dict[Kind, set[str]] = {
    Kind.SWITCH: {"on_off"},
    Kind.DIMMER: {"on_off", "level_control"},
    Kind.LOCK: {"door_lock", "power_source"},
    Kind.THERMOSTAT: {"thermostat", "temperature_measurement"},
    Kind.ROOM_SENSOR: {
        "occupancy_sensing",
        "temperature_measurement",
        "illuminance_measurement",
        "relative_humidity_measurement",
    },
    Kind.MOTION: {"occupancy_sensing"},
    Kind.DOOR: {"boolean_state"},
    Kind.LEAK: {"boolean_state"},
    Kind.SMOKE: {"smoke_co_alarm"},
    Kind.SLEEPER: {"temperature_measurement", "power_source", "configuration"},
    Kind.STRIP: {"on_off"},
    Kind.LAMP: {"on_off", "level_control", "color_control"},
    Kind.BLIND: {"window_covering"},
    Kind.PLUG: {"on_off", "electrical_power_measurement", "electrical_energy_measurement"},
    Kind.REMOTE: {"switch"},
}

STATE_GETS = frozenset(
    # Get of Binary and Multilevel Switch, Color Switch, Window Covering, Door Lock, Thermostat Mode and Setpoint,
    # Multilevel and Binary Sensor, Notification, Meter, Battery; the buttons of a Central Scene.
    ("2502", "2602", "3303", "6a03", "6202", "4002", "4302", "3104", "3002", "7104", "3201", "8002", "5b01")
)

# What each node is asked to do, the bytes that it must get for it (SDS13781), and what it then reports.
WISHES: list[tuple[Kind, DeviceId, Command, str, dict[str, Value]]] = [
    (Kind.SWITCH, Kind.SWITCH.device, SwitchOnOff(True), "2501ff", {"on_off.on": True}),
    (Kind.DIMMER, Kind.DIMMER.device, MoveToLevel(40), "260128", {"level_control.level": 40, "on_off.on": True}),
    (Kind.DIMMER, Kind.DIMMER.device, SwitchOnOff(False), "260100", {"level_control.level": 0, "on_off.on": False}),
    (Kind.LOCK, Kind.LOCK.device, LockDoor(True), "6201ff", {"door_lock.locked": True}),
    (Kind.LOCK, Kind.LOCK.device, SetUserCode(1, "2468"), "6301010132343638", {}),
    (Kind.LOCK, Kind.LOCK.device, ClearUserCode(1), "63010100", {}),
    (Kind.THERMOSTAT, Kind.THERMOSTAT.device, SetThermostatMode("heat"), "400101", {"thermostat.mode": "heat"}),
    (
        Kind.THERMOSTAT,
        Kind.THERMOSTAT.device,
        SetHeatingSetpoint(21.5),
        "430101" + "22" + "00d7",
        {"thermostat.heating_setpoint": 21.5},
    ),
    (Kind.STRIP, Kind.STRIP.part(2), SwitchOnOff(True), "600d0002" + "2501ff", {"on_off.on": True}),
    (
        Kind.LAMP,
        Kind.LAMP.device,
        MoveToHueSaturation(120, 100),
        "3305" + "04" + "0000" + "0200" + "03ff" + "0400",
        {"color_control.hue": 120, "color_control.saturation": 100},
    ),
    (Kind.BLIND, Kind.BLIND.device, GoToPosition(50), "6a05010d32", {"window_covering.position": 50}),
    (Kind.PLUG, Kind.PLUG.device, SwitchOnOff(True), "2501ff", {"on_off.on": True}),
]

# What each node says of itself, and what that means.
REPORTS: list[tuple[Kind, DeviceId, str, dict[str, Value]]] = [
    (Kind.SWITCH, Kind.SWITCH.device, "2503ffff00", {"on_off.on": True}),
    (Kind.DIMMER, Kind.DIMMER.device, "2603636300", {"on_off.on": True, "level_control.level": 100}),
    (Kind.LOCK, Kind.LOCK.device, "6203ff0001fefe", {"door_lock.locked": True, "door_lock.door_open": False}),
    (Kind.LOCK, Kind.LOCK.device, "8003ff", {"power_source.battery_low": True}),
    (Kind.THERMOSTAT, Kind.THERMOSTAT.device, "3105012200e1", {"temperature_measurement.temperature": 22.5}),
    (Kind.THERMOSTAT, Kind.THERMOSTAT.device, "400302", {"thermostat.mode": "cool"}),
    (Kind.ROOM_SENSOR, Kind.ROOM_SENSOR.device, "3003ff0c", {"occupancy_sensing.occupied": True}),
    (Kind.ROOM_SENSOR, Kind.ROOM_SENSOR.device, "3105030a01f4", {"illuminance_measurement.illuminance": 500}),
    (Kind.ROOM_SENSOR, Kind.ROOM_SENSOR.device, "3105050137", {"relative_humidity_measurement.humidity": 55}),
    (Kind.MOTION, Kind.MOTION.device, "7105000000ff070800", {"occupancy_sensing.occupied": True}),
    (Kind.MOTION, Kind.MOTION.device, "7105000000ff07000108", {"occupancy_sensing.occupied": False}),
    (Kind.DOOR, Kind.DOOR.device, "7105000000ff061600", {"boolean_state.open": True}),
    (Kind.DOOR, Kind.DOOR.device, "7105000000ff061700", {"boolean_state.open": False}),
    (Kind.LEAK, Kind.LEAK.device, "7105000000ff050200", {"boolean_state.leak": True}),
    (Kind.SMOKE, Kind.SMOKE.device, "7105000000ff010200", {"smoke_co_alarm.smoke": True}),
    (Kind.STRIP, Kind.STRIP.part(1), "600d0100" + "2503ff", {"on_off.on": True}),
    (Kind.BLIND, Kind.BLIND.device, "6a040d636300", {"window_covering.position": 100}),
    (Kind.PLUG, Kind.PLUG.device, "32022132026700" + "00", {"electrical_power_measurement.power": 61.5}),
]


async def test_every_node_is_interviewed_to_the_end_and_asked_nothing_twice(tmp_path: Path) -> None:
    records = MemoryRecords()
    async with mock_stick(tmp_path) as stick, running(driver_on(stick, records)) as home:
        await home.ready()
        await stick.wake(Kind.SLEEPER)
        await all_interviewed(home)
        _KNOWN.records.update(records.records)
        assert {kind: set(home.devices[kind.device].capabilities) for kind in CAPABILITIES} == CAPABILITIES
        assert home.states[Kind.ROOM_SENSOR.device]["temperature_measurement.temperature"] == 19.25
        asked = Counter(await stick.all_heard())
        # How many buttons it has is found out, and read again as its state.
        del asked[Kind.REMOTE, "5b01"]
        assert [question for question, times in asked.items() if times > 1] == []
        assert stick.troubles() == []


async def test_a_restart_asks_for_nothing_but_the_present_state(tmp_path: Path) -> None:
    async with mock_stick(tmp_path) as stick:
        records = await interviewed(stick)
        await stick.forget()
        async with running(driver_on(stick, as_kept(records))) as home:
            await home.ready()
            await home.reports(Kind.SWITCH.device, {"on_off.on": False})
            await home.reports(Kind.REMOTE.device, {"switch.buttons": 3})
            assert {device.presence for device in home.devices.values()} == {Presence.READY, Presence.ASLEEP}
            asked = {command.removeprefix("600d0001").removeprefix("600d0002")[:4] for command in await stick.heard()}
            assert asked <= STATE_GETS
            assert REQUEST_NODE_INFO not in await stick.functions()


async def test_every_wish_reaches_its_node_in_the_right_bytes_and_is_confirmed_by_it(tmp_path: Path) -> None:
    async with mock_stick(tmp_path) as stick:
        records = await interviewed(stick)
        async with running(driver_on(stick, records)) as home:
            await home.ready()
            for kind, device, wish, expected, values in WISHES:
                await stick.forget()
                answer = await home.does(device, wish)
                assert (answer.outcome, answer.detail) == (Outcome.CONFIRMED, ""), answer
                assert any(expected in command for command in await stick.heard(kind)), (wish, await stick.heard(kind))
                assert values.items() <= home.states[device].items(), (wish, home.states[device])
            assert stick.troubles() == []


async def test_every_report_is_understood(tmp_path: Path) -> None:
    async with mock_stick(tmp_path) as stick:
        records = await interviewed(stick)
        async with running(driver_on(stick, records)) as home:
            await home.ready()
            for kind, device, command, values in REPORTS:
                home.events.clear()
                await stick.says(kind, command)
                await home.has_reported(device, values)
            # Sequence 1: button 2 is pressed once; the same sequence again is the same press.
            for command in ("5b03010002", "5b03010002", "5b03020303"):
                await stick.says(Kind.REMOTE, command)
            await home.until(lambda: len(home.all(ButtonPressed)) == 2)
            assert [(press.button, press.press) for press in home.all(ButtonPressed)] == [
                (2, Press.SINGLE),
                (3, Press.DOUBLE),
            ]


async def test_a_wish_for_a_sleeping_node_goes_out_when_it_wakes_up(tmp_path: Path) -> None:
    async with mock_stick(tmp_path, Kind.SLEEPER) as stick, running(driver_on(stick)) as home:
        await home.ready()
        await stick.wake(Kind.SLEEPER)
        await home.becomes(Kind.SLEEPER.device, Presence.ASLEEP)
        assert (await stick.heard(Kind.SLEEPER))[-1] == NO_MORE_INFORMATION
        await stick.forget()
        waiting = await home.does(Kind.SLEEPER.device, SetParameter(1, 2))
        assert waiting.outcome is Outcome.WAITING
        assert await stick.heard() == []
        await stick.wake(Kind.SLEEPER)
        await home.until(lambda: len(home.all(CommandAnswered)) == 1)
        assert home.all(CommandAnswered)[0].outcome is Outcome.CONFIRMED
        await stick.hears(Kind.SLEEPER, NO_MORE_INFORMATION)
        heard = await stick.heard(Kind.SLEEPER)
        assert heard[0] == "7004010102"
        assert heard.index(NO_MORE_INFORMATION) == len(heard) - 1


async def test_a_dead_node_is_known_to_be_dead_and_revived_by_its_own_word(tmp_path: Path) -> None:
    async with mock_stick(tmp_path, Kind.SWITCH, Kind.DIMMER) as stick, running(driver_on(stick)) as home:
        await home.becomes(Kind.SWITCH.device, Presence.READY)
        await home.becomes(Kind.DIMMER.device, Presence.READY)
        await stick.deafen(Kind.SWITCH)
        silent = await home.does(Kind.SWITCH.device, SwitchOnOff(True))
        assert silent.outcome is Outcome.UNREACHABLE
        assert home.devices[Kind.SWITCH.device].presence is Presence.DEAD
        assert [event.device for event in home.all(DeviceSilent)] == [Kind.SWITCH.device]
        assert (await home.does(Kind.DIMMER.device, MoveToLevel(20))).outcome is Outcome.CONFIRMED
        await stick.cure(Kind.SWITCH)
        await stick.says(Kind.SWITCH, "2503000000")
        await home.becomes(Kind.SWITCH.device, Presence.READY)
        assert (await home.does(Kind.SWITCH.device, SwitchOnOff(True))).outcome is Outcome.CONFIRMED


async def test_the_stick_is_found_again_after_it_was_unplugged(tmp_path: Path) -> None:
    async with mock_stick(tmp_path, Kind.SWITCH) as stick, running(driver_on(stick)) as home:
        await home.becomes(Kind.SWITCH.device, Presence.READY)
        await home.reports(Kind.SWITCH.device, {"on_off.on": False})
        await stick.pull()
        await home.until(lambda: home.condition is DriverCondition.TROUBLED)
        asked_meanwhile = home.wish(Kind.SWITCH.device, SwitchOnOff(True))
        await stick.plug()
        await home.ready()
        assert (await asked_meanwhile).outcome is Outcome.CONFIRMED
        assert (await home.does(Kind.SWITCH.device, SwitchOnOff(False))).outcome is Outcome.CONFIRMED


async def test_a_supervised_command_that_its_node_rejects_is_refused(tmp_path: Path) -> None:
    async with mock_stick(tmp_path, Kind.LOCK) as stick, running(driver_on(stick)) as home:
        await home.becomes(Kind.LOCK.device, Presence.READY)
        await stick.forget()
        answer = await home.does(Kind.LOCK.device, SetUserCode(6, "2468"))
        assert answer.outcome is Outcome.REFUSED
        assert "FAIL" in answer.detail
        # Supervision Get, any session with status updates, eight bytes: User Code Set (SDS13783, Supervision).
        supervised = re.compile("6c01" + "[89ab]." + "08" + "6301060132343638")
        assert len([command for command in await stick.heard(Kind.LOCK) if supervised.fullmatch(command)]) == 1


async def test_a_node_is_included_and_interviewed(tmp_path: Path) -> None:
    async with mock_stick(tmp_path, Kind.SWITCH) as stick, running(driver_on(stick)) as home:
        await home.becomes(Kind.SWITCH.device, Presence.READY)
        await stick.join()
        steps = [step async for step in home.driver.pair({}, 30.0)]
        assert (steps[-1].step, steps[-1].ok, steps[-1].final) == ("done", True, True), steps
        assert steps[-1].device == Kind.JOINING.device
        await home.becomes(Kind.JOINING.device, Presence.READY)
        assert (await home.does(Kind.JOINING.device, SwitchOnOff(True))).outcome is Outcome.CONFIRMED
