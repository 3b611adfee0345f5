"""How loud it is on each channel, as the stick hears it (UG100, startScan)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from drivers.zigbee.coordinator import Coordinator
from drivers.zigbee.ezsp.frame import Callback
from drivers.zigbee.ezsp.scanning import EnergyScanResultHandler, ScanCompleteHandler, StartScan
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.types import ScanType
from drivers.zigbee.network_identity import ALL_CHANNELS
from drivers.zigbee.network_setup import Refused
from hubagent.model.driver import DriverUnavailable

DURATION: Final = 4
"""2^4 + 1 periods of 15.36 ms on each channel: a quarter of a second."""
SCAN_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Scan:
    """What one scan heard, and when it came to its end."""

    at: float
    """`loop.time()`."""
    heard: Mapping[int, int]
    """By channel, the loudest that was heard, in dBm: our own devices are among it."""


class EnergyScan:
    """One at a time; the stick hears nothing else meanwhile."""

    def __init__(self, coordinator: Coordinator) -> None:
        self.last: Scan | None = None
        """The last that came to its end, since the start."""
        self._coordinator = coordinator
        self._found: dict[int, int] = {}
        self._done: asyncio.Future[Status] | None = None
        self._turn = asyncio.Lock()

    def callback_received(self, callback: Callback) -> None:
        if self._done is None or self._done.done():
            return
        if isinstance(callback, EnergyScanResultHandler):
            self._found[callback.channel] = callback.max_rssi_value
        elif isinstance(callback, ScanCompleteHandler):
            self._done.set_result(Status(callback.status))

    async def run(self) -> dict[int, int]:
        """By channel, the loudest that was heard, in dBm. Raises DriverUnavailable."""
        async with self._turn:
            self._found = {}
            self._done = asyncio.get_running_loop().create_future()
            try:
                command = StartScan(ScanType.ENERGY, ALL_CHANNELS, DURATION)
                status = Status((await self._coordinator.ask(command)).status)
                if not status.ok:
                    raise Refused(command, status)
                async with asyncio.timeout(SCAN_S):
                    await self._done
            except TimeoutError:
                raise DriverUnavailable("the stick did not come to the end of its scan") from None
            finally:
                self._done = None
            found = dict(sorted(self._found.items()))
            self.last = Scan(asyncio.get_running_loop().time(), found)
            return found
