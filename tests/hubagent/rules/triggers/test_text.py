"""Triggers as short texts: what each means, and what is said of those that mean nothing."""

import re

import pytest

from hubagent.model.capabilities.switch import Press
from hubagent.rules.reading.wrong import Wrong
from hubagent.rules.triggers.button import ButtonTrigger
from hubagent.rules.triggers.numeric import NumericTrigger
from hubagent.rules.triggers.state import StateTrigger
from hubagent.rules.triggers.text import read_text_trigger
from hubagent.toml_lines import NOWHERE


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("hall.motion becomes occupied", StateTrigger("hall.motion", "occupied")),
        ("Front door becomes open", StateTrigger("Front door", "open")),
        ("hall.light.on becomes false", StateTrigger("hall.light.on", becomes=False)),
        ("lamp.level becomes 40", StateTrigger("lamp.level", 40)),
        ("lamp.level becomes 40%", StateTrigger("lamp.level", 40)),
        ("heater.mode becomes heat", StateTrigger("heater.mode", "heat")),
        ("hall.motion becomes clear for 3m", StateTrigger("hall.motion", "clear", held_s=180)),
        ("  hall.motion becomes clear for 1h30m  ", StateTrigger("hall.motion", "clear", held_s=5400)),
        ("waiting for godot becomes on", StateTrigger("waiting for godot", "on")),
        ("hall.temp.temperature > 25.5", NumericTrigger("hall.temp.temperature", above=25.5)),
        ("hall.temp > 25.5°C", NumericTrigger("hall.temp", above=25.5)),
        ("attic.humidity >= 60% for 10m", NumericTrigger("attic.humidity", above=60, inclusive=True, held_s=600)),
        ("cellar.humidity<=40", NumericTrigger("cellar.humidity", below=40, inclusive=True)),
        ("garage.freezer.temp < -12", NumericTrigger("garage.freezer.temp", below=-12)),
        ("lamp.parameter_7 > 3", NumericTrigger("lamp.parameter_7", above=3)),
        ("hall.brightness > 500", NumericTrigger("hall.brightness", above=500)),
        ("hall.remote button 2 double", ButtonTrigger("hall.remote", 2, Press.DOUBLE)),
    ],
)
def test_a_text_is_understood(text: str, trigger: object) -> None:
    assert read_text_trigger(text, NOWHERE) == trigger


@pytest.mark.parametrize(
    ("text", "wrong", "complaint"),
    [
        ("hall.motion becomes ocupied", "ocupied", "did you mean 'occupied'?"),
        ("hall.motion is occupied", "", "is not understood"),
        ("hall.light.level becomes bright", "bright", "level is a number (%), not 'bright'"),
        ("hall.light.level > 130", "130", "level is between 0 and 100 (%), not 130"),
        ("hall.light.on > 3", "3", "on is not a number"),
        ("hall.temp > warm", "warm", "'warm' is not a number"),
        ("hall.temp > 5 bananas", "5 bananas", "there is no unit 'bananas'"),
        ("remote button 0 single", "0", "a button is a number from 1"),
        ("remote button ² single", "²", "a button is a number from 1"),
        ("remote button 1 singel", "singel", "did you mean 'single'?"),
        ("remote button 1 hold for 3s", " for 3s", "a press is over at once"),
        ("hall.motion becomes clear for 3 weeks", "3 weeks", "is no duration"),
        ("heater.mode becomes haet", "haet", "did you mean 'heat'?"),
        ("x" * 400, "", "has at most 300 letters"),
    ],
)
def test_a_text_is_refused_with_the_reason_and_the_part(text: str, wrong: str, complaint: str) -> None:
    with pytest.raises(Wrong, match=re.escape(complaint)) as caught:
        read_text_trigger(text, NOWHERE)
    start = caught.value.column
    assert text[start : start + caught.value.length] == wrong
