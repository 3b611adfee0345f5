"""SerialAPISetup (function 0x0B): one function with many commands, each its own message here.

INS12350-14, FUNC_ID_SERIAL_API_SETUP, and the Z-Wave Serial API Host Application Programming Guide, Serial API setup
command. A response repeats its command; a controller that does not know it answers with command 0, which reads as not
accepted here.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, Self

from drivers.zwave.serial_api.function import MalformedMessage, Response, need
from drivers.zwave.serial_api.id_mask import ids_in, mask_of
from drivers.zwave.serial_frame import FrameType

FUNCTION: Final = 0x0B
_ONE_BYTE: Final = (0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80)


class Region(IntEnum):
    """Z-Wave Serial API Host Application Programming Guide, Get RF region command."""

    EUROPE = 0x00
    USA = 0x01
    AUSTRALIA_NEW_ZEALAND = 0x02
    HONG_KONG = 0x03
    INDIA = 0x05
    ISRAEL = 0x06
    RUSSIA = 0x07
    CHINA = 0x08
    USA_LONG_RANGE = 0x09
    EUROPE_LONG_RANGE = 0x0B
    JAPAN = 0x20
    KOREA = 0x21
    UNKNOWN = 0xFE
    DEFAULT = 0xFF
    """Europe."""


def _region(byte: int) -> Region:
    """A region this list does not have is UNKNOWN: the list grows."""
    try:
        return Region(byte)
    except ValueError:
        return Region.UNKNOWN


def _refused(payload: bytes, command: int, what: type) -> bool:
    """Whether the controller does not know `command`. Raises MalformedMessage on an answer to another one."""
    need(payload, 2, what)
    if payload[0] == 0:
        return True
    if payload[0] != command:
        raise MalformedMessage(f"{what.__name__}: an answer to command 0x{payload[0]:02x}")
    return False


def _refusal(command: int) -> bytes:
    return bytes((0, command))


@dataclass(frozen=True, slots=True)
class _SetupRequest:
    """A command without parameters; those that have some have bytes of their own."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = FUNCTION
    COMMAND: ClassVar[int]
    RESPONSE: ClassVar[type[Response]]
    CALLBACK: ClassVar = None

    def to_payload(self) -> bytes:
        return bytes((self.COMMAND,))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class _SetupResponse:
    TYPE: ClassVar = FrameType.RESPONSE
    FUNCTION: ClassVar = FUNCTION
    COMMAND: ClassVar[int]


@dataclass(frozen=True, slots=True)
class _SetupDone(_SetupResponse):
    """The answer to a command that sets something."""

    accepted: bool

    def to_payload(self) -> bytes:
        return bytes((self.COMMAND, self.accepted))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        return cls(not _refused(payload, cls.COMMAND, cls) and payload[1] != 0)


@dataclass(frozen=True, slots=True)
class SetupRefused(_SetupResponse):
    """The answer to a command that the controller does not know."""

    command: int

    @property
    def accepted(self) -> bool:
        return False

    def to_payload(self) -> bytes:
        return _refusal(self.command)

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        return cls(payload[1])


@dataclass(frozen=True, slots=True)
class UnknownSetup:
    """A command that is not kept here. Never an error: it is there to be answered with `SetupRefused`."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = FUNCTION
    RESPONSE: ClassVar = SetupRefused
    CALLBACK: ClassVar = None

    data: bytes

    @property
    def command(self) -> int:
        return self.data[0]

    def to_payload(self) -> bytes:
        return self.data

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        return cls(bytes(payload))


@dataclass(frozen=True, slots=True)
class SupportedSetup(_SetupResponse):
    """Which of these commands the controller knows.

    A byte of flags names eight of them; newer controllers add a mask of all. In it bit 0 is command 1, but before SDK
    7.19.1 it was command 0: as there is no command 0 and command 1 is the one just answered, the mask tells which.
    """

    COMMAND: ClassVar = 0x01

    commands: frozenset[int]
    """Empty when not even this command is known."""
    mask: bool = True
    """Whether the mask is there as well."""

    @property
    def accepted(self) -> bool:
        return bool(self.commands)

    def to_payload(self) -> bytes:
        if not self.commands:
            return _refusal(self.COMMAND)
        flags = sum(command for command in _ONE_BYTE if command in self.commands)
        mask = mask_of(self.commands, (max(self.commands) + 7) // 8) if self.mask else b""
        return bytes((self.COMMAND, flags)) + mask

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        if _refused(payload, cls.COMMAND, cls):
            return cls(frozenset())
        known = {command for command in _ONE_BYTE if payload[1] & command} | {cls.COMMAND}
        mask = payload[2:34]
        shift = 1 if mask and not mask[0] & 0x01 and mask[0] & 0x02 else 0
        known |= {command - shift for command in ids_in(mask)}
        return cls(frozenset(known & set(range(1, 256))), bool(mask))


@dataclass(frozen=True, slots=True)
class GetSupportedSetup(_SetupRequest):
    COMMAND: ClassVar = 0x01
    RESPONSE: ClassVar = SupportedSetup


@dataclass(frozen=True, slots=True)
class SetTransmitReportDone(_SetupDone):
    COMMAND: ClassVar = 0x02


@dataclass(frozen=True, slots=True)
class SetTransmitReport(_SetupRequest):
    """Whether SendData's callbacks carry a transmit report."""

    COMMAND: ClassVar = 0x02
    RESPONSE: ClassVar = SetTransmitReportDone

    enable: bool

    def to_payload(self) -> bytes:
        return bytes((self.COMMAND, 0xFF if self.enable else 0x00))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        return cls(payload[1] != 0)


@dataclass(frozen=True, slots=True)
class MaxPayload(_SetupResponse):
    COMMAND: ClassVar = 0x10

    size: int | None
    """The longest application command, in bytes. None: the controller does not know the command."""

    @property
    def accepted(self) -> bool:
        return self.size is not None

    def to_payload(self) -> bytes:
        return _refusal(self.COMMAND) if self.size is None else bytes((self.COMMAND, self.size))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        return cls(None if _refused(payload, cls.COMMAND, cls) else payload[1])


@dataclass(frozen=True, slots=True)
class GetMaxPayload(_SetupRequest):
    COMMAND: ClassVar = 0x10
    RESPONSE: ClassVar = MaxPayload


@dataclass(frozen=True, slots=True)
class _RegionRequest(_SetupRequest):
    region: Region

    def to_payload(self) -> bytes:
        return bytes((self.COMMAND, self.region))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        return cls(_region(payload[1]))


@dataclass(frozen=True, slots=True)
class RfRegion(_SetupResponse):
    COMMAND: ClassVar = 0x20

    region: Region | None
    """None: the controller does not know the command."""

    @property
    def accepted(self) -> bool:
        return self.region is not None

    def to_payload(self) -> bytes:
        return _refusal(self.COMMAND) if self.region is None else bytes((self.COMMAND, self.region))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        return cls(None if _refused(payload, cls.COMMAND, cls) else _region(payload[1]))


@dataclass(frozen=True, slots=True)
class GetRfRegion(_SetupRequest):
    COMMAND: ClassVar = 0x20
    RESPONSE: ClassVar = RfRegion


@dataclass(frozen=True, slots=True)
class SetRfRegionDone(_SetupDone):
    COMMAND: ClassVar = 0x40


@dataclass(frozen=True, slots=True)
class SetRfRegion(_RegionRequest):
    """Takes effect with the next soft reset."""

    COMMAND: ClassVar = 0x40
    RESPONSE: ClassVar = SetRfRegionDone


@dataclass(frozen=True, slots=True)
class SupportedRegions(_SetupResponse):
    COMMAND: ClassVar = 0x15

    regions: tuple[Region, ...]
    """Empty: the controller does not know the command."""

    @property
    def accepted(self) -> bool:
        return bool(self.regions)

    def to_payload(self) -> bytes:
        return bytes((self.COMMAND, len(self.regions), *self.regions)) if self.regions else _refusal(self.COMMAND)

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        if _refused(payload, cls.COMMAND, cls):
            return cls(())
        need(payload, 2 + payload[1], cls)
        return cls(tuple(map(_region, payload[2 : 2 + payload[1]])))


@dataclass(frozen=True, slots=True)
class GetSupportedRegions(_SetupRequest):
    COMMAND: ClassVar = 0x15
    RESPONSE: ClassVar = SupportedRegions


@dataclass(frozen=True, slots=True)
class RegionInfo(_SetupResponse):
    COMMAND: ClassVar = 0x16

    region: Region | None
    """None: the controller does not know the command."""
    long_range: bool = False
    includes: Region = Region.UNKNOWN
    """The region without Long Range that this one contains."""

    @property
    def accepted(self) -> bool:
        return self.region is not None

    def to_payload(self) -> bytes:
        if self.region is None:
            return _refusal(self.COMMAND)
        return bytes((self.COMMAND, self.region, 0x01 | self.long_range << 1, self.includes))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        if _refused(payload, cls.COMMAND, cls):
            return cls(None)
        need(payload, 3, cls)
        includes = _region(payload[3]) if len(payload) > 3 else Region.UNKNOWN
        return cls(_region(payload[1]), bool(payload[2] & 0x02), includes)


@dataclass(frozen=True, slots=True)
class GetRegionInfo(_RegionRequest):
    COMMAND: ClassVar = 0x16
    RESPONSE: ClassVar = RegionInfo


@dataclass(frozen=True, slots=True)
class _Powerlevel(_SetupResponse):
    """Output power and what the chip measured at a setting of 0 dBm, both in 0.1 dBm."""

    WIDTH: ClassVar[int]

    decidbm: int | None
    """None: the controller does not know the command."""
    measured_at_0_decidbm: int = 0

    @property
    def accepted(self) -> bool:
        return self.decidbm is not None

    def to_payload(self) -> bytes:
        if self.decidbm is None:
            return _refusal(self.COMMAND)
        return bytes((self.COMMAND,)) + _signed(self.WIDTH, self.decidbm, self.measured_at_0_decidbm)

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        if _refused(payload, cls.COMMAND, cls):
            return cls(None)
        need(payload, 1 + 2 * cls.WIDTH, cls)
        return cls(*_two_signed(cls.WIDTH, payload))


@dataclass(frozen=True, slots=True)
class _SetPowerlevel(_SetupRequest):
    WIDTH: ClassVar[int]

    decidbm: int
    measured_at_0_decidbm: int

    def to_payload(self) -> bytes:
        return bytes((self.COMMAND,)) + _signed(self.WIDTH, self.decidbm, self.measured_at_0_decidbm)

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1 + 2 * cls.WIDTH, cls)
        return cls(*_two_signed(cls.WIDTH, payload))


def _signed(width: int, *values: int) -> bytes:
    return b"".join(value.to_bytes(width, "big", signed=True) for value in values)


def _two_signed(width: int, payload: bytes) -> tuple[int, int]:
    first, second = payload[1 : 1 + width], payload[1 + width : 1 + 2 * width]
    return int.from_bytes(first, "big", signed=True), int.from_bytes(second, "big", signed=True)


@dataclass(frozen=True, slots=True)
class Powerlevel(_Powerlevel):
    COMMAND: ClassVar = 0x08
    WIDTH: ClassVar = 1


@dataclass(frozen=True, slots=True)
class GetPowerlevel(_SetupRequest):
    COMMAND: ClassVar = 0x08
    RESPONSE: ClassVar = Powerlevel


@dataclass(frozen=True, slots=True)
class SetPowerlevelDone(_SetupDone):
    COMMAND: ClassVar = 0x04


@dataclass(frozen=True, slots=True)
class SetPowerlevel(_SetPowerlevel):
    """-12.8 to 12.7 dBm. Takes effect with the next soft reset."""

    COMMAND: ClassVar = 0x04
    WIDTH: ClassVar = 1
    RESPONSE: ClassVar = SetPowerlevelDone


@dataclass(frozen=True, slots=True)
class Powerlevel16Bit(_Powerlevel):
    COMMAND: ClassVar = 0x13
    WIDTH: ClassVar = 2


@dataclass(frozen=True, slots=True)
class GetPowerlevel16Bit(_SetupRequest):
    COMMAND: ClassVar = 0x13
    RESPONSE: ClassVar = Powerlevel16Bit


@dataclass(frozen=True, slots=True)
class SetPowerlevel16BitDone(_SetupDone):
    COMMAND: ClassVar = 0x12


@dataclass(frozen=True, slots=True)
class SetPowerlevel16Bit(_SetPowerlevel):
    """For chips that reach beyond 12.7 dBm. Takes effect with the next soft reset."""

    COMMAND: ClassVar = 0x12
    WIDTH: ClassVar = 2
    RESPONSE: ClassVar = SetPowerlevel16BitDone


@dataclass(frozen=True, slots=True)
class SetNodeIdTypeDone(_SetupDone):
    COMMAND: ClassVar = 0x80


@dataclass(frozen=True, slots=True)
class SetNodeIdType(_SetupRequest):
    """How wide node identifiers are in all messages from now on. This codec speaks 8 bits only."""

    COMMAND: ClassVar = 0x80
    RESPONSE: ClassVar = SetNodeIdTypeDone

    sixteen_bit: bool

    def to_payload(self) -> bytes:
        return bytes((self.COMMAND, 2 if self.sixteen_bit else 1))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        return cls(payload[1] == 2)


REQUESTS: Final = (
    GetSupportedSetup,
    SetTransmitReport,
    SetPowerlevel,
    GetPowerlevel,
    GetMaxPayload,
    SetPowerlevel16Bit,
    GetPowerlevel16Bit,
    GetSupportedRegions,
    GetRegionInfo,
    GetRfRegion,
    SetRfRegion,
    SetNodeIdType,
)
