"""I9: nobody is busy going nowhere: a second of the home takes a bounded number of the loop's steps.

Counted over ten minutes of virtual time, world and cloud included. A home of a hundred devices takes some twenty a
second; what a fault may add (a storm of reports, a wire that is pulled out and put in again) is in the bound.
"""

from typing import Final

from simulators.chaos.checks.check import Check
from simulators.site.site import Site
from simulators.virtual_time import VirtualTimeLoop

WINDOW_S: Final = 600.0
STEPS_PER_S: Final = 60.0
STEPS_PER_DEVICE: Final = 4.0
"""A second."""


class Steps(Check):
    name = "steps"

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        assert isinstance(site.world.loop, VirtualTimeLoop)
        self._loop = site.world.loop
        self._most = WINDOW_S * (STEPS_PER_S + STEPS_PER_DEVICE * len(site.world.devices))

    def begin(self) -> None:
        self._before = self._loop.steps
        self._timer = self._loop.call_later(WINDOW_S, self._look)

    def end(self) -> list[str]:
        self._timer.cancel()
        return self.told(())

    def _look(self) -> None:
        steps = self._loop.steps - self._before
        if steps > self._most:
            from_s, to_s = self._loop.time() - WINDOW_S, self._loop.time()
            self.saw(f"{steps} steps from {from_s:.0f} to {to_s:.0f} s, and there may be {self._most:.0f}")
        self.begin()
