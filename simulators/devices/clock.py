"""A device's own clock: its crystal is a little fast or slow, and what it takes for the time of day may be wrong."""

import asyncio
from typing import Final

DRIFT_PPM: Final = 40.0
"""Standard deviation among devices: crystals of 32 kHz are good for 20 ppm at 25 °C, and worse where it is cold."""
DRIFT_PPM_MAX: Final = 150.0
SOON_S: Final = 1e-6
"""What is due so soon is due: a clock that drifts never hits a moment exactly."""


class DeviceClock:
    """`ppm` is by how many millionths it is fast. It counts from when the world began, power or not."""

    def __init__(self, loop: asyncio.AbstractEventLoop, ppm: float = 0.0) -> None:
        self._loop = loop
        self._ppm = ppm
        self._counted = 0.0
        self._since = 0.0
        self.wrong_by_s = 0.0
        """What it shows as the time of day, beside what it was set to."""

    @property
    def ppm(self) -> float:
        return self._ppm

    @ppm.setter
    def ppm(self, ppm: float) -> None:
        self._counted, self._since = self.count(), self._loop.time()
        self._ppm = ppm

    def count(self) -> float:
        """Seconds, as it counts them."""
        if not self._ppm and not self._counted:
            return self._loop.time()
        return self._counted + (self._loop.time() - self._since) * (1 + self._ppm * 1e-6)

    def lasts_s(self, seconds: float) -> float:
        """How long it really takes until it has counted so many."""
        return seconds / (1 + self._ppm * 1e-6)
