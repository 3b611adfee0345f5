"""What triggers are to the engine: an edge of a value, a signal, or an occurrence in time. It knows no other kinds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from hubagent.model.capability import Value
from hubagent.model.device import DeviceId
from hubagent.rules.cells import Cell
from hubagent.rules.expression.scope import Scope
from hubagent.rules.where import Where

AttributeKey = tuple[DeviceId, str]


@dataclass(frozen=True, slots=True)
class BoundEdge:
    """An edge, tied to the attributes whose reports can set it off.

    A first report after a start or after silence has no value before it, and is never handed in.
    """

    keys: tuple[AttributeKey, ...]
    cells: tuple[Cell, ...]
    """Where these values are kept, in the order of `keys`."""
    test: Callable[[Value, Value], bool]
    """Of the value before and the value now: it happened."""
    stays: Callable[[Value, Value], bool]
    """Of the value that set it off and a later one: what began still holds. For `held_s`."""
    rearms: Callable[[Value], bool] | None = None
    """After it happened it is deaf until a value for which this holds; None: it never is."""
    held_s: float = 0.0
    """How long it must stay so; 0: it sets off at once."""


SignalKey = tuple[object, ...]
"""What a signal is known by:

("press", device id, number, Press), ("mode", name), ("start",), ("joined", device name or "any"), ("webhook", name),
("scene", name), ("rule", name, outcome), ("silent", device id).
"""


@dataclass(frozen=True, slots=True)
class BoundSignal:
    key: SignalKey
    held_s: float = 0.0
    """How long it must stay so, where what is signalled can end again: a device silent."""


class Edge(Protocol):
    """A value comes to be something."""

    @property
    def id(self) -> str | None: ...

    def bind(self, scope: Scope) -> BoundEdge:
        """Raises CannotBind."""
        ...


class Signal(Protocol):
    """Somebody or something says so."""

    @property
    def id(self) -> str | None: ...

    def bind(self, scope: Scope) -> BoundSignal:
        """Raises CannotBind."""
        ...


@runtime_checkable
class Occurrence(Protocol):
    """A time comes."""

    @property
    def id(self) -> str | None: ...

    def next_after(self, utc: float, where: Where) -> float | None:
        """The next time after `utc`, in Unix seconds; None where it never comes again."""
        ...
