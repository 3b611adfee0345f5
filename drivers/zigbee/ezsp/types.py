"""Numbers that several EZSP frames carry. UG100, "Type Definitions"; what is made of them is in `structures`.

Numbers stay plain ints in the frames: a stick's newer firmware may say what no enumeration here knows.
"""

from enum import IntEnum, IntFlag
from typing import Annotated, Final

from drivers.zigbee.ezsp.status import SL_STATUS_SINCE
from drivers.zigbee.wire import (
    Number,
)

NO_NODE: Final = 0xFFFF
"""EMBER_NULL_NODE_ID: nobody, or no alias."""
UNKNOWN_NODE: Final = 0xFFFD
"""EMBER_UNKNOWN_NODE_ID: there is a node, its address is not known."""
DISCOVERY_ACTIVE_NODE: Final = 0xFFFC
"""EMBER_DISCOVERY_ACTIVE_NODE_ID: its address is being asked for."""
NO_INDEX: Final = 0xFF
"""In no table."""
NO_EUI64: Final = 0
ANY_EUI64: Final = 0xFFFF_FFFF_FFFF_FFFF
"""All devices: the partner of a transient key that anybody may join with."""

BROADCAST_ALL: Final = 0xFFFF
BROADCAST_RX_ON_WHEN_IDLE: Final = 0xFFFD
BROADCAST_ROUTERS: Final = 0xFFFC

ExtendedPanId = Annotated[int, Number(8)]
"""A network's name for itself, written as an EUI64 is."""


class ByVersion:
    """A number that is wider from one version on."""

    def __init__(self, before: int, after: int, since: int = SL_STATUS_SINCE) -> None:
        self._before = Number(before)
        self._after = Number(after)
        self._since = since

    def number(self, version: int) -> Number:
        return self._after if version >= self._since else self._before

    def pack(self, value: int, version: int) -> bytes:
        return self.number(version).pack(value, version)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[int, int]:
        return self.number(version).unpack(data, at, version)


MessageTag = Annotated[int, ByVersion(1, 2)]
"""The host's own number of a message, which comes back in `MessageSentHandler`: 16 bits, 8 before version 14."""


class ApsOption(IntFlag):
    """EmberApsOption."""

    NONE = 0x0000
    ENCRYPTION = 0x0020
    RETRY = 0x0040
    ENABLE_ROUTE_DISCOVERY = 0x0100
    FORCE_ROUTE_DISCOVERY = 0x0200
    SOURCE_EUI64 = 0x0400
    DESTINATION_EUI64 = 0x0800
    ENABLE_ADDRESS_DISCOVERY = 0x1000
    POLL_RESPONSE = 0x2000
    ZDO_RESPONSE_REQUIRED = 0x4000
    FRAGMENT = 0x8000


class OutgoingType(IntEnum):
    """EmberOutgoingMessageType: what a destination is, of a unicast; what kind of message was sent."""

    DIRECT = 0
    VIA_ADDRESS_TABLE = 1
    VIA_BINDING = 2
    MULTICAST = 3
    MULTICAST_WITH_ALIAS = 4
    BROADCAST_WITH_ALIAS = 5
    BROADCAST = 6


class IncomingType(IntEnum):
    """EmberIncomingMessageType."""

    UNICAST = 0
    UNICAST_REPLY = 1
    MULTICAST = 2
    MULTICAST_LOOPBACK = 3
    BROADCAST = 4
    BROADCAST_LOOPBACK = 5
    MANY_TO_ONE_ROUTE_REQUEST = 6


class DeviceUpdate(IntEnum):
    """EmberDeviceUpdate: what a device does to the network."""

    SECURED_REJOIN = 0
    UNSECURED_JOIN = 1
    DEVICE_LEFT = 2
    UNSECURED_REJOIN = 3


class JoinDecision(IntEnum):
    """EmberJoinDecision: what the trust centre does about it."""

    USE_PRECONFIGURED_KEY = 0
    SEND_KEY_IN_THE_CLEAR = 1
    DENY_JOIN = 2
    NO_ACTION = 3
    ALLOW_REJOINS_ONLY = 4


class NodeType(IntEnum):
    """EmberNodeType."""

    UNKNOWN = 0
    COORDINATOR = 1
    ROUTER = 2
    END_DEVICE = 3
    SLEEPY_END_DEVICE = 4


class NetworkStatus(IntEnum):
    """EmberNetworkStatus."""

    NO_NETWORK = 0
    JOINING_NETWORK = 1
    JOINED_NETWORK = 2
    JOINED_NETWORK_NO_PARENT = 3
    JOINED_NETWORK_S2S_INITIATOR = 4
    JOINED_NETWORK_S2S_TARGET = 5
    LEAVING_NETWORK = 6


class JoinMethod(IntEnum):
    """EmberJoinMethod."""

    MAC_ASSOCIATION = 0
    NWK_REJOIN = 1
    NWK_REJOIN_HAVE_NWK_KEY = 2
    CONFIGURED_NWK_STATE = 3


class NetworkInitBitmask(IntFlag):
    """EmberNetworkInitBitmask."""

    NO_OPTIONS = 0
    PARENT_INFO_IN_TOKEN = 1
    END_DEVICE_REJOIN_ON_REBOOT = 2


class ScanType(IntEnum):
    """EzspNetworkScanType."""

    ENERGY = 0
    ACTIVE = 1


class InitialSecurityBitmask(IntFlag):
    """EmberInitialSecurityBitmask."""

    STANDARD_SECURITY_MODE = 0x0000
    DISTRIBUTED_TRUST_CENTER_MODE = 0x0002
    TRUST_CENTER_GLOBAL_LINK_KEY = 0x0004
    PRECONFIGURED_NETWORK_KEY_MODE = 0x0008
    HAVE_TRUST_CENTER_EUI64 = 0x0040
    TRUST_CENTER_USES_HASHED_LINK_KEY = 0x0084
    HAVE_PRECONFIGURED_KEY = 0x0100
    HAVE_NETWORK_KEY = 0x0200
    GET_LINK_KEY_WHEN_JOINING = 0x0400
    REQUIRE_ENCRYPTED_KEY = 0x0800
    NO_FRAME_COUNTER_RESET = 0x1000
    GET_PRECONFIGURED_KEY_FROM_INSTALL_CODE = 0x2000


class CurrentSecurityBitmask(IntFlag):
    """EmberCurrentSecurityBitmask."""

    STANDARD_SECURITY_MODE = 0x0000
    DISTRIBUTED_TRUST_CENTER_MODE = 0x0002
    GLOBAL_LINK_KEY = 0x0004
    HAVE_TRUST_CENTER_LINK_KEY = 0x0010
    TRUST_CENTER_USES_HASHED_LINK_KEY = 0x0084


class KeyType(IntEnum):
    """sl_zb_sec_man_key_type_t: which key of the stick's."""

    NONE = 0
    NETWORK = 1
    TC_LINK = 2
    TC_LINK_WITH_TIMEOUT = 3
    APP_LINK = 4
    ZLL_ENCRYPTION_KEY = 5
    ZLL_PRECONFIGURED_KEY = 6
    GREEN_POWER_PROXY_TABLE_KEY = 7
    GREEN_POWER_SINK_TABLE_KEY = 8
    INTERNAL = 9


class KeyFlag(IntFlag):
    """sl_zb_sec_man_flags_t: by which of its fields a `KeyContext` names a key."""

    NONE = 0x00
    KEY_INDEX_IS_VALID = 0x01
    EUI_IS_VALID = 0x02
    UNCONFIRMED_TRANSIENT_KEY = 0x04
    AUTHENTICATED_DYNAMIC_LINK_KEY = 0x08
    SYMMETRIC_PASSPHRASE = 0x10


class KeyStructBitmask(IntFlag):
    """EmberKeyStructBitmask."""

    HAS_SEQUENCE_NUMBER = 0x0001
    HAS_OUTGOING_FRAME_COUNTER = 0x0002
    HAS_INCOMING_FRAME_COUNTER = 0x0004
    HAS_PARTNER_EUI64 = 0x0008
    IS_AUTHORIZED = 0x0010
    PARTNER_IS_SLEEPY = 0x0020
    UNCONFIRMED_TRANSIENT = 0x0040
    HAS_PSA_ID = 0x0080
    HAS_KEY_DATA = 0x0100
    IS_AUTHENTICATION_TOKEN = 0x0200
    DLK_DERIVED = 0x0400
    FC_SYNC_SUPPORTED = 0x0800


class SourceRouteDiscoveryMode(IntEnum):
    """EmberSourceRouteDiscoveryMode."""

    OFF = 0
    ON = 1
    RESCHEDULE = 2


class ConcentratorType(IntEnum):
    """EMBER_LOW_RAM_CONCENTRATOR keeps no routes: every node sends one before every message."""

    LOW_RAM = 0xFFF8
    HIGH_RAM = 0xFFF9


class LeaveOption(IntFlag):
    """EmberLeaveNetworkOption."""

    NONE = 0x00
    REJOIN = 0x20
    REQUESTED = 0x40


class ConfigurationId(IntEnum):
    """EzspConfigId."""

    PACKET_BUFFER_COUNT = 0x01
    NEIGHBOR_TABLE_SIZE = 0x02
    APS_UNICAST_MESSAGE_COUNT = 0x03
    BINDING_TABLE_SIZE = 0x04
    ADDRESS_TABLE_SIZE = 0x05
    MULTICAST_TABLE_SIZE = 0x06
    ROUTE_TABLE_SIZE = 0x07
    DISCOVERY_TABLE_SIZE = 0x08
    STACK_PROFILE = 0x0C
    SECURITY_LEVEL = 0x0D
    MAX_HOPS = 0x10
    MAX_END_DEVICE_CHILDREN = 0x11
    INDIRECT_TRANSMISSION_TIMEOUT = 0x12
    END_DEVICE_POLL_TIMEOUT = 0x13
    TX_POWER_MODE = 0x17
    DISABLE_RELAY = 0x18
    TRUST_CENTER_ADDRESS_CACHE_SIZE = 0x19
    SOURCE_ROUTE_TABLE_SIZE = 0x1A
    FRAGMENT_WINDOW_SIZE = 0x1C
    FRAGMENT_DELAY_MS = 0x1D
    KEY_TABLE_SIZE = 0x1E
    APS_ACK_TIMEOUT = 0x1F
    BEACON_JITTER_DURATION = 0x20
    PAN_ID_CONFLICT_REPORT_THRESHOLD = 0x22
    REQUEST_KEY_TIMEOUT = 0x24
    CERTIFICATE_TABLE_SIZE = 0x29
    APPLICATION_ZDO_FLAGS = 0x2A
    BROADCAST_TABLE_SIZE = 0x2B
    MAC_FILTER_TABLE_SIZE = 0x2C
    SUPPORTED_NETWORKS = 0x2D
    SEND_MULTICASTS_TO_SLEEPY_ADDRESS = 0x2E
    ZLL_GROUP_ADDRESSES = 0x2F
    ZLL_RSSI_THRESHOLD = 0x30
    MTORR_FLOW_CONTROL = 0x33
    RETRY_QUEUE_SIZE = 0x34
    NEW_BROADCAST_ENTRY_THRESHOLD = 0x35
    TRANSIENT_KEY_TIMEOUT_S = 0x36
    BROADCAST_MIN_ACKS_NEEDED = 0x37
    TC_REJOINS_USING_WELL_KNOWN_KEY_TIMEOUT_S = 0x38
    CTUNE_VALUE = 0x39
    ASSUME_TC_CONCENTRATOR_TYPE = 0x40
    GP_PROXY_TABLE_SIZE = 0x41
    GP_SINK_TABLE_SIZE = 0x42
    END_DEVICE_CONFIGURATION = 0x43


class ValueId(IntEnum):
    """EzspValueId."""

    TOKEN_STACK_NODE_DATA = 0x00
    MAC_PASSTHROUGH_FLAGS = 0x01
    EMBERNET_PASSTHROUGH_SOURCE_ADDRESS = 0x02
    FREE_BUFFERS = 0x03
    UART_SYNCH_CALLBACKS = 0x04
    MAXIMUM_INCOMING_TRANSFER_SIZE = 0x05
    MAXIMUM_OUTGOING_TRANSFER_SIZE = 0x06
    STACK_TOKEN_WRITING = 0x07
    STACK_IS_PERFORMING_REJOIN = 0x08
    MAC_FILTER_LIST = 0x09
    EXTENDED_SECURITY_BITMASK = 0x0A
    NODE_SHORT_ID = 0x0B
    DESCRIPTOR_CAPABILITY = 0x0C
    STACK_DEVICE_REQUEST_SEQUENCE_NUMBER = 0x0D
    RADIO_HOLD_OFF = 0x0E
    ENDPOINT_FLAGS = 0x0F
    MFG_SECURITY_CONFIG = 0x10
    VERSION_INFO = 0x11
    NEXT_HOST_REJOIN_REASON = 0x12
    LAST_REJOIN_REASON = 0x13
    NEXT_ZIGBEE_SEQUENCE_NUMBER = 0x14
    CCA_THRESHOLD = 0x15
    SET_COUNTER_THRESHOLD = 0x17
    RESET_COUNTER_THRESHOLDS = 0x18
    CLEAR_COUNTERS = 0x19
    CERTIFICATE_283K1 = 0x1A
    PUBLIC_KEY_283K1 = 0x1B
    PRIVATE_KEY_283K1 = 0x1C
    NWK_FRAME_COUNTER = 0x23
    APS_FRAME_COUNTER = 0x24
    RETRY_DEVICE_TYPE = 0x25
    ENABLE_R21_BEHAVIOR = 0x29
    ANTENNA_MODE = 0x30
    ENABLE_PTA = 0x31
    PTA_OPTIONS = 0x32
    MFGLIB_OPTIONS = 0x33
    USE_NEGOTIATED_POWER_BY_LPD = 0x34
    PTA_PWM_OPTIONS = 0x35
    PTA_DIRECTIONAL_PRIORITY_PULSE_WIDTH = 0x36
    PTA_PHY_SELECT_TIMEOUT = 0x37
    ANTENNA_RX_MODE = 0x38
    NWK_KEY_TIMEOUT = 0x39
    FORCE_TX_AFTER_FAILED_CCA_ATTEMPTS = 0x3A
    TRANSIENT_KEY_TIMEOUT_S = 0x3B
    COULOMB_COUNTER_USAGE = 0x3C
    MAX_BEACONS_TO_STORE = 0x3D
    END_DEVICE_TIMEOUT_OPTIONS_MASK = 0x3E
    END_DEVICE_KEEP_ALIVE_SUPPORT_MODE = 0x3F
    ACTIVE_RADIO_CONFIG = 0x41
    NWK_OPEN_DURATION = 0x42
    TRANSIENT_DEVICE_TIMEOUT = 0x43
    KEY_STORAGE_VERSION = 0x44
    DELAYED_JOIN_ACTIVATION = 0x45
    MAX_NWK_RETRIES = 0x46
    REJOIN_MODE = 0x47
    JOIN_USE_INSTALL_CODE_ENABLE = 0x48
    STACK_REVISION = 0x49
    SLEEPY_TARGET_MAC_TIMEOUT_INCREASE = 0x50


class ExtendedValueId(IntEnum):
    """EzspExtendedValueId."""

    ENDPOINT_FLAGS = 0x00
    LAST_LEAVE_REASON = 0x01
    GET_SOURCE_ROUTE_OVERHEAD = 0x02
    MEMORY_USAGE_DATA = 0x03


class PolicyId(IntEnum):
    """EzspPolicyId."""

    TRUST_CENTER = 0x00
    BINDING_MODIFICATION = 0x01
    UNICAST_REPLIES = 0x02
    POLL_HANDLER = 0x03
    MESSAGE_CONTENTS_IN_CALLBACK = 0x04
    TC_KEY_REQUEST = 0x05
    APP_KEY_REQUEST = 0x06
    PACKET_VALIDATE_LIBRARY = 0x07
    ZLL = 0x08
    TC_REJOINS_USING_WELL_KNOWN_KEY = 0x09


class DecisionId(IntEnum):
    """EzspDecisionId: what the other policies than that of the trust centre may say."""

    DISALLOW_BINDING_MODIFICATION = 0x10
    ALLOW_BINDING_MODIFICATION = 0x11
    CHECK_BINDING_MODIFICATIONS_ARE_VALID_ENDPOINT_CLUSTERS = 0x12
    HOST_WILL_NOT_SUPPLY_REPLY = 0x20
    HOST_WILL_SUPPLY_REPLY = 0x21
    POLL_HANDLER_IGNORE = 0x30
    POLL_HANDLER_CALLBACK = 0x31
    MESSAGE_TAG_ONLY_IN_CALLBACK = 0x40
    MESSAGE_TAG_AND_CONTENTS_IN_CALLBACK = 0x41
    DENY_TC_KEY_REQUESTS = 0x50
    ALLOW_TC_KEY_REQUESTS_AND_SEND_CURRENT_KEY = 0x51
    ALLOW_TC_KEY_REQUEST_AND_GENERATE_NEW_KEY = 0x52
    DENY_APP_KEY_REQUESTS = 0x60
    ALLOW_APP_KEY_REQUESTS = 0x61
    PACKET_VALIDATE_LIBRARY_CHECKS_ENABLED = 0x62
    PACKET_VALIDATE_LIBRARY_CHECKS_DISABLED = 0x63


class TrustCenterDecision(IntFlag):
    """EzspDecisionBitmask: what the trust centre's policy says of joins."""

    DEFAULT_CONFIGURATION = 0x00
    ALLOW_JOINS = 0x01
    ALLOW_UNSECURED_REJOINS = 0x02
    SEND_KEY_IN_CLEAR = 0x04
    IGNORE_UNSECURED_REJOINS = 0x08
    JOINS_USE_INSTALL_CODE_KEY = 0x10
    DEFER_JOINS = 0x20


class MfgTokenId(IntEnum):
    """EzspMfgTokenId: what the maker wrote into the stick."""

    CUSTOM_VERSION = 0x00
    STRING = 0x01
    BOARD_NAME = 0x02
    MANUF_ID = 0x03
    PHY_CONFIG = 0x04
    BOOTLOAD_AES_KEY = 0x05
    ASH_CONFIG = 0x06
    EZSP_STORAGE = 0x07
    STACK_CAL_DATA = 0x08
    CBKE_DATA = 0x09
    INSTALLATION_CODE = 0x0A
    STACK_CAL_FILTER = 0x0B
    CUSTOM_EUI_64 = 0x0C
    CTUNE = 0x0D
