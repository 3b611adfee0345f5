"""I9: nobody is busy going nowhere: a second of the home takes a bounded number of the loop's steps.

Counted over ten minutes of virtual time, world and cloud included. A home of a hundred devices takes some twenty a
second; what a fault may add (a storm of reports, a wire that is pulled out and put in again) is in the bound.

Nor is the cloud kept busy: after each attempt a hub waits, longer and longer, before it comes back (UPLINK.md). A start
begins anew, and so does a connection that was good for a minute; with all of that a hub knocks seldom.
"""

from typing import Final

from simulators.chaos.checks.check import Check
from simulators.site.site import Site
from simulators.virtual_time import VirtualTimeLoop

WINDOW_S: Final = 600.0
STEPS_PER_S: Final = 60.0
STEPS_PER_DEVICE: Final = 4.0
"""A second."""
KNOCKS: Final = 60
"""In a window: ten good connections of a minute, and what it takes to get the next."""
KNOCKS_PER_START: Final = 4


class Steps(Check):
    name = "steps"

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        assert isinstance(site.world.loop, VirtualTimeLoop)
        self._loop = site.world.loop
        self._most = WINDOW_S * (STEPS_PER_S + STEPS_PER_DEVICE * len(site.world.devices))

    def begin(self) -> None:
        self._before = self._loop.steps
        self._knocks, self._lives = self._all_knocks(), self.site.hub.lives
        self._timer = self._loop.call_later(WINDOW_S, self._look)

    def end(self) -> list[str]:
        self._timer.cancel()
        return self.told(())

    def _look(self) -> None:
        steps, knocks = self._loop.steps - self._before, self._all_knocks() - self._knocks
        window = f"from {self._loop.time() - WINDOW_S:.0f} to {self._loop.time():.0f} s"
        if steps > self._most:
            self.saw(f"{steps} steps {window}, and there may be {self._most:.0f}")
        may_knock = KNOCKS + KNOCKS_PER_START * (self.site.hub.lives - self._lives)
        if knocks > may_knock:
            self.saw(f"the hub tried {knocks} times to reach its cloud {window}, and may {may_knock} times")
        self.begin()

    def _all_knocks(self) -> int:
        return 0 if self.site.net is None else self.site.net.knocks
