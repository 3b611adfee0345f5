"""A `set`, tied to one device: with constants only, its commands are ready before anything happens."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from hubagent.model.capabilities.table import ATTRIBUTES, SETTINGS, commands_for
from hubagent.model.capability import Command, InvalidValue, Value
from hubagent.model.device import Device, DeviceId
from hubagent.rules.binding import CannotBind, compile_at
from hubagent.rules.expression.compile import Compiled, NotConstant
from hubagent.rules.expression.scope import Scope
from hubagent.rules.expression.tree import Expression
from hubagent.rules.expression.types import NUMBER, Type, type_of
from hubagent.rules.triggers.meaning import find_device, has
from hubagent.toml_lines import Spot, did_you_mean


class UnknownValue(Exception):
    """A value depends on what is not known now; the text names it."""


@dataclass(frozen=True, slots=True)
class How:
    """How devices are to follow."""

    transition_s: float | None = None
    within_s: float | None = None
    """When they must have confirmed."""
    retry: int = 0
    """How often it is sent again without an answer."""


class BoundSet:
    """`commands` for one device; ready ones where nothing has to be worked out."""

    __slots__ = ("_constants", "_worked_out", "device", "how", "is_tracked", "ready")

    def __init__(
        self,
        device: DeviceId,
        constants: Mapping[str, Value],
        worked_out: tuple[tuple[str, Compiled], ...],
        how: How,
    ) -> None:
        self.device = device
        self._constants = constants
        self._worked_out = worked_out
        self.how = how
        self.is_tracked = bool(how.retry) or how.within_s is not None
        """What becomes of it is waited for."""
        self.ready: tuple[Command, ...] | None = None if worked_out else self._commands(constants)

    def commands(self) -> tuple[Command, ...]:
        """Raises UnknownValue, or InvalidValue where an expression is worth what the device cannot have."""
        if self.ready is not None:
            return self.ready
        values = dict(self._constants)
        for name, compiled in self._worked_out:
            value = compiled.evaluate()
            if value is None:
                raise UnknownValue(f"{name}: {', '.join(compiled.unknowns())}")
            values[name] = value
        return self._commands(values)

    @property
    def worked_out(self) -> tuple[Compiled, ...]:
        """The expressions in it, for those who want to know what it reads."""
        return tuple(compiled for _, compiled in self._worked_out)

    def _commands(self, values: Mapping[str, Value]) -> tuple[Command, ...]:
        commands = commands_for(values)
        transition_s = self.how.transition_s
        if transition_s is None:
            return tuple(commands)
        return tuple(_within(command, transition_s) for command in commands)


def _within(command: Command, transition_s: float) -> Command:
    if not hasattr(command, "transition_s"):
        return command
    changed: Any = command
    return replace(changed, transition_s=transition_s)  # type: ignore[no-any-return]


def bind_set(
    name: str,
    values: tuple[tuple[str, Value | Expression], ...],
    how: How,
    scope: Scope,
    place: Spot,
) -> BoundSet:
    """Raises CannotBind."""
    device = find_device(name, scope, place.below("set"))
    constants: dict[str, Value] = {}
    worked_out: list[tuple[str, Compiled]] = []
    for attribute, value in values:
        where = place.below(attribute)
        if not has(device, attribute):
            raise CannotBind(f"{device.name} has no {attribute}{_what_it_has(device, attribute)}", where)
        if not isinstance(value, Expression):
            constants[attribute] = value
            continue
        compiled = compile_at(value, scope, _type(attribute), where)
        constant = compiled.constant
        if isinstance(constant, NotConstant):
            worked_out.append((attribute, compiled))
        elif constant is None:
            raise CannotBind("is unknown, always", where)
        else:
            constants[attribute] = constant
    try:
        return BoundSet(device.id, constants, tuple(worked_out), how)
    except InvalidValue as invalid:
        raise CannotBind(str(invalid), place) from invalid


def _what_it_has(device: Device, attribute: str) -> str:
    settable = [name for setting in SETTINGS for name in setting.attributes if has(device, name)]
    near = did_you_mean(attribute, settable)
    return near or (f"; what can be set on it: {', '.join(settable)}" if settable else "; nothing can be set on it")


def _type(attribute: str) -> Type:
    return type_of(ATTRIBUTES[attribute][1]) if attribute in ATTRIBUTES else NUMBER
