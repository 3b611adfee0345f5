"""UG100 "Security Frames": keys, and how the stick came by them."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from drivers.zigbee.ezsp.frame import Command, Response, StatusResponse
from drivers.zigbee.ezsp.status import SL_STATUS_SINCE, SlStatusField, Status, StatusField
from drivers.zigbee.ezsp.types import (
    NO_EUI64,
    ApsKeyMetadata,
    CurrentSecurityState,
    InitialSecurityState,
    KeyContext,
    NetworkKeyInfo,
)
from drivers.zigbee.wire import Bool, Eui64, Key, Number, Trailing, UInt8

_NO_CONTEXT: Final = KeyContext(0)
_NO_METADATA: Final = ApsKeyMetadata(0)
OptionalByte = Annotated[int | None, Trailing(Number(1))]


@dataclass(frozen=True, slots=True)
class SetInitialSecurityStateResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetInitialSecurityState(Command):
    """UG100 setInitialSecurityState: the keys of the network that will be formed."""

    ID: ClassVar = 0x0068
    RESPONSE: ClassVar = SetInitialSecurityStateResponse

    state: InitialSecurityState


@dataclass(frozen=True, slots=True)
class GetCurrentSecurityStateResponse(Response):
    status: StatusField
    state: CurrentSecurityState


@dataclass(frozen=True, slots=True)
class GetCurrentSecurityState(Command):
    """UG100 getCurrentSecurityState."""

    ID: ClassVar = 0x0069
    RESPONSE: ClassVar = GetCurrentSecurityStateResponse


@dataclass(frozen=True, slots=True)
class ExportKeyResponse(Response):
    key: Key
    status: SlStatusField
    context: KeyContext = _NO_CONTEXT
    """Since version 14."""

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        return ("status", "key", "context") if version >= SL_STATUS_SINCE else ("key", "status")


@dataclass(frozen=True, slots=True)
class ExportKey(Command):
    """UG100 exportKey."""

    ID: ClassVar = 0x0114
    RESPONSE: ClassVar = ExportKeyResponse

    context: KeyContext


@dataclass(frozen=True, slots=True)
class FindKeyTableEntryResponse(Response):
    index: UInt8
    """NO_INDEX: there is none."""


@dataclass(frozen=True, slots=True)
class FindKeyTableEntry(Command):
    """UG100 findKeyTableEntry."""

    ID: ClassVar = 0x0075
    RESPONSE: ClassVar = FindKeyTableEntryResponse

    address: Eui64
    link_key: Bool
    """A master key otherwise."""


@dataclass(frozen=True, slots=True)
class EraseKeyTableEntryResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class EraseKeyTableEntry(Command):
    """UG100 eraseKeyTableEntry."""

    ID: ClassVar = 0x0076
    RESPONSE: ClassVar = EraseKeyTableEntryResponse

    index: UInt8


@dataclass(frozen=True, slots=True)
class ClearKeyTableResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class ClearKeyTable(Command):
    """UG100 clearKeyTable."""

    ID: ClassVar = 0x00B1
    RESPONSE: ClassVar = ClearKeyTableResponse


@dataclass(frozen=True, slots=True)
class ClearTransientLinkKeysResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class ClearTransientLinkKeys(Command):
    """UG100 clearTransientLinkKeys: keys that somebody might have joined with."""

    ID: ClassVar = 0x006B
    RESPONSE: ClassVar = ClearTransientLinkKeysResponse


@dataclass(frozen=True, slots=True)
class GetNetworkKeyInfoResponse(Response):
    status: SlStatusField
    network_key_info: NetworkKeyInfo


@dataclass(frozen=True, slots=True)
class GetNetworkKeyInfo(Command):
    """UG100 getNetworkKeyInfo."""

    ID: ClassVar = 0x0116
    RESPONSE: ClassVar = GetNetworkKeyInfoResponse


@dataclass(frozen=True, slots=True)
class ImportLinkKeyResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class ImportLinkKey(Command):
    """UG100 importLinkKey."""

    ID: ClassVar = 0x010E
    RESPONSE: ClassVar = ImportLinkKeyResponse

    index: UInt8
    address: Eui64
    plaintext_key: Key


@dataclass(frozen=True, slots=True)
class ExportLinkKeyByIndexResponse(Response):
    key: Key
    eui64: Eui64 = NO_EUI64
    """Before version 14, and in the context since."""
    context: KeyContext = _NO_CONTEXT
    """Since version 14."""
    key_data: ApsKeyMetadata = _NO_METADATA
    status: SlStatusField = Status.OK

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        if version < SL_STATUS_SINCE:
            return ("eui64", "key", "key_data", "status")
        return ("status", "context", "key", "key_data")


@dataclass(frozen=True, slots=True)
class ExportLinkKeyByIndex(Command):
    """UG100 exportLinkKeyByIndex."""

    ID: ClassVar = 0x010F
    RESPONSE: ClassVar = ExportLinkKeyByIndexResponse

    index: UInt8


@dataclass(frozen=True, slots=True)
class ImportTransientKeyResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class ImportTransientKey(Command):
    """UG100 importTransientKey: somebody may join with this key, for a while."""

    ID: ClassVar = 0x0111
    RESPONSE: ClassVar = ImportTransientKeyResponse

    eui64: Eui64
    plaintext_key: Key
    flags: OptionalByte = 0
    """Of `KeyFlag`. None: left out, as some hosts do since version 14."""
