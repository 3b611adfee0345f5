"""Conditions and templates, each from the words of Home Assistant to an expression."""

import pytest

from tests.hubagent.rules.importers.imports import imported, only_rule, reasons


def automation(condition: str, trigger: str = "{trigger: time, at: '01:00'}") -> str:
    return f"- triggers: [{trigger}]\n  conditions:\n    - {condition}\n  actions: [{{delay: 1}}]"


def holds(condition: str) -> str:
    rule = only_rule(imported(automation(condition)))
    return str(rule.get("if"))


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("{condition: state, entity_id: light.hall, state: 'on'}", "hall.light is on"),
        (
            "{condition: state, entity_id: light.hall, state: [on, unavailable]}",
            "hall.light is on or hall.light is unknown",
        ),
        (
            "{condition: state, entity_id: [light.hall, light.porch], state: 'off'}",
            "hall.light is off and porch.light is off",
        ),
        (
            "{condition: state, entity_id: [light.hall, light.porch], state: 'off', match: any}",
            "hall.light is off or porch.light is off",
        ),
        (
            "{condition: state, entity_id: binary_sensor.hall_motion, state: 'off', for: {minutes: 5}}",
            "hall.motion is clear and since(hall.motion) >= 5m",
        ),
        ("{condition: state, entity_id: light.living, state: 'on'}", "device('living lamp') is on"),
        ("{condition: state, entity_id: input_select.house, state: night}", "home.mode == 'night'"),
        ("{condition: state, entity_id: input_boolean.guests, state: 'off'}", "not var.guests"),
        ("{condition: state, entity_id: climate.radiator, state: heat}", "radiator.mode == 'heat'"),
        (
            "{condition: state, entity_id: climate.radiator, attribute: hvac_action, state: heating}",
            "radiator.running == 'heating'",
        ),
        ("{condition: state, entity_id: sun.sun, state: below_horizon}", "not sun.up"),
        ("{condition: numeric_state, entity_id: sensor.hall_illuminance, below: 30}", "hall.lux < 30"),
        (
            "{condition: numeric_state, entity_id: sensor.hall_illuminance, above: 3, below: input_number.dark}",
            "hall.lux > 3 and hall.lux < var.dark",
        ),
        ("{condition: numeric_state, entity_id: sun.sun, attribute: elevation, below: -4}", "sun.elevation < -4"),
        ("{condition: time, after: '22:00:00', before: '06:00:00'}", "between('22:00', '06:00')"),
        ("{condition: time, after: '22:00', weekday: [mon, fri]}", "time >= '22:00' and weekday in ('mon', 'fri')"),
        ("{condition: sun, after: sunset, before: sunrise}", "not sun.up"),
        ("{condition: sun, after: sunset}", "not sun.up and time >= '12:00'"),
        ("{condition: sun, after: sunrise, before: sunset}", "sun.up"),
        (
            (
                "{or: [{condition: state, entity_id: light.hall, state: 'on'}, "
                "{not: [{condition: sun, after: sunrise, before: sunset}]}]}"
            ),
            "hall.light is on or not sun.up",
        ),
        (
            (
                "{condition: not, conditions: [{condition: state, entity_id: light.hall, state: 'on'}, "
                "{condition: state, entity_id: light.porch, state: 'on'}]}"
            ),
            "not (hall.light is on or porch.light is on)",
        ),
        ("{condition: mqtt, enabled: false}", "None"),
        (
            (
                "{or: [{condition: state, entity_id: light.hall, state: 'on'}, "
                "{condition: state, entity_id: light.porch, state: 'on', enabled: false}]}"
            ),
            "hall.light is on",
        ),
        (
            "{not: [{condition: mqtt, enabled: false}, {condition: state, entity_id: light.porch, state: 'on'}]}",
            "not porch.light is on",
        ),
        ("{condition: state, entity_id: light.hall, attribute: brightness, state: 255}", "hall.light.level == 100"),
        ("\"{{ is_state_attr('light.hall', 'brightness', 51) }}\"", "hall.light.level == 20"),
        ("{condition: device, domain: light, device_id: x, entity_id: light.hall, type: is_on}", "hall.light is on"),
        # Templates.
        ("\"{{ is_state('light.hall', 'on') }}\"", "hall.light is on"),
        (
            "{condition: template, value_template: \"{{ is_state('light.hall', ['on', 'off']) }}\"}",
            "hall.light is on or hall.light is off",
        ),
        ("\"{{ not is_state('light.hall', 'on') and true }}\"", "not hall.light is on"),
        ("\"{{ states('light.hall') != 'on' }}\"", "not hall.light is on"),
        ("\"{{ states.light.hall.state == 'on' }}\"", "hall.light is on"),
        ("\"{{ states('sensor.hall_illuminance') | float(0) < 30 }}\"", "hall.lux < 30"),
        ("\"{{ 30 > states('sensor.hall_illuminance') | float }}\"", "hall.lux < 30"),
        ("\"{{ states('sensor.hall_illuminance') | int(0) > 30 }}\"", "hall.lux >= 31"),
        ("\"{{ state_attr('light.hall', 'brightness') | int >= 128 }}\"", "hall.light.level >= 50.2"),
        ("\"{{ state_attr('light.hall', 'brightness') > 51 }}\"", "hall.light.level > 20"),
        (
            "\"{{ states('sensor.hall_illuminance')|float + 5 < states('input_number.dark')|float }}\"",
            "hall.lux + 5 < var.dark",
        ),
        ("\"{{ states('light.hall') in ['on', 'unavailable'] }}\"", "hall.light is on or hall.light is unknown"),
        ('"{{ now().hour >= 22 or now().hour < 6 }}"', "time >= '22:00' or time < '06:00'"),
        ('"{{ now().weekday() < 5 }}"', "weekday in ('mon', 'tue', 'wed', 'thu', 'fri')"),
        ('"{{ now().isoweekday() in [6, 7] }}"', "weekday == 'sat' or weekday == 'sun'"),
        ("\"{{ now().strftime('%H:%M') >= '22:30' }}\"", "time >= '22:30'"),
        ("\"{% if is_state('light.hall', 'on') %}true{% else %}false{% endif %}\"", "hall.light is on"),
        ("\"{{ true if is_state('light.hall', 'on') else false }}\"", "hall.light is on"),
        ("\"{{ state_attr('sun.sun', 'elevation') < 3 }}\"", "sun.elevation < 3"),
    ],
)
def test_a_condition_becomes(theirs: str, ours: str) -> None:
    assert holds(theirs) == ours


@pytest.mark.parametrize(
    ("theirs", "why"),
    [
        ("{condition: zone, entity_id: person.anna, zone: zone.home}", "condition zone"),
        ("{condition: state, entity_id: vacuum.robot, state: docked}", "entity vacuum"),
        ("{condition: sun, after: sunset, after_offset: '-01:00:00'}", "condition sun with an offset"),
        ("{condition: time, after: input_datetime.x}", "condition time from input_datetime"),
        ("{condition: numeric_state, entity_id: sensor.a_power}", "condition numeric_state without a bound"),
        ("{condition: trigger, id: never}", "trigger id"),
        (
            "{condition: state, entity_id: light.hall, attribute: brightness, state: 128}",
            "equal to what is no whole number here",
        ),
        ("\"{{ state_attr('light.hall', 'brightness') == 128 }}\"", "equal to what is no whole number here"),
        ("{condition: state, entity_id: light.hall, attribute: brightness, state: inf}", "number out of bounds"),
        ("{condition: state, entity_id: lock.front, state: jammed, for: 60}", "condition state with for"),
        ("{condition: state, entity_id: light.hall, state: 'on', enabled: '{{ 1 }}'}", "enabled as a template"),
        ("{condition: state, entity_id: not an entity, state: 'on'}", "entity id"),
        ("{entity_id: light.hall}", "condition without a kind"),
        ("\"{{ states('sensor.hall_illuminance') | int < 0 }}\"", "template that rounds or converts"),
        ("\"{{ states('sensor.hall_illuminance') < 30 }}\"", "template"),
        ('"{{ states.light | list | count > 3 }}"', "template"),
        ("\"{{ trigger.entity_id == 'light.hall' }}\"", "template"),
        ('"{{ trigger.id == 0 }}"', "template"),  # there a trigger's id is a text, and never a number
        ('"{{ unknown_variable }}"', "template with a variable"),
        ('"{% for x in y %}{% endfor %}"', "template with statements"),
        ('"{{ broken"', "template that is no Jinja"),
        ('"{{ ().__class__.__bases__[0].__subclasses__() }}"', "template"),
        ("\"{{ cycler.__init__.__globals__.os.popen('id').read() }}\"", "template"),
    ],
)
def test_what_has_no_counterpart_never_holds_and_says_why(theirs: str, why: str) -> None:
    found = imported(automation(theirs))
    assert reasons(found) == [why]
    assert found.rules[0].table["if"] == "unknown"
    assert found.rules[0].table["enabled"] is False


def test_variables_that_are_constant_are_put_in() -> None:
    rule = only_rule(
        imported(
            """
- variables: {dark: 30, lit: "{{ is_state('light.hall', 'on') }}"}
  triggers: [{trigger: time, at: '01:00'}]
  conditions: ["{{ lit and states('sensor.hall_illuminance')|float < dark }}"]
  actions: [{delay: 1}]
"""
        )
    )
    assert rule["if"] == "hall.light is on and hall.lux < 30"


def test_the_state_that_set_the_rule_off_is_the_state_of_the_only_entity_that_can() -> None:
    trigger = "{trigger: state, entity_id: binary_sensor.hall_motion}"
    found = imported(automation("\"{{ trigger.to_state.state == 'on' }}\"", trigger))
    assert only_rule(found)["if"] == "hall.motion is occupied"


def test_of_several_triggers_one_that_is_no_change_of_a_state_leaves_open_what_the_state_was() -> None:
    triggers = "{trigger: time, at: '01:00'}, {trigger: state, entity_id: light.hall, to: ['off', unavailable]}"
    found = imported(automation("\"{{ trigger.to_state.state == 'off' }}\"", triggers))
    assert reasons(found) == ["template about the trigger"]


def test_fahrenheit_is_converted() -> None:
    condition = automation("{condition: numeric_state, entity_id: sensor.freezer_temperature, above: 14}")
    assert only_rule(imported(condition, fahrenheit=True))["if"] == "garage.freezer > -10"
    condition = automation("{condition: state, entity_id: sensor.freezer_temperature, state: '14'}")
    assert only_rule(imported(condition, fahrenheit=True))["if"] == "garage.freezer == -10"


def test_what_is_fahrenheit_is_told_by_the_device_where_the_entity_does_not_say_what_it_measures() -> None:
    condition = automation("{condition: numeric_state, entity_id: sensor.outside, below: 50}")
    found = imported(condition, {"sensor.outside": "garden.temp"}, fahrenheit=True)
    assert only_rule(found)["if"] == "garden.temp < 10"
