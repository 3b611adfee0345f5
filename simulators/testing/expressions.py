"""Conditions in the rules' language, about the truth or about what somebody believes.

One thing is said more shortly than in rules: `hall.light.off` is `hall.light is off`, and `hall.light.on` is known.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from textwrap import indent
from typing import Any

from hubagent.model.capability import Value
from hubagent.model.device import Device, DeviceId
from hubagent.rules.cells import Cell
from hubagent.rules.executor.picture import TriggerCells
from hubagent.rules.expression import tree
from hubagent.rules.expression.bad import BadExpression
from hubagent.rules.expression.compile import compile_expression
from hubagent.rules.expression.parse import parse
from hubagent.rules.expression.types import FLAG, Type
from hubagent.rules.expression.values import values_in
from hubagent.rules.names import UnknownName, attribute_of
from hubagent.rules.where import Where
from hubagent.rules.words import WORDS
from simulators.testing.beliefs import Belief
from simulators.testing.hidden import speaks_for_itself

__tracebackhide__ = speaks_for_itself


class BadExpectation(ValueError):
    """A text that is no expression, or speaks of what is not there; with the place marked under it."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What expressions ask for that no device knows. Modes and variables are the hub's; while it is off, nobody's."""

    where: Where
    wall: Callable[[], float]
    mode: Callable[[], str | None]
    modes: Callable[[], tuple[str, ...]]
    variables: Callable[[], Mapping[str, Value]]


class Condition:
    """A text, bound to what somebody believes. Raises BadExpectation."""

    def __init__(self, text: str, belief: Belief, around: Surroundings, expected: Type | None = FLAG) -> None:
        if not isinstance(text, str):
            raise BadExpectation(f'an expression is a text, as "hall.light.on", and not {text!r}')
        self.text = text
        self.belief = belief
        self._scope = _Scope(belief, around)
        try:
            self._expression = _with_words(parse(text), self._scope)
            self._compiled = compile_expression(self._expression, self._scope, expected)
        except BadExpression as bad:
            raise BadExpectation(f"{bad}\n{indent(bad.caret(), '  ')}") from None
        except UnknownName as unknown:
            raise BadExpectation(f"{text}: {unknown}") from None

    def value(self) -> Value:
        """What it is worth now; None is unknown."""
        self._scope.look()
        return self._compiled.evaluate()

    def holds(self) -> bool:
        """Certainly: what is unknown does not hold."""
        return self.value() is True

    def parts(self) -> Mapping[str, str]:
        """What each name in it is worth now, for people."""
        self._scope.look()
        return values_in(self._expression, self._scope)

    @property
    def cells(self) -> tuple[tuple[DeviceId, str], ...]:
        """The devices and attributes that it is about."""
        return self._scope.asked


class _Scope:
    """One condition's `expression.scope.Scope`."""

    def __init__(self, belief: Belief, around: Surroundings) -> None:
        self.trigger = TriggerCells()
        self._belief = belief
        self._around = around
        self._mode = Cell("home.mode")
        self._variables: dict[str, Cell] = {}
        self._cells: dict[tuple[DeviceId, str], Cell] = {}

    @property
    def asked(self) -> tuple[tuple[DeviceId, str], ...]:
        return tuple(self._cells)

    def look(self) -> None:
        """Have every cell say what is so now."""
        now = self._around.wall()
        for (device, attribute), cell in self._cells.items():
            value = self._belief.value(device, attribute)
            if value != cell.value or cell.changed_at is None:
                cell.value, cell.changed_at = value, now
            cell.as_of = now
        self._mode.value = self._around.mode()
        if self._variables:
            values = self._around.variables()
            for name, cell in self._variables.items():
                cell.value = values.get(name)

    # What expressions ask for.

    def find(self, name: str) -> Device | None:
        devices = self._belief.devices()
        folded = name.casefold()
        return next((it for it in devices.values() if it.name.casefold() == folded), devices.get(name))

    def names(self) -> Iterable[str]:
        return [device.name for device in self._belief.devices().values()]

    def cell(self, device: DeviceId, attribute: str) -> Cell:
        key = (device, attribute)
        if key not in self._cells:
            value = self._belief.value(device, attribute)
            self._cells[key] = Cell(f"{self._belief.devices()[device].name}.{attribute}", value)
        return self._cells[key]

    def variable(self, name: str) -> Cell | None:
        known = self._around.variables()
        if name not in known:
            return None
        return self._variables.setdefault(name, Cell(f"var.{name}", known[name]))

    def variables(self) -> Iterable[str]:
        return self._around.variables()

    @property
    def mode(self) -> Cell:
        return self._mode

    @property
    def modes(self) -> tuple[str, ...]:
        return self._around.modes()

    @property
    def has_place(self) -> bool:
        return self._around.where.latitude is not None

    def now(self) -> float:
        return self._around.wall()

    def local(self) -> datetime:
        return self._around.where.local(self._around.wall())

    def sun_elevation(self) -> float | None:
        return self._around.where.sun_elevation(self._around.wall())


def _with_words(expression: tree.Expression, scope: _Scope) -> tree.Expression:
    return tree.Expression(expression.text, _reworded(expression.root, scope))


def _reworded(node: tree.Node, scope: _Scope) -> tree.Node:
    if isinstance(node, tree.Name):
        return _as_a_state(node, scope)
    changed: dict[str, Any] = {}
    for field in fields(node):
        below = getattr(node, field.name)
        if isinstance(below, tree.Node):
            changed[field.name] = _reworded(below, scope)
        elif isinstance(below, tuple):
            changed[field.name] = tuple(_reworded(it, scope) if isinstance(it, tree.Node) else it for it in below)
    return replace(node, **changed)


def _as_a_state(node: tree.Name, scope: _Scope) -> tree.Node:
    """`hall.light.off` where `off` is no attribute of the device, but a word for a state of it."""
    name, _, word = node.text.rpartition(".")
    device = None if node.device is not None or word not in WORDS else scope.find(name)
    if device is None or scope.find(node.text) is not None:
        return node
    try:
        attribute_of(device, word)
    except UnknownName:
        rest = tree.Name(node.column, len(name), name)
        return tree.Is(node.column, node.length, rest, word, node.column + len(name) + 1, len(word))
    return node
