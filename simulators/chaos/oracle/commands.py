"""What a `set` wants of each of its devices at this moment."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from hubagent.model.capabilities.table import commands_for
from hubagent.model.capability import Command, InvalidValue, Value
from hubagent.model.device import DeviceId
from hubagent.rules.actions.set import SetAction
from hubagent.rules.expression.tree import Expression
from hubagent.rules.words import WORDS
from simulators.chaos.oracle.meaning import worth
from simulators.chaos.oracle.seen import Seen


def commands_of(action: SetAction, seen: Seen, fade_s: float | None = None) -> Iterator[tuple[DeviceId, list[Command]]]:
    """By device; none where a value is unknown, or one that the device cannot have."""
    transition_s = fade_s if action.transition_s is None else action.transition_s
    for name in action.devices:
        device = seen.find(name)
        assert device is not None, "what names nobody is not bound"
        yield device.id, _commands(_values(action, seen), transition_s)


def _values(action: SetAction, seen: Seen) -> dict[str, Value] | None:
    values = {
        name: _meant(name, worth(value.root, seen)) if isinstance(value, Expression) else value
        for name, value in action.values
    }
    return None if None in values.values() else values


def _meant(name: str, value: Value) -> Value:
    """Also people's words for it: `'on' if .. else 'off'`."""
    words = WORDS.get(value, ()) if isinstance(value, str) else ()
    return next((meaning for attribute, meaning in words if attribute == name), value)


def _commands(values: Mapping[str, Value] | None, transition_s: float | None) -> list[Command]:
    if values is None:
        return []
    try:
        commands = commands_for(values)
    except InvalidValue:
        return []
    return commands if transition_s is None else [_within(command, transition_s) for command in commands]


def _within(command: Command, transition_s: float) -> Command:
    if not hasattr(command, "transition_s"):
        return command
    changed: Any = command
    slowed: Command = replace(changed, transition_s=transition_s)
    return slowed
