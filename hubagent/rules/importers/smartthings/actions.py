"""Actions: if, sleep, command, location; what stands below `then` and `else`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hubagent.rules.importers import said
from hubagent.rules.importers.imported import Table, not_translated
from hubagent.rules.importers.reason import CannotTranslate, Reason
from hubagent.rules.importers.smartthings.capabilities import COMMANDS, SETTING
from hubagent.rules.importers.smartthings.conditions import condition
from hubagent.rules.importers.smartthings.names import Names
from hubagent.rules.importers.smartthings.operands import (
    Constant,
    items,
    operand,
    proposed,
    table,
    wait,
    word,
)

_DEPTH_MAX: Final = 8


@dataclass(slots=True)
class Draft:
    """One rule while it is translated."""

    names: Names
    reasons: list[Reason] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    depth: int = 0


def kind_of(action: Any) -> tuple[str, Any]:
    """Of `{"if": {...}}`. Raises CannotTranslate."""
    given = table(action, "an action")
    found = [(word(key), value) for key, value in given.items() if word(key) not in ("id", "sequence")]
    if len(found) != 1:
        raise CannotTranslate("action of no kind that is known", ", ".join(map(str, list(given)[:4])))
    return found[0]


def actions(value: Any, draft: Draft) -> list[Table]:
    done: list[Table] = []
    draft.depth += 1
    try:
        if draft.depth > _DEPTH_MAX:
            raise CannotTranslate("actions too deep in one another")
        for action in items(value, "actions"):
            done += _attempt(action, draft)
    finally:
        draft.depth -= 1
    return done


def _attempt(action: Any, draft: Draft) -> list[Table]:
    try:
        return _action(action, draft)
    except CannotTranslate as cannot:
        draft.reasons.append(cannot.reason)
        return [not_translated(cannot.reason)]


def _action(action: Any, draft: Draft) -> list[Table]:
    kind, value = kind_of(action)
    translate = _ACTIONS.get(kind)
    if translate is None:
        raise CannotTranslate(f"action {kind[:40]}")
    return translate(table(value, kind), draft)


def check_sequence(given: Mapping[str, Any], done: list[Table]) -> None:
    """In parallel is the same as one after the other where nothing waits."""
    sequence = given.get("sequence")
    ways = [word(way) for way in sequence.values()] if isinstance(sequence, dict) else []
    if "parallel" in ways and any(_waits(one) for one in done):
        raise CannotTranslate("parallel with waits")


def _waits(action: Table) -> bool:
    below = [one for value in action.values() if isinstance(value, list) for one in value if isinstance(one, dict)]
    return "wait" in action or any(map(_waits, below))


def _if(given: Mapping[str, Any], draft: Draft) -> list[Table]:
    found = condition(given, draft.names, draft.notes)
    if found.is_edge:
        raise CannotTranslate("change in an inner condition")
    return choice(said.whole(found.holds), given, draft)


def choice(holds: str, given: Mapping[str, Any], draft: Draft) -> list[Table]:
    then, otherwise = actions(given.get("then"), draft), actions(given.get("else"), draft)
    check_sequence(given, [*then, *otherwise])
    if not then and not otherwise:
        return []
    return [{"if": holds, "do": then or [{"wait": "0s"}], **({"else": otherwise} if otherwise else {})}]


def _sleep(given: Mapping[str, Any], _draft: Draft) -> list[Table]:
    return [{"wait": wait(given.get("duration"))}]


def _location(given: Mapping[str, Any], draft: Draft) -> list[Table]:
    return [{"mode": draft.names.mode(given.get("mode"))}]


def _command(given: Mapping[str, Any], draft: Draft) -> list[Table]:
    commands = [table(one, "a command") for one in items(given.get("commands"), "commands")]
    theirs = items(given.get("devices"), "devices")
    if not commands or not theirs:
        raise CannotTranslate("command without devices or commands")
    done: list[Table] = []
    for one in commands:
        values = _values(one, draft)
        kind = proposed(word(one.get("capability")))
        devices = list(dict.fromkeys(draft.names.device(device, one.get("component"), kind) for device in theirs))
        done.append({"set": devices[0] if len(devices) == 1 else devices, **values})
    return done


def _values(command: Mapping[str, Any], draft: Draft) -> Table:
    capability, name = word(command.get("capability")), word(command.get("command"))
    if (capability, name) == ("colorcontrol", "setcolor"):
        return _colour(command)
    arguments = [operand(one, draft.names) for one in items(command.get("arguments"), "arguments")]
    found = COMMANDS.get((capability, name))
    if found is not None and not arguments:
        return dict(found)
    given = [one.value for one in arguments if isinstance(one, Constant)]
    amount = SETTING.get((capability, name))
    match capability, name, given:
        case "thermostatmode", "setthermostatmode", [str() as mode] if ("thermostatmode", word(mode)) in COMMANDS:
            return dict(COMMANDS["thermostatmode", word(mode)])
        case _, _, [int() | float() as value, *rest] if amount is not None and len(given) == len(arguments) <= 2:
            transition = {"transition": f"{int(rest[0])}s"} if rest and isinstance(rest[0], int) and rest[0] > 0 else {}
            if capability == "switchlevel" and value <= 0:
                return {"on": False, **transition}
            return {**_on(capability), amount.attribute: draft.names.ours(amount, value), **transition}
    raise CannotTranslate(f"command {capability[:40]}.{name[:40]}")


def _on(capability: str) -> Table:
    """There, to set a level turns a lamp on."""
    return {"on": True} if capability == "switchlevel" else {}


def _colour(command: Mapping[str, Any]) -> Table:
    arguments = items(command.get("arguments"), "arguments")
    parts = table(table(arguments[0] if arguments else None, "a colour").get("map"), "a colour")
    found: dict[str, float] = {}
    for key in ("hue", "saturation"):
        part = table(parts.get(key), key)
        value = part.get("integer", part.get("decimal"))
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
            raise CannotTranslate("colour", key)
        found[key] = value
    if set(parts) - {"hue", "saturation"}:
        raise CannotTranslate("colour with more than hue and saturation")
    return {"hue": said.tidy(round(found["hue"] * 3.6, 1)), "saturation": said.tidy(found["saturation"])}


_ACTIONS: Final[dict[str, Callable[[Mapping[str, Any], Draft], list[Table]]]] = {
    "if": _if,
    "sleep": _sleep,
    "command": _command,
    "location": _location,
}
