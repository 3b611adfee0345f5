"""Door Lock: locking, unlocking, who did it (ZCL8, 7.3).

Codes are in `door_lock_users`, their schedules in `door_lock_schedules`.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import ClassVar

from drivers.zigbee.wire import UInt8, UInt16, UInt32
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand, Notification, ServerCommand
from drivers.zigbee.zcl.clusters import door_lock_schedules, door_lock_users
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.fields import MaybeOctetString, MaybeUInt8, MaybeUInt32, OctetString
from drivers.zigbee.zcl.status import Status

CLUSTER_ID = 0x0101


class LockState(IntEnum):
    NOT_FULLY_LOCKED = 0x00
    LOCKED = 0x01
    UNLOCKED = 0x02


class LockType(IntEnum):
    DEAD_BOLT = 0x00
    MAGNETIC = 0x01
    OTHER = 0x02
    MORTISE = 0x03
    RIM = 0x04
    LATCH_BOLT = 0x05
    CYLINDRICAL = 0x06
    TUBULAR = 0x07
    INTERCONNECTED = 0x08
    DEAD_LATCH = 0x09
    DOOR_FURNITURE = 0x0A


class DoorState(IntEnum):
    OPEN = 0x00
    CLOSED = 0x01
    ERROR_JAMMED = 0x02
    ERROR_FORCED_OPEN = 0x03
    ERROR_UNSPECIFIED = 0x04


class OperatingMode(IntEnum):
    NORMAL = 0x00
    VACATION = 0x01
    PRIVACY = 0x02
    NO_RF = 0x03
    PASSAGE = 0x04


class SoundVolume(IntEnum):
    SILENT = 0x00
    LOW = 0x01
    HIGH = 0x02
    MEDIUM = 0x03


class EventSource(IntEnum):
    KEYPAD = 0x00
    RF = 0x01
    MANUAL = 0x02
    RFID = 0x03
    BIOMETRIC = 0x04
    INDETERMINATE = 0xFF


class OperationEvent(IntEnum):
    """Which of them a source can have is in the ZCL's table for it."""

    UNKNOWN = 0x00
    LOCK = 0x01
    UNLOCK = 0x02
    LOCK_INVALID_PIN_OR_ID = 0x03
    LOCK_INVALID_SCHEDULE = 0x04
    UNLOCK_INVALID_PIN_OR_ID = 0x05
    UNLOCK_INVALID_SCHEDULE = 0x06
    ONE_TOUCH_LOCK = 0x07
    KEY_LOCK = 0x08
    KEY_UNLOCK = 0x09
    AUTO_LOCK = 0x0A
    SCHEDULE_LOCK = 0x0B
    SCHEDULE_UNLOCK = 0x0C
    MANUAL_LOCK = 0x0D
    MANUAL_UNLOCK = 0x0E
    NON_ACCESS_USER = 0x0F
    UNLOCK_COERCED_USER = 0x10
    FINGERPRINT_UNLOCK = 0x11
    FACE_ID_UNLOCK = 0x12
    FINGER_VEIN_UNLOCK = 0x13
    AUTO_UNLOCK = 0x14
    APPLICATION_UNLOCK = 0x15
    UNLOCK_DISPOSABLE_USER = 0x16


class ProgrammingEvent(IntEnum):
    UNKNOWN = 0x00
    MASTER_CODE_CHANGED = 0x01
    PIN_ADDED = 0x02
    PIN_DELETED = 0x03
    PIN_CHANGED = 0x04
    RFID_ADDED = 0x05
    RFID_DELETED = 0x06
    FINGERPRINT_ADDED = 0x07
    FINGERPRINT_DELETED = 0x08
    FACE_ID_ADDED = 0x09
    FACE_ID_DELETED = 0x0A
    FINGER_VEIN_ADDED = 0x0B
    FINGER_VEIN_DELETED = 0x0C


class AlarmCode(IntEnum):
    """Of the Alarms cluster for this one."""

    DEADBOLT_JAMMED = 0x00
    RESET_TO_FACTORY_DEFAULTS = 0x01
    RF_MODULE_POWER_CYCLED = 0x03
    WRONG_CODE_ENTRY_LIMIT = 0x04
    FRONT_ESCUTCHEON_REMOVED = 0x05
    DOOR_FORCED_OPEN = 0x06
    DOOR_AJAR = 0x07
    COERCED = 0x08


class EventType(IntEnum):
    """Of a log record."""

    OPERATION = 0x00
    PROGRAMMING = 0x01
    ALARM = 0x02


@dataclass(frozen=True, slots=True)
class LockDoor(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    code: MaybeOctetString = field(default=None, repr=False)
    """Needed where the attribute require_pin_for_rf_operation is set. Absent before HA 1.2."""


@dataclass(frozen=True, slots=True)
class UnlockDoor(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    code: MaybeOctetString = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Toggle(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    code: MaybeOctetString = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class UnlockWithTimeout(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03

    timeout_s: UInt16
    code: MaybeOctetString = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class GetLogRecord(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x04

    log_index: UInt16
    """0 for the newest."""


@dataclass(frozen=True, slots=True)
class LockDoorResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    status: Status


@dataclass(frozen=True, slots=True)
class UnlockDoorResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    status: Status


@dataclass(frozen=True, slots=True)
class ToggleResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    status: Status


@dataclass(frozen=True, slots=True)
class UnlockWithTimeoutResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03

    status: Status


@dataclass(frozen=True, slots=True)
class GetLogRecordResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x04

    log_index: UInt16
    time: UInt32
    """Seconds since 2000, local."""
    event_type: UInt8
    """An EventType, where it is one that is known here."""
    source: UInt8
    """An EventSource, where it is one that is known here."""
    event: UInt8
    """An OperationEvent, a ProgrammingEvent or an AlarmCode, by the type."""
    user_id: UInt16
    code: MaybeOctetString = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OperationEventNotification(Notification):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x20

    source: UInt8
    """An EventSource, where it is one that is known here."""
    event: UInt8
    """An OperationEvent, where it is one that is known here."""
    user_id: UInt16
    """0xFFFF where there is none."""
    code: OctetString = field(default=b"", repr=False)
    """Empty unless send_pin_over_the_air is set."""
    time: MaybeUInt32 = None
    """Seconds since 2000, local."""
    data: MaybeOctetString = None


@dataclass(frozen=True, slots=True)
class ProgrammingEventNotification(Notification):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x21

    source: UInt8
    """An EventSource, where it is one that is known here."""
    event: UInt8
    """A ProgrammingEvent, where it is one that is known here."""
    user_id: UInt16
    code: OctetString = field(default=b"", repr=False)
    user_type: MaybeUInt8 = None
    user_status: MaybeUInt8 = None
    time: MaybeUInt32 = None
    """Seconds since 2000, local."""
    data: MaybeOctetString = None


DOOR_LOCK = Cluster(
    id=CLUSTER_ID,
    name="door_lock",
    attributes=(
        AttributeDef(0x0000, "lock_state", DataType.ENUM8, reportable=True),
        AttributeDef(0x0001, "lock_type", DataType.ENUM8),
        AttributeDef(0x0002, "actuator_enabled", DataType.BOOLEAN),
        AttributeDef(0x0003, "door_state", DataType.ENUM8, reportable=True),
        AttributeDef(0x0004, "door_open_events", DataType.UINT32, writable=True),
        AttributeDef(0x0005, "door_closed_events", DataType.UINT32, writable=True),
        AttributeDef(0x0006, "open_period", DataType.UINT16, writable=True),
        AttributeDef(0x0010, "num_lock_records_supported", DataType.UINT16),
        AttributeDef(0x0011, "num_total_users_supported", DataType.UINT16),
        AttributeDef(0x0012, "num_pin_users_supported", DataType.UINT16),
        AttributeDef(0x0013, "num_rfid_users_supported", DataType.UINT16),
        AttributeDef(0x0014, "num_weekday_schedules_supported_per_user", DataType.UINT8),
        AttributeDef(0x0015, "num_yearday_schedules_supported_per_user", DataType.UINT8),
        AttributeDef(0x0016, "num_holiday_schedules_supported_per_user", DataType.UINT8),
        AttributeDef(0x0017, "max_pin_length", DataType.UINT8),
        AttributeDef(0x0018, "min_pin_length", DataType.UINT8),
        AttributeDef(0x0019, "max_rfid_code_length", DataType.UINT8),
        AttributeDef(0x001A, "min_rfid_code_length", DataType.UINT8),
        AttributeDef(0x0020, "enable_logging", DataType.BOOLEAN, reportable=True, writable=True),
        AttributeDef(0x0021, "language", DataType.CHAR_STRING, reportable=True, writable=True),
        AttributeDef(0x0022, "led_settings", DataType.UINT8, reportable=True, writable=True),
        AttributeDef(0x0023, "auto_relock_time", DataType.UINT32, reportable=True, writable=True),
        AttributeDef(0x0024, "sound_volume", DataType.UINT8, reportable=True, writable=True),
        AttributeDef(0x0025, "operating_mode", DataType.ENUM8, reportable=True, writable=True),
        AttributeDef(0x0026, "supported_operating_modes", DataType.BITMAP16),
        AttributeDef(0x0027, "default_configuration_register", DataType.BITMAP16, reportable=True),
        AttributeDef(0x0028, "enable_local_programming", DataType.BOOLEAN, reportable=True, writable=True),
        AttributeDef(0x0029, "enable_one_touch_locking", DataType.BOOLEAN, reportable=True, writable=True),
        AttributeDef(0x002A, "enable_inside_status_led", DataType.BOOLEAN, reportable=True, writable=True),
        AttributeDef(0x002B, "enable_privacy_mode_button", DataType.BOOLEAN, reportable=True, writable=True),
        AttributeDef(0x0030, "wrong_code_entry_limit", DataType.UINT8, reportable=True, writable=True),
        AttributeDef(0x0031, "user_code_temporary_disable_time", DataType.UINT8, reportable=True, writable=True),
        AttributeDef(0x0032, "send_pin_over_the_air", DataType.BOOLEAN, reportable=True, writable=True),
        AttributeDef(0x0033, "require_pin_for_rf_operation", DataType.BOOLEAN, reportable=True, writable=True),
        AttributeDef(0x0034, "zigbee_security_level", DataType.ENUM8, reportable=True),
        AttributeDef(0x0040, "alarm_mask", DataType.BITMAP16, reportable=True, writable=True),
        AttributeDef(0x0041, "keypad_operation_event_mask", DataType.BITMAP16, reportable=True, writable=True),
        AttributeDef(0x0042, "rf_operation_event_mask", DataType.BITMAP16, reportable=True, writable=True),
        AttributeDef(0x0043, "manual_operation_event_mask", DataType.BITMAP16, reportable=True, writable=True),
        AttributeDef(0x0044, "rfid_operation_event_mask", DataType.BITMAP16, reportable=True, writable=True),
        AttributeDef(0x0045, "keypad_programming_event_mask", DataType.BITMAP16, reportable=True, writable=True),
        AttributeDef(0x0046, "rf_programming_event_mask", DataType.BITMAP16, reportable=True, writable=True),
        AttributeDef(0x0047, "rfid_programming_event_mask", DataType.BITMAP16, reportable=True, writable=True),
    ),
    received=(
        LockDoor,
        UnlockDoor,
        Toggle,
        UnlockWithTimeout,
        GetLogRecord,
        *door_lock_users.RECEIVED,
        *door_lock_schedules.RECEIVED,
    ),
    generated=(
        LockDoorResponse,
        UnlockDoorResponse,
        ToggleResponse,
        UnlockWithTimeoutResponse,
        GetLogRecordResponse,
        OperationEventNotification,
        ProgrammingEventNotification,
        *door_lock_users.GENERATED,
        *door_lock_schedules.GENERATED,
    ),
)
