"""CRC-16 Encapsulation, version 1: a command with a checksum better than the frame's own byte.

SDS13783 (Z-Wave Transport-Encapsulation Command Class Specification), COMMAND_CLASS_CRC_16_ENCAP; Z-Wave Specification
2024A, §4.2.1. CRC-CCITT, initial value 0x1D0F, over everything before it, the two bytes of the header included.
"""

from binascii import crc_hqx
from dataclasses import dataclass
from typing import ClassVar, Self

from drivers.zwave.command_classes.command import MalformedCommand, need

COMMAND_CLASS = 0x56
VERSION = 1

CRC_INITIAL = 0x1D0F


@dataclass(frozen=True, slots=True)
class Crc16Encap:
    """`payload` is a whole command. The checksum is not kept: it is written anew, and was right when read."""

    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    payload: bytes

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND)) + self.payload
        return body + crc_hqx(body, CRC_INITIAL).to_bytes(2, "big")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        if crc_hqx(data[:-2], CRC_INITIAL) != int.from_bytes(data[-2:], "big"):
            raise MalformedCommand(f"CRC-16 Encapsulation: wrong checksum: {data.hex()}")
        return cls(data[2:-2])


COMMANDS = (Crc16Encap,)
