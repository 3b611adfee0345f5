"""Z-Wave Plus Info, version 2: the role a node plays in the network and the icons that stand for it.

SDS13782 (Z-Wave Management Command Class Specification), COMMAND_CLASS_ZWAVEPLUS_INFO. Version 2 adds the icons.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.command import need

COMMAND_CLASS = 0x5E
VERSION = 2


class RoleType(IntEnum):
    CENTRAL_STATIC_CONTROLLER = 0x00
    SUB_STATIC_CONTROLLER = 0x01
    PORTABLE_CONTROLLER = 0x02
    PORTABLE_REPORTING_CONTROLLER = 0x03
    PORTABLE_END_NODE = 0x04
    ALWAYS_ON_END_NODE = 0x05
    SLEEPING_REPORTING_END_NODE = 0x06
    SLEEPING_LISTENING_END_NODE = 0x07
    NETWORK_AWARE_END_NODE = 0x08
    WAKE_ON_EVENT_END_NODE = 0x09


class NodeType(IntEnum):
    NODE = 0x00
    IP_GATEWAY = 0x02


@dataclass(frozen=True, slots=True)
class ZWavePlusInfoGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class ZWavePlusInfoReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    zwave_plus_version: int
    role_type: int
    """RoleType, or a later one."""
    node_type: int
    """NodeType, or a later one."""
    installer_icon: int | None = None
    user_icon: int | None = None
    """Absent, both icons, in version 1."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, self.zwave_plus_version, self.role_type, self.node_type))
        if self.installer_icon is None or self.user_icon is None:
            return body
        return body + self.installer_icon.to_bytes(2, "big") + self.user_icon.to_bytes(2, "big")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        if len(data) < 9:
            return cls(data[2], data[3], data[4])
        return cls(data[2], data[3], data[4], int.from_bytes(data[5:7], "big"), int.from_bytes(data[7:9], "big"))


COMMANDS = (ZWavePlusInfoGet, ZWavePlusInfoReport)
