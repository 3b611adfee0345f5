"""UG100 "Security Frames": keys, and how the stick came by them."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Annotated, ClassVar, Final

from drivers.zigbee.ezsp.frame import Callback, Command, Response, StatusResponse
from drivers.zigbee.ezsp.status import SL_STATUS_SINCE, SlStatusField, Status, StatusField
from drivers.zigbee.ezsp.structures import (
    ApsKeyMetadata,
    CurrentSecurityState,
    InitialSecurityState,
    KeyContext,
    NetworkKeyInfo,
)
from drivers.zigbee.ezsp.types import NO_EUI64
from drivers.zigbee.wire import Bool, Eui64, Key, Number, Trailing, UInt8


class KeyStatus(IntEnum):
    """EmberKeyStatus."""

    NONE = 0x00
    APP_LINK_KEY_ESTABLISHED = 0x01
    TRUST_CENTER_LINK_KEY_ESTABLISHED = 0x03
    ESTABLISHMENT_TIMEOUT = 0x04
    TABLE_FULL = 0x05
    TC_RESPONDED_TO_KEY_REQUEST = 0x06
    TC_APP_KEY_SENT_TO_REQUESTER = 0x07
    TC_RESPONSE_TO_KEY_REQUEST_FAILED = 0x08
    TC_REQUEST_KEY_TYPE_NOT_SUPPORTED = 0x09
    TC_NO_LINK_KEY_FOR_REQUESTER = 0x0A
    TC_REQUESTER_EUI64_UNKNOWN = 0x0B
    TC_RECEIVED_FIRST_APP_KEY_REQUEST = 0x0C
    TC_TIMEOUT_WAITING_FOR_SECOND_APP_KEY_REQUEST = 0x0D
    TC_NON_MATCHING_APP_KEY_REQUEST_RECEIVED = 0x0E
    TC_FAILED_TO_SEND_APP_KEYS = 0x0F
    TC_FAILED_TO_STORE_APP_KEY_REQUEST = 0x10
    TC_REJECTED_APP_KEY_REQUEST = 0x11
    TC_FAILED_TO_GENERATE_NEW_KEY = 0x12
    TC_FAILED_TO_SEND_TC_KEY = 0x13
    TRUST_CENTER_IS_PRE_R21 = 0x1E
    TC_REQUESTER_VERIFY_KEY_TIMEOUT = 0x32
    TC_REQUESTER_VERIFY_KEY_FAILURE = 0x33
    TC_REQUESTER_VERIFY_KEY_SUCCESS = 0x34
    VERIFY_LINK_KEY_FAILURE = 0x64
    VERIFY_LINK_KEY_SUCCESS = 0x65


_NO_CONTEXT: Final = KeyContext(0)
_NO_METADATA: Final = ApsKeyMetadata(0)
OptionalByte = Annotated[int | None, Trailing(Number(1))]


@dataclass(frozen=True, slots=True)
class SetInitialSecurityStateResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetInitialSecurityState(Command):
    """The keys of the network that will be formed."""

    ID: ClassVar = 0x0068
    RESPONSE: ClassVar = SetInitialSecurityStateResponse

    state: InitialSecurityState


@dataclass(frozen=True, slots=True)
class GetCurrentSecurityStateResponse(Response):
    status: StatusField
    state: CurrentSecurityState


@dataclass(frozen=True, slots=True)
class GetCurrentSecurityState(Command):
    ID: ClassVar = 0x0069
    RESPONSE: ClassVar = GetCurrentSecurityStateResponse


@dataclass(frozen=True, slots=True)
class ExportKeyResponse(Response):
    key: Key = field(repr=False)
    status: SlStatusField
    context: KeyContext = _NO_CONTEXT
    """Since version 14."""

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        return ("status", "key", "context") if version >= SL_STATUS_SINCE else ("key", "status")


@dataclass(frozen=True, slots=True)
class ExportKey(Command):
    ID: ClassVar = 0x0114
    RESPONSE: ClassVar = ExportKeyResponse

    context: KeyContext


@dataclass(frozen=True, slots=True)
class GetNetworkKeyInfoResponse(Response):
    status: SlStatusField
    network_key_info: NetworkKeyInfo


@dataclass(frozen=True, slots=True)
class GetNetworkKeyInfo(Command):
    ID: ClassVar = 0x0116
    RESPONSE: ClassVar = GetNetworkKeyInfoResponse


@dataclass(frozen=True, slots=True)
class SwitchNetworkKeyHandler(Callback):
    ID: ClassVar = 0x006E

    sequence_number: UInt8
    """Of the network key that is used from now on."""


@dataclass(frozen=True, slots=True)
class RequestLinkKeyResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class RequestLinkKey(Command):
    """ZigbeeKeyEstablishmentHandler tells the outcome."""

    ID: ClassVar = 0x0014
    RESPONSE: ClassVar = RequestLinkKeyResponse

    partner: Eui64


@dataclass(frozen=True, slots=True)
class UpdateTcLinkKeyResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class UpdateTcLinkKey(Command):
    """As a node that has joined, not as the trust centre."""

    ID: ClassVar = 0x006C
    RESPONSE: ClassVar = UpdateTcLinkKeyResponse

    max_attempts: UInt8


@dataclass(frozen=True, slots=True)
class ZigbeeKeyEstablishmentHandler(Callback):
    """A link key was agreed upon, verified, or was not."""

    ID: ClassVar = 0x009B

    partner: Eui64
    status: UInt8
    """Of `KeyStatus`."""


@dataclass(frozen=True, slots=True)
class FindKeyTableEntryResponse(Response):
    index: UInt8
    """NO_INDEX: there is none."""


@dataclass(frozen=True, slots=True)
class FindKeyTableEntry(Command):
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
    ID: ClassVar = 0x0076
    RESPONSE: ClassVar = EraseKeyTableEntryResponse

    index: UInt8


@dataclass(frozen=True, slots=True)
class ClearKeyTableResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class ClearKeyTable(Command):
    ID: ClassVar = 0x00B1
    RESPONSE: ClassVar = ClearKeyTableResponse


@dataclass(frozen=True, slots=True)
class ClearTransientLinkKeysResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class ClearTransientLinkKeys(Command):
    """Keys that somebody might have joined with."""

    ID: ClassVar = 0x006B
    RESPONSE: ClassVar = ClearTransientLinkKeysResponse


@dataclass(frozen=True, slots=True)
class ImportLinkKeyResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class ImportLinkKey(Command):
    ID: ClassVar = 0x010E
    RESPONSE: ClassVar = ImportLinkKeyResponse

    index: UInt8
    address: Eui64
    plaintext_key: Key = field(repr=False)


@dataclass(frozen=True, slots=True)
class ExportLinkKeyByIndexResponse(Response):
    key: Key = field(repr=False)
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
    ID: ClassVar = 0x010F
    RESPONSE: ClassVar = ExportLinkKeyByIndexResponse

    index: UInt8


@dataclass(frozen=True, slots=True)
class ImportTransientKeyResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class ImportTransientKey(Command):
    """Somebody may join with this key, for a while."""

    ID: ClassVar = 0x0111
    RESPONSE: ClassVar = ImportTransientKeyResponse

    eui64: Eui64
    plaintext_key: Key = field(repr=False)
    flags: OptionalByte = 0
    """Of `KeyFlag`. None: left out, as some hosts do since version 14."""
