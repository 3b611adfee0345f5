"""A [[rule]]: its fields, and the reader."""

import json
import math
import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

from hubagent.rules.actions.fields import ACTIONS
from hubagent.rules.dst import AS_PEOPLE_EXPECT, Dst, Repeated, Skipped
from hubagent.rules.program import LAYOUT
from hubagent.rules.reading.actions import ActionReader
from hubagent.rules.reading.expression_form import EXPRESSION
from hubagent.rules.reading.form import DAY_S, FLAG, Form, choice, duration, duration_of, name, whole, word_of
from hubagent.rules.reading.program import program_of, steps_of
from hubagent.rules.reading.table import DESCRIPTION, Field, Fields, read_table
from hubagent.rules.reading.triggers import read_triggers
from hubagent.rules.reading.wrong import Findings, Wrong, shown
from hubagent.rules.rule import Limit, Priority, Rule, RunMode
from hubagent.rules.triggers.fields import TRIGGERS
from hubagent.toml_lines import Spot

RUNS_MAX: Final = 100
LIMIT_RUNS_MAX: Final = 10_000
STEPS_MAX: Final = 10_000
"""Actions that one run does at most, with all rounds of its loops."""

_LIMIT: Final = re.compile(r"\s*(\d{1,5})\s*/\s*(\S.*)")
_PER: Final = duration(1.0, 31 * DAY_S)


def _limit(value: Any) -> Limit:
    match = _LIMIT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Wrong(f'is how often in which time, as "1/30m"; not {shown(value)}')
    runs = int(match[1])
    if not 1 <= runs <= LIMIT_RUNS_MAX:
        raise Wrong(f"is 1 to {LIMIT_RUNS_MAX} in some time, not {runs}")
    return Limit(runs, _PER.read(match[2]))


DST_FIELDS: Final = Fields(
    {
        "skipped": Field(choice(Skipped), "a time of day that is skipped in spring", default='"run at gap end"'),
        "repeated": Field(choice(Repeated), "one that comes twice in autumn", default='"once"'),
    }
)


def _dst(value: Any) -> Dst:
    if not isinstance(value, dict):
        raise Wrong(f'is a table, as {{ skipped = "skip", repeated = "once" }}; not {shown(value)}')
    read: dict[str, Any] = {}
    for key, word in value.items():
        if key not in DST_FIELDS.by_name:
            raise Wrong("there is no such key; there are: skipped, repeated", below=(key,), of_key=True)
        try:
            read[key] = DST_FIELDS.by_name[key].form.read(word)
        except Wrong as wrong:
            raise wrong.at(key) from wrong
    return Dst(**read)


def _late(never: str, always: str) -> Form:
    """Within how many seconds something that is late is still done."""
    only = re.compile(rf"\s*{always} if less than (\S.*?) late\s*")

    def read(value: Any) -> float:
        if value == never:
            return 0.0
        if value == always:
            return math.inf
        match = only.fullmatch(value) if isinstance(value, str) and len(value) < 200 else None
        if match is None:
            raise Wrong(f'is "{never}", "{always}" or "{always} if less than 30m late"; not {shown(value)}')
        return duration_of(match[1])

    pattern = rf"^({never}|{always}|{always} if less than \S.* late)$"
    return Form(
        read, {"type": "string", "pattern": pattern}, f'"{never}", "{always}", "{always} if less than 30m late"'
    )


_MANUAL: Final = Form(lambda value: word_of(["manual"]).read(value) == "manual", word_of(["manual"]).schema, '"manual"')

RULE_FIELDS: Final = Fields(
    {
        "name": Field(name(), "what people and other rules call it; unique", required=True),
        "description": DESCRIPTION,
        "enabled": Field(FLAG, "whether it runs at all", default="true"),
        "when": Field(TRIGGERS, "what sets it off", required=True),
        "if": Field(EXPRESSION, "runs only where this holds at that moment", into="condition"),
        "do": Field(ACTIONS, "what it does", required=True),
        "mode": Field(choice(RunMode), "when it is set off while it runs", default='"single"'),
        "max": Field(whole(1, RUNS_MAX), "how many wait (queued) or run (parallel)", into="max_runs", default="10"),
        "limit": Field(
            Form(_limit, {"type": "string", "pattern": r"^\s*\d{1,5}\s*/\s*\S.*$"}, 'how often, as "1/30m"'),
            "how often it runs at most",
            default="none",
        ),
        "priority": Field(choice(Priority), "who comes first where several are set off", default='"normal"'),
        "yields_to": Field(_MANUAL, "leaves devices alone that a person has set", into="yields_to_manual"),
        "lease": Field(duration(1.0, 7 * DAY_S), "for how long", into="lease_s", default='"30m"'),
        "missed": Field(
            _late("skip", "run"), "a time that came while the hub was off", into="missed_within_s", default='"skip"'
        ),
        "dst": Field(
            Form(_dst, {"$ref": "#/$defs/dst"}, "a table"), "the hour that is skipped or repeated", default="see there"
        ),
        "resumed": Field(
            _late("stop", "continue"),
            "a wait that ended while the hub was off",
            into="resumed_within_s",
            default='"continue"',
        ),
    }
)


def read_rule(table: Any, spot: Spot, findings: Findings) -> Rule | None:
    """None where something is wrong with it, which is told."""
    before = len(findings)
    values = read_table(table, RULE_FIELDS, spot, findings, skip=RULE_FIELDS.nested)
    if not isinstance(table, dict):
        return None
    when = do = None
    if "when" in table:
        dst = values.get("dst", AS_PEOPLE_EXPECT) if values is not None else AS_PEOPLE_EXPECT
        when = read_triggers(table["when"], spot.below("when"), dst, findings)
    if "do" in table:
        do = ActionReader(findings).read(table["do"], spot.below("do"))
    if do is not None and (steps := steps_of(do)) > STEPS_MAX:
        findings.say(spot.below("do"), f"its loops multiply to {steps} actions; a run does at most {STEPS_MAX}")
    if values is None or when is None or do is None or len(findings) > before:
        return None
    ids = [trigger.id for trigger in when if trigger.id is not None]
    if len(set(ids)) < len(ids):
        findings.say(spot.below("when"), "two triggers have the same id")
        return None
    return Rule(when=when, do=do, program=program_of(do), hash=meaning_hash(table), place=spot, **values)


_NOT_MEANING: Final = ("name", "description")
_DEFAULTS: Final = {"enabled": True, "mode": "single", "priority": "normal", "max": 10, "missed": "skip"}


def meaning_hash(table: Mapping[str, Any]) -> str:
    """Of what the table says, wherever it stands and whatever it is called.

    Of the file's own words, and not of our dataclasses, so that another release of the hub finds the same.
    """
    meant = {
        key: value
        for key, value in table.items()
        if key not in _NOT_MEANING and not (key in _DEFAULTS and value == _DEFAULTS[key])
    }
    for one_or_many in ("when", "do"):
        if one_or_many in meant and not isinstance(meant[one_or_many], list):
            meant[one_or_many] = [meant[one_or_many]]
    written = json.dumps([LAYOUT, meant], sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return blake2b(written.encode(), digest_size=12).hexdigest()
