"""Blueprints: rules with parameters, and what is said where one does not fit."""

from pathlib import Path

import pytest

from hubagent.rules.actions.notify import NotifyAction
from hubagent.rules.actions.set import SetAction
from hubagent.rules.actions.wait import PauseAction, WaitAction
from hubagent.rules.expression.parse import parse
from hubagent.rules.rule import Rule
from hubagent.rules.triggers.state import StateTrigger
from tests.helpers.rule_files import mistakes, rule_set, the_mistake, whole_mistakes

BLUEPRINT = """
[[blueprint]]
name = "motion light"
when = "$sensor becomes occupied"
if = "$lamp.level < $level"
do = [
  { set = "$lamp", level = "$level" },
  { wait = "$sensor is clear", for = "$off_after" },
  { set = "$lamp", on = false },
]

[blueprint.parameters]
sensor = "device"
lamp = "device"
level = { type = "number", default = 80, minimum = 1, maximum = 100 }
off_after = { type = "duration", default = "3m" }
"""


def use(arguments: str, name: str = "hall") -> str:
    return f'[[use]]\nblueprint = "motion light"\nname = "{name}"\nwith = {{ {arguments} }}\n'


def rule(folder: Path, text: str) -> Rule:
    [found] = rule_set(folder, text).rules
    return found


def test_a_use_is_a_rule_with_the_arguments_in_it(tmp_path: Path) -> None:
    found = rule(tmp_path, BLUEPRINT + use('sensor = "hall.motion", lamp = "hall.light", level = 40'))
    assert found.name == "hall"
    assert found.when == (StateTrigger("hall.motion", "occupied"),)
    assert found.condition == parse("hall.light.level < 40")
    assert found.do == (
        SetAction(("hall.light",), (("level", 40),)),
        WaitAction(parse("hall.motion is clear"), 180.0),
        SetAction(("hall.light",), (("on", False),)),
    )


def test_a_device_whose_name_is_no_word_is_still_one_in_an_expression(tmp_path: Path) -> None:
    found = rule(tmp_path, BLUEPRINT + use('sensor = "Hall motion", lamp = "living lamp"'))
    assert found.condition == parse("device('living lamp').level < 80")
    assert found.when == (StateTrigger("Hall motion", "occupied"),)
    assert found.do[0] == SetAction(("living lamp",), (("level", 80),))


def test_texts_and_modes_are_quoted_where_they_are_values(tmp_path: Path) -> None:
    text = """
[[blueprint]]
name = "b"
parameters = { m = "mode", who = "text", lamp = "device", t = "time" }
when = { time = "$t" }
if = "home.mode == $m and home.mode == '$m'"
do = [{ notify = "$who", text = "$who: {$lamp.on} costs $$3" }, { wait = "1s" }]
[[use]]
blueprint = "b"
name = "u"
with = { m = "night", who = "owner", lamp = "a lamp", t = "07:30" }
"""
    found = rule(tmp_path, text)
    assert found.condition == parse("home.mode == 'night' and home.mode == 'night'")
    assert isinstance(found.do[0], NotifyAction)
    assert (found.do[0].to, found.do[0].text.text) == ("owner", "owner: {device('a lamp').on} costs $3")
    assert found.do[1] == PauseAction(1.0)


def test_uses_of_one_blueprint_are_rules_of_their_own(tmp_path: Path) -> None:
    text = BLUEPRINT + use('sensor = "a", lamp = "b"', "one") + use('sensor = "c", lamp = "d"', "two")
    one, two = rule_set(tmp_path, text).rules
    assert one.hash != two.hash
    assert str(one.place) == f"{tmp_path}/rules.toml:17"


def test_a_blueprint_may_stand_behind_its_uses(tmp_path: Path) -> None:
    assert rule(tmp_path, use('sensor = "a", lamp = "b"') + BLUEPRINT)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ('sensor = "a"', "lamp is missing: device"),
        ('sensor = "a", lamp = "b", lmp = "c"', "lmp: there is no such parameter; did you mean 'lamp'?"),
        ('sensor = "a", lamp = 3', "lamp: is a text in quotes, not 3"),
        ('sensor = "a", lamp = "b", level = 101', "level: is between 1 and 100, not 101"),
        ('sensor = "a", lamp = "b", off_after = "soon"', "off_after: 'soon' is no duration"),
    ],
)
def test_an_argument_that_does_not_fit_is_told_with_both_places(tmp_path: Path, arguments: str, complaint: str) -> None:
    told = the_mistake(tmp_path, BLUEPRINT + use(arguments))
    assert complaint in told
    assert "rules.toml:2: blueprint 'motion light')" in told


def test_a_mistake_in_the_body_is_told_with_both_places(tmp_path: Path) -> None:
    text = BLUEPRINT.replace('"$off_after"', '"$sensor"')
    [told] = whole_mistakes(tmp_path, text + use('sensor = "a", lamp = "b"'))
    assert told.startswith("rules.toml:8:38: blueprint[1].do[2].for: 'a' is no duration")
    assert f"(used at {tmp_path}/rules.toml:17)" in told
    assert told.endswith("^" * len('"$sensor"'))


def test_a_parameter_that_is_not_declared_is_told_where_it_stands(tmp_path: Path) -> None:
    told = mistakes(tmp_path, BLUEPRINT.replace('set = "$lamp", on', 'set = "$lmp", on'))
    assert told == ["rules.toml:9:11: blueprint[1].do[3].set: there is no parameter $lmp; did you mean 'lamp'?"]


def test_a_blueprint_that_is_not_there_is_told(tmp_path: Path) -> None:
    told = the_mistake(tmp_path, BLUEPRINT + use("").replace("motion light", "motion lihgt"))
    assert "there is no blueprint 'motion lihgt'; did you mean 'motion light'?" in told


def test_a_blueprint_cannot_use_another(tmp_path: Path) -> None:
    text = BLUEPRINT.replace('if = "', 'use = "')
    assert any("use: there is no such key" in told for told in mistakes(tmp_path, text))


def test_a_list_of_devices_fills_a_list(tmp_path: Path) -> None:
    text = """
[[blueprint]]
name = "b"
parameters = { lamps = "devices" }
when = "x becomes on"
do = [{ set = "$lamps", on = true }]
[[use]]
blueprint = "b"
name = "u"
with = { lamps = ["a", "b"] }
"""
    assert rule(tmp_path, text).do == (SetAction(("a", "b"), (("on", True),)),)


def test_a_text_with_both_kinds_of_quotes_cannot_be_put_into_an_expression(tmp_path: Path) -> None:
    text = """
[[blueprint]]
name = "b"
parameters = { t = "text" }
when = "x becomes on"
if = "home.mode == $t"
do = [{ stop = "x" }]
[[use]]
blueprint = "b"
name = "u"
with = { t = "a' or \\"b" }
"""
    assert "cannot stand in an expression" in the_mistake(tmp_path, text)


@pytest.mark.parametrize("argument", ["win $money", "the $lamp"])
def test_a_dollar_in_an_argument_is_one(tmp_path: Path, argument: str) -> None:
    text = f"""
[[blueprint]]
name = "b"
parameters = {{ t = "text", lamp = "device" }}
when = "$lamp becomes on"
do = [{{ notify = "owner", text = "$t {{$t}} {{$lamp.level}}" }}]
[[use]]
blueprint = "b"
name = "u"
with = {{ t = "{argument}", lamp = "a" }}
"""
    [action] = rule(tmp_path, text).do
    assert isinstance(action, NotifyAction)
    assert action.text.text == f"{argument} {{'{argument}'}} {{a.level}}"
