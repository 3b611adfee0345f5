"""Actions: each of Home Assistant's becomes none, one or more of ours, in the same order."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from hubagent.rules.importers import said
from hubagent.rules.importers.home_assistant import jinja
from hubagent.rules.importers.home_assistant.conditions import condition
from hubagent.rules.importers.home_assistant.draft import Draft
from hubagent.rules.importers.home_assistant.service_call import call_of
from hubagent.rules.importers.home_assistant.services import perform
from hubagent.rules.importers.home_assistant.shapes import (
    duration,
    given,
    is_template,
    many,
    number,
    table,
    text,
)
from hubagent.rules.importers.home_assistant.states import state_of
from hubagent.rules.importers.home_assistant.triggers import flat_triggers
from hubagent.rules.importers.imported import Table, not_translated
from hubagent.rules.importers.reason import CannotTranslate, Reason
from hubagent.rules.importers.said import Said

_ROUNDS_MAX: Final = 1000
_STEPS_MAX: Final = 9000
"""Of a loop, all rounds together; a run may do a few more."""

_CONDITION_KEYS: Final = ("condition", "and", "or", "not")


def actions(value: Any, draft: Draft) -> list[Table]:
    """A sequence. What cannot be translated becomes a stop that says so, and is told."""
    items = many(given(value))
    done: list[Table] = []
    for number_, item in enumerate(items):
        if _is_condition(item):
            return done + _checked(item, items[number_ + 1 :], draft)
        done += draft.attempt(lambda item=item: _action(item, draft), _stopped)  # type: ignore[misc]
        draft.forget_unsure()
        draft.at_once = False
    return done


def _stopped(reason: Reason) -> list[Table]:
    return [not_translated(reason)]


def condition_or_never(value: Any, draft: Draft) -> Said:
    """As it stands in a rule; one that cannot be translated never holds, and is told."""

    def translate() -> Said:
        found = condition(value, draft)
        said.whole(found)
        return found

    return draft.attempt(translate, lambda _reason: said.NEVER)


def _is_condition(item: Any) -> bool:
    if isinstance(item, str):
        return is_template(item)
    if not isinstance(item, Mapping) or "repeat" in item:
        return False
    return any(key in item for key in _CONDITION_KEYS) and not any(key in item for key in _ACTIONS)


def _checked(item: Any, rest: list[Any], draft: Draft) -> list[Table]:
    """A condition between actions ends this sequence: the rest of it is done only if it holds."""
    holds = condition_or_never(item, draft)
    below = actions(rest, draft)
    if holds == said.TRUE or not below:
        return below
    return [{"if": holds.text, "do": below}]


def _action(value: Any, draft: Draft) -> list[Table]:
    if isinstance(value, list):
        return actions(value, draft)
    found = table(value, "an action")
    enabled = found.get("enabled", True)
    if enabled is False:
        return []
    if enabled is not True:
        raise CannotTranslate("enabled as a template")
    for key, read in _ACTIONS.items():
        if found.get(key) is not None:
            return read(found, draft)
    raise CannotTranslate("action", ", ".join(map(str, list(found)[:3])))


def _service(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    return perform(call_of(found, draft))


def _delay(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    wait = found["delay"]
    if is_template(wait) or (isinstance(wait, Mapping) and any(map(is_template, wait.values()))):
        raise CannotTranslate("delay as a template", wait)
    length = duration(wait, "delay")
    draft.has_waited = True
    return [] if length == "0s" else [{"wait": length}]


def _timeout(found: Mapping[str, Any]) -> Table:
    if found.get("timeout") is None:
        return {}
    timeout = duration(found["timeout"], "timeout")
    if timeout == "0s":
        raise CannotTranslate("timeout of nothing")
    on_timeout = {} if found.get("continue_on_timeout", True) is not False else {"on_timeout": "stop"}
    return {"timeout": timeout, **on_timeout}


def _wait_template(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    holds = jinja.condition(text(found["wait_template"], "a template"), draft)
    if holds in (said.TRUE, said.FALSE):
        raise CannotTranslate("wait_template that is constant")
    draft.has_waited = True
    return [{"wait": _begins_with_no_digit(holds), **_timeout(found)}]


def _begins_with_no_digit(holds: Said) -> str:
    """What begins with a digit is a duration to the reader."""
    whole = said.whole(holds)
    return f"({whole})" if whole[:1].isdigit() else whole


def _wait_for_trigger(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    """It waits for a change, also where it is already so; without a timeout that is to wait for two conditions."""
    triggers = flat_triggers(found["wait_for_trigger"])
    if len(triggers) != 1:
        raise CannotTranslate("wait_for_trigger of several triggers")
    trigger = table(triggers[0], "a trigger")
    if trigger.get("trigger", trigger.get("platform")) != "state" or trigger.get("attribute") is not None:
        raise CannotTranslate("wait_for_trigger", trigger.get("trigger", trigger.get("platform")))
    entity, to = text(trigger.get("entity_id"), "an entity id"), trigger.get("to")
    if isinstance(trigger.get("entity_id"), list) or to is None or isinstance(to, list):
        raise CannotTranslate("wait_for_trigger of several states")
    state = state_of(draft.entities, entity, text(to, "to"))
    if state.holds.text.startswith("sun.") or (state.trigger is None and state.subject is None):
        raise CannotTranslate("wait_for_trigger", entity)
    if trigger.get("from") is not None and not _is_opposite(text(trigger["from"], "from"), text(to, "to")):
        raise CannotTranslate("wait_for_trigger with from")
    held: Table = {"for": duration(trigger["for"], "for")} if trigger.get("for") is not None else {}
    timeout = _timeout(found)
    wait: Table = {"wait": said.whole(state.holds), **held, **timeout}
    is_once = _surely_not_yet(draft, entity, text(to, "to"))
    draft.has_waited = True
    if is_once:
        return [wait]
    if timeout:
        raise CannotTranslate("wait_for_trigger with a timeout", "it waits for a change, also where it is already so")
    return [{"wait": said.whole(said.negated(state.holds))}, wait]


def _is_opposite(one: str, other: str) -> bool:
    return {one, other} in ({"on", "off"}, {"home", "not_home"}, {"locked", "unlocked"})


def _surely_not_yet(draft: Draft, entity: str, state: str) -> bool:
    """Whatever set the rule off was the entity becoming something else, and no time has passed since."""
    edges = draft.edges
    return (
        bool(edges)
        and draft.edged == len(draft.triggers)
        and all(edge.entity == entity and edge.state is not None and edge.state != state for edge in edges)
        and not draft.has_waited
    )


def _choose(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    options: list[Table] = []
    for option in many(given(found["choose"])):
        one = table(option, "an option")
        holds = condition_or_never(one.get("conditions", one.get("condition")), draft)
        done = _below(one.get("sequence"), draft)
        if holds == said.FALSE:
            continue
        options.append({"if": holds.text, "do": done or [_nothing()]})
    otherwise = _below(found.get("default"), draft)
    if not options:
        return otherwise
    last: Table = {"else": otherwise} if otherwise else {}
    if len(options) == 1:
        return [{**options[0], **last}]
    return [{"choose": options, **last}]


def _below(value: Any, draft: Draft) -> list[Table]:
    """What a branch does; what it knows does not concern the next."""
    at_once, constants, formulas = draft.at_once, dict(draft.constants), dict(draft.formulas)
    done = _within(value, draft)
    draft.at_once, draft.constants, draft.formulas = at_once, constants, formulas
    return done


def _within(value: Any, draft: Draft) -> list[Table]:
    """A sequence in another. The variables that it sets anew are so after it as well since Home Assistant 2025.4, and
    were not before; which of the two the file was written for, it does not say."""
    constants, unsure = dict(draft.constants), draft.unsure
    draft.unsure = {}
    done = actions(value, draft)
    draft.unsure = unsure | {name: None for name, was in constants.items() if draft.constants.get(name) is not was}
    return done


def _nothing() -> Table:
    """There is always something to do in a list of actions."""
    return {"wait": "0s"}


def _if(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    holds = condition_or_never(found["if"], draft)
    done, otherwise = _below(found.get("then"), draft), _below(found.get("else"), draft)
    if not done and not otherwise:
        return []
    return [{"if": holds.text, "do": done or [_nothing()], **({"else": otherwise} if otherwise else {})}]


def _repeat(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    loop = table(found["repeat"], "a loop")
    draft.at_once = False
    draft.has_waited = True
    if loop.get("count") is not None:
        times = number(loop["count"], "repeat count")
        if times != int(times) or not 0 <= times <= _ROUNDS_MAX:
            raise CannotTranslate(f"repeat count over {_ROUNDS_MAX}", times)
        done = _round(loop, draft)
        return [{"repeat": int(times), "do": done}] if done and times else []
    if loop.get("for_each") is not None:
        raise CannotTranslate("repeat for_each")
    done = _round(loop, draft) or [_nothing()]
    key = "while" if loop.get("while") is not None else "until"
    holds = condition(given(loop.get(key)), draft)
    rounds = min(_ROUNDS_MAX, _STEPS_MAX // max(1, _count(done)))
    draft.note(f"a loop ends after {rounds} rounds here at the latest")
    if key == "while":
        return [{"while": said.whole(holds), "at_most": rounds, "do": done}]
    again = {"while": said.whole(said.negated(holds)), "at_most": max(1, rounds - 1), "do": done}
    return [*done, again]


def _round(loop: Mapping[str, Any], draft: Draft) -> list[Table]:
    """What is done in each round, and is the same in each."""
    done = _within(loop.get("sequence"), draft)
    if draft.unsure:
        raise CannotTranslate("variable that a loop sets", ", ".join(draft.unsure))
    return done


def _count(done: list[Table]) -> int:
    """Actions, with those below them; the items of `set` are texts, and count nothing."""
    return sum(
        1 + _count([one for value in action.values() if isinstance(value, list) for one in value])
        for action in done
        if isinstance(action, dict)
    )


def _variables(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    """Constants are put in where they are used; others become variables of the home while the rule runs."""
    done: list[Table] = []
    for name, value in table(found["variables"], "variables").items():
        if not is_template(value):
            draft.constants[str(name)] = given(value)
            continue
        worked_out = jinja.value(value, draft)
        if not isinstance(worked_out, Said):
            draft.constants[str(name)] = worked_out
            continue
        raise CannotTranslate("variable that is worked out", name)
    return done


def _stop(found: Mapping[str, Any], _draft: Draft) -> list[Table]:
    if found.get("response_variable") is not None:
        raise CannotTranslate("response_variable")
    reason = text(found["stop"], "a reason")
    if is_template(reason):
        raise CannotTranslate("stop as a template")
    return [{"stop": reason[:200].strip() or "stop"}]


def _parallel(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    """One after the other is the same where none of them waits."""
    done: list[Table] = []
    for branch in many(given(found["parallel"])):
        inner = branch["sequence"] if isinstance(branch, Mapping) and "sequence" in branch else branch
        below = _within(inner, draft)
        if any(_waits(action) for action in below):
            raise CannotTranslate("parallel with waits")
        done += below
    return done


def _waits(action: Table) -> bool:
    return (
        "wait" in action
        or "stop" in action
        or any(
            isinstance(below, dict) and _waits(below)
            for value in action.values()
            if isinstance(value, list)
            for below in value
        )
    )


def _sequence(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    return _within(found["sequence"], draft)


def _scene(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    return perform(call_of({"action": "scene.turn_on", "entity_id": found["scene"]}, draft))


def _device(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    kind, domain = text(found.get("type"), "a type"), text(found.get("domain"), "a domain")
    entity = text(found.get("entity_id"), "an entity id") if found.get("entity_id") is not None else ""
    if "." not in entity:
        raise CannotTranslate("device id", "only entity ids say what is meant")
    if kind not in _DEVICE_SERVICES:
        raise CannotTranslate("action device", f"{domain} {kind}")
    data = {key: found[key] for key in ("brightness_pct", "position") if found.get(key) is not None}
    service = f"{domain}.{_DEVICE_SERVICES[kind]}"
    return perform(call_of({"action": service, "entity_id": entity, "data": data}, draft))


_DEVICE_SERVICES: Final = {
    "turn_on": "turn_on",
    "turn_off": "turn_off",
    "toggle": "toggle",
    "open": "open_cover",
    "close": "close_cover",
    "set_position": "set_cover_position",
    "lock": "lock",
    "unlock": "unlock",
}

_ACTIONS: Final[dict[str, Callable[[Mapping[str, Any], Draft], list[Table]]]] = {
    "service": _service,
    "action": _service,
    "service_template": _service,
    "delay": _delay,
    "wait_template": _wait_template,
    "wait_for_trigger": _wait_for_trigger,
    "choose": _choose,
    "if": _if,
    "repeat": _repeat,
    "variables": _variables,
    "stop": _stop,
    "parallel": _parallel,
    "sequence": _sequence,
    "scene": _scene,
    "device_id": _device,
}
