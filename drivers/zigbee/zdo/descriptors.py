"""What a node tells of itself: node, power and simple descriptors (Zigbee Specification 05-3474-23, 2.3.2)."""

import struct
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Final, Self

from drivers.zigbee.wire import Record, UInt8, UInt16, UInt16List, cut
from drivers.zigbee.zdo.message import MacCapability


class LogicalType(IntEnum):
    """2.3.2.3."""

    COORDINATOR = 0
    ROUTER = 1
    END_DEVICE = 2


class ServerMask(IntFlag):
    """2.3.2.3. The upper seven bits are the revision of the specification."""

    PRIMARY_TRUST_CENTER = 0x0001
    BACKUP_TRUST_CENTER = 0x0002
    NETWORK_MANAGER = 0x0040


BAND_2400_MHZ = 0b01000
"""2.3.2.3."""

_NODE: Final = struct.Struct("<BBBHBHHHB")


@dataclass(frozen=True, slots=True)
class NodeDescriptor(Record):
    logical_type: int
    """A LogicalType, where it is one that is known here."""
    mac_capability: int
    """Bits of MacCapability."""
    manufacturer_code: int
    maximum_buffer_size: int = 82
    maximum_incoming_transfer_size: int = 82
    server_mask: int = 0
    """Bits of ServerMask, and the specification's revision above them."""
    maximum_outgoing_transfer_size: int = 82
    descriptor_capability: int = 0
    flags: int = 0
    """Bit 0: has a complex descriptor; bit 1: a user descriptor. 0-31."""
    aps_flags: int = 0
    frequency_bands: int = BAND_2400_MHZ

    @property
    def rx_on_when_idle(self) -> bool:
        return bool(self.mac_capability & MacCapability.RX_ON_WHEN_IDLE)

    @property
    def mains_powered(self) -> bool:
        return bool(self.mac_capability & MacCapability.MAINS_POWERED)

    @property
    def stack_revision(self) -> int:
        """Of the Zigbee specification; 0 before R21, which began to tell it."""
        return self.server_mask >> 9

    def to_bytes(self, version: int = 0) -> bytes:
        return _NODE.pack(
            self.logical_type | self.flags << 3,
            self.aps_flags | self.frequency_bands << 3,
            self.mac_capability,
            self.manufacturer_code,
            self.maximum_buffer_size,
            self.maximum_incoming_transfer_size,
            self.server_mask,
            self.maximum_outgoing_transfer_size,
            self.descriptor_capability,
        )

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        end = at + _NODE.size
        kind, bands, mac, maker, buffer, incoming, server, outgoing, capability = _NODE.unpack(cut(data, at, end))
        sizes = (buffer, incoming, server, outgoing)
        return cls(kind & 0x07, mac, maker, *sizes, capability, kind >> 3, bands & 0x07, bands >> 3), end


class PowerMode(IntEnum):
    """When the receiver is on. 2.3.2.4."""

    SYNCHRONIZED = 0
    PERIODIC = 1
    STIMULATED = 2


class PowerSourceBit(IntFlag):
    """2.3.2.4."""

    MAINS = 0x1
    RECHARGEABLE_BATTERY = 0x2
    DISPOSABLE_BATTERY = 0x4


class PowerLevel(IntEnum):
    """2.3.2.4."""

    CRITICAL = 0x0
    THIRD = 0x4
    TWO_THIRDS = 0x8
    FULL = 0xC


@dataclass(frozen=True, slots=True)
class PowerDescriptor(Record):
    mode: int
    """A PowerMode, where it is one that is known here."""
    available_sources: int
    """Bits of PowerSourceBit."""
    source: int
    """One bit of PowerSourceBit."""
    level: int
    """A PowerLevel, where it is one that is known here."""

    def to_bytes(self, version: int = 0) -> bytes:
        return bytes((self.mode | self.available_sources << 4, self.source | self.level << 4))

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        first, second = cut(data, at, at + 2)
        return cls(first & 0x0F, first >> 4, second & 0x0F, second >> 4), at + 2


@dataclass(frozen=True, slots=True)
class SimpleDescriptor(Record):
    """One endpoint: what it is, which clusters it serves and which it uses. 2.3.2.5."""

    endpoint: UInt8
    profile: UInt16
    device_type: UInt16
    device_version: UInt8
    """The upper four bits are reserved."""
    inputs: UInt16List = ()
    """Clusters it serves."""
    outputs: UInt16List = ()
    """Clusters it is a client of."""


class Sized:
    """A simple descriptor with its length before it; a length of 0 says that there is none.

    A descriptor says itself where it ends, and some devices tell a wrong length, so it is not looked at otherwise.
    """

    def pack(self, value: SimpleDescriptor | None, version: int) -> bytes:
        body = b"" if value is None else value.to_bytes(version)
        return bytes((len(body),)) + body

    def unpack(self, data: bytes, at: int, version: int) -> tuple[SimpleDescriptor | None, int]:
        if at >= len(data):
            return None, at
        if not data[at]:
            return None, at + 1
        return SimpleDescriptor.unpack(data, at + 1, version)
