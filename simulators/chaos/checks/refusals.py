"""Since when the disk has refused the records: what was put since then may be lost with the process.

The store tries again every few seconds by the clock of its process, which does not go on while that stands still.
"""

from pathlib import Path
from typing import Final

from hubagent.store.store import RETRY_DELAY_S
from simulators.site.site import Site

RECORDS: Final = "hub.db"
SLACK_S: Final = 0.02
"""Beyond the store's own times: 80 ms, 1 s and 5 s."""
NEVER: Final = float("-inf")


class Refusals:
    def __init__(self, site: Site) -> None:
        self._hub = site.hub
        self._loop = site.world.loop
        self._from = self._last = NEVER
        self._held_s = 0.0
        """How long the process had stood still by the last one."""

    def listen(self) -> None:
        self._hub.disk.refused.append(self._refuses)

    @property
    def now(self) -> bool:
        """One at this very moment."""
        return self._last >= self._loop.time()

    def promised_before(self) -> float:
        """What was put at that time or later may be lost, if the process ends now."""
        process = self._hub._process
        if process is not None and process.life.stalled:
            return NEVER
        return self._from if self._goes_on() else self._loop.time()

    def _refuses(self, path: Path) -> None:
        if path.name == RECORDS:
            if not self._goes_on():
                self._from = self._loop.time()
            self._last, self._held_s = self._loop.time(), self._held()

    def _goes_on(self) -> bool:
        """There was no time to try again since the last one."""
        held_s = max(0.0, self._held() - self._held_s)
        return self._loop.time() - self._last - held_s <= RETRY_DELAY_S + SLACK_S

    def _held(self) -> float:
        process = self._hub._process
        return 0.0 if process is None else process.life.held_s
