"""OTA Upgrade: new firmware for devices (ZCL8, 11). The server has the images, the device is its client.

Devices ask: what is the next image, then block after block or page after page, then whether to start with it. The
file that the blocks come from is in `zcl.ota_upgrade.ota_file`.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, Any, ClassVar, Final, Self

from drivers.zigbee.wire import Eui64, Nested, Number, Record, Trailing, UInt8, UInt16, UInt32, WireType, cut
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand, ServerCommand
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.fields import MaybeUInt16, MaybeUInt32
from drivers.zigbee.zcl.status import Status, ZclStatus, status_of

CLUSTER_ID = 0x0019

ANY = 0xFFFF
"""Any manufacturer, any image type."""
ANY_VERSION = 0xFFFFFFFF
UNTIL_TOLD = 0xFFFFFFFF
"""An upgrade time: wait for another Upgrade End Response."""


class UpgradeStatus(IntEnum):
    """The attribute image_upgrade_status."""

    NORMAL = 0x00
    DOWNLOAD_IN_PROGRESS = 0x01
    DOWNLOAD_COMPLETE = 0x02
    WAITING_TO_UPGRADE = 0x03
    COUNT_DOWN = 0x04
    WAIT_FOR_MORE = 0x05
    WAITING_TO_UPGRADE_VIA_EXTERNAL_EVENT = 0x06


class ImageTypeValue(IntEnum):
    """Image types that are no maker's own."""

    SECURITY_CREDENTIAL = 0xFFC0
    CONFIGURATION = 0xFFC1
    LOG = 0xFFC2
    PICTURE = 0xFFC3


class PayloadType(IntEnum):
    """How much an Image Notify names."""

    QUERY_JITTER = 0x00
    MANUFACTURER_CODE = 0x01
    IMAGE_TYPE = 0x02
    FILE_VERSION = 0x03


@dataclass(frozen=True, slots=True)
class Image(Record):
    """Whose, of which kind, and how new: the same three numbers in almost every command."""

    manufacturer_code: UInt16
    image_type: UInt16
    file_version: UInt32


class _Optional:
    """A field control byte and an image, with fields behind that are there where the control has their bit."""

    def __init__(self, *fields: tuple[int, WireType]) -> None:
        self.fields = fields

    def pack(self, values: tuple[Any, ...]) -> bytes:
        return b"".join(
            kind.pack(value, 0) for (_, kind), value in zip(self.fields, values, strict=True) if value is not None
        )

    def control(self, values: tuple[Any, ...]) -> int:
        return sum(bit for (bit, _), value in zip(self.fields, values, strict=True) if value is not None)

    def unpack(self, control: int, data: bytes, at: int) -> tuple[tuple[Any, ...], int]:
        found: list[Any] = []
        for bit, kind in self.fields:
            # Some devices set the bit of a field that they leave out at the end (zigbee-herdsman's tests have one).
            value, at = kind.unpack(data, at, 0) if control & bit and at < len(data) else (None, at)
            found.append(value)
        return tuple(found), at


_HARDWARE: Final = _Optional((0x01, Number(2)))
_BLOCK: Final = _Optional((0x01, Number(8)), (0x02, Number(2)))
_PAGE: Final = _Optional((0x01, Number(8)))


@dataclass(frozen=True, slots=True)
class Wait(Record):
    """Ask again later: both times in seconds since 2000, or the current one 0 and the other a delay."""

    current_time: UInt32
    request_time: UInt32
    minimum_block_period: MaybeUInt16 = None
    """In milliseconds."""


@dataclass(frozen=True, slots=True)
class QueryNextImageRequest(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    image: Image
    """With the version that runs at present."""
    hardware_version: int | None = None

    def to_bytes(self, version: int = 0) -> bytes:
        optional = (self.hardware_version,)
        return bytes((_HARDWARE.control(optional),)) + self.image.to_bytes() + _HARDWARE.pack(optional)

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        control = cut(data, at, at + 1)[0]
        image, at = Image.unpack(data, at + 1)
        optional, at = _HARDWARE.unpack(control, data, at)
        return cls(image, *optional), at


@dataclass(frozen=True, slots=True)
class ImageBlockRequest(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03

    image: Image
    file_offset: int
    max_data_size: int
    request_node_address: int | None = None
    """An EUI64."""
    minimum_block_period: int | None = None
    """In milliseconds: how fast the device can take blocks at present."""

    def to_bytes(self, version: int = 0) -> bytes:
        optional = (self.request_node_address, self.minimum_block_period)
        head = bytes((_BLOCK.control(optional),)) + self.image.to_bytes() + self.file_offset.to_bytes(4, "little")
        return head + bytes((self.max_data_size,)) + _BLOCK.pack(optional)

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        control = cut(data, at, at + 1)[0]
        image, at = Image.unpack(data, at + 1)
        *offset, size = cut(data, at, at + 5)
        optional, at = _BLOCK.unpack(control, data, at + 5)
        return cls(image, int.from_bytes(offset, "little"), size, *optional), at


@dataclass(frozen=True, slots=True)
class ImagePageRequest(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x04

    image: Image
    file_offset: int
    max_data_size: int
    page_size: int
    response_spacing_ms: int
    request_node_address: int | None = None
    """An EUI64."""

    def to_bytes(self, version: int = 0) -> bytes:
        optional = (self.request_node_address,)
        head = bytes((_PAGE.control(optional),)) + self.image.to_bytes() + self.file_offset.to_bytes(4, "little")
        page = self.page_size.to_bytes(2, "little") + self.response_spacing_ms.to_bytes(2, "little")
        return head + bytes((self.max_data_size,)) + page + _PAGE.pack(optional)

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        control = cut(data, at, at + 1)[0]
        image, at = Image.unpack(data, at + 1)
        numbers = (int.from_bytes(cut(data, at + a, at + b), "little") for a, b in ((0, 4), (4, 5), (5, 7), (7, 9)))
        optional, end = _PAGE.unpack(control, data, at + 9)
        return cls(image, *numbers, *optional), end


@dataclass(frozen=True, slots=True)
class UpgradeEndRequest(ClusterCommand):
    """The download is over: SUCCESS, INVALID_IMAGE, REQUIRE_MORE_IMAGE or ABORT."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x06

    status: Status
    image: Annotated[Image, Nested(Image)]


@dataclass(frozen=True, slots=True)
class QuerySpecificFileRequest(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x08

    request_node_address: Eui64
    image: Annotated[Image, Nested(Image)]
    zigbee_stack_version: UInt16


@dataclass(frozen=True, slots=True)
class ImageNotify(ServerCommand):
    """There may be a new image. To one device, or to many, who ask after a random delay."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    payload_type: UInt8
    """A PayloadType: it says which of the fields behind the jitter are there."""
    query_jitter: UInt8
    """1-100: of a hundred devices so many ask at once."""
    manufacturer_code: MaybeUInt16 = None
    image_type: MaybeUInt16 = None
    new_file_version: MaybeUInt32 = None


@dataclass(frozen=True, slots=True)
class QueryNextImageResponse(ServerCommand):
    """What follows the status is there with SUCCESS only."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    status: Status
    image: Annotated[Image | None, Trailing(Nested(Image))] = None
    image_size: MaybeUInt32 = None


@dataclass(frozen=True, slots=True)
class ImageBlockResponse(ServerCommand):
    """A block, with SUCCESS; when to ask again, with WAIT_FOR_DATA; nothing more, with ABORT."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x05

    status: int
    image: Image | None = None
    file_offset: int = 0
    data: bytes = b""
    wait: Wait | None = None

    def to_bytes(self, version: int = 0) -> bytes:
        head = bytes((self.status,))
        if self.wait is not None:
            return head + self.wait.to_bytes()
        if self.image is None:
            return head
        block = self.file_offset.to_bytes(4, "little") + bytes((len(self.data),)) + self.data
        return head + self.image.to_bytes() + block

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        status = status_of(cut(data, at, at + 1)[0])
        at += 1
        if status == ZclStatus.WAIT_FOR_DATA:
            wait, at = Wait.unpack(data, at)
            return cls(status, wait=wait), at
        if status != ZclStatus.SUCCESS:
            return cls(status), at
        image, at = Image.unpack(data, at)
        *offset, size = cut(data, at, at + 5)
        end = at + 5 + size
        return cls(status, image, int.from_bytes(offset, "little"), cut(data, at + 5, end)), end


@dataclass(frozen=True, slots=True)
class UpgradeEndResponse(ServerCommand):
    """When to start the new image: both times in seconds since 2000, or the current one 0 and the other a delay."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x07

    image: Annotated[Image, Nested(Image)]
    current_time: UInt32
    upgrade_time: UInt32


@dataclass(frozen=True, slots=True)
class QuerySpecificFileResponse(ServerCommand):
    """What follows the status is there with SUCCESS only."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x09

    status: Status
    image: Annotated[Image | None, Trailing(Nested(Image))] = None
    image_size: MaybeUInt32 = None


OTA_UPGRADE = Cluster(
    id=CLUSTER_ID,
    name="ota_upgrade",
    received=(QueryNextImageRequest, ImageBlockRequest, ImagePageRequest, UpgradeEndRequest, QuerySpecificFileRequest),
    generated=(ImageNotify, QueryNextImageResponse, ImageBlockResponse, UpgradeEndResponse, QuerySpecificFileResponse),
    client_attributes=(
        AttributeDef(0x0000, "upgrade_server_id", DataType.EUI64),
        AttributeDef(0x0001, "file_offset", DataType.UINT32),
        AttributeDef(0x0002, "current_file_version", DataType.UINT32),
        AttributeDef(0x0003, "current_zigbee_stack_version", DataType.UINT16),
        AttributeDef(0x0004, "downloaded_file_version", DataType.UINT32),
        AttributeDef(0x0005, "downloaded_zigbee_stack_version", DataType.UINT16),
        AttributeDef(0x0006, "image_upgrade_status", DataType.ENUM8),
        AttributeDef(0x0007, "manufacturer_id", DataType.UINT16),
        AttributeDef(0x0008, "image_type_id", DataType.UINT16),
        AttributeDef(0x0009, "minimum_block_request_period", DataType.UINT16),
        AttributeDef(0x000A, "image_stamp", DataType.UINT32),
        AttributeDef(0x000B, "upgrade_activation_policy", DataType.ENUM8),
        AttributeDef(0x000C, "upgrade_timeout_policy", DataType.ENUM8),
    ),
)
