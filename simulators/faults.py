"""What goes wrong on the wire between a dongle and its host, by seed.

`WireFaults` stands between a dongle and its cable, whatever the cable. Every write in a direction has a number, counted
for each fault from when it got its rate; which fault strikes which write follows from the seed, the fault's name, the
direction and that number alone. So one fault can be switched off, or a single strike left out, and the others stay
where they are. What goes wrong inside the dongle or on the radio is not in here.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from simulators.cable import BUFFER_MAX, Cable

STRUCK_MAX = 1000
"""Strikes that are remembered, the latest ones."""


from_host: Final[ContextVar[bool]] = ContextVar("from_host", default=False)
"""Whether what runs follows from a host's bytes: what a device does meanwhile is the hub's doing, not the home's."""


class Direction(StrEnum):
    TO_HOST = "to_host"
    TO_DONGLE = "to_dongle"


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that arrive together, `delay_s` after they were written and never before what was written earlier."""

    data: bytes
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Strike:
    """`fault` hits the `write`-th write (from 0) in `direction`."""

    fault: str
    direction: Direction
    write: int


Fault = Callable[[list[Piece], random.Random], list[Piece]]


def _lose(_pieces: list[Piece], _rng: random.Random) -> list[Piece]:
    return []


def _drop_byte(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    return _change(pieces, rng, lambda data, at: data[:at] + data[at + 1 :])


def _flip(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    mask = 1 << rng.randrange(8)
    return _change(pieces, rng, lambda data, at: data[:at] + bytes((data[at] ^ mask,)) + data[at + 1 :])


def _duplicate(pieces: list[Piece], _rng: random.Random) -> list[Piece]:
    return [*pieces, *pieces]


def _garbage(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    return [Piece(rng.randbytes(rng.randint(1, 16))), *pieces]


def _half(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    return _change(pieces, rng, lambda data, at: data[:at])


def _split(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    parts: list[Piece] = []
    delay_s = 0.0
    for piece in pieces:
        rest = piece.data
        while rest:
            length = rng.randint(1, len(rest))
            parts.append(Piece(rest[:length], piece.delay_s + delay_s))
            rest = rest[length:]
            delay_s += rng.uniform(0.0005, 0.02)
    return parts


def _coalesce(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    return _delay(pieces, rng.uniform(0.001, 0.03))


def _late(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    return _delay(pieces, rng.uniform(0.05, 2.0))


def _stall(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    return _delay(pieces, rng.uniform(2.0, 12.0))


def _delay(pieces: list[Piece], delay_s: float) -> list[Piece]:
    return [replace(piece, delay_s=piece.delay_s + delay_s) for piece in pieces]


def _change(pieces: list[Piece], rng: random.Random, change: Callable[[bytes, int], bytes]) -> list[Piece]:
    if not pieces:
        return []
    index = rng.randrange(len(pieces))
    piece = pieces[index]
    changed = replace(piece, data=change(piece.data, rng.randrange(len(piece.data))))
    return [*pieces[:index], *([changed] if changed.data else []), *pieces[index + 1 :]]


UNPLUG = "unplug"

# In the order in which they take effect on one write.
FAULTS: Final[dict[str, Fault]] = {
    "duplicate": _duplicate,
    "flip": _flip,
    "drop_byte": _drop_byte,
    "half": _half,
    "lose": _lose,
    "garbage": _garbage,
    "split": _split,
    "coalesce": _coalesce,
    "late": _late,
    "stall": _stall,
}
"""duplicate: the write arrives twice. flip: one bit of it is wrong. drop_byte: one byte is missing. half: it ends in
the middle. lose: none of it arrives. garbage: up to 16 random bytes before it. split: it arrives in pieces, up to 20 ms
apart. coalesce: it waits up to 30 ms and arrives together with what follows. late: it takes up to 2 s. stall: nothing
arrives in its direction for 2-12 s, then everything."""

NAMES: Final = (*FAULTS, UNPLUG)
"""All faults of the wire. unplug: the dongle is pulled out and put back in 0.5-10 s later."""


class WireFaults:
    """The plan of one run: `rates` has the probability (0-1) with which each fault strikes a write.

    `leave_out` are strikes of the plan that do not happen this time. Raises ValueError for a fault that does not exist.
    """

    def __init__(
        self, seed: object, rates: Mapping[str, float] | None = None, leave_out: frozenset[Strike] = frozenset()
    ) -> None:
        self.rates = dict(rates or {})
        for name in self.rates:
            _must_exist(name)
        self.struck: deque[Strike] = deque(maxlen=STRUCK_MAX)
        self._seed = seed
        self._leave_out = leave_out
        self._asked_for: dict[Direction, list[str]] = {direction: [] for direction in Direction}
        self._streams: dict[tuple[str, Direction], random.Random] = {}

    def ask_for(self, name: str, direction: Direction = Direction.TO_HOST) -> None:
        """Let fault `name` strike the next write in `direction`, whatever the plan says."""
        _must_exist(name)
        self._asked_for[direction].append(name)

    def strikes(self, direction: Direction, write: int) -> list[Strike]:
        """What hits this write. To be asked once for every write, in order."""
        asked = self._asked_for[direction]
        rates = self.rates
        if not asked and not rates:
            # Most wires are sound, and a week has millions of writes.
            return []
        self._asked_for[direction] = []
        hits = []
        for name in NAMES:
            rate = rates.get(name, 0.0)
            # A fault that has no rate draws nothing; each has a stream of its own, so no other notices.
            planned = rate > 0 and self._stream(name, direction).random() < rate
            strike = Strike(name, direction, write)
            if name in asked or (planned and strike not in self._leave_out):
                hits.append(strike)
        self.struck.extend(hits)
        return hits

    def details(self, strike: Strike) -> random.Random:
        """The random stream of this one strike."""
        return self._rng(f"{strike.fault}:{strike.direction}:{strike.write}")

    def _stream(self, name: str, direction: Direction) -> random.Random:
        key = (name, direction)
        if key not in self._streams:
            self._streams[key] = self._rng(f"{name}:{direction}")
        return self._streams[key]

    def _rng(self, name: str) -> random.Random:
        return random.Random(f"{self._seed}:wire:{name}")  # noqa: S311 - a simulation's


class FaultyWire(asyncio.Protocol):
    """Stands in for `dongle` at `cable`, and does to the bytes what `faults` says; without faults, nothing."""

    def __init__(self, dongle: asyncio.Protocol, cable: Cable, faults: WireFaults) -> None:
        loop = asyncio.get_running_loop()
        self._dongle = dongle
        self._cable = cable
        self._loop = loop
        self._to_dongle = _Lane(Direction.TO_DONGLE, loop, faults, dongle.data_received, self._pull_out)
        self._to_host = _Lane(Direction.TO_HOST, loop, faults, self._write, self._pull_out)
        self._transport: asyncio.WriteTransport | None = None
        self._back_in: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._dongle.connection_made(_LaneEnd(self._to_host, transport))

    def data_received(self, data: bytes) -> None:
        before = from_host.set(True)
        try:
            self._to_dongle.send(data)
        finally:
            from_host.reset(before)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._to_dongle.clear()
        self._to_host.clear()
        self._dongle.connection_lost(exc)

    def close(self) -> None:
        """Forget what is still under way; a dongle that is pulled out stays out."""
        self._to_dongle.clear()
        self._to_host.clear()
        if self._back_in is not None:
            self._back_in.cancel()

    def pull_out(self, seconds: float) -> Callable[[], None]:
        """Unplug now, and put back in after so many seconds, or earlier by calling what is returned."""
        self._cable.unplug()
        if self._back_in is not None:
            self._back_in.cancel()
        self._back_in = timer = self._loop.call_later(seconds, self._put_in)

        def put_in() -> None:
            # Somebody may have pulled it out anew since.
            if self._back_in is timer:
                timer.cancel()
                self._put_in()

        return put_in

    def put_in(self) -> None:
        """Now, where it is out."""
        if self._back_in is not None:
            self._back_in.cancel()
            self._put_in()

    def _put_in(self) -> None:
        self._back_in = None
        self._cable.replug()

    def _pull_out(self, rng: random.Random) -> None:
        # Not at once: nobody loses its power in the middle of a write of its own.
        self._loop.call_soon(self.pull_out, rng.uniform(0.5, 10.0))

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)


class _Lane:
    """One direction: bytes that wait for their time to arrive, in order."""

    def __init__(
        self,
        direction: Direction,
        loop: asyncio.AbstractEventLoop,
        faults: WireFaults,
        deliver: Callable[[bytes], None],
        pull_out: Callable[[random.Random], None],
    ) -> None:
        self._direction = direction
        self._loop = loop
        self._faults = faults
        self._deliver = deliver
        self._pull_out = pull_out
        self._writes = 0
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._waiting_bytes = 0
        self._timer: asyncio.TimerHandle | None = None

    def send(self, data: bytes) -> None:
        strikes = self._faults.strikes(self._direction, self._writes)
        self._writes += 1
        if not strikes and not self._waiting:
            self._deliver(data)
            return
        pieces = [Piece(data)]
        for strike in strikes:
            rng = self._faults.details(strike)
            if strike.fault == UNPLUG:
                self._pull_out(rng)
                return
            pieces = FAULTS[strike.fault](pieces, rng)
        for piece in pieces:
            self._put(piece)

    def clear(self) -> None:
        self._waiting.clear()
        self._waiting_bytes = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _put(self, piece: Piece) -> None:
        if not self._waiting and not piece.delay_s:
            self._deliver(piece.data)
            return
        if self._waiting_bytes + len(piece.data) > BUFFER_MAX:
            return
        due = self._loop.time() + piece.delay_s
        if self._waiting:
            due = max(due, self._waiting[-1][0])
        self._waiting.append((due, piece.data))
        self._waiting_bytes += len(piece.data)
        if self._timer is None:
            self._timer = self._loop.call_at(due, self._arrive)

    def _arrive(self) -> None:
        """Hand over everything whose time has come, together."""
        self._timer = None
        arrived = bytearray()
        while self._waiting and self._waiting[0][0] <= self._loop.time():
            arrived += self._waiting.popleft()[1]
        self._waiting_bytes -= len(arrived)
        if self._waiting:
            self._timer = self._loop.call_at(self._waiting[0][0], self._arrive)
        if arrived:
            self._deliver(bytes(arrived))


class _LaneEnd(asyncio.WriteTransport):
    """What the dongle writes to."""

    def __init__(self, lane: _Lane, transport: asyncio.WriteTransport) -> None:
        super().__init__()
        self._lane = lane
        self._transport = transport

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._lane.send(bytes(data))

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def close(self) -> None:
        self._transport.close()

    def abort(self) -> None:
        self._transport.abort()


def _must_exist(name: str) -> None:
    if name not in NAMES:
        raise ValueError(f"there is no fault {name!r} of the wire; there are {', '.join(NAMES)}")
