"""One rule of SmartThings: what looks at the home becomes one rule here, and each of its `every` another."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from hubagent.rules.duration import duration_text
from hubagent.rules.importers import said
from hubagent.rules.importers.imported import PLACEHOLDER_TRIGGER, ImportedRule, Share, Table, not_translated, stub
from hubagent.rules.importers.reason import CannotTranslate, Reason, one_line
from hubagent.rules.importers.smartthings.actions import (
    Draft,
    actions,
    check_sequence,
    choice,
    kind_of,
)
from hubagent.rules.importers.smartthings.capabilities import PRESSES
from hubagent.rules.importers.smartthings.conditions import Condition, condition
from hubagent.rules.importers.smartthings.names import Names
from hubagent.rules.importers.smartthings.operands import (
    Moment,
    clock,
    interval,
    moment,
    on_days,
    table,
    word,
)

_MINUTE_S: Final = 60
_HOUR_S: Final = 3600
_DAY_S: Final = 86400


def rules_of(rule: Mapping[str, Any], place: str, source: tuple[str, ...], names: Names) -> list[ImportedRule]:
    """Never raises; what cannot be said leaves a disabled rule with the reasons."""
    name = one_line(rule.get("name"), 100) if isinstance(rule.get("name"), str) else ""
    name = name or f"rule at {place}"
    all_actions = rule.get("actions")
    if not isinstance(all_actions, list) or not all_actions:
        return [_refused(name, Reason("no action"), place, source)]
    found: list[ImportedRule] = []
    parts = _parts(all_actions, names)
    for number, (translate, some) in enumerate(parts, 1):
        own = name if len(parts) == 1 else f"{name} - {number}"
        draft = Draft(names)
        body = _attempt(partial(translate, some, rule, draft), draft)
        found.append(_made(own, body, draft, place, source, is_off=word(rule.get("status")) == "disabled"))
    return found


_Part = tuple[Callable[[list[Any], Mapping[str, Any], Draft], Table], list[Any]]


def _parts(all_actions: list[Any], names: Names) -> list[_Part]:
    """What is set off by itself is a rule by itself: every `every`, and every `if` of a change."""
    timed = [action for action in all_actions if _is_every(action)]
    others = [action for action in all_actions if not _is_every(action)]
    edges = [action for action in others if len(others) > 1 and _is_edge(action, names)]
    looking = [action for action in others if action not in edges]
    parts: list[_Part] = [(_looking, looking)] if looking else []
    return [*parts, *((_looking, [one]) for one in edges), *((_every, [one]) for one in timed)]


def _is_edge(action: Any, names: Names) -> bool:
    try:
        kind, value = kind_of(action)
        return kind == "if" and not value.get("else") and condition(value, names, {}).is_edge
    except (CannotTranslate, AttributeError):
        return False


def _attempt(translate: Any, draft: Draft) -> Table | None:
    try:
        made: Table = translate()
    except CannotTranslate as cannot:
        draft.reasons.append(cannot.reason)
        return None
    except RecursionError:
        draft.reasons.append(Reason("stands too deep in itself"))
        return None
    return made


def _made(
    name: str, body: Table | None, draft: Draft, place: str, source: tuple[str, ...], *, is_off: bool
) -> ImportedRule:
    reasons = tuple(dict.fromkeys(draft.reasons))
    if body is None:
        return _refused(name, reasons[0], place, source)
    share = Share.PARTLY if reasons else Share.FULLY
    off = {"enabled": False} if is_off or reasons else {}
    return ImportedRule({"name": name, **off, **body}, share, reasons, tuple(draft.notes), place, source)


def _refused(name: str, reason: Reason, place: str, source: tuple[str, ...]) -> ImportedRule:
    return ImportedRule(stub(name, [reason]), Share.NOT, (reason,), (), place, source)


def _is_every(action: Any) -> bool:
    return isinstance(action, dict) and any(word(key) == "every" for key in action)


def _looking(all_actions: list[Any], rule: Mapping[str, Any], draft: Draft) -> Table:
    """Everything that is done when something changes: the whole of it, from the first action to the last."""
    found: list[tuple[Condition, Mapping[str, Any]] | None] = []
    for action in all_actions:
        kind, value = kind_of(action)
        given = table(value, kind)
        found.append((condition(given, draft.names, draft.notes), given) if kind == "if" else None)
    asked = [one[0] for one in found if one is not None]
    if any(one.is_always for one in asked):
        asked = [one for one in asked if one.is_always]
    only = found[0] if len(found) == 1 else None
    if only is not None and not only[1].get("else"):
        return _simple(*only, draft)
    if only is not None and only[0].is_edge:
        return _with_else(*only, draft)
    if any(one.is_edge for one in asked):
        raise CannotTranslate("a change beside something else")
    done: list[Table] = []
    for action, one in zip(all_actions, found, strict=True):
        done += actions([action], draft) if one is None else choice(said.whole(one[0].holds), one[1], draft)
    check_sequence(rule, done)
    return {"when": _when([trigger for one in asked for trigger in one.looks], draft), "do": _or_nothing(done)}


def _simple(found: Condition, given: Mapping[str, Any], draft: Draft) -> Table:
    """One `if` without `else`: its condition is the rule's, and where coming to hold is all there is, none is left."""
    done = actions(given.get("then"), draft)
    check_sequence(given, done)
    triggers, holds = list(found.looks), found.holds
    words = [one for one in found.becomes if isinstance(one, dict) and ("becomes" in one or "mode" in one)]
    if found.is_edge or (found.becomes and len(words) == len(found.becomes)):
        # A word that did not hold and now does: the same as a change after which it holds.
        triggers = list(found.becomes)
        if len(triggers) == 1 and not found.is_edge and said.AND != holds.power != said.OR:
            holds = said.TRUE
    body: Table = {"when": _when(triggers, draft)}
    if holds != said.TRUE:
        body["if"] = said.whole(holds)
    return {**body, "do": _or_nothing(done)}


def _with_else(found: Condition, given: Mapping[str, Any], draft: Draft) -> Table:
    """A change, and what is done at every other look: another value of the same device, another press of the button."""
    if found.plain is not None:
        done = choice(said.whole(found.plain.holds), given, draft)
        return {"when": _when(list(found.plain.looks), draft), "do": _or_nothing(done)}
    buttons = [one for one in found.becomes if isinstance(one, dict) and "button" in one]
    if len(buttons) != 1 or len(found.becomes) != 1 or found.holds != said.TRUE:
        raise CannotTranslate("a change with else", found.holds.text)
    asked = buttons[0]
    others = [{**asked, "press": press} for press in dict.fromkeys(PRESSES.values()) if press != asked["press"]]
    done = choice(f"trigger.id == '{asked['press']}'", given, draft)
    return {"when": [{**asked, "id": asked["press"]}, *others], "do": _or_nothing(done)}


def _or_nothing(done: list[Table]) -> list[Table]:
    return done or [not_translated(Reason("there is nothing to do"))]


def _when(triggers: list[Any], draft: Draft) -> Any:
    """Without any, only who calls it sets it off; a change of mode is one to any of them."""
    different: list[Any] = []
    for trigger in triggers:
        modes = list(draft.names.modes) if trigger == {"mode": "*"} else None
        for one in [trigger] if modes is None else [{"mode": mode} for mode in modes]:
            if one not in different:
                different.append(one)
    if not different:
        webhook = draft.names.webhook()
        draft.notes[f"nothing sets it off by itself; over there others execute it, here the webhook {webhook!r}"] = None
        return dict(PLACEHOLDER_TRIGGER, webhook=webhook)
    return different[0] if len(different) == 1 else different


def _every(some: list[Any], _rule: Mapping[str, Any], draft: Draft) -> Table:
    value = next(value for key, value in some[0].items() if word(key) == "every")
    given = table(value, "every")
    if given.get("specific") is not None:
        when, holds = _specific(moment(given["specific"]))
    else:
        when, holds = _regular(interval(given.get("interval")), draft), said.TRUE
    done = actions(given.get("actions"), draft)
    check_sequence(given, done)
    body: Table = {"when": when}
    if holds != said.TRUE:
        body["if"] = holds.text
    return {**body, "do": _or_nothing(done)}


def _specific(at: Moment) -> tuple[Table, said.Said]:
    if at.is_now:
        raise CannotTranslate("every of now")
    if at.sun:
        offset = {"offset": duration_text(at.offset_s)} if at.offset_s else {}
        on = said.among(said.Said("weekday"), [said.text(day) for day in at.days]) if at.days else said.TRUE
        return {"sun": at.sun, **offset}, on
    return {"time": at.time, **on_days(at)}, said.TRUE


def _regular(seconds: float, draft: Draft) -> Table:
    draft.notes["an interval counts from the full hour or from midnight here"] = None
    minutes, hours = seconds / _MINUTE_S, seconds / _HOUR_S
    if minutes >= 1 and minutes == int(minutes) and 60 % minutes == 0:
        return {"cron": "* * * * *" if minutes == 1 else f"*/{int(minutes)} * * * *" if minutes < 60 else "0 * * * *"}
    if hours >= 1 and hours == int(hours) and 24 % hours == 0 and hours < 24:
        return {"cron": f"0 */{int(hours)} * * *"}
    if seconds == _DAY_S:
        return {"time": clock(0)}
    if seconds == 7 * _DAY_S:
        return {"time": clock(0), "days": "mon"}
    raise CannotTranslate("interval that does not divide an hour or a day", duration_text(seconds))
