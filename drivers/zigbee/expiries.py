"""States that are good for a while: some sensors say that somebody is there, and never that nobody is any more."""

import asyncio
from collections.abc import Callable

from drivers.zigbee.capabilities.translation import Reading
from hubagent.model.device import DeviceId


class Expiries:
    """`expired` hears when a device has been silent about a reading for as long as that is good for."""

    def __init__(self, expired: Callable[[DeviceId, Reading, float], None]) -> None:
        self._expired = expired
        self._loop = asyncio.get_running_loop()
        self._timers: dict[tuple[DeviceId, str], asyncio.TimerHandle] = {}

    def heard(self, device: DeviceId, reading: Reading) -> None:
        """Of a reading that expires; a later one of the same capability takes its place."""
        key = (device, reading.capability)
        known = self._timers.pop(key, None)
        if known is not None:
            known.cancel()
        if reading.expires_s:
            self._timers[key] = self._loop.call_later(reading.expires_s, self._is_over, key, reading)

    def _is_over(self, key: tuple[DeviceId, str], reading: Reading) -> None:
        del self._timers[key]
        self._expired(key[0], Reading(reading.capability, reading.expired or {}), self._loop.time())

    def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
