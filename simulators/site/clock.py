"""The wall clock of a hub's host: it steps, drifts, and stands in 1970 after a power cut on boards without a battery.

The world's own time never steps: START + `loop.time()`. Schedules of the hub that are right are right by that.
"""

from collections.abc import Callable


class HostClock:
    """`true` gives the true Unix seconds."""

    def __init__(self, true: Callable[[], float]) -> None:
        self._true = true
        self._set_at = true()
        self._shown = self._set_at
        self.drift_ppm = 0.0
        """How much too fast it goes; takes effect at the next `step` or `set`."""
        self._rate = 1.0

    def __call__(self) -> float:
        return self._shown + (self._true() - self._set_at) * self._rate

    @property
    def off_s(self) -> float:
        """By how much it is ahead of the true time."""
        return self() - self._true()

    def set(self, unix: float) -> None:
        self._shown, self._set_at = unix, self._true()
        self._rate = 1.0 + self.drift_ppm / 1e6

    def step(self, seconds: float) -> None:
        self.set(self() + seconds)

    def heal(self) -> None:
        """As a time server does."""
        self.drift_ppm = 0.0
        self.set(self._true())
