"""The duplicate rejection table: what was heard a moment ago is not heard again (05-3474-23, 2.2.8).

A sender whose acknowledgement was lost sends the same frame anew, with the same counter.
"""

from collections import deque
from typing import Final

from simulators.zigbee.radio import ApsMessage

KEPT: Final = 16
KEPT_S: Final = 8.0
"""Longer than a sender tries; shorter than it takes to count all numbers round."""


class HeardBefore:
    def __init__(self) -> None:
        self._messages: deque[tuple[float, ApsMessage]] = deque(maxlen=KEPT)

    def again(self, message: ApsMessage, now: float) -> bool:
        """Whether it is one of the last; it is remembered."""
        while self._messages and self._messages[0][0] + KEPT_S < now:
            self._messages.popleft()
        if any(known == message for _, known in self._messages):
            return True
        self._messages.append((now, message))
        return False
