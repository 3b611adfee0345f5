"""Any message of any kind, made from what its annotations say of its bytes."""

from typing import Any

from hypothesis import strategies as st

from drivers.zigbee.ezsp.green_power import GpSinkList, GpSinkListEntry
from drivers.zigbee.ezsp.status import Status, StatusByVersion
from drivers.zigbee.ezsp.types import ByVersion
from drivers.zigbee.ezsp.utilities import Counts, Reason
from drivers.zigbee.wire import (
    Counted,
    Fixed,
    Flag,
    Listed,
    Nested,
    Number,
    Record,
    Rest,
    Trailing,
    WireType,
    layout,
)

LONGEST = 40
"""Of bytes in a message, so that a test takes milliseconds."""


_made: dict[tuple[type[Record], int], st.SearchStrategy[Any]] = {}


def messages(kind: type[Record], version: int) -> st.SearchStrategy[Any]:
    """What `version` can say; fields that it cannot say have their defaults."""
    if (kind, version) not in _made:
        parts = {name: _values(wire, version) for name, wire in layout(kind, version)}
        _made[kind, version] = st.builds(kind, **parts)
    return _made[kind, version]


def _values(wire: WireType, version: int) -> st.SearchStrategy[Any]:
    if isinstance(wire, ByVersion):
        return _values(wire.number(version), version)
    if isinstance(wire, Number):
        bits = 8 * wire.size
        return st.integers(-(1 << bits - 1), (1 << bits - 1) - 1) if wire.signed else st.integers(0, (1 << bits) - 1)
    if isinstance(wire, Flag):
        return st.booleans()
    if isinstance(wire, Fixed):
        return st.binary(min_size=wire.size, max_size=wire.size)
    if isinstance(wire, Counted | Rest):
        return st.binary(max_size=LONGEST)
    if isinstance(wire, Listed):
        return st.lists(_values(wire.item, version), max_size=5).map(tuple)
    if isinstance(wire, Counts):
        return st.lists(st.integers(0, 0xFFFF), max_size=5).map(tuple)
    if isinstance(wire, Trailing):
        return st.none() | _values(wire.item, version)
    if isinstance(wire, Nested):
        return messages(wire.kind, version)
    if isinstance(wire, GpSinkList):
        entries = messages(GpSinkListEntry, version)
        return st.tuples(entries, entries)
    assert isinstance(wire, StatusByVersion | Reason), wire
    return _statuses(wire, version)


def _statuses(wire: StatusByVersion | Reason, version: int) -> st.SearchStrategy[Status]:
    """All that some bytes can say, those without a name among them."""
    size = len(wire.pack(Status.OK, version))
    return st.binary(min_size=size, max_size=size).map(lambda data: wire.unpack(data, 0, version)[0])
