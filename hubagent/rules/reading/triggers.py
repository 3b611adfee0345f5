"""The triggers of a rule: one, or a list; tables and texts."""

from typing import Any, Final

from hubagent.rules.dst import Dst
from hubagent.rules.reading.table import kind_of, nearest_kind, read_table
from hubagent.rules.reading.wrong import Findings, Wrong, shown
from hubagent.rules.triggers.cron import CronTrigger
from hubagent.rules.triggers.sun import SunTrigger
from hubagent.rules.triggers.table import TRIGGERS, Trigger
from hubagent.rules.triggers.text import read_text_trigger
from hubagent.rules.triggers.time import TimeTrigger
from hubagent.toml_lines import Spot

TRIGGERS_MAX: Final = 32

_BY_THE_CLOCK: Final = (TimeTrigger, CronTrigger, SunTrigger)


def read_triggers(value: Any, spot: Spot, dst: Dst, findings: Findings) -> tuple[Trigger, ...] | None:
    """None where something is wrong with them, which is told."""
    if not isinstance(value, list):
        one = _trigger(value, spot, dst, findings)
        return None if one is None else (one,)
    if not 0 < len(value) <= TRIGGERS_MAX:
        findings.say(spot, f"is one trigger or a list of at most {TRIGGERS_MAX}, not of {len(value)}")
        return None
    triggers = [_trigger(item, spot.below(number), dst, findings) for number, item in enumerate(value)]
    whole = tuple(trigger for trigger in triggers if trigger is not None)
    return whole if len(whole) == len(triggers) else None


def _trigger(value: Any, spot: Spot, dst: Dst, findings: Findings) -> Trigger | None:
    try:
        if isinstance(value, str):
            return read_text_trigger(value, spot)
        if isinstance(value, dict):
            return _table(value, spot, dst, findings)
    except Wrong as wrong:
        findings.wrong(spot, wrong)
        return None
    findings.say(spot, f'is a text, as "hall.motion becomes occupied", or a table; not {shown(value)}')
    return None


def _table(table: dict[str, Any], spot: Spot, dst: Dst, findings: Findings) -> Trigger | None:
    name = kind_of(table, TRIGGERS)
    if name is None:
        findings.say(spot, f"is no trigger that there is{nearest_kind(table, TRIGGERS)}")
        return None
    kind = TRIGGERS[name]
    values = read_table(table, kind.FIELDS, spot, findings)
    if values is None:
        return None
    if kind in _BY_THE_CLOCK:
        values["dst"] = dst
    made: Trigger = kind(place=spot, **values)
    return made
