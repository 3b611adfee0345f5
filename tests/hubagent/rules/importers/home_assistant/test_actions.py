"""Actions, each from the words of Home Assistant to ours."""

from typing import Any

import pytest

from tests.hubagent.rules.importers.imports import imported, only_rule, reasons, text_of

BRIGHT = '{action: light.turn_on, target: {entity_id: light.hall}, data: {brightness_pct: "{{ ? }}"}}'
HALL = "target: {entity_id: light.hall}"


def done(action: str) -> Any:
    return only_rule(imported(f"- triggers: [{{trigger: time, at: '01:00'}}]\n  actions: [{action}]"))["do"]


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (f"{{action: light.turn_on, {HALL}}}", [{"set": "hall.light", "on": True}]),
        (
            f"{{service: light.turn_on, {HALL}, data: {{brightness_pct: 40, transition: 2}}}}",
            [{"set": "hall.light", "on": True, "level": 40, "transition": "2s"}],
        ),
        (
            "{service: light.turn_on, data: {entity_id: 'light.hall, light.porch', brightness: 128}}",
            [{"set": ["hall.light", "porch.light"], "on": True, "level": 50}],
        ),
        (f"{{action: light.turn_on, {HALL}, data: {{brightness: 0}}}}", [{"set": "hall.light", "on": False}]),
        (
            f"{{action: light.turn_on, {HALL}, data: {{brightness: 1}}}}",
            [{"set": "hall.light", "on": True, "level": 1}],
        ),
        (
            f"{{action: light.turn_on, {HALL}, data: {{brightness_step_pct: -10}}}}",
            [{"set": "hall.light", "on": True, "level": "clamp(hall.light.level - 10, 0, 100)"}],
        ),
        (
            "{action: light.turn_on, target: {entity_id: light.living}, data: {rgb_color: [255, 0, 0]}}",
            [{"set": "living lamp", "on": True, "hue": 0, "saturation": 100}],
        ),
        (
            "{action: light.turn_on, target: {entity_id: light.living}, data: {color_temp: 250}}",
            [{"set": "living lamp", "on": True, "color_temperature": 4000}],
        ),
        (
            BRIGHT.replace("?", "states('input_number.bright')|float"),
            [{"set": "hall.light", "on": True, "level": "var.bright"}],
        ),
        (
            BRIGHT.replace("?", "30 if is_state('light.porch','on') else 80"),
            [{"set": "hall.light", "on": True, "level": "30 if porch.light is on else 80"}],
        ),
        (f"{{action: light.toggle, {HALL}}}", [{"set": "hall.light", "on": "not hall.light.on"}]),
        (
            "{action: homeassistant.turn_off, target: {entity_id: [light.hall, input_boolean.guests]}}",
            [{"variable": "guests", "to": False}, {"set": "hall.light", "on": False}],
        ),
        ("{action: cover.open_cover, entity_id: cover.garage}", [{"set": "garage.opener", "position": 100}]),
        (
            "{action: cover.set_cover_position, entity_id: cover.garage, data: {position: 30}}",
            [{"set": "garage.opener", "position": 30}],
        ),
        ("{action: lock.lock, entity_id: lock.front}", [{"set": "front.lock", "locked": True}]),
        (
            "{action: climate.set_temperature, entity_id: climate.radiator, data: {temperature: 21, hvac_mode: heat}}",
            [{"set": "radiator", "mode": "heat", "heating_setpoint": 21}],
        ),
        (
            "{action: climate.set_hvac_mode, entity_id: climate.radiator, data: {hvac_mode: 'off'}}",
            [{"set": "radiator", "mode": "off"}],
        ),
        (
            "{action: notify.anna, data: {title: Ice, message: \"{{ states('sensor.freezer_temperature') }} °C {x}\"}}",
            [{"notify": "anna", "text": "Ice: {garage.freezer} °C {{x}}"}],
        ),
        (
            "{action: notify.send_message, target: {entity_id: [notify.anna, notify.ben]}, data: {message: hi}}",
            [{"notify": "anna", "text": "hi"}, {"notify": "ben", "text": "hi"}],
        ),
        ("{action: input_number.set_value, entity_id: input_number.x, data: {value: 3}}", [{"variable": "x", "to": 3}]),
        ("{action: counter.increment, entity_id: counter.c}", [{"variable": "c", "to": "var.c + 1"}]),
        (
            "{action: input_select.select_option, entity_id: input_select.s, data: {option: eco}}",
            [{"variable": "s", "to": "'eco'"}],
        ),
        (
            "{action: input_select.select_option, entity_id: input_select.house, data: {option: party}}",
            [{"mode": "party"}],
        ),
        ("{delay: '00:05:00'}", [{"wait": "5m"}]),
        ("{delay: {minutes: 1, milliseconds: 500}}", [{"wait": "1m500ms"}]),
        ("{delay: 90}", [{"wait": "1m30s"}]),
        (
            "{wait_template: \"{{ is_state('light.hall', 'off') }}\", timeout: 60, continue_on_timeout: false}",
            [{"wait": "hall.light is off", "timeout": "1m", "on_timeout": "stop"}],
        ),
        (
            "{wait_for_trigger: [{trigger: state, entity_id: light.hall, to: 'off', for: 60}]}",
            [{"wait": "not hall.light is off"}, {"wait": "hall.light is off", "for": "1m"}],
        ),
        (
            "{if: [{condition: state, entity_id: light.hall, state: 'on'}], then: [{delay: 1}], else: [{delay: 2}]}",
            [{"if": "hall.light is on", "do": [{"wait": "1s"}], "else": [{"wait": "2s"}]}],
        ),
        (
            (
                "{choose: [{conditions: \"{{ is_state('light.hall','on') }}\", sequence: {delay: 1}}, "
                "{conditions: [], sequence: [{delay: 2}]}], default: [{delay: 3}]}"
            ),
            [
                {
                    "choose": [
                        {"if": "hall.light is on", "do": [{"wait": "1s"}]},
                        {"if": "true", "do": [{"wait": "2s"}]},
                    ],
                    "else": [{"wait": "3s"}],
                }
            ],
        ),
        ("{repeat: {count: 3, sequence: [{delay: 1}]}}", [{"repeat": 3, "do": [{"wait": "1s"}]}]),
        (
            "{repeat: {while: [{condition: state, entity_id: light.hall, state: 'on'}], sequence: [{delay: 1}]}}",
            [{"while": "hall.light is on", "at_most": 1000, "do": [{"wait": "1s"}]}],
        ),
        (
            "{repeat: {until: [{condition: state, entity_id: light.hall, state: 'on'}], sequence: [{delay: 1}]}}",
            [{"wait": "1s"}, {"while": "not hall.light is on", "at_most": 999, "do": [{"wait": "1s"}]}],
        ),
        (
            "{delay: 1}, {condition: state, entity_id: light.hall, state: 'on'}, {delay: 2}",
            [{"wait": "1s"}, {"if": "hall.light is on", "do": [{"wait": "2s"}]}],
        ),
        ("{stop: enough}", [{"stop": "enough"}]),
        ("{variables: {x: 5}}, {delay: 1}", [{"wait": "1s"}]),
        (
            f"{{variables: {{x: 5}}}}, {{sequence: [{{variables: {{y: 6}}}}]}}, {BRIGHT.replace('?', 'x + y')}",
            [{"set": "hall.light", "on": True, "level": "5 + 6"}],
        ),
        (
            (
                "{parallel: [{action: light.turn_on, entity_id: light.hall}, "
                "{sequence: [{action: light.turn_off, entity_id: light.porch}]}]}"
            ),
            [{"set": "hall.light", "on": True}, {"set": "porch.light", "on": False}],
        ),
        ("{device_id: x, domain: light, entity_id: light.hall, type: turn_off}", [{"set": "hall.light", "on": False}]),
        ("{action: x.y, enabled: false}, {delay: 1}", [{"wait": "1s"}]),
    ],
)
def test_an_action_becomes(theirs: str, ours: Any) -> None:
    assert done(theirs) == ours


@pytest.mark.parametrize(
    ("theirs", "why"),
    [
        ("{action: media_player.play_media}", "service media_player"),
        ("{action: light.turn_on}", "call without an entity"),
        ("{action: light.turn_on, target: {area_id: hall}}", "target area_id"),
        ("{action: light.turn_on, target: {entity_id: all}}", "entity_id: all"),
        (f"{{action: light.turn_on, {HALL}, data: {{effect: rainbow}}}}", "light.turn_on with effect"),
        (f"{{action: light.turn_on, {HALL}, data: {{brightness: bright}}}}", "brightness is no number"),
        ("{action: scene.turn_on, target: {entity_id: scene.evening}}", "scene that is not in the file"),
        ("{action: notify.x, data: {message: hi, data: {image: y}}}", "notify.x with data"),
        ("{action: cover.stop_cover, entity_id: cover.garage}", "service cover.stop_cover"),
        ("{action: light.turn_on, entity_id: binary_sensor.hall_motion}", "light.turn_on of binary_sensor"),
        ("{action: '{{ x }}'}", "template with a variable"),
        ("{action: light.turn_on, entity_id: [light.hall, switch.bath]}", "light.turn_on of switch"),
        ("{action: cover.open_cover, entity_id: light.hall}", "cover.open_cover of light"),
        ("{delay: '{{ 5 }}'}", "delay as a template"),
        ("{delay: soon}", "delay is no number"),
        ("{event: my_event}", "action"),
        ("{repeat: {for_each: [1, 2], sequence: []}}", "repeat for_each"),
        ("{repeat: {count: 100000, sequence: [{delay: 1}]}}", "repeat count over 1000"),
        (
            "{wait_for_trigger: [{trigger: state, entity_id: light.hall, to: 'off'}], timeout: 60}",
            "wait_for_trigger with a timeout",
        ),
        ("{parallel: [{delay: 1}, {delay: 2}]}", "parallel with waits"),
        ("{variables: {x: \"{{ states('sensor.a_power')|float }}\"}}", "variable that is worked out"),
    ],
)
def test_what_has_no_counterpart_stops_the_run_and_says_why(theirs: str, why: str) -> None:
    found = imported(f"- triggers: [{{trigger: time, at: '01:00'}}]\n  actions: [{theirs}, {{delay: 1}}]")
    assert reasons(found) == [why]
    assert str(found.rules[0].table["do"][0]["stop"]).startswith("not translated: ")
    assert found.rules[0].table["enabled"] is False
    text_of(found)


def test_scenes_of_the_file_beside_it_are_used() -> None:
    scenes = """
- id: '1'
  name: Evening mood
  entities:
    light.hall: {state: 'on', brightness: 77, color_mode: brightness, friendly_name: Hall}
    light.porch: 'off'
"""
    action = "{action: scene.turn_on, entity_id: scene.evening_mood}"
    automation = f"- triggers: [{{trigger: time, at: '01:00'}}]\n  actions: [{action}]"
    found = imported(automation, scenes=scenes)
    assert only_rule(found)["do"] == [{"scene": "Evening mood"}]
    assert found.scenes["scene.evening_mood"]["set"] == [
        {"device": "hall.light", "on": True, "level": 30},
        {"device": "porch.light", "on": False},
    ]


NIGHT = "{condition: time, after: '22:00'}"


@pytest.mark.parametrize(
    "setting",
    [
        f"{{if: [{NIGHT}], then: [{{variables: {{x: 5}}}}]}}",
        f"{{if: [{NIGHT}], then: [{{delay: 1}}], else: [{{if: [{NIGHT}], then: [{{variables: {{x: 5}}}}]}}]}}",
        f"{{choose: [{{conditions: [{NIGHT}], sequence: [{{variables: {{x: 5}}}}, {{delay: 1}}]}}]}}",
        "{parallel: [{sequence: [{variables: {x: 5}}]}, {action: light.turn_off, entity_id: light.porch}]}",
        "{sequence: [{variables: {x: 5}}]}",
    ],
)
def test_which_value_a_variable_has_that_a_branch_sets_anew_nobody_can_tell_after_it(setting: str) -> None:
    then = BRIGHT.replace("?", "x")
    found = imported(
        f"- triggers: [{{trigger: time, at: '01:00'}}]\n  actions: [{{variables: {{x: 20}}}}, {setting}, {then}]"
    )
    assert reasons(found) == ["template with a variable"]


def test_a_branch_sets_a_variable_for_itself_and_not_for_the_other() -> None:
    bright = BRIGHT.replace("?", "x")
    action = f"{{if: [{NIGHT}], then: [{{variables: {{x: 5}}}}, {bright}], else: [{bright}]}}"
    assert done(f"{{variables: {{x: 20}}}}, {action}") == [
        {
            "if": "time >= '22:00'",
            "do": [{"set": "hall.light", "on": True, "level": 5}],
            "else": [{"set": "hall.light", "on": True, "level": 20}],
        }
    ]


def test_a_loop_that_sets_a_variable_anew_is_not_the_same_in_each_round() -> None:
    action = f"{{repeat: {{count: 2, sequence: [{BRIGHT.replace('?', 'x')}, {{variables: {{x: 5}}}}]}}}}"
    found = imported(f"- triggers: [{{trigger: time, at: '01:00'}}]\n  actions: [{{variables: {{x: 20}}}}, {action}]")
    assert reasons(found) == ["variable that a loop sets"]


def test_a_wait_for_a_change_is_not_over_at_once_where_the_time_may_have_set_the_rule_off() -> None:
    found = imported(
        """
- triggers:
    - {trigger: time, at: '01:00'}
    - {trigger: state, entity_id: light.hall, to: ['off', unavailable]}
  actions:
    - {wait_for_trigger: [{trigger: state, entity_id: light.hall, to: 'on'}], timeout: 60}
"""
    )
    assert reasons(found) == ["wait_for_trigger with a timeout"]


@pytest.mark.parametrize(
    ("entities", "setting"),
    [
        (
            "fan.attic: {state: 'on', percentage: 33, oscillating: false}",
            {"device": "attic", "on": True, "level": 33},
        ),
        ("fan.attic: {state: 'off', percentage: 0}", {"device": "attic", "on": False}),
        (
            "light.hall: {state: 'on', effect: None, hs_color: [30, 50], xy_color: [0.4, 0.4]}",
            {"device": "hall.light", "on": True, "hue": 30, "saturation": 50},
        ),
    ],
)
def test_a_scene_has_all_of_a_device(entities: str, setting: dict[str, Any]) -> None:
    found = imported(
        "- triggers: [{trigger: time, at: '01:00'}]\n  actions: [{action: scene.turn_on, entity_id: scene.s}]",
        scenes=f"- {{name: S, entities: {{{entities}}}}}",
    )
    assert only_rule(found)["do"] == [{"scene": "S"}]
    assert found.scenes["scene.s"]["set"] == [setting]


@pytest.mark.parametrize(
    ("entities", "why"),
    [
        ("light.hall: {state: 'on', xy_color: [0.4, 0.4]}", "light.turn_on with xy_color"),
        ("light.hall: {state: 'on', effect: rainbow}", "light.turn_on with effect"),
        ("cover.garage: {state: open, current_position: 50, current_tilt_position: 20}", "scene with slats"),
        ("vacuum.robot: docked", "scene"),
        ("light.hall: 'on', light.porch: 'off'", "scene with two states of one device"),
    ],
)
def test_a_scene_that_is_there_and_cannot_be_said_is_not_called_missing(entities: str, why: str) -> None:
    at_one = "triggers: [{trigger: time, at: '01:00'}]"
    scene = "{action: scene.turn_on, entity_id: scene.s}"
    found = imported(
        f"- {at_one}\n  actions: [{scene}]\n- {at_one}\n  actions: [{{delay: 1}}]",
        {"light.hall": "hall.light", "light.porch": "hall.light"},
        scenes=f"- {{name: S, entities: {{{entities}}}}}",
    )
    (reason,) = found.rules[0].reasons
    assert str(reason).startswith(f"scene that is not translated: scene.s: {why}")
    assert found.rules[1].reasons == ()
    text_of(found)
