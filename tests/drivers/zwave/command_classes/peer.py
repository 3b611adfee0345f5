"""How zwave-js names what our dataclasses hold, for comparison with recordings of its own unit tests.

The recordings (../shared/data/zwave_cc_vectors.jsonl) have one command a line: bytes, zwave-js' name of the command and
its fields as JSON. The tables of names are the modules peer_names_*.py beside this one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from drivers.zwave.command_classes.duration import Duration

# Any: each function takes the one dataclass that its Peer names, which a table of them cannot say.
Reading = Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class Peer:
    """One of our commands as zwave-js sees it."""

    kind: type
    fields: Mapping[str, Reading] = field(default_factory=dict)
    """zwave-js' name of a field, and its value as zwave-js writes it in JSON."""
    ignored: Mapping[str, str] = field(default_factory=dict)
    """Fields that are not on the wire, each with the reason why they are not compared."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Values that the same bytes may stand for: some lines show what was constructed, before defaults were applied."""

    values: tuple[object, ...]

    def __eq__(self, other: object) -> bool:
        return other in self.values

    __hash__ = None  # type: ignore[assignment]  # equal to unequal things, so of no use as a key


def buffer(data: bytes) -> object:
    """Bytes as zwave-js writes them."""
    return {"hex": data.hex()}


def text_or_buffer(data: bytes) -> object:
    """Bytes that zwave-js keeps as a string or as a buffer, depending on who constructed the command."""
    return AnyOf((data.decode("ascii"), buffer(data)))


def duration_in_report(duration: Duration | None) -> object:
    """A duration of a report: 0xFE is unknown, and a default is written as 0x00."""
    if duration is None:
        return None
    if duration.byte == 0xFE:
        return "unknown"
    return _spelled(duration) if duration.byte else AnyOf((_spelled(duration), "default"))


def duration_in_set(duration: Duration | None) -> object:
    """A duration of a Set: 0xFF is the device's default, and so is a duration that is absent."""
    if duration is None or duration.byte == 0xFF:
        return AnyOf(("default", None))
    return _spelled(duration)


def _spelled(duration: Duration) -> object:
    if duration.byte <= 0x7F:
        return {"value": duration.byte, "unit": "seconds"}
    return {"value": duration.byte - 0x7F, "unit": "minutes"}
