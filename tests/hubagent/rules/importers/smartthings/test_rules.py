"""Rules of SmartThings, each from its JSON to ours."""

from typing import Any

import pytest

from hubagent.rules.importers.imported import Share
from hubagent.rules.importers.smartthings.file import BadFile, import_smartthings
from tests.hubagent.rules.importers.imports import only_rule, reasons, smart, text_of
from tests.hubagent.rules.importers.smartthings.rules import (
    BUTTON,
    DOOR,
    FREEZER,
    HOUSE,
    LAMP,
    LUX,
    MODE,
    MOTION,
    NOW,
    OFF,
    ON,
    at,
    attribute,
    command,
    equals,
    lasting,
    rule,
    than,
    when,
)

SET_ON = {"set": "hall.light", "on": True}
SET_OFF = {"set": "hall.light", "on": False}


def changes(subject: str) -> dict[str, Any]:
    return {"state": subject, "changes": True}


@pytest.mark.parametrize(
    ("condition", "ours"),
    [
        (equals(MOTION, "active"), {"when": {"state": "hall.motion", "becomes": "occupied"}}),
        (
            {"equals": {"left": {"string": "open"}, "right": DOOR}},
            {"when": {"state": "garage.door", "becomes": "open"}},
        ),
        (
            {"and": [equals(MOTION, "active"), than("lessThan", LUX, 30)]},
            {
                "when": [changes("hall.motion.occupied"), changes("hall.lux.illuminance")],
                "if": "hall.motion is occupied and hall.lux.illuminance < 30",
            },
        ),
        (
            {"and": [equals(MOTION, "active"), equals(DOOR, "open")]},
            {
                "when": [{"state": "hall.motion", "becomes": "occupied"}, {"state": "garage.door", "becomes": "open"}],
                "if": "hall.motion is occupied and garage.door is open",
            },
        ),
        (
            {"or": [equals(MOTION, "active"), equals(DOOR, "open")]},
            {
                "when": [changes("hall.motion.occupied"), changes("garage.door.open")],
                "if": "hall.motion is occupied or garage.door is open",
            },
        ),
        (
            {"not": equals(MOTION, "active")},
            {"when": changes("hall.motion.occupied"), "if": "not hall.motion is occupied"},
        ),
        (
            than("greater_than", FREEZER, -12.5),
            {"when": changes("garage.freezer.temperature"), "if": "garage.freezer.temperature > -12.5"},
        ),
        (
            than("greaterThanOrEquals", FREEZER, 4),
            {"when": changes("garage.freezer.temperature"), "if": "garage.freezer.temperature >= 4"},
        ),
        (
            {"lessThanOrEquals": {"left": {"integer": 50}, "right": attribute("lamp-1", "switchLevel", "level")}},
            {"when": changes("hall.light.level"), "if": "hall.light.level >= 50"},
        ),
        (
            {"between": {"value": LUX, "start": {"integer": 1}, "end": {"integer": 50}}},
            {"when": changes("hall.lux.illuminance"), "if": "hall.lux.illuminance >= 1 and hall.lux.illuminance <= 50"},
        ),
        (
            {"changes": than("greaterThan", FREEZER, 4)},
            {"when": {"numeric": "garage.freezer.temperature", "above": 4}},
        ),
        (
            {"changes": than("lessThanOrEquals", FREEZER, 4)},
            {"when": "garage.freezer.temperature <= 4"},
        ),
        ({"changes": {"operand": MOTION}}, {"when": changes("hall.motion.occupied")}),
        (
            {"and": [{"changes": equals(MOTION, "active")}, than("lessThan", LUX, 30)]},
            {"when": {"state": "hall.motion", "becomes": "occupied"}, "if": "hall.lux.illuminance < 30"},
        ),
        (
            {"remains": {**equals(DOOR, "open"), "duration": lasting(5, "minute")}},
            {"when": {"state": "garage.door", "becomes": "open", "for": "5m"}},
        ),
        (
            {"remains": {**than("greaterThanOrEquals", FREEZER, 4), "duration": lasting(1, "Hour")}},
            {"when": "garage.freezer.temperature >= 4 for 1h"},
        ),
        (equals(MODE, "Away"), {"when": {"mode": "away"}}),
        (
            {"and": [equals(MOTION, "active"), equals(MODE, "Night")]},
            {
                "when": [{"state": "hall.motion", "becomes": "occupied"}, {"mode": "night"}],
                "if": "hall.motion is occupied and home.mode == 'night'",
            },
        ),
        (
            {
                "and": [
                    equals(MOTION, "active"),
                    {
                        "between": {
                            "value": NOW,
                            "start": {"time": at("Midnight", -360)},
                            "end": {"time": at("Noon", 540)},
                        }
                    },
                ]
            },
            {
                "when": {"state": "hall.motion", "becomes": "occupied"},
                "if": "hall.motion is occupied and between('18:00', '21:00')",
            },
        ),
        (
            {
                "and": [
                    equals(MOTION, "active"),
                    {"between": {"value": NOW, "start": {"time": at("Sunset")}, "end": {"time": at("Sunrise")}}},
                ]
            },
            {"when": {"state": "hall.motion", "becomes": "occupied"}, "if": "hall.motion is occupied and not sun.up"},
        ),
        (
            {
                "and": [
                    equals(MOTION, "active"),
                    {"between": {"value": NOW, "start": {"time": at("Sunset")}, "end": {"time": at("Midnight", 60)}}},
                ]
            },
            {
                "when": {"state": "hall.motion", "becomes": "occupied"},
                "if": "hall.motion is occupied and (not sun.up and time >= '12:00' or time < '01:00')",
            },
        ),
        (
            {
                "and": [
                    equals(attribute("motion-1", "motionSensor", "motion", trigger="Always"), "active"),
                    equals(DOOR, "open"),
                ]
            },
            {
                "when": {"state": "hall.motion", "becomes": "occupied"},
                "if": "hall.motion is occupied and garage.door is open",
            },
        ),
        (
            {
                "and": [
                    equals(MOTION, "active"),
                    equals(attribute("door-1", "contactSensor", "contact", trigger="Never"), "open"),
                ]
            },
            {
                "when": {"state": "hall.motion", "becomes": "occupied"},
                "if": "hall.motion is occupied and garage.door is open",
            },
        ),
        (
            {
                "equals": {
                    "left": attribute(["lamp-1", "lamp-2"], "switch", "switch"),
                    "right": {"string": "on"},
                    "aggregation": "All",
                }
            },
            {
                "when": [{"state": "hall.light", "becomes": "on"}, {"state": "porch.light", "becomes": "on"}],
                "if": "hall.light is on and porch.light is on",
            },
        ),
        (equals(BUTTON, "held"), {"when": {"button": "sofa.remote", "press": "hold"}}),
        (
            equals(attribute("garage-1", "doorControl", "door"), "closed"),
            {"when": {"state": "garage.opener.position", "becomes": 0}},
        ),
    ],
)
def test_a_condition_becomes(condition: dict[str, Any], ours: dict[str, Any]) -> None:
    assert only_rule(smart(rule(when(condition, [ON])), HOUSE)) == {"name": "A", **ours, "do": [SET_ON]}


@pytest.mark.parametrize(
    ("action", "ours"),
    [
        (OFF, [SET_OFF]),
        (command(["lamp-1", "lamp-2"], "switch", "on"), [{"set": ["hall.light", "porch.light"], "on": True}]),
        (
            command("lamp-1", "switchLevel", "setLevel", {"integer": 30}),
            [{"set": "hall.light", "on": True, "level": 30}],
        ),
        (command("lamp-1", "switchLevel", "setLevel", {"integer": 0}), [SET_OFF]),
        (
            command(
                "lamp-1", "colorControl", "setColor", {"map": {"hue": {"decimal": 50}, "saturation": {"integer": 80}}}
            ),
            [{"set": "hall.light", "hue": 180, "saturation": 80}],
        ),
        (command("lock-1", "lock", "lock"), [{"set": "front.lock", "locked": True}]),
        (command("garage-1", "doorControl", "close"), [{"set": "garage.opener", "position": 0}]),
        (
            command("heating-1", "thermostatHeatingSetpoint", "setHeatingSetpoint", {"decimal": 21.5}),
            [{"set": "radiator", "heating_setpoint": 21.5}],
        ),
        (
            command("heating-1", "thermostatMode", "setThermostatMode", {"string": "heat"}),
            [{"set": "radiator", "mode": "heat"}],
        ),
        ({"sleep": {"duration": lasting(90, "Second")}}, [{"wait": "1m30s"}]),
        ({"location": {"mode": "Away"}}, [{"mode": "away"}]),
        (
            when(equals(LAMP, "on"), [OFF], [ON]),
            [{"if": "hall.light is on", "do": [SET_OFF], "else": [SET_ON]}],
        ),
    ],
)
def test_an_action_becomes(action: dict[str, Any], ours: list[dict[str, Any]]) -> None:
    assert only_rule(smart(rule(when(equals(MOTION, "active"), [action])), HOUSE))["do"] == ours


@pytest.mark.parametrize(
    ("every", "ours"),
    [
        ({"interval": lasting(10, "Minute")}, {"when": {"cron": "*/10 * * * *"}}),
        ({"interval": lasting(1, "Hour")}, {"when": {"cron": "0 * * * *"}}),
        ({"interval": lasting(6, "Hour")}, {"when": {"cron": "0 */6 * * *"}}),
        ({"interval": lasting(1, "Day")}, {"when": {"time": "00:00"}}),
        ({"specific": at("Noon", -195)}, {"when": {"time": "08:45"}}),
        ({"specific": at("Midnight", -60, "Sat", "Sun")}, {"when": {"time": "23:00", "days": ["sat", "sun"]}}),
        ({"specific": at("Sunset", -20)}, {"when": {"sun": "sunset", "offset": "-20m"}}),
        ({"specific": at("Sunrise", 0, "Mon")}, {"when": {"sun": "sunrise"}, "if": "weekday == 'mon'"}),
    ],
)
def test_every_becomes(every: dict[str, Any], ours: dict[str, Any]) -> None:
    found = only_rule(smart(rule({"every": {**every, "actions": [ON]}}), HOUSE))
    assert found == {"name": "A", **ours, "do": [SET_ON]}


def test_with_else_every_change_is_looked_at() -> None:
    found = only_rule(smart(rule(when(equals(DOOR, "open"), [ON], [OFF])), HOUSE))
    assert found["when"] == changes("garage.door.open")
    assert found["do"] == [{"if": "garage.door is open", "do": [SET_ON], "else": [SET_OFF]}]


def test_a_mode_with_else_is_looked_at_whenever_the_mode_changes() -> None:
    found = only_rule(smart(rule(when(equals(MODE, "Party"), [ON], [OFF])), HOUSE))
    assert found["when"] == [{"mode": "home"}, {"mode": "away"}, {"mode": "night"}, {"mode": "party"}]


def test_another_press_of_a_button_is_what_else_is_for() -> None:
    found = only_rule(smart(rule(when(equals(BUTTON, "pushed"), [ON], [OFF])), HOUSE))
    assert found["when"][0] == {"button": "sofa.remote", "press": "single", "id": "single"}
    assert {"button": "sofa.remote", "press": "hold"} in found["when"]
    assert found["do"] == [{"if": "trigger.id == 'single'", "do": [SET_ON], "else": [SET_OFF]}]


def test_what_is_set_off_by_itself_becomes_a_rule_by_itself() -> None:
    found = smart(
        rule(
            when({"changes": equals(DOOR, "open")}, [ON]),
            when({"changes": equals(DOOR, "closed")}, [OFF]),
            {"every": {"interval": lasting(1, "Hour"), "actions": [OFF]}},
        ),
        HOUSE,
    )
    assert [one.table["name"] for one in found.rules] == ["A - 1", "A - 2", "A - 3"]
    assert [one.table["when"] for one in found.rules] == [
        {"state": "garage.door", "becomes": "open"},
        {"state": "garage.door", "becomes": "closed"},
        {"cron": "0 * * * *"},
    ]
    text_of(found)


def test_ids_become_names_that_the_table_at_the_head_lists() -> None:
    device, mode = "5F869A33-ECBC-43D8-AFAB-B1BA6D96E77E", "a89a6ad7-929f-4f64-b0ce-8bdf83026982"
    conditions = {"and": [equals(attribute(device, "contactSensor", "contact"), "open"), equals(MODE, mode)]}
    proposed = smart(rule(when(conditions, [ON])))
    assert proposed.table[device.lower()] == "contact_5f869a33"
    assert "mode a89a6ad7" in proposed.modes
    said = smart(rule(when(conditions, [ON])), {device: "front door", mode: "night", **HOUSE})
    assert only_rule(said)["if"] == "device('front door') is open and home.mode == 'night'"


def test_a_disabled_rule_stays_so() -> None:
    assert (
        only_rule(smart({**rule(when(equals(MOTION, "active"), [ON])), "status": "Disabled"}, HOUSE))["enabled"]
        is False
    )


def test_fahrenheit_is_converted() -> None:
    found = only_rule(smart(rule(when(than("lessThan", FREEZER, 14), [ON])), HOUSE, fahrenheit=True))
    assert found["if"] == "garage.freezer.temperature < -10"


def test_rules_that_others_execute_are_executed_each_by_itself() -> None:
    found = smart([rule(ON), rule(OFF)], HOUSE)
    assert [one.table["when"] for one in found.rules] == [{"webhook": "execute"}, {"webhook": "execute_2"}]
    assert found.rules[1].notes == (
        "nothing sets it off by itself; over there others execute it, here the webhook 'execute_2'",
    )


def test_a_proposed_name_is_none_that_people_gave_to_another_device() -> None:
    found = smart(rule(command("lamp", "switch", "on"), command("x", "switch", "off")), {"x": "lamp"})
    assert found.rules[0].table["do"] == [{"set": "lamp_2", "on": True}, {"set": "lamp", "on": False}]


HUGE = {"decimal": float("inf")}
NAN = float("nan")
"""JSON of other writers has both."""


@pytest.mark.parametrize(
    ("actions", "why"),
    [
        ([{"fly": {}}], "action fly"),
        ([when({"was": {}}, [ON])], "condition of no kind that is known"),
        ([when(equals(attribute("x", "airQuality", "odor"), "bad"), [ON])], "attribute airquality.odor"),
        ([when(equals({"location": {"attribute": "Weather"}}, "rain"), [ON])], "location weather"),
        ([when(equals(MOTION, "dancing"), [ON])], "state"),
        (
            [{"every": {"interval": lasting(7, "Minute"), "actions": [ON]}}],
            "interval that does not divide an hour or a day",
        ),
        ([when(equals(MOTION, "active"), [command("lamp-1", "siren", "both")])], "command siren.both"),
        ([when(equals(FREEZER, "inf"), [ON])], "number out of bounds"),
        (
            [when(equals(MOTION, "active"), [command("lamp-1", "switchLevel", "setLevel", HUGE)])],
            "number out of bounds",
        ),
        ([{"every": {"interval": {"value": {"integer": NAN}, "unit": "Hour"}, "actions": [ON]}}], "interval"),
        (
            [when({"or": [{"changes": equals(DOOR, "open")}, equals(MOTION, "active")]}, [ON])],
            "a change or a state, either of them",
        ),
    ],
)
def test_what_has_no_counterpart_says_why(actions: list[Any], why: str) -> None:
    found = smart(rule(*actions), HOUSE)
    assert reasons(found) == [why]
    assert found.rules[0].share is not Share.FULLY
    assert found.rules[0].table["enabled"] is False
    text_of(found)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "r.json: is empty"),
        ("{", "r.json:1:2: is not JSON"),
        ("[1,\n 2,]", "r.json:2:4: is not JSON"),
        ("3", "has no rules"),
        ('{"items": []}', "has no rules"),
        ("[" * 100_000, "is not JSON that anybody writes"),
        ('{"actions": ' + "[" * 100 + "]" * 100 + "}", "more than 60 deep"),
    ],
)
def test_a_file_without_rules_says_so_with_the_place(text: str, complaint: str) -> None:
    with pytest.raises(BadFile, match=complaint):
        import_smartthings("r.json", text, {})
