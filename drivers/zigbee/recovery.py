"""What to try next with an NCP that fails: a few resets, then the port, less and less often.

Only the decisions, and the counts that they rest on. The NCP is asked, reset and its port opened anew by
`exchange_machine`, which says here what came of it.
"""

from typing import Final

from drivers.zigbee.exchange import Timing

_SILENCES_MAX: Final = 2
"""Questions whether it lives, in a row and without an answer."""
_RESTARTS_MAX: Final = 3
"""In a row, before the port is opened anew: an NCP that fails over and over is not to be reset over and over."""
_REOPENINGS_MAX: Final = 30
"""As far as they are counted: long before, the wait is the longest there is."""


class Recovery:
    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._silences = 0
        self._restarts = 0
        self._reopenings = 0
        self._in_use_since: float | None = None

    # What shows that it is well.

    def responded(self) -> None:
        self._silences = 0

    def in_use(self, now: float) -> None:
        if self._in_use_since is None:
            self._in_use_since = now

    # What it does not do.

    def silent(self) -> bool:
        """It did not say that it lives. True when it is to be given up."""
        self._silences += 1
        return self._silences >= _SILENCES_MAX

    # The remedies.

    def may_restart(self, now: float) -> bool:
        """False where that was tried often enough: then only the port is left."""
        self._out_of_use(now)
        self._restarts += 1
        return self._restarts <= _RESTARTS_MAX

    def next_reopening_s(self, now: float) -> float:
        """How long to wait before the port is opened again: twice as long each time."""
        self._out_of_use(now)
        self._restarts = 0
        delay_s = min(self._timing.reopen_first_s * 2.0**self._reopenings, self._timing.reopen_max_s)
        self._reopenings = min(self._reopenings + 1, _REOPENINGS_MAX)
        return delay_s

    def _out_of_use(self, now: float) -> None:
        self._silences = 0
        since, self._in_use_since = self._in_use_since, None
        if since is not None and now - since >= self._timing.settled_s:
            self._restarts = self._reopenings = 0
