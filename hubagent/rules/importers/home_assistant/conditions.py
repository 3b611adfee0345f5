"""Conditions: from Home Assistant's tables to one expression."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from hubagent.rules.importers import said
from hubagent.rules.importers.home_assistant import jinja
from hubagent.rules.importers.home_assistant.draft import Draft
from hubagent.rules.importers.home_assistant.shapes import (
    days,
    duration,
    given,
    is_template,
    many,
    number,
    seconds,
    table,
    text,
    time_of_day,
    words,
)
from hubagent.rules.importers.home_assistant.states import State, attribute_state, measured_by, state_of
from hubagent.rules.importers.reason import CannotTranslate
from hubagent.rules.importers.said import Said


def condition(value: Any, draft: Draft) -> Said:
    """Raises CannotTranslate."""
    value = given(value)
    if isinstance(value, list):
        return said.all_of(condition(item, draft) for item in value)
    if isinstance(value, str):
        return jinja.condition(value, draft)
    if isinstance(value, bool):
        return said.literal(value)
    found = table(value, "a condition")
    if not _is_enabled(found):
        return said.TRUE
    for word in ("and", "or", "not"):
        if word in found and "condition" not in found:
            return _CONDITIONS[word]({"conditions": found[word]}, draft)
    kind = text(found.get("condition"), "a condition's kind") if "condition" in found else None
    if kind is None:
        raise CannotTranslate("condition without a kind", found)
    if is_template(kind):
        return jinja.condition(kind, draft)
    read = _CONDITIONS.get(kind)
    if read is None:
        raise CannotTranslate(f"condition {kind}")
    return read(found, draft)


def _is_enabled(found: Mapping[str, Any]) -> bool:
    enabled = found.get("enabled", True)
    if not isinstance(enabled, bool):
        raise CannotTranslate("enabled as a template")
    return enabled


def _and(found: Mapping[str, Any], draft: Draft) -> Said:
    return said.all_of(condition(item, draft) for item in many(found.get("conditions")))


def _or(found: Mapping[str, Any], draft: Draft) -> Said:
    """What is switched off neither holds nor keeps the others from it."""
    asked = [
        item for item in many(found.get("conditions")) if not isinstance(given(item), Mapping) or _is_enabled(item)
    ]
    return said.any_of(condition(item, draft) for item in asked)


def _not(found: Mapping[str, Any], draft: Draft) -> Said:
    """Home Assistant's `not` means: none of these."""
    return said.negated(_or(found, draft))


def _state(found: Mapping[str, Any], draft: Draft) -> Said:
    attribute = text(found["attribute"], "an attribute") if "attribute" in found else ""
    wanted = [text(one, "a state") for one in many(given(found.get("state")))]
    if not wanted:
        raise CannotTranslate("condition state without a state", found)
    held = seconds(found["for"], "for") if found.get("for") is not None else 0.0
    if held and len(wanted) > 1:
        raise CannotTranslate("condition state of several states with for")
    whole: list[Said] = []
    for entity in _entities(found):
        states = [_one_state(draft, entity, attribute, one) for one in wanted]
        holds = said.any_of(state.holds for state in states)
        if held:
            holds = said.all_of([holds, _since(states[0], duration(found["for"], "for"))])
        whole.append(holds)
    return said.any_of(whole) if found.get("match") == "any" else said.all_of(whole)


def _one_state(draft: Draft, entity: str, attribute: str, wanted: str) -> State:
    if attribute:
        return attribute_state(draft.entities, entity, attribute, wanted)
    if is_template(wanted) or wanted.startswith(("input_", "sensor.", "counter.")):
        raise CannotTranslate("condition state like another's", f"{entity}: {wanted}")
    return state_of(draft.entities, entity, wanted)


def _since(state: State, held: str) -> Said:
    if state.subject is None or ">" in state.holds.text:
        raise CannotTranslate("condition state with for", state.holds.text)
    return Said(f"since({state.subject.text}) >= {held}", said.COMPARISON)


def _entities(found: Mapping[str, Any]) -> list[str]:
    entities = words(found.get("entity_id"), "an entity id")
    if not entities:
        raise CannotTranslate("condition without an entity")
    return entities


def _numeric(found: Mapping[str, Any], draft: Draft) -> Said:
    if found.get("value_template") is not None:
        raise CannotTranslate("value_template")
    attribute = text(found["attribute"], "an attribute") if "attribute" in found else ""
    parts: list[Said] = []
    for entity in _entities(found):
        measured = measured_by(draft.entities, entity, attribute)
        for key, sign in (("above", ">"), ("below", "<")):
            if found.get(key) is None:
                continue
            bound = given(found[key])
            if isinstance(bound, str) and bound.partition(".")[0] in ("input_number", "sensor", "number", "counter"):
                other = measured_by(draft.entities, bound)
                if not (other.is_same and measured.is_same):
                    raise CannotTranslate("numbers in different units", f"{entity} and {bound}")
                parts.append(said.compared(measured.named, sign, other.named))
            else:
                ours = measured.ours(number(bound, key))
                parts.append(said.compared(measured.named, sign, said.number(ours)))
    if not parts:
        raise CannotTranslate("condition numeric_state without a bound")
    return said.all_of(parts)


def _time(found: Mapping[str, Any], _draft: Draft) -> Said:
    parts: list[Said] = []
    after = time_of_day(found["after"], "condition time") if found.get("after") is not None else None
    before = time_of_day(found["before"], "condition time") if found.get("before") is not None else None
    if after is not None and before is not None:
        parts.append(Said(f"between('{after}', '{before}')"))
    elif after is not None:
        parts.append(Said(f"time >= '{after}'", said.COMPARISON))
    elif before is not None:
        parts.append(Said(f"time < '{before}'", said.COMPARISON))
    if found.get("weekday") is not None:
        names = days(found["weekday"], "weekday")
        parts.append(said.among(Said("weekday"), [said.text(name) for name in names]))
    if not parts:
        raise CannotTranslate("condition time without a time")
    return said.all_of(parts)


# Before and after noon, which the sun crosses high everywhere but beyond the polar circles.
_SUN: Final = {
    (None, "sunset"): Said("not sun.up and time >= '12:00'", said.AND),
    ("sunrise", None): Said("not sun.up and time < '12:00'", said.AND),
    (None, "sunrise"): Said("sun.up or time >= '12:00'", said.OR),
    ("sunset", None): Said("sun.up or time < '12:00'", said.OR),
    ("sunrise", "sunset"): Said("not sun.up", said.NOT),
    ("sunset", "sunrise"): Said("sun.up"),
}
"""By what it is before, and what it is after."""


def _sun(found: Mapping[str, Any], _draft: Draft) -> Said:
    for key in ("before_offset", "after_offset"):
        if found.get(key) is not None and seconds(found[key], key) != 0:
            raise CannotTranslate("condition sun with an offset", "say it by sun.elevation")
    holds = _SUN.get((found.get("before"), found.get("after")))
    if holds is None:
        raise CannotTranslate("condition sun", found)
    return holds


def _trigger(found: Mapping[str, Any], draft: Draft) -> Said:
    return draft.trigger_id([text(one, "a trigger's id") for one in many(given(found.get("id")))])


def _template(found: Mapping[str, Any], draft: Draft) -> Said:
    return jinja.condition(text(found.get("value_template"), "a template"), draft)


_DEVICE_STATES: Final = {
    "is_on": "on",
    "is_off": "off",
    "is_open": "open",
    "is_closed": "closed",
    "is_locked": "locked",
    "is_unlocked": "unlocked",
    "is_motion": "on",
    "is_no_motion": "off",
    "is_occupied": "on",
    "is_not_occupied": "off",
    "is_present": "on",
    "is_not_present": "off",
}


def _device(found: Mapping[str, Any], draft: Draft) -> Said:
    kind, domain = text(found.get("type"), "a type"), text(found.get("domain"), "a domain")
    entity = text(found.get("entity_id"), "an entity id") if "entity_id" in found else ""
    if "." not in entity:
        raise CannotTranslate("device id", "only entity ids say what is meant")
    if domain == "binary_sensor" and kind in ("is_open", "is_not_open"):
        return state_of(draft.entities, entity, "on" if kind == "is_open" else "off").holds
    if kind not in _DEVICE_STATES or found.get("for") is not None:
        raise CannotTranslate("condition device", f"{domain} {kind}")
    return state_of(draft.entities, entity, _DEVICE_STATES[kind]).holds


_CONDITIONS: Final[dict[str, Callable[[Mapping[str, Any], Draft], Said]]] = {
    "and": _and,
    "or": _or,
    "not": _not,
    "state": _state,
    "numeric_state": _numeric,
    "time": _time,
    "sun": _sun,
    "trigger": _trigger,
    "template": _template,
    "device": _device,
}
