"""UG100 "Token Interface Frames": what the stick keeps in its flash."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from drivers.zigbee.ezsp.frame import Command, Response, StatusResponse
from drivers.zigbee.ezsp.status import StatusField
from drivers.zigbee.ezsp.types import ByVersion
from drivers.zigbee.wire import Bool, Bytes32, Counted, Record, Trailing, UInt8, UInt32

OptionalBytes32 = Annotated[bytes | None, Trailing(Counted(4))]
TokenCount = Annotated[int, ByVersion(1, 4, since=18)]


@dataclass(frozen=True, slots=True)
class TokenInfo(Record):
    """EmberTokenInfo."""

    nvm3_key: UInt32
    is_counter: Bool
    is_indexed: Bool
    size: Annotated[int, ByVersion(1, 4, since=19)]
    array_size: UInt8


@dataclass(frozen=True, slots=True)
class GetTokenDataResponse(Response):
    status: StatusField
    token_data: OptionalBytes32 = None
    """None: some firmware leaves it out where it failed."""


@dataclass(frozen=True, slots=True)
class GetTokenData(Command):
    ID: ClassVar = 0x0102
    RESPONSE: ClassVar = GetTokenDataResponse

    token: UInt32
    index: UInt32


@dataclass(frozen=True, slots=True)
class TokenFactoryResetResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class TokenFactoryReset(Command):
    """Forgets the network."""

    ID: ClassVar = 0x0077
    RESPONSE: ClassVar = TokenFactoryResetResponse

    exclude_outgoing_frame_counters: Bool
    exclude_boot_counter: Bool


@dataclass(frozen=True, slots=True)
class GetTokenCountResponse(Response):
    count: TokenCount


@dataclass(frozen=True, slots=True)
class GetTokenCount(Command):
    ID: ClassVar = 0x0100
    RESPONSE: ClassVar = GetTokenCountResponse


@dataclass(frozen=True, slots=True)
class GetTokenInfoResponse(Response):
    status: StatusField
    token_info: TokenInfo


@dataclass(frozen=True, slots=True)
class GetTokenInfo(Command):
    ID: ClassVar = 0x0101
    RESPONSE: ClassVar = GetTokenInfoResponse

    index: UInt8


@dataclass(frozen=True, slots=True)
class SetTokenDataResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetTokenData(Command):
    ID: ClassVar = 0x0103
    RESPONSE: ClassVar = SetTokenDataResponse

    token: UInt32
    index: UInt32
    token_data: Bytes32


@dataclass(frozen=True, slots=True)
class ResetNodeResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class ResetNode(Command):
    ID: ClassVar = 0x0104
    RESPONSE: ClassVar = ResetNodeResponse


@dataclass(frozen=True, slots=True)
class GpSecurityTestVectorsResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class GpSecurityTestVectors(Command):
    ID: ClassVar = 0x0117
    RESPONSE: ClassVar = GpSecurityTestVectorsResponse
