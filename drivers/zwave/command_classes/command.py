"""What every command of every command class is: a frozen dataclass that knows both directions.

A command knows nothing of nodes, time or ports. `to_bytes` gives the whole command, the command class identifier
first; `from_bytes` takes the same. Fields that an older version of the class does not have are optional and `None`
when absent, so one dataclass serves all versions: what was read short is written short.
"""

from typing import ClassVar, Protocol, Self, runtime_checkable


class MalformedCommand(ValueError):
    """Bytes that are not the command they claim to be. The only error that a decoder raises, whatever it is fed."""


@runtime_checkable
class Command(Protocol):
    """One command, complete when constructed, compared by value."""

    COMMAND_CLASS: ClassVar[int]
    COMMAND: ClassVar[int]

    def to_bytes(self) -> bytes:
        """The whole command, beginning with the command class and the command identifier."""
        ...

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Decode the whole command. Raises MalformedCommand, and nothing else, on bytes that are not one."""
        ...


def need(data: bytes, length: int, what: type) -> None:
    """Refuse `data` shorter than `length` bytes, the two of the header included."""
    if len(data) < length:
        raise MalformedCommand(f"{what.__name__}: {len(data)} bytes, at least {length} needed: {data.hex()}")
