"""IAS Zone: an alarm system's sensors: doors, motion, smoke, water (ZCL8, 8.2)."""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import ClassVar

from drivers.zigbee.wire import UInt8, UInt16
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand, Notification, ServerCommand
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.fields import MaybeUInt8, MaybeUInt16

CLUSTER_ID = 0x0500


class ZoneState(IntEnum):
    NOT_ENROLLED = 0x00
    ENROLLED = 0x01


class ZoneType(IntEnum):
    """ZCL8, 8.2.2.2.1.2. From 0x8000 on they are a maker's own."""

    STANDARD_CIE = 0x0000
    MOTION_SENSOR = 0x000D
    CONTACT_SWITCH = 0x0015
    DOOR_WINDOW_HANDLE = 0x0016
    FIRE_SENSOR = 0x0028
    WATER_SENSOR = 0x002A
    CARBON_MONOXIDE_SENSOR = 0x002B
    """Also of sensors for other gases: the ZCL called it so before."""
    PERSONAL_EMERGENCY_DEVICE = 0x002C
    VIBRATION_MOVEMENT_SENSOR = 0x002D
    REMOTE_CONTROL = 0x010F
    KEY_FOB = 0x0115
    KEYPAD = 0x021D
    STANDARD_WARNING_DEVICE = 0x0225
    GLASS_BREAK_SENSOR = 0x0226
    SECURITY_REPEATER = 0x0229


class ZoneStatus(IntFlag):
    """ZCL8, 8.2.2.2.1.3. What the alarms mean depends on the zone's type (table 8-6)."""

    ALARM_1 = 0x0001
    ALARM_2 = 0x0002
    TAMPER = 0x0004
    BATTERY_LOW = 0x0008
    SUPERVISION_NOTIFY = 0x0010
    RESTORE_NOTIFY = 0x0020
    TROUBLE = 0x0040
    AC_FAULT = 0x0080
    TEST = 0x0100
    BATTERY_DEFECT = 0x0200


class EnrollResponseCode(IntEnum):
    """ZCL8, 8.2.2.3.1.1."""

    SUCCESS = 0x00
    NOT_SUPPORTED = 0x01
    NO_ENROLL_PERMIT = 0x02
    TOO_MANY_ZONES = 0x03


@dataclass(frozen=True, slots=True)
class ZoneEnrollResponse(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    enroll_response_code: UInt8
    """An EnrollResponseCode, where it is one that is known here."""
    zone_id: UInt8


@dataclass(frozen=True, slots=True)
class InitiateNormalOperationMode(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01


@dataclass(frozen=True, slots=True)
class InitiateTestMode(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    duration_s: UInt8
    current_zone_sensitivity_level: UInt8


@dataclass(frozen=True, slots=True)
class ZoneStatusChangeNotification(Notification):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    zone_status: UInt16
    """Bits of ZoneStatus."""
    extended_status: UInt8 = 0
    zone_id: MaybeUInt8 = None
    """Absent, with the delay, before HA 1.2."""
    delay: MaybeUInt16 = None
    """Since the change, in quarters of a second."""


@dataclass(frozen=True, slots=True)
class ZoneEnrollRequest(Notification):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    zone_type: UInt16
    """A ZoneType, where it is one that is known here."""
    manufacturer_code: UInt16


@dataclass(frozen=True, slots=True)
class InitiateNormalOperationModeResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02


@dataclass(frozen=True, slots=True)
class InitiateTestModeResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03


IAS_ZONE = Cluster(
    id=CLUSTER_ID,
    name="ias_zone",
    attributes=(
        AttributeDef(0x0000, "zone_state", DataType.ENUM8),
        AttributeDef(0x0001, "zone_type", DataType.ENUM16),
        AttributeDef(0x0002, "zone_status", DataType.BITMAP16),
        AttributeDef(0x0010, "ias_cie_address", DataType.EUI64, writable=True),
        AttributeDef(0x0011, "zone_id", DataType.UINT8),
        AttributeDef(0x0012, "number_of_zone_sensitivity_levels_supported", DataType.UINT8),
        AttributeDef(0x0013, "current_zone_sensitivity_level", DataType.UINT8, writable=True),
    ),
    received=(ZoneEnrollResponse, InitiateNormalOperationMode, InitiateTestMode),
    generated=(
        ZoneStatusChangeNotification,
        ZoneEnrollRequest,
        InitiateNormalOperationModeResponse,
        InitiateTestModeResponse,
    ),
)
