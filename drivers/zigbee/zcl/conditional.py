"""Records with fields that are there only where fields before them say so: options, counts, bits."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Self

from drivers.zigbee.wire import Record, WireType, layout


class Where:
    """A field that is there where `condition` holds for the fields before it, and None elsewhere."""

    def __init__(self, item: WireType, condition: Callable[[Mapping[str, Any]], bool]) -> None:
        self.item = item
        self.condition = condition

    def pack(self, value: Any, version: int) -> bytes:
        if value is None:
            raise ValueError("the fields before say that there is a value")
        return self.item.pack(value, version)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[Any, int]:
        return self.item.unpack(data, at, version)


def bit(name: str, mask: int) -> Callable[[Mapping[str, Any]], bool]:
    """Whether a field before has one of these bits."""
    return lambda before: bool((before[name] or 0) & mask)


class ConditionalRecord(Record):
    """A record some of whose fields are `Where`."""

    __slots__ = ()

    def to_bytes(self, version: int = 0) -> bytes:
        values = {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]  # every subclass is a dataclass
        return b"".join(
            kind.pack(values[name], version)
            for name, kind in layout(type(self), version)
            if not isinstance(kind, Where) or kind.condition(values)
        )

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        values: dict[str, Any] = {}
        for name, kind in layout(cls, version):
            if isinstance(kind, Where) and not kind.condition(values):
                values[name] = None
            else:
                values[name], at = kind.unpack(data, at, version)
        return cls(**values), at
