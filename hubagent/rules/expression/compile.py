"""From a checked expression to closures: what is evaluated at every report costs a few calls and no look-ups.

Beside the closure of each part stands another that says why it is unknown; it is called only when it is.
"""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from hubagent.model.capability import Value
from hubagent.rules.cells import Cell
from hubagent.rules.expression import closures
from hubagent.rules.expression.bad import BadExpression
from hubagent.rules.expression.check import check
from hubagent.rules.expression.closures import Evaluate
from hubagent.rules.expression.operators import ARITHMETIC, FUNCTIONS, MIRRORED
from hubagent.rules.expression.ranges import always, exclude, imply
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
    roots_of,
)
from hubagent.rules.expression.types import Sort, Type

__all__ = ["NOT_CONSTANT", "BadExpression", "Compiled", "NotConstant", "compile_expression"]


class NotConstant:
    """The value of what is not always the same."""


NOT_CONSTANT: Final = NotConstant()
NO_RESULT: Final = "a number that cannot be worked out"

_NUMERIC: Final = frozenset((Sort.NUMBER, Sort.DURATION, Sort.TIME))

Why = Callable[[], Iterable[str]]


class _Part(NamedTuple):
    evaluate: Evaluate
    why: Why
    """Names of what is unknown, asked for while this is."""


class Compiled:
    """An expression, bound to a home. `evaluate()` is what it is worth now; None is unknown."""

    __slots__ = ("_typed", "_why", "cells", "constant", "evaluate", "roots", "text", "type")

    def __init__(self, text: str, typed: Typed, scope: Scope, expected: Type | None = None) -> None:
        sort = typed.type.sort if expected is None else expected.sort
        part = _as(typed, sort, scope)
        self.text = text
        self.type: Type = typed.type if expected is None or typed.type.sort is not Sort.ANY else expected
        self.cells: tuple[Cell, ...] = cells_of(typed)
        self.roots = roots_of(typed)
        """What of the clock it depends on: it may change without any report."""
        self.evaluate: Callable[[], Value] = part.evaluate
        self.constant: Value | NotConstant = NOT_CONSTANT if self.cells or self.roots else self.evaluate()
        self._typed = typed
        self._why = part.why

    def unknowns(self) -> tuple[str, ...]:
        """Why it is unknown now: the names that were not known and mattered, once each."""
        return tuple(dict.fromkeys(self._why())) if self.evaluate() is None else ()

    def always(self) -> bool | None:
        """Whether it must hold, or never can, of all that its cells can hold; None where that depends, or is too
        much to find out."""
        return always(self._typed)

    def excludes(self, other: "Compiled") -> bool:
        """The two certainly never hold at the same time."""
        return exclude(self._typed, other._typed)

    def implies(self, other: "Compiled") -> bool:
        """Whenever this holds and all is known, the other certainly does."""
        return imply(self._typed, other._typed)


def compile_expression(expression: Expression, scope: Scope, expected: Type | None = None) -> Compiled:
    """Raises BadExpression, which knows all that is wrong."""
    return Compiled(expression.text, check(expression, scope, expected), scope, expected)


def _compiled(node: Typed, scope: Scope) -> _Part:
    match node:
        case Compared():
            return _compared(node, scope)
        case Both():
            left, right = _as(node.left, Sort.FLAG, scope), _as(node.right, Sort.FLAG, scope)
            return _Part(closures.both(left.evaluate, right.evaluate), _why_any((left, right)))
        case Either():
            left, right = _as(node.left, Sort.FLAG, scope), _as(node.right, Sort.FLAG, scope)
            return _Part(closures.either(left.evaluate, right.evaluate), _why_any((left, right)))
        case Inverse(operand=operand):
            part = _as(operand, Sort.FLAG, scope)
            return _Part(closures.inverse(part.evaluate), part.why)
        case Chosen():
            return _chosen(node, scope)
        case OneOf():
            return _one_of(node, scope)
        case Known(operand=operand):
            known = _compiled(operand, scope).evaluate
            return _Part(lambda: known() is not None, _nothing)
        case Negated(operand=operand):
            part = _as(operand, Sort.NUMBER, scope)
            return _worked_out(closures.function_of(lambda value: -value, (part.evaluate,)), (part,))
        case Computed():
            left, right = _as(node.left, Sort.NUMBER, scope), _as(node.right, Sort.NUMBER, scope)
            evaluate = closures.computed(ARITHMETIC[node.operator], left.evaluate, right.evaluate)
            return _worked_out(evaluate, (left, right))
        case Function():
            parts = tuple(_as(part, Sort.NUMBER, scope) for part in node.arguments)
            evaluate = closures.function_of(FUNCTIONS[node.name], tuple(part.evaluate for part in parts))
            return _worked_out(evaluate, parts)
        case _:
            return _leaf(node, scope)


def _leaf(node: Typed, scope: Scope) -> _Part:
    match node:
        case Constant(value=value):
            return _Part(lambda: value, lambda: ("unknown",))
        case Reading(cell=cell):
            return _Part(closures.reading(cell, node.type.sort), lambda: (cell.name,))
        case Clock(root=root):
            return _Part(closures.clock(root, scope), lambda: (root,))
        case Between(start_s=start_s, end_s=end_s):
            return _Part(closures.between(start_s, end_s, scope), _nothing)
        case Passed(cell=cell, of_change=of_change):
            called = "since" if of_change else "age"
            return _Part(closures.passed(cell, scope, of_change=of_change), lambda: (f"{called}({cell.name})",))
        case _:
            raise AssertionError(node)


def _as(node: Typed, sort: Sort, scope: Scope) -> _Part:
    """As a value of this kind; only what is of any kind needs a look at it."""
    part = _compiled(node, scope)
    if node.type.sort is not Sort.ANY or isinstance(node, Constant):
        return part
    taken = closures.taken_for(part.evaluate, sort)

    def why() -> Iterable[str]:
        # It is known, but no such thing: then all that it is made of is named.
        return part.why() if part.evaluate() is None else [cell.name for cell in cells_of(node)]

    return _Part(taken, why)


def _compared(node: Compared, scope: Scope) -> _Part:
    left, right, sign = node.left, node.right, node.operator
    if isinstance(left, Constant):
        left, right, sign = right, left, MIRRORED[sign]
    if isinstance(left, Reading) and isinstance(right, Constant):
        cell = left.cell
        direct = _cell_and_constant(cell, left.type.sort, sign, right.value)
        if direct is not None:
            return _Part(direct, lambda: (cell.name,))
    one, other = _compiled(left, scope), _compiled(right, scope)
    if Sort.ANY not in (left.type.sort, right.type.sort):
        return _Part(closures.beside(sign, one.evaluate, other.evaluate), _why_any((one, other)))
    evaluate = closures.of_any_kind(sign, one.evaluate, other.evaluate)
    if isinstance(right, Constant) and isinstance(right.value, str) and sign in ("==", "!="):
        evaluate = closures.value_is(one.evaluate, right.value, negated=sign == "!=")
    return _Part(evaluate, _why_any((one, other), cells_of(node)))


def _cell_and_constant(cell: Cell, sort: Sort, sign: str, constant: Value) -> Evaluate | None:
    """The commonest of all, without a call of its own for either side."""
    if sort is Sort.FLAG and isinstance(constant, bool):
        return closures.flag_is(cell, constant if sign == "==" else not constant)
    if sort in (Sort.WORD, Sort.TEXT) and isinstance(constant, str):
        return closures.word_is(cell, constant) if sign == "==" else closures.word_is_not(cell, constant)
    if sort in _NUMERIC and isinstance(constant, int | float) and not isinstance(constant, bool):
        return closures.number_beside(cell, sign, constant)
    return None


def _one_of(node: OneOf, scope: Scope) -> _Part:
    item = _compiled(node.item, scope)
    if node.item.type.sort is Sort.ANY:
        evaluate = closures.one_of_any_kind(item.evaluate, node.options)
        return _Part(evaluate, _why_any((item,), cells_of(node.item)))
    return _Part(closures.one_of(item.evaluate, node.options), item.why)


def _chosen(node: Chosen, scope: Scope) -> _Part:
    sort = node.type.sort
    condition = _as(node.condition, Sort.FLAG, scope)
    then, otherwise = _as(node.then, sort, scope), _as(node.otherwise, sort, scope)

    def why() -> Iterable[str]:
        holds = condition.evaluate()
        if holds is None:
            return condition.why()
        return then.why() if holds else otherwise.why()

    return _Part(closures.chosen(condition.evaluate, then.evaluate, otherwise.evaluate), why)


def _worked_out(evaluate: Evaluate, parts: tuple[_Part, ...]) -> _Part:
    why_any = _why_any(parts)
    return _Part(evaluate, lambda: why_any() or (NO_RESULT,))


def _why_any(parts: tuple[_Part, ...], cells: tuple[Cell, ...] = ()) -> Callable[[], list[str]]:
    """What is unknown of the parts; where nothing is, but they are of different kinds, all of `cells`."""

    def why() -> list[str]:
        found = [name for part in parts if part.evaluate() is None for name in part.why()]
        return found or [cell.name for cell in cells]

    return why


def _nothing() -> Iterable[str]:
    return ()
