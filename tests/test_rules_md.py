"""RULES.md: every example is read, and its tables say what the readers read by."""

from pathlib import Path

import pytest

from hubagent.rules.actions.table import ACTIONS
from hubagent.rules.executor import calls, executor, limits, runs, sending, timers
from hubagent.rules.executor.items import Remembered, Restored
from hubagent.rules.names import ALIASES
from hubagent.rules.reading.actions import ACTIONS_MAX, DEPTH_MAX
from hubagent.rules.reading.blueprints import BLUEPRINT_FIELDS, PARAMETER_FIELDS, USE_FIELDS
from hubagent.rules.reading.rule_set import FILES_MAX, OTHERS_MAX, RULES_MAX, USES_MAX, rule_set_of
from hubagent.rules.reading.rules import DST_FIELDS, RULE_FIELDS, STEPS_MAX
from hubagent.rules.reading.scenes import NEVER_FIELDS, SCENE_FIELDS, SETTING_FIELDS
from hubagent.rules.reading.table import Fields
from hubagent.rules.reading.trials import STEPS, TRIAL_FIELDS
from hubagent.rules.reading.triggers import TRIGGERS_MAX
from hubagent.rules.triggers.table import TRIGGERS
from hubagent.rules.words import WORDS
from hubagent.toml_lines import parse_document
from tests.helpers.rules_md import PATH, examples, rows
from tests.hubagent.rules.a_house import HOUSE, START, UTC
from tests.hubagent.rules.a_scope import device

EXAMPLES = examples()
TEXT = PATH.read_text(encoding="utf-8")
OTHERS = (
    device("garden.valve", "on_off"),
    device("hall.door", "boolean_state"),
    device("living.blind", "window_covering"),
    device("living.lamp", "on_off", "level_control"),
)
"""Devices of the examples that no test's house has."""
TABLES: dict[str, Fields] = {
    **{f"trigger {name}": kind.FIELDS for name, kind in TRIGGERS.items()},
    **{f"action {name}": kind.FIELDS for name, kind in ACTIONS.items()},
    **{f"step {name}": fields for name, fields in STEPS.items()},
    "rule": RULE_FIELDS,
    "dst": DST_FIELDS,
    "scene": SCENE_FIELDS,
    "setting": SETTING_FIELDS,
    "never": NEVER_FIELDS,
    "test": TRIAL_FIELDS,
    "blueprint": BLUEPRINT_FIELDS,
    "parameter": PARAMETER_FIELDS,
    "use": USE_FIELDS,
}


@pytest.mark.parametrize(("line", "text"), EXAMPLES, ids=[f"line {line}" for line, _ in EXAMPLES])
def test_every_example_is_read(line: int, text: str) -> None:
    assert rule_set_of([parse_document(Path(f"RULES.md:{line}"), text)])


@pytest.mark.parametrize(("line", "text"), EXAMPLES, ids=[f"line {line}" for line, _ in EXAMPLES])
def test_every_example_can_be_carried_out_where_its_devices_are(line: int, text: str) -> None:
    """Also what is checked against a home only: types and units."""
    rule_set = rule_set_of([parse_document(Path(f"RULES.md:{line}"), text)])
    machine = executor.RuleExecutor(rule_set, UTC, lambda: START)
    for one in (*HOUSE, *OTHERS):
        machine.receive(Remembered(one, {}), 0.0)
    machine.receive(Restored({}), 0.0)
    assert [f"{one.rule.name}: {one.problem}" for one in machine.unbound] == []


@pytest.mark.parametrize("fields", TABLES.values(), ids=TABLES)
def test_every_key_is_in_a_table_with_its_default(fields: Fields) -> None:
    missing = [row for row in rows(fields, [name for name in fields if name != "id"]) if row not in TEXT]
    assert missing == []


def test_every_kind_of_trigger_and_action_is_in_an_example() -> None:
    written = "\n".join(text for _, text in EXAMPLES)
    assert [name for name in (*TRIGGERS, *ACTIONS) if f"{{ {name} = " not in written] == []


def test_every_word_is_named() -> None:
    assert [word for word in (*WORDS, *ALIASES) if f"`{word}`" not in TEXT] == []


def test_the_bounds_are_those_of_the_readers() -> None:
    for bound in (FILES_MAX, USES_MAX, RULES_MAX, OTHERS_MAX, TRIGGERS_MAX, ACTIONS_MAX, DEPTH_MAX, STEPS_MAX):
        assert f"{bound:,}" in TEXT.partition("## Bounds")[2]


def test_the_bounds_are_those_of_the_executor() -> None:
    told = TEXT.partition("## Bounds")[2]
    for row in (
        f"{executor.DEPTH_MAX} in a row",
        f"{limits.STORM.runs:,} and {limits.CHAINED.runs:,} in {limits.STORM.seconds:g} s",
        f"{runs.RUNS_MAX:,}, {timers.TIMERS_MAX:,}",
        f"{runs.STEPS_MAX}, {runs.TURN_STEPS_MAX:,}",
        f"{sending.TRACKED_MAX:,}, {calls.CALLS_MAX}",
    ):
        assert row in told
    assert limits.STORM.seconds == limits.CHAINED.seconds
