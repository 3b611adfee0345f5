"""Green Power: switches and sensors without a battery, heard by proxies and passed on (14-0563-18, A.3.3).

The server is the sink, which the hub is; the proxies are its clients. What the devices themselves say is in
`green_power_device`. Tables and translations are not kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Annotated, Any, ClassVar, Final

from drivers.zigbee.wire import Fixed, Number, UInt8, UInt16, UInt24, UInt32
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand, ServerCommand
from drivers.zigbee.zcl.conditional import ConditionalRecord, Where, bit
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.fields import OctetString

CLUSTER_ID = 0x0021
ENDPOINT = 242
PROFILE_ID = 0xA1E0

APPLICATION_MASK = 0x07
"""The bits of every options field that say how the device is named: by a source id or by its EUI64."""
BY_SOURCE_ID = 0x00
BY_EUI64 = 0x02


class SecurityLevel(IntEnum):
    NONE = 0
    FRAME_COUNTER_AND_MIC = 2
    ENCRYPTED = 3


class KeyType(IntEnum):
    NONE = 0
    NETWORK = 1
    GROUP = 2
    DERIVED_GROUP = 3
    OUT_OF_BOX = 4
    DERIVED_INDIVIDUAL = 7


class NotificationOption(IntFlag):
    """Bits of GpNotification's options; the security level is in bits 6-7, the key type in bits 8-10."""

    ALSO_UNICAST = 0x0008
    ALSO_DERIVED_GROUP = 0x0010
    ALSO_COMMISSIONED_GROUP = 0x0020
    RX_AFTER_TX = 0x0800
    TX_QUEUE_FULL = 0x1000
    BIDIRECTIONAL = 0x2000
    PROXY_INFO = 0x4000


class CommissioningOption(IntFlag):
    """Bits of GpCommissioningNotification's options; the security level is in bits 4-5, the key type in bits 6-8."""

    RX_AFTER_TX = 0x0008
    SECURITY_FAILED = 0x0200
    BIDIRECTIONAL = 0x0400
    PROXY_INFO = 0x0800


class PairingOption(IntFlag):
    """Bits of GpPairing's options; the way of forwarding is in bits 5-6, the security level in bits 9-10, the key
    type in bits 11-13."""

    ADD_SINK = 0x000008
    REMOVE_GPD = 0x000010
    GPD_FIXED = 0x000080
    MAC_SEQUENCE_NUMBERS = 0x000100
    FRAME_COUNTER = 0x004000
    KEY = 0x008000
    ASSIGNED_ALIAS = 0x010000
    GROUPCAST_RADIUS = 0x020000


class CommissioningModeOption(IntFlag):
    """Bits of GpProxyCommissioningMode's options."""

    ENTER = 0x01
    WINDOW = 0x02
    EXIT_ON_FIRST_PAIRING = 0x04
    EXIT_ON_COMMAND = 0x08
    CHANNEL = 0x10
    UNICAST = 0x20


_Condition = Callable[[Mapping[str, Any]], bool]


def _named(application: int) -> _Condition:
    return lambda before: bool(before["options"] & APPLICATION_MASK == application)


def _forwarded(*ways: int) -> _Condition:
    """Whether a pairing is made, and frames are forwarded in one of these ways."""
    return lambda before: not before["options"] & PairingOption.REMOVE_GPD and before["options"] >> 5 & 3 in ways


def _added(before: Mapping[str, Any]) -> bool:
    both = PairingOption.ADD_SINK | PairingOption.REMOVE_GPD
    return bool(before["options"] & both == PairingOption.ADD_SINK)


SourceId = Annotated[int | None, Where(Number(4), _named(BY_SOURCE_ID))]
GpdEui64 = Annotated[int | None, Where(Number(8), _named(BY_EUI64))]
GpdEndpoint = Annotated[int | None, Where(Number(1), _named(BY_EUI64))]
_UNICAST: Final = _forwarded(0, 3)
_GROUPCAST: Final = _forwarded(1, 2)
_HEARD: Final = bit("options", NotificationOption.PROXY_INFO | NotificationOption.RX_AFTER_TX)
_HEARD_COMMISSIONING: Final = bit("options", CommissioningOption.PROXY_INFO | CommissioningOption.RX_AFTER_TX)


@dataclass(frozen=True, slots=True, kw_only=True)
class GpNotification(ConditionalRecord, ClusterCommand):
    """A proxy heard a device."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    options: UInt16
    """Bits of NotificationOption and more."""
    source_id: SourceId = None
    eui64: GpdEui64 = None
    endpoint: GpdEndpoint = None
    frame_counter: UInt32
    gpd_command: UInt8
    """A green_power_device.GpdCommand, where it is one that is known here."""
    payload: OctetString = b""
    """Encrypted where the security level is ENCRYPTED."""
    proxy: Annotated[int | None, Where(Number(2), _HEARD)] = None
    """The node id of who heard it."""
    link: Annotated[int | None, Where(Number(1), _HEARD)] = None
    """How well: RSSI in bits 0-5 (0 is -110 dBm, steps of 2 dB), quality in bits 6-7."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GpPairingSearch(ConditionalRecord, ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    options: UInt16
    source_id: SourceId = None
    eui64: GpdEui64 = None
    endpoint: GpdEndpoint = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GpCommissioningNotification(ConditionalRecord, ClusterCommand):
    """A proxy heard a device that wants to be paired."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x04

    options: UInt16
    """Bits of CommissioningOption and more."""
    source_id: SourceId = None
    eui64: GpdEui64 = None
    endpoint: GpdEndpoint = None
    frame_counter: UInt32
    gpd_command: UInt8
    """A green_power_device.GpdCommand, where it is one that is known here."""
    payload: OctetString = b""
    proxy: Annotated[int | None, Where(Number(2), _HEARD_COMMISSIONING)] = None
    link: Annotated[int | None, Where(Number(1), _HEARD_COMMISSIONING)] = None
    mic: Annotated[int | None, Where(Number(4), bit("options", CommissioningOption.SECURITY_FAILED))] = None


@dataclass(frozen=True, slots=True)
class GpSinkCommissioningMode(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x05

    options: UInt8
    gpm_for_security: UInt16
    gpm_for_pairing: UInt16
    sink_endpoint: UInt8


@dataclass(frozen=True, slots=True, kw_only=True)
class GpPairing(ConditionalRecord, ServerCommand):
    """The sink tells the proxies which device's frames it wants, and how; or that it wants them no more."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    options: UInt24
    """Bits of PairingOption and more."""
    source_id: SourceId = None
    eui64: GpdEui64 = None
    endpoint: GpdEndpoint = None
    sink_eui64: Annotated[int | None, Where(Number(8), _UNICAST)] = None
    sink_node_id: Annotated[int | None, Where(Number(2), _UNICAST)] = None
    sink_group: Annotated[int | None, Where(Number(2), _GROUPCAST)] = None
    device_id: Annotated[int | None, Where(Number(1), _added)] = None
    frame_counter: Annotated[int | None, Where(Number(4), bit("options", PairingOption.FRAME_COUNTER))] = None
    key: Annotated[bytes | None, Where(Fixed(16), bit("options", PairingOption.KEY))] = field(default=None, repr=False)
    assigned_alias: Annotated[int | None, Where(Number(2), bit("options", PairingOption.ASSIGNED_ALIAS))] = None
    groupcast_radius: Annotated[int | None, Where(Number(1), bit("options", PairingOption.GROUPCAST_RADIUS))] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GpProxyCommissioningMode(ConditionalRecord, ServerCommand):
    """The sink has the proxies listen for devices that want to be paired, or stops it."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    options: UInt8
    """Bits of CommissioningModeOption."""
    window_s: Annotated[int | None, Where(Number(2), bit("options", CommissioningModeOption.WINDOW))] = None
    channel: Annotated[int | None, Where(Number(1), bit("options", CommissioningModeOption.CHANNEL))] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GpResponse(ConditionalRecord, ServerCommand):
    """The sink has one proxy say something to the device, when it listens next."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x06

    options: UInt8
    proxy: UInt16
    """The node id of the one that is to say it."""
    channel: UInt8
    """0 is channel 11."""
    source_id: SourceId = None
    eui64: GpdEui64 = None
    endpoint: GpdEndpoint = None
    gpd_command: UInt8
    payload: OctetString = b""


GREEN_POWER = Cluster(
    id=CLUSTER_ID,
    name="green_power",
    attributes=(
        AttributeDef(0x0000, "gps_max_sink_table_entries", DataType.UINT8),
        AttributeDef(0x0001, "sink_table", DataType.LONG_OCTET_STRING),
        AttributeDef(0x0002, "gps_communication_mode", DataType.BITMAP8, writable=True),
        AttributeDef(0x0003, "gps_commissioning_exit_mode", DataType.BITMAP8, writable=True),
        AttributeDef(0x0004, "gps_commissioning_window", DataType.UINT16, writable=True),
        AttributeDef(0x0005, "gps_security_level", DataType.BITMAP8, writable=True),
        AttributeDef(0x0006, "gps_functionality", DataType.BITMAP24),
        AttributeDef(0x0007, "gps_active_functionality", DataType.BITMAP24),
        AttributeDef(0x0020, "gp_shared_security_key_type", DataType.BITMAP8, writable=True),
        AttributeDef(0x0021, "gp_shared_security_key", DataType.KEY128, writable=True),
        AttributeDef(0x0022, "gp_link_key", DataType.KEY128, writable=True),
    ),
    received=(GpNotification, GpPairingSearch, GpCommissioningNotification, GpSinkCommissioningMode),
    generated=(GpPairing, GpProxyCommissioningMode, GpResponse),
    client_attributes=(
        AttributeDef(0x0010, "gpp_max_proxy_table_entries", DataType.UINT8),
        AttributeDef(0x0011, "proxy_table", DataType.LONG_OCTET_STRING),
        AttributeDef(0x0012, "gpp_notification_retry_number", DataType.UINT8, writable=True),
        AttributeDef(0x0013, "gpp_notification_retry_timer", DataType.UINT8, writable=True),
        AttributeDef(0x0014, "gpp_max_search_counter", DataType.UINT8, writable=True),
        AttributeDef(0x0015, "gpp_blocked_gpd_id", DataType.LONG_OCTET_STRING),
        AttributeDef(0x0016, "gpp_functionality", DataType.BITMAP24),
        AttributeDef(0x0017, "gpp_active_functionality", DataType.BITMAP24),
    ),
)
