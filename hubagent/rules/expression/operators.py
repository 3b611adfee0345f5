"""What the signs and functions of the language do with two values; the one place that works anything out."""

import operator
from collections.abc import Callable, Sequence
from typing import Any, Final

from hubagent.model.capability import Value

COMPARISONS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
MIRRORED: Final = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""What the sign becomes when its sides change places."""

ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def clamp(value: float, low: float, high: float) -> float:
    return max(low, min(value, high))


FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {"abs": abs, "min": min, "max": max, "round": round, "clamp": clamp}

NUMBER_MAX: Final = 1e15
"""What is worked out and is more than this is nobody's state: unknown."""


def as_flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def as_number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124 - NaN
        return None
    return value


def as_text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def as_value(value: object) -> Value:
    return value if isinstance(value, bool | str) else as_number(value)


def compared(sign: str, one: Value, other: Value) -> bool | None:
    """Unknown where one is, or where they are of different kinds; only numbers are more or less than others."""
    if not _alike(one, other) or (sign not in ("==", "!=") and as_number(one) is None):
        return None
    return bool(COMPARISONS[sign](one, other))


def _alike(one: Value, other: Value) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return isinstance(one, bool) and isinstance(other, bool)
    if isinstance(one, str):
        return isinstance(other, str)
    return as_number(one) is not None and as_number(other) is not None


def worked_out(function: Callable[..., Any], values: Sequence[Value]) -> float | None:
    """Of numbers; unknown where one is, where it has no result, and where that is beyond all measure."""
    if any(as_number(value) is None for value in values):
        return None
    try:
        result: float = function(*values)
    except (ZeroDivisionError, OverflowError):
        return None
    return result if -NUMBER_MAX <= result <= NUMBER_MAX else None
