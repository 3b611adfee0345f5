"""The virtual loop, and a look at the world each time that something happened in it.

Whoever waits for something to become true looks after each round of the loop: truth changes only when callbacks run, so
nothing is seen late, and nobody has to be asked again and again meanwhile.
"""

from collections.abc import Callable

from simulators.virtual_time import VirtualTimeLoop

Look = Callable[[], None]


class WatchedLoop(VirtualTimeLoop):
    """Looks change nothing that happens: they draw nothing, and start nothing."""

    def __init__(self, seed: object, max_steps: int | None = None) -> None:
        super().__init__(seed, max_steps)
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

    def _run_once(self) -> None:
        super()._run_once()
        for look in tuple(self._looks):
            look()
