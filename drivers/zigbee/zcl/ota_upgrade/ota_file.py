"""The Zigbee OTA file: whose firmware it is, for what, and the parts that the device is sent (ZCL8, 11.4).

A file is what a device is sent byte by byte, so `OtaFile.data` is exactly that; header and parts are read out of it.
Makers wrap it: something before it (IKEA signs so), something behind. `find_ota_file` looks for it. What the firmware
itself is, and whether its signature is good, only the device can tell; whether it is whole, `OtaFile.integrity`.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Annotated, Final, Self

from drivers.zigbee.wire import Fixed, MalformedFrame, Number, Record, UInt16, UInt32, cut
from drivers.zigbee.zcl.conditional import ConditionalRecord, Where, bit

MAGIC: Final = 0x0BEEF11E
HEADER_VERSION: Final = 0x0100
FILE_SIZE_MAX: Final = 16 * 1024 * 1024
ELEMENTS_MAX: Final = 64
PREFIX_MAX: Final = 4096
"""How far into a file the header is looked for."""

HUE: Final = 0x100B
HUE_BODY: Final = b"\x2a\x00\x01"
"""How what follows the header begins in Philips Hue's files, which have no elements at all (zigpy, ota/image.py)."""
_ELEMENT_HEAD: Final = 6
_MAGIC_BYTES: Final = MAGIC.to_bytes(4, "little")


class FieldControl(IntFlag):
    SECURITY_CREDENTIAL_VERSION = 0x0001
    DEVICE_SPECIFIC = 0x0002
    HARDWARE_VERSIONS = 0x0004


class ElementTag(IntEnum):
    """From 0xF000 on they are a maker's own."""

    UPGRADE_IMAGE = 0x0000
    ECDSA_SIGNATURE_1 = 0x0001
    ECDSA_CERTIFICATE_1 = 0x0002
    INTEGRITY_CODE = 0x0003
    PICTURE_DATA = 0x0004
    ECDSA_SIGNATURE_2 = 0x0005
    ECDSA_CERTIFICATE_2 = 0x0006
    TELINK_AES = 0xF000
    """Encrypted, with two bytes more before it (Telink's SDK, ota.h)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtaHeader(ConditionalRecord):
    magic: UInt32 = MAGIC
    header_version: UInt16 = HEADER_VERSION
    header_length: UInt16
    field_control: UInt16 = 0
    """Bits of FieldControl: they say which fields there are at the end."""
    manufacturer_code: UInt16
    image_type: UInt16
    file_version: UInt32
    zigbee_stack_version: UInt16
    header_string: Annotated[bytes, Fixed(32)]
    total_image_size: UInt32
    """The header included."""
    security_credential_version: Annotated[
        int | None, Where(Number(1), bit("field_control", FieldControl.SECURITY_CREDENTIAL_VERSION))
    ] = None
    destination: Annotated[int | None, Where(Number(8), bit("field_control", FieldControl.DEVICE_SPECIFIC))] = None
    """The EUI64 of the only device the file is for."""
    minimum_hardware_version: Annotated[
        int | None, Where(Number(2), bit("field_control", FieldControl.HARDWARE_VERSIONS))
    ] = None
    maximum_hardware_version: Annotated[
        int | None, Where(Number(2), bit("field_control", FieldControl.HARDWARE_VERSIONS))
    ] = None

    @property
    def title(self) -> str:
        """The header string as people read it."""
        return self.header_string.split(b"\x00")[0].decode(errors="replace").strip()

    def fits_hardware(self, version: int | None) -> bool:
        """Whether the file is for this hardware, as far as either says so."""
        if version is None or self.minimum_hardware_version is None or self.maximum_hardware_version is None:
            return True
        return self.minimum_hardware_version <= version <= self.maximum_hardware_version


@dataclass(frozen=True, slots=True)
class Element:
    """A part of the file; where it begins in it is where its tag does."""

    tag: int
    """An ElementTag, where it is one that is known here."""
    start: int
    data: bytes


@dataclass(frozen=True, slots=True)
class _ElementHead(Record):
    tag: UInt16
    length: UInt32


@dataclass(frozen=True, slots=True)
class OtaFile:
    header: OtaHeader
    elements: tuple[Element, ...]
    data: bytes
    """All of it, header included: what blocks are cut from."""

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises MalformedFrame, which says what is wrong. Bytes behind the file are left out."""
        header = _header(data)
        if not len(data) >= header.total_image_size >= header.header_length:
            raise MalformedFrame(f"an OTA file of {header.total_image_size} bytes, but {len(data)} are there")
        if header.total_image_size == header.header_length:
            raise MalformedFrame("an OTA file with nothing in it but a header")
        whole = data[: header.total_image_size]
        if header.manufacturer_code == HUE and whole.startswith(HUE_BODY, header.header_length):
            return cls(header, (), whole)
        return cls(header, _elements(whole, header.header_length), whole)

    def block(self, offset: int, size: int) -> bytes:
        """The part that a device asks for; less of it at the end. Raises MalformedFrame behind it."""
        if offset > len(self.data):
            raise MalformedFrame(f"a block at {offset} of a file of {len(self.data)} bytes")
        return self.data[offset : offset + size]

    @property
    def integrity(self) -> tuple[int, bytes] | None:
        """How much of it, from its beginning, has which AES-MMO hash; None where it does not say.

        It is of all before its element, as in Innr's files.
        """
        for element in self.elements:
            if element.tag == ElementTag.INTEGRITY_CODE:
                return element.start, element.data
        return None


def find_ota_file(data: bytes) -> OtaFile:
    """The file inside what a maker publishes. Raises MalformedFrame."""
    at = data.find(_MAGIC_BYTES, 0, PREFIX_MAX)
    if at < 0:
        raise MalformedFrame("no OTA file: its first four bytes are nowhere near the beginning")
    return OtaFile.from_bytes(data[at:])


def _header(data: bytes) -> OtaHeader:
    if data[:4] != _MAGIC_BYTES:
        raise MalformedFrame(f"no OTA file: it begins with {data[:4].hex()}")
    if len(data) > FILE_SIZE_MAX:
        raise MalformedFrame(f"an OTA file of {len(data)} bytes, at most {FILE_SIZE_MAX} are taken")
    header, end = OtaHeader.unpack(data, 0)
    if header.header_version >> 8 != HEADER_VERSION >> 8:
        raise MalformedFrame(f"an OTA file of version 0x{header.header_version:04x}, 0x0100 is known")
    if header.header_length < end:
        raise MalformedFrame(f"an OTA header that says {header.header_length} bytes and has {end}")
    return header


def _elements(data: bytes, at: int) -> tuple[Element, ...]:
    found: list[Element] = []
    while at < len(data):
        if found and len(data) - at < _ELEMENT_HEAD:
            # LEDVANCE fills its files up to a multiple of four.
            break
        start = at
        head, at = _ElementHead.unpack(data, at)
        if head.tag == ElementTag.TELINK_AES:
            at += 2
        end = at + head.length
        found.append(Element(head.tag, start, cut(data, at, end)))
        at = end
        if len(found) > ELEMENTS_MAX:
            raise MalformedFrame(f"an OTA file of more than {ELEMENTS_MAX} elements")
    return tuple(found)
