"""What the home wishes, and the frames that tell a device so, byte for byte: control, sequence, command, payload."""

import pytest

from drivers.zigbee.capabilities.table import plan_for
from drivers.zigbee.capabilities.translation import Plan, close_to
from drivers.zigbee.node_record import NodeRecord
from hubagent.model.capabilities.color_control import MoveToColorTemperature, MoveToHueSaturation
from hubagent.model.capabilities.configuration import SetParameter
from hubagent.model.capabilities.door_lock import ClearUserCode, LockDoor, SetUserCode
from hubagent.model.capabilities.fan_control import SetFanMode
from hubagent.model.capabilities.identify import IdentifyYourself
from hubagent.model.capabilities.level_control import MoveToLevel
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capabilities.thermostat import SetCoolingSetpoint, SetHeatingSetpoint, SetThermostatMode
from hubagent.model.capabilities.window_covering import GoToPosition, GoToTilt, StopMoving
from hubagent.model.capability import Command
from tests.drivers.zigbee.capabilities.nodes import (
    COLOR,
    COVERING,
    DOOR_LOCK,
    FAN,
    IDENTIFY,
    LEVEL,
    ON_OFF,
    TEMPERATURE,
    THERMOSTAT,
    Attributes,
    a_node,
    an_end_point,
    heard,
    of_one,
)

TILTING: Attributes = {COVERING: {0x0000: 8}}
HUE_LAMP: Attributes = {COLOR: {0x400A: 0x01}}
FINE_LAMP: Attributes = {COLOR: {0x400A: 0x1F, 0x400B: 153, 0x400C: 500, 0x000F: 0}}
XY_LAMP: Attributes = {COLOR: {0x400A: 0x08}}
WHITE_LAMP: Attributes = {COLOR: {0x400A: 0x10, 0x400B: 200, 0x400C: 454}}
HEATER: Attributes = {THERMOSTAT: {0x001B: 2, 0x0015: 500, 0x0016: 3000}}
BOTH: Attributes = {THERMOSTAT: {0x001B: 4}}


def told(plan: Plan | None) -> list[str]:
    """The frames of a plan, with the sequence number 0x42."""
    assert plan is not None
    return [one.frame(0x42).to_bytes().hex() for one in plan.commands]


@pytest.mark.parametrize(
    ("wish", "clusters", "attributes", "frame"),
    [
        (SwitchOnOff(True), (ON_OFF,), {}, "01 42 01"),
        (SwitchOnOff(False), (ON_OFF, LEVEL), {}, "01 42 00"),
        (MoveToLevel(100, 3), (ON_OFF, LEVEL), {}, "01 42 04 fe 1e00"),
        (MoveToLevel(1), (ON_OFF, LEVEL), {}, "01 42 04 03 ffff"),
        (MoveToLevel(0, 0), (ON_OFF, LEVEL), {}, "01 42 04 00 0000"),
        (GoToPosition(75), (COVERING,), {}, "01 42 05 19"),
        (GoToTilt(100), (COVERING,), TILTING, "01 42 08 00"),
        (StopMoving(), (COVERING,), {}, "01 42 02"),
        (GoToPosition(100), (COVERING,), {COVERING: {0x0008: None}}, "01 42 00"),
        (GoToPosition(0), (COVERING,), {COVERING: {0x0008: None}}, "01 42 01"),
        (MoveToHueSaturation(120, 100), (COLOR,), HUE_LAMP, "01 42 06 55 fe 0100"),
        (MoveToHueSaturation(120, 50, 1), (COLOR,), FINE_LAMP, "01 42 43 5555 7f 0a00 01 01"),
        (MoveToHueSaturation(0, 100), (COLOR,), XY_LAMP, "01 42 07 d7a3 7b54 0100"),
        (MoveToColorTemperature(2700), (COLOR,), FINE_LAMP, "01 42 0a 7201 0100 01 01"),
        (MoveToColorTemperature(6500, 2), (COLOR,), WHITE_LAMP, "01 42 0a c800 1400"),
        (LockDoor(True), (DOOR_LOCK,), {}, "01 42 00"),
        (LockDoor(False), (DOOR_LOCK,), {}, "01 42 01"),
        (SetUserCode(2, "1234"), (DOOR_LOCK,), {}, "01 42 05 0200 01 00 04 31323334"),
        (ClearUserCode(2), (DOOR_LOCK,), {}, "01 42 07 0200"),
        # Write Attributes: attribute, type, value.
        (SetThermostatMode("heat"), (THERMOSTAT,), HEATER, "00 42 02 1c00 30 04"),
        (SetThermostatMode("off"), (THERMOSTAT,), HEATER, "00 42 02 1c00 30 00"),
        (SetHeatingSetpoint(21.5), (THERMOSTAT,), HEATER, "00 42 02 1200 29 6608"),
        (SetCoolingSetpoint(26), (THERMOSTAT,), BOTH, "00 42 02 1100 29 280a"),
        (SetFanMode("high"), (FAN,), {}, "00 42 02 0000 30 03"),
        (IdentifyYourself(10), (IDENTIFY,), {}, "01 42 00 0a00"),
        (SetParameter(1, 0), (ON_OFF,), {}, "00 42 02 0340 30 00"),
        (SetParameter(1, 255), (ON_OFF,), {}, "00 42 02 0340 30 ff"),
        (SetParameter(3, 20), (ON_OFF, LEVEL), {}, "00 42 02 1000 21 1400"),
        (SetParameter(7, -15), (THERMOSTAT,), {}, "00 42 02 1000 28 f1"),
    ],
)
def test_a_wish_is_told_in_these_bytes(
    wish: Command, clusters: tuple[int, ...], attributes: Attributes, frame: str
) -> None:
    assert told(plan_for(wish, of_one(*clusters, attributes=attributes), 0)) == [frame.replace(" ", "")]


@pytest.mark.parametrize(
    ("wish", "clusters", "attributes"),
    [
        (SwitchOnOff(True), (TEMPERATURE,), {}),
        (SwitchOnOff(True), (COVERING, ON_OFF), {}),
        (MoveToLevel(10), (ON_OFF,), {}),
        (GoToPosition(50), (COVERING,), {COVERING: {0x0008: None}}),
        (GoToTilt(50), (COVERING,), {}),
        (MoveToHueSaturation(1, 1), (COLOR,), WHITE_LAMP),
        (MoveToColorTemperature(3000), (COLOR,), HUE_LAMP),
        (SetThermostatMode("cool"), (THERMOSTAT,), HEATER),
        (SetThermostatMode("away"), (THERMOSTAT,), BOTH),
        (SetCoolingSetpoint(26), (THERMOSTAT,), HEATER),
        (SetHeatingSetpoint(35), (THERMOSTAT,), HEATER),
        (SetFanMode("medium"), (FAN,), {FAN: {0x0001: 1}}),
        (SetParameter(1, 256), (ON_OFF,), {}),
        (SetParameter(2, 10), (ON_OFF,), {}),
        (SetParameter(99, 1), (ON_OFF,), {}),
    ],
)
def test_what_a_device_cannot_do_has_no_plan(wish: Command, clusters: tuple[int, ...], attributes: Attributes) -> None:
    assert plan_for(wish, of_one(*clusters, attributes=attributes), 0) is None


def confirmed(wish: Command, record: NodeRecord, cluster: int, report: str) -> bool:
    """Whether what a device reports is what was wished."""
    plan = plan_for(wish, record, 0)
    assert plan is not None
    values = {name.partition(".")[2]: value for name, value in heard(record, cluster, report).items()}
    if plan.confirms is not None:
        return plan.confirms(values)
    return all(values.get(name) == value for name, value in wish.wanted().items())


@pytest.mark.parametrize(
    ("wish", "cluster", "report", "expected"),
    [
        (SwitchOnOff(True), ON_OFF, "0000 10 01", True),
        (SwitchOnOff(True), ON_OFF, "0000 10 00", False),
        (MoveToLevel(40), LEVEL, "0000 20 66", True),
        (MoveToLevel(40), LEVEL, "0000 20 7f", False),
        (MoveToLevel(0), ON_OFF, "0000 10 00", True),
        (MoveToLevel(0), LEVEL, "0000 20 66", False),
        (MoveToHueSaturation(120, 50), COLOR, "0040 21 5555 0100 20 7f 0800 30 00", True),
        (MoveToHueSaturation(359.5, 50), COLOR, "0040 21 0000 0100 20 7f 0800 30 00", True),
        (MoveToHueSaturation(120, 50), COLOR, "0040 21 0000 0100 20 7f 0800 30 00", False),
        (MoveToHueSaturation(120, 0), COLOR, "0040 21 0000 0100 20 00 0800 30 00", True),
        (MoveToColorTemperature(2700), COLOR, "0700 21 7201 0800 30 02", True),
        (MoveToColorTemperature(2700), COLOR, "0700 21 c800 0800 30 02", False),
        (MoveToColorTemperature(1500), COLOR, "0700 21 f401 0800 30 02", True),
    ],
)
def test_a_lamp_confirms_by_what_it_reports(wish: Command, cluster: int, report: str, expected: bool) -> None:
    lamp = of_one(ON_OFF, LEVEL, COLOR, attributes=FINE_LAMP)
    assert confirmed(wish, lamp, cluster, report) is expected


def test_every_plan_reads_what_its_command_changes() -> None:
    lamp = of_one(ON_OFF, LEVEL, COLOR, attributes=FINE_LAMP)
    plan = plan_for(MoveToHueSaturation(120, 50), lamp, 0)
    assert plan is not None
    assert [(read.cluster, read.attributes) for read in plan.readback] == [(COLOR, (0x4000, 1, 8))]
    plan = plan_for(MoveToLevel(10), lamp, 0)
    assert plan is not None
    assert [(read.cluster, read.attributes) for read in plan.readback] == [(ON_OFF, (0,)), (LEVEL, (0,))]


def test_a_switch_is_always_told_the_same_and_the_plan_is_made_once() -> None:
    plug = of_one(ON_OFF)
    assert plan_for(SwitchOnOff(True), plug, 0) is plan_for(SwitchOnOff(True), plug, 0)
    assert told(plan_for(SwitchOnOff(False), plug, 0)) == ["014200"]


def test_a_vent_is_opened_by_its_level_and_closed_by_off() -> None:
    vent = of_one(ON_OFF, LEVEL, maker="Keen Home Inc", model="SV02-612-MP-1.3")
    assert told(plan_for(GoToPosition(50), vent, 0)) == ["0142047fffff"]
    assert told(plan_for(GoToPosition(0), vent, 0)) == ["014200"]
    assert told(plan_for(StopMoving(), vent, 0)) == ["014203"]
    assert plan_for(SwitchOnOff(True), vent, 0) is None


def test_a_motor_that_counts_how_far_it_is_open_is_told_so() -> None:
    motor = of_one(COVERING, maker="_TZ3000_vd43bbfq", model="TS130F")
    assert told(plan_for(GoToPosition(75), motor, 0)) == ["0142054b"]
    assert heard(motor, COVERING, "0800 20 4b") == {"window_covering.position": 75}


def test_a_part_is_told_on_its_own_end_point() -> None:
    strip = a_node(an_end_point(ON_OFF, IDENTIFY), an_end_point(ON_OFF, number=2))
    plan = plan_for(SwitchOnOff(True), strip, 2)
    assert plan is not None
    assert [command.endpoint for command in plan.commands] == [2]
    assert plan_for(SwitchOnOff(True), strip, 0) is None
    assert plan_for(SwitchOnOff(True), strip, 3) is None
    blink = plan_for(IdentifyYourself(5), strip, 0)
    assert blink is not None
    assert blink.commands[0].endpoint == 1


def test_a_code_is_not_printed() -> None:
    plan = plan_for(SetUserCode(2, "4711"), of_one(DOOR_LOCK), 0)
    assert plan is not None
    assert "4711" not in repr(plan)


def test_on_is_not_nearly_off() -> None:
    assert not close_to({"on": False}, 1)({"on": True})
    assert close_to({"on": False}, 1)({"on": False})
    assert close_to({"level": 50}, 1)({"level": 51})
