"""What a Green Power device says: its command numbers and how it asks to be paired (14-0563-18, A.4).

It is inside the payload of a GpNotification or a GpCommissioningNotification.
"""

from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Annotated, Any, Self

from drivers.zigbee.wire import Fixed, Listed, Number, Record, UInt8, cut
from drivers.zigbee.zcl.conditional import ConditionalRecord, Where, bit


class GpdCommand(IntEnum):
    IDENTIFY = 0x00
    RECALL_SCENE_0 = 0x10
    RECALL_SCENE_1 = 0x11
    RECALL_SCENE_2 = 0x12
    RECALL_SCENE_3 = 0x13
    RECALL_SCENE_4 = 0x14
    RECALL_SCENE_5 = 0x15
    RECALL_SCENE_6 = 0x16
    RECALL_SCENE_7 = 0x17
    STORE_SCENE_0 = 0x18
    STORE_SCENE_1 = 0x19
    STORE_SCENE_2 = 0x1A
    STORE_SCENE_3 = 0x1B
    STORE_SCENE_4 = 0x1C
    STORE_SCENE_5 = 0x1D
    STORE_SCENE_6 = 0x1E
    STORE_SCENE_7 = 0x1F
    OFF = 0x20
    ON = 0x21
    TOGGLE = 0x22
    RELEASE = 0x23
    MOVE_UP = 0x30
    MOVE_DOWN = 0x31
    STEP_UP = 0x32
    STEP_DOWN = 0x33
    LEVEL_CONTROL_STOP = 0x34
    MOVE_UP_WITH_ON_OFF = 0x35
    MOVE_DOWN_WITH_ON_OFF = 0x36
    STEP_UP_WITH_ON_OFF = 0x37
    STEP_DOWN_WITH_ON_OFF = 0x38
    MOVE_HUE_STOP = 0x40
    MOVE_HUE_UP = 0x41
    MOVE_HUE_DOWN = 0x42
    STEP_HUE_UP = 0x43
    STEP_HUE_DOWN = 0x44
    MOVE_SATURATION_STOP = 0x45
    MOVE_SATURATION_UP = 0x46
    MOVE_SATURATION_DOWN = 0x47
    STEP_SATURATION_UP = 0x48
    STEP_SATURATION_DOWN = 0x49
    MOVE_COLOR = 0x4A
    STEP_COLOR = 0x4B
    LOCK_DOOR = 0x50
    UNLOCK_DOOR = 0x51
    PRESS_1_OF_1 = 0x60
    RELEASE_1_OF_1 = 0x61
    PRESS_1_OF_2 = 0x62
    RELEASE_1_OF_2 = 0x63
    PRESS_2_OF_2 = 0x64
    RELEASE_2_OF_2 = 0x65
    SHORT_PRESS_1_OF_1 = 0x66
    SHORT_PRESS_1_OF_2 = 0x67
    SHORT_PRESS_2_OF_2 = 0x68
    VECTOR_PRESS = 0x69
    """The payload has a bit for each contact."""
    VECTOR_RELEASE = 0x6A
    ATTRIBUTE_REPORTING = 0xA0
    MANUFACTURER_ATTRIBUTE_REPORTING = 0xA1
    MULTI_CLUSTER_REPORTING = 0xA2
    MANUFACTURER_MULTI_CLUSTER_REPORTING = 0xA3
    REQUEST_ATTRIBUTES = 0xA4
    READ_ATTRIBUTES_RESPONSE = 0xA5
    ZCL_TUNNELING = 0xA6
    COMPACT_ATTRIBUTE_REPORTING = 0xA8
    COMMISSIONING = 0xE0
    DECOMMISSIONING = 0xE1
    SUCCESS = 0xE2
    CHANNEL_REQUEST = 0xE3
    APPLICATION_DESCRIPTION = 0xE4
    COMMISSIONING_REPLY = 0xF0
    """This and the following are said to the device."""
    WRITE_ATTRIBUTES = 0xF1
    READ_ATTRIBUTES = 0xF2
    CHANNEL_CONFIGURATION = 0xF3


class Option(IntFlag):
    """Of a Commissioning."""

    MAC_SEQUENCE_NUMBERS = 0x01
    RX_ON = 0x02
    APPLICATION_INFORMATION = 0x04
    PAN_ID_REQUEST = 0x10
    KEY_REQUEST = 0x20
    FIXED_LOCATION = 0x40
    EXTENDED = 0x80


class ExtendedOption(IntFlag):
    """Of a Commissioning; the security level is in bits 0-1, the key type in bits 2-4."""

    KEY = 0x20
    KEY_ENCRYPTED = 0x40
    OUTGOING_COUNTER = 0x80


class ApplicationInformation(IntFlag):
    MANUFACTURER_ID = 0x01
    MODEL_ID = 0x02
    COMMANDS = 0x04
    CLUSTERS = 0x08
    SWITCH = 0x10


@dataclass(frozen=True, slots=True)
class ClusterList:
    """Which clusters the device serves and uses. At most 15 of each."""

    servers: tuple[int, ...] = ()
    clients: tuple[int, ...] = ()


class _ClusterList:
    """Both numbers in one byte, then the clusters."""

    def pack(self, value: ClusterList, version: int) -> bytes:
        counts = bytes((len(value.servers) | len(value.clients) << 4,))
        return counts + Listed(Number(2), 0).pack((*value.servers, *value.clients), version)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[Any, int]:
        counts = cut(data, at, at + 1)[0]
        servers, clients = counts & 0x0F, counts >> 4
        end = at + 1 + 2 * (servers + clients)
        found = Listed(Number(2), 0).unpack(cut(data, at + 1, end), 0, 0)[0]
        return ClusterList(found[:servers], found[servers:]), end


@dataclass(frozen=True, slots=True, kw_only=True)
class Commissioning(ConditionalRecord):
    """The device asks to be paired (command 0xE0). Not only a switch says what it is."""

    device_id: UInt8
    """0x02 an on/off switch, 0x07 a generic switch, 0x30 a temperature sensor, 0xFE unspecified..."""
    options: UInt8
    """Bits of Option."""
    extended_options: Annotated[int | None, Where(Number(1), bit("options", Option.EXTENDED))] = None
    """Bits of ExtendedOption and more."""
    key: Annotated[bytes | None, Where(Fixed(16), bit("extended_options", ExtendedOption.KEY))] = field(
        default=None, repr=False
    )
    key_mic: Annotated[int | None, Where(Number(4), bit("extended_options", ExtendedOption.KEY_ENCRYPTED))] = None
    outgoing_counter: Annotated[
        int | None, Where(Number(4), bit("extended_options", ExtendedOption.OUTGOING_COUNTER))
    ] = None
    application_information: Annotated[int | None, Where(Number(1), bit("options", Option.APPLICATION_INFORMATION))] = (
        None
    )
    """Bits of ApplicationInformation."""
    manufacturer_id: Annotated[
        int | None, Where(Number(2), bit("application_information", ApplicationInformation.MANUFACTURER_ID))
    ] = None
    model_id: Annotated[
        int | None, Where(Number(2), bit("application_information", ApplicationInformation.MODEL_ID))
    ] = None
    commands: Annotated[
        tuple[int, ...] | None,
        Where(Listed(Number(1)), bit("application_information", ApplicationInformation.COMMANDS)),
    ] = None
    clusters: Annotated[
        ClusterList | None, Where(_ClusterList(), bit("application_information", ApplicationInformation.CLUSTERS))
    ] = None
    switch: Annotated[
        tuple[int, ...] | None,
        Where(Listed(Number(1)), bit("application_information", ApplicationInformation.SWITCH)),
    ] = None
    """The number of contacts and kind of switch, then which of the contacts is pressed."""


@dataclass(frozen=True, slots=True)
class ChannelRequest(Record):
    """The device asks which channel to use (command 0xE3): where it will listen next, and after that. 0 is 11."""

    next_channel: int
    second_next_channel: int

    def to_bytes(self, version: int = 0) -> bytes:
        return bytes((self.next_channel | self.second_next_channel << 4,))

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        byte = cut(data, at, at + 1)[0]
        return cls(byte & 0x0F, byte >> 4), at + 1


@dataclass(frozen=True, slots=True)
class ChannelConfiguration(Record):
    """The answer to it (command 0xF3). Bit 4 is set for the basic combo of a hub; 0 is channel 11."""

    channel: UInt8


class ReplyOption(IntFlag):
    """Of a CommissioningReply; the security level is in bits 3-4, the key type in bits 5-7."""

    PAN_ID = 0x01
    KEY = 0x02
    KEY_ENCRYPTED = 0x04


def _encrypted(before: Any) -> bool:
    both = ReplyOption.KEY | ReplyOption.KEY_ENCRYPTED
    return bool(before["options"] & both == both)


def _counted(before: Any) -> bool:
    return _encrypted(before) and before["options"] >> 3 & 0x03 in (2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissioningReply(ConditionalRecord):
    """The answer to a Commissioning of a device that listens (command 0xF0)."""

    options: UInt8
    """Bits of ReplyOption and more."""
    pan_id: Annotated[int | None, Where(Number(2), bit("options", ReplyOption.PAN_ID))] = None
    key: Annotated[bytes | None, Where(Fixed(16), bit("options", ReplyOption.KEY))] = field(default=None, repr=False)
    key_mic: Annotated[int | None, Where(Number(4), _encrypted)] = None
    frame_counter: Annotated[int | None, Where(Number(4), _counted)] = None


PAYLOADS: dict[int, type[Record]] = {
    GpdCommand.COMMISSIONING: Commissioning,
    GpdCommand.CHANNEL_REQUEST: ChannelRequest,
    GpdCommand.COMMISSIONING_REPLY: CommissioningReply,
    GpdCommand.CHANNEL_CONFIGURATION: ChannelConfiguration,
}


def decode_payload(gpd_command: int, payload: bytes) -> Record | None:
    """The payload of a command that has one which is kept here; None for another. Raises MalformedFrame."""
    kind = PAYLOADS.get(gpd_command)
    return None if kind is None else kind.from_bytes(payload)
