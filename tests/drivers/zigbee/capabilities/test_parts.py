"""Which end points are parts of a device, with functions of their own, and what is the device's as a whole."""

from drivers.zigbee.capabilities.table import capabilities_of, part_of, said_by_attributes
from drivers.zigbee.capabilities.translation import Pressed
from hubagent.model.capabilities.switch import Press
from tests.drivers.zigbee.capabilities.nodes import (
    ANALOG_INPUT,
    BASIC,
    ELECTRICAL,
    IAS_ZONE,
    IDENTIFY,
    METERING,
    OCCUPANCY,
    ON_OFF,
    POWER,
    TEMPERATURE,
    a_node,
    an_end_point,
    of_one,
    reported,
)


def test_one_function_is_the_devices_own_wherever_it_stands() -> None:
    node = a_node(an_end_point(BASIC, IDENTIFY), an_end_point(ON_OFF, METERING, number=3))
    assert capabilities_of(node) == {
        0: ("identify", "on_off", "electrical_energy_measurement", "electrical_power_measurement")
    }
    (said,) = reported(node, ON_OFF, "0000 10 01", endpoint=3)
    assert part_of(node, 3, said) == 0


def test_a_function_on_two_end_points_makes_each_a_part_with_its_measurements() -> None:
    strip = a_node(
        an_end_point(ON_OFF, METERING, IDENTIFY),
        an_end_point(ON_OFF, number=2),
        an_end_point(TEMPERATURE, POWER, number=3),
        sleeps=True,
    )
    assert capabilities_of(strip) == {
        0: ("identify", "temperature_measurement", "power_source"),
        1: ("on_off", "electrical_energy_measurement", "electrical_power_measurement"),
        2: ("on_off",),
    }
    (said,) = reported(strip, ON_OFF, "0000 10 01", endpoint=2)
    assert part_of(strip, 2, said) == 2
    (said,) = reported(strip, TEMPERATURE, "0000 29 6608", endpoint=3)
    assert part_of(strip, 3, said) == 0


def test_two_measurements_of_one_kind_are_two_things() -> None:
    heater = a_node(an_end_point(ON_OFF), an_end_point(TEMPERATURE, number=2), an_end_point(TEMPERATURE, number=3))
    assert capabilities_of(heater) == {
        0: ("on_off",),
        2: ("temperature_measurement",),
        3: ("temperature_measurement",),
    }


def test_the_battery_of_a_part_is_the_devices() -> None:
    sensor = a_node(an_end_point(TEMPERATURE, POWER), an_end_point(TEMPERATURE, number=2), mains=False, sleeps=True)
    assert capabilities_of(sensor)[0] == ("power_source",)
    (said,) = reported(sensor, POWER, "2100 20 c8")
    assert part_of(sensor, 1, said) == 0
    assert part_of(sensor, 1, Pressed(1, Press.SINGLE)) == 0


def test_three_views_of_one_motion_are_no_parts_where_the_model_is_known() -> None:
    end_points = [an_end_point(OCCUPANCY, number=number) for number in (34, 40, 41)]
    assert set(capabilities_of(a_node(*end_points))) == {0, 34, 40, 41}
    known = a_node(*end_points, maker="frient A/S", model="MOSZB-140")
    assert capabilities_of(known) == {0: ("occupancy_sensing",)}


def test_what_a_wall_switch_draws_is_no_relays_own() -> None:
    switch = a_node(
        an_end_point(BASIC, ON_OFF),
        an_end_point(ON_OFF, number=2),
        an_end_point(ANALOG_INPUT, number=21),
        maker="LUMI", model="lumi.switch.b2naus01",
    )  # fmt: skip
    offered = capabilities_of(switch)
    assert (offered[1], offered[2]) == (("on_off",), ("on_off",))
    assert {"electrical_power_measurement", "electrical_energy_measurement"} <= set(offered[0])
    (said,) = reported(switch, ANALOG_INPUT, "5500 39 0000 2041", endpoint=21)
    assert part_of(switch, 21, said) == 0


def test_more_is_known_after_another_look() -> None:
    node = a_node(an_end_point(ON_OFF))
    assert capabilities_of(node) == {0: ("on_off",)}
    node.endpoints[2] = an_end_point(ON_OFF, number=2)
    assert set(capabilities_of(node)) == {0, 1, 2}


def test_what_is_heard_before_anybody_looked_is_understood() -> None:
    assert said_by_attributes(of_one(ELECTRICAL), 1, ELECTRICAL, {0x050B: 100}) != []
    assert said_by_attributes(of_one(ON_OFF), 2, ON_OFF, {0: True}) == []


def test_a_node_without_end_points_offers_nothing_and_is_asked_nothing() -> None:
    assert capabilities_of(a_node()) == {0: ()}


def test_a_contact_and_a_leak_on_two_end_points_are_two_parts() -> None:
    node = a_node(
        an_end_point(IAS_ZONE, attributes={IAS_ZONE: {1: 0x0015}}),
        an_end_point(IAS_ZONE, number=2, attributes={IAS_ZONE: {1: 0x002A}}),
    )
    assert capabilities_of(node) == {0: (), 1: ("boolean_state",), 2: ("boolean_state",)}
