"""What is known before anything is read: one step, of a node whose parts were folded before."""

from collections.abc import Sequence

from hubagent.model.capability import Value
from hubagent.rules.expression.operators import ARITHMETIC, FUNCTIONS, compared, worked_out
from hubagent.rules.expression.typed import (
    Both,
    Chosen,
    Compared,
    Computed,
    Constant,
    Either,
    Function,
    Inverse,
    Known,
    Negated,
    OneOf,
    Typed,
    parts,
)
from hubagent.rules.expression.types import Sort


def folded(node: Typed) -> Typed:
    match node:
        case Both():
            return _joined(node, node.left, node.right, decides=False)
        case Either():
            return _joined(node, node.left, node.right, decides=True)
        case Chosen(condition=Constant(value=bool() as holds)):
            return node.then if holds else node.otherwise
        case Inverse() | Known() | Negated() | Computed() | Compared() | Function() | OneOf():
            below = parts(node)
            if all(isinstance(part, Constant) for part in below):
                return Constant(node.type, _value(node, [part.value for part in below if isinstance(part, Constant)]))
    return node


def _joined(node: Typed, left: Typed, right: Typed, *, decides: bool) -> Typed:
    """`and`, which false decides, or `or`, which true does; what is certain and decides nothing falls away."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Constant) and isinstance(one.value, bool):
            if one.value is decides:
                return one
            if other.type.sort is Sort.FLAG:
                return other
    return node


def _value(node: Typed, values: Sequence[Value]) -> Value:
    match node:
        case Inverse():
            return not values[0] if isinstance(values[0], bool) else None
        case Known():
            return values[0] is not None
        case Negated():
            return worked_out(lambda value: -value, values)
        case Computed(operator=sign):
            return worked_out(ARITHMETIC[sign], values)
        case Compared(operator=sign):
            return compared(sign, *values)
        case Function(name=name):
            return worked_out(FUNCTIONS[name], values)
        case OneOf(options=options):
            return among(values[0], options)
    raise AssertionError(node)


def among(value: Value, options: Sequence[Value]) -> bool | None:
    """Unknown where it is, and where it is of another kind than all of them."""
    found = [compared("==", value, option) for option in options]
    return True if True in found else None if all(one is None for one in found) else False
