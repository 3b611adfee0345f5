"""What is said of a whole set of rules before any of them runs."""

import json

import pytest

from hubagent.rules.analysis.analyse import analyse
from hubagent.rules.analysis.finding import CODES, Finding
from hubagent.rules.analysis.sarif import sarif
from tests.hubagent.rules.a_house import AMSTERDAM, HOUSE, UTC, rules


def findings(text: str, *, utc: bool = True) -> list[Finding]:
    return analyse(rules(text), HOUSE, UTC if utc else AMSTERDAM)


def said(text: str, *, utc: bool = True) -> list[tuple[str, str, str]]:
    """Code, place and text."""
    return [(one.code, one.mistake.place.partition(":")[2], one.mistake.what) for one in findings(text, utc=utc)]


def rule(name: str, when: str, do: str, more: str = "") -> str:
    return f'[[rule]]\nname = "{name}"\nwhen = {when}\n{more}\ndo = [{do}]\n'


BUTTON = '"sofa.remote button 1 single"'
LIGHT = '{ set = "hall.light", on = true }'
DARK = '{ set = "hall.light", on = false }'


def test_rules_that_are_sound_are_not_complained_of() -> None:
    text = rule("a", '"hall.motion becomes occupied"', LIGHT, 'if = "hall.lux < 30"')
    text += rule("b", '"hall.motion becomes clear for 3m"', DARK)
    assert said(text) == []


def test_everything_that_a_device_is_not_is_told_at_once() -> None:
    text = """
[[rule]]
name = "a"
when = ["hall.moton becomes occupied", { numeric = "hall.light", above = 3 }]
if = "hall.lux < 30% and home.mode == 'nigt'"
do = [
  { set = "hall.motion", on = true },
  { if = "garage.dor is open", do = [{ notify = "o", text = "{hall.lx}" }] },
]
"""
    told = said(text)
    assert {code for code, _, _ in told} == {"E-device"}
    assert [(place, what.partition(";")[0]) for _, place, what in told] == [
        ("4", "there is no device 'hall.moton'"),
        ("4", "on is true or false, not a number with bounds"),
        ("5", "this is in %, and is compared with a number in lx"),
        ("5", "it is never 'nigt'"),
        ("7", "hall.motion has no on"),
        ("8", "there is no device 'garage.dor'"),
        ("8", "there is no device 'hall.lx'"),
    ]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("hall.light.level > 120", "E-never-true"),
        ("hall.lux < 5 and hall.lux > 10", "E-never-true"),
        ("home.mode == 'home' and home.mode == 'away'", "E-never-true"),
        ("hall.light.level <= 100", "W-always-true"),
    ],
)
def test_a_condition_that_says_nothing_is_told(condition: str, code: str) -> None:
    [(found, place, what)] = said(rule("a", BUTTON, LIGHT, f'if = "{condition}"'))
    assert (found, place) == (code, "4")
    assert condition in what


def test_conditions_of_actions_are_looked_at_too() -> None:
    [(code, _, _)] = said(rule("a", BUTTON, f'{{ if = "hall.light.level > 120", do = [{LIGHT}] }}'))
    assert code == "E-never-true"


def test_opposite_wishes_at_the_same_moment_are_told() -> None:
    [(code, place, what)] = said(rule("a", BUTTON, LIGHT) + rule("b", BUTTON, DARK))
    assert (code, place) == ("W-opposite", "6")
    assert what == "sets on of hall.light to False, and 'a' to True at the same moment"


def test_wishes_after_a_pause_or_under_conditions_are_no_opposites() -> None:
    text = rule("a", BUTTON, LIGHT, "if = \"home.mode == 'home'\"") + rule(
        "b", BUTTON, DARK, "if = \"home.mode == 'away'\""
    )
    assert said(text) == []
    assert said(rule("a", BUTTON, LIGHT) + rule("b", BUTTON, f'{{ wait = "1m" }}, {DARK}')) == []


def test_a_rule_that_another_one_makes_needless_is_told() -> None:
    [(code, _, what)] = said(rule("a", BUTTON, LIGHT) + rule("b", BUTTON, LIGHT, 'if = "hall.lux < 30"'))
    assert (code, what) == ("W-shadowed", "does what 'a' does at the same moment anyway")


def test_rules_that_set_one_another_off_are_told_once() -> None:
    text = rule("a", '"hall.light becomes on"', DARK) + rule("b", '"hall.light becomes off"', LIGHT)
    [(code, place, what)] = said(text)
    assert (code, place) == ("W-cycle", "1")
    assert what.startswith("sets itself off again: 'a' → 'b' → 'a'")


def test_a_circle_through_modes_scenes_and_outcomes_is_seen() -> None:
    text = rule("a", '{ mode = "night" }', '{ run = "b" }') + rule("b", '{ webhook = "x" }', '{ mode = "night" }')
    assert [code for code, _, _ in said(text)] == ["W-cycle"]
    text = rule("a", '{ rule = "b", outcome = "done" }', LIGHT) + rule("b", '{ rule = "a", outcome = "done" }', LIGHT)
    assert [code for code, _, _ in said(text)] == ["W-cycle"]


def test_a_rule_that_activates_the_scene_that_sets_it_off_is_a_circle() -> None:
    scene = '[[scene]]\nname = "evening"\nset = [{ device = "hall.light", on = true }]\n'
    assert [code for code, _, _ in said(scene + rule("a", '{ scene = "evening" }', '{ scene = "evening" }'))] == [
        "W-cycle"
    ]
    text = scene + rule("a", '{ scene = "evening" }', '{ set = "porch.light", on = true }')
    assert said(text) == []
    [(code, _, what)] = said(text + rule("b", '"porch.light becomes on"', '{ scene = "evening" }'))
    assert (code, what.partition(";")[0]) == ("W-cycle", "sets itself off again: 'a' → 'b' → 'a'")


def test_a_level_that_puts_a_lamp_on_or_off_is_seen_in_a_circle() -> None:
    text = rule("a", '"hall.light becomes off"', '{ set = "hall.light", level = 40 }')
    text += rule("b", '"hall.light becomes on"', DARK)
    assert [code for code, _, _ in said(text)] == ["W-cycle"]


def test_what_a_rule_sets_and_no_other_waits_for_is_no_circle() -> None:
    assert said(rule("a", '"hall.light becomes on"', LIGHT)) == []


def test_an_action_that_an_invariant_forbids_always_is_told() -> None:
    never = '[[never]]\nname = "dark"\nthat = "hall.light is on"\n'
    [(code, place, what)] = said(rule("a", BUTTON, LIGHT) + never)
    assert (code, place) == ("E-violates-never", "5")
    assert "'dark' forbids this" in what
    depends = '[[never]]\nname = "dark"\nthat = "hall.light is on and home.mode == \'away\'"\n'
    assert said(rule("a", BUTTON, LIGHT) + depends) == []


def test_a_scene_that_contradicts_itself_is_told() -> None:
    scene = (
        '[[scene]]\nname = "s"\nset = [{ device = "hall.light", on = true }, { device = "Hall.Light", on = false }]\n'
    )
    [(code, _, what)] = said(scene)
    assert (code, what) == ("E-scene", "Hall.Light is to have on = True and False")
    [(code, _, what)] = said('[[scene]]\nname = "s"\nset = [{ device = "hall.motion", on = true }]\n')
    assert code == "E-scene"
    assert "hall.motion has no on" in what


def test_a_time_that_the_clock_skips_is_told_only_where_it_does_and_nothing_was_said_of_it() -> None:
    text = rule("a", '{ time = "02:30" }', LIGHT)
    assert said(text) == []
    [(code, _, what)] = said(text, utc=False)
    assert code == "W-dst"
    assert "02:30 is skipped in spring and comes twice in autumn" in what
    assert said(rule("a", '{ time = "02:30" }', LIGHT, 'dst = { repeated = "twice" }'), utc=False) == []
    assert said(rule("a", '{ time = "05:30" }', LIGHT), utc=False) == []


def test_findings_are_told_as_sarif() -> None:
    found = sarif(findings(rule("a", BUTTON, LIGHT) + rule("b", BUTTON, DARK)), "1.2.3")
    assert json.loads(json.dumps(found)) == found
    [run] = found["runs"]
    assert {one["id"] for one in run["tool"]["driver"]["rules"]} == set(CODES)
    [result] = run["results"]
    assert (result["ruleId"], result["level"]) == ("W-opposite", "warning")
    location = result["locations"][0]["physicalLocation"]
    assert (location["artifactLocation"]["uri"], location["region"]["startLine"]) == ("rules.toml", 6)


def test_many_rules_are_looked_at_in_reasonable_time() -> None:
    text = "".join(rule(f"r{number}", f'{{ webhook = "w{number % 50}" }}', LIGHT) for number in range(1000))
    assert len(said(text)) <= 200
