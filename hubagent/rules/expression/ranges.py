"""Whether an expression can hold at all, and whether it can fail to: by trying one value of each kind that matters.

The constants that a cell is compared with cut its range into pieces in which no comparison changes. One value of each
piece stands for all of it. What is more complicated than a cell beside a constant is decided by its bounds, or else
counts as able to be anything. So what is said here is certain, and much is left open.
"""

import math
from collections.abc import Hashable, Iterator, Mapping
from itertools import pairwise, product
from math import prod
from typing import Any, Final

from hubagent.model.capability import Value
from hubagent.rules.expression.bounds import decided
from hubagent.rules.expression.operators import MIRRORED, compared
from hubagent.rules.expression.typed import (
    Between,
    Both,
    Chosen,
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
from hubagent.rules.expression.types import FLAG, Sort, Type

EFFORT_MAX: Final = 50_000
"""Parts of an expression that are looked at: some hundredths of a second."""
_OTHER_WORD: Final = "\0"
"""Stands for every word that is not named."""

Key = Hashable
Choices = dict[Key, list[Any]]


def always(node: Typed) -> bool | None:
    """True or False where it is that for everything that can be known; None where it depends.

    What is false of all that is known is never true of what is not, as unknown is not true.
    """
    if node.type.sort not in (Sort.FLAG, Sort.ANY):
        return None
    return _always(_settled(node), EFFORT_MAX)


def exclude(one: Typed, other: Typed) -> bool:
    return always(Both(FLAG, one, other)) is False


def imply(one: Typed, other: Typed) -> bool:
    return always(Either(FLAG, Inverse(FLAG, one), other)) is True


def _always(node: Typed, effort: int) -> bool | None:
    choices, size = _choices(node)
    if prod(map(len, choices.values())) * size <= effort:
        return _tried(node, choices)
    # Too many at once: what one cell alone rules out is found all the same.
    if isinstance(node, Both | Either):
        decides = isinstance(node, Either)
        groups = list(_by_cell(node, type(node)))
        found = {_always(group, effort // len(groups)) for group in groups}
        if decides in found:
            return decides
        if found == {not decides}:
            return not decides
    return None


def _tried(node: Typed, choices: Choices) -> bool | None:
    outcomes: set[bool] = set()
    for values in product(*choices.values()):
        outcomes.add(_holds(node, dict(zip(choices, values, strict=True))) is True)
        if len(outcomes) > 1:
            return None
    (outcome,) = outcomes
    return outcome


def _by_cell(node: Typed, kind: type[Both] | type[Either]) -> Iterator[Typed]:
    """The parts of a long `and` or `or`: of those that are about one thing only, all about the same together."""
    groups: dict[Key, Typed] = {}
    for part in _joined(node, kind):
        choices, _ = _choices(part)
        if len(choices) != 1:
            yield part
            continue
        key = next(iter(choices))
        groups[key] = kind(FLAG, groups[key], part) if key in groups else part
    yield from groups.values()


def _joined(node: Typed, kind: type[Both] | type[Either]) -> Iterator[Typed]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, kind):
            waiting += [one.right, one.left]
        else:
            yield one


def _settled(node: Typed) -> Typed:
    """Comparisons that the bounds decide are constants, and choices between truths are `and` and `or`."""
    match node:
        case Both() | Either():
            return type(node)(FLAG, _settled(node.left), _settled(node.right))
        case Inverse(operand=operand):
            return Inverse(FLAG, _settled(operand))
        case Compared() if _sides(node) is None:
            value = decided(node)
            return node if value is None else Constant(FLAG, value)
        case Chosen(condition=condition, then=then, otherwise=otherwise) if _can_be_spread(node):
            holds, one, other = _settled(condition), _settled(then), _settled(otherwise)
            return Either(FLAG, Both(FLAG, holds, one), Both(FLAG, Inverse(FLAG, holds), other))
        case _:
            return node


def _can_be_spread(node: Chosen) -> bool:
    """Its condition comes to stand twice: with a choice in it, that would double at each level."""
    if node.type.sort is not Sort.FLAG:
        return False
    waiting: list[Typed] = [node.condition]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Chosen):
            return False
        waiting += parts(one)
    return True


# What may have a value of its own, and which values stand for all of them.


def _key(node: Typed) -> Key:
    """The same key, the same value."""
    if isinstance(node, Reading):
        return id(node.cell)
    if isinstance(node, Clock):
        return node.root
    return ("opaque", id(node))


def _is_simple(node: Typed) -> bool:
    return isinstance(node, Reading | Clock) and node.type.sort is not Sort.ANY


def _sides(node: Compared) -> tuple[Typed, str, Value] | None:
    """Something simple, the sign and a constant, where it compares these."""
    if _is_simple(node.left) and isinstance(node.right, Constant) and node.right.value is not None:
        return node.left, node.operator, node.right.value
    if _is_simple(node.right) and isinstance(node.left, Constant) and node.left.value is not None:
        return node.right, MIRRORED[node.operator], node.left.value
    return None


def _choices(node: Typed) -> tuple[Choices, int]:
    """For each thing the values to try, and how many parts there are to look at."""
    cuts: dict[Key, set[Value]] = {}
    kinds: dict[Key, Type] = {}
    waiting, size = [node], 0
    while waiting:
        one, size = waiting.pop(), size + 1
        match one:
            case Constant():
                continue
            case Both() | Either():
                waiting += (one.left, one.right)
                continue
            case Inverse(operand=operand):
                waiting.append(operand)
                continue
        key, kind, values = _cuts(one)
        kinds[key] = kind
        cuts.setdefault(key, set()).update(values)
    return {key: _pieces(kinds[key], values) for key, values in cuts.items()}, size


def _cuts(node: Typed) -> tuple[Key, Type, tuple[Value, ...]]:
    match node:
        case Compared():
            found = _sides(node)
            if found is not None:
                return _key(found[0]), found[0].type, (found[2],)
        case OneOf(item=item, options=options) if _is_simple(item):
            return _key(item), item.type, options
        case Between(start_s=start_s, end_s=end_s):
            return "time", Type(Sort.TIME, low=0, high=86400), (start_s, end_s)
    return _key(node), FLAG, ()


def _pieces(kind: Type, cuts: set[Value]) -> list[Any]:
    if kind.sort is Sort.FLAG:
        return [True, False]
    if kind.sort in (Sort.WORD, Sort.TEXT):
        return list(kind.words) or [*sorted(str(cut) for cut in cuts), _OTHER_WORD]
    edges = sorted({cut for cut in cuts if isinstance(cut, int | float) and kind.low <= cut <= kind.high})
    if not edges:
        # All cuts lie outside: any value that it can have stands for all.
        return [kind.low if kind.low > -math.inf else min(kind.high, 0.0)]
    below = [math.nextafter(edges[0], -math.inf)] if edges[0] > kind.low else []
    above = [math.nextafter(edges[-1], math.inf)] if edges[-1] < kind.high else []
    return [*below, *edges, *((one + other) / 2 for one, other in pairwise(edges)), *above]


def _holds(node: Typed, values: Mapping[Key, Any]) -> bool | None:
    match node:
        case Both():
            one, other = _holds(node.left, values), _holds(node.right, values)
            return False if False in (one, other) else None if None in (one, other) else True
        case Either():
            one, other = _holds(node.left, values), _holds(node.right, values)
            return True if True in (one, other) else None if None in (one, other) else False
        case Inverse(operand=operand):
            held = _holds(operand, values)
            return None if held is None else not held
        case Constant(value=value):
            return value if isinstance(value, bool) else None
        case Compared():
            found = _sides(node)
            if found is not None:
                return compared(found[1], values[_key(found[0])], found[2])
        case OneOf(item=item, options=options) if _is_simple(item):
            return values[_key(item)] in options
        case Between(start_s=start_s, end_s=end_s):
            at = values["time"]
            return start_s <= at < end_s if start_s <= end_s else not end_s <= at < start_s
    return values[_key(node)] is True
