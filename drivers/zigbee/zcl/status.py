"""Whether a ZCL command did what it was for (ZCL8, 2.6.3, table 2-12)."""

from enum import IntEnum
from typing import Annotated, Any, Final

from drivers.zigbee.wire import cut


class ZclStatus(IntEnum):
    SUCCESS = 0x00
    FAILURE = 0x01
    NOT_AUTHORIZED = 0x7E
    MALFORMED_COMMAND = 0x80
    UNSUP_COMMAND = 0x81
    """Named UNSUP_CLUSTER_COMMAND before ZCL8."""
    UNSUP_GENERAL_COMMAND = 0x82
    UNSUP_MANUF_CLUSTER_COMMAND = 0x83
    UNSUP_MANUF_GENERAL_COMMAND = 0x84
    INVALID_FIELD = 0x85
    UNSUPPORTED_ATTRIBUTE = 0x86
    INVALID_VALUE = 0x87
    READ_ONLY = 0x88
    INSUFFICIENT_SPACE = 0x89
    DUPLICATE_EXISTS = 0x8A
    NOT_FOUND = 0x8B
    UNREPORTABLE_ATTRIBUTE = 0x8C
    INVALID_DATA_TYPE = 0x8D
    INVALID_SELECTOR = 0x8E
    WRITE_ONLY = 0x8F
    INCONSISTENT_STARTUP_STATE = 0x90
    DEFINED_OUT_OF_BAND = 0x91
    INCONSISTENT = 0x92
    ACTION_DENIED = 0x93
    TIMEOUT = 0x94
    ABORT = 0x95
    INVALID_IMAGE = 0x96
    WAIT_FOR_DATA = 0x97
    NO_IMAGE_AVAILABLE = 0x98
    REQUIRE_MORE_IMAGE = 0x99
    NOTIFICATION_PENDING = 0x9A
    HARDWARE_FAILURE = 0xC0
    SOFTWARE_FAILURE = 0xC1
    CALIBRATION_ERROR = 0xC2
    UNSUPPORTED_CLUSTER = 0xC3
    LIMIT_REACHED = 0xC4


_KNOWN: Final[dict[int, ZclStatus]] = {status.value: status for status in ZclStatus}


def status_of(value: int) -> int:
    """The status by its name where it is known here, the number where it is not: never an error."""
    return _KNOWN.get(value, value)


class StatusByte:
    """A status as one byte of a frame."""

    def pack(self, value: int, version: int) -> bytes:
        return value.to_bytes(1, "little")

    def unpack(self, data: bytes, at: int, version: int) -> tuple[Any, int]:
        return status_of(cut(data, at, at + 1)[0]), at + 1


Status = Annotated[int, StatusByte()]
