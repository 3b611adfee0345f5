"""Triggers: each of Home Assistant's becomes one or more of ours."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from hubagent.rules.duration import duration_text
from hubagent.rules.importers.home_assistant import buttons
from hubagent.rules.importers.home_assistant.draft import Draft, Edge
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
from hubagent.rules.importers.home_assistant.states import NOTHING, State, attribute_state, measured_by, state_of
from hubagent.rules.importers.imported import Table
from hubagent.rules.importers.reason import CannotTranslate

_OFFSET_MAX_S: Final = 12 * 3600.0
_NO_WORD: Final = re.compile(r"[^A-Za-z0-9_]+")


def triggers(value: Any, draft: Draft) -> list[Table]:
    """All of an automation; what cannot be translated is left out and told."""
    for one in flat_triggers(value):
        edges = len(draft.edges)
        tables = draft.attempt(lambda one=one: _trigger(one, draft), lambda _reason: [])  # type: ignore[misc]
        draft.triggers.append(tables)
        draft.edged += len(draft.edges) > edges
        if isinstance(one, Mapping) and one.get("id") is not None:
            theirs = draft.attempt(lambda one=one: text(one["id"], "a trigger's id"), lambda _reason: "")  # type: ignore[misc]
            ours = _NO_WORD.sub("_", theirs)[:60] or "trigger"
            ours = ours if not ours[0].isdigit() else f"_{ours}"
            draft.ids.setdefault(theirs, []).extend(draft.name_triggers(tables, ours))
    return [found for tables in draft.triggers for found in tables]


def flat_triggers(value: Any) -> list[Any]:
    """Lists may stand in lists, and below `triggers:`."""
    found: list[Any] = []
    for one in many(value):
        if isinstance(one, Mapping) and "triggers" in one and "platform" not in one and "trigger" not in one:
            found += flat_triggers(one["triggers"])
        elif isinstance(one, list):
            found += flat_triggers(one)
        else:
            found.append(one)
    return found


def _trigger(value: Any, draft: Draft) -> list[Table]:
    found = table(value, "a trigger")
    enabled = found.get("enabled", True)
    if enabled is False:
        return []
    if enabled is not True:
        raise CannotTranslate("enabled as a template")
    if found.get("variables"):
        raise CannotTranslate("trigger with variables")
    kind = text(found.get("trigger", found.get("platform")), "a trigger's kind") if _has_kind(found) else ""
    read = _TRIGGERS.get(kind)
    if read is None:
        raise CannotTranslate(f"trigger {kind}" if kind else "trigger without a kind", "" if kind else found)
    return read(found, draft)


def _has_kind(found: Mapping[str, Any]) -> bool:
    return "trigger" in found or "platform" in found


def _held(found: Mapping[str, Any]) -> Table:
    if found.get("for") is None or (not isinstance(found["for"], Mapping) and is_template(found["for"])):
        if found.get("for") is None:
            return {}
        raise CannotTranslate("for as a template")
    held = duration(found["for"], "for")
    return {} if held == "0s" else {"for": held}


def _entities(found: Mapping[str, Any]) -> list[str]:
    entities = words(found.get("entity_id"), "an entity id")
    if not entities:
        raise CannotTranslate("trigger without an entity")
    return entities


def _state(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    attribute = text(found["attribute"], "an attribute") if found.get("attribute") is not None else ""
    _check_nots(found)
    before = _states(found, "from")
    after = _states(found, "to")
    held = _held(found)
    if before and all(state in NOTHING for state in before):
        raise CannotTranslate("trigger from unavailable", "a device that comes back sets nothing off here")
    before = [state for state in before or [] if state not in NOTHING]
    tables: list[Table] = []
    for entity in _entities(found):
        thing = draft.entities.thing(entity)
        if after is None:
            tables += _changes(draft, entity, attribute, before, held)
            draft.edges.append(Edge(entity, None))
            continue
        for state in after:
            new = _one(draft, entity, attribute, state)
            if new.trigger is None:
                raise CannotTranslate("trigger by a variable", f"{thing.domain}s set nothing off here")
            olds = [_one(draft, entity, attribute, one) for one in before if one != state]
            tables += [{**trigger, **held} for trigger in _from(new, olds)]
            draft.edges.append(Edge(entity, None if attribute else state))
    return tables


def _from(new: State, olds: list[State]) -> list[Table]:
    """The trigger, once for each state that it may come from."""
    assert new.trigger is not None
    if not olds:
        return [dict(new.trigger)]
    if "becomes" not in new.trigger and "numeric" not in new.trigger:
        if "mode" in new.trigger or "offline" in new.trigger:
            raise CannotTranslate("trigger with from", "of a mode, or of a device that is silent")
        return [dict(new.trigger)]  # the sun has two states
    if "numeric" in new.trigger:
        return [dict(new.trigger)]  # a cover that was closed
    if any(old.before is None for old in olds):
        raise CannotTranslate("trigger with from", "a state that is no single value here")
    return [{**new.trigger, "from": old.before} for old in olds]


def _changes(draft: Draft, entity: str, attribute: str, before: list[str], held: Table) -> list[Table]:
    """Any change of state."""
    thing = draft.entities.thing(entity)
    if thing.is_mode or thing.is_variable:
        raise CannotTranslate("trigger by a variable", f"{thing.domain}s set nothing off here")
    if attribute:
        subject = measured_by(draft.entities, entity, attribute).subject
    elif thing.domain in ("binary_sensor", "sensor", "switch", "lock"):
        subject = thing.name
    else:
        raise CannotTranslate("trigger by any change", f"of a {thing.domain}, which has many attributes")
    if not subject:
        raise CannotTranslate("trigger by a variable", f"{thing.domain}s set nothing off here")
    changes: Table = {"state": subject, "changes": True}
    if not before:
        return [{**changes, **held}]
    olds = [_one(draft, entity, attribute, one).before for one in before]
    if None in olds:
        raise CannotTranslate("trigger with from", "a state that is no single value here")
    return [{**changes, "from": old, **held} for old in olds]


def _one(draft: Draft, entity: str, attribute: str, state: str) -> State:
    found = attribute_state(draft.entities, entity, attribute, state) if attribute else None
    return found or state_of(draft.entities, entity, state)


def _states(found: Mapping[str, Any], key: str) -> list[str] | None:
    """None where nothing is said: any."""
    if found.get(key) is None:
        return None
    states = [text(one, key) for one in many(given(found[key]))]
    if any(is_template(state) for state in states):
        raise CannotTranslate(f"{key} as a template")
    return None if states in ([], ["*"]) else states


def _check_nots(found: Mapping[str, Any]) -> None:
    """Nothing here is set off by states that nobody knows, so to leave those out is to say nothing."""
    for key in ("not_from", "not_to"):
        if found.get(key) is not None:
            states = [text(one, key) for one in many(given(found[key]))]
            if any(state not in NOTHING for state in states):
                raise CannotTranslate(f"trigger with {key}")


def _numeric(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    if found.get("value_template") is not None:
        raise CannotTranslate("value_template")
    attribute = text(found["attribute"], "an attribute") if found.get("attribute") is not None else ""
    tables: list[Table] = []
    for entity in _entities(found):
        measured = measured_by(draft.entities, entity, attribute)
        if not measured.subject:
            raise CannotTranslate("trigger by a variable", f"{entity} sets nothing off here")
        trigger: Table = {"numeric": measured.subject}
        for key in ("above", "below"):
            bound = given(found.get(key))
            if bound is None:
                continue
            if isinstance(bound, str) and "." in bound and bound.partition(".")[0].startswith(("input", "sensor")):
                raise CannotTranslate(f"{key} from another entity", bound)
            trigger[key] = measured.ours(number(bound, key))
        if len(trigger) == 1:
            raise CannotTranslate("trigger numeric_state without a bound")
        tables.append({**trigger, **_held(found)})
        draft.edges.append(Edge(entity, None))
    return tables


def _time(found: Mapping[str, Any], _draft: Draft) -> list[Table]:
    times = [time_of_day(one, "trigger time") for one in many(given(found.get("at")))]
    if not times:
        raise CannotTranslate("trigger time without a time")
    weekdays = {"days": days(found["weekday"], "weekday")} if found.get("weekday") is not None else {}
    return [{"time": times if len(times) > 1 else times[0], **weekdays}]


def _pattern(found: Mapping[str, Any], _draft: Draft) -> list[Table]:
    """`minutes: /5`. Of a unit that is left out, Home Assistant takes every one below the largest that is said."""
    hours, minutes, secs = (found.get(key) for key in ("hours", "minutes", "seconds"))
    if hours is None and minutes is None and secs is None:
        raise CannotTranslate("trigger time_pattern without a pattern")
    minutes = ("0" if hours is not None else "*") if minutes is None else minutes
    if secs is not None and text(secs, "seconds") not in ("0", "00"):
        raise CannotTranslate("trigger time_pattern in seconds", secs)
    line = f"{_part(minutes, 60)} {_part('*' if hours is None else hours, 24)} * * *"
    return [{"cron": line}]


def _part(value: Any, most: int) -> str:
    said = text(value, "a pattern").strip()
    if said == "*":
        return "*"
    step = said.removeprefix("*").removeprefix("/") if said.startswith(("/", "*/")) else None
    digits = said if step is None else step
    if not digits.isdecimal() or len(digits) > 4 or not (0 if step is None else 1) <= int(digits) < most:
        raise CannotTranslate("trigger time_pattern", said)
    return f"*/{int(digits)}" if step is not None else str(int(digits))


def _sun(found: Mapping[str, Any], _draft: Draft) -> list[Table]:
    event = text(found.get("event"), "an event")
    if event not in ("sunrise", "sunset"):
        raise CannotTranslate("trigger sun", event)
    offset = seconds(found["offset"], "offset") if found.get("offset") is not None else 0.0
    if abs(offset) > _OFFSET_MAX_S:
        raise CannotTranslate("offset longer than 12 hours", found["offset"])
    return [{"sun": event, **({"offset": duration_text(offset)} if offset else {})}]


def _start(found: Mapping[str, Any], _draft: Draft) -> list[Table]:
    if text(found.get("event"), "an event") != "start":
        raise CannotTranslate("trigger homeassistant", found.get("event"))
    return [{"start": True}]


def _webhook(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    theirs = text(found.get("webhook_id"), "a webhook's id")
    ours = _NO_WORD.sub("_", theirs)[:100]
    ours = ours if ours and not ours[0].isdigit() else f"_{ours}"
    if ours != theirs:
        draft.note(f"the webhook {theirs!r} is called {ours!r} here")
    return [{"webhook": ours}]


_DEVICE_STATES: Final = {
    "turned_on": "on",
    "turned_off": "off",
    "opened": "open",
    "closed": "closed",
    "locked": "locked",
    "unlocked": "unlocked",
    "jammed": "jammed",
    "motion": "on",
    "no_motion": "off",
    "occupied": "on",
    "not_occupied": "off",
    "present": "on",
    "not_present": "off",
    "moist": "on",
    "not_moist": "off",
    "smoke": "on",
    "no_smoke": "off",
    "gas": "on",
    "no_gas": "off",
    "vibration": "on",
    "no_vibration": "off",
    "bat_low": "on",
    "not_bat_low": "off",
}
_BINARY: Final = {"opened": "on", "not_opened": "off"}


def _device(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    if buttons.is_remote(found):
        return buttons.device(found, draft)
    kind, domain = text(found.get("type"), "a type"), text(found.get("domain"), "a domain")
    entity = text(found.get("entity_id"), "an entity id") if found.get("entity_id") is not None else ""
    if "." not in entity:
        raise CannotTranslate("device id", "only entity ids say what is meant")
    if domain == "sensor" or kind == "position":
        attribute = "current_position" if kind == "position" else ""
        return _numeric({**found, "attribute": attribute or None}, draft)
    state = _BINARY.get(kind) if domain == "binary_sensor" else None
    state = state or _DEVICE_STATES.get(kind)
    if state is None:
        raise CannotTranslate("trigger device", f"{domain} {kind}")
    return _state({"entity_id": entity, "to": state, "for": found.get("for")}, draft)


_TRIGGERS: Final[dict[str, Callable[[Mapping[str, Any], Draft], list[Table]]]] = {
    "state": _state,
    "numeric_state": _numeric,
    "time": _time,
    "time_pattern": _pattern,
    "sun": _sun,
    "homeassistant": _start,
    "webhook": _webhook,
    "event": buttons.event,
    "device": _device,
}
