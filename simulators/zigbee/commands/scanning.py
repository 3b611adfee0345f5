"""UG100 "Networking Frames", scans: how loud each channel is, which networks are about, which PAN id is free."""

from collections.abc import Callable
from typing import Final

from drivers.zigbee.ezsp.frame import Callback
from drivers.zigbee.ezsp.scanning import (
    ClearStoredBeacons,
    ClearStoredBeaconsResponse,
    EnergyScanResultHandler,
    FindUnusedPanId,
    FindUnusedPanIdResponse,
    GetNumStoredBeacons,
    GetNumStoredBeaconsResponse,
    NetworkFoundHandler,
    ScanCompleteHandler,
    StartScan,
    StartScanResponse,
    StopScan,
    StopScanResponse,
    UnusedPanIdFoundHandler,
    ZigbeeNetwork,
)
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.types import ScanType
from simulators.zigbee.chip import Chip, Handlers
from simulators.zigbee.memory import CHANNELS
from simulators.zigbee.noise import noise_dbm, with_disturbance

SCAN_PERIOD_S: Final = 0.01536
"""aBaseSuperframeDuration at 2.4 GHz."""
DURATION_MAX: Final = 14
_ZIGBEE_PRO: Final = 2


class Scanning:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip

    def handlers(self) -> Handlers:
        return {
            StartScan: self._start,
            StopScan: self._stop,
            FindUnusedPanId: self._find_pan_id,
            GetNumStoredBeacons: lambda _: GetNumStoredBeaconsResponse(0),
            ClearStoredBeacons: lambda _: ClearStoredBeaconsResponse(Status.OK),
        }

    def _start(self, request: StartScan) -> StartScanResponse:
        refused = self._refusal(request.channel_mask, request.duration)
        if refused is not None:
            return StartScanResponse(refused)
        if request.scan_type not in tuple(ScanType):
            return StartScanResponse(Status.MAC_INCORRECT_SCAN_TYPE)
        found = self._energy if request.scan_type == ScanType.ENERGY else self._networks
        self._step(_channels(request.channel_mask), _seconds(request.duration), found)
        return StartScanResponse(Status.OK)

    def _stop(self, _: StopScan) -> StopScanResponse:
        if self._chip.scanning is not None:
            self._chip.forget(self._chip.scanning)
            self._chip.scanning = None
            self._chip.say(ScanCompleteHandler(0, Status.OK))
        return StopScanResponse(Status.OK)

    def _find_pan_id(self, request: FindUnusedPanId) -> FindUnusedPanIdResponse:
        refused = self._refusal(request.channel_mask, request.duration)
        if refused is not None:
            return FindUnusedPanIdResponse(refused)
        channels = _channels(request.channel_mask)
        found = UnusedPanIdFoundHandler(self._chip.rng.randrange(1, 0xFFF0), self._chip.rng.choice(channels))
        self._chip.later(len(channels) * _seconds(request.duration), lambda: self._chip.say(found))
        return FindUnusedPanIdResponse(Status.OK)

    def _refusal(self, mask: int, duration: int) -> Status | None:
        if self._chip.scanning is not None:
            return Status.MAC_SCANNING
        if not _channels(mask):
            return Status.INVALID_CHANNEL_MASK
        return Status.BAD_SCAN_DURATION if duration > DURATION_MAX else None

    def _step(self, channels: tuple[int, ...], each_s: float, found: Callable[[int], Callback | None]) -> None:
        """One channel after the other; then the word that it is over."""
        chip = self._chip

        def heard() -> None:
            result = found(channels[0])
            if result is not None:
                chip.say(result)
            if channels[1:]:
                self._step(channels[1:], each_s, found)
            else:
                chip.scanning = None
                chip.say(ScanCompleteHandler(0, Status.OK))

        chip.scanning = chip.later(each_s, heard)

    def _energy(self, channel: int) -> Callback:
        disturbance = self._chip.network.rough.noise_on(channel)
        return EnergyScanResultHandler(channel, with_disturbance(noise_dbm(channel, self._chip.rng), disturbance))

    def _networks(self, channel: int) -> Callback | None:
        """The stick's own is found by way of its routers, as everybody's is."""
        network = self._chip.formed
        routers = [it for it in self._chip.network.members() if it.router]
        if network is None or network.channel != channel or not routers:
            return None
        is_open = any(it.open_until > self._chip.now() for it in routers)
        beacon = ZigbeeNetwork(
            channel, network.pan_id, network.extended_pan_id, is_open, _ZIGBEE_PRO, network.update_id
        )
        sender = self._chip.network.traffic.sender(routers[0])
        return NetworkFoundHandler(beacon, sender.lqi, sender.rssi_dbm)


def _channels(mask: int) -> tuple[int, ...]:
    return tuple(channel for channel in CHANNELS if mask >> channel & 1)


def _seconds(duration: int) -> float:
    """A scan's duration as IEEE 802.15.4 has it."""
    return float((2**duration + 1) * SCAN_PERIOD_S)
