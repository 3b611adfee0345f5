"""A [[rule]]: what it may say, and what is said of every mistake."""

import math
from pathlib import Path

import pytest

from hubagent.rules.dst import Dst, Repeated, Skipped
from hubagent.rules.program import Perform
from hubagent.rules.reading.rules import meaning_hash
from hubagent.rules.rule import Limit, Priority, Rule, RunMode
from hubagent.rules.triggers.state import StateTrigger
from tests.helpers.rule_files import a_rule, mistakes, rule_set, rule_text, the_mistake


def test_a_rule_says_what_sets_it_off_and_what_it_does(tmp_path: Path) -> None:
    rule = a_rule(tmp_path, when='"hall.motion becomes occupied"')
    assert rule.name == "a rule"
    assert rule.when == (StateTrigger("hall.motion", "occupied"),)
    assert rule.program.instructions == tuple(Perform(action) for action in rule.do)  # type: ignore[arg-type]
    assert str(rule.place) == f"{tmp_path}/rules.toml:1"


def test_what_a_rule_does_not_say_has_a_harmless_default(tmp_path: Path) -> None:
    rule = a_rule(tmp_path)
    assert rule.enabled
    assert (rule.mode, rule.max_runs, rule.limit, rule.priority) == (RunMode.SINGLE, 10, None, Priority.NORMAL)
    assert (rule.yields_to_manual, rule.lease_s) == (False, 1800)
    assert (rule.missed_within_s, rule.resumed_within_s) == (0, math.inf)
    assert rule.dst == Dst(Skipped.RUN_AT_GAP_END, Repeated.ONCE)


def test_every_option_is_read(tmp_path: Path) -> None:
    rule = a_rule(
        tmp_path,
        'description = "why"',
        "enabled = false",
        "if = \"home.mode == 'night'\"",
        'mode = "queued"',
        "max = 3",
        'limit = "2 / 1h"',
        'priority = "safety"',
        'yields_to = "manual"',
        'lease = "10m"',
        'missed = "run if less than 30m late"',
        'dst = { skipped = "skip", repeated = "twice" }',
        'resumed = "continue if less than 10m late"',
    )
    assert rule.condition is not None
    assert rule.condition.text == "home.mode == 'night'"
    assert (rule.description, rule.enabled, rule.mode, rule.max_runs) == ("why", False, RunMode.QUEUED, 3)
    assert (rule.limit, rule.priority) == (Limit(2, 3600), Priority.SAFETY)
    assert (rule.yields_to_manual, rule.lease_s) == (True, 600)
    assert (rule.missed_within_s, rule.resumed_within_s) == (1800, 600)
    assert rule.dst == Dst(Skipped.SKIP, Repeated.TWICE)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('mode = "singel"', "is one of single, restart, queued, parallel; not 'singel'; did you mean 'single'?"),
        ("max = 0", "is between 1 and 100, not 0"),
        ('limit = "often"', "is how often in which time, as \"1/30m\"; not 'often'"),
        ('limit = "0/1m"', "is 1 to 10000 in some time, not 0"),
        ('lease = "30"', "'30' is no duration"),
        ('missed = "maybe"', 'is "skip", "run" or "run if less than 30m late"; not \'maybe\''),
        ('missed = "run if less than soon late"', "'soon' is no duration"),
        ('dst = { skiped = "skip" }', "there is no such key; there are: skipped, repeated"),
        ('yields_to = "hand"', "is one of manual; not 'hand'"),
        ("enabled = 1", "is true or false, not 1"),
        ("max = 99999999999999999999999999999", "is between 1 and 100, not a number with many digits"),
        ('if = "home.mode =="', "the expression ends too early"),
        ("if = true", "is an expression in quotes"),
    ],
)
def test_a_wrong_option_is_told_by_its_line(tmp_path: Path, line: str, complaint: str) -> None:
    told = the_mistake(tmp_path, rule_text(line))
    assert told.startswith("rules.toml:5:")
    assert complaint in told


def test_an_unknown_key_comes_with_the_one_that_was_meant(tmp_path: Path) -> None:
    told = the_mistake(tmp_path, rule_text('priorty = "high"'))
    assert told.startswith("rules.toml:5:1: rule[1].priorty: there is no such key; did you mean 'priority'?")


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    told = mistakes(tmp_path, '[[rule]]\nname = "a"')
    assert [text.partition(" is missing")[0] for text in told] == [
        "rules.toml:1:1: rule[1]: when",
        "rules.toml:1:1: rule[1]: do",
    ]


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    told = the_mistake(tmp_path, rule_text() + rule_text())
    assert told.startswith("rules.toml:7:8: rule[2].name: there is another rule 'a rule', at ")
    assert told.endswith("rules.toml:1")


def test_two_triggers_of_one_id_are_refused(tmp_path: Path) -> None:
    when = '[{ start = true, id = "a" }, { mode = "night", id = "a" }]'
    assert "two triggers have the same id" in the_mistake(tmp_path, rule_text(when=when))


def test_loops_that_multiply_are_bounded(tmp_path: Path) -> None:
    inner = '{ repeat = 100, do = [{ set = "lamp", on = true }] }'
    assert "its loops multiply to" in the_mistake(tmp_path, rule_text(f"do = [{{ repeat = 1000, do = [{inner}] }}]"))


class TestTheHash:
    def rule(self, folder: Path, text: str) -> Rule:
        [rule] = rule_set(folder, text).rules
        return rule

    def test_is_of_the_meaning_and_not_of_place_comments_or_name(self, tmp_path: Path) -> None:
        plain = self.rule(tmp_path, rule_text())
        moved = self.rule(tmp_path, "# a comment\n\n" + rule_text('description = "x"', name="b").replace(" = ", "="))
        assert plain.hash == moved.hash

    def test_is_the_same_for_defaults_said_and_unsaid_and_for_one_trigger_in_a_list(self, tmp_path: Path) -> None:
        said = self.rule(tmp_path, rule_text('mode = "single"', "enabled = true", when='["switch becomes on"]'))
        assert said.hash == self.rule(tmp_path, rule_text()).hash

    @pytest.mark.parametrize(
        "line",
        ["enabled = false", 'if = "sun.up"', 'mode = "restart"', 'do = [{ set = "lamp", on = false }]'],
    )
    def test_is_another_for_another_meaning(self, tmp_path: Path, line: str) -> None:
        assert self.rule(tmp_path, rule_text(line)).hash != self.rule(tmp_path, rule_text()).hash

    def test_is_what_earlier_releases_found(self) -> None:
        table = {"name": "a", "when": "x becomes on", "do": [{"set": "lamp", "on": True, "level": 40}], "max": 10}
        assert meaning_hash(table) == "66be05ad2c5ceddf7bedffd3"
