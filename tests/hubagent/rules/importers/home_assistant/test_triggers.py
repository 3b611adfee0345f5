"""Triggers, each from the words of Home Assistant to ours."""

from typing import Any

import pytest

from tests.hubagent.rules.importers.imports import imported, only_rule, reasons

DO = "actions: [{delay: 1}]"


def when(trigger: str) -> Any:
    return only_rule(imported(f"- triggers: [{trigger}]\n  {DO}"))["when"]


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (
            "{trigger: state, entity_id: binary_sensor.hall_motion, to: 'on'}",
            {"state": "hall.motion", "becomes": "occupied"},
        ),
        ("{platform: state, entity_id: light.hall, to: off}", {"state": "hall.light", "becomes": "off"}),
        (
            "{trigger: state, entity_id: light.hall, from: 'off', to: 'on', for: '00:03:00'}",
            {"state": "hall.light", "becomes": "on", "from": "off", "for": "3m"},
        ),
        (
            "{trigger: state, entity_id: light.hall, to: 'on', for: {minutes: 1, seconds: 30}}",
            {"state": "hall.light", "becomes": "on", "for": "1m30s"},
        ),
        (
            "{trigger: state, entity_id: 'light.hall, light.porch', to: 'on'}",
            [{"state": "hall.light", "becomes": "on"}, {"state": "porch.light", "becomes": "on"}],
        ),
        ("{trigger: state, entity_id: binary_sensor.hall_motion}", {"state": "hall.motion", "changes": True}),
        (
            "{trigger: state, entity_id: binary_sensor.hall_motion, from: 'on'}",
            {"state": "hall.motion", "changes": True, "from": "occupied"},
        ),
        (
            "{trigger: state, entity_id: light.hall, to: 'on', not_from: [unavailable, unknown]}",
            {"state": "hall.light", "becomes": "on"},
        ),
        ("{trigger: state, entity_id: light.hall, to: unavailable, for: 3600}", {"offline": "hall.light", "for": "1h"}),
        ("{trigger: state, entity_id: lock.front, to: locked}", {"state": "front.lock", "becomes": "locked"}),
        ("{trigger: state, entity_id: cover.garage, to: open}", {"numeric": "garage.opener.position", "above": 0}),
        ("{trigger: state, entity_id: cover.garage, to: closed}", {"state": "garage.opener.position", "becomes": 0}),
        ("{trigger: state, entity_id: climate.radiator, to: heat_cool}", {"state": "radiator.mode", "becomes": "auto"}),
        ("{trigger: state, entity_id: input_select.house, to: night}", {"mode": "night"}),
        ("{trigger: state, entity_id: sun.sun, to: below_horizon}", {"sun": "sunset"}),
        (
            "{trigger: numeric_state, entity_id: sensor.freezer_temperature, above: -12, for: {minutes: 10}}",
            {"numeric": "garage.freezer", "above": -12, "for": "10m"},
        ),
        (
            "{trigger: numeric_state, entity_id: light.hall, attribute: brightness, below: 51}",
            {"numeric": "hall.light.level", "below": 20},
        ),
        ("{trigger: time, at: '07:30:00'}", {"time": "07:30"}),
        ("{trigger: time, at: ['07:30', '22:00:15']}", {"time": ["07:30", "22:00:15"]}),
        ("{trigger: time, at: '07:30', weekday: [sat, sun]}", {"time": "07:30", "days": ["sat", "sun"]}),
        ("{trigger: time_pattern, minutes: /5}", {"cron": "*/5 * * * *"}),
        ("{trigger: time_pattern, hours: '7'}", {"cron": "0 7 * * *"}),
        ("{trigger: time_pattern, hours: '*', minutes: 30, seconds: 0}", {"cron": "30 * * * *"}),
        ("{trigger: sun, event: sunset, offset: '-00:20:00'}", {"sun": "sunset", "offset": "-20m"}),
        ("{trigger: homeassistant, event: start}", {"start": True}),
        ("{trigger: webhook, webhook_id: evening}", {"webhook": "evening"}),
        (
            "{trigger: event, event_type: deconz_event, event_data: {id: remote, event: 2004}}",
            {"button": "sofa.remote", "number": 2, "press": "double"},
        ),
        (
            (
                "{trigger: event, event_type: zwave_js_value_notification, event_data: {node_id: remote, "
                "property_key_name: '003', value: KeyHeldDown, command_class_name: Central Scene}}"
            ),
            {"button": "sofa.remote", "number": 3, "press": "hold"},
        ),
        (
            "{trigger: event, event_type: zha_event, event_data: {device_ieee: remote, command: 2_double}}",
            {"button": "sofa.remote", "number": 2, "press": "double"},
        ),
        (
            "{trigger: device, domain: zha, device_id: remote, type: remote_button_long_press, subtype: button_2}",
            {"button": "sofa.remote", "number": 2, "press": "hold"},
        ),
        (
            "{trigger: device, domain: mqtt, device_id: remote, type: action, subtype: single}",
            {"button": "sofa.remote", "press": "single"},
        ),
        (
            (
                "{trigger: device, domain: binary_sensor, device_id: x, type: opened, "
                "entity_id: binary_sensor.garage_door}"
            ),
            {"state": "garage.door", "becomes": "open"},
        ),
        ("{triggers: [{trigger: time, at: '01:00'}]}", {"time": "01:00"}),
    ],
)
def test_a_trigger_becomes(theirs: str, ours: Any) -> None:
    assert when(theirs) == ours


@pytest.mark.parametrize(
    ("theirs", "why"),
    [
        ("{trigger: mqtt, topic: x}", "trigger mqtt"),
        ("{trigger: state, entity_id: light.hall}", "trigger by any change"),
        ("{trigger: state, entity_id: person.anna, to: home}", "where people are"),
        ("{trigger: state, entity_id: media_player.tv, to: playing}", "entity media_player"),
        ("{trigger: state, entity_id: input_boolean.guests, to: 'on'}", "trigger by a variable"),
        ("{trigger: state, entity_id: light.hall, from: unavailable}", "trigger from unavailable"),
        ("{trigger: state, entity_id: light.hall, to: 'on', for: '{{ x }}'}", "for as a template"),
        ("{trigger: numeric_state, entity_id: sensor.a_power, above: input_number.x}", "above from another entity"),
        ("{trigger: numeric_state, entity_id: sensor.a_power, above: 3, value_template: '{{ 1 }}'}", "value_template"),
        ("{trigger: time, at: input_datetime.wake}", "trigger time from input_datetime"),
        ("{trigger: time, at: '25:00'}", "trigger time is no time of day"),
        ("{trigger: time_pattern, seconds: /10}", "trigger time_pattern in seconds"),
        ("{trigger: event, event_type: ios.action_fired}", "trigger event ios.action_fired"),
        (
            "{trigger: event, event_type: zha_event, event_data: {device_ieee: remote, command: step}}",
            "press of a button",
        ),
        (
            "{trigger: event, event_type: deconz_event, event_data: {id: remote, event: 1000}}",
            "press of a button",
        ),
        ("{trigger: device, device_id: abc, domain: light, type: turned_on, entity_id: 0123abc}", "device id"),
        ("{trigger: device, device_id: abc, domain: zha, type: action, subtype: single}", "device id"),
        ("{trigger: sun, event: dawn}", "trigger sun"),
        ("{trigger: homeassistant, event: shutdown}", "trigger homeassistant"),
        ("{trigger: state, entity_id: !secret lamp, to: 'on'}", "!secret"),
        ("{trigger: webhook}", "a webhook's id is no text"),
        ("nonsense", "a trigger is no table"),
    ],
)
def test_what_has_no_counterpart_says_why(theirs: str, why: str) -> None:
    found = imported(f"- triggers: [{theirs}]\n  {DO}")
    assert reasons(found) == [why]
    assert found.rules[0].table["enabled"] is False


def test_ids_are_known_to_conditions_also_of_triggers_that_become_several() -> None:
    rule = only_rule(
        imported(
            """
- triggers:
    - {trigger: state, entity_id: [light.hall, light.porch], to: 'on', id: lit}
    - {trigger: time, at: '22:00'}
  conditions:
    - {condition: trigger, id: [lit, '1']}
  actions: [{delay: 1}]
"""
        )
    )
    assert [one["id"] for one in rule["when"]] == ["lit", "lit_2", "trigger_1"]
    assert rule["if"] == "trigger.id in ('lit', 'lit_2', 'trigger_1')"


def test_a_trigger_that_is_off_is_left_out() -> None:
    assert when("{trigger: mqtt, topic: x, enabled: false}, {trigger: time, at: '01:00'}") == {"time": "01:00"}
