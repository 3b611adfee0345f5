"""What the home wishes, and the bytes that tell a device so (SDS13781, the Set of each command class)."""

import pytest

from drivers.zwave.capabilities.coverings import slats_level_of, tilt_of
from drivers.zwave.capabilities.sensors import ACTIVE, BINARY_TYPES, MEASURED
from drivers.zwave.capabilities.switches import LEVEL_MAX, level_of, percent_of
from drivers.zwave.capabilities.table import TRANSLATIONS, capabilities_of, plan_for, said
from drivers.zwave.capabilities.translation import Reading
from drivers.zwave.command_classes.scaled_value import ScaledValue
from drivers.zwave.command_classes.sensor_multilevel import SensorMultilevelGet, SensorMultilevelReport
from drivers.zwave.command_classes.switch_color import SwitchColorReport, SwitchColorSet
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
from hubagent.model.capability import Command, Value
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
    SENSOR,
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
        (SetUserCode(255, "1234"), (USER_CODE,), {}, "63 01 ff 01 31 32 33 34"),
        (SetUserCode(300, "1234"), (USER_CODE,), {}, "63 0b 01 01 2c 01 04 31 32 33 34"),
        (ClearUserCode(256), (USER_CODE,), {}, "63 0b 01 01 00 00 00"),
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


def test_a_lock_of_version_1_has_no_slot_that_takes_two_bytes() -> None:
    lock = EndPoint(0, versions={USER_CODE: 1})
    assert plan_for(SetUserCode(256, "1234"), lock) is None
    assert plan_for(ClearUserCode(256), lock) is None
    assert plan_for(SetUserCode(255, "1234"), lock) is not None


@pytest.mark.parametrize("wish", [GoToPosition(50), GoToTilt(50)])
def test_a_covering_is_told_that_it_may_take_its_own_time(wish: Command) -> None:
    """SDS13781, Window Covering Set: its only version has the duration, so a Set without one is a byte short."""
    plan = plan_for(wish, an_end_point(COVERING, facts={COVERING: {"parameters": [13, 23]}}))
    assert plan is not None
    assert plan.command.to_bytes()[5:] == b"\xff"


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


def test_a_parameter_that_no_list_has_is_told_in_the_size_in_which_the_device_reports_it() -> None:
    """SDS13781, Configuration Set: a device ignores another size than the parameter's. Only a report tells it."""
    plug = an_end_point(CONFIGURATION)
    said(decode(bytes.fromhex("70 06 65 04 00 00 00 00")), plug)
    plan = plan_for(SetParameter(101, 1), plug)
    assert plan is not None
    assert plan.command.to_bytes() == bytes.fromhex("70 04 65 04 00 00 00 01")
    said(decode(bytes.fromhex("70 06 65 01 00")), plug)
    assert plan_for(SetParameter(101, 300), plug) is None


@pytest.mark.parametrize(
    ("wish", "report", "is_so"),
    [
        (SetParameter(9, 200), "70 06 09 01 c8", True),
        (SetParameter(9, -56), "70 06 09 01 c8", True),
        (SetParameter(9, 200), "70 06 09 01 c7", False),
        (SetParameter(9, 200), "70 06 09 02 00 c8", True),
        (SetParameter(9, 200), "70 06 09 02 01 c8", False),
        (SetParameter(9, 200), "70 06 08 01 c8", False),
        (SetParameter(9, 300), "70 06 09 01 2c", False),
        (SetParameter(1, 200), "70 06 01 01 c8", True),
        (SetParameter(1, -56), "70 06 01 01 c8", True),
        (SetParameter(2, 40000), "70 06 02 02 9c 40", True),
        (SetParameter(9, 4000000000), "70 06 09 04 ee 6b 28 00", True),
    ],
)
def test_a_parameter_has_what_was_wished_where_its_bits_are_the_same(
    wish: SetParameter, report: str, is_so: bool
) -> None:
    device = an_end_point(CONFIGURATION, facts=PARAMETERS)
    plan = plan_for(wish, device)
    assert plan is not None
    assert plan.confirms is not None
    (reading,) = said(decode(bytes.fromhex(report)), device)
    assert isinstance(reading, Reading)
    assert plan.confirms(reading.values) is is_so


@pytest.mark.parametrize("saturation", range(1, 101, 3))
def test_a_lamp_that_has_the_color_it_was_told_has_the_color_that_was_wished(saturation: int) -> None:
    """Also where 256 levels of red, green and blue make another hue of it, or the wheel has gone round."""
    for hue in (*range(0, 361, 2), 359.5, 359.9):
        lamp = an_end_point(COLOR, facts=LAMP_FACTS)
        plan = plan_for(MoveToHueSaturation(hue, saturation), lamp)
        assert plan is not None
        assert plan.confirms is not None
        assert isinstance(plan.command, SwitchColorSet)
        reported: dict[str, Value] = {}
        for told in plan.command.levels:
            for item in said(SwitchColorReport(told.component, told.level), lamp):
                assert isinstance(item, Reading)
                reported |= item.values
        assert plan.confirms(reported), (hue, reported)


def test_a_lamp_of_another_color_has_not_the_color_that_was_wished() -> None:
    plan = plan_for(MoveToHueSaturation(1, 100), an_end_point(COLOR, facts=LAMP_FACTS))
    assert plan is not None
    assert plan.confirms is not None
    assert plan.confirms({"hue": 359.0, "saturation": 100})
    assert not plan.confirms({"hue": 358.9, "saturation": 100})
    assert not plan.confirms({"hue": 3.1, "saturation": 100})
    assert not plan.confirms({"hue": 1, "saturation": 97})
    assert not plan.confirms({"hue": None, "saturation": None})
    assert not plan.confirms({})


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
        SetUserCode(256, "1234"), ClearUserCode(256),
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


def test_a_sensor_is_asked_in_a_scale_that_the_home_can_read() -> None:
    for kind in MEASURED:
        end_point = an_end_point(SENSOR, facts={SENSOR: {"scales": {str(kind): [0, 1]}}})
        (get,) = gets_of(end_point, SENSOR)
        assert isinstance(get, SensorMultilevelGet)
        assert said(SensorMultilevelReport(kind, ScaledValue(50, 0, get.scale, 1)), end_point), kind


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


@pytest.mark.parametrize(
    ("wished", "reported", "is_so"),
    [
        (50, 50, True),
        (50, 49, True),
        (50, 51, True),
        (50, 52, False),
        (98.6, 100, True),
        (98.6, 98, True),
        (99, 100, True),
        (100, 98, True),
        (100, 97, False),
        (0.4, 1, True),
        (1, 0, False),
        (0.4, 0, False),
        (0, 1, False),
        (0, 0, True),
        (1, None, False),
    ],
)
def test_a_dimmer_has_the_level_that_was_wished_within_a_step_of_its_own(
    wished: float, reported: Value, is_so: bool
) -> None:
    """98.6 % goes out as 99, which is read back as 100 %; and 1 % is on, where 0 is off."""
    plan = plan_for(MoveToLevel(wished), an_end_point(MULTILEVEL_SWITCH))
    assert plan is not None
    assert plan.confirms is not None
    assert plan.confirms({"level": reported}) is is_so
