"""The attributes of one side of a cluster: where their values come from, and what a write does to them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from drivers.zigbee.zcl.cluster import AttributeDef
from drivers.zigbee.zcl.data_types import Value
from drivers.zigbee.zcl.status import ZclStatus

Read = Callable[[], Value]
Write = Callable[[Value], ZclStatus]
"""SUCCESS, or why the value stays as it was."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When an attribute is reported (ZCL8, 2.5.7)."""

    min_s: int
    """Not sooner than this after the last report."""
    max_s: int
    """Not later than this after it; 0: only when the value changes."""
    change: Value = None
    """How far a number must move; None: any change at all is far enough."""


@dataclass(frozen=True, slots=True)
class Attribute:
    definition: AttributeDef
    read: Read
    write: Write | None = None
    """None: it can only be read."""
    schedule: Schedule | None = None
    """How it is reported from the factory on; None: not before somebody configures it."""
    reportable: bool = False


Key = tuple[int | None, int]
"""A manufacturer's code, None in the ZCL's own, and the attribute identifier."""


class Attributes:
    """In the order of their identifiers, as they are discovered."""

    def __init__(self) -> None:
        self._attributes: dict[Key, Attribute] = {}

    def add(self, attribute: Attribute) -> None:
        definition = attribute.definition
        self._attributes[definition.manufacturer_code, definition.id] = attribute

    def find(self, manufacturer_code: int | None, attribute_id: int) -> Attribute | None:
        return self._attributes.get((manufacturer_code, attribute_id))

    def from_id(self, manufacturer_code: int | None, first: int) -> Iterator[Attribute]:
        """Those of one manufacturer, from `first` on."""
        for code, attribute_id in sorted(self._attributes, key=lambda key: key[1]):
            if code == manufacturer_code and attribute_id >= first:
                yield self._attributes[code, attribute_id]

    def __iter__(self) -> Iterator[Attribute]:
        yield from self._attributes.values()


class Cell:
    """A value that is written down and kept until factory settings come back."""

    def __init__(
        self,
        factory: Value,
        allowed: Callable[[Value], bool] | None = None,
        written: Callable[[], None] | None = None,
    ) -> None:
        """`allowed` says which values may be written, None (the type's non-value) among them; `written` is called
        after one was."""
        self.value: Value = factory
        self._factory = factory
        self._allowed = allowed
        self._written = written

    @property
    def number(self) -> int | None:
        """The value where it is a whole number, bits and choices included."""
        return self.value if isinstance(self.value, int) else None

    def read(self) -> Value:
        return self.value

    def write(self, value: Value) -> ZclStatus:
        if self._allowed is not None and not self._allowed(value):
            return ZclStatus.INVALID_VALUE
        self.value = value
        if self._written is not None:
            self._written()
        return ZclStatus.SUCCESS

    def restore(self, value: Value) -> None:
        """Have a value that was written before. Raises ValueError for one that cannot have been."""
        if self._allowed is not None and not self._allowed(value):
            raise ValueError(f"{value!r} cannot have been written")
        self.value = value

    @property
    def is_factory(self) -> bool:
        return self.value == self._factory

    def reset(self) -> None:
        self.value = self._factory


def between(lowest: int, highest: int, *, unknown: bool = False) -> Callable[[Value], bool]:
    """Whole numbers from one to the other, and the type's non-value if that may be written."""

    def allowed(value: Value) -> bool:
        if value is None:
            return unknown
        return isinstance(value, int) and lowest <= value <= highest

    return allowed


def one_of(*values: int, unknown: bool = False) -> Callable[[Value], bool]:
    def allowed(value: Value) -> bool:
        return unknown if value is None else value in values

    return allowed


def text_up_to(length: int) -> Callable[[Value], bool]:
    def allowed(value: Value) -> bool:
        return isinstance(value, str) and len(value.encode()) <= length

    return allowed
