"""Whatever a file holds, reading it ends soon, and with Mistakes at the worst."""

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubagent.rules.actions.set import SETTABLE
from hubagent.rules.actions.table import ACTIONS
from hubagent.rules.reading.blueprints import BLUEPRINT_FIELDS, USE_FIELDS
from hubagent.rules.reading.rule_set import LISTS, TABLES, read_rule_set, rule_set_of
from hubagent.rules.reading.rules import RULE_FIELDS
from hubagent.rules.reading.scenes import NEVER_FIELDS, SCENE_FIELDS
from hubagent.rules.reading.trials import STEPS, TRIAL_FIELDS
from hubagent.rules.triggers.table import TRIGGERS
from hubagent.toml_lines import Document, Mistake, Mistakes, parse_document
from tests.helpers.rule_files import rule_text

KEYS = sorted(
    {
        *LISTS,
        *TABLES,
        *SETTABLE,
        *(name for kind in (*TRIGGERS.values(), *ACTIONS.values()) for name in kind.FIELDS),
        *(
            name
            for fields in (RULE_FIELDS, SCENE_FIELDS, NEVER_FIELDS, TRIAL_FIELDS, BLUEPRINT_FIELDS)
            for name in fields
        ),
        *(name for fields in (*STEPS.values(), USE_FIELDS) for name in fields),
        *("modes", "skipped", "repeated", "type", "default", "latitude", "$x", ""),
    }
)
WORDS = (
    "hall.motion becomes occupied for 3m",
    "hall.lux < 30",
    "remote button 1 single",
    "hall.motion",
    "07:30",
    "-20m",
    "* * * * *",
    "mon-fri",
    "1/30m",
    "home.mode == 'night'",
    "x = y",
    "{hall.lux}",
    "https://a.b/c",
    "$x",
    "$$ {$y}",
    "night",
    "run if less than 30m late",
    "Europe",
    "2026-02-29",
    "a",
)

scalars = st.one_of(
    st.booleans(),
    st.integers(),
    st.just(1 << 2000),
    st.floats(),
    st.sampled_from(WORDS),
    st.sampled_from(KEYS),
    st.text(max_size=12),
    st.dates(),
    st.times(),
    st.datetimes(),
)
values = st.recursive(
    scalars,
    lambda below: (
        st.lists(below, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), below, max_size=5)
    ),
    max_leaves=25,
)


def tables_of(fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(sorted(fields)), values, max_size=6)


triggers = st.one_of(st.sampled_from(WORDS), *(tables_of(kind.FIELDS) for kind in TRIGGERS.values()))
actions = st.recursive(
    st.one_of(*(tables_of([*kind.FIELDS, "on", "level"]) for kind in ACTIONS.values())),
    lambda below: st.fixed_dictionaries({"if": st.sampled_from(WORDS), "do": st.lists(below, max_size=3)}),
    max_leaves=6,
)
rules = st.fixed_dictionaries(
    {
        "name": st.text(max_size=3),
        "when": triggers | st.lists(triggers, max_size=3),
        "do": st.lists(actions, max_size=3),
    },
    optional={name: values for name in RULE_FIELDS if name not in {"name", "when", "do"}},
)
steps = st.one_of(*(tables_of(fields) for fields in STEPS.values()))
documents = st.fixed_dictionaries(
    {},
    optional={
        "home": values,
        "variables": values,
        "rule": st.lists(rules, max_size=2) | values,
        "scene": st.lists(tables_of(SCENE_FIELDS), max_size=2) | values,
        "never": st.lists(tables_of(NEVER_FIELDS), max_size=2) | values,
        "blueprint": st.lists(tables_of([*BLUEPRINT_FIELDS, *RULE_FIELDS]), max_size=2) | values,
        "use": st.lists(tables_of(USE_FIELDS), max_size=2) | values,
        "test": st.lists(
            st.fixed_dictionaries({"name": st.text(max_size=3), "steps": st.lists(steps, max_size=3)}), max_size=2
        ),
    },
)


@settings(max_examples=300, deadline=2000, suppress_health_check=list(HealthCheck))
@given(tables=documents)
def test_any_tables_are_rules_or_mistakes(tables: dict[str, Any]) -> None:
    assert all(len(str(mistake)) < 3000 for mistake in told_of(Document(Path("x.toml"), tables)))


def told_of(document: Document) -> tuple[Mistake, ...]:
    try:
        rule_set_of([document])
    except Mistakes as told:
        return told.mistakes
    return ()


PARTS = (
    "[[rule]]\n",
    "[[test]]\n",
    "name = ",
    "when = ",
    "do = ",
    "if = ",
    "[",
    "]",
    "{ ",
    " }",
    ", ",
    "\n",
    '"',
    "set = ",
    *KEYS,
)


@settings(max_examples=300, deadline=2000)
@given(text=st.lists(st.sampled_from((*PARTS, *WORDS)) | st.text(max_size=3), max_size=40).map("".join))
def test_any_text_is_rules_or_mistakes(text: str) -> None:
    with suppress(Mistakes):
        told_of(parse_document(Path("x.toml"), text))


A_BLUEPRINT = '[[blueprint]]\nname = "b"\nparameters = { x = "text" }\nwhen = "$x becomes on"\n'
A_USE = f'[[use]]\nblueprint = "b"\nname = "u"\nwith = {{ x = "{"y" * 200}" }}\n'

HOSTILE = {
    "a long condition": rule_text(f'if = "{"(" * 900_000}"'),
    "a condition of many parts": rule_text(f'if = "{"a and " * 150_000}a"'),
    "a long trigger": rule_text(when=f'"{"a " * 400_000}becomes on"'),
    "many triggers": rule_text(when="[" + '"a becomes on", ' * 60_000 + "]"),
    "many actions": rule_text("do = [" + '{ set = "a", on = true }, ' * 40_000 + "]"),
    "many mistakes": "[[rule]]\n" * 19_000,
    "many wrong triggers": '[[rule]]\nwhen = "aa becomes occupiet"\n' * 20_000,
    "many names that are not there": "".join(
        f'[[rule]]\nname="rule number {number}"\nwhen="a becomes on"\ndo=[{{run="rule numer {number}x"}}]\n'
        for number in range(11_000)
    ),
    "many keys": "[[rule]]\n" + "\n".join(f"k{number} = 1" for number in range(60_000)),
    "a long key": f"{'k' * 900_000} = 1",
    "a long name": f'[[rule]]\nname = "{"n" * 900_000}"',
    "a long duration": rule_text(f'do = [{{ wait = "{"1h" * 400_000}" }}]'),
    "a long template": rule_text(f'do = [{{ notify = "o", text = "{"{a}" * 300_000}" }}]'),
    "a long address": rule_text(f'do = [{{ http = "https://{"a." * 400_000}org" }}]'),
    "a long cron line": rule_text(when=f'{{ cron = "{"1," * 400_000}1 * * * *" }}'),
    "a long limit": rule_text(f'limit = "{"1" * 900_000}/1m"'),
    "a long lateness": rule_text(f'missed = "run if less than {"x " * 400_000} late"'),
    "deep actions": rule_text("do = " + '[{ if = "a", do = ' * 250 + "[]" + "}]" * 250),
    "a blueprint of many values": A_BLUEPRINT + "do = [" + "{ mode = 1 }, " * 50_000 + "]\n" + A_USE * 5000,
    "many uses": A_BLUEPRINT + "do = [" + '{ set = "$x", on = true }, ' * 90 + "]\n" + A_USE * 2500,
    "references without end": A_BLUEPRINT + f'do = [{{ stop = "{"$x" * 300_000}" }}]\n' + A_USE,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_takes_no_time_and_little_room(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    start = time.process_time()
    with pytest.raises(Mistakes) as caught:
        read_rule_set([path])
    assert time.process_time() - start < 5
    assert len(str(caught.value)) < 200_000
