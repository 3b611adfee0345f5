"""What is said next, while the cloud listens: whose turn it is, at what pace, and no more than a frame takes.

Alarms and results of now first; then how devices are and what happens now, in turns; and the backlog in the pauses.
"""

from collections.abc import Callable, Iterator
from typing import Final

from hubagent.uplink.message.up import Batch, Reported
from hubagent.uplink.session.flows import Flows, Lane
from hubagent.uplink.session.pace import Pace
from hubagent.uplink.session.twin import Twin

BACKLOG_TURN: Final = 8
"""Every so manieth frame is the backlog's, however much happens now."""


class Speaking:
    def __init__(self, hub: str, incarnation: bytes, flows: Flows, twin: Twin, pace: Pace) -> None:
        self._hub = hub
        self._incarnation = incarnation
        self._flows = flows
        self._twin = twin
        self._pace = pace
        self._turn = 0
        self._reported_last = False
        self.messages = 0
        """So many were sent, those that were sent again included."""

    def next(self, payload_max: int, now: float) -> Batch | Reported | None:
        """The next frame; it counts as sent. None while there is none, or it would be too soon."""
        if not self._pace.may(now):
            return None
        for make in self._turns():
            made = make(payload_max, now)
            if made is not None:
                self._pace.took(now)
                self._turn = (self._turn + 1) % BACKLOG_TURN
                return made
        return None

    def next_at(self, now: float) -> Iterator[float]:
        """When there may be another frame, where nothing else happens before."""
        if not self._pace.may(now):
            yield self._pace.next_at(now)
        for at in (self._twin.due_at(), self._flows.put_off_until(now)):
            if at is not None:
                yield max(at, self._pace.next_at(now))

    def _turns(self) -> Iterator[Callable[[int, float], Batch | Reported | None]]:
        """Who may make the next frame, one after the other until somebody does."""
        yield self._urgent
        if self._turn == BACKLOG_TURN - 1:
            yield self._backlog
        # Neither waits for all of the other.
        yield from (self._live, self._report) if self._reported_last else (self._report, self._live)
        yield self._backlog

    def _urgent(self, payload_max: int, now: float) -> Batch | None:
        return self._batch(Lane.URGENT, payload_max, now)

    def _live(self, payload_max: int, now: float) -> Batch | None:
        self._reported_last = False
        return self._batch(Lane.LIVE, payload_max, now)

    def _backlog(self, payload_max: int, now: float) -> Batch | None:
        return self._batch(Lane.BACKLOG, payload_max, now)

    def _batch(self, lane: Lane, payload_max: int, now: float) -> Batch | None:
        found = self._flows.next(lane, payload_max, now)
        if found is None:
            return None
        message_class, messages = found
        self.messages += len(messages)
        return Batch(self._hub, self._incarnation, message_class, messages)

    def _report(self, payload_max: int, now: float) -> Reported | None:
        found = self._twin.next(payload_max * 3 // 4, now)
        if found is None:
            return None
        self._reported_last = True
        return Reported(self._hub, self._incarnation, *found)
