"""UG100 "Bootloader Frames": handing the stick over to what writes its firmware."""

from dataclasses import dataclass, field
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Callback, Command, Response, StatusResponse
from drivers.zigbee.ezsp.status import EmberStatusField, StatusField
from drivers.zigbee.ezsp.structures import RxPacketInfo
from drivers.zigbee.wire import Bool, Bytes8, Eui64, Key, UInt8, UInt16


@dataclass(frozen=True, slots=True)
class LaunchStandaloneBootloaderResponse(Response):
    status: EmberStatusField
    """One byte in every version."""


@dataclass(frozen=True, slots=True)
class LaunchStandaloneBootloader(Command):
    """The stick leaves EZSP: what answers on the port from now on is the bootloader."""

    ID: ClassVar = 0x008F
    RESPONSE: ClassVar = LaunchStandaloneBootloaderResponse

    enabled: Bool


@dataclass(frozen=True, slots=True)
class GetStandaloneBootloaderVersionPlatMicroPhyResponse(Response):
    bootloader_version: UInt16
    """0xFFFF: there is none."""
    node_platform: UInt8
    node_micro: UInt8
    node_phy: UInt8


@dataclass(frozen=True, slots=True)
class GetStandaloneBootloaderVersionPlatMicroPhy(Command):
    ID: ClassVar = 0x0091
    RESPONSE: ClassVar = GetStandaloneBootloaderVersionPlatMicroPhyResponse


@dataclass(frozen=True, slots=True)
class SendBootloadMessageResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SendBootloadMessage(Command):
    ID: ClassVar = 0x0090
    RESPONSE: ClassVar = SendBootloadMessageResponse

    broadcast: Bool
    dest_eui64: Eui64
    message: Bytes8


@dataclass(frozen=True, slots=True)
class IncomingBootloadMessageHandler(Callback):
    ID: ClassVar = 0x0092

    long_id: Eui64
    packet_info: RxPacketInfo
    message: Bytes8


@dataclass(frozen=True, slots=True)
class BootloadTransmitCompleteHandler(Callback):
    ID: ClassVar = 0x0093

    status: StatusField
    message: Bytes8


@dataclass(frozen=True, slots=True)
class AesEncryptResponse(Response):
    ciphertext: Key = field(repr=False)


@dataclass(frozen=True, slots=True)
class AesEncrypt(Command):
    ID: ClassVar = 0x0094
    RESPONSE: ClassVar = AesEncryptResponse

    plaintext: Key = field(repr=False)
    key: Key = field(repr=False)
