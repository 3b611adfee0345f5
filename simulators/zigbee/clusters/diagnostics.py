"""Diagnostics of a node whose radio has seen nothing remarkable (ZCL8, 3.15)."""

from typing import Final

from drivers.zigbee.zcl.clusters.diagnostics import DIAGNOSTICS
from simulators.device_memory import Kept
from simulators.zigbee.clusters.side import Side

BEST_LQI: Final = 255
RSSI_DBM: Final = -45


class DiagnosticsServer(Side):
    CLUSTER = DIAGNOSTICS
    REVISION = 3

    def __init__(self) -> None:
        super().__init__()
        self._resets = 0
        self._shows("number_of_resets", lambda: self._resets)
        self._constant("mac_tx_unicast_retry", 0)
        self._constant("aps_tx_unicast_failures", 0)
        self._constant("average_mac_retry_per_aps_message_sent", 0)
        self._constant("last_message_lqi", BEST_LQI)
        self._constant("last_message_rssi", RSSI_DBM)

    def power_returned(self) -> None:
        self._resets = min(0xFFFE, self._resets + 1)

    def kept(self) -> Kept:
        return {"resets": self._resets}

    def restore(self, kept: Kept) -> None:
        self._resets = int(kept["resets"])
