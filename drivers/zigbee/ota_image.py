"""A firmware file of a device, by its header: whose, of which kind, how new, and whether it is whole.

ZCL8 (07-5123-08) §11.4, OTA file format: a header, then sub-elements of tag, length and data. Some makers put another
header before it, which is cut off. What the firmware itself is, and whether its signature is good, only the device can
tell.
"""

from dataclasses import dataclass
from struct import Struct, error
from typing import Final

MAGIC: Final = (0x0BEEF11E).to_bytes(4, "little")
HEADER_VERSION: Final = 0x0100
SIZE_MAX: Final = 16 * 1024 * 1024
WRAPPER_MAX: Final = 4096
"""Bytes of another maker's header before the file."""
_HEADER: Final = Struct("<4sHHHHHIH32sI")
_ELEMENT: Final = Struct("<HI")
_HAS_CREDENTIAL: Final = 0x0001
_HAS_DESTINATION: Final = 0x0002
_HAS_HARDWARE: Final = 0x0004


class BadImage(ValueError):
    """What is wrong with a file, for people."""


@dataclass(frozen=True, slots=True)
class OtaImage:
    manufacturer_code: int
    image_type: int
    file_version: int
    name: str
    """The header's own text."""
    data: bytes
    """Header and all, as the device takes it."""
    destination: int | None = None
    """The EUI64 of the only device that it is for."""
    hardware: tuple[int, int] | None = None
    """The lowest and the highest hardware version that it is for."""

    def fits(self, hardware_version: int | None) -> bool:
        if self.hardware is None or hardware_version is None:
            return True
        low, high = self.hardware
        return low <= hardware_version <= high


def read_image(file: bytes) -> OtaImage:
    """Raises BadImage."""
    start = file.find(MAGIC, 0, WRAPPER_MAX)
    if start < 0:
        raise BadImage("it is no OTA file: its mark 0x0BEEF11E is missing")
    data = file[start:]
    try:
        _, version, length, control, maker, kind, number, _, name, size = _HEADER.unpack_from(data)
    except error:
        raise BadImage("it ends within its header") from None
    if version != HEADER_VERSION:
        raise BadImage(f"its header is of version 0x{version:04x}, and only 0x{HEADER_VERSION:04x} is known")
    if not _HEADER.size <= length <= len(data):
        raise BadImage(f"its header claims to have {length} bytes")
    if size > len(data):
        raise BadImage(f"it is cut off: {len(data)} bytes of {size}")
    if size > SIZE_MAX:
        raise BadImage(f"it is larger than {SIZE_MAX} bytes")
    data = data[:size]
    destination, hardware = _optional(data, length, control)
    _check_elements(data, length)
    text = name.split(b"\0")[0].decode("ascii", "replace").strip()
    return OtaImage(maker, kind, number, text, data, destination, hardware)


def _optional(data: bytes, length: int, control: int) -> tuple[int | None, tuple[int, int] | None]:
    """§11.4.2: which fields follow, the field control says."""
    at = _HEADER.size + (1 if control & _HAS_CREDENTIAL else 0)
    destination = None
    if control & _HAS_DESTINATION:
        destination = int.from_bytes(data[at : at + 8], "little")
        at += 8
    hardware = None
    if control & _HAS_HARDWARE:
        hardware = (int.from_bytes(data[at : at + 2], "little"), int.from_bytes(data[at + 2 : at + 4], "little"))
        at += 4
    if at > length:
        raise BadImage("its header is shorter than its fields")
    return destination, hardware


def _check_elements(data: bytes, at: int) -> None:
    """They fill the file, to its last byte."""
    if at == len(data):
        raise BadImage("there is nothing in it but a header")
    while at < len(data):
        if at + _ELEMENT.size > len(data):
            raise BadImage("it ends within a part of it")
        _, length = _ELEMENT.unpack_from(data, at)
        at += _ELEMENT.size + length
    if at != len(data):
        raise BadImage("a part of it is longer than the file")
