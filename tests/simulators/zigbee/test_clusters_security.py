"""IAS Zone and IAS WD (ZCL8, 8.2 and 8.4)."""

import asyncio

import pytest

from drivers.zigbee.zcl.cluster import frame_of
from drivers.zigbee.zcl.clusters.ias_wd import (
    IAS_WD,
    SirenLevel,
    Squawk,
    SquawkInfo,
    SquawkMode,
    StartWarning,
    WarningInfo,
    WarningMode,
)
from drivers.zigbee.zcl.clusters.ias_zone import (
    IAS_ZONE,
    EnrollResponseCode,
    InitiateNormalOperationMode,
    InitiateNormalOperationModeResponse,
    InitiateTestMode,
    InitiateTestModeResponse,
    ZoneEnrollRequest,
    ZoneEnrollResponse,
    ZoneState,
    ZoneStatus,
    ZoneStatusChangeNotification,
    ZoneType,
)
from drivers.zigbee.zcl.foundation import DefaultResponse
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.device import Battery, Device
from simulators.devices.sensors import DoorSensor, LeakSensor, SmokeAlarm
from simulators.devices.siren import Siren
from simulators.zigbee.faces import MANUFACTURER_CODE
from tests.simulators.zigbee.on_air import COORDINATOR_EUI64, OnAir, on_air

OK = ZclStatus.SUCCESS
ZONE = 23


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def _enrolled(device: Device) -> OnAir:
    air = on_air(device)
    assert air.write(IAS_ZONE, "ias_cie_address", COORDINATOR_EUI64) == OK
    assert air.command(ZoneEnrollResponse(EnrollResponseCode.SUCCESS, ZONE)) == DefaultResponse(0, OK)
    air.heard()
    return air


def _statuses(air: OnAir) -> list[int]:
    return [it.zone_status for it in air.commands() if isinstance(it, ZoneStatusChangeNotification)]


async def test_a_zone_asks_to_be_enrolled_once_its_centre_is_written() -> None:
    """ZCL8, 8.2, auto-enroll-request."""
    air = on_air(DoorSensor(battery=Battery()))
    assert air.read(IAS_ZONE, "zone_state") == ZoneState.NOT_ENROLLED
    assert air.read(IAS_ZONE, "zone_id") is None
    air.write(IAS_ZONE, "ias_cie_address", COORDINATOR_EUI64)
    assert air.heard() == []
    await asyncio.sleep(1)
    (said,) = air.heard()
    assert said.command == ZoneEnrollRequest(ZoneType.CONTACT_SWITCH, MANUFACTURER_CODE)
    assert (said.message.destination, said.frame.from_server) == (0, True)
    assert air.command(ZoneEnrollResponse(EnrollResponseCode.SUCCESS, ZONE)) == DefaultResponse(0, OK)
    assert air.read(IAS_ZONE, "zone_state") == ZoneState.ENROLLED
    assert air.read(IAS_ZONE, "zone_id") == ZONE
    assert air.read(IAS_ZONE, "ias_cie_address") == COORDINATOR_EUI64


async def test_a_response_that_nobody_asked_for_enrols_as_well() -> None:
    """ZCL8, 8.2, auto-enroll-response."""
    air = _enrolled(DoorSensor(battery=Battery()))
    assert air.read(IAS_ZONE, "zone_state") == ZoneState.ENROLLED
    await asyncio.sleep(10)
    assert air.heard() == []


async def test_a_zone_that_is_tripped_asks_to_be_enrolled() -> None:
    """ZCL8, 8.2, trip-to-pair."""
    sensor = DoorSensor(battery=Battery())
    air = on_air(sensor)
    air.write(IAS_ZONE, "ias_cie_address", COORDINATOR_EUI64)
    await asyncio.sleep(1)
    air.command(ZoneEnrollResponse(EnrollResponseCode.TOO_MANY_ZONES, 0))
    assert air.read(IAS_ZONE, "zone_state") == ZoneState.NOT_ENROLLED
    air.heard()
    sensor.set_open(True)
    assert air.commands() == [ZoneEnrollRequest(ZoneType.CONTACT_SWITCH, MANUFACTURER_CODE)]
    air.command(ZoneEnrollResponse(EnrollResponseCode.SUCCESS, ZONE))
    assert _statuses(air) == [ZoneStatus.ALARM_1]


async def test_a_zone_without_a_centre_says_nothing_and_obeys_nobody() -> None:
    """ZCL8, 8.2: only its centre enrols a zone."""
    sensor = DoorSensor(battery=Battery())
    air = on_air(sensor)
    sensor.set_open(True)
    assert air.heard() == []
    refused = air.command(ZoneEnrollResponse(EnrollResponseCode.SUCCESS, ZONE))
    assert refused == DefaultResponse(0, ZclStatus.NOT_AUTHORIZED)
    air.write(IAS_ZONE, "ias_cie_address", COORDINATOR_EUI64)
    frame = frame_of(1, ZoneEnrollResponse(EnrollResponseCode.SUCCESS, ZONE))
    (said,) = air.tell(IAS_ZONE.id, frame, source=0x4444)
    assert said.command == DefaultResponse(0, ZclStatus.NOT_AUTHORIZED)


async def test_another_centre_is_another_enrolment() -> None:
    """ZCL8, 8.2, IAS_CIE_Address."""
    sensor = DoorSensor(battery=Battery())
    air = _enrolled(sensor)
    air.write(IAS_ZONE, "ias_cie_address", COORDINATOR_EUI64)
    assert air.read(IAS_ZONE, "zone_state") == ZoneState.ENROLLED
    air.write(IAS_ZONE, "ias_cie_address", 0xABC)
    assert air.read(IAS_ZONE, "zone_state") == ZoneState.NOT_ENROLLED
    sensor.set_open(True)
    await asyncio.sleep(10)
    assert air.heard() == []


async def test_a_door_tells_its_centre_at_once() -> None:
    """ZCL8, 8.2, Zone Status Change Notification."""
    sensor = DoorSensor(battery=Battery())
    air = _enrolled(sensor)
    sensor.set_open(True)
    (said,) = air.heard()
    assert said.command == ZoneStatusChangeNotification(ZoneStatus.ALARM_1, 0, ZONE, 0)
    assert not said.frame.disable_default_response
    assert air.read(IAS_ZONE, "zone_status") == ZoneStatus.ALARM_1
    sensor.set_open(False)
    assert _statuses(air) == [0]


async def test_a_low_battery_is_a_bit_of_the_status() -> None:
    """ZCL8, 8.2, ZoneStatus."""
    sensor = LeakSensor(battery=Battery())
    air = _enrolled(sensor)
    assert air.read(IAS_ZONE, "zone_type") == ZoneType.WATER_SENSOR
    sensor.discharge_to(5)
    sensor.set_wet(True)
    assert _statuses(air) == [ZoneStatus.BATTERY_LOW, ZoneStatus.BATTERY_LOW | ZoneStatus.ALARM_1]


async def test_a_smoke_alarm_tells_a_test_from_smoke() -> None:
    """ZCL8, 8.2, ZoneStatus."""
    alarm = SmokeAlarm(_loop(), battery=Battery())
    air = _enrolled(alarm)
    assert air.read(IAS_ZONE, "zone_type") == ZoneType.FIRE_SENSOR
    alarm.press()
    alarm.set_smoke(True)
    await asyncio.sleep(6)
    assert _statuses(air) == [ZoneStatus.TEST, ZoneStatus.TEST | ZoneStatus.ALARM_1, ZoneStatus.ALARM_1]


async def test_a_zone_is_put_into_test_mode_for_a_while() -> None:
    """ZCL8, 8.2, Initiate Test Mode."""
    air = _enrolled(DoorSensor(battery=Battery()))
    assert air.command(InitiateTestMode(10, 0)) == InitiateTestModeResponse()
    assert _statuses(air) == [ZoneStatus.TEST]
    await asyncio.sleep(11)
    assert _statuses(air) == [0]
    air.command(InitiateTestMode(10, 0))
    assert air.command(InitiateNormalOperationMode()) == InitiateNormalOperationModeResponse()
    assert air.read(IAS_ZONE, "zone_status") == 0


async def test_who_left_is_enrolled_nowhere() -> None:
    sensor = DoorSensor(battery=Battery())
    air = _enrolled(sensor)
    air.leave()
    air.join()
    sensor.set_open(True)
    assert air.heard() == []
    assert air.read(IAS_ZONE, "ias_cie_address") == 0


# --- IAS WD


def _warning(mode: int = WarningMode.BURGLAR, seconds: int = 60, level: int = SirenLevel.HIGH) -> StartWarning:
    return StartWarning(WarningInfo(mode, 1, level), seconds, 50, 1)


async def test_a_siren_warns_for_as_long_as_it_was_told() -> None:
    """ZCL8, 8.4, Start Warning."""
    siren = Siren(_loop())
    air = on_air(siren)
    assert air.command(_warning(seconds=45)) == DefaultResponse(0, OK)
    assert (siren.tone, siren.playing_volume) == (3, 75)
    await asyncio.sleep(44)
    assert siren.tone == 3
    await asyncio.sleep(2)
    assert siren.tone == 0


@pytest.mark.parametrize("stop", [_warning(WarningMode.STOP), _warning(seconds=0)])
async def test_a_warning_is_stopped(stop: StartWarning) -> None:
    """ZCL8, 8.4, Start Warning: mode stop, or no time."""
    siren = Siren(_loop())
    air = on_air(siren)
    air.command(_warning())
    air.command(stop)
    assert siren.tone == 0
    await asyncio.sleep(100)
    assert siren.tone == 0


async def test_no_warning_is_longer_than_the_longest() -> None:
    """ZCL8, 8.4, MaxDuration."""
    siren = Siren(_loop())
    air = on_air(siren)
    assert air.read(IAS_WD, "max_duration") == 240
    air.write(IAS_WD, "max_duration", 20)
    air.command(_warning(seconds=1000))
    await asyncio.sleep(21)
    assert siren.tone == 0


async def test_a_squawk_is_short_and_does_not_disturb_a_warning() -> None:
    """ZCL8, 8.4, Squawk."""
    siren = Siren(_loop())
    air = on_air(siren)
    squawk = Squawk(SquawkInfo(SquawkMode.SYSTEM_ARMED, False, SirenLevel.VERY_HIGH))
    assert air.command(squawk) == DefaultResponse(1, OK)
    assert (siren.tone, siren.playing_volume) == (1, 100)
    await asyncio.sleep(5)
    assert siren.tone == 0
    air.command(_warning())
    air.command(squawk)
    assert siren.tone == 3
