"""How a name finds its device and its attribute, and what is said of one that finds none."""

import pytest

from hubagent.model.capabilities.table import CAPABILITIES
from hubagent.model.device import Device
from hubagent.rules.names import ALIASES, MAIN_ATTRIBUTES, UnknownName, attribute_of, main_attribute, resolve
from tests.hubagent.rules.a_scope import AScope, device


@pytest.mark.parametrize(
    ("text", "name", "attribute"),
    [
        ("hall.light", "hall.light", None),
        ("hall.light.level", "hall.light", "level"),
        ("HALL.Light.level", "hall.light", "level"),
        ("hall.lux", "hall.lux", None),
        ("hall.lux.lux", "hall.lux", "illuminance"),
        ("garage.freezer.temp", "garage.freezer", "temperature"),
        ("living-room.sensor.motion", "living-room.sensor", "occupied"),
        ("living lamp.kelvin", "living lamp", "color_temperature"),
        ("id-radiator.setpoint", "radiator", "heating_setpoint"),
    ],
)
def test_a_name_is_a_device_or_one_of_its_attributes(text: str, name: str, attribute: str | None) -> None:
    subject = resolve(text, AScope())
    assert subject.device.name == name
    assert (subject.attribute.name if subject.attribute else None) == attribute


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hall.lx", "there is no device 'hall.lx'; did you mean 'hall.lux'?"),
        ("hall.lght.level", "did you mean 'hall.light'?"),
        ("hall.light.levl", "hall.light has no 'levl'; did you mean 'level'?"),
        ("hall.motion.locked", "hall.motion has no 'locked'; it has occupied"),
        ("", "there is no device ''"),
        (".", "there is no device '.'"),
        ("hall.light.", "hall.light has no ''"),
        ("x" * 10_000, "there is no device"),
    ],
)
def test_what_is_not_found_is_said_with_what_was_meant(text: str, said: str) -> None:
    with pytest.raises(UnknownName) as caught:
        resolve(text, AScope())
    assert said in str(caught.value)


def test_a_parameter_is_an_attribute_of_a_device_that_has_parameters() -> None:
    assert attribute_of(device("plug", "configuration"), "parameter_7").name == "parameter_7"
    with pytest.raises(UnknownName):
        attribute_of(device("plug", "on_off"), "parameter_7")


@pytest.mark.parametrize(
    ("capabilities", "main"),
    [
        (("on_off", "level_control"), "on"),
        (("occupancy_sensing", "illuminance_measurement", "temperature_measurement"), "occupied"),
        (("door_lock", "power_source"), "locked"),
        (("power_source",), "battery"),
        ((), None),
    ],
)
def test_a_device_alone_stands_for_what_matters_most_of_it(capabilities: tuple[str, ...], main: str | None) -> None:
    found = main_attribute(device("x", *capabilities))
    assert (found.name if found else None) == main


def test_every_word_for_an_attribute_leads_to_one() -> None:
    for name in (*ALIASES.values(), *MAIN_ATTRIBUTES):
        assert resolve(f"x.{name}", _Everything()).attribute is not None


class _Everything:
    """One device that has all there is."""

    def find(self, name: str) -> Device | None:
        return device("x", *CAPABILITIES) if name == "x" else None

    def names(self) -> list[str]:
        return ["x"]
