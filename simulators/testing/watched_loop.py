"""The virtual loop, and a look at the world each time that something happened in it.

Whoever waits for something to become true looks after each round of the loop: truth changes only when callbacks run, so
nothing is seen late, and nobody has to be asked again and again meanwhile.

A home goes on for ever: who waits in it for what never comes would wait for ever, too. So somebody is told when nothing
came in a long time, when nothing can come any more, and when it took too many callbacks.
"""

import math
from collections.abc import Callable

from simulators.virtual_time import Deadlock, TooManySteps, VirtualTimeLoop

Look = Callable[[], None]


class WatchedLoop(VirtualTimeLoop):
    """Looks change nothing that happens: they draw nothing, and start nothing."""

    def __init__(self, seed: object, max_steps: int | None = None) -> None:
        super().__init__(seed, max_steps)
        self.on_patience_end: Callable[[Exception | None], None] = _raised
        """Told of Deadlock and TooManySteps, or of nothing but that the time is up; what it raises ends the loop."""
        self.patience_s = math.inf
        self._patient_until = math.inf
        self._looks: list[Look] = []

    def watch(self, look: Look) -> Callable[[], None]:
        """Call `look` after each round, after those that look already; returns what ends it."""
        self._looks.append(look)

        def end() -> None:
            if look in self._looks:
                self._looks.remove(look)

        return end

    def grant(self, steps: int) -> None:
        """So many callbacks more, for what has to be done at the end of a run that had too many."""
        self._max_steps = self.steps + steps

    def be_patient(self, seconds: float = 0.0) -> None:
        """From now on, or from when somebody gives up by himself who begins to wait for so long."""
        until = self._now + seconds + self.patience_s
        if self._patient_until == math.inf or until > self._patient_until:
            self._patient_until = until

    def sleeps_until(self, future: object) -> float | None:
        """When the timer of that future comes, as `asyncio.sleep` makes one."""
        return next((when for when, _, timer in self._timers if any(it is future for it in timer._args)), None)

    def _run_once(self) -> None:
        try:
            super()._run_once()
        except (Deadlock, TooManySteps) as error:
            self.on_patience_end(error)
        if self._now > self._patient_until:
            self._patient_until = math.inf
            self.on_patience_end(None)
        for look in tuple(self._looks):
            look()


def _raised(error: Exception | None) -> None:
    if error is not None:
        raise error
