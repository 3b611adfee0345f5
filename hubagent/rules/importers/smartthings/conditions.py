"""Conditions: what holds, and what sets a rule off because it may hold from then on.

SmartThings looks at a rule's conditions whenever one of their devices reports a change. So a condition becomes two
things here: an expression, and triggers. `changes` and `remains` hold only at the moment at which what they are about
comes to be so, and are their triggers alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hubagent.rules.importers import said
from hubagent.rules.importers.reason import CannotTranslate
from hubagent.rules.importers.said import Said
from hubagent.rules.importers.smartthings.capabilities import BUTTON, OPENED, PRESSES, READ, Amount, Words
from hubagent.rules.importers.smartthings.names import Names
from hubagent.rules.importers.smartthings.operands import (
    Constant,
    Mode,
    Moment,
    Operand,
    Reading,
    items,
    operand,
    table,
    wait,
    word,
)

_SIGNS: Final = {
    "equals": "==",
    "greaterthan": ">",
    "greaterthanorequals": ">=",
    "lessthan": "<",
    "lessthanorequals": "<=",
}
_MIRRORED: Final = {"==": "==", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Condition:
    holds: Said
    becomes: tuple[Any, ...] = ()
    """Triggers of coming to hold, where it did not before."""
    looks: tuple[Any, ...] = ()
    """Triggers of every change after which it is looked at."""
    is_edge: bool = False
    """It holds at its triggers' moment only."""
    plain: "Condition | None" = None
    """Of one that holds at a moment only: what comes to hold then, where that says the same at every change."""
    is_always: frozenset[str] = field(default_factory=frozenset)
    """always: some operand wants to be a trigger, so that those that leave it open are none."""


def condition(value: Any, names: Names, notes: dict[str, None]) -> Condition:
    """Of a table with one of the kinds in it. Raises CannotTranslate."""
    given = table(value, "a condition")
    kinds = [(key, word(key)) for key in given if word(key) in _CONDITIONS]
    if len(kinds) != 1:
        raise CannotTranslate("condition of no kind that is known", ", ".join(map(str, list(given)[:4])))
    key, kind = kinds[0]
    return _CONDITIONS[kind](kind, given[key], names, notes)


def _compared(kind: str, value: Any, names: Names, notes: dict[str, None]) -> Condition:
    given = table(value, kind)
    sign = _SIGNS[kind]
    left, right = operand(given.get("left"), names), operand(given.get("right"), names)
    if isinstance(left, Constant):
        left, right, sign = right, left, _MIRRORED[sign]
    return _against(left, sign, right, word(given.get("aggregation", "")), names, notes)


def _against(
    left: Operand, sign: str, right: Operand, aggregation: str, names: Names, notes: dict[str, None]
) -> Condition:
    match left, right:
        case Reading(), Constant():
            parts = [_one(device, left, sign, right.value, names) for device in left.devices]
            return _together(parts, aggregation, notes)
        case Mode(), Constant(str() as theirs) if sign == "==":
            mode = names.mode(theirs)
            holds = said.compared(Said("home.mode"), "==", said.text(mode))
            return _asked(Condition(holds, ({"mode": mode},), ({"mode": "*"},)), left.trigger)
        case Reading(), Reading():
            if len(left.devices) > 1 or len(right.devices) > 1:
                raise CannotTranslate("comparison of several devices")
            one, other = _number(left), _number(right)
            looks = ({"state": one[0], "changes": True}, {"state": other[0], "changes": True})
            return Condition(said.compared(one[1], sign, other[1]), (), looks)
        case Moment(is_now=True), Moment() if not right.is_now and sign != "==":
            return Condition(right.after() if sign in (">", ">=") else right.before())
    raise CannotTranslate("comparison", f"{type(left).__name__.lower()} {sign} {type(right).__name__.lower()}")


def _number(reading: Reading) -> tuple[str, Said]:
    found = READ.get(reading.key)
    if not isinstance(found, Amount) or found.scale != 1.0:
        raise CannotTranslate("comparison of two attributes", ".".join(reading.key))
    return f"{reading.devices[0]}.{found.attribute}", said.name(reading.devices[0], found.attribute)


def _one(device: str, reading: Reading, sign: str, value: Any, names: Names) -> Condition:
    if reading.key == BUTTON and sign == "==":
        press = PRESSES.get(word_of(value))
        if press is None:
            raise CannotTranslate("press of a button", value)
        trigger = {"button": device, "press": press}
        return Condition(said.TRUE, (trigger,), (trigger,), is_edge=True)
    if reading.key in OPENED and sign == "==":
        return _asked(_opened(device, word_of(value)), reading.trigger)
    found = READ.get(reading.key)
    if isinstance(found, Words) and sign == "==":
        return _asked(_worded(device, found, word_of(value)), reading.trigger)
    if isinstance(found, Amount) and not isinstance(value, bool):
        return _asked(_amount(device, found, sign, value, names), reading.trigger)
    raise CannotTranslate(f"attribute {'.'.join(reading.key)[:60]}")


def word_of(value: Any) -> str:
    return value.strip().lower() if isinstance(value, str) else str(value).lower()


def _opened(device: str, value: str) -> Condition:
    position, subject = said.name(device, "position"), f"{device}.position"
    looks = ({"state": subject, "changes": True},)
    if value == "open":
        return Condition(said.compared(position, ">", Said("0")), ({"numeric": subject, "above": 0},), looks)
    if value == "closed":
        return Condition(said.compared(position, "==", Said("0")), ({"state": subject, "becomes": 0},), looks)
    raise CannotTranslate("state of a door or shade", value)


def _worded(device: str, words: Words, value: str) -> Condition:
    if value not in words.meanings:
        raise CannotTranslate("state", value)
    ours = words.meanings[value]
    subject = f"{device}.{words.attribute}" if words.attribute else device
    named = said.name(device, words.attribute)
    becomes, looks = ({"state": subject, "becomes": ours},), ({"state": f"{device}.{words.about}", "changes": True},)
    if isinstance(ours, bool):
        return Condition(named if ours else said.negated(named), becomes, looks)
    if words.attribute:
        return Condition(said.compared(named, "==", said.text(ours)), becomes, looks)
    return Condition(Said(f"{named.text} is {ours}", said.COMPARISON), becomes, looks)


def _amount(device: str, amount: Amount, sign: str, value: Any, names: Names) -> Condition:
    try:
        ours = names.ours(amount, float(value))
    except ValueError:
        raise CannotTranslate("number", value) from None
    subject = f"{device}.{amount.attribute}"
    holds = said.compared(said.name(device, amount.attribute), sign, said.number(ours))
    becomes: Any = {"state": subject, "becomes": ours}
    if sign in (">", "<"):
        becomes = {"numeric": subject, "above" if sign == ">" else "below": ours}
    elif sign in (">=", "<="):
        becomes = f"{subject} {sign} {said.number(ours).text}"
    return Condition(holds, (becomes,), ({"state": subject, "changes": True},))


def _asked(found: Condition, trigger: str) -> Condition:
    """As the operand wants it: a trigger always, never, or where none says always."""
    if trigger == "never":
        return Condition(found.holds)
    return Condition(
        found.holds, found.becomes, found.looks, found.is_edge, is_always=frozenset([trigger]) & {"always"}
    )


def _together(parts: list[Condition], aggregation: str, notes: dict[str, None]) -> Condition:
    if len(parts) == 1:
        return parts[0]
    if aggregation not in ("any", "all"):
        notes["of several devices without `aggregation`, any may be meant to hold, and is taken so"] = None
    return _all(parts) if aggregation == "all" else _any(parts)


def _all(parts: list[Condition]) -> Condition:
    always = frozenset[str]().union(*(part.is_always for part in parts))
    holds = said.all_of(part.holds for part in parts)
    edges = [part for part in parts if part.is_edge]
    if len(edges) > 1:
        raise CannotTranslate("two changes at the same moment")
    asked = edges or [part for part in parts if part.is_always] or parts
    return Condition(
        said.all_of(part.holds for part in parts if not part.is_edge) if edges else holds,
        tuple(one for part in asked for one in part.becomes),
        tuple(one for part in asked for one in part.looks),
        bool(edges),
        is_always=always,
    )


def _any(parts: list[Condition]) -> Condition:
    always = frozenset[str]().union(*(part.is_always for part in parts))
    if any(part.is_edge for part in parts):
        if not all(part.is_edge and part.holds == said.TRUE for part in parts):
            raise CannotTranslate("a change or a state, either of them")
        triggers = tuple(one for part in parts for one in part.becomes)
        return Condition(said.TRUE, triggers, triggers, is_edge=True, is_always=always)
    asked = [part for part in parts if part.is_always] or parts
    # Where one of them holds already, another that comes to hold is no change of the whole.
    looks = tuple(one for part in asked for one in part.looks)
    return Condition(said.any_of(part.holds for part in parts), (), looks, is_always=always)


def _and(_kind: str, value: Any, names: Names, notes: dict[str, None]) -> Condition:
    return _all([condition(one, names, notes) for one in items(value, "and")])


def _or(_kind: str, value: Any, names: Names, notes: dict[str, None]) -> Condition:
    return _any([condition(one, names, notes) for one in items(value, "or")])


def _not(_kind: str, value: Any, names: Names, notes: dict[str, None]) -> Condition:
    inner = condition(value[0] if isinstance(value, list) and len(value) == 1 else value, names, notes)
    if inner.is_edge:
        raise CannotTranslate("not of a change")
    leaves = tuple(
        {"state": one["state"], "changes": True, "from": one["becomes"]}
        for one in inner.becomes
        if isinstance(one, dict) and "becomes" in one
    )
    is_simple = len(inner.becomes) == 1 == len(leaves) and inner.holds.power >= said.NOT
    return Condition(said.negated(inner.holds), leaves if is_simple else (), inner.looks, is_always=inner.is_always)


def _between(_kind: str, value: Any, names: Names, notes: dict[str, None]) -> Condition:
    given = table(value, "between")
    found, start, end = (operand(given.get(key), names) for key in ("value", "start", "end"))
    if isinstance(found, Moment) and isinstance(start, Moment) and isinstance(end, Moment):
        if not found.is_now or start.is_now or end.is_now:
            raise CannotTranslate("between of other times than now")
        return Condition(_time_between(start, end))
    if not (isinstance(start, Constant) and isinstance(end, Constant)):
        raise CannotTranslate("between")
    aggregation = word(given.get("aggregation", ""))
    low = _against(found, ">=", start, aggregation, names, notes)
    high = _against(found, "<=", end, aggregation, names, notes)
    return Condition(said.all_of([low.holds, high.holds]), (), low.looks, is_always=low.is_always)


def _time_between(start: Moment, end: Moment) -> Said:
    on_days = said.among(Said("weekday"), [said.text(day) for day in start.days]) if start.days else said.TRUE
    if start.days != end.days and end.days:
        raise CannotTranslate("between on different days of the week")
    if not start.sun and not end.sun:
        if start.days and start.time_s >= end.time_s:
            raise CannotTranslate("between over midnight on some days of the week")
        return said.all_of([Said(f"between('{start.time}', '{end.time}')"), on_days])
    # The sun rises before noon and sets after it; two times of the same half may be in any order.
    if _is_early(start) is _is_early(end):
        raise CannotTranslate("between two times of the same half of the day", f"{start.reference} to {end.reference}")
    wraps = not _is_early(start)
    if wraps and start.days:
        raise CannotTranslate("between over midnight on some days of the week")
    parts = [start.after(), end.before()]
    if start.sun and end.sun:
        return Said("not sun.up", said.NOT) if wraps else said.all_of([Said("sun.up"), on_days])
    return said.any_of(parts) if wraps else said.all_of([*parts, on_days])


def _is_early(one: Moment) -> bool:
    return one.sun == "sunrise" if one.sun else one.time_s < 12 * 3600


def _changes(_kind: str, value: Any, names: Names, notes: dict[str, None]) -> Condition:
    given = table(value, "changes")
    if given.get("operand") is not None:
        found = operand(given["operand"], names)
        looks = _looks_of(found)
        return Condition(said.TRUE, looks, looks, is_edge=True)
    return _edge(condition(_inner(given), names, notes))


def _inner(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in given.items() if word(key) in _CONDITIONS}


def _looks_of(found: Operand) -> tuple[Any, ...]:
    if isinstance(found, Mode):
        return ({"mode": "*"},)
    if not isinstance(found, Reading):
        raise CannotTranslate("changes of what never changes")
    what = READ.get(found.key)
    if what is None:
        raise CannotTranslate(f"attribute {'.'.join(found.key)[:60]}")
    attribute = what.about if isinstance(what, Words) else what.attribute
    return tuple({"state": f"{device}.{attribute}", "changes": True} for device in found.devices)


def _edge(inner: Condition) -> Condition:
    if inner.is_edge:
        return inner
    if not inner.becomes:
        raise CannotTranslate("change of a condition", inner.holds.text)
    alone = len(inner.becomes) == 1
    is_word = alone and isinstance(inner.becomes[0], dict) and ("becomes" in inner.becomes[0])
    plain = inner if is_word else None
    return Condition(said.TRUE if alone else inner.holds, inner.becomes, inner.becomes, is_edge=True, plain=plain)


def _remains(_kind: str, value: Any, names: Names, notes: dict[str, None]) -> Condition:
    """It has held for a time, and did not before."""
    given = table(value, "remains")
    held = wait(given.get("duration"))
    inner = condition(_inner(given), names, notes)
    if inner.is_edge or len(inner.becomes) != 1:
        raise CannotTranslate("remains of more than one state", inner.holds.text)
    one = inner.becomes[0]
    if isinstance(one, dict) and "mode" in one:
        raise CannotTranslate("remains of a mode")
    if isinstance(one, dict) and one.get("changes"):
        raise CannotTranslate("remains of a state that is not so")
    trigger = {**one, "for": held} if isinstance(one, dict) else f"{one} for {held}"
    return Condition(said.TRUE, (trigger,), (trigger,), is_edge=True)


_Translate = Callable[[str, Any, Names, dict[str, None]], Condition]
_CONDITIONS: Final[dict[str, _Translate]] = {
    **dict.fromkeys(_SIGNS, _compared),
    "and": _and,
    "or": _or,
    "not": _not,
    "between": _between,
    "changes": _changes,
    "remains": _remains,
}
