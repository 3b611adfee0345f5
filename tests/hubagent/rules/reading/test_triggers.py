"""Triggers as tables: what each may say."""

from pathlib import Path
from typing import Any

import pytest

from hubagent.model.capabilities.switch import Press
from hubagent.rules.dst import Dst, Repeated, Skipped
from hubagent.rules.triggers.button import ButtonTrigger
from hubagent.rules.triggers.cron import CronTrigger
from hubagent.rules.triggers.joined import JoinedTrigger
from hubagent.rules.triggers.mode import ModeTrigger
from hubagent.rules.triggers.numeric import NumericTrigger
from hubagent.rules.triggers.offline import OfflineTrigger
from hubagent.rules.triggers.outcome import OutcomeTrigger, RuleOutcome
from hubagent.rules.triggers.scene import SceneTrigger
from hubagent.rules.triggers.start import StartTrigger
from hubagent.rules.triggers.state import StateTrigger
from hubagent.rules.triggers.sun import IfNoSun, SunEvent, SunTrigger
from hubagent.rules.triggers.table import TRIGGERS
from hubagent.rules.triggers.time import TimeTrigger
from hubagent.rules.triggers.webhook import WebhookTrigger
from tests.helpers.rule_files import a_rule, mistakes, rule_set, rule_text, the_mistake

EVENING = '[[scene]]\nname = "evening"\nset = [{ device = "lamp", on = true }]\n'


@pytest.mark.parametrize(
    ("written", "trigger"),
    [
        ('{ state = "lamp.level", becomes = 40 }', StateTrigger("lamp.level", 40)),
        (
            '{ state = "hall.door", becomes = "open", from = "closed", for = "3m", id = "d" }',
            StateTrigger("hall.door", "open", "closed", held_s=180, id="d"),
        ),
        ('{ state = "lamp", changes = true }', StateTrigger("lamp", changes=True)),
        (
            '{ numeric = "f.temp", above = -12.0, rearm_below = -15, for = "10m" }',
            NumericTrigger("f.temp", above=-12, rearm_below=-15, held_s=600),
        ),
        ('{ numeric = "f.temp", above = 5, below = 20 }', NumericTrigger("f.temp", above=5, below=20)),
        ('{ button = "remote" }', ButtonTrigger("remote")),
        ('{ button = "remote", number = 2, press = "double" }', ButtonTrigger("remote", 2, Press.DOUBLE)),
        ('{ time = "07:30" }', TimeTrigger((27000,))),
        ("{ time = 07:30:00 }", TimeTrigger((27000,))),
        ('{ time = ["07:30", "19:30:15"], days = "mon-fri" }', TimeTrigger((27000, 70215), frozenset(range(5)))),
        ('{ time = "07:30", days = ["sat-mon", "wed"] }', TimeTrigger((27000,), frozenset((5, 6, 0, 2)))),
        ('{ cron = "*/5 8-18 * * mon-fri" }', CronTrigger("*/5 8-18 * * mon-fri")),
        ('{ sun = "sunset" }', SunTrigger(SunEvent.SUNSET)),
        (
            '{ sun = "sunrise", offset = "-20m", not_before = "06:30", not_after = "08:00", if_no_sun = "not_after" }',
            SunTrigger(SunEvent.SUNRISE, -1200, 23400, 28800, IfNoSun.NOT_AFTER),
        ),
        ('{ offline = "freezer", for = "1h" }', OfflineTrigger("freezer", 3600)),
        ('{ joined = "any" }', JoinedTrigger("any")),
        ('{ mode = "night" }', ModeTrigger("night")),
        ("{ start = true }", StartTrigger()),
        ('{ webhook = "evening" }', WebhookTrigger("evening")),
        ('{ scene = "evening" }', SceneTrigger("evening")),
        ('{ rule = "a rule", outcome = "failed" }', OutcomeTrigger("a rule", RuleOutcome.FAILED)),
    ],
)
def test_a_table_is_understood(tmp_path: Path, written: str, trigger: Any) -> None:
    [rule] = rule_set(tmp_path, EVENING + rule_text(when=written)).rules
    assert rule.when == (trigger,)


def test_every_kind_is_among_these_tests() -> None:
    tested = test_a_table_is_understood.pytestmark[0].args[1]
    assert {type(trigger) for _, trigger in tested} == set(TRIGGERS.values())


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ('{ state = "lamp" }', "says either becomes = VALUE or changes = true"),
        ('{ state = "lamp", becomes = 3, changes = true }', "says either becomes"),
        ('{ state = "lamp", becomes = "on", from = "on" }', "when.from: is the same as it becomes"),
        ('{ state = "lamp", becomes = [1] }', "is true or false, a number or a text, not a list"),
        ('{ numeric = "t" }', "says above = NUMBER or below = NUMBER, or both"),
        ('{ numeric = "t", above = 5, below = 3 }', "nothing is above 5 and below 3"),
        ('{ numeric = "t", above = 5, rearm_below = 6 }', "when.rearm_below: is a level at or under `above`"),
        ('{ numeric = "t", above = 5, rearm_above = 6 }', "when.rearm_above: is a level at or over `below`"),
        ('{ numeric = "t", above = nan }', "is a number, not nan"),
        ('{ numeric = "t", above = inf }', "is a number, not inf"),
        ('{ numeric = "t", abov = 3 }', "did you mean 'above'?"),
        ('{ button = "r", press = "dubble" }', "did you mean 'double'?"),
        ('{ button = "r", number = 256 }', "is between 1 and 255, not 256"),
        ('{ time = "25:00" }', "is a time of day"),
        ("{ time = [] }", "is an empty list"),
        ('{ time = "07:30", days = "mon-fry" }', "'fry' is no day; did you mean 'fri'?"),
        ('{ cron = "every day" }', "is minute, hour, day, month and weekday"),
        ('{ cron = "61 * * * *" }', "bad minute"),
        ('{ cron = "0 0 31 2 *" }', "bad day-of-month"),
        ('{ sun = "noon" }', "is one of sunrise, sunset"),
        ('{ sun = "sunset", not_before = "20:00", not_after = "19:00" }', "is later than not_after"),
        ('{ sun = "sunset", if_no_sun = "not_before" }', "says not_before, and there is none"),
        ('{ sun = "sunset", offset = "13h" }', "is between -12h and 12h"),
        ("{ start = false }", "can only be true, not false"),
        ('{ webhook = "a b" }', "is a word of letters"),
        ('{ mode = "nihgt" }', "there is no mode 'nihgt'; did you mean 'night'?"),
        ('{ scene = "evening" }', "there is no scene 'evening'"),
        ('{ rule = "a rul" }', "there is no rule 'a rul'; did you mean 'a rule'?"),
        ('{ tiem = "07:30" }', "is no trigger that there is; did you mean 'time'?"),
        ("3", "is a text, as"),
    ],
)
def test_a_table_is_refused_with_the_reason(tmp_path: Path, written: str, complaint: str) -> None:
    assert complaint in the_mistake(tmp_path, rule_text(when=written))


def test_a_rule_has_one_trigger_at_least_and_32_at_most(tmp_path: Path) -> None:
    assert "is one trigger or a list of at most 32, not of 0" in the_mistake(tmp_path, rule_text(when="[]"))
    many = ", ".join(['"a becomes on"'] * 33)
    assert "is one trigger or a list of at most 32, not of 33" in the_mistake(tmp_path, rule_text(when=f"[{many}]"))


def test_all_triggers_that_are_wrong_are_told(tmp_path: Path) -> None:
    when = '["a becomes onn", { time = "7" }, "b becomes on"]'
    assert [told.split(": ")[1] for told in mistakes(tmp_path, rule_text(when=when))] == [
        "rule[1].when[1]",
        "rule[1].when[2].time",
    ]


def test_what_a_rule_says_of_daylight_saving_is_with_its_times(tmp_path: Path) -> None:
    dst = 'dst = { skipped = "skip", repeated = "twice" }'
    [trigger] = a_rule(tmp_path, dst, when='{ time = "02:30" }').when
    assert isinstance(trigger, TimeTrigger)
    assert trigger.dst == Dst(Skipped.SKIP, Repeated.TWICE)
