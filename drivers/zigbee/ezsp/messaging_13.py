"""Messages in the name of another node in EZSP 13 and below. Those of `messaging` have an alias since version 14."""

from dataclasses import dataclass
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Command, Response
from drivers.zigbee.ezsp.status import StatusField
from drivers.zigbee.ezsp.structures import ApsFrame
from drivers.zigbee.ezsp.types import MessageTag
from drivers.zigbee.wire import Bytes8, UInt8, UInt16


@dataclass(frozen=True, slots=True)
class ProxyBroadcastResponse(Response):
    status: StatusField
    aps_sequence: UInt8


@dataclass(frozen=True, slots=True)
class ProxyBroadcast(Command):
    ID: ClassVar = 0x0037
    RESPONSE: ClassVar = ProxyBroadcastResponse

    source: UInt16
    destination: UInt16
    nwk_sequence: UInt8
    aps_frame: ApsFrame
    radius: UInt8
    message_tag: MessageTag
    message: Bytes8


@dataclass(frozen=True, slots=True)
class SendMulticastWithAliasResponse(Response):
    status: StatusField
    sequence: UInt8
    """Of the APS layer."""


@dataclass(frozen=True, slots=True)
class SendMulticastWithAlias(Command):
    ID: ClassVar = 0x003A
    RESPONSE: ClassVar = SendMulticastWithAliasResponse

    aps_frame: ApsFrame
    hops: UInt8
    nonmember_radius: UInt8
    alias: UInt16
    nwk_sequence: UInt8
    message_tag: MessageTag
    message: Bytes8
