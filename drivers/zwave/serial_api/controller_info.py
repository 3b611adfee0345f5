"""What a controller says of itself: its versions, functions, nodes, home id, roles and how noisy its channels are."""

from dataclasses import dataclass
from enum import IntFlag
from typing import ClassVar, Final, Self

from drivers.zwave.serial_api.function import need
from drivers.zwave.serial_api.id_mask import NODE_MASK_BYTES, ids_in, mask_of
from drivers.zwave.serial_api.rssi import dbm, rssi_byte
from drivers.zwave.serial_api.shapes import Answer, BareRequest
from drivers.zwave.serial_frame import FrameType

_FUNCTION_MASK_BYTES: Final = 32
_HIGHEST_NODE: Final = NODE_MASK_BYTES * 8


class InitFlag(IntFlag):
    """INS12350-14 §7.4. The later guide swaps the meaning of two bits; firmware kept the old one."""

    END_NODE = 0x01
    TIMERS = 0x02
    SECONDARY = 0x04
    SIS = 0x08


@dataclass(frozen=True, slots=True)
class InitData(Answer):
    """INS12350-14 §7.4: which nodes there are, the controller's own among them."""

    FUNCTION: ClassVar = 0x02

    api_version: int
    """Up to 9 the Serial API's own count; from 10 on the Z-Wave API's, plus 9."""
    flags: InitFlag
    nodes: frozenset[int]
    chip: tuple[int, int] | None = None
    """Type and version: (5, 0) is the 500 series, (7, 0) the 700, (8, 0) the 800."""

    def to_payload(self) -> bytes:
        head = bytes((self.api_version, self.flags, NODE_MASK_BYTES))
        return head + mask_of(self.nodes, NODE_MASK_BYTES) + bytes(self.chip or ())

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 3, cls)
        end = 3 + payload[2]
        need(payload, end, cls)
        nodes = frozenset(node for node in ids_in(payload[3:end]) if node <= _HIGHEST_NODE)
        chip = (payload[end], payload[end + 1]) if len(payload) > end + 1 else None
        return cls(payload[0], InitFlag(payload[1]), nodes, chip)


@dataclass(frozen=True, slots=True)
class GetInitData(BareRequest):
    FUNCTION: ClassVar = 0x02
    RESPONSE: ClassVar = InitData


class ControllerRole(IntFlag):
    """INS13954-13 §4.4, ZW_GetControllerCapabilities."""

    SECONDARY = 0x01
    OTHER_NETWORK = 0x02
    SIS_PRESENT = 0x04
    REAL_PRIMARY = 0x08
    SUC = 0x10
    NO_NODES_INCLUDED = 0x20


@dataclass(frozen=True, slots=True)
class ControllerCapabilities(Answer):
    FUNCTION: ClassVar = 0x05

    roles: ControllerRole

    def to_payload(self) -> bytes:
        return bytes((self.roles,))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        return cls(ControllerRole(payload[0]))


@dataclass(frozen=True, slots=True)
class GetControllerCapabilities(BareRequest):
    FUNCTION: ClassVar = 0x05
    RESPONSE: ClassVar = ControllerCapabilities


@dataclass(frozen=True, slots=True)
class SerialApiCapabilities(Answer):
    """INS12350-14, FUNC_ID_SERIAL_API_GET_CAPABILITIES: the firmware, who made it, and which functions it knows."""

    FUNCTION: ClassVar = 0x07

    version: tuple[int, int]
    manufacturer_id: int
    product_type: int
    product_id: int
    functions: frozenset[int]

    def to_payload(self) -> bytes:
        numbers = (self.manufacturer_id, self.product_type, self.product_id)
        head = bytes(self.version) + b"".join(number.to_bytes(2, "big") for number in numbers)
        return head + mask_of(self.functions, _FUNCTION_MASK_BYTES)

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 8, cls)
        return cls(
            (payload[0], payload[1]),
            int.from_bytes(payload[2:4], "big"),
            int.from_bytes(payload[4:6], "big"),
            int.from_bytes(payload[6:8], "big"),
            ids_in(payload[8 : 8 + _FUNCTION_MASK_BYTES]),
        )


@dataclass(frozen=True, slots=True)
class GetSerialApiCapabilities(BareRequest):
    FUNCTION: ClassVar = 0x07
    RESPONSE: ClassVar = SerialApiCapabilities


@dataclass(frozen=True, slots=True)
class ProtocolVersion(Answer):
    """Z-Wave Serial API Host Application Programming Guide, Get protocol version command (SDK 7 and newer)."""

    FUNCTION: ClassVar = 0x09

    protocol: int
    """0 is Z-Wave, 1 Z-Wave AV, 2 Z-Wave for IP."""
    version: tuple[int, int, int]
    build: int | None = None
    commit: bytes = b""
    """The 16 bytes of the build's commit, where they are given."""

    def to_payload(self) -> bytes:
        head = bytes((self.protocol, *self.version))
        return head if self.build is None else head + self.build.to_bytes(2, "big") + self.commit

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 4, cls)
        version = (payload[1], payload[2], payload[3])
        if len(payload) < 6:
            return cls(payload[0], version)
        return cls(payload[0], version, int.from_bytes(payload[4:6], "big"), bytes(payload[6:22]))


@dataclass(frozen=True, slots=True)
class GetProtocolVersion(BareRequest):
    FUNCTION: ClassVar = 0x09
    RESPONSE: ClassVar = ProtocolVersion


@dataclass(frozen=True, slots=True)
class LibraryVersion(Answer):
    """INS13954-13, ZW_Version and ZW_Type_Library."""

    FUNCTION: ClassVar = 0x15

    text: str
    """Such as "Z-Wave 7.19"."""
    library: int
    """1 static controller, 2 controller, 3 enhanced end node, ..., 7 bridge controller."""

    def to_payload(self) -> bytes:
        return self.text.encode("latin-1") + bytes((0, self.library))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        text, _, rest = payload.partition(b"\0")
        need(rest, 1, cls)
        return cls(text.decode("latin-1"), rest[0])


@dataclass(frozen=True, slots=True)
class GetLibraryVersion(BareRequest):
    FUNCTION: ClassVar = 0x15
    RESPONSE: ClassVar = LibraryVersion


@dataclass(frozen=True, slots=True)
class RandomBytes(Answer):
    """INS13954-13, ZW_GetRandomWord: bytes of the radio's noise generator."""

    FUNCTION: ClassVar = 0x1C

    data: bytes
    """Empty when the controller could not."""

    @property
    def accepted(self) -> bool:
        return bool(self.data)

    def to_payload(self) -> bytes:
        return bytes((bool(self.data), len(self.data))) + self.data

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        need(payload, 2 + payload[1], cls)
        return cls(bytes(payload[2 : 2 + payload[1]]) if payload[0] else b"")


@dataclass(frozen=True, slots=True)
class GetRandomBytes:
    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x1C
    RESPONSE: ClassVar = RandomBytes
    CALLBACK: ClassVar = None

    count: int
    """1-32."""

    def to_payload(self) -> bytes:
        return bytes((self.count,))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        return cls(payload[0])


@dataclass(frozen=True, slots=True)
class HomeId(Answer):
    """INS13954-13, MemoryGetID."""

    FUNCTION: ClassVar = 0x20

    home_id: int
    node_id: int
    """The controller's own."""

    def to_payload(self) -> bytes:
        return self.home_id.to_bytes(4, "big") + bytes((self.node_id,))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 5, cls)
        return cls(int.from_bytes(payload[:4], "big"), payload[4])


@dataclass(frozen=True, slots=True)
class GetHomeId(BareRequest):
    FUNCTION: ClassVar = 0x20
    RESPONSE: ClassVar = HomeId


@dataclass(frozen=True, slots=True)
class BackgroundRssi(Answer):
    """Z-Wave Serial API Host Application Programming Guide, Get background RSSI command: the noise of each channel."""

    FUNCTION: ClassVar = 0x3B

    channels_dbm: tuple[int | None, ...]

    def to_payload(self) -> bytes:
        return bytes(map(rssi_byte, self.channels_dbm))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        return cls(tuple(map(dbm, payload[:4])))


@dataclass(frozen=True, slots=True)
class GetBackgroundRssi(BareRequest):
    FUNCTION: ClassVar = 0x3B
    RESPONSE: ClassVar = BackgroundRssi
