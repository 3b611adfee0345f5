"""What one firmware differs from another in: versions, and what it is set to until a host says otherwise."""

from dataclasses import dataclass, field
from typing import Final

from drivers.zigbee.ezsp.types import ConfigurationId, DecisionId, PolicyId, ValueId

MESH: Final = 2
"""The stack type of every NCP."""
GENERALLY_AVAILABLE: Final = 0xAA
OLD_VERSION: Final = 7
STACK_VERSIONS: Final = {
    OLD_VERSION: (6, 4, 0),
    13: (7, 4, 5),
    14: (8, 0, 2),
    16: (8, 1, 0),
    17: (8, 2, 0),
    18: (8, 2, 2),
    19: (9, 1, 0),
}
"""EmberZNet by the EZSP version that it brought (zigpy/bellows #343, #662, #703; Koenkk/zigbee-herdsman #1800). There
was no 15."""

CONFIGURATION: Final = {
    ConfigurationId.PACKET_BUFFER_COUNT: 75,
    ConfigurationId.NEIGHBOR_TABLE_SIZE: 26,
    ConfigurationId.APS_UNICAST_MESSAGE_COUNT: 10,
    ConfigurationId.BINDING_TABLE_SIZE: 32,
    ConfigurationId.ADDRESS_TABLE_SIZE: 8,
    ConfigurationId.MULTICAST_TABLE_SIZE: 8,
    ConfigurationId.ROUTE_TABLE_SIZE: 16,
    ConfigurationId.DISCOVERY_TABLE_SIZE: 8,
    ConfigurationId.STACK_PROFILE: 0,
    ConfigurationId.SECURITY_LEVEL: 5,
    ConfigurationId.MAX_HOPS: 30,
    ConfigurationId.MAX_END_DEVICE_CHILDREN: 6,
    ConfigurationId.INDIRECT_TRANSMISSION_TIMEOUT: 3000,
    ConfigurationId.END_DEVICE_POLL_TIMEOUT: 8,
    ConfigurationId.TX_POWER_MODE: 0,
    ConfigurationId.DISABLE_RELAY: 0,
    ConfigurationId.TRUST_CENTER_ADDRESS_CACHE_SIZE: 0,
    ConfigurationId.SOURCE_ROUTE_TABLE_SIZE: 7,
    ConfigurationId.FRAGMENT_WINDOW_SIZE: 1,
    ConfigurationId.FRAGMENT_DELAY_MS: 0,
    ConfigurationId.KEY_TABLE_SIZE: 12,
    ConfigurationId.APS_ACK_TIMEOUT: 1600,
    ConfigurationId.BEACON_JITTER_DURATION: 7,
    ConfigurationId.PAN_ID_CONFLICT_REPORT_THRESHOLD: 1,
    ConfigurationId.REQUEST_KEY_TIMEOUT: 0,
    ConfigurationId.CERTIFICATE_TABLE_SIZE: 0,
    ConfigurationId.APPLICATION_ZDO_FLAGS: 0,
    ConfigurationId.BROADCAST_TABLE_SIZE: 15,
    ConfigurationId.MAC_FILTER_TABLE_SIZE: 0,
    ConfigurationId.SUPPORTED_NETWORKS: 1,
    ConfigurationId.SEND_MULTICASTS_TO_SLEEPY_ADDRESS: 0,
    ConfigurationId.ZLL_GROUP_ADDRESSES: 0,
    ConfigurationId.ZLL_RSSI_THRESHOLD: 0xFFD8,
    ConfigurationId.MTORR_FLOW_CONTROL: 1,
    ConfigurationId.RETRY_QUEUE_SIZE: 16,
    ConfigurationId.NEW_BROADCAST_ENTRY_THRESHOLD: 8,
    ConfigurationId.TRANSIENT_KEY_TIMEOUT_S: 300,
    ConfigurationId.BROADCAST_MIN_ACKS_NEEDED: 0xFF,
    ConfigurationId.TC_REJOINS_USING_WELL_KNOWN_KEY_TIMEOUT_S: 300,
    ConfigurationId.CTUNE_VALUE: 0,
    ConfigurationId.ASSUME_TC_CONCENTRATOR_TYPE: 0,
    ConfigurationId.GP_PROXY_TABLE_SIZE: 5,
    ConfigurationId.GP_SINK_TABLE_SIZE: 5,
    ConfigurationId.END_DEVICE_CONFIGURATION: 0,
}
"""UG100, EzspConfigId: the defaults of the NCP application of the SDK."""
VALUES: Final = {
    ValueId.UART_SYNCH_CALLBACKS: b"\x00",
    ValueId.MAXIMUM_INCOMING_TRANSFER_SIZE: b"\x52\x00",
    ValueId.MAXIMUM_OUTGOING_TRANSFER_SIZE: b"\x52\x00",
    ValueId.STACK_TOKEN_WRITING: b"\x01",
    ValueId.STACK_IS_PERFORMING_REJOIN: b"\x00",
    ValueId.EXTENDED_SECURITY_BITMASK: b"\x00\x00",
    ValueId.DESCRIPTOR_CAPABILITY: b"\x00",
    ValueId.STACK_DEVICE_REQUEST_SEQUENCE_NUMBER: b"\x00",
    ValueId.RADIO_HOLD_OFF: b"\x00",
    ValueId.LAST_REJOIN_REASON: b"\x00",
    ValueId.NEXT_ZIGBEE_SEQUENCE_NUMBER: b"\x00",
    ValueId.CCA_THRESHOLD: b"\xb5",
    ValueId.RETRY_DEVICE_TYPE: b"\x00",
    ValueId.ENABLE_R21_BEHAVIOR: b"\x00",
    ValueId.ANTENNA_MODE: b"\x00",
    ValueId.ENABLE_PTA: b"\x00",
    ValueId.PTA_OPTIONS: b"\x00\x00\x00\x00",
    ValueId.MFGLIB_OPTIONS: b"\x00",
    ValueId.NWK_KEY_TIMEOUT: b"\x05",
    ValueId.FORCE_TX_AFTER_FAILED_CCA_ATTEMPTS: b"\x00",
    ValueId.TRANSIENT_KEY_TIMEOUT_S: b"\x2c\x01\x00\x00",
    ValueId.MAX_BEACONS_TO_STORE: b"\x08",
    ValueId.END_DEVICE_TIMEOUT_OPTIONS_MASK: b"\xff\x3f",
    ValueId.END_DEVICE_KEEP_ALIVE_SUPPORT_MODE: b"\x03",
    ValueId.ACTIVE_RADIO_CONFIG: b"\x00",
    ValueId.TRANSIENT_DEVICE_TIMEOUT: b"\x10\x27",
    ValueId.KEY_STORAGE_VERSION: b"\x01",
    ValueId.DELAYED_JOIN_ACTIVATION: b"\x00",
    ValueId.MAX_NWK_RETRIES: b"\x01",
    ValueId.REJOIN_MODE: b"\x00",
    ValueId.JOIN_USE_INSTALL_CODE_ENABLE: b"\x00",
    ValueId.STACK_REVISION: b"\x17\x00",
    ValueId.SLEEPY_TARGET_MAC_TIMEOUT_INCREASE: b"\x00\x00",
}
"""UG100, EzspValueId: those that are kept as they are told; others follow from the chip's state."""
POLICIES: Final = {
    PolicyId.TRUST_CENTER: 0,
    PolicyId.BINDING_MODIFICATION: DecisionId.DISALLOW_BINDING_MODIFICATION,
    PolicyId.UNICAST_REPLIES: DecisionId.HOST_WILL_NOT_SUPPLY_REPLY,
    PolicyId.POLL_HANDLER: DecisionId.POLL_HANDLER_IGNORE,
    PolicyId.MESSAGE_CONTENTS_IN_CALLBACK: DecisionId.MESSAGE_TAG_ONLY_IN_CALLBACK,
    PolicyId.TC_KEY_REQUEST: DecisionId.DENY_TC_KEY_REQUESTS,
    PolicyId.APP_KEY_REQUEST: DecisionId.DENY_APP_KEY_REQUESTS,
    PolicyId.PACKET_VALIDATE_LIBRARY: DecisionId.PACKET_VALIDATE_LIBRARY_CHECKS_ENABLED,
    PolicyId.ZLL: 0,
    PolicyId.TC_REJOINS_USING_WELL_KNOWN_KEY: 0,
}


@dataclass(frozen=True, slots=True)
class Firmware:
    """All that is in it but its behaviour."""

    version: int
    """Of EZSP."""
    stack: tuple[int, int, int]
    """Of EmberZNet."""
    build: int = 0
    manufacturer: bytes = b"hubagent"
    board: bytes = b"simulated NCP"
    configuration: dict[int, int] = field(default_factory=lambda: {int(key): it for key, it in CONFIGURATION.items()})
    values: dict[int, bytes] = field(default_factory=lambda: {int(key): it for key, it in VALUES.items()})

    @property
    def stack_version(self) -> int:
        """One digit of four bits each, as `version` answers it."""
        major, minor, patch = self.stack
        return major << 12 | minor << 8 | patch << 4

    @property
    def version_info(self) -> bytes:
        """EmberVersion: build, the four numbers, and what kind of release it is."""
        return self.build.to_bytes(2, "little") + bytes((*self.stack, 0, GENERALLY_AVAILABLE))


def firmware(version: int) -> Firmware:
    """The one that speaks that version of EZSP. Raises ValueError where there is none."""
    stack = STACK_VERSIONS.get(version)
    if stack is None:
        raise ValueError(f"there is no firmware of EZSP {version}; there is {', '.join(map(str, STACK_VERSIONS))}")
    return Firmware(version, stack)
