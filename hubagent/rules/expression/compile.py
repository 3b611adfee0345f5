"""From a checked expression to closures: what is evaluated at every report costs a few calls and no look-ups.

Truth has three values. `and` and `or` are Kleene's: what is unknown matters only where the rest leaves it open; and
what is worked out from something unknown is unknown. Nothing raises, whatever the cells hold.
"""

import operator
from collections.abc import Callable
from typing import Any, Final

from hubagent.model.capability import Value
from hubagent.rules.cells import Cell
from hubagent.rules.expression.bad import BadExpression
from hubagent.rules.expression.check import check
from hubagent.rules.expression.ranges import always
from hubagent.rules.expression.scope import Scope
from hubagent.rules.expression.tree import Expression
from hubagent.rules.expression.typed import (
    Between,
    Both,
    Chosen,
    Clock,
    Compared,
    Computed,
    Constant,
    Either,
    Function,
    Inverse,
    Known,
    Negated,
    OneOf,
    Passed,
    Reading,
    Typed,
    cells_of,
    parts,
    roots_of,
)
from hubagent.rules.expression.types import Type

__all__ = ["NOT_CONSTANT", "BadExpression", "Compiled", "compile_expression"]

Evaluate = Callable[[], Any]


class NotConstant:
    """The value of what is not always the same."""


NOT_CONSTANT: Final = NotConstant()

_ORDER: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "abs": abs,
    "min": min,
    "max": max,
    "round": round,
    "clamp": lambda value, low, high: max(low, min(value, high)),
}
_NUMBER_MAX: Final = 1e15
"""What is worked out and is more than this is nobody's state: unknown."""


class Compiled:
    """An expression, bound to a home. `evaluate()` is what it is worth now; None is unknown."""

    __slots__ = ("_scope", "_typed", "cells", "constant", "evaluate", "roots", "text", "type")

    def __init__(self, text: str, typed: Typed, scope: Scope) -> None:
        self.text = text
        self.type: Type = typed.type
        self.cells: tuple[Cell, ...] = cells_of(typed)
        self.roots = roots_of(typed)
        """What of the clock it depends on: it may change without any report."""
        self.evaluate: Callable[[], Value] = _compiled(typed, scope)
        self.constant: Value | NotConstant = NOT_CONSTANT if self.cells or self.roots else self.evaluate()
        self._typed = typed
        self._scope = scope

    def unknowns(self) -> tuple[str, ...]:
        """Why it is unknown now: the names that were not known and mattered, once each."""
        return tuple(dict.fromkeys(_unknowns(self._typed, self._scope)))

    def always(self) -> bool | None:
        """Whether it holds, or does not, whatever its cells hold that they can; None where that depends."""
        return always(self._typed)


def compile_expression(expression: Expression, scope: Scope, expected: Type | None = None) -> Compiled:
    """Raises BadExpression, which knows all that is wrong."""
    return Compiled(expression.text, check(expression, scope, expected), scope)


def _compiled(node: Typed, scope: Scope) -> Evaluate:
    match node:
        case Constant(value=value):
            return lambda: value
        case Reading(cell=cell):
            return lambda: cell.value
        case Compared():
            return _comparison(node, scope)
        case Both():
            return _both(_compiled(node.left, scope), _compiled(node.right, scope))
        case Either():
            return _either(_compiled(node.left, scope), _compiled(node.right, scope))
        case Inverse(operand=operand):
            return _inverse(_compiled(operand, scope))
        case Known(operand=operand):
            known = _compiled(operand, scope)
            return lambda: known() is not None
        case OneOf(item=item, options=options):
            return _one_of(_compiled(item, scope), options)
        case Chosen():
            return _chosen(*(_compiled(part, scope) for part in (node.condition, node.then, node.otherwise)))
        case Negated(operand=operand):
            return _worked_out(operator.neg, (_compiled(operand, scope),))
        case Computed():
            both = (_compiled(node.left, scope), _compiled(node.right, scope))
            return _worked_out(_ARITHMETIC[node.operator], both)
        case Function():
            return _worked_out(_FUNCTIONS[node.name], tuple(_compiled(part, scope) for part in node.arguments))
        case Clock(root=root):
            return _clock(root, scope)
        case Between(start_s=start_s, end_s=end_s):
            return _between(start_s, end_s, scope)
        case Passed():
            return _passed(node.cell, scope, of_change=node.of_change)
        case _:
            raise AssertionError(node)


def _comparison(node: Compared, scope: Scope) -> Evaluate:
    compare = _ORDER[node.operator]
    if isinstance(node.left, Reading) and isinstance(node.right, Constant):
        return _cell_and_constant(node.operator, compare, node.left.cell, node.right.value)
    left, right = _compiled(node.left, scope), _compiled(node.right, scope)

    def compared() -> bool | None:
        one, other = left(), right()
        if one is None or other is None:
            return None
        try:
            return bool(compare(one, other))
        except TypeError:
            return None

    return compared


def _cell_and_constant(sign: str, compare: Callable[[Any, Any], Any], cell: Cell, constant: Value) -> Evaluate:
    """The commonest of all, without a call of its own for either side."""
    if constant is None:
        return lambda: None
    if sign == "==":

        def equal() -> bool | None:
            value = cell.value
            return None if value is None else value == constant

        return equal
    if sign == "!=":

        def different() -> bool | None:
            value = cell.value
            return None if value is None else value != constant

        return different

    def ordered() -> bool | None:
        value = cell.value
        if value is None:
            return None
        try:
            return compare(value, constant)  # type: ignore[no-any-return]
        except TypeError:
            return None

    return ordered


def _both(left: Evaluate, right: Evaluate) -> Evaluate:
    def both() -> bool | None:
        one = left()
        if one is False:
            return False
        other = right()
        if other is False:
            return False
        return None if one is None or other is None else True

    return both


def _either(left: Evaluate, right: Evaluate) -> Evaluate:
    def either() -> bool | None:
        one = left()
        if one is True:
            return True
        other = right()
        if other is True:
            return True
        return None if one is None or other is None else False

    return either


def _inverse(operand: Evaluate) -> Evaluate:
    def inverse() -> bool | None:
        value = operand()
        return None if value is None else value is False

    return inverse


def _one_of(item: Evaluate, options: tuple[Value, ...]) -> Evaluate:
    def one_of() -> bool | None:
        value = item()
        return None if value is None else value in options

    return one_of


def _chosen(condition: Evaluate, then: Evaluate, otherwise: Evaluate) -> Evaluate:
    def chosen() -> Any:
        holds = condition()
        if holds is None:
            return None
        return then() if holds is True else otherwise()

    return chosen


def _worked_out(function: Callable[..., Any], arguments: tuple[Evaluate, ...]) -> Evaluate:
    """Of numbers. What is not one, not finite or beyond all measure is unknown."""

    def worked_out() -> float | None:
        values = [argument() for argument in arguments]
        if None in values:
            return None
        try:
            result = function(*values)
        except (TypeError, ZeroDivisionError, OverflowError, ValueError):
            return None
        if isinstance(result, bool) or not isinstance(result, int | float) or not abs(result) <= _NUMBER_MAX:
            return None
        return result

    return worked_out


def _clock(root: str, scope: Scope) -> Evaluate:
    if root == "time":
        return lambda: _seconds_of_day(scope)
    if root == "weekday":
        return lambda: ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[scope.local().weekday()]
    if root == "sun.elevation":
        return scope.sun_elevation

    def is_up() -> bool | None:
        elevation = scope.sun_elevation()
        return None if elevation is None else elevation > SUNRISE_ELEVATION

    return is_up


SUNRISE_ELEVATION: Final = -0.833
"""Degrees: half the sun's disc, and what the air bends."""


def _seconds_of_day(scope: Scope) -> float:
    local = scope.local()
    return local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6


def _between(start_s: float, end_s: float, scope: Scope) -> Evaluate:
    if start_s <= end_s:
        return lambda: start_s <= _seconds_of_day(scope) < end_s
    return lambda: not end_s <= _seconds_of_day(scope) < start_s


def _passed(cell: Cell, scope: Scope, *, of_change: bool) -> Evaluate:
    def passed() -> float | None:
        moment = cell.changed_at if of_change else cell.as_of
        # A clock that was set back makes nothing lie in the future.
        return None if moment is None else max(0.0, scope.now() - moment)

    return passed


def _unknowns(node: Typed, scope: Scope) -> list[str]:
    """Of a node that is unknown now."""
    if _compiled(node, scope)() is not None:
        return []
    match node:
        case Reading(cell=cell):
            return [cell.name]
        case Passed(cell=cell, of_change=of_change):
            return [f"{'since' if of_change else 'age'}({cell.name})"]
        case Clock(root=root):
            return [root]
        case Constant():
            return ["unknown"]
        case Chosen() if _compiled(node.condition, scope)() is not None:
            chosen = node.then if _compiled(node.condition, scope)() is True else node.otherwise
            return _unknowns(chosen, scope)
        case Chosen():
            return _unknowns(node.condition, scope)
        case _:
            found = [name for part in parts(node) for name in _unknowns(part, scope)]
            return found or ["a number that cannot be worked out"]
