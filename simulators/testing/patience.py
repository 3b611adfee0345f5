"""How long a test waits for what does not come, and what it is told then.

What waits through `home` gives up by itself, and says why. This is for the rest: an `asyncio.Event` that nobody sets, a
queue that stays empty. Who sleeps knows until when.
"""

from typing import Any, Final

from hubagent.rules.duration import duration_text
from simulators.testing.stepped import Stepped
from simulators.testing.watched_loop import WatchedLoop
from simulators.virtual_time import Deadlock, TooManySteps

__tracebackhide__ = True

_LAST_STEPS: Final = 1_000_000


class Stuck(RuntimeError):
    """The test waits for something that does not come."""


class Patience:
    """With one test after the other; `test` is the one that runs."""

    def __init__(self, loop: WatchedLoop, seconds: float) -> None:
        self.test: Stepped[Any] | None = None
        self._loop = loop
        self._since = 0.0
        self._told = False
        loop.patience_s = seconds
        loop.on_patience_end = self._is_at_its_end

    def anew(self) -> None:
        """The test goes on."""
        self._since = self._loop.time()
        self._loop.be_patient()

    def _is_at_its_end(self, error: Exception | None) -> None:
        """It is raised in the test; in the loop where there is none, or where it was told already and goes on."""
        wakes = None if self.test is None or error is not None else self._loop.sleeps_until(self.test.waits_for)
        if wakes is not None:
            self._loop.be_patient(wakes - self._loop.time())
            return
        told = self._in_words(error)
        if self.test is None or self._told:
            raise told
        self._told = True
        self._loop.be_patient()
        if isinstance(error, TooManySteps):
            self._loop.grant(_LAST_STEPS)
        self.test.interrupt(told)

    def _in_words(self, error: Exception | None) -> Exception:
        if isinstance(error, TooManySteps):
            return error
        hint = "wait with home.expect(...) or home.until(..., within=...): they give up in time, and say why"
        if isinstance(error, Deadlock):
            return Stuck(f"the test waits, and nothing is left that could ever happen; {hint}")
        waited = duration_text(self._loop.time() - self._since)
        return Stuck(f"the test has waited here for {waited} (sim_patience), and nothing came; {hint}")
