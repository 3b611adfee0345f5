"""Whether an expression can hold at all, and whether it can fail to: by trying one value of each kind that matters.

The constants that a cell is compared with cut its range into pieces in which no comparison changes. One value of each
piece stands for all of it. What is more complicated than a cell beside a constant counts as able to be anything. So
what is said here is certain, and much is left open.
"""

from collections.abc import Hashable, Mapping
from itertools import islice, pairwise, product
from math import prod
from typing import Any, Final

from hubagent.model.capability import Value
from hubagent.rules.expression.typed import (
    Between,
    Both,
    Clock,
    Compared,
    Constant,
    Either,
    Inverse,
    OneOf,
    Reading,
    Typed,
    parts,
)
from hubagent.rules.expression.types import Sort, Type

COMBINATIONS_MAX: Final = 4096
_LESS: Final = {"<", "<=", ">", ">="}
_OTHER_WORD: Final = "\0"
"""Stands for every word that is not named."""


def always(node: Typed) -> bool | None:
    """True or False where it is that for everything that can be known; None where it depends."""
    cuts: dict[Hashable, set[Value]] = {}
    kinds: dict[Hashable, Type] = {}
    _collect(node, cuts, kinds)
    pieces = {key: _pieces(kinds[key], values) for key, values in cuts.items()}
    if prod(map(len, pieces.values())) > COMBINATIONS_MAX:
        return None
    outcomes: set[bool] = set()
    for values in islice(product(*pieces.values()), COMBINATIONS_MAX):
        outcomes.add(_holds(node, dict(zip(pieces, values, strict=True))))
        if len(outcomes) > 1:
            return None
    return outcomes.pop() if outcomes else None


def _key(node: Typed) -> Hashable:
    """What may have a value of its own: the same key, the same value."""
    if isinstance(node, Reading):
        return id(node.cell)
    if isinstance(node, Clock):
        return node.root
    return ("opaque", id(node))


def _is_simple(node: Typed) -> bool:
    return isinstance(node, Reading | Clock) and node.type.sort is not Sort.ANY


def _collect(node: Typed, cuts: dict[Hashable, set[Value]], kinds: dict[Hashable, Type]) -> None:
    match node:
        case Both() | Either() | Inverse():
            for part in parts(node):
                _collect(part, cuts, kinds)
        case Compared(left=left, right=right):
            found = _sides(left, right)
            _note(found[0] if found else node, {found[1]} if found else set(), cuts, kinds)
        case OneOf(item=item, options=options) if _is_simple(item):
            _note(item, set(options), cuts, kinds)
        case Between(start_s=start_s, end_s=end_s):
            kinds["time"] = Type(Sort.TIME, low=0, high=86400)
            cuts.setdefault("time", set()).update((start_s, end_s))
        case Constant():
            pass
        case _:
            _note(node, set(), cuts, kinds)


def _note(node: Typed, values: set[Value], cuts: dict[Hashable, set[Value]], kinds: dict[Hashable, Type]) -> None:
    kinds[_key(node)] = node.type if _is_simple(node) else Type(Sort.FLAG)
    cuts.setdefault(_key(node), set()).update(values)


def _sides(left: Typed, right: Typed) -> tuple[Typed, Value] | None:
    """A comparison of something simple with a constant."""
    if _is_simple(left) and isinstance(right, Constant) and right.value is not None:
        return left, right.value
    if _is_simple(right) and isinstance(left, Constant) and left.value is not None:
        return right, left.value
    return None


def _pieces(kind: Type, cuts: set[Value]) -> list[Any]:
    if kind.sort is Sort.FLAG:
        return [True, False]
    if kind.sort in (Sort.WORD, Sort.TEXT):
        return list(kind.words) or [*sorted(str(cut) for cut in cuts), _OTHER_WORD]
    numbers = sorted({float(cut) for cut in cuts if isinstance(cut, int | float)})
    edges = [number for number in numbers if kind.low <= number <= kind.high]
    below = [_under(kind.low, edges)] if not edges or edges[0] > kind.low else []
    above = [_over(kind.high, edges)] if edges and edges[-1] < kind.high else []
    between = [(one + other) / 2 for one, other in pairwise(edges)]
    return sorted({*below, *edges, *between, *above})


def _under(low: float, edges: list[float]) -> float:
    """A value of the first piece."""
    if not edges:
        return low if low > float("-inf") else 0.0
    return (low + edges[0]) / 2 if low > float("-inf") else edges[0] - 1.0


def _over(high: float, edges: list[float]) -> float:
    return (high + edges[-1]) / 2 if high < float("inf") else edges[-1] + 1.0


def _holds(node: Typed, values: Mapping[Hashable, Any]) -> bool:
    match node:
        case Both():
            return _holds(node.left, values) and _holds(node.right, values)
        case Either():
            return _holds(node.left, values) or _holds(node.right, values)
        case Inverse(operand=operand):
            return not _holds(operand, values)
        case Constant(value=value):
            return value is True
        case Compared(left=left, right=right):
            found = _sides(left, right)
            if found is None:
                return bool(values[_key(node)])
            value, constant = values[_key(found[0])], found[1]
            return (
                _compare(node.operator, value, constant)
                if found[0] is left
                else _compare(node.operator, constant, value)
            )
        case OneOf(item=item, options=options) if _is_simple(item):
            return values[_key(item)] in options
        case Between(start_s=start_s, end_s=end_s):
            at = values["time"]
            return start_s <= at < end_s if start_s <= end_s else not end_s <= at < start_s
        case _:
            return values[_key(node)] is True


def _compare(sign: str, one: Any, other: Any) -> bool:
    if sign == "==":
        return bool(one == other)
    if sign == "!=":
        return bool(one != other)
    if sign in ("<", "<="):
        return bool(one < other) or (sign == "<=" and bool(one == other))
    return bool(one > other) or (sign == ">=" and bool(one == other))
