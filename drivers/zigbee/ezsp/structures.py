"""Structures that several EZSP frames carry. UG100, "Structure Definitions"."""

from dataclasses import dataclass, field
from typing import Annotated

from drivers.zigbee.ezsp.status import SL_STATUS_SINCE
from drivers.zigbee.ezsp.types import NO_EUI64, NO_INDEX, NO_NODE, ExtendedPanId
from drivers.zigbee.wire import Bool, Eui64, Int8, Key, Number, Record, Trailing, UInt8, UInt16, UInt32


@dataclass(frozen=True, slots=True)
class ApsFrame(Record):
    """EmberApsFrame."""

    profile_id: UInt16
    cluster_id: UInt16
    source_endpoint: UInt8
    destination_endpoint: UInt8
    options: UInt16 = 0
    """Of `ApsOption`."""
    group_id: UInt16 = 0
    sequence: UInt8 = 0


@dataclass(frozen=True, slots=True)
class NetworkParameters(Record):
    """EmberNetworkParameters."""

    extended_pan_id: ExtendedPanId
    pan_id: UInt16
    radio_tx_power: Int8
    radio_channel: UInt8
    join_method: UInt8 = 0
    nwk_manager_id: UInt16 = 0
    nwk_update_id: UInt8 = 0
    channels: UInt32 = 0
    """A bit for each channel that the network manager may choose."""


@dataclass(frozen=True, slots=True)
class InitialSecurityState(Record):
    """EmberInitialSecurityState."""

    bitmask: UInt16
    """Of `InitialSecurityBitmask`."""
    preconfigured_key: Key = field(repr=False)
    network_key: Key = field(repr=False)
    network_key_sequence_number: UInt8 = 0
    preconfigured_trust_center_eui64: Eui64 = NO_EUI64


@dataclass(frozen=True, slots=True)
class CurrentSecurityState(Record):
    """EmberCurrentSecurityState."""

    bitmask: UInt16
    """Of `CurrentSecurityBitmask`."""
    trust_center_eui64: Eui64


@dataclass(frozen=True, slots=True)
class MulticastTableEntry(Record):
    """EmberMulticastTableEntry: the stick hears messages to this group."""

    multicast_id: UInt16
    endpoint: UInt8
    """0: the entry is free."""
    network_index: Annotated[int | None, Trailing(Number(1))] = 0
    """Some firmware leaves it out."""


@dataclass(frozen=True, slots=True)
class ChildData(Record):
    """EmberChildData."""

    eui64: Eui64
    node_type: UInt8
    node_id: UInt16
    phy: UInt8 = 0
    power: UInt8 = 0
    timeout: UInt8 = 0
    remaining_timeout: UInt32 = 0


@dataclass(frozen=True, slots=True)
class KeyContext(Record):
    """sl_zb_sec_man_context_t: names a key of the stick's."""

    key_type: UInt8
    """Of `KeyType`."""
    key_index: UInt8 = 0
    derived_type: UInt16 = 0
    eui64: Eui64 = NO_EUI64
    multi_network_index: UInt8 = 0
    flags: UInt8 = 0
    """Of `KeyFlag`."""
    psa_key_algorithm: UInt32 = 0


@dataclass(frozen=True, slots=True)
class NetworkKeyInfo(Record):
    """sl_zb_sec_man_network_key_info_t."""

    network_key_set: Bool
    alternate_network_key_set: Bool
    network_key_sequence_number: UInt8
    alternate_network_key_sequence_number: UInt8
    network_key_frame_counter: UInt32


@dataclass(frozen=True, slots=True)
class ApsKeyMetadata(Record):
    """sl_zb_sec_man_aps_key_metadata_t."""

    bitmask: UInt16
    """Of `KeyStructBitmask`."""
    outgoing_frame_counter: UInt32 = 0
    incoming_frame_counter: UInt32 = 0
    ttl_in_seconds: UInt16 = 0


@dataclass(frozen=True, slots=True)
class RxPacketInfo(Record):
    """sl_zigbee_rx_packet_info_t: who sent a frame, and how well it was heard. Only the latter before version 14."""

    last_hop_lqi: UInt8 = 0xFF
    last_hop_rssi: Int8 = 0
    """In dBm."""
    sender_short_id: UInt16 = NO_NODE
    sender_long_id: Eui64 = NO_EUI64
    binding_index: UInt8 = NO_INDEX
    address_index: UInt8 = NO_INDEX
    last_hop_timestamp: UInt32 = 0

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        if version < SL_STATUS_SINCE:
            return ("last_hop_lqi", "last_hop_rssi")
        return (
            "sender_short_id",
            "sender_long_id",
            "binding_index",
            "address_index",
            "last_hop_lqi",
            "last_hop_rssi",
            "last_hop_timestamp",
        )
