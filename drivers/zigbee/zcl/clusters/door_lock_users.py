"""The users of a door lock: their codes, and what they may (ZCL8, 7.3)."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import ClassVar

from drivers.zigbee.wire import UInt8, UInt16
from drivers.zigbee.zcl.cluster import ClusterCommand, ServerCommand
from drivers.zigbee.zcl.fields import OctetString
from drivers.zigbee.zcl.status import Status

CLUSTER_ID = 0x0101
"""Door Lock: the cluster itself is in `door_lock`."""


class UserStatus(IntEnum):
    AVAILABLE = 0x00
    OCCUPIED_ENABLED = 0x01
    OCCUPIED_DISABLED = 0x03
    NOT_SUPPORTED = 0xFF


class UserType(IntEnum):
    UNRESTRICTED = 0x00
    YEAR_DAY_SCHEDULE = 0x01
    WEEK_DAY_SCHEDULE = 0x02
    MASTER = 0x03
    NON_ACCESS = 0x04
    COERCED = 0x05
    DISPOSABLE = 0x06
    NOT_SUPPORTED = 0xFF


class SetCodeStatus(IntEnum):
    SUCCESS = 0x00
    GENERAL_FAILURE = 0x01
    MEMORY_FULL = 0x02
    DUPLICATE_CODE = 0x03


@dataclass(frozen=True, slots=True)
class SetPin(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x05

    user_id: UInt16
    user_status: UInt8
    """A UserStatus, where it is one that is known here."""
    user_type: UInt8
    """A UserType, where it is one that is known here."""
    code: OctetString = field(repr=False)


@dataclass(frozen=True, slots=True)
class GetPin(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x06

    user_id: UInt16


@dataclass(frozen=True, slots=True)
class ClearPin(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x07

    user_id: UInt16


@dataclass(frozen=True, slots=True)
class ClearAllPins(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x08


@dataclass(frozen=True, slots=True)
class SetUserStatus(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x09

    user_id: UInt16
    user_status: UInt8


@dataclass(frozen=True, slots=True)
class GetUserStatus(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0A

    user_id: UInt16


@dataclass(frozen=True, slots=True)
class SetUserType(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x14

    user_id: UInt16
    user_type: UInt8


@dataclass(frozen=True, slots=True)
class GetUserType(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x15

    user_id: UInt16


@dataclass(frozen=True, slots=True)
class SetRfid(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x16

    user_id: UInt16
    user_status: UInt8
    user_type: UInt8
    code: OctetString = field(repr=False)


@dataclass(frozen=True, slots=True)
class GetRfid(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x17

    user_id: UInt16


@dataclass(frozen=True, slots=True)
class ClearRfid(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x18

    user_id: UInt16


@dataclass(frozen=True, slots=True)
class ClearAllRfids(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x19


@dataclass(frozen=True, slots=True)
class SetPinResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x05

    status: UInt8
    """A SetCodeStatus, where it is one that is known here."""


@dataclass(frozen=True, slots=True)
class GetPinResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x06

    user_id: UInt16
    user_status: UInt8
    """A UserStatus, where it is one that is known here."""
    user_type: UInt8
    """A UserType, where it is one that is known here."""
    code: OctetString = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClearPinResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x07

    status: Status


@dataclass(frozen=True, slots=True)
class ClearAllPinsResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x08

    status: Status


@dataclass(frozen=True, slots=True)
class SetUserStatusResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x09

    status: Status


@dataclass(frozen=True, slots=True)
class GetUserStatusResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0A

    user_id: UInt16
    user_status: UInt8


@dataclass(frozen=True, slots=True)
class SetUserTypeResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x14

    status: Status


@dataclass(frozen=True, slots=True)
class GetUserTypeResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x15

    user_id: UInt16
    user_type: UInt8


@dataclass(frozen=True, slots=True)
class SetRfidResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x16

    status: UInt8
    """A SetCodeStatus, where it is one that is known here."""


@dataclass(frozen=True, slots=True)
class GetRfidResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x17

    user_id: UInt16
    user_status: UInt8
    user_type: UInt8
    code: OctetString = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClearRfidResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x18

    status: Status


@dataclass(frozen=True, slots=True)
class ClearAllRfidsResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x19

    status: Status


RECEIVED = (
    SetPin,
    GetPin,
    ClearPin,
    ClearAllPins,
    SetUserStatus,
    GetUserStatus,
    SetUserType,
    GetUserType,
    SetRfid,
    GetRfid,
    ClearRfid,
    ClearAllRfids,
)
GENERATED = (
    SetPinResponse,
    GetPinResponse,
    ClearPinResponse,
    ClearAllPinsResponse,
    SetUserStatusResponse,
    GetUserStatusResponse,
    SetUserTypeResponse,
    GetUserTypeResponse,
    SetRfidResponse,
    GetRfidResponse,
    ClearRfidResponse,
    ClearAllRfidsResponse,
)
