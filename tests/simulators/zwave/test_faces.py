"""Every kind of device, asked everything that its command classes can be asked."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.zwave.command_classes import (
    basic,
    battery,
    central_scene,
    clock,
    configuration,
    door_lock,
    indicator,
    manufacturer_specific,
    meter,
    multi_channel,
    node_naming,
    notification,
    powerlevel,
    sensor_binary,
    sensor_multilevel,
    sound_switch,
    switch_binary,
    switch_color,
    switch_multilevel,
    thermostat_fan_mode,
    thermostat_mode,
    thermostat_operating_state,
    thermostat_setpoint,
    user_code,
    version,
    wake_up,
    window_covering,
    zwaveplus_info,
)
from drivers.zwave.command_classes.association import AssociationGet, AssociationReport
from drivers.zwave.command_classes.association_grp_info import (
    AssociationGroupCommandListGet,
    AssociationGroupCommandListReport,
)
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.table import MODULES
from simulators.devices.blind import Blind
from simulators.devices.device import Battery, Device
from simulators.devices.dimmer import ColorLamp, Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.remote import Remote
from simulators.devices.repeater import Repeater
from simulators.devices.room_air import ClimateSensor, RoomAir
from simulators.devices.sensors import DoorSensor, LeakSensor, MotionSensor, SmokeAlarm
from simulators.devices.siren import Siren
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Thermostat
from simulators.virtual_time import run_virtual
from simulators.zwave.faces import FACES
from tests.simulators.zwave.on_air import OnAir

Loop = asyncio.AbstractEventLoop

DEVICES: dict[str, Callable[[Loop], Device]] = {
    "switch": lambda loop: Switch(),
    "dimmer": Dimmer,
    "rgbw_lamp": ColorLamp,
    "blind": Blind,
    "lock": Lock,
    "thermostat": lambda loop: Thermostat(RoomAir()),
    "motion": MotionSensor,
    "door": lambda loop: DoorSensor(battery=Battery()),
    "climate": lambda loop: ClimateSensor(RoomAir()),
    "leak": lambda loop: LeakSensor(battery=Battery()),
    "smoke": lambda loop: SmokeAlarm(loop, battery=Battery()),
    "plug": MeteringPlug,
    "remote": lambda loop: Remote(loop, battery=Battery()),
    "siren": Siren,
    "power_strip": lambda loop: PowerStrip(3),
    "repeater": lambda loop: Repeater(),
}

QUESTIONS: dict[int, tuple[Command, ...]] = {
    basic.COMMAND_CLASS: (basic.BasicGet(),),
    switch_binary.COMMAND_CLASS: (switch_binary.SwitchBinaryGet(),),
    switch_multilevel.COMMAND_CLASS: (
        switch_multilevel.SwitchMultilevelGet(),
        switch_multilevel.SwitchMultilevelSupportedGet(),
    ),
    switch_color.COMMAND_CLASS: (switch_color.SwitchColorSupportedGet(), switch_color.SwitchColorGet(2)),
    window_covering.COMMAND_CLASS: (
        window_covering.WindowCoveringSupportedGet(),
        window_covering.WindowCoveringGet(13),
    ),
    door_lock.COMMAND_CLASS: (
        door_lock.DoorLockOperationGet(),
        door_lock.DoorLockConfigurationGet(),
        door_lock.DoorLockCapabilitiesGet(),
    ),
    user_code.COMMAND_CLASS: (
        user_code.UsersNumberGet(),
        user_code.UserCodeGet(1),
        user_code.UserCodeCapabilitiesGet(),
        user_code.UserCodeKeypadModeGet(),
        user_code.ExtendedUserCodeGet(1, True),
    ),
    thermostat_mode.COMMAND_CLASS: (
        thermostat_mode.ThermostatModeGet(),
        thermostat_mode.ThermostatModeSupportedGet(),
    ),
    thermostat_setpoint.COMMAND_CLASS: (
        thermostat_setpoint.ThermostatSetpointSupportedGet(),
        thermostat_setpoint.ThermostatSetpointGet(1),
        thermostat_setpoint.ThermostatSetpointCapabilitiesGet(1),
    ),
    thermostat_operating_state.COMMAND_CLASS: (thermostat_operating_state.ThermostatOperatingStateGet(),),
    thermostat_fan_mode.COMMAND_CLASS: (
        thermostat_fan_mode.ThermostatFanModeGet(),
        thermostat_fan_mode.ThermostatFanModeSupportedGet(),
    ),
    sensor_binary.COMMAND_CLASS: (sensor_binary.SensorBinarySupportedGet(), sensor_binary.SensorBinaryGet()),
    sensor_multilevel.COMMAND_CLASS: (
        sensor_multilevel.SensorMultilevelSupportedGetSensor(),
        sensor_multilevel.SensorMultilevelSupportedGetScale(1),
        sensor_multilevel.SensorMultilevelGet(1, 0),
    ),
    notification.COMMAND_CLASS: (
        notification.NotificationSupportedGet(),
        notification.EventSupportedGet(7),
        notification.NotificationGet(0, 7, 8),
    ),
    meter.COMMAND_CLASS: (meter.MeterSupportedGet(), meter.MeterGet(0), meter.MeterGet(2)),
    battery.COMMAND_CLASS: (battery.BatteryGet(), battery.BatteryHealthGet()),
    wake_up.COMMAND_CLASS: (wake_up.WakeUpIntervalGet(), wake_up.WakeUpIntervalCapabilitiesGet()),
    central_scene.COMMAND_CLASS: (
        central_scene.CentralSceneSupportedGet(),
        central_scene.CentralSceneConfigurationGet(),
    ),
    configuration.COMMAND_CLASS: (
        configuration.ConfigurationGet(1),
        configuration.ConfigurationPropertiesGet(0),
        configuration.ConfigurationPropertiesGet(1),
        configuration.ConfigurationNameGet(1),
        configuration.ConfigurationInfoGet(1),
        configuration.ConfigurationBulkGet(1, 1),
    ),
    sound_switch.COMMAND_CLASS: (
        sound_switch.SoundSwitchTonesNumberGet(),
        sound_switch.SoundSwitchToneInfoGet(1),
        sound_switch.SoundSwitchConfigurationGet(),
        sound_switch.SoundSwitchTonePlayGet(),
    ),
    clock.COMMAND_CLASS: (clock.ClockGet(),),
    multi_channel.COMMAND_CLASS: (
        multi_channel.MultiChannelEndPointGet(),
        multi_channel.MultiChannelCapabilityGet(1),
        multi_channel.MultiChannelEndPointFind(0xFF, 0xFF),
        multi_channel.MultiChannelAggregatedMembersGet(1),
    ),
    zwaveplus_info.COMMAND_CLASS: (zwaveplus_info.ZWavePlusInfoGet(),),
    version.COMMAND_CLASS: (
        version.VersionGet(),
        version.VersionCapabilitiesGet(),
        version.VersionZWaveSoftwareGet(),
        version.VersionCommandClassGet(0x86),
    ),
    manufacturer_specific.COMMAND_CLASS: (
        manufacturer_specific.ManufacturerSpecificGet(),
        manufacturer_specific.DeviceSpecificGet(0),
    ),
    node_naming.COMMAND_CLASS: (node_naming.NodeNamingNodeNameGet(), node_naming.NodeNamingNodeLocationGet()),
    powerlevel.COMMAND_CLASS: (powerlevel.PowerlevelGet(), powerlevel.PowerlevelTestNodeGet()),
    indicator.COMMAND_CLASS: (
        indicator.IndicatorSupportedGet(0),
        indicator.IndicatorGet(0x50),
        indicator.IndicatorDescriptionGet(0x50),
    ),
}


def test_every_kind_that_has_a_face_is_in_these_tests() -> None:
    async def kinds() -> set[type[Device]]:
        return {type(make(asyncio.get_running_loop())) for make in DEVICES.values()}

    assert run_virtual(kinds) == set(FACES)


@pytest.mark.parametrize("kind", DEVICES)
async def test_every_question_of_every_listed_class_is_answered_in_that_class(kind: str) -> None:
    air = OnAir(DEVICES[kind](asyncio.get_running_loop()))
    for command_class in (*air.node.info.command_classes, *air.node.root.reactions):
        for question in QUESTIONS.get(command_class, ()):
            answers = air.says(question)
            assert len(answers) == 1, f"{question} -> {answers}"
            assert answers[0].to_bytes()[0] == command_class
            assert answers[0].to_bytes()[1] != question.COMMAND


@pytest.mark.parametrize("kind", DEVICES)
async def test_version_knows_every_class_of_the_node_and_no_other(kind: str) -> None:
    air = OnAir(DEVICES[kind](asyncio.get_running_loop()))
    spoken = {module.COMMAND_CLASS: module.VERSION for module in MODULES}
    for command_class in range(256):
        (report,) = air.says(version.VersionCommandClassGet(command_class))
        assert isinstance(report, version.VersionCommandClassReport)
        known = command_class in air.node.root.reactions
        assert (report.version > 0) == known
        assert report.version <= spoken.get(command_class, 0)


@pytest.mark.parametrize("kind", DEVICES)
async def test_a_nodes_information_begins_with_zwave_plus_and_hides_basic(kind: str) -> None:
    listed = OnAir(DEVICES[kind](asyncio.get_running_loop())).node.info.command_classes
    assert listed[0] == zwaveplus_info.COMMAND_CLASS
    assert basic.COMMAND_CLASS not in listed
    assert len(set(listed)) == len(listed) <= 35


@pytest.mark.parametrize("kind", DEVICES)
async def test_the_lifeline_is_announced_with_the_commands_that_it_sends(kind: str) -> None:
    air = OnAir(DEVICES[kind](asyncio.get_running_loop()))
    (groups,) = air.says(AssociationGet(1))
    assert isinstance(groups, AssociationReport)
    (commands,) = air.says(AssociationGroupCommandListGet(1))
    assert isinstance(commands, AssociationGroupCommandListReport)
    assert all(command_class in air.node.root.reactions for command_class, _ in commands.commands)
    assert commands.commands


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_bytes_from_the_air_upset_a_node(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(DEVICES)))

    async def receive() -> None:
        air = OnAir(DEVICES[kind](asyncio.get_running_loop()))
        listed = (*air.node.root.reactions, 0x56, 0x60, 0x6C)
        for _ in range(30):
            command = bytes((data.draw(st.sampled_from(listed)), data.draw(st.integers(0, 20))))
            air.node.receive(command + data.draw(st.binary(max_size=12)))
        # What they set in motion may end, too.
        await asyncio.sleep(20_000)
        air.node.excluded()

    run_virtual(receive)
