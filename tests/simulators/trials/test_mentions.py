import pytest

from simulators.trials.mentions import devices_in
from tests.simulators.trials.a_trial import rules


def rule(when: str, condition: str = "true", do: str = '{ set = "hall.light", on = true }') -> str:
    return f'[[rule]]\nname = "r"\nwhen = {when}\nif = "{condition}"\ndo = [{do}]'


@pytest.mark.parametrize(
    ("text", "name", "capabilities"),
    [
        (rule('"hall.motion becomes occupied"'), "hall.motion", ("occupancy_sensing",)),
        (rule('"hall.motion becomes occupied"'), "hall.light", ("on_off",)),
        (rule('"garage.freezer.temp > -12"'), "garage.freezer", ("temperature_measurement",)),
        (rule('"radiator.temp > 20"'), "radiator.temp", ("temperature_measurement",)),
        (rule('"sofa.remote button 2 double"'), "sofa.remote", ("switch",)),
        (rule('"kitchen.sink becomes wet"'), "kitchen.sink", ("boolean_state",)),
        (rule('"hall.light becomes on"', "hall.light.level > 3"), "hall.light", ("on_off", "level_control")),
        (rule('"hall.light becomes on"', "hall.lux < 30"), "hall.lux", ("illuminance_measurement",)),
        (rule('"hall.light becomes on"', "garage.door == 'open'"), "garage.door", ("boolean_state",)),
        (rule('"hall.light becomes on"', "nursery.alarm is smoke"), "nursery.alarm", ("smoke_co_alarm",)),
        (rule('"hall.light becomes on"', 'device(\\"old lamp\\").on'), "old lamp", ("on_off",)),
        (rule('{ offline = "garage.freezer", for = "1h" }'), "garage.freezer", ("on_off",)),
        (rule('{ time = "07:30" }', do='{ set = "radiator", heating_setpoint = 20 }'), "radiator", None),
    ],
)
def test_devices_are_made_up_from_what_rules_say_of_them(
    text: str, name: str, capabilities: tuple[str, ...] | None
) -> None:
    devices = devices_in(rules(text))
    assert devices[name] == (capabilities or ("thermostat", "temperature_measurement"))


def test_an_attribute_of_a_device_that_is_set_is_no_device_of_its_own() -> None:
    text = rule('"radiator.temp > 20"', do='{ set = "radiator", heating_setpoint = 20 }')
    assert list(devices_in(rules(text))) == ["radiator"]


def test_what_is_no_device_is_not_made_up() -> None:
    text = "[variables]\nguests = 0\n" + rule('"hall.light becomes on"', "home.mode == 'night' and var.guests > 0")
    assert list(devices_in(rules(text))) == ["hall.light"]
