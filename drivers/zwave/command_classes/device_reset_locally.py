"""Device Reset Locally, version 1: a node's last words, said when somebody has reset it to factory default.

SDS13782 (Z-Wave Management Command Class Specification), COMMAND_CLASS_DEVICE_RESET_LOCALLY.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from drivers.zwave.command_classes.command import need

COMMAND_CLASS = 0x5A
VERSION = 1


@dataclass(frozen=True, slots=True)
class DeviceResetLocallyNotification:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


COMMANDS = (DeviceResetLocallyNotification,)
