"""Whether the other side of a CoAP connection is still there: when to send a Ping, when to give up.

RFC 8323, section 5.4. Only whole messages count as heard: who sends a byte a second is as silent as who sends nothing.
"""

from enum import Enum
from typing import Final

from hubagent.uplink.transports.port import SILENCE_S

PING_AFTER_S: Final = 8.0
"""Of silence. Two of them fit into SILENCE_S: one may be lost with the packet that a route swallowed while it moved."""
PONG_GRACE_S: Final = 2.0
"""What the answer to a Ping is given at least, where the machine slept and woke up past every deadline."""


class Verdict(Enum):
    THERE = "there"
    ASK = "ask"
    """Send a Ping now."""
    GONE = "gone"


class Liveness:
    def __init__(self, now: float) -> None:
        self._heard_at = now
        self._asked_at: float | None = None

    def heard(self, now: float) -> None:
        self._heard_at = now
        self._asked_at = None

    def look(self, now: float) -> Verdict:
        if self._asked_at is not None and now >= self._given_up_at(self._asked_at):
            return Verdict.GONE
        if now >= self._ask_at():
            self._asked_at = now
            return Verdict.ASK
        return Verdict.THERE

    def next_look(self) -> float:
        if self._asked_at is None:
            return self._ask_at()
        return min(self._ask_at(), self._given_up_at(self._asked_at))

    def _ask_at(self) -> float:
        return (self._heard_at if self._asked_at is None else self._asked_at) + PING_AFTER_S

    def _given_up_at(self, asked_at: float) -> float:
        return max(self._heard_at + SILENCE_S, asked_at + PONG_GRACE_S)
