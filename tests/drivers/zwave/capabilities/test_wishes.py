"""What the home wishes, and the bytes that tell a device so (SDS13781, the Set of each command class)."""

import pytest

from drivers.zwave.capabilities.coverings import slats_level_of, tilt_of
from drivers.zwave.capabilities.sensors import ACTIVE, BINARY_TYPES, MEASURED
from drivers.zwave.capabilities.switches import LEVEL_MAX, level_of, percent_of
from drivers.zwave.capabilities.table import TRANSLATIONS, capabilities_of, plan_for, said
from drivers.zwave.command_classes.table import decode
from drivers.zwave.interview.questions import GETS, gets_of
from drivers.zwave.node_record import EndPoint, Facts
from drivers.zwave.readings import answer_to
from hubagent.model.capabilities.color_control import MoveToColorTemperature, MoveToHueSaturation
from hubagent.model.capabilities.configuration import SetParameter
from hubagent.model.capabilities.door_lock import ClearUserCode, LockDoor, SetUserCode
from hubagent.model.capabilities.fan_control import SetFanMode
from hubagent.model.capabilities.identify import IdentifyYourself
from hubagent.model.capabilities.level_control import MoveToLevel
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capabilities.table import CAPABILITIES
from hubagent.model.capabilities.thermostat import SetCoolingSetpoint, SetHeatingSetpoint, SetThermostatMode
from hubagent.model.capabilities.window_covering import GoToPosition, GoToTilt, StopMoving
from hubagent.model.capability import Command
from tests.drivers.zwave.capabilities.test_reports import (
    BASIC,
    BINARY_SWITCH,
    CENTRAL_SCENE,
    COLOR,
    CONFIGURATION,
    COVERING,
    DOOR_LOCK,
    FAN_MODE,
    FULL,
    METER,
    MULTILEVEL_SWITCH,
    SETPOINT,
    SOUND_SWITCH,
    THERMOSTAT_MODE,
    an_end_point,
)

USER_CODE, INDICATOR = 0x63, 0x87
THERMOSTAT_FACTS: dict[int, Facts] = {
    THERMOSTAT_MODE: {"modes": [0, 1, 2, 10]},
    SETPOINT: {"types": [1, 2], "scales": {"1": 0, "2": 1}},
    FAN_MODE: {"modes": [0, 1, 3]},
}
LAMP_FACTS: dict[int, Facts] = {COLOR: {"components": [0, 1, 2, 3, 4]}}
PARAMETERS: dict[int, Facts] = {
    CONFIGURATION: {
        "parameters": {
            "1": {"size": 1, "unsigned": True, "read_only": False},
            "2": {"size": 2, "unsigned": False, "read_only": False},
            "3": {"size": 1, "unsigned": False, "read_only": True},
        }
    }
}


@pytest.mark.parametrize(
    ("wish", "classes", "facts", "told"),
    [
        (SwitchOnOff(True), (BINARY_SWITCH, BASIC), {}, "25 01 ff"),
        (SwitchOnOff(False), (BASIC,), {}, "20 01 00"),
        (SwitchOnOff(True), (SOUND_SWITCH, BASIC), {}, "79 08 ff 00"),
        (SwitchOnOff(False), (SOUND_SWITCH, BASIC), {}, "79 08 00 00"),
        (SwitchOnOff(True), (SOUND_SWITCH, BINARY_SWITCH), {}, "25 01 ff"),
        (SwitchOnOff(True), (MULTILEVEL_SWITCH, BINARY_SWITCH), {}, "26 01 ff"),
        (SwitchOnOff(False), (MULTILEVEL_SWITCH,), {}, "26 01 00"),
        (MoveToLevel(100, 3), (MULTILEVEL_SWITCH,), {}, "26 01 63 03"),
        (MoveToLevel(1, 0), (MULTILEVEL_SWITCH,), {}, "26 01 01 00"),
        (GoToPosition(50), (COVERING, MULTILEVEL_SWITCH), {COVERING: {"parameters": [13, 23]}}, "6a 05 01 0d 32"),
        (GoToTilt(100), (COVERING,), {COVERING: {"parameters": [13, 23]}}, "6a 05 01 17 32"),
        (StopMoving(), (COVERING,), {COVERING: {"parameters": [13]}}, "6a 07 0d"),
        (MoveToHueSaturation(120, 100), (COLOR,), LAMP_FACTS, "33 05 05 00 00 01 00 02 00 03 ff 04 00"),
        (MoveToColorTemperature(2700), (COLOR,), LAMP_FACTS, "33 05 05 00 ff 01 00 02 00 03 00 04 00"),
        (LockDoor(True), (DOOR_LOCK,), {}, "62 01 ff"),
        (LockDoor(False), (DOOR_LOCK,), {}, "62 01 00"),
        (SetUserCode(2, "1234"), (USER_CODE,), {}, "63 01 02 01 31 32 33 34"),
        (ClearUserCode(2), (USER_CODE,), {}, "63 01 02 00 00 00 00 00"),
        (SetThermostatMode("heat"), (THERMOSTAT_MODE,), THERMOSTAT_FACTS, "40 01 01"),
        (SetThermostatMode("auto"), (THERMOSTAT_MODE,), THERMOSTAT_FACTS, "40 01 0a"),
        (SetHeatingSetpoint(21.5), (SETPOINT,), THERMOSTAT_FACTS, "43 01 01 22 00 d7"),
        (SetCoolingSetpoint(25), (SETPOINT,), THERMOSTAT_FACTS, "43 01 02 2a 03 02"),
        (SetFanMode("low"), (FAN_MODE,), THERMOSTAT_FACTS, "44 01 01"),
        (SetFanMode("off"), (FAN_MODE,), THERMOSTAT_FACTS, "44 01 80"),
        (SetParameter(1, 200), (CONFIGURATION,), PARAMETERS, "70 04 01 01 c8"),
        (SetParameter(2, -2), (CONFIGURATION,), PARAMETERS, "70 04 02 02 ff fe"),
        (SetParameter(9, 300), (CONFIGURATION,), {}, "70 04 09 02 01 2c"),
        (
            IdentifyYourself(4),
            (INDICATOR,),
            {INDICATOR: {"identify": True}},
            "87 01 00 03 50 03 08 50 04 05 50 05 04",
        ),
    ],
)
def test_a_wish_is_told_in_these_bytes(
    wish: Command, classes: tuple[int, ...], facts: dict[int, Facts], told: str
) -> None:
    plan = plan_for(wish, an_end_point(*classes, facts=facts))
    assert plan is not None
    told_bytes = bytes.fromhex(told)
    # A Set in which the device is left to choose how long it takes may say so, or say nothing.
    assert plan.command.to_bytes() in (told_bytes, told_bytes + b"\xff")


def test_a_siren_of_version_1_is_not_told_how_loud() -> None:
    plan = plan_for(SwitchOnOff(True), EndPoint(0, versions={SOUND_SWITCH: 1}))
    assert plan is not None
    assert plan.command.to_bytes() == bytes.fromhex("79 08 ff")


@pytest.mark.parametrize(
    ("wish", "classes"),
    [
        (SwitchOnOff(True), (CENTRAL_SCENE, BASIC)),
        (SetThermostatMode("dry"), (THERMOSTAT_MODE,)),
        (SetFanMode("medium"), (FAN_MODE,)),
        (MoveToHueSaturation(1, 1), (COLOR,)),
        (SetParameter(1, 300), (CONFIGURATION,)),
        (SetParameter(3, 1), (CONFIGURATION,)),
        (GoToPosition(1), (MULTILEVEL_SWITCH,)),
        (IdentifyYourself(1), (INDICATOR,)),
    ],
)
def test_what_a_device_cannot_do_has_no_plan(wish: Command, classes: tuple[int, ...]) -> None:
    facts = {**THERMOSTAT_FACTS, **PARAMETERS}
    assert plan_for(wish, an_end_point(*classes, facts=facts)) is None


def test_a_setpoint_is_told_as_the_device_itself_tells_it() -> None:
    """SDS13781, Thermostat Setpoint Set: in the scale, precision and size of its reports."""
    thermostat = an_end_point(SETPOINT, facts={SETPOINT: {"types": [1]}})
    said(decode(bytes.fromhex("4303010c00000046")), thermostat)
    plan = plan_for(SetHeatingSetpoint(20), thermostat)
    assert plan is not None
    assert plan.command.to_bytes() == bytes.fromhex("4301010c00000044")


@pytest.mark.parametrize("level", range(LEVEL_MAX + 1))
def test_a_level_survives_the_way_to_per_cent_and_back(level: int) -> None:
    percent = percent_of(level)
    assert isinstance(percent, int)
    assert level_of(percent) == level


@pytest.mark.parametrize("percent", range(101))
def test_per_cent_survive_the_way_to_a_level_and_back(percent: int) -> None:
    back = percent_of(level_of(percent))
    assert isinstance(back, int)
    assert back == (100 if percent == 99 else percent)
    assert abs(tilt_of(slats_level_of(percent)) - percent) <= 1


def test_every_wish_is_read_back_by_a_get_whose_answer_is_known() -> None:
    wishes: list[Command] = [
        SwitchOnOff(True), MoveToLevel(1), GoToPosition(1), GoToTilt(1), StopMoving(), MoveToHueSaturation(1, 1),
        MoveToColorTemperature(3000), LockDoor(True), SetUserCode(1, "1234"), ClearUserCode(1),
        SetThermostatMode("heat"), SetHeatingSetpoint(20), SetCoolingSetpoint(20), SetFanMode("low"),
        SetParameter(1, 1), IdentifyYourself(1),
    ]  # fmt: skip
    planners = {kind for translation in TRANSLATIONS for kind in translation.planners}
    assert {type(wish) for wish in wishes} == planners
    classes = {it.command_class for it in TRANSLATIONS}
    facts = {**FULL, **THERMOSTAT_FACTS, INDICATOR: {"identify": True}}
    covering, lamp = an_end_point(*classes, facts=facts), an_end_point(*classes - {COVERING}, facts=facts)
    for wish in wishes:
        plan = plan_for(wish, covering) or plan_for(wish, lamp)
        assert plan is not None, wish
        for get in plan.readback:
            answer_to(get)


def test_every_state_that_is_read_has_an_answer_that_is_known() -> None:
    end_point = an_end_point(
        *GETS,
        BASIC,
        facts={**FULL, **THERMOSTAT_FACTS, **PARAMETERS, METER: {"type": 1, "scales": [0], "rate_types": 3}},
    )
    gets = [get for command_class in end_point.versions for get in gets_of(end_point, command_class)]
    for get in gets:
        answer_to(get)
    assert bytes.fromhex("320180") in [get.to_bytes() for get in gets], "what is fed back is read, too"


def test_every_attribute_of_the_tables_exists() -> None:
    flags = {*BINARY_TYPES.values(), *(flag for flags in ACTIVE.values() for flag, _ in flags)}
    for flag in flags:
        assert flag.attribute in CAPABILITIES[flag.capability.name].by_name
    for capability, attribute in MEASURED.values():
        assert attribute in CAPABILITIES[capability.name].by_name


def test_whatever_is_offered_is_a_capability_of_the_home() -> None:
    end_point = an_end_point(*(it.command_class for it in TRANSLATIONS), facts={**FULL, **THERMOSTAT_FACTS})
    assert set(capabilities_of(end_point)) <= CAPABILITIES.keys()
    assert capabilities_of(EndPoint(0)) == ()


def test_a_dimmer_that_is_on_was_not_switched_off() -> None:
    """Its level is right within a step; on and off are not a step apart."""
    end_point = an_end_point(MULTILEVEL_SWITCH)
    plan = plan_for(SwitchOnOff(False), end_point)
    assert plan is not None
    assert plan.confirms is not None
    assert not plan.confirms({"on": True})
    assert plan.confirms({"on": False})
