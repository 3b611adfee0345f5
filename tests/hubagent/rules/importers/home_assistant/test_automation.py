"""Whole automations: their modes and names, where they stand in a file, and what becomes of those that do not map."""

import tomllib
from typing import Any

import pytest

from hubagent.rules.importers.file_text import checked
from hubagent.rules.importers.home_assistant.file import BadFile, Text, import_home_assistant
from hubagent.rules.importers.imported import Share
from tests.hubagent.rules.importers.imports import imported, only_rule, reasons, text_of

BODY = "triggers: [{trigger: time, at: '01:00'}]\n  actions: [{delay: 1}]"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("mode: single", {}),
        ("mode: restart", {"mode": "restart"}),
        ("mode: queued", {"mode": "queued", "max": 9}),
        ("mode: queued\n  max: 3", {"mode": "queued", "max": 2}),
        ("mode: parallel\n  max: 25", {"mode": "parallel", "max": 25}),
        ("initial_state: false", {"enabled": False}),
        ("description: Why it is there", {"description": "Why it is there"}),
    ],
)
def test_an_automation_has(theirs: str, ours: dict[str, Any]) -> None:
    rule = only_rule(imported(f"- alias: A\n  {theirs}\n  {BODY}"))
    assert rule == {"name": "A", **ours, "when": {"time": "01:00"}, "do": [{"wait": "1s"}]}


@pytest.mark.parametrize(
    "text",
    [
        f"- alias: A\n  {BODY}",
        "alias: A\ntrigger: {platform: time, at: '01:00'}\naction: {delay: 1}",
        f"automation:\n- alias: A\n  {BODY}",
        f"automation night:\n- alias: A\n  {BODY}",
        "automation: {alias: A, trigger: {platform: time, at: '01:00'}, action: [{delay: 1}]}",
        (
            "homeassistant: {packages: {x: "
            "{automation: {alias: A, trigger: {platform: time, at: '01:00'}, action: {delay: 1}}}}}"
        ),
        f"input_boolean:\n---\n- alias: A\n  {BODY}",
    ],
)
def test_automations_are_found_wherever_a_file_may_have_them(text: str) -> None:
    assert only_rule(imported(text)) == {"name": "A", "when": {"time": "01:00"}, "do": [{"wait": "1s"}]}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "a.yaml: is empty"),
        ("# nothing\n", "a.yaml: is empty"),
        ("- [", r"a.yaml:\d+:\d+: is not YAML"),
        ("a: b: c", r"a.yaml:1:5: is not YAML"),
        ("hello", "a.yaml: has no automations, but hello"),
        ("light: []\nscript: {}", "has no automations: neither a list of them nor `automation:`, but light, script"),
        ("automation: !include automations.yaml", "has its automations elsewhere, by !include automations.yaml"),
        ("!include x.yaml", "says only !include x.yaml"),
        ("- !include x.yaml", "says only !include x.yaml"),
        ("- &a [*a]", "there is no &a before it that is complete"),
        ("[" * 70 + "]" * 70, "more than 60 deep"),
        ("x" * 2_000_001, "is larger than 2 MB"),
    ],
)
def test_a_file_without_automations_says_so_with_the_place(text: str, complaint: str) -> None:
    with pytest.raises(BadFile, match=complaint):
        import_home_assistant(Text("a.yaml", text), None, {})


def test_a_small_file_does_not_grow_large_by_its_aliases() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 10)}]" for number in range(1, 12)]
    with pytest.raises(BadFile, match="with what its aliases repeat"):
        import_home_assistant(Text("a.yaml", "\n".join(lines)), None, {})


def test_aliases_and_merge_keys_mean_what_they_repeat() -> None:
    rule = only_rule(
        imported(
            "x: &x {trigger: time, at: '02:00'}\n"
            "automation:\n- alias: A\n  triggers: [{<<: *x, at: '03:00'}, *x]\n  actions: [{delay: 1}]"
        )
    )
    assert rule["when"] == [{"time": "03:00"}, {"time": "02:00"}]


def test_a_blueprint_is_refused_with_the_reason_and_its_source() -> None:
    found = imported("- alias: B\n  use_blueprint:\n    path: me/motion.yaml\n    input: {lamp: light.hall}")
    assert found.rules[0].share is Share.NOT
    assert reasons(found) == ["blueprint"]
    text = text_of(found)
    assert "# - blueprint: me/motion.yaml: import the automation that it makes" in text
    assert "# |     path: me/motion.yaml" in text


def test_what_is_partly_translated_is_off_and_has_all_the_reasons() -> None:
    found = imported(
        """
- alias: C
  triggers: [{trigger: mqtt, topic: x}, {trigger: time, at: '01:00'}]
  actions: [{action: tts.speak}, {action: light.turn_on, entity_id: light.hall}]
"""
    )
    (rule,) = tomllib.loads(text_of(found))["rule"]
    assert found.rules[0].share is Share.PARTLY
    assert reasons(found) == ["trigger mqtt", "service tts"]
    assert rule["enabled"] is False
    assert rule["when"] == {"time": "01:00"}
    assert rule["do"] == [
        {"stop": "not translated: service tts: tts.speak"},
        {"set": "hall.light", "on": True},
    ]


def test_two_automations_of_one_name_become_two_rules() -> None:
    found = imported(f"- alias: A\n  {BODY}\n- alias: A\n  {BODY}\n- {BODY}")
    assert [rule.table["name"] for rule in found.rules] == ["A", "A (2)", "automation at automations.yaml:7"]
    text_of(found)


def test_names_are_proposed_in_a_table_and_corrected_by_mapping() -> None:
    text = """
- triggers: [{trigger: state, entity_id: binary_sensor.bath_motion_sensor, to: 'on'}]
  conditions: [{condition: numeric_state, entity_id: sensor.bath_lux, below: 5}]
  actions: [{action: homeassistant.turn_on, entity_id: [switch.bath, light.bath, switch.3d_printer]}]
"""
    found = imported(text, {"light.bath": "bath.ceiling"})
    assert found.table == {
        "binary_sensor.bath_motion_sensor": "bath.motion",
        "sensor.bath_lux": "bath.illuminance",
        "switch.bath": "bath",
        "light.bath": "bath.ceiling",
        "switch.3d_printer": "3d_printer",
    }
    rule = only_rule(found)
    assert rule["when"] == {"state": "bath.motion", "becomes": "occupied"}
    assert rule["if"] == "bath.illuminance < 5"
    assert rule["do"] == [{"set": ["bath", "bath.ceiling", "3d_printer"], "on": True}]
    assert "#   light.bath                       = bath.ceiling" in text_of(found)


def test_two_entities_do_not_become_one_device() -> None:
    found = imported(
        "- triggers: [{trigger: time, at: '01:00'}]\n"
        "  actions: [{action: homeassistant.turn_on, entity_id: [light.tv, switch.tv]}]",
        {},
    )
    assert only_rule(found)["do"] == [{"set": ["tv", "tv.switch"], "on": True}]


def test_a_guess_is_called_one() -> None:
    found = imported(
        "- triggers: [{trigger: state, entity_id: binary_sensor.x, to: 'on'}]\n  actions: [{delay: 1}]", {}
    )
    assert found.table == {"binary_sensor.x": "x   # guessed: its name does not say what it reports"}
    assert only_rule(found)["when"] == {"state": "x", "becomes": True}


def test_people_are_there_once_a_mapping_says_what_tells_it() -> None:
    text = "- triggers: [{trigger: state, entity_id: person.anna, to: home}]\n  actions: [{delay: 1}]"
    assert reasons(imported(text)) == ["where people are"]
    assert only_rule(imported(text, {"person.anna": "anna.phone"}))["when"] == {
        "state": "anna.phone",
        "becomes": "occupied",
    }


def test_more_than_a_rule_may_have_is_no_rule() -> None:
    actions = ", ".join(["{delay: 1}"] * 101)
    found = checked(imported(f"- triggers: [{{trigger: time, at: '01:00'}}]\n  actions: [{actions}]"))
    assert found.rules[0].share is Share.NOT
    assert reasons(found) == ["beyond what a rule may have"]
    text_of(found)


def test_automations_in_another_file_are_told_beside_those_that_are_here() -> None:
    found = imported(f"automation ui: !include automations.yaml\nautomation here:\n- alias: A\n  {BODY}")
    assert [rule.share for rule in found.rules] == [Share.NOT, Share.FULLY]
    assert [str(reason) for reason in found.rules[0].reasons] == [
        "automations in another file: !include automations.yaml; import that file, too"
    ]
    text_of(found)


def test_what_two_entities_of_one_name_keep_are_two_variables() -> None:
    found = imported(
        "- triggers: [{trigger: time, at: '01:00'}]\n"
        "  actions: [{action: counter.increment, entity_id: counter.bell}, "
        "{action: input_number.set_value, entity_id: input_number.bell, data: {value: 9}}]"
    )
    assert only_rule(found)["do"] == [
        {"variable": "bell", "to": "var.bell + 1"},
        {"variable": "bell_input_number", "to": 9},
    ]
    assert found.variables == {"bell": 0, "bell_input_number": 0}
    assert "\n# What they are at first. " in text_of(found)


def test_reasons_are_counted_by_rules() -> None:
    found = imported(
        "- triggers: [{trigger: mqtt}, {trigger: mqtt}]\n  actions: [{action: tts.a}]\n"
        "- triggers: [{trigger: mqtt}]\n  actions: [{delay: 1}]"
    )
    assert found.reasons() == [("trigger mqtt", 2), ("service tts", 1)]
    assert [found.count(share) for share in Share] == [0, 0, 2]


def test_one_rule_that_is_refused_takes_no_other_with_it() -> None:
    too_many = ", ".join(["{delay: 1}"] * 101)
    long = f"- alias: B\n  triggers: [{{trigger: time, at: '01:00'}}]\n  actions: [{too_many}]"
    found = imported("\n".join([f"- alias: A\n  {BODY}", long, f"- alias: C\n  {BODY}", f"- alias: D\n  {BODY}"]))
    assert [rule.share for rule in found.rules] == [Share.FULLY, Share.NOT, Share.FULLY, Share.FULLY]
    text_of(found)


def test_a_home_has_no_more_modes_and_variables_than_it_may() -> None:
    modes = "\n".join(
        f"- alias: A{number}\n  triggers: [{{trigger: state, entity_id: input_select.house, to: m{number}}}]\n"
        f"  actions: [{{action: input_boolean.turn_on, entity_id: [{', '.join(_flags(number))}]}}]"
        for number in range(40)
    )
    found = imported(modes)
    assert {kind for kind, _ in found.reasons()} == {"more than 1000 variables", "more than 32 modes"}
    text_of(found)


def _flags(number: int) -> list[str]:
    return [f"input_boolean.b{number}_{one}" for one in range(30)]
