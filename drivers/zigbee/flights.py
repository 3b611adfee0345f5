"""Commands in flight: sent, and not yet answered. By sequence number, each with the moment at which it is given up.

What EZSP frames share, their header, is read here (UG100 §3, Protocol Format).
"""

import math
from dataclasses import dataclass
from typing import Final

from drivers.zigbee.exchange import INVALID_COMMAND, Call

_FORMAT: Final = 0x03
"""Of the second byte of frame control; 1 is the form with two bytes each."""


def read_header(frame: bytes) -> tuple[int, int]:
    """The frame identifier, and where the payload begins.

    Sequence, frame control, identifier: the latter two of two bytes each, or of one in the legacy form that a version
    command may have. ASH lets no frame through that is shorter than that.
    """
    if len(frame) >= 5 and frame[2] & _FORMAT == 1:
        return frame[3] | frame[4] << 8, 5
    return frame[2], 3


@dataclass(frozen=True, slots=True)
class _Flight:
    call: Call
    frame_id: int
    deadline: float


class Flights:
    def __init__(self) -> None:
        self._flights: dict[int, _Flight] = {}
        self._sequence = -1

    def __len__(self) -> int:
        return len(self._flights)

    def __contains__(self, call: Call) -> bool:
        return any(flight.call is call for flight in self._flights.values())

    def begin(self, call: Call, deadline: float) -> bytes:
        """The frame to send, with a sequence number that no other one in flight has."""
        sequence = (self._sequence + 1) & 0xFF
        while sequence in self._flights:
            sequence = (sequence + 1) & 0xFF
        self._sequence = sequence
        frame = call.encode(sequence)
        self._flights[sequence] = _Flight(call, read_header(frame)[0], deadline)
        return frame

    def answered(self, sequence: int, frame_id: int) -> Call | None:
        """Whose response this is. It is no longer in flight."""
        flight = self._flights.get(sequence)
        if flight is None or (frame_id not in (flight.frame_id, INVALID_COMMAND)):
            return None
        del self._flights[sequence]
        return flight.call

    def take_overdue(self, now: float) -> Call | None:
        """One that has waited for too long. It is no longer in flight."""
        for sequence, flight in self._flights.items():
            if now >= flight.deadline:
                del self._flights[sequence]
                return flight.call
        return None

    def next_deadline(self) -> float:
        """Infinite when none is in flight."""
        return min((flight.deadline for flight in self._flights.values()), default=math.inf)

    def end(self) -> list[Call]:
        """Those that were in flight, in the order in which they were sent."""
        calls = [flight.call for flight in self._flights.values()]
        self._flights.clear()
        return calls
