"""IAS Zone: a sensor of an alarm system, that tells its centre at once (ZCL8, 8.2).

It belongs to the centre whose address is written into it. Then it asks to be enrolled by itself (auto-enroll-request),
is enrolled by a response that nobody asked for (auto-enroll-response), or asks when something trips it (trip-to-pair).
"""

import asyncio
from collections.abc import Callable
from typing import ClassVar, Final

from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.ias_zone import (
    IAS_ZONE,
    EnrollResponseCode,
    InitiateNormalOperationMode,
    InitiateNormalOperationModeResponse,
    InitiateTestMode,
    InitiateTestModeResponse,
    ZoneEnrollRequest,
    ZoneEnrollResponse,
    ZoneState,
    ZoneStatus,
    ZoneStatusChangeNotification,
    ZoneType,
)
from drivers.zigbee.zcl.data_types import Value
from drivers.zigbee.zcl.status import ZclStatus
from simulators.device_memory import Kept
from simulators.devices.device import Timer
from simulators.zigbee.clusters.side import Answer, Peer, Place, Side

ASKS_AFTER_S: Final = 0.5
"""How long after its centre's address was written it asks to be enrolled."""
NO_ZONE: Final = 0xFF
CIE_ENDPOINT: Final = 1
"""Where the centre is taken to be until it has said something."""

StatusBits = Callable[[], int]
"""Bits of ZoneStatus as the device is now."""


class IasZoneServer(Side):
    CLUSTER = IAS_ZONE
    REVISION = 2
    COMMANDS: ClassVar = (ZoneEnrollResponse, InitiateNormalOperationMode, InitiateTestMode)

    def __init__(self, zone_type: ZoneType, bits: StatusBits, manufacturer_code: int) -> None:
        super().__init__()
        self._zone_type = zone_type
        self._bits = bits
        self._manufacturer_code = manufacturer_code
        self._cie = 0
        self._cie_endpoint = CIE_ENDPOINT
        self._zone_id = NO_ZONE
        self._enrolled = False
        self._testing = False
        self._told = 0
        self._test: Timer | None = None
        self._asking: asyncio.TimerHandle | None = None
        self._shows("zone_state", lambda: ZoneState.ENROLLED if self._enrolled else ZoneState.NOT_ENROLLED)
        self._constant("zone_type", zone_type)
        self._shows("zone_status", lambda: self._status)
        self._shows("ias_cie_address", lambda: self._cie, write=self._write_cie)
        self._shows("zone_id", lambda: self._zone_id)

    def placed(self, place: Place) -> None:
        super().placed(place)
        self._test = Timer(place.loop, self._end_test)

    # --- what happens to it

    def react(self, command: ClusterCommand, sender: Peer) -> Answer:
        if self.place.address_of(self._cie) != sender.node_id:
            return ZclStatus.NOT_AUTHORIZED
        match command:
            case ZoneEnrollResponse(code, zone_id):
                self._cie_endpoint = sender.endpoint
                if code == EnrollResponseCode.SUCCESS:
                    self._enrol(zone_id)
                return ZclStatus.SUCCESS
            case InitiateTestMode(duration_s):
                self._set_testing(duration_s)
                return InitiateTestModeResponse()
            case InitiateNormalOperationMode():
                self._set_testing(0)
                return InitiateNormalOperationModeResponse()
        return None

    def happened(self, attribute: str) -> None:  # noqa: ARG002 - whatever it was may be in the bits
        status = self._status
        if status == self._told:
            return
        if self._enrolled:
            self._tell()
        elif status & (ZoneStatus.ALARM_1 | ZoneStatus.ALARM_2):
            self._ask()

    def halt(self) -> None:
        self._stop_asking()
        self._testing = False
        if self._test is not None:
            self._test.stop()

    def power_returned(self) -> None:
        """Nobody was told of what happened meanwhile."""
        if self._enrolled:
            self._tell()
        else:
            self._ask()

    def reset(self) -> None:
        super().reset()
        self._cie = 0
        self._forget_zone()

    def kept(self) -> Kept:
        zone_id = self._zone_id if self._enrolled else None
        return {"cie": self._cie, "cie_endpoint": self._cie_endpoint, "zone_id": zone_id}

    def restore(self, kept: Kept) -> None:
        self._cie, self._cie_endpoint = int(kept["cie"]), int(kept["cie_endpoint"])
        self._enrolled = kept["zone_id"] is not None
        self._zone_id = int(kept["zone_id"]) if self._enrolled else NO_ZONE

    # --- inside

    @property
    def _status(self) -> int:
        return self._bits() | (ZoneStatus.TEST if self._testing else 0)

    def _write_cie(self, value: Value) -> ZclStatus:
        address = value if isinstance(value, int) else 0
        if address != self._cie:
            self._forget_zone()
        self._cie = address
        self._stop_asking()
        if address and not self._enrolled:
            self._asking = self.place.loop.call_later(ASKS_AFTER_S, self._ask)
        return ZclStatus.SUCCESS

    def _stop_asking(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _ask(self) -> None:
        self._stop_asking()
        if self._cie and not self._enrolled:
            request = ZoneEnrollRequest(self._zone_type, self._manufacturer_code)
            self.place.tell_eui64(self._cie, self._cie_endpoint, request)

    def _enrol(self, zone_id: int) -> None:
        self._enrolled, self._zone_id = True, zone_id
        self._stop_asking()
        if self._status != self._told:
            self._tell()

    def _forget_zone(self) -> None:
        self._enrolled, self._zone_id, self._cie_endpoint, self._told = False, NO_ZONE, CIE_ENDPOINT, 0

    def _tell(self) -> None:
        self._told = self._status
        change = ZoneStatusChangeNotification(self._told, 0, self._zone_id, 0)
        self.place.tell_eui64(self._cie, self._cie_endpoint, change)

    def _set_testing(self, seconds: int) -> None:
        assert self._test is not None
        self._test.stop()
        if seconds:
            self._test.start(seconds)
        self._testing = seconds > 0
        self.happened("testing")

    def _end_test(self) -> None:
        self._set_testing(0)
