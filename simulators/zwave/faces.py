"""Dresses a physical device as a Z-Wave node: which device class, which command classes, how it hears.

Device classes and icons: ZWave_cmd_classes.xml of the Z-Wave Alliance, and SDS13782, Z-Wave Plus Info.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from drivers.zwave.command_classes.configuration import Format, Limits
from drivers.zwave.command_classes.notification_events import (
    HomeSecurityEvent,
    NotificationType,
    WaterEvent,
)
from drivers.zwave.command_classes.sensor_binary import SensorType as BinaryType
from drivers.zwave.command_classes.sensor_multilevel import SensorType
from drivers.zwave.command_classes.zwaveplus_info import RoleType
from simulators.devices.blind import Blind
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
from simulators.zwave.happenings import door_moves, lock_operations, smoke_alarms
from simulators.zwave.node import EndPoint, Listening, SimulatedNode
from simulators.zwave.reactions.association import (
    AssociationReaction,
    Lifeline,
    MultiChannelAssociationReaction,
)
from simulators.zwave.reactions.association_grp_info import AssociationGrpInfoReaction
from simulators.zwave.reactions.basic import BasicReaction
from simulators.zwave.reactions.battery import BatteryReaction
from simulators.zwave.reactions.central_scene import CentralSceneReaction
from simulators.zwave.reactions.clock import ClockReaction
from simulators.zwave.reactions.configuration import ConfigurationReaction, Parameter
from simulators.zwave.reactions.device_reset_locally import DeviceResetLocallyReaction
from simulators.zwave.reactions.door_lock import DoorLockReaction
from simulators.zwave.reactions.encapsulation import Crc16Reaction, SupervisionReaction
from simulators.zwave.reactions.indicator import IndicatorReaction
from simulators.zwave.reactions.manufacturer_specific import ManufacturerSpecificReaction
from simulators.zwave.reactions.meter import MeterReaction
from simulators.zwave.reactions.multi_channel import MultiChannelReaction
from simulators.zwave.reactions.node_naming import NodeNamingReaction
from simulators.zwave.reactions.notification import NotificationReaction, state
from simulators.zwave.reactions.powerlevel import PowerlevelReaction
from simulators.zwave.reactions.reaction import Reaction
from simulators.zwave.reactions.sensor_binary import SensorBinaryReaction
from simulators.zwave.reactions.sensor_multilevel import Measured, SensorMultilevelReaction
from simulators.zwave.reactions.sound_switch import SoundSwitchReaction
from simulators.zwave.reactions.switch_binary import SwitchBinaryReaction
from simulators.zwave.reactions.switch_color import SwitchColorReaction
from simulators.zwave.reactions.switch_multilevel import BlindLevel, DimmerLevel, SwitchMultilevelReaction
from simulators.zwave.reactions.thermostat_fan_mode import ThermostatFanModeReaction
from simulators.zwave.reactions.thermostat_mode import ThermostatModeReaction
from simulators.zwave.reactions.thermostat_operating_state import ThermostatOperatingStateReaction
from simulators.zwave.reactions.thermostat_setpoint import ThermostatSetpointReaction
from simulators.zwave.reactions.user_code import UserCodeReaction
from simulators.zwave.reactions.version import VersionReaction
from simulators.zwave.reactions.wake_up import WakeUpReaction
from simulators.zwave.reactions.window_covering import WindowCoveringReaction
from simulators.zwave.reactions.zwaveplus_info import ZWavePlusInfoReaction

WAKE_UP_S = 600
"""The wake-up interval from the factory."""
BEAM_MS = 1000


@dataclass(frozen=True, slots=True)
class Look:
    """What a kind of device is to others: its device class, its icon and its product number."""

    generic_class: int
    specific_class: int
    icon: int
    product: int


@dataclass(frozen=True, slots=True)
class Label:
    """What is written on one device."""

    name: str = ""
    location: str = ""
    serial_number: str = "0"


@dataclass(frozen=True, slots=True)
class Inside:
    """What is in every device."""

    loop: asyncio.AbstractEventLoop
    clock: DeviceClock


_Loop = asyncio.AbstractEventLoop


def _switch(_inside: Inside, switch: Switch) -> list[Reaction]:
    reaction = SwitchBinaryReaction(switch)
    return [reaction, BasicReaction(reaction.basic_value, reaction.basic_set)]


def _dimmer(_inside: Inside, dimmer: Dimmer) -> list[Reaction]:
    def set_ramp(tenths: int) -> None:
        dimmer.ramp_s = tenths / 10

    factory = min(255, round(dimmer.ramp_s * 10))
    reaction = SwitchMultilevelReaction(DimmerLevel(dimmer))
    ramp = Parameter(
        1,
        "Ramp time",
        "Of a change without a duration, in tenths of a second",
        Limits(1, 0, 255, factory),
        apply=set_ramp,
    )
    start = Parameter(
        2,
        "After power failure",
        "0 off, 1 on, 2 as before",
        Limits(1, 0, 2, 2),
        Format.ENUMERATED,
        at_power=lambda value: dimmer.restart({0: False, 1: True}.get(value)),
    )
    return [reaction, ConfigurationReaction(ramp, start), BasicReaction(reaction.basic_value, reaction.basic_set)]


def _color_lamp(inside: Inside, lamp: ColorLamp) -> list[Reaction]:
    return [SwitchColorReaction(lamp), *_dimmer(inside, lamp)]


def _blind(_inside: Inside, blind: Blind) -> list[Reaction]:
    level = SwitchMultilevelReaction(BlindLevel(blind))
    return [WindowCoveringReaction(blind), level, BasicReaction(level.basic_value, level.basic_set)]


def _lock(_inside: Inside, lock: Lock) -> list[Reaction]:
    reaction = DoorLockReaction(lock)
    return [
        reaction,
        UserCodeReaction(lock),
        NotificationReaction(lock_operations(lock)),
        BasicReaction(reaction.basic_value, reaction.basic_set),
    ]


def _thermostat(inside: Inside, thermostat: Thermostat) -> list[Reaction]:
    mode = ThermostatModeReaction(thermostat)
    temperature = Measured(
        SensorType.AIR_TEMPERATURE,
        "temperature",
        lambda: thermostat.seen("temperature", thermostat.temperature),
        0.5,
        precision=1,
    )
    return [
        mode,
        ThermostatSetpointReaction(thermostat),
        ThermostatOperatingStateReaction(thermostat),
        ThermostatFanModeReaction(thermostat),
        SensorMultilevelReaction(temperature),
        ClockReaction(inside.clock),
        BasicReaction(mode.basic_value, mode.basic_set),
    ]


def _motion(_inside: Inside, sensor: MotionSensor) -> list[Reaction]:
    def set_clear_time(seconds: int) -> None:
        sensor.clear_after_s = float(seconds)

    factory_s = round(sensor.clear_after_s)
    clear = Parameter(
        1, "Clear time", "Seconds without motion until clear", Limits(2, 1, 3600, factory_s), apply=set_clear_time
    )
    motion = state(
        NotificationType.HOME_SECURITY,
        "occupied",
        HomeSecurityEvent.MOTION,
        lambda: sensor.seen("occupied", sensor.occupied),
    )
    return [NotificationReaction(motion), ConfigurationReaction(clear)]


def _door(_inside: Inside, sensor: DoorSensor) -> list[Reaction]:
    return [
        NotificationReaction(door_moves(sensor)),
        SensorBinaryReaction(BinaryType.DOOR_WINDOW, "open", lambda: sensor.seen("open", sensor.open)),
    ]


def _climate(_inside: Inside, sensor: ClimateSensor) -> list[Reaction]:
    return [
        SensorMultilevelReaction(
            Measured(
                SensorType.AIR_TEMPERATURE,
                "temperature",
                lambda: sensor.seen("temperature", sensor.temperature),
                0.5,
                precision=1,
            ),
            Measured(SensorType.HUMIDITY, "humidity", lambda: sensor.seen("humidity", sensor.humidity), 3.0),
            Measured(
                SensorType.ILLUMINANCE,
                "illuminance",
                lambda: sensor.seen("illuminance", sensor.illuminance),
                20.0,
                scale=1,
            ),
        ),
        ConfigurationReaction(
            Parameter(
                1,
                "Temperature offset",
                "In tenths of a degree, added to what is measured",
                Limits(1, -50, 50, 0),
                Format.SIGNED,
            )
        ),
    ]


def _leak(_inside: Inside, sensor: LeakSensor) -> list[Reaction]:
    leak = state(NotificationType.WATER, "wet", WaterEvent.WATER_LEAK, lambda: sensor.seen("wet", sensor.wet))
    return [
        NotificationReaction(leak),
        SensorBinaryReaction(BinaryType.WATER, "wet", lambda: sensor.seen("wet", sensor.wet)),
    ]


def _smoke(_inside: Inside, alarm: SmokeAlarm) -> list[Reaction]:
    return [NotificationReaction(smoke_alarms(alarm))]


def _plug(inside: Inside, plug: MeteringPlug) -> list[Reaction]:
    return [MeterReaction(plug), *_switch(inside, plug)]


def _remote(_inside: Inside, remote: Remote) -> list[Reaction]:
    return [CentralSceneReaction(remote)]


def _siren(_inside: Inside, siren: Siren) -> list[Reaction]:
    reaction = SoundSwitchReaction(siren)
    return [reaction, BasicReaction(reaction.basic_value, reaction.basic_set)]


def _power_strip(inside: Inside, strip: PowerStrip) -> list[Reaction]:
    # SDS13783: the root mirrors end point 1 for those who know no end points.
    return _switch(inside, strip.outlets[0])


def _repeater(_inside: Inside, _repeater: Repeater) -> list[Reaction]:
    return []


@dataclass(frozen=True, slots=True)
class Face:
    look: Look
    reactions: Callable[[Inside, Device], list[Reaction]]


_AnyDevice = TypeVar("_AnyDevice", bound=Device)


def _face(
    kind: type[_AnyDevice], look: Look, reactions: Callable[[Inside, _AnyDevice], list[Reaction]]
) -> tuple[type[Device], Face]:
    def of_this_kind(inside: Inside, device: Device) -> list[Reaction]:
        assert isinstance(device, kind)
        return reactions(inside, device)

    return kind, Face(look, of_this_kind)


# One line a kind: generic and specific device class, icon, product number.
FACES: Final[dict[type[Device], Face]] = dict(
    (
        _face(Switch, Look(0x10, 0x01, 0x0700, 0x01), _switch),
        _face(Dimmer, Look(0x11, 0x01, 0x0600, 0x02), _dimmer),
        _face(ColorLamp, Look(0x11, 0x02, 0x0600, 0x03), _color_lamp),
        _face(Blind, Look(0x11, 0x07, 0x1A00, 0x04), _blind),
        _face(Lock, Look(0x40, 0x03, 0x0300, 0x05), _lock),
        _face(Thermostat, Look(0x08, 0x06, 0x1200, 0x06), _thermostat),
        _face(MotionSensor, Look(0x07, 0x01, 0x0C07, 0x07), _motion),
        _face(DoorSensor, Look(0x07, 0x01, 0x0C06, 0x08), _door),
        _face(ClimateSensor, Look(0x21, 0x01, 0x0D00, 0x09), _climate),
        _face(LeakSensor, Look(0x07, 0x01, 0x0C05, 0x0A), _leak),
        _face(SmokeAlarm, Look(0x07, 0x01, 0x0C01, 0x0B), _smoke),
        _face(MeteringPlug, Look(0x10, 0x01, 0x0700, 0x0C), _plug),
        _face(Remote, Look(0x18, 0x01, 0x1600, 0x0D), _remote),
        _face(Siren, Look(0x10, 0x05, 0x0F00, 0x0E), _siren),
        _face(PowerStrip, Look(0x10, 0x04, 0x0800, 0x0F), _power_strip),
        _face(Repeater, Look(0x0F, 0x01, 0x1B00, 0x10), _repeater),
    )
)


def dress(
    loop: _Loop, device: Device, label: Label, *, wake_up_s: int = WAKE_UP_S, clock: DeviceClock | None = None
) -> SimulatedNode:
    """The node that `device` is on the air. One with a battery sleeps, and wakes every `wake_up_s` from the factory;
    a lock listens for a beam every second instead."""
    face = FACES[type(device)]
    lifeline = Lifeline()
    inside = Inside(loop, clock or DeviceClock(loop))
    channels = _channels(inside, device)

    def version_of(command_class: int) -> int:
        known = (end_point.reactions.get(command_class) for end_point in (root, *channels))
        return max((reaction.version for reaction in known if reaction is not None), default=0)

    def notify_awake(node_id: int) -> None:
        node.notify_awake(node_id)

    reactions: list[Reaction] = [
        ZWavePlusInfoReaction(_role(device), face.look.icon),
        *face.reactions(inside, device),
        AssociationReaction(lifeline),
        MultiChannelAssociationReaction(lifeline),
        AssociationGrpInfoReaction(lambda: root.reports),
        VersionReaction(version_of),
        ManufacturerSpecificReaction(face.look.product, label.serial_number),
        DeviceResetLocallyReaction(),
        PowerlevelReaction(loop),
        IndicatorReaction(loop, device.identify),
        NodeNamingReaction(label.name, label.location),
        SupervisionReaction(),
        Crc16Reaction(),
    ]
    if channels:
        reactions.append(MultiChannelReaction(channels))
    if device.battery is not None:
        reactions.append(BatteryReaction(device.battery))
        if not isinstance(device, Lock):
            reactions.append(WakeUpReaction(loop, notify_awake, wake_up_s, inside.clock, device.battery))
    # The root of a strip mirrors its first outlet, changes included.
    seen = device.outlets[0] if isinstance(device, PowerStrip) else device
    root = EndPoint(seen, face.look.generic_class, face.look.specific_class, reactions)
    node = SimulatedNode(loop, root, channels, lifeline, _listening(device), inside.clock)
    return node


def _channels(inside: Inside, device: Device) -> Sequence[EndPoint]:
    if not isinstance(device, PowerStrip):
        return ()
    outlet = FACES[Switch].look
    return tuple(
        EndPoint(
            switch,
            outlet.generic_class,
            outlet.specific_class,
            [ZWavePlusInfoReaction(_role(device), outlet.icon), *_switch(inside, switch), SupervisionReaction()],
        )
        for switch in device.outlets
    )


def _listening(device: Device) -> Listening:
    if isinstance(device, Lock):
        return Listening(always=False, beam_ms=BEAM_MS)
    return Listening(always=device.battery is None)


def _role(device: Device) -> RoleType:
    if isinstance(device, Lock):
        return RoleType.SLEEPING_LISTENING_END_NODE
    return RoleType.ALWAYS_ON_END_NODE if device.battery is None else RoleType.SLEEPING_REPORTING_END_NODE
