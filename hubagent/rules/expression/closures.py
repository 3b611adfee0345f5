"""The closures that expressions are made of. Each gives a value of its own kind or None, whatever the cells hold.

Truth has three values. `and` and `or` are Kleene's: what is unknown matters only where the rest leaves it open; and
what is worked out from something unknown is unknown.
"""

from collections.abc import Callable
from typing import Any

from hubagent.model.capability import Value
from hubagent.rules.cells import Cell
from hubagent.rules.expression.fold import among
from hubagent.rules.expression.naming import WEEKDAYS
from hubagent.rules.expression.operators import (
    COMPARISONS,
    NUMBER_MAX,
    as_flag,
    as_number,
    as_text,
    as_value,
    compared,
)
from hubagent.rules.expression.scope import Scope
from hubagent.rules.expression.types import Sort, flag_of

Evaluate = Callable[[], Any]

SUNRISE_ELEVATION = -0.833
"""Degrees: half the sun's disc, and what the air bends."""


# What is read.


def reading(cell: Cell, sort: Sort) -> Evaluate:
    if sort is Sort.FLAG:

        def flag() -> bool | None:
            value = cell.value
            return value if value is True or value is False else None

        return flag
    if sort is Sort.ANY:
        return lambda: as_value(cell.value)
    if sort in (Sort.WORD, Sort.TEXT):

        def text() -> str | None:
            value = cell.value
            return value if value.__class__ is str else as_text(value)

        return text

    def number() -> float | None:
        value = cell.value
        if value.__class__ is int or (value.__class__ is float and value == value):  # noqa: PLR0124 - NaN
            return value
        return as_number(value)

    return number


def taken_for(operand: Evaluate, sort: Sort) -> Evaluate:
    """What may be of any kind, as one of this; unknown where it is of another."""
    if sort is Sort.ANY:
        return operand
    take: Callable[[object], Value] = as_number
    if sort is Sort.FLAG:
        take = as_flag
    elif sort in (Sort.WORD, Sort.TEXT):
        take = as_text
    return lambda: take(operand())


# Comparisons.


def flag_is(cell: Cell, wanted: bool) -> Evaluate:
    def is_so() -> bool | None:
        value = cell.value
        if value is wanted:
            return True
        return False if value is True or value is False else None

    return is_so


def word_is(cell: Cell, word: str) -> Evaluate:
    def is_so() -> bool | None:
        value = cell.value
        return value == word if value.__class__ is str else compared("==", value, word)

    return is_so


def word_is_not(cell: Cell, word: str) -> Evaluate:
    def is_not_so() -> bool | None:
        value = cell.value
        return value != word if value.__class__ is str else compared("!=", value, word)

    return is_not_so


def number_beside(cell: Cell, sign: str, bound: float) -> Evaluate:
    compare = COMPARISONS[sign]

    def holds() -> bool | None:
        value = cell.value
        if value.__class__ is int or (value.__class__ is float and value == value):  # noqa: PLR0124 - NaN
            return compare(value, bound)  # type: ignore[no-any-return]
        return compared(sign, value, bound)

    return holds


def value_is(operand: Evaluate, word: str, *, negated: bool) -> Evaluate:
    """Of what may be of any kind: `trigger.value is open` is about a flag too."""
    flag = flag_of(word)

    def is_so() -> bool | None:
        value = operand()
        if flag is not None and isinstance(value, bool):
            return (value is flag) is not negated
        return compared("!=" if negated else "==", value, word)

    return is_so


def beside(sign: str, left: Evaluate, right: Evaluate) -> Evaluate:
    """Of two values of the same kind."""
    compare = COMPARISONS[sign]

    def holds() -> bool | None:
        one = left()
        if one is None:
            return None
        other = right()
        return None if other is None else compare(one, other)

    return holds


def of_any_kind(sign: str, left: Evaluate, right: Evaluate) -> Evaluate:
    return lambda: compared(sign, left(), right())


def one_of(item: Evaluate, options: tuple[Value, ...]) -> Evaluate:
    """Of an item of the options' kind."""

    def is_one() -> bool | None:
        value = item()
        return None if value is None else value in options

    return is_one


def one_of_any_kind(item: Evaluate, options: tuple[Value, ...]) -> Evaluate:
    flags = tuple(flag_of(option) for option in options if isinstance(option, str))
    known = (*options, *(flag for flag in flags if flag is not None))
    return lambda: among(item(), known)


# Truth.


def both(left: Evaluate, right: Evaluate) -> Evaluate:
    def all_hold() -> bool | None:
        one = left()
        if one is False:
            return False
        other = right()
        return other if one is True or other is False else None

    return all_hold


def either(left: Evaluate, right: Evaluate) -> Evaluate:
    def one_holds() -> bool | None:
        one = left()
        if one is True:
            return True
        other = right()
        return other if one is False or other is True else None

    return one_holds


def inverse(operand: Evaluate) -> Evaluate:
    def opposite() -> bool | None:
        value = operand()
        return None if value is None else not value

    return opposite


def chosen(condition: Evaluate, then: Evaluate, otherwise: Evaluate) -> Evaluate:
    def choice() -> Any:
        holds = condition()
        if holds is None:
            return None
        return then() if holds else otherwise()

    return choice


# Numbers.


def computed(function: Callable[..., Any], left: Evaluate, right: Evaluate) -> Evaluate:
    """Unknown where there is no result, or one beyond all measure."""

    def result() -> float | None:
        one = left()
        if one is None:
            return None
        other = right()
        if other is None:
            return None
        try:
            value: float = function(one, other)
        except (ZeroDivisionError, OverflowError):
            return None
        return value if -NUMBER_MAX <= value <= NUMBER_MAX else None

    return result


def function_of(function: Callable[..., Any], arguments: tuple[Evaluate, ...]) -> Evaluate:
    def result() -> float | None:
        values = [argument() for argument in arguments]
        if None in values:
            return None
        try:
            value: float = function(*values)
        except OverflowError:
            return None
        return value if -NUMBER_MAX <= value <= NUMBER_MAX else None

    return result


# The clock.


def clock(root: str, scope: Scope) -> Evaluate:
    if root == "time":
        return lambda: _seconds_of_day(scope)
    if root == "weekday":
        return lambda: WEEKDAYS[scope.local().weekday()]
    if root == "sun.elevation":
        return scope.sun_elevation

    def is_up() -> bool | None:
        elevation = scope.sun_elevation()
        return None if elevation is None else elevation > SUNRISE_ELEVATION

    return is_up


def between(start_s: float, end_s: float, scope: Scope) -> Evaluate:
    if start_s <= end_s:
        return lambda: start_s <= _seconds_of_day(scope) < end_s
    return lambda: not end_s <= _seconds_of_day(scope) < start_s


def _seconds_of_day(scope: Scope) -> float:
    local = scope.local()
    return local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6


def passed(cell: Cell, scope: Scope, *, of_change: bool) -> Evaluate:
    def seconds() -> float | None:
        moment = cell.changed_at if of_change else cell.as_of
        # A clock that was set back makes nothing lie in the future.
        return None if moment is None else max(0.0, scope.now() - moment)

    return seconds
