"""Scenes and invariants."""

from pathlib import Path

import pytest

from hubagent.rules.actions.set import SetAction
from hubagent.rules.expression.parse import parse
from hubagent.rules.never import CausedBy, Never
from hubagent.rules.scene import Scene
from tests.helpers.rule_files import rule_set, the_mistake


def test_a_scene_is_several_devices_with_their_values(tmp_path: Path) -> None:
    text = """
[[scene]]
name = "evening"
set = [{ device = ["a", "b"], level = 40, transition = "2s" }, { device = "blind", position = 0 }]
"""
    settings = (SetAction(("a", "b"), (("level", 40),), 2.0), SetAction(("blind",), (("position", 0),)))
    assert rule_set(tmp_path, text).scenes == {"evening": Scene("evening", settings)}


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ("[]", "is a list of at most 100"),
        ('[{ device = "a" }]', "sets nothing"),
        ("[{ on = true }]", "device is missing"),
        ('[{ device = "a", on = true }, { device = "a", level = 3 }]', "'a' stands there twice"),
        ('[{ device = "a", lvl = 3 }]', "did you mean 'level'?"),
        ('["a"]', "is a table, not 'a'"),
    ],
)
def test_a_scene_is_refused_with_the_reason(tmp_path: Path, settings: str, complaint: str) -> None:
    assert complaint in the_mistake(tmp_path, f'[[scene]]\nname = "a"\nset = {settings}\n')


def test_an_invariant_says_what_must_never_be(tmp_path: Path) -> None:
    text = """
[[never]]
name = "shut while away"
that = "garage.door == 'open' and home.mode == 'away'"
caused_by = "anybody"
"""
    that = parse("garage.door == 'open' and home.mode == 'away'")
    assert rule_set(tmp_path, text).nevers == (Never("shut while away", that, CausedBy.ANYBODY),)
