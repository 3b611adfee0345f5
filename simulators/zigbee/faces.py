"""Dresses a physical device as a Zigbee node: which device type, which clusters, and whether it sleeps.

Device types: ZigBee Home Automation 05-3520-29 and ZigBee Lighting & Occupancy 15-0014-05.
"""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from drivers.zigbee.zcl.clusters.basic import PowerSource
from drivers.zigbee.zcl.clusters.ias_zone import ZoneStatus, ZoneType
from drivers.zigbee.zcl.clusters.ota_upgrade import Image
from drivers.zigbee.zdo.descriptors import LogicalType, NodeDescriptor
from simulators.devices.blind import Blind
from simulators.devices.captured import Captured
from simulators.devices.clock import DeviceClock
from simulators.devices.device import Device
from simulators.devices.dimmer import ColorLamp, Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.remote import Remote
from simulators.devices.repeater import Repeater
from simulators.devices.room_air import ClimateSensor
from simulators.devices.sensors import DoorSensor, LeakSensor, MotionSensor, SmokeAlarm
from simulators.devices.siren import Siren
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Thermostat
from simulators.zigbee.clusters.basic import BasicServer, Identity
from simulators.zigbee.clusters.color_control import ColorControlServer
from simulators.zigbee.clusters.diagnostics import DiagnosticsServer
from simulators.zigbee.clusters.door_lock import DoorLockServer
from simulators.zigbee.clusters.electrical_measurement import ElectricalMeasurementServer
from simulators.zigbee.clusters.fan_control import FanControlServer
from simulators.zigbee.clusters.groups import GroupsServer
from simulators.zigbee.clusters.ias_wd import IasWdServer
from simulators.zigbee.clusters.ias_zone import IasZoneServer
from simulators.zigbee.clusters.identify import IdentifyServer
from simulators.zigbee.clusters.illuminance_measurement import IlluminanceMeasurementServer
from simulators.zigbee.clusters.level_control import LevelControlServer
from simulators.zigbee.clusters.metering import MeteringServer
from simulators.zigbee.clusters.occupancy_sensing import OccupancySensingServer
from simulators.zigbee.clusters.on_off import OnOffServer
from simulators.zigbee.clusters.ota_upgrade import OtaUpgradeClient
from simulators.zigbee.clusters.poll_control import PollControlServer
from simulators.zigbee.clusters.power_configuration import PowerConfigurationServer
from simulators.zigbee.clusters.relative_humidity import RelativeHumidityServer
from simulators.zigbee.clusters.remote import BUTTONS_AN_ENDPOINT, ButtonsClient, OnOffClient
from simulators.zigbee.clusters.scenes import ScenesServer
from simulators.zigbee.clusters.side import Side
from simulators.zigbee.clusters.temperature_measurement import TemperatureMeasurementServer
from simulators.zigbee.clusters.thermostat import ThermostatServer
from simulators.zigbee.clusters.thermostat_ui import ThermostatUiServer
from simulators.zigbee.clusters.time import TimeClient
from simulators.zigbee.clusters.window_covering import WindowCoveringServer
from simulators.zigbee.endpoint import EndPoint
from simulators.zigbee.node import BATTERY, MAINS, SimulatedNode
from simulators.zigbee.sleep import LONG_POLL_S, Sleep
from simulators.zigbee.snapshot import read_snapshot
from simulators.zigbee.snapshot_node import snapshot_node

MANUFACTURER_CODE: Final = 0xFFF1
"""One of those that the Connectivity Standards Alliance keeps for tests."""
EUI64_PREFIX: Final = 0x02_48_55
"""Bit 1 of the first byte: locally administered, so that it can be nobody else's (IEEE 802, §8.2.2)."""
FILE_VERSION: Final = 0x01000000
CHECK_IN_S: Final = 600.0
LOCK_LONG_POLL_S: Final = 1.0
"""A lock sleeps, too, and yet nobody wants to wait in front of it."""
_BUFFER_BYTES: Final = 82
_R22: Final = 22 << 9
"""The revision of the specification, in the upper bits of the server mask."""


@dataclass(frozen=True, slots=True)
class Label:
    """What is written on one device. The same label is the same EUI64."""

    name: str = ""
    serial: str = "0"


_Loop = asyncio.AbstractEventLoop
_AnyDevice = TypeVar("_AnyDevice", bound=Device)


@dataclass(frozen=True, slots=True)
class Face:
    model: str
    device_type: int
    product: int
    """The image type of its firmware."""
    sides: Callable[[Device], list[Side]]
    """Of its first endpoint, beside what every endpoint has."""


def eui64_of(label: Label) -> int:
    digest = hashlib.sha256(f"{label.name}\n{label.serial}".encode()).digest()
    return EUI64_PREFIX << 40 | int.from_bytes(digest[:5], "big")


def dress(
    loop: _Loop,
    device: Device,
    label: Label,
    *,
    long_poll_s: float | None = None,
    check_in_s: float = CHECK_IN_S,
    clock: DeviceClock | None = None,
) -> SimulatedNode:
    """The node that `device` is on the air. One with a battery sleeps, polls every `long_poll_s` and checks in every
    `check_in_s` from the factory. A captured one is what its file says; raises SnapshotError then."""
    if isinstance(device, Captured):
        return snapshot_node(loop, read_snapshot(device.file))
    face = FACES[type(device)]
    sleep = None
    if device.battery is not None:
        usual_s = LOCK_LONG_POLL_S if isinstance(device, Lock) else LONG_POLL_S
        sleep = Sleep(loop, long_poll_s=usual_s if long_poll_s is None else long_poll_s)
    parts = _endpoints(device)
    basics = [BasicServer(_identity(device, face, label)) for _ in parts]
    whole = [*_common(device, sleep, check_in_s), *_clients(device, face, basics)]
    endpoints = []
    for number, (part, basic) in enumerate(zip(parts, basics, strict=True), start=1):
        # HA 05-3520-29: Basic and Identify are on every endpoint; what concerns the node is on the first.
        common = [basic, IdentifyServer(device.identify), *(whole if number == 1 else ())]
        endpoints.append(EndPoint(number, face.device_type, [*common, *part.sides], device=part.device))
    return SimulatedNode(
        loop, eui64_of(label), _descriptor(device), endpoints, sleep=sleep, clock=clock, battery=device.battery
    )


def _identity(device: Device, face: Face, label: Label) -> Identity:
    source = PowerSource.MAINS_SINGLE_PHASE if device.battery is None else PowerSource.BATTERY
    return Identity(face.model, source, label.serial, label.name)


def _descriptor(device: Device) -> NodeDescriptor:
    sleeps = device.battery is not None
    return NodeDescriptor(
        logical_type=LogicalType.END_DEVICE if sleeps else LogicalType.ROUTER,
        mac_capability=BATTERY if sleeps else MAINS,
        manufacturer_code=MANUFACTURER_CODE,
        maximum_buffer_size=_BUFFER_BYTES,
        maximum_incoming_transfer_size=_BUFFER_BYTES,
        server_mask=_R22,
        maximum_outgoing_transfer_size=_BUFFER_BYTES,
    )


def _common(device: Device, sleep: Sleep | None, check_in_s: float) -> list[Side]:
    sides: list[Side] = []
    if device.battery is not None:
        sides.append(PowerConfigurationServer(device.battery))
    sides.append(DiagnosticsServer())
    if sleep is not None:
        sides.append(PollControlServer(sleep, check_in_s))
    return sides


def _clients(device: Device, face: Face, basics: list[BasicServer]) -> list[Side]:
    def upgraded(version: int) -> None:
        for basic in basics:
            basic.sw_build_id = f"{version >> 24}.{version >> 16 & 0xFF}.{version & 0xFFFF}"

    ota = OtaUpgradeClient(Image(MANUFACTURER_CODE, face.product, FILE_VERSION), upgraded)
    return [TimeClient(), ota] if isinstance(device, Thermostat) else [ota]


@dataclass(frozen=True, slots=True)
class _Part:
    """What is on one endpoint."""

    device: Device
    sides: list[Side]


def _endpoints(device: Device) -> list[_Part]:
    """The outlets of a strip, and so many buttons of a remote, have an endpoint each."""
    if isinstance(device, PowerStrip):
        return [_Part(it, _switch(it)) for it in device.outlets]
    if isinstance(device, Remote):
        firsts = range(1, device.buttons + 1, BUTTONS_AN_ENDPOINT)
        return [_Part(device, [OnOffClient(), ButtonsClient(device, number)]) for number in firsts]
    return [_Part(device, FACES[type(device)].sides(device))]


# --- the kinds


def _switch(switch: Switch) -> list[Side]:
    return [GroupsServer(), ScenesServer(), OnOffServer(switch)]


def _dimmer(dimmer: Dimmer) -> list[Side]:
    level = LevelControlServer(dimmer)
    return [GroupsServer(), ScenesServer(), OnOffServer(level), level]


def _color_lamp(lamp: ColorLamp) -> list[Side]:
    return [*_dimmer(lamp), ColorControlServer(lamp)]


def _blind(blind: Blind) -> list[Side]:
    return [GroupsServer(), ScenesServer(), WindowCoveringServer(blind)]


def _lock(lock: Lock) -> list[Side]:
    return [GroupsServer(), ScenesServer(), DoorLockServer(lock)]


def _thermostat(thermostat: Thermostat) -> list[Side]:
    return [GroupsServer(), ThermostatServer(thermostat), FanControlServer(thermostat), ThermostatUiServer()]


def _motion(sensor: MotionSensor) -> list[Side]:
    return [OccupancySensingServer(sensor)]


def _zone(kind: ZoneType, alarm: Callable[[], bool], device: Device, test: Callable[[], bool]) -> IasZoneServer:
    def bits() -> int:
        status = ZoneStatus.ALARM_1 if alarm() else ZoneStatus(0)
        if device.battery is not None and device.battery.low:
            status |= ZoneStatus.BATTERY_LOW
        return status | (ZoneStatus.TEST if test() else ZoneStatus(0))

    return IasZoneServer(kind, bits, MANUFACTURER_CODE)


def _never() -> bool:
    return False


def _door(sensor: DoorSensor) -> list[Side]:
    return [_zone(ZoneType.CONTACT_SWITCH, lambda: sensor.seen("open", sensor.open), sensor, _never)]


def _leak(sensor: LeakSensor) -> list[Side]:
    return [_zone(ZoneType.WATER_SENSOR, lambda: sensor.seen("wet", sensor.wet), sensor, _never)]


def _smoke(alarm: SmokeAlarm) -> list[Side]:
    return [_zone(ZoneType.FIRE_SENSOR, lambda: alarm.seen("smoke", alarm.smoke), alarm, lambda: alarm.testing)]


def _climate(sensor: ClimateSensor) -> list[Side]:
    return [
        TemperatureMeasurementServer(lambda: sensor.seen("temperature", sensor.temperature)),
        RelativeHumidityServer(lambda: sensor.seen("humidity", sensor.humidity)),
        IlluminanceMeasurementServer(lambda: sensor.seen("illuminance", sensor.illuminance)),
    ]


def _plug(plug: MeteringPlug) -> list[Side]:
    return [*_switch(plug), MeteringServer(plug), ElectricalMeasurementServer(plug)]


def _siren(siren: Siren) -> list[Side]:
    return [_zone(ZoneType.STANDARD_WARNING_DEVICE, _never, siren, _never), IasWdServer(siren)]


def _nothing(_device: Device) -> list[Side]:
    return []


def _face(
    kind: type[_AnyDevice],
    model: str,
    device_type: int,
    product: int,
    sides: Callable[[_AnyDevice], list[Side]],
) -> tuple[type[Device], Face]:
    def of_this_kind(device: Device) -> list[Side]:
        assert isinstance(device, kind)
        return sides(device)

    return kind, Face(f"hubagent.{model}", device_type, product, of_this_kind)


# One line a kind: model, device type, image type.
FACES: Final[dict[type[Device], Face]] = dict(
    (
        _face(Switch, "switch", 0x0100, 0x01, _switch),
        _face(Dimmer, "dimmer", 0x0101, 0x02, _dimmer),
        _face(ColorLamp, "rgbw_lamp", 0x010D, 0x03, _color_lamp),
        _face(Blind, "blind", 0x0202, 0x04, _blind),
        _face(Lock, "lock", 0x000A, 0x05, _lock),
        _face(Thermostat, "thermostat", 0x0301, 0x06, _thermostat),
        _face(MotionSensor, "motion", 0x0107, 0x07, _motion),
        _face(DoorSensor, "door", 0x0402, 0x08, _door),
        _face(ClimateSensor, "climate", 0x0302, 0x09, _climate),
        _face(LeakSensor, "leak", 0x0402, 0x0A, _leak),
        _face(SmokeAlarm, "smoke", 0x0402, 0x0B, _smoke),
        _face(MeteringPlug, "plug", 0x0051, 0x0C, _plug),
        _face(Remote, "remote", 0x0104, 0x0D, _nothing),
        _face(Siren, "siren", 0x0403, 0x0E, _siren),
        _face(PowerStrip, "power_strip", 0x0009, 0x0F, _nothing),
        _face(Repeater, "repeater", 0x0008, 0x10, _nothing),
    )
)
