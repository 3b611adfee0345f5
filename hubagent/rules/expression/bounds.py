"""Between which numbers a value must lie, from the bounds of what it is worked out from. Too wide rather than wrong."""

import math
from typing import Final

from hubagent.rules.expression.operators import FUNCTIONS
from hubagent.rules.expression.typed import (
    Chosen,
    Clock,
    Compared,
    Computed,
    Constant,
    Function,
    Negated,
    Passed,
    Reading,
    Typed,
)
from hubagent.rules.expression.types import ORDERED, Sort

Range = tuple[float, float]
ANYWHERE: Final[Range] = (-math.inf, math.inf)


def bounds(node: Typed) -> Range:
    """Both inclusive, of every value that it can have while it is known."""
    match node:
        case Constant(value=bool() | str() | None):
            return ANYWHERE
        case Constant(value=int() | float() as value):
            return value, value
        case Reading() | Clock() | Passed() if node.type.sort in ORDERED and node.type.sort is not Sort.ANY:
            return node.type.low, node.type.high
        case Negated(operand=operand):
            low, high = bounds(operand)
            return -high, -low
        case Computed():
            return _computed(node.operator, bounds(node.left), bounds(node.right))
        case Function(name=name):
            return _function(name, [bounds(argument) for argument in node.arguments])
        case Chosen():
            then, otherwise = bounds(node.then), bounds(node.otherwise)
            return min(then[0], otherwise[0]), max(then[1], otherwise[1])
        case _:
            return ANYWHERE


def decided(node: Compared) -> bool | None:
    """What the comparison must come to, if it comes to anything; None where that depends."""
    (low, high), (other_low, other_high) = bounds(node.left), bounds(node.right)
    if node.operator in (">", ">="):
        (low, high), (other_low, other_high) = (other_low, other_high), (low, high)
    match node.operator:
        case "<" | ">":
            return True if high < other_low else False if low >= other_high else None
        case "<=" | ">=":
            return True if high <= other_low else False if low > other_high else None
        case "==" | "!=":
            apart = high < other_low or other_high < low
            return (node.operator == "!=") if apart else None
    raise AssertionError(node.operator)


def _computed(sign: str, left: Range, right: Range) -> Range:
    if sign == "+":
        return left[0] + right[0], left[1] + right[1]
    if sign == "-":
        return left[0] - right[1], left[1] - right[0]
    if sign == "*":
        # An unbounded number is finite all the same: zero times it is zero.
        ends = [0.0 if one == 0 or other == 0 else one * other for one in left for other in right]
        return min(ends), max(ends)
    if right[0] <= 0 <= right[1] or any(map(math.isinf, (*left, *right))):
        return ANYWHERE
    ends = [one / other for one in left for other in right]
    return min(ends), max(ends)


def _function(name: str, arguments: list[Range]) -> Range:
    lows, highs = [low for low, _ in arguments], [high for _, high in arguments]
    if name == "abs":
        low, high = arguments[0]
        nearest = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
        return nearest, max(abs(low), abs(high))
    if name == "round":
        digits = int(lows[1])
        return round(lows[0], digits), round(highs[0], digits)
    # The others rise with each of what they are given.
    return FUNCTIONS[name](*lows), FUNCTIONS[name](*highs)
