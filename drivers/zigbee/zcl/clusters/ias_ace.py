"""IAS ACE: an alarm system's keypads and key fobs (ZCL8, 8.3). The server is the panel, the keypad its client."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Annotated, ClassVar

from drivers.zigbee.wire import Bool, Eui64, Listed, Nested, Number, Record, UInt8, UInt16
from drivers.zigbee.zcl.cluster import Cluster, ClusterCommand, ServerCommand
from drivers.zigbee.zcl.fields import MaybeCharString, MaybeOctetString, MaybeUInt8, Times, UInt8List

CLUSTER_ID = 0x0501

NO_ZONE = 0xFF


class ArmMode(IntEnum):
    DISARM = 0x00
    ARM_DAY_HOME_ZONES_ONLY = 0x01
    ARM_NIGHT_SLEEP_ZONES_ONLY = 0x02
    ARM_ALL_ZONES = 0x03


class ArmNotification(IntEnum):
    ALL_ZONES_DISARMED = 0x00
    ONLY_DAY_HOME_ZONES_ARMED = 0x01
    ONLY_NIGHT_SLEEP_ZONES_ARMED = 0x02
    ALL_ZONES_ARMED = 0x03
    INVALID_ARM_DISARM_CODE = 0x04
    NOT_READY_TO_ARM = 0x05
    ALREADY_DISARMED = 0x06


class PanelStatus(IntEnum):
    DISARMED = 0x00
    ARMED_STAY = 0x01
    ARMED_NIGHT = 0x02
    ARMED_AWAY = 0x03
    EXIT_DELAY = 0x04
    ENTRY_DELAY = 0x05
    NOT_READY_TO_ARM = 0x06
    IN_ALARM = 0x07
    ARMING_STAY = 0x08
    ARMING_NIGHT = 0x09
    ARMING_AWAY = 0x0A


class AlarmStatus(IntEnum):
    NO_ALARM = 0x00
    BURGLAR = 0x01
    FIRE = 0x02
    EMERGENCY = 0x03
    POLICE_PANIC = 0x04
    FIRE_PANIC = 0x05
    EMERGENCY_PANIC = 0x06


class AudibleNotification(IntEnum):
    MUTE = 0x00
    DEFAULT_SOUND = 0x01


class BypassResult(IntEnum):
    ZONE_BYPASSED = 0x00
    ZONE_NOT_BYPASSED = 0x01
    NOT_ALLOWED = 0x02
    INVALID_ZONE_ID = 0x03
    UNKNOWN_ZONE_ID = 0x04
    INVALID_ARM_DISARM_CODE = 0x05


@dataclass(frozen=True, slots=True)
class ZoneStatusResult(Record):
    zone_id: UInt8
    zone_status: UInt16
    """Bits of ias_zone.ZoneStatus."""


@dataclass(frozen=True, slots=True)
class Arm(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    arm_mode: UInt8
    """An ArmMode, where it is one that is known here."""
    code: MaybeOctetString = field(default=None, repr=False)
    """Absent, with the zone, before HA 1.2."""
    zone_id: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class Bypass(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    zone_ids: UInt8List
    code: MaybeOctetString = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Emergency(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02


@dataclass(frozen=True, slots=True)
class Fire(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03


@dataclass(frozen=True, slots=True)
class Panic(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x04


@dataclass(frozen=True, slots=True)
class GetZoneIdMap(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x05


@dataclass(frozen=True, slots=True)
class GetZoneInformation(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x06

    zone_id: UInt8


@dataclass(frozen=True, slots=True)
class GetPanelStatus(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x07


@dataclass(frozen=True, slots=True)
class GetBypassedZoneList(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x08


@dataclass(frozen=True, slots=True)
class GetZoneStatus(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x09

    starting_zone_id: UInt8
    max_zone_ids: UInt8
    zone_status_mask_flag: Bool
    """True asks only for zones that have one of the mask's bits."""
    zone_status_mask: UInt16


@dataclass(frozen=True, slots=True)
class ArmResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    arm_notification: UInt8
    """An ArmNotification, where it is one that is known here."""


@dataclass(frozen=True, slots=True)
class GetZoneIdMapResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    sections: Annotated[tuple[int, ...], Times(Number(2), 16)]
    """Sixteen times sixteen bits: bit n of section m is set where zone 16 m + n exists."""


@dataclass(frozen=True, slots=True)
class GetZoneInformationResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    zone_id: UInt8
    zone_type: UInt16
    """An ias_zone.ZoneType, where it is one that is known here."""
    eui64: Eui64
    zone_label: MaybeCharString = None


@dataclass(frozen=True, slots=True)
class ZoneStatusChanged(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03

    zone_id: UInt8
    zone_status: UInt16
    """Bits of ias_zone.ZoneStatus."""
    audible_notification: MaybeUInt8 = None
    zone_label: MaybeCharString = None


@dataclass(frozen=True, slots=True)
class PanelStatusChanged(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x04

    panel_status: UInt8
    """A PanelStatus, where it is one that is known here."""
    seconds_remaining: UInt8
    audible_notification: MaybeUInt8 = None
    alarm_status: MaybeUInt8 = None
    """An AlarmStatus, where it is one that is known here."""


@dataclass(frozen=True, slots=True)
class GetPanelStatusResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x05

    panel_status: UInt8
    """A PanelStatus, where it is one that is known here."""
    seconds_remaining: UInt8
    audible_notification: MaybeUInt8 = None
    alarm_status: MaybeUInt8 = None
    """An AlarmStatus, where it is one that is known here."""


@dataclass(frozen=True, slots=True)
class SetBypassedZoneList(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x06

    zone_ids: UInt8List


@dataclass(frozen=True, slots=True)
class BypassResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x07

    results: UInt8List
    """A BypassResult for each zone of the request, where it is one that is known here."""


@dataclass(frozen=True, slots=True)
class GetZoneStatusResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x08

    complete: Bool
    zones: Annotated[tuple[ZoneStatusResult, ...], Listed(Nested(ZoneStatusResult))]


IAS_ACE = Cluster(
    id=CLUSTER_ID,
    name="ias_ace",
    received=(
        Arm,
        Bypass,
        Emergency,
        Fire,
        Panic,
        GetZoneIdMap,
        GetZoneInformation,
        GetPanelStatus,
        GetBypassedZoneList,
        GetZoneStatus,
    ),
    generated=(
        ArmResponse,
        GetZoneIdMapResponse,
        GetZoneInformationResponse,
        ZoneStatusChanged,
        PanelStatusChanged,
        GetPanelStatusResponse,
        SetBypassedZoneList,
        BypassResponse,
        GetZoneStatusResponse,
    ),
)
