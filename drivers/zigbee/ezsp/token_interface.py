"""UG100 "Token Interface Frames": what the stick keeps in its flash."""

from dataclasses import dataclass
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Command, Response
from drivers.zigbee.ezsp.status import StatusField
from drivers.zigbee.wire import Bool, Bytes32, UInt32


@dataclass(frozen=True, slots=True)
class GetTokenDataResponse(Response):
    status: StatusField
    token_data: Bytes32


@dataclass(frozen=True, slots=True)
class GetTokenData(Command):
    """UG100 getTokenData."""

    ID: ClassVar = 0x0102
    RESPONSE: ClassVar = GetTokenDataResponse

    token: UInt32
    index: UInt32


@dataclass(frozen=True, slots=True)
class TokenFactoryResetResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class TokenFactoryReset(Command):
    """UG100 tokenFactoryReset: forgets the network."""

    ID: ClassVar = 0x0077
    RESPONSE: ClassVar = TokenFactoryResetResponse

    exclude_outgoing_frame_counters: Bool
    exclude_boot_counter: Bool
