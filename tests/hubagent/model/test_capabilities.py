import math
from collections import Counter
from typing import Any

import pytest

from hubagent.model.capabilities.color_control import MoveToColorTemperature, MoveToHueSaturation
from hubagent.model.capabilities.configuration import SetParameter
from hubagent.model.capabilities.door_lock import ClearUserCode, LockDoor, SetUserCode
from hubagent.model.capabilities.identify import IdentifyYourself
from hubagent.model.capabilities.level_control import MoveToLevel
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capabilities.table import CAPABILITIES, SETTINGS, commands_for
from hubagent.model.capabilities.window_covering import GoToPosition, GoToTilt, StopMoving
from hubagent.model.capability import NUMBER_MAX, Attribute, Command, InvalidValue, Kind, Setting


def test_no_two_capabilities_have_an_attribute_of_the_same_name() -> None:
    names = Counter(attribute.name for capability in CAPABILITIES.values() for attribute in capability.attributes)
    assert [name for name, count in names.items() if count > 1] == []


def test_every_attribute_says_in_words_what_it_is() -> None:
    wordless = [
        attribute.name
        for capability in CAPABILITIES.values()
        for attribute in capability.attributes
        if not attribute.doc
    ]
    assert wordless == []


@pytest.mark.parametrize("name", ["vibration", "gas", "flow", "co2", "soil_moisture", "frequency"])
def test_what_a_device_measures_cannot_be_set(name: str) -> None:
    with pytest.raises(InvalidValue, match="measured by the device"):
        commands_for({name: 1})


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.command.__name__)
def test_what_can_be_set_is_an_attribute_of_the_commands_own_capability(setting: Setting) -> None:
    assert set(setting.attributes) <= setting.command.CAPABILITY.by_name.keys()


def test_values_become_commands_in_the_order_of_the_table_whatever_theirs() -> None:
    commands = commands_for({"parameter_7": -1, "saturation": 50, "hue": 120, "on": True})
    assert commands == [SwitchOnOff(True), MoveToHueSaturation(120, 50), SetParameter(7, -1)]


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("occupied", True, "measured by the device"),
        ("onn", True, "did you mean 'on'"),
        ("hue", 120, "saturation has no value"),
        ("level", 101, "between 0 and 100"),
        ("parameter_7", True, "a whole number"),
        ("parameter_0", 1, "1 to 65535"),
        ("parameter_" + "9" * 5000, 1, "there is no attribute"),
        ("parameter_²", 1, "there is no attribute"),
        ("parameter_", 1, "there is no attribute"),
    ],
)
def test_what_cannot_be_set_is_refused_in_words(name: str, value: float, why: str) -> None:
    with pytest.raises(InvalidValue, match=why):
        commands_for({name: value})


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400, NUMBER_MAX + 1, -NUMBER_MAX - 1, True, "1"])
def test_what_is_no_number_to_others_is_none_here(value: object) -> None:
    attribute = Attribute("height", Kind.NUMBER, "how high")
    with pytest.raises(InvalidValue, match="height is a number"):
        attribute.check(value)  # type: ignore[arg-type]
    assert attribute.check(NUMBER_MAX) == NUMBER_MAX


@pytest.mark.parametrize("slot", [0, 65536, 1.5, True, "1", None])
def test_a_users_slot_is_a_whole_number(slot: Any) -> None:
    with pytest.raises(InvalidValue, match="a user's slot is a whole number from 1 to 65535"):
        SetUserCode(slot, "1234")
    with pytest.raises(InvalidValue, match="a user's slot is a whole number from 1 to 65535"):
        ClearUserCode(slot)


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        (SwitchOnOff(False), SwitchOnOff(True)),
        (SwitchOnOff(False), MoveToLevel(80)),
        (SwitchOnOff(True), MoveToLevel(0)),
        (MoveToLevel(80), SwitchOnOff(False)),
        (MoveToLevel(80), MoveToLevel(20)),
        (GoToPosition(0), GoToPosition(100)),
        (StopMoving(), GoToPosition(100)),
        (StopMoving(), GoToTilt(100)),
        (GoToTilt(20), StopMoving()),
        (MoveToHueSaturation(120, 50), MoveToHueSaturation(120, 60)),
        (MoveToColorTemperature(2700), MoveToHueSaturation(120, 60)),
        (IdentifyYourself(0), IdentifyYourself(8)),
        (SetUserCode(1, "1234"), SetUserCode(1, "5678")),
        (ClearUserCode(1), SetUserCode(1, "5678")),
        (SetParameter(7, 1), SetParameter(7, 2)),
    ],
)
def test_a_newer_command_makes_one_pointless_that_decided_the_same_otherwise(newer: Command, older: Command) -> None:
    assert newer.overtakes(older)


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        (SwitchOnOff(True), SwitchOnOff(True)),
        (SwitchOnOff(True), MoveToLevel(80)),
        (MoveToLevel(80), SwitchOnOff(True)),
        (GoToTilt(20), GoToPosition(100)),
        (StopMoving(), StopMoving()),
        (MoveToColorTemperature(2700), MoveToLevel(20)),
        (SetUserCode(1, "1234"), SetUserCode(2, "5678")),
        (SetParameter(7, 1), SetParameter(8, 2)),
        (LockDoor(True), SetUserCode(1, "1234")),
    ],
)
def test_and_leaves_any_other(newer: Command, older: Command) -> None:
    assert not newer.overtakes(older)
