"""Reading and writing the controller's memory as a whole, for backup: opened, gone through in pieces, closed.

INS12350-14, FUNC_ID_NVM_BACKUP_RESTORE, of the 700 series and newer with up to 64 KiB. What the bytes mean is the
firmware's secret. The radio should be off meanwhile (`SetReceiveMode`).
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, Self

from drivers.zwave.serial_api.function import need, one_of
from drivers.zwave.serial_frame import FrameType

PIECE_MAX: Final = 248
"""Bytes of data that fit into one frame."""


class NvmCommand(IntEnum):
    OPEN = 0
    READ = 1
    WRITE = 2
    CLOSE = 3


class NvmStatus(IntEnum):
    OK = 0x00
    ERROR = 0x01
    MISMATCH = 0x02
    """Reading and writing in one opening."""
    INTERFERENCE = 0x03
    """The controller wrote in its memory by itself meanwhile."""
    END_OF_FILE = 0xFF
    """Done, and this was the last piece."""


@dataclass(frozen=True, slots=True)
class NvmResponse:
    TYPE: ClassVar = FrameType.RESPONSE
    FUNCTION: ClassVar = 0x2E

    status: NvmStatus
    length: int = 0
    """Of the piece read or written."""
    offset: int = 0
    """Of the piece; after OPEN the size of the whole memory, where 0 is 64 KiB."""
    data: bytes = b""
    """What was read."""

    @property
    def accepted(self) -> bool:
        return self.status in (NvmStatus.OK, NvmStatus.END_OF_FILE)

    def to_payload(self) -> bytes:
        return bytes((self.status, self.length)) + self.offset.to_bytes(2, "big") + self.data

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 4, cls)
        status = one_of(NvmStatus, payload[0], cls)
        return cls(status, payload[1], int.from_bytes(payload[2:4], "big"), bytes(payload[4 : 4 + payload[1]]))


@dataclass(frozen=True, slots=True)
class NvmOperation:
    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x2E
    RESPONSE: ClassVar = NvmResponse
    CALLBACK: ClassVar = None

    command: NvmCommand
    offset: int = 0
    length: int = 0
    """How much to read; the controller may answer with less."""
    data: bytes = b""
    """What to write, up to PIECE_MAX bytes."""

    def to_payload(self) -> bytes:
        if self.command not in (NvmCommand.READ, NvmCommand.WRITE):
            return bytes((self.command,))
        length = len(self.data) if self.command is NvmCommand.WRITE else self.length
        return bytes((self.command, length)) + self.offset.to_bytes(2, "big") + self.data

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        command = one_of(NvmCommand, payload[0], cls)
        if command not in (NvmCommand.READ, NvmCommand.WRITE):
            return cls(command)
        need(payload, 4, cls)
        length, offset = payload[1], int.from_bytes(payload[2:4], "big")
        if command is NvmCommand.READ:
            return cls(command, offset, length)
        need(payload, 4 + length, cls)
        return cls(command, offset, data=bytes(payload[4 : 4 + length]))
