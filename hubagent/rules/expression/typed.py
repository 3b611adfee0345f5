"""A checked expression: the tree with every name found, every type known and every word turned into what it means."""

from dataclasses import dataclass

from hubagent.model.capability import Value
from hubagent.rules.cells import Cell
from hubagent.rules.expression.types import Type


@dataclass(frozen=True, slots=True)
class Typed:
    type: Type


@dataclass(frozen=True, slots=True)
class Constant(Typed):
    value: Value


@dataclass(frozen=True, slots=True)
class Reading(Typed):
    """What a cell holds."""

    cell: Cell


@dataclass(frozen=True, slots=True)
class Clock(Typed):
    """`time`, `weekday`, `sun.up`, `sun.elevation`: what changes without anybody's report."""

    root: str


@dataclass(frozen=True, slots=True)
class Between(Typed):
    """It is this time of day, over midnight where the end is earlier than the beginning."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Passed(Typed):
    """How long ago, in seconds: the last report (`age`) or the last change (`since`) of a cell."""

    cell: Cell
    of_change: bool


@dataclass(frozen=True, slots=True)
class Known(Typed):
    operand: Typed


@dataclass(frozen=True, slots=True)
class Negated(Typed):
    operand: Typed


@dataclass(frozen=True, slots=True)
class Computed(Typed):
    """`+ - * /`."""

    operator: str
    left: Typed
    right: Typed


@dataclass(frozen=True, slots=True)
class Compared(Typed):
    operator: str
    left: Typed
    right: Typed


@dataclass(frozen=True, slots=True)
class OneOf(Typed):
    item: Typed
    options: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Inverse(Typed):
    """`not`."""

    operand: Typed


@dataclass(frozen=True, slots=True)
class Both(Typed):
    left: Typed
    right: Typed


@dataclass(frozen=True, slots=True)
class Either(Typed):
    left: Typed
    right: Typed


@dataclass(frozen=True, slots=True)
class Chosen(Typed):
    condition: Typed
    then: Typed
    otherwise: Typed


@dataclass(frozen=True, slots=True)
class Function(Typed):
    """`abs`, `min`, `max`, `round`, `clamp`: of numbers only."""

    name: str
    arguments: tuple[Typed, ...]


def parts(node: Typed) -> tuple[Typed, ...]:
    """What a value is worked out from."""
    match node:
        case Known(operand=operand) | Negated(operand=operand) | Inverse(operand=operand):
            return (operand,)
        case Computed() | Compared() | Both() | Either():
            return (node.left, node.right)
        case OneOf():
            return (node.item,)
        case Chosen():
            return (node.condition, node.then, node.otherwise)
        case Function():
            return node.arguments
        case _:
            return ()


def cells_of(node: Typed) -> tuple[Cell, ...]:
    """Every cell that it reads, once."""
    found: dict[int, Cell] = {}
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Reading | Passed):
            found.setdefault(id(one.cell), one.cell)
        waiting.extend(parts(one))
    return tuple(found.values())


def roots_of(node: Typed) -> frozenset[str]:
    """What of the clock it depends on: `time`, `weekday`, `sun`, `age`."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Clock):
            found.add(one.root.partition(".")[0])
        elif isinstance(one, Between):
            found.add("time")
        elif isinstance(one, Passed):
            found.add("age")
        waiting.extend(parts(one))
    return frozenset(found)
