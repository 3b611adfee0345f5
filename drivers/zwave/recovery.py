"""What to try next with a controller that fails: each remedy once, and the next one only if that did not help.

Only the decisions, and the counts that they rest on. The controller is asked, reset and opened anew by
`exchange_machine`, which says here what came of it.
"""

from drivers.zwave.exchange import Timing

_REFUSALS_MAX = 3
"""Frames in a row, each refused four times, before the controller is restarted."""
_REOPENINGS_MAX = 30
"""As far as they are counted: long before, the wait is the longest there is."""


class Recovery:
    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._reopenings = 0
        self._refusals = 0
        self._was_reset = False
        """Since the controller responded last; the next two since it said what became of a transmission."""
        self._was_reset_for_callback = False
        self._was_reset_for_jam = False

    # What shows that it is well.

    def acknowledged(self) -> None:
        self._refusals = 0

    def responded(self) -> None:
        self._reopenings = 0
        self._was_reset = False

    def transmitted(self) -> None:
        """It said what became of a transmission, and that was not a jammed radio."""
        self._was_reset_for_callback = self._was_reset_for_jam = False

    # What it does not do, and whether that is to be mended by a restart.

    def refused(self) -> bool:
        """A frame was refused every time."""
        self._refusals += 1
        if self._refusals < _REFUSALS_MAX:
            return False
        self._refusals = 0
        return True

    def callback_missed(self) -> bool:
        """True once, and not again before a callback has come: a controller may lose them all (zwave-js 6472)."""
        first, self._was_reset_for_callback = not self._was_reset_for_callback, True
        return first

    def stayed_jammed(self) -> bool:
        first, self._was_reset_for_jam = not self._was_reset_for_jam, True
        return first

    def jammed_attempts(self) -> int:
        """How often a transmission is tried on a jammed radio; where a restart did not help, once."""
        return 1 if self._was_reset_for_jam else self._timing.jammed_attempts

    # The remedies.

    def may_reset(self) -> bool:
        """False where a reset was tried already: then only the port is left."""
        first, self._was_reset = not self._was_reset, True
        return first

    def next_reopening_s(self) -> float:
        """How long to wait before the port is opened again: twice as long each time."""
        delay_s = min(self._timing.reopen_first_s * 2.0**self._reopenings, self._timing.reopen_max_s)
        self._reopenings = min(self._reopenings + 1, _REOPENINGS_MAX)
        return delay_s
