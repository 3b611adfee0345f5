"""What a simulated node keeps without power, through a restart of the world and through a power cut."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.zigbee.wire import Record
from drivers.zigbee.zcl.attribute_records import REPORTED, AttributeValue, Reporting, ReportingAsked
from drivers.zigbee.zcl.cluster import frame_of
from drivers.zigbee.zcl.clusters.basic import BASIC
from drivers.zigbee.zcl.clusters.door_lock import DOOR_LOCK
from drivers.zigbee.zcl.clusters.door_lock_users import GetPin, GetPinResponse, SetPin, UserStatus, UserType
from drivers.zigbee.zcl.clusters.groups import AddGroup, ViewGroup, ViewGroupResponse
from drivers.zigbee.zcl.clusters.ias_zone import (
    IAS_ZONE,
    EnrollResponseCode,
    InitiateTestMode,
    ZoneEnrollRequest,
    ZoneEnrollResponse,
    ZoneState,
    ZoneStatus,
    ZoneStatusChangeNotification,
)
from drivers.zigbee.zcl.clusters.identify import IDENTIFY, Identify
from drivers.zigbee.zcl.clusters.metering import METERING
from drivers.zigbee.zcl.clusters.on_off import ON_OFF, OnWithTimedOff, Toggle
from drivers.zigbee.zcl.clusters.poll_control import POLL_CONTROL, CheckIn, SetLongPollInterval
from drivers.zigbee.zcl.clusters.scenes import RecallScene, StoreScene, ViewScene
from drivers.zigbee.zcl.clusters.window_covering import GoToLiftPercentage
from drivers.zigbee.zcl.data_types import Value, is_analog
from drivers.zigbee.zcl.foundation import (
    ConfigureReporting,
    ConfigureReportingResponse,
    ReadReportingConfiguration,
    WriteAttributes,
    WriteAttributesResponse,
)
from drivers.zigbee.zcl.status import ZclStatus
from drivers.zigbee.zdo.binding import MgmtBindReq
from simulators.devices.blind import Blind
from simulators.devices.device import Battery, Device
from simulators.devices.dimmer import Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.sensors import DoorSensor, MotionSensor, SmokeAlarm
from simulators.devices.siren import Siren
from simulators.devices.switch import Switch
from simulators.devices.thermostat import Thermostat
from simulators.zigbee.clusters.ota_upgrade import OtaUpgradeClient
from simulators.zigbee.clusters.poll_control import QUARTERS_A_SECOND
from simulators.zigbee.clusters.side import Side
from simulators.zigbee.endpoint import EndPoint
from simulators.zigbee.faces import FILE_VERSION, Label, dress
from simulators.zigbee.rolling_counter import STEP, RollingCounter
from simulators.zigbee.snapshot import read_snapshot
from simulators.zigbee.snapshot_node import snapshot_node
from tests.simulators.zigbee.on_air import COORDINATOR_EUI64, OnAir, on_air
from tests.simulators.zigbee.test_faces import DEVICES
from tests.simulators.zigbee.test_snapshot import FILES, FOLDER, real

OK = ZclStatus.SUCCESS
OF_THE_MOMENT = {("identify", "identify_time"), ("on_off", "on_time"), ("on_off", "off_wait_time")}
"""Attributes that are written and not kept."""
Make = Callable[[asyncio.AbstractEventLoop], Device]


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def _made(make: Make) -> tuple[Device, OnAir]:
    device = make(_loop())
    return device, on_air(device)


def _restarted(make: Make, device: Device, air: OnAir) -> tuple[Device, OnAir]:
    """Another such device, with the memory of the first, as a file keeps it."""
    kept = json.loads(json.dumps({"device": device.kept(), "node": air.node.kept()}))
    another = make(_loop())
    node = dress(_loop(), another, Label("hall.light", "0001"))
    another.restore(kept["device"])
    node.restore(kept["node"])
    return another, OnAir(node)


def _cut(air: OnAir) -> None:
    air.node.lose_power()
    air.heard()
    air.node.power_returned()


# --- all of them


def _sides(air: OnAir) -> Iterator[tuple[EndPoint, Side]]:
    for endpoint in air.node.endpoints.values():
        for side in endpoint.sides():
            if side.is_server:
                yield endpoint, side


def _other_values(value: Value) -> tuple[Value, ...]:
    match value:
        case bool():
            return (not value,)
        case int():
            return (value + 1, value - 1, value ^ 3, 0, 1, 3, 4, 4 * 3600)
        case str():
            return ("attic",)
        case None:
            return (1, 0)
    return ()


def _write_everything(air: OnAir) -> dict[tuple[int, str, str], Value]:
    """Another value into all that can be written: what is there then."""
    written = {}
    for endpoint, side in _sides(air):
        for attribute in side.attributes:
            if attribute.write is None:
                continue
            definition, before = attribute.definition, attribute.read()
            for value in _other_values(before):
                question = WriteAttributes((AttributeValue(definition.id, definition.type_id, value),))
                try:
                    answer = air.ask(side.cluster.id, question, endpoint=endpoint.number, profile=endpoint.profile)
                except (OverflowError, ValueError):
                    continue
                if answer == WriteAttributesResponse() and attribute.read() != before:
                    break
            else:
                pytest.fail(f"{side.cluster.name}.{definition.name} can be written, and cannot be another")
            if (side.cluster.name, definition.name) not in OF_THE_MOMENT:
                written[endpoint.number, side.cluster.name, definition.name] = attribute.read()
    # One may have changed another.
    return _values(air, written)


def _values(air: OnAir, of: dict[tuple[int, str, str], Value]) -> dict[tuple[int, str, str], Value]:
    return {
        key: attribute.read()
        for endpoint, side in _sides(air)
        for attribute in side.attributes
        if (key := (endpoint.number, side.cluster.name, attribute.definition.name)) in of
    }


def _configure_everything(air: OnAir) -> None:
    for endpoint, side in _sides(air):
        for number, attribute in enumerate(it for it in side.attributes if it.reportable):
            definition = attribute.definition
            # Some are never to be reported.
            when = (0, 0xFFFF) if number % 3 == 2 else (7, 700)
            record = Reporting(definition.id, definition.type_id, *when, 3 if is_analog(definition.type_id) else None)
            answer = air.ask(
                side.cluster.id, ConfigureReporting((record,)), endpoint=endpoint.number, profile=endpoint.profile
            )
            assert answer == ConfigureReportingResponse()
        if len(air.node.bindings.all) < 10:
            air.bind(side.cluster.id, endpoint=endpoint.number)


def _configurations(air: OnAir) -> list[Record | None]:
    asked = [
        (endpoint, side, ReadReportingConfiguration((ReportingAsked(REPORTED, attribute.definition.id),)))
        for endpoint, side in _sides(air)
        for attribute in side.attributes
    ]
    return [
        air.ask(side.cluster.id, it, endpoint=endpoint.number, profile=endpoint.profile) for endpoint, side, it in asked
    ]


@pytest.mark.parametrize("kind", DEVICES)
async def test_what_was_written_configured_and_bound_is_there_after_a_restart(kind: str) -> None:
    device, air = _made(DEVICES[kind])
    written = _write_everything(air)
    _configure_everything(air)
    configured, bindings = _configurations(air), air.zdo(MgmtBindReq())
    _, again = _restarted(DEVICES[kind], device, air)
    assert _values(again, written) == written
    assert _configurations(again) == configured
    assert again.zdo(MgmtBindReq()) == bindings
    assert again.node.kept()["endpoints"] == air.node.kept()["endpoints"]


@pytest.mark.parametrize("kind", DEVICES)
async def test_likewise_after_a_power_cut(kind: str) -> None:
    _, air = _made(DEVICES[kind])
    written = _write_everything(air)
    _configure_everything(air)
    configured, bindings = _configurations(air), air.zdo(MgmtBindReq())
    _cut(air)
    assert _values(air, written) == written
    assert _configurations(air) == configured
    assert air.zdo(MgmtBindReq()) == bindings


@pytest.mark.parametrize("kind", DEVICES)
async def test_who_left_has_forgotten_it(kind: str) -> None:
    _, air = _made(DEVICES[kind])
    factory = _made(DEVICES[kind])[1].node.kept()
    _write_everything(air)
    _configure_everything(air)
    assert air.node.kept()["endpoints"] != factory["endpoints"]
    air.leave()
    now = air.node.kept()
    assert (now["endpoints"], now["bindings"]) == (factory["endpoints"], [])


@pytest.mark.parametrize("path", FILES, ids=[it.stem for it in FILES])
async def test_a_captured_device_keeps_what_was_written_configured_and_bound(path: Path) -> None:
    snapshot = read_snapshot(path)
    air = OnAir(snapshot_node(_loop(), snapshot))
    written = {
        (endpoint.number, side.cluster.name, attribute.definition.name): attribute.read()
        for endpoint, side in _sides(air)
        for attribute in side.attributes
        if attribute.write is not None and attribute.write(attribute.read()) == OK
    }
    _configure_everything(air)
    configured, bindings = _configurations(air), air.zdo(MgmtBindReq())
    node = snapshot_node(_loop(), snapshot)
    node.restore(json.loads(json.dumps(air.node.kept())))
    again = OnAir(node)
    assert {key: value for key, value in _values(again, written).items() if key[1:] not in OF_THE_MOMENT} == {
        key: value for key, value in written.items() if key[1:] not in OF_THE_MOMENT
    }
    assert _configurations(again) == configured
    assert again.zdo(MgmtBindReq()) == bindings


@real
async def test_a_captured_zone_stays_enrolled() -> None:
    snapshot = read_snapshot(FOLDER / "samjin-multi.json")
    air = OnAir(snapshot_node(_loop(), snapshot))
    assert air.write(IAS_ZONE, "ias_cie_address", COORDINATOR_EUI64) == OK
    air.command(ZoneEnrollResponse(EnrollResponseCode.SUCCESS, 5))
    node = snapshot_node(_loop(), snapshot)
    node.restore(json.loads(json.dumps(air.node.kept())))
    again = OnAir(node)
    assert again.read(IAS_ZONE, "zone_state") == ZoneState.ENROLLED
    assert again.read(IAS_ZONE, "zone_id") == 5
    assert again.read(IAS_ZONE, "ias_cie_address") == COORDINATOR_EUI64


# --- one by one


async def test_groups_and_scenes_are_there_after_a_restart() -> None:
    device, air = _made(Blind)
    air.command(AddGroup(7, "shade"))
    air.command(GoToLiftPercentage(30))
    await asyncio.sleep(60)
    air.command(StoreScene(7, 2))
    before = air.command(ViewScene(7, 2))
    another, again = _restarted(Blind, device, air)
    assert again.command(ViewGroup(7)) == ViewGroupResponse(OK, 7, "shade")
    assert again.command(ViewScene(7, 2)) == before
    again.command(RecallScene(7, 2))
    await asyncio.sleep(60)
    assert isinstance(another, Blind)
    assert round(another.position) == 70


async def test_a_zone_is_enrolled_still_and_says_how_things_are_when_its_power_is_back() -> None:
    def door(_: asyncio.AbstractEventLoop) -> Device:
        return DoorSensor(battery=Battery())

    device, air = _made(door)
    assert air.write(IAS_ZONE, "ias_cie_address", COORDINATOR_EUI64) == OK
    air.command(ZoneEnrollResponse(EnrollResponseCode.SUCCESS, 23))
    another, again = _restarted(door, device, air)
    assert again.read(IAS_ZONE, "zone_state") == ZoneState.ENROLLED
    again.heard()
    again.node.power_returned()
    assert ZoneStatusChangeNotification(0, 0, 23, 0) in again.commands()
    assert isinstance(another, DoorSensor)
    another.set_open(True)
    assert again.commands() == [ZoneStatusChangeNotification(ZoneStatus.ALARM_1, 0, 23, 0)]


async def test_an_alarm_during_a_power_cut_is_told_after_it_and_not_before() -> None:
    alarm = SmokeAlarm(_loop(), battery=Battery())
    air = on_air(alarm)
    air.write(IAS_ZONE, "ias_cie_address", COORDINATOR_EUI64)
    air.command(ZoneEnrollResponse(EnrollResponseCode.SUCCESS, 1))
    air.command(InitiateTestMode(60, 0))
    air.heard()
    air.node.lose_power()
    alarm.set_smoke(True)
    await asyncio.sleep(100)
    assert air.heard() == []
    air.node.power_returned()
    told = [it for it in air.commands() if isinstance(it, ZoneStatusChangeNotification)]
    assert told == [ZoneStatusChangeNotification(ZoneStatus.ALARM_1, 0, 1, 0)]


async def test_a_zone_whose_enrolment_was_cut_short_asks_for_it_again() -> None:
    air = on_air(DoorSensor(battery=Battery()))
    air.write(IAS_ZONE, "ias_cie_address", COORDINATOR_EUI64)
    air.node.lose_power()
    await asyncio.sleep(10)
    assert air.heard() == []
    air.node.power_returned()
    assert any(isinstance(it, ZoneEnrollRequest) for it in air.commands())


async def test_poll_control_goes_on_as_it_was_set() -> None:
    def motion(loop: asyncio.AbstractEventLoop) -> Device:
        return MotionSensor(loop, battery=Battery())

    device, air = _made(motion)
    air.bind(POLL_CONTROL.id)
    assert air.write(POLL_CONTROL, "check_in_interval", 1200 * QUARTERS_A_SECOND) == OK
    air.command(SetLongPollInterval(20 * QUARTERS_A_SECOND))
    _, again = _restarted(motion, device, air)
    await asyncio.sleep(100)
    assert again.node.poll_interval_s == 20
    again.heard()
    await asyncio.sleep(1050)
    assert CheckIn() not in again.commands()
    await asyncio.sleep(100)
    assert CheckIn() in again.commands()


async def test_a_lock_knows_its_codes_and_a_thermostat_what_was_wanted_of_it() -> None:
    lock, air = _made(Lock)
    air.command(SetPin(3, UserStatus.OCCUPIED_ENABLED, UserType.UNRESTRICTED, b"1234"))
    _, again = _restarted(Lock, lock, air)
    answer = again.command(GetPin(3))
    assert isinstance(answer, GetPinResponse)
    assert answer.code == b"1234"
    assert again.read(DOOR_LOCK, "lock_state") == air.read(DOOR_LOCK, "lock_state")

    thermostat, _ = _made(DEVICES["thermostat"])
    assert isinstance(thermostat, Thermostat)
    thermostat.act({"setpoint": 23.5})
    thermostat.set_mode("eco")
    another = DEVICES["thermostat"](_loop())
    another.restore(json.loads(json.dumps(thermostat.kept())))
    assert isinstance(another, Thermostat)
    assert (another.mode, another.setpoints) == (thermostat.mode, thermostat.setpoints)


async def test_a_meter_does_not_count_anew_and_a_siren_is_as_loud() -> None:
    def plug(loop: asyncio.AbstractEventLoop) -> Device:
        return MeteringPlug(loop, load_w=1000, on=True)

    device, air = _made(plug)
    await asyncio.sleep(36)
    _, again = _restarted(plug, device, air)
    assert again.read(METERING, "current_summation_delivered") == 10
    siren = Siren(_loop())
    siren.volume, siren.default_tone = 80, 2
    another = Siren(_loop())
    another.restore(siren.kept())
    assert (another.volume, another.default_tone) == (80, 2)


async def test_firmware_that_was_installed_still_runs() -> None:
    device, air = _made(lambda _: Switch())
    ota = air.node.endpoints[1].client(0x0019)
    assert isinstance(ota, OtaUpgradeClient)
    ota.restore({"file_version": FILE_VERSION + 0x0102})
    _, again = _restarted(lambda _: Switch(), device, air)
    assert again.read(BASIC, "sw_build_id") == "1.0.258"


async def test_what_is_under_way_ends_with_the_power() -> None:
    lamp = Dimmer(_loop())
    air = on_air(lamp)
    air.command(Identify(60))
    air.command(OnWithTimedOff(0, 300, 300))
    assert lamp.identifying
    assert air.read(ON_OFF, "on_time")
    _cut(air)
    assert not lamp.identifying
    assert air.read(IDENTIFY, "identify_time") == 0
    assert (air.read(ON_OFF, "on_time"), air.read(ON_OFF, "off_wait_time")) == (0, 0)
    await asyncio.sleep(60)
    assert lamp.on


async def test_without_power_nothing_is_reported_and_with_it_all_that_is_bound() -> None:
    switch = Switch()
    air = on_air(switch)
    air.report(ON_OFF, "on_off", 0, 60)
    air.node.lose_power()
    switch.press()
    await asyncio.sleep(1000)
    assert air.heard() == []
    air.node.power_returned()
    assert air.reports(ON_OFF) == [{"on_off": True}]
    await asyncio.sleep(61)
    assert air.reports(ON_OFF) == [{"on_off": True}]


async def test_the_same_frame_is_heard_anew_after_a_power_cut() -> None:
    """What was heard a moment ago is only in RAM."""
    switch = Switch()
    air = on_air(switch)
    toggle = frame_of(1, Toggle())
    air.tell(ON_OFF.id, toggle)
    air.count = lambda: 1  # type: ignore[method-assign]
    air.tell(ON_OFF.id, toggle)
    assert switch.on
    _cut(air)
    air.tell(ON_OFF.id, toggle)
    assert not switch.on


async def test_the_numbers_of_transactions_go_on_after_a_restart() -> None:
    device, air = _made(lambda _: Switch())
    said = [air.node.next_sequence() for _ in range(5)]
    _, again = _restarted(lambda _: Switch(), device, air)
    assert (again.node.next_sequence() - said[-1]) % 256 in range(1, STEP + 2)


def test_a_counter_is_ahead_of_all_that_it_counted_since_it_was_written() -> None:
    counter = RollingCounter(250)
    for _ in range(600):
        value = counter.next()
        again = RollingCounter()
        again.restore(counter.kept)
        assert (again.next() - value) % 256 in range(1, STEP + 2)
    with pytest.raises(ValueError, match="is no byte"):
        counter.restore(256)


async def test_a_damaged_memory_is_noticed() -> None:
    _, air = _made(Dimmer)
    air.write(ON_OFF, "start_up_on_off", 1)
    damaged = air.node.kept()
    damaged["endpoints"]["1"]["server 0x0006"]["kept"]["start_up_on_off"] = "77"
    node = dress(_loop(), Dimmer(_loop()), Label())
    with pytest.raises(ValueError, match="cannot have been written"):
        node.restore(damaged)
