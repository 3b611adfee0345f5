"""Diagnostics: a node's counters of what went well and what did not (ZCL8, 3.15)."""

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0B05


DIAGNOSTICS = Cluster(
    id=CLUSTER_ID,
    name="diagnostics",
    attributes=(
        AttributeDef(0x0000, "number_of_resets", DataType.UINT16),
        AttributeDef(0x0001, "persistent_memory_writes", DataType.UINT16),
        AttributeDef(0x0100, "mac_rx_broadcast", DataType.UINT32),
        AttributeDef(0x0101, "mac_tx_broadcast", DataType.UINT32),
        AttributeDef(0x0102, "mac_rx_unicast", DataType.UINT32),
        AttributeDef(0x0103, "mac_tx_unicast", DataType.UINT32),
        AttributeDef(0x0104, "mac_tx_unicast_retry", DataType.UINT16),
        AttributeDef(0x0105, "mac_tx_unicast_fail", DataType.UINT16),
        AttributeDef(0x0106, "aps_rx_broadcast", DataType.UINT16),
        AttributeDef(0x0107, "aps_tx_broadcast", DataType.UINT16),
        AttributeDef(0x0108, "aps_rx_unicast", DataType.UINT16),
        AttributeDef(0x0109, "aps_unicast_success", DataType.UINT16),
        AttributeDef(0x010A, "aps_tx_unicast_retries", DataType.UINT16),
        AttributeDef(0x010B, "aps_tx_unicast_failures", DataType.UINT16),
        AttributeDef(0x010C, "route_discovery_initiated", DataType.UINT16),
        AttributeDef(0x010D, "neighbor_added", DataType.UINT16),
        AttributeDef(0x010E, "neighbor_moved", DataType.UINT16),
        AttributeDef(0x010F, "neighbor_stale", DataType.UINT16),
        AttributeDef(0x0110, "join_indication", DataType.UINT16),
        AttributeDef(0x0111, "child_moved", DataType.UINT16),
        AttributeDef(0x0112, "network_frame_control_failure", DataType.UINT16),
        AttributeDef(0x0113, "aps_frame_control_failure", DataType.UINT16),
        AttributeDef(0x0114, "aps_unauthorized_key", DataType.UINT16),
        AttributeDef(0x0115, "network_decryption_failure", DataType.UINT16),
        AttributeDef(0x0116, "aps_decryption_failure", DataType.UINT16),
        AttributeDef(0x0117, "packet_buffer_allocation_failures", DataType.UINT16),
        AttributeDef(0x0118, "relayed_unicasts", DataType.UINT16),
        AttributeDef(0x0119, "phy_to_mac_queue_limit_reached", DataType.UINT16),
        AttributeDef(0x011A, "packet_validate_drop_count", DataType.UINT16),
        AttributeDef(0x011B, "average_mac_retry_per_aps_message_sent", DataType.UINT16),
        AttributeDef(0x011C, "last_message_lqi", DataType.UINT8),
        AttributeDef(0x011D, "last_message_rssi", DataType.INT8),
    ),
)
