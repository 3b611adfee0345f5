"""Every kind of device that a home can have, held against what its command classes demand of it.

The sections are those of the Z-Wave specifications (2024A) with the requirement's number where there is one, the
versions and commands those of ZWave_cmd_classes.xml. `test_faces` asks each class its questions; here the answers, the
lists and what is sent unasked must agree with each other.
"""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from drivers.zwave.command_classes import (
    association,
    association_grp_info,
    basic,
    battery,
    central_scene,
    configuration,
    device_reset_locally,
    door_lock,
    indicator,
    manufacturer_specific,
    meter,
    multi_channel,
    multi_channel_association,
    notification,
    powerlevel,
    sensor_binary,
    sensor_multilevel,
    supervision,
    switch_binary,
    switch_color,
    switch_multilevel,
    thermostat_fan_mode,
    thermostat_mode,
    thermostat_setpoint,
    user_code,
    version,
    wake_up,
    window_covering,
    zwaveplus_info,
)
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.duration import Duration
from drivers.zwave.command_classes.supervision import SupervisionReport, SupervisionStatus
from drivers.zwave.command_classes.zwaveplus_info import RoleType
from drivers.zwave.encapsulation.envelope import PLAIN, Envelope, Supervised
from simulators.devices.device import Battery, Device
from simulators.devices.room_air import RoomAir
from simulators.kinds import CAPTURED, KINDS, Site
from tests.simulators.zwave.on_air import OnAir

_Report = TypeVar("_Report", bound=Command)

LIFELINE = association.AssociationSet(1, (1,))
OURS = tuple(kind for kind in KINDS if kind != CAPTURED)
"""A captured device is a real one, of another radio."""

# Z-Wave Plus v2 Device Type Specification, command classes of every end node (firmware update and security aside).
MANDATORY = {
    zwaveplus_info.COMMAND_CLASS,
    association.COMMAND_CLASS,
    multi_channel_association.COMMAND_CLASS,
    association_grp_info.COMMAND_CLASS,
    version.COMMAND_CLASS,
    manufacturer_specific.COMMAND_CLASS,
    device_reset_locally.COMMAND_CLASS,
    powerlevel.COMMAND_CLASS,
    supervision.COMMAND_CLASS,
    indicator.COMMAND_CLASS,
}


class Made(OnAir):
    """A device of one kind as a home makes it, in a room of its own."""

    def __init__(self, kind: str) -> None:
        known = KINDS[kind]
        self.room = RoomAir()
        cells = Battery() if known.battery else None
        super().__init__(known.make(Site(asyncio.get_running_loop(), self.room, cells), known.options()))


def ask(air: Made, get: Command, expected: type[_Report], envelope: Envelope = PLAIN) -> _Report:
    (report,) = air.says(get, envelope)
    assert isinstance(report, expected)
    return report


def has(air: Made, module: Any) -> bool:
    return module.COMMAND_CLASS in air.node.root.reactions


every_kind = pytest.mark.parametrize("kind", OURS)


def kinds_with(*modules: Any) -> pytest.MarkDecorator:
    """Of a test: only the kinds whose root has one of the classes; which these are is asked of the kinds themselves."""

    async def find() -> list[str]:
        return [kind for kind in OURS if any(has(Made(kind), module) for module in modules)]

    found = asyncio.run(find())
    assert found, modules
    return pytest.mark.parametrize("kind", found)


# What a node is


@every_kind
async def test_the_node_information_lists_what_is_mandatory(kind: str) -> None:
    assert set(Made(kind).node.info.command_classes) >= MANDATORY


@every_kind
async def test_every_listed_class_has_a_version_and_no_other_class_has_one(kind: str) -> None:
    air = Made(kind)
    for command_class in range(256):
        report = ask(air, version.VersionCommandClassGet(command_class), version.VersionCommandClassReport)
        assert report.requested == command_class
        assert (report.version > 0) == (command_class in air.node.root.reactions)


@every_kind
async def test_zwave_plus_info_says_how_the_node_listens(kind: str) -> None:
    air = Made(kind)
    role = ask(air, zwaveplus_info.ZWavePlusInfoGet(), zwaveplus_info.ZWavePlusInfoReport).role_type
    info = air.node.info
    if info.flirs is not None:
        assert role == RoleType.SLEEPING_LISTENING_END_NODE
    else:
        assert role == (RoleType.ALWAYS_ON_END_NODE if info.listening else RoleType.SLEEPING_REPORTING_END_NODE)
    assert has(air, wake_up) == (role == RoleType.SLEEPING_REPORTING_END_NODE)
    assert has(air, battery) == (not info.listening)


async def test_no_two_kinds_are_the_same_product() -> None:
    get, report = manufacturer_specific.ManufacturerSpecificGet(), manufacturer_specific.ManufacturerSpecificReport
    assert len({ask(Made(kind), get, report).to_bytes() for kind in OURS}) == len(OURS)


# Reports are of the version that was claimed, and lists agree with what is reported


@kinds_with(basic)
async def test_a_basic_report_has_what_version_2_added(kind: str) -> None:
    assert ask(Made(kind), basic.BasicGet(), basic.BasicReport).duration is not None


@kinds_with(switch_binary)
async def test_a_binary_switch_report_has_what_version_2_added(kind: str) -> None:
    report = ask(Made(kind), switch_binary.SwitchBinaryGet(), switch_binary.SwitchBinaryReport)
    assert len(report.to_bytes()) == 5


@kinds_with(switch_multilevel)
async def test_a_level_on_its_way_is_reported_with_its_target_and_the_time_left(kind: str) -> None:
    air = Made(kind)
    get, kind_of_report = switch_multilevel.SwitchMultilevelGet(), switch_multilevel.SwitchMultilevelReport
    start = ask(air, get, kind_of_report)
    target = 20 if start.value != 20 else 30
    air.says(switch_multilevel.SwitchMultilevelSet(target, Duration(8)))
    await asyncio.sleep(0.1)
    moving = ask(air, get, kind_of_report)
    assert moving.value != moving.target == target
    assert moving.duration is not None
    assert moving.duration.seconds
    await asyncio.sleep(60)
    there = ask(air, get, kind_of_report)
    assert there.value == there.target == target
    assert there.duration == Duration(0)


@kinds_with(switch_multilevel)
async def test_a_reserved_level_is_refused_and_changes_nothing(kind: str) -> None:
    air = Made(kind)
    before = ask(air, switch_multilevel.SwitchMultilevelGet(), switch_multilevel.SwitchMultilevelReport)
    for command in (switch_multilevel.SwitchMultilevelSet(100), basic.BasicSet(0xFE)):
        (report,) = air.says(command, Envelope(supervision=Supervised(command.COMMAND_CLASS)))
        assert isinstance(report, SupervisionReport)
        assert report.status == SupervisionStatus.FAIL
    assert ask(air, switch_multilevel.SwitchMultilevelGet(), switch_multilevel.SwitchMultilevelReport) == before


@kinds_with(switch_color)
async def test_every_component_that_is_listed_is_reported(kind: str) -> None:
    air = Made(kind)
    for component in ask(
        air, switch_color.SwitchColorSupportedGet(), switch_color.SwitchColorSupportedReport
    ).components:
        report = ask(air, switch_color.SwitchColorGet(component), switch_color.SwitchColorReport)
        assert report.component == component
        assert len(report.to_bytes()) == 6  # from version 3 with target and duration


@kinds_with(window_covering)
async def test_a_covering_with_a_position_has_no_parameter_for_moving_blindly_beside_it(kind: str) -> None:
    air = Made(kind)
    listed = ask(air, window_covering.WindowCoveringSupportedGet(), window_covering.WindowCoveringSupportedReport)
    for parameter in listed.parameters:
        report = ask(air, window_covering.WindowCoveringGet(parameter), window_covering.WindowCoveringReport)
        assert report.parameter == parameter
    # SDS13781, Window Covering: of a pair, the even number has no position; a device has one of the two.
    assert all(not (parameter % 2 and parameter - 1 in listed.parameters) for parameter in listed.parameters)


@kinds_with(thermostat_mode)
async def test_the_mode_and_the_fan_mode_are_of_those_listed(kind: str) -> None:
    air = Made(kind)
    modes = ask(air, thermostat_mode.ThermostatModeSupportedGet(), thermostat_mode.ThermostatModeSupportedReport)
    for mode in modes.modes:
        air.says(thermostat_mode.ThermostatModeSet(mode))
        assert ask(air, thermostat_mode.ThermostatModeGet(), thermostat_mode.ThermostatModeReport).mode == mode
    fans = ask(
        air, thermostat_fan_mode.ThermostatFanModeSupportedGet(), thermostat_fan_mode.ThermostatFanModeSupportedReport
    )
    for mode in fans.modes:
        air.says(thermostat_fan_mode.ThermostatFanModeSet(mode, off=False))
        fan = ask(air, thermostat_fan_mode.ThermostatFanModeGet(), thermostat_fan_mode.ThermostatFanModeReport)
        assert fan.mode == mode


@kinds_with(thermostat_setpoint)
async def test_every_setpoint_that_is_listed_can_be_set_within_its_limits_and_no_further(kind: str) -> None:
    air = Made(kind)
    listed = ask(
        air, thermostat_setpoint.ThermostatSetpointSupportedGet(), thermostat_setpoint.ThermostatSetpointSupportedReport
    )
    assert listed.types
    get, kind_of_report = thermostat_setpoint.ThermostatSetpointGet, thermostat_setpoint.ThermostatSetpointReport
    for number in range(1, 16):
        report = ask(air, get(number), kind_of_report)
        if number not in listed.types:
            assert report.type == thermostat_setpoint.SetpointType.NOT_SUPPORTED
            continue
        limits = ask(
            air,
            thermostat_setpoint.ThermostatSetpointCapabilitiesGet(number),
            thermostat_setpoint.ThermostatSetpointCapabilitiesReport,
        )
        air.says(thermostat_setpoint.ThermostatSetpointSet(number, limits.minimum))
        at_minimum = ask(air, get(number), kind_of_report)
        assert at_minimum.setpoint is not None
        assert at_minimum.setpoint.value == limits.minimum.value


@kinds_with(sensor_binary)
async def test_every_binary_sensor_that_is_listed_is_reported(kind: str) -> None:
    air = Made(kind)
    for sensor in ask(
        air, sensor_binary.SensorBinarySupportedGet(), sensor_binary.SensorBinarySupportedReport
    ).sensor_types:
        report = ask(air, sensor_binary.SensorBinaryGet(sensor), sensor_binary.SensorBinaryReport)
        assert report.sensor_type == sensor


@kinds_with(sensor_multilevel)
async def test_every_sensor_is_reported_in_each_of_its_scales(kind: str) -> None:
    air = Made(kind)
    sensors = ask(
        air,
        sensor_multilevel.SensorMultilevelSupportedGetSensor(),
        sensor_multilevel.SensorMultilevelSupportedSensorReport,
    ).sensor_types
    assert sensors
    for sensor in sensors:
        scales = ask(
            air,
            sensor_multilevel.SensorMultilevelSupportedGetScale(sensor),
            sensor_multilevel.SensorMultilevelSupportedScaleReport,
        ).scales
        assert scales
        for scale in scales:
            get = sensor_multilevel.SensorMultilevelGet(sensor, scale)
            report = ask(air, get, sensor_multilevel.SensorMultilevelReport)
            assert (report.sensor_type, report.number.scale) == (sensor, scale)


@kinds_with(meter)
async def test_every_scale_that_a_meter_lists_is_reported(kind: str) -> None:
    air = Made(kind)
    listed = ask(air, meter.MeterSupportedGet(), meter.MeterSupportedReport)
    for scale in listed.scales:
        reading = ask(air, meter.MeterGet(scale), meter.MeterReport).reading
        assert (reading.meter_type, reading.scale) == (listed.meter_type, scale)
    assert ask(air, meter.MeterGet(), meter.MeterReport).delta_time_s is not None


@kinds_with(notification)
async def test_every_type_that_is_listed_has_events_and_a_state_among_them(kind: str) -> None:
    air = Made(kind)
    types = ask(
        air, notification.NotificationSupportedGet(), notification.NotificationSupportedReport
    ).notification_types
    assert types
    for number in types:
        events = ask(air, notification.EventSupportedGet(number), notification.EventSupportedReport).events
        assert events
        event = ask(air, notification.NotificationGet(0, number, 0), notification.NotificationReport).event
        assert event is not None
        assert event.notification_type == number
        assert event.event in {0, *events}


@kinds_with(door_lock)
async def test_every_mode_that_a_lock_lists_is_one_it_can_be_in(kind: str) -> None:
    air = Made(kind)
    listed = ask(air, door_lock.DoorLockCapabilitiesGet(), door_lock.DoorLockCapabilitiesReport)
    report = ask(air, door_lock.DoorLockOperationGet(), door_lock.DoorLockOperationReport)
    assert report.mode in listed.modes
    assert len(report.to_bytes()) == 9  # 2 of header, 5 of version 1, 2 of version 3


@kinds_with(user_code)
async def test_a_user_beyond_the_last_one_is_not_there(kind: str) -> None:
    air = Made(kind)
    users = ask(air, user_code.UsersNumberGet(), user_code.UsersNumberReport)
    assert users.all_users is not None
    last = ask(air, user_code.UserCodeGet(users.all_users), user_code.UserCodeReport)
    beyond = ask(air, user_code.UserCodeGet(users.all_users + 1), user_code.UserCodeReport)
    assert last.status == user_code.UserIdStatus.AVAILABLE
    assert beyond.status == user_code.UserIdStatus.NOT_AVAILABLE


@kinds_with(configuration)
async def test_the_chain_of_parameters_ends_and_each_is_reported_in_its_size(kind: str) -> None:
    air = Made(kind)
    get, kind_of_report = configuration.ConfigurationPropertiesGet, configuration.ConfigurationPropertiesReport
    number = ask(air, get(0), kind_of_report).next_parameter
    seen: list[int] = []
    while number:
        assert number not in seen
        seen.append(number)
        properties = ask(air, get(number), kind_of_report)
        assert properties.limits is not None
        value = ask(air, configuration.ConfigurationGet(number), configuration.ConfigurationReport)
        assert (value.parameter, value.size) == (number, properties.limits.size)
        number = properties.next_parameter
    assert seen


@kinds_with(wake_up)
async def test_the_wake_up_interval_from_the_factory_is_within_its_own_limits(kind: str) -> None:
    air = Made(kind)
    limits = ask(air, wake_up.WakeUpIntervalCapabilitiesGet(), wake_up.WakeUpIntervalCapabilitiesReport)
    report = ask(air, wake_up.WakeUpIntervalGet(), wake_up.WakeUpIntervalReport)
    assert limits.minimum_s <= report.interval_s == limits.default_s <= limits.maximum_s


# Basic is a view of what the device mainly does


@pytest.mark.parametrize(
    ("kind", "get", "state"),
    [
        ("switch", switch_binary.SwitchBinaryGet(), lambda it: it.on),
        ("plug", switch_binary.SwitchBinaryGet(), lambda it: it.on),
        ("power_strip", switch_binary.SwitchBinaryGet(), lambda it: it.on),
        ("dimmer", switch_multilevel.SwitchMultilevelGet(), lambda it: it.value > 0),
        ("rgbw_lamp", switch_multilevel.SwitchMultilevelGet(), lambda it: it.value > 0),
        ("blind", switch_multilevel.SwitchMultilevelGet(), lambda it: it.value > 0),
        ("lock", door_lock.DoorLockOperationGet(), lambda it: it.mode == door_lock.DoorLockMode.SECURED),
        ("thermostat", thermostat_mode.ThermostatModeGet(), lambda it: it.mode == thermostat_mode.ThermostatMode.HEAT),
    ],
)
async def test_basic_sets_and_says_what_the_main_class_says(
    kind: str, get: Command, state: Callable[[Any], bool]
) -> None:
    air = Made(kind)
    for value in (0xFF, 0x00, 0xFF):
        air.says(basic.BasicSet(value))
        await asyncio.sleep(60)
        (report,) = air.says(get)
        assert state(report) is (value > 0)
        said = ask(air, basic.BasicGet(), basic.BasicReport)
        assert said.value is not None
        assert (said.value > 0) is (value > 0)


async def test_who_has_basic_is_in_the_test_above_or_is_a_siren() -> None:
    with_basic = {kind for kind in OURS if has(Made(kind), basic)}
    assert with_basic == {
        "switch", "plug", "power_strip", "dimmer", "rgbw_lamp", "blind", "lock", "thermostat", "siren"
    }  # fmt: skip


# What is sent unasked


ACTS: dict[str, Callable[[Any], object]] = {
    "see_motion": lambda it: it.see_motion(),
    "set_open": lambda it: it.set_open(True),
    "set_wet": lambda it: it.set_wet(True),
    "set_smoke": lambda it: it.set_smoke(True),
    "play": lambda it: it.play(1),
    "set_fan": lambda it: it.set_fan(True),
    "set_setpoint": lambda it: it.set_setpoint(28.0),
    "set_mode": lambda it: it.set_mode("off"),
    "color": lambda it: it.color({"red": 200.0}, 0.0),
    "go_to": lambda it: it.go_to(40),
    "turn": lambda it: it.turn(not it.locked),
    "outlets": lambda it: [outlet.switch(True) for outlet in it.outlets],
    "switch": lambda it: it.switch(not it.on),
    "load": lambda it: it.load(500),
}
"""What may happen to a device, by the name of its method."""


def live(air: Made) -> None:
    """Everything that may happen to a device of this kind does."""
    air.room.become(temperature=10, humidity=80, illuminance=900)
    if air.device.battery is not None:
        air.device.discharge_to(50)
    for name, act in ACTS.items():
        if hasattr(air.device, name):
            act(air.device)
    if type(air.device).press is not Device.press:
        air.device.press()


@every_kind
async def test_the_lifeline_sends_exactly_what_it_announces(kind: str) -> None:
    air = Made(kind)
    air.says(LIFELINE)
    announced = ask(
        air,
        association_grp_info.AssociationGroupCommandListGet(1),
        association_grp_info.AssociationGroupCommandListReport,
    ).commands
    live(air)
    await asyncio.sleep(120)
    air.node.reset_by_hand()
    sent = {tuple(command.to_bytes()[:2]) for command in air.heard()}
    # Wake Up has a destination of its own.
    sent.discard((wake_up.COMMAND_CLASS, wake_up.WakeUpNotification.COMMAND))
    assert sent == set(announced)


@every_kind
async def test_without_a_lifeline_nothing_is_said_unasked(kind: str) -> None:
    air = Made(kind)
    live(air)
    await asyncio.sleep(60)
    assert [command for command in air.heard() if not isinstance(command, wake_up.WakeUpNotification)] == []


@pytest.mark.parametrize(
    ("kind", "command", "report"),
    [
        ("switch", switch_binary.SwitchBinarySet(True), switch_binary.SwitchBinaryReport),
        ("dimmer", switch_multilevel.SwitchMultilevelSet(30), switch_multilevel.SwitchMultilevelReport),
        ("blind", window_covering.WindowCoveringSet((window_covering.ParameterLevel(13, 30),)),
         window_covering.WindowCoveringReport),
        ("lock", door_lock.DoorLockOperationSet(door_lock.DoorLockMode.UNSECURED), door_lock.DoorLockOperationReport),
        ("thermostat", thermostat_mode.ThermostatModeSet(thermostat_mode.ThermostatMode.OFF),
         thermostat_mode.ThermostatModeReport),
    ],
)  # fmt: skip
async def test_a_change_by_command_is_reported_to_the_lifeline(
    kind: str, command: Command, report: type[Command]
) -> None:
    air = Made(kind)
    air.says(LIFELINE)
    heard = air.says(command)
    await asyncio.sleep(60)
    assert report in [type(it) for it in (*heard, *air.heard())]


@kinds_with(central_scene)
async def test_each_gesture_of_a_button_is_of_those_listed_and_counted(kind: str) -> None:
    air = Made(kind)
    air.says(LIFELINE)
    listed = ask(air, central_scene.CentralSceneSupportedGet(), central_scene.CentralSceneSupportedReport)
    numbers = []
    for gesture in ("single", "double", "triple", "hold", "release"):
        air.device.press(str(listed.scenes), gesture)
        (scene,) = air.heard()
        assert isinstance(scene, central_scene.CentralSceneNotification)
        assert scene.scene == listed.scenes
        assert listed.keys is not None
        assert scene.key in listed.keys[0]
        numbers.append(scene.sequence_number)
    assert numbers == list(range(numbers[0], numbers[0] + 5))


# Supervision (CC:006C)


STRANGE: tuple[Command, ...] = (
    door_lock.DoorLockOperationSet(door_lock.DoorLockMode.SECURED),
    window_covering.WindowCoveringStopLevelChange(13),
)


@every_kind
async def test_a_supervised_command_of_a_class_that_is_not_there_is_not_supported(kind: str) -> None:
    # CC:006C.01.02.11.006, table 4.29: with a duration of zero. No kind is both.
    air = Made(kind)
    strange = next(it for it in STRANGE if it.COMMAND_CLASS not in air.node.root.reactions)
    (report,) = air.says(strange, Envelope(supervision=Supervised(3)))
    assert report == SupervisionReport(3, SupervisionStatus.NO_SUPPORT)


@every_kind
async def test_a_supervised_set_is_answered_by_one_report(kind: str) -> None:
    (report,) = Made(kind).says(LIFELINE, Envelope(supervision=Supervised(4)))
    assert report == SupervisionReport(4, SupervisionStatus.SUCCESS)


@pytest.mark.parametrize("updates", [False, True])
@kinds_with(switch_multilevel)
async def test_what_takes_time_is_worked_on_and_ends_if_that_was_asked_for(kind: str, updates: bool) -> None:
    air = Made(kind)
    command = switch_multilevel.SwitchMultilevelSet(50, Duration(1))
    (report,) = air.says(command, Envelope(supervision=Supervised(5, updates)))
    assert isinstance(report, SupervisionReport)
    assert (report.status, report.more_updates) == (SupervisionStatus.WORKING, updates)
    assert report.duration.seconds
    await asyncio.sleep(60)
    ended = [it for it in air.heard() if isinstance(it, SupervisionReport)]
    assert ended == ([SupervisionReport(5, SupervisionStatus.SUCCESS)] if updates else [])


# Multi Channel (CC:0060.03)


@kinds_with(multi_channel)
async def test_each_end_point_has_what_it_lists_and_the_root_mirrors_the_first(kind: str) -> None:
    air = Made(kind)
    count = ask(air, multi_channel.MultiChannelEndPointGet(), multi_channel.MultiChannelEndPointReport).individual
    assert count > 1
    for number in range(1, count + 1):
        there = Envelope(endpoint=number)
        capability = ask(
            air, multi_channel.MultiChannelCapabilityGet(number), multi_channel.MultiChannelCapabilityReport
        )
        # CC:006C.01.00.21.001: Supervision is in the Capability Report.
        assert supervision.COMMAND_CLASS in capability.command_classes
        ask(air, switch_binary.SwitchBinaryGet(), switch_binary.SwitchBinaryReport, there)
        ask(air, zwaveplus_info.ZWavePlusInfoGet(), zwaveplus_info.ZWavePlusInfoReport, there)
        # CC:0060.03.00.21.004: the root mirrors end point 1, and no other.
        air.says(switch_binary.SwitchBinarySet(True), there)
        assert ask(air, switch_binary.SwitchBinaryGet(), switch_binary.SwitchBinaryReport).on
    # CC:0060.03.09.11.004: an end point that is not there is not answered for.
    assert air.says(multi_channel.MultiChannelCapabilityGet(count + 1)) == []


@kinds_with(multi_channel)
async def test_a_search_for_end_points_that_are_not_there_finds_number_0(kind: str) -> None:
    find = multi_channel.MultiChannelEndPointFind(0x40, 0x03)
    # CC:0060.03.0C.11.006.
    assert ask(Made(kind), find, multi_channel.MultiChannelEndPointFindReport).end_points == (0,)
