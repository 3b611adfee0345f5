"""Rule files: what a rule may say, and what is said of every mistake."""

import re
from pathlib import Path

import pytest

from hubagent.model.capabilities.level_control import MoveToLevel
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capabilities.switch import Press
from hubagent.model.capabilities.table import ATTRIBUTES
from hubagent.rules.former_rule import Becomes, Crosses, Pressed, Rule, Trigger, read_rules, read_trigger
from hubagent.rules.words import WORDS
from hubagent.toml_lines import Mistakes


def read(folder: Path, text: str) -> tuple[Rule, ...]:
    path = folder / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return read_rules([path])


def mistakes(folder: Path, text: str) -> list[str]:
    with pytest.raises(Mistakes) as caught:
        read(folder, text)
    return [str(mistake).removeprefix(f"{folder}/") for mistake in caught.value.mistakes]


def test_a_rule_is_read_with_its_commands_ready(tmp_path: Path) -> None:
    text = """
[[rule]]
name = "hall light"
when = "hall.motion becomes occupied"
do = [{ set = "hall.light", on = true, level = 40 }]
"""
    [rule] = read(tmp_path, text)
    assert rule.name == "hall light"
    assert rule.when == Becomes("hall.motion", (("occupied", True),))
    assert rule.do[0].device == "hall.light"
    assert rule.do[0].commands == (SwitchOnOff(on=True), MoveToLevel(40))
    assert rule.place == f"{tmp_path}/rules.toml:2"


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("hall.motion becomes occupied", Becomes("hall.motion", (("occupied", True),))),
        ("Front door becomes open", Becomes("Front door", (("open", True), ("door_open", True)))),
        ("hall.light.on becomes false", Becomes("hall.light", (("on", False),))),
        ("lamp.level becomes 40", Becomes("lamp", (("level", 40),))),
        ("heater.mode becomes heat", Becomes("heater", (("mode", "heat"),))),
        ("hall.temp.temperature > 25.5", Crosses("hall.temp", "temperature", ">", 25.5)),
        ("cellar.humidity<=40", Crosses("cellar", "humidity", "<=", 40)),
        ("lamp.parameter_7 > 3", Crosses("lamp", "parameter_7", ">", 3)),
        ("hall.remote button 2 double", Pressed("hall.remote", 2, Press.DOUBLE)),
    ],
)
def test_when_is_understood(text: str, trigger: Trigger) -> None:
    assert read_trigger(text) == trigger


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("hall.motion becomes ocupied", "did you mean 'occupied'?"),
        ("hall.motion is occupied", "is not understood"),
        ("hall.light.level becomes bright", "level is a number (%), not 'bright'"),
        ("hall.light.level > 130", "level is between 0 and 100 (%), not 130"),
        ("hall.light.on > 3", "on is not a number"),
        ("hall.temp > 25", "names no attribute"),
        ("hall.temp.temperature > warm", "is a number"),
        ("remote button 0 single", "a button is a number from 1"),
        ("remote button 1 singel", "did you mean 'single'?"),
    ],
)
def test_when_is_refused_with_the_reason(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        read_trigger(text)


def test_every_mistake_is_told_at_once_by_line(tmp_path: Path) -> None:
    text = """
[[rule]]
name = "a"
wen = "x becomes on"
do = [{ set = "lamp", on = "yes" }]

[[rule]]
name = "b"
when = "x becomes on"
do = [{ on = true }]

[[rule]]
name = "b"
when = "x becomes on"
do = [{ set = "lamp", temperature = 20 }, { set = "lamp" }]
"""
    assert mistakes(tmp_path, text) == [
        "rules.toml:4: rule[1].wen: there is no such key; did you mean 'when'?; a rule has name, when, do",
        "rules.toml:2: rule[1]: when is missing",
        "rules.toml:5: rule[1].do: on is true or false, not 'yes'",
        "rules.toml:10: rule[2].do: an action says set = \"DEVICE\" and the attributes to set; not {'on': True}",
        "rules.toml:15: rule[3].do: temperature is measured by the device and cannot be set",
    ]


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    rule = '[[rule]]\nname = "a"\nwhen = "x becomes on"\ndo = [{ set = "lamp", on = true }]\n'
    assert mistakes(tmp_path, rule + rule) == ["rules.toml:5: name: there is another rule 'a'"]


def test_something_else_than_rules_is_refused(tmp_path: Path) -> None:
    [mistake] = mistakes(tmp_path, '[rules]\nname = "a"')
    assert mistake.startswith("rules.toml:1: rules: there is no such key; did you mean 'rule'?")


def test_mistakes_of_all_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(Mistakes) as caught:
        read_rules([tmp_path / "a.toml", tmp_path / "b.toml"])
    assert len(caught.value.mistakes) == 2


def test_every_word_means_a_value_that_its_attribute_can_have() -> None:
    for meanings in WORDS.values():
        for attribute, value in meanings:
            assert ATTRIBUTES[attribute][1].check(value) == value


def test_a_device_may_be_called_after_what_it_senses() -> None:
    trigger = read_trigger("kitchen.leak becomes leak")
    assert isinstance(trigger, Becomes)
    assert trigger.device == "kitchen.leak"
