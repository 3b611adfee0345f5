"""UG100 "Security Frames", continued: any key in and out, link keys by whose they are, keys that last a while.

Answers carried their status last before version 14, and name the key by a `KeyContext` since.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Final

from drivers.zigbee.ezsp.frame import Command, Response
from drivers.zigbee.ezsp.status import SL_STATUS_SINCE, SlStatusField, Status
from drivers.zigbee.ezsp.structures import ApsKeyMetadata, KeyContext
from drivers.zigbee.ezsp.types import NO_EUI64, NO_INDEX
from drivers.zigbee.wire import Bool, Bytes8, Eui64, Key, Remaining, UInt8, UInt32

_NO_CONTEXT: Final = KeyContext(0)
_NO_METADATA: Final = ApsKeyMetadata(0)


@dataclass(frozen=True, slots=True)
class ExportLinkKeyByEuiResponse(Response):
    key: Key = field(repr=False)
    index: UInt8 = NO_INDEX
    """Before version 14, and in the context since."""
    context: KeyContext = _NO_CONTEXT
    """Since version 14."""
    key_data: ApsKeyMetadata = _NO_METADATA
    status: SlStatusField = Status.OK

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        if version < SL_STATUS_SINCE:
            return ("key", "index", "key_data", "status")
        return ("status", "context", "key", "key_data")


@dataclass(frozen=True, slots=True)
class ExportLinkKeyByEui(Command):
    ID: ClassVar = 0x010D
    RESPONSE: ClassVar = ExportLinkKeyByEuiResponse

    eui64: Eui64


@dataclass(frozen=True, slots=True)
class ExportTransientKeyByIndexResponse(Response):
    status: SlStatusField
    context: KeyContext
    key: Key = field(repr=False)
    key_data: ApsKeyMetadata

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        if version < SL_STATUS_SINCE:
            return ("context", "key", "key_data", "status")
        return ("status", "context", "key", "key_data")


@dataclass(frozen=True, slots=True)
class ExportTransientKeyByIndex(Command):
    ID: ClassVar = 0x0112
    RESPONSE: ClassVar = ExportTransientKeyByIndexResponse

    index: UInt8


@dataclass(frozen=True, slots=True)
class ExportTransientKeyByEuiResponse(Response):
    status: SlStatusField
    context: KeyContext
    key: Key = field(repr=False)
    key_data: ApsKeyMetadata

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        if version < SL_STATUS_SINCE:
            return ("context", "key", "key_data", "status")
        return ("status", "context", "key", "key_data")


@dataclass(frozen=True, slots=True)
class ExportTransientKeyByEui(Command):
    ID: ClassVar = 0x0113
    RESPONSE: ClassVar = ExportTransientKeyByEuiResponse

    eui64: Eui64


@dataclass(frozen=True, slots=True)
class ImportKeyResponse(Response):
    status: SlStatusField
    context: KeyContext = _NO_CONTEXT
    """Since version 14."""

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        return ("status", "context") if version >= SL_STATUS_SINCE else ("status",)


@dataclass(frozen=True, slots=True)
class ImportKey(Command):
    ID: ClassVar = 0x0115
    RESPONSE: ClassVar = ImportKeyResponse

    context: KeyContext
    key: Key = field(repr=False)


@dataclass(frozen=True, slots=True)
class CheckKeyContextResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class CheckKeyContext(Command):
    ID: ClassVar = 0x0110
    RESPONSE: ClassVar = CheckKeyContextResponse

    context: KeyContext


@dataclass(frozen=True, slots=True)
class GetApsKeyInfoResponse(Response):
    status: SlStatusField
    key_data: ApsKeyMetadata
    eui64: Eui64 = NO_EUI64
    """Before version 14, and in the context since."""
    context: KeyContext = _NO_CONTEXT
    """Since version 14."""

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        if version < SL_STATUS_SINCE:
            return ("eui64", "key_data", "status")
        return ("status", "key_data", "context")


@dataclass(frozen=True, slots=True)
class GetApsKeyInfo(Command):
    ID: ClassVar = 0x010C
    RESPONSE: ClassVar = GetApsKeyInfoResponse

    context: KeyContext


@dataclass(frozen=True, slots=True)
class SetIncomingTcLinkKeyFrameCounterResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class SetIncomingTcLinkKeyFrameCounter(Command):
    ID: ClassVar = 0x0128
    RESPONSE: ClassVar = SetIncomingTcLinkKeyFrameCounterResponse
    SINCE: ClassVar = 14

    frame_counter: UInt32


@dataclass(frozen=True, slots=True)
class ApsCryptMessageResponse(Response):
    status: SlStatusField
    crypted_message: Remaining


@dataclass(frozen=True, slots=True)
class ApsCryptMessage(Command):
    ID: ClassVar = 0x0129
    RESPONSE: ClassVar = ApsCryptMessageResponse
    SINCE: ClassVar = 14

    encrypt: Bool
    message: Bytes8
    aps_header_end_index: UInt8
    remote_eui64: Eui64
