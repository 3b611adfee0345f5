"""What an expression says before anybody looked for its names: a tree whose nodes know where they stand in the text."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from hubagent.model.capability import Value


@dataclass(frozen=True, slots=True)
class Node:
    column: int
    """Where it begins in the text; the first letter is 0."""
    length: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    value: Value
    unit: str = ""
    """As it was written after a number."""


@dataclass(frozen=True, slots=True)
class Name(Node):
    """`hall.light.on`, `home.mode`; or of `device("living lamp").on` the two parts."""

    text: str
    device: str | None = None
    attribute: str | None = None


@dataclass(frozen=True, slots=True)
class Call(Node):
    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negative(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Among(Node):
    """`x in ('a', 'b')`."""

    item: Node
    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Is(Node):
    """`hall.motion is clear`; the words `known` and `unknown` are of the language, the others of states."""

    item: Node
    word: str
    word_column: int
    word_length: int


@dataclass(frozen=True, slots=True)
class Not(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class And(Node):
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Or(Node):
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """`A if C else B`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that an expression reads."""

    name: str
    """As it was written, or the name in `device(...)` with its attribute."""
    column: int
    length: int


@dataclass(frozen=True, slots=True)
class Expression:
    """A text that was understood."""

    text: str
    root: Node

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every name that it reads, in the order of the text."""
        # In `1 < x < 5` the one x stands twice in the tree.
        found = {
            node.column: Reference(node.text, node.column, node.length)
            for node in walk(self.root)
            if isinstance(node, Name)
        }
        return tuple(found[column] for column in sorted(found))


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for field in fields(node):
        below = getattr(node, field.name)
        if isinstance(below, Node):
            yield from walk(below)
        elif isinstance(below, tuple):
            for part in below:
                yield from walk(part)
