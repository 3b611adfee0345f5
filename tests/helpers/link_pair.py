"""A host, a controller and a bad wire between them, stepped in plain virtual time: no asyncio, no waiting.

The controller is an implementation of its own, from the other side of INS12350-14: it shares neither the parser nor
the link with the driver. It does what a controller does and no more: it executes whatever valid frame it gets, twice if
it gets it twice.
"""

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.zwave.exchange import (
    Call,
    Effect,
    Item,
    PortOpened,
    ReopenPort,
    Resume,
    StatusChanged,
    perform_with,
)
from drivers.zwave.exchange_machine import Exchanges
from drivers.zwave.serial_frame import DataFrame

ACK, NAK, CAN, SOF = b"\x06", b"\x15", b"\x18", 0x01


def frame_bytes(kind: int, function: int, payload: bytes = b"") -> bytes:
    body = bytes((len(payload) + 3, kind, function)) + payload
    check = 0xFF
    for byte in body:
        check ^= byte
    return b"\x01" + body + bytes((check,))


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def at(self, when: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._events, (when, next(self._order), action))

    def after(self, delay_s: float, action: Callable[[], None]) -> None:
        self.at(self.now + delay_s, action)

    def next_event(self) -> float | None:
        return self._events[0][0] if self._events else None

    def run_next(self) -> None:
        when, _, action = heapq.heappop(self._events)
        self.now = max(self.now, when)
        action()


@dataclass
class Wire:
    """One direction. Each piece written may be lost, damaged (a flipped bit or a lost byte), doubled or cut in two."""

    clock: Clock
    rng: random.Random
    deliver: Callable[[bytes], None]
    loss: float = 0.0
    corruption: float = 0.0
    duplication: float = 0.0
    delay_s: float = 0.001
    dead: bool = False
    _free_at: float = 0.0

    def write(self, data: bytes) -> None:
        if self.dead or self.rng.random() < self.loss:
            return
        if self.rng.random() < self.corruption:
            data = self._damaged(data)
        pieces = [data]
        if self.rng.random() < self.duplication:
            pieces.append(data)
        elif len(data) > 1 and self.rng.random() < 0.2:
            cut = self.rng.randrange(1, len(data))
            pieces = [data[:cut], data[cut:]]
        for piece in pieces:
            self._free_at = max(self._free_at, self.clock.now) + self.delay_s
            self.clock.at(self._free_at, lambda piece=piece: self.deliver(piece))  # type: ignore[misc]

    def _damaged(self, data: bytes) -> bytes:
        at = self.rng.randrange(len(data))
        if self.rng.random() < 0.5:
            return data[:at] + data[at + 1 :]
        return data[:at] + bytes((data[at] ^ (1 << self.rng.randrange(8)),)) + data[at + 1 :]


@dataclass
class Controller:
    """A controller that acknowledges, answers and retransmits. The fields below `executed` make it misbehave."""

    clock: Clock
    write: Callable[[bytes], None]
    executed: list[bytes] = field(default_factory=list)
    """The command of each SendData."""
    functions: list[int] = field(default_factory=list)
    """Each request executed."""
    air_s: float = 0.02
    mute: bool = False
    """Takes nothing in and says nothing."""
    refuses: int = 0
    """So many frames are answered with CAN."""
    queue_full: int = 0
    """So many SendData are not accepted."""
    jammed: int = 0
    """So many transmissions end with FAIL after no time."""
    no_responses: bool = False
    no_callbacks: bool = False
    slow_air_s: float | None = None
    """Until the callback comes by itself; an abort ends it at once."""
    no_add_node: bool = False
    says_started: bool = True
    retransmits: bool = True

    def __post_init__(self) -> None:
        self._begun = b""
        self._begun_at = 0.0
        self._outgoing: list[bytes] = []
        self._attempt = 0
        self._generation = 0
        self._awaiting_ack = False
        self._in_the_air: int | None = None

    # --- receiving

    def receive(self, data: bytes) -> None:
        if self.mute:
            return
        if self._begun and self.clock.now - self._begun_at > 1.5:
            self._begun = b""
        for byte in data:
            self._take_byte(byte)

    def _take_byte(self, byte: int) -> None:
        if not self._begun:
            if byte == SOF:
                self._begun, self._begun_at = b"\x01", self.clock.now
            elif byte == ACK[0]:
                self._acknowledged()
            elif byte in (NAK[0], CAN[0]) and self._awaiting_ack:
                self._retransmit_later()
            return
        self._begun += bytes((byte,))
        if len(self._begun) >= 2 and len(self._begun) == self._begun[1] + 2:
            frame, self._begun = self._begun, b""
            self._take_frame(frame)

    def _take_frame(self, frame: bytes) -> None:
        if len(frame) < 5 or frame != frame_bytes(frame[2], frame[3], frame[4:-1]):
            self.write(NAK)
        elif self._awaiting_ack or self.refuses:
            self.refuses = max(0, self.refuses - (not self._awaiting_ack))
            self.write(CAN)
        else:
            self.write(ACK)
            self._execute(frame[3], frame[4:-1])

    def _execute(self, function: int, payload: bytes) -> None:
        self.functions.append(function)
        if function in (0x13, 0xA9):
            self._send_data(payload)
        elif function == 0x08:
            self._in_the_air = None
            if self.says_started:
                self.clock.after(0.5, lambda: self.say(0, 0x0A, bytes((7, 0, 1, 2, 7, 0, 0))))
        elif function == 0x16:
            self._aborted()
        elif function == 0x15:
            self._respond(function, b"Z-Wave 7.19\x00\x01")
        elif function == 0x4A and not self.no_add_node:
            for status in (1, 2, 6):
                self.say(0, function, bytes((payload[1], status, 0, 0)))

    def _send_data(self, payload: bytes) -> None:
        command, callback_id = payload[2 : 2 + payload[1]], payload[-1]
        if self.queue_full:
            self.queue_full -= 1
            self._respond(0x13, b"\x00")
            return
        self._respond(0x13, b"\x01")
        if self.jammed:
            self.jammed -= 1
            self.clock.after(self.air_s, lambda: self.say(0, 0x13, bytes((callback_id, 2, 0, 0))))
            return
        self.executed.append(command)
        self._in_the_air = callback_id
        if not self.no_callbacks:
            air_s = self.air_s if self.slow_air_s is None else self.slow_air_s
            self.clock.after(air_s, lambda: self._transmitted(callback_id))

    def _transmitted(self, callback_id: int) -> None:
        if self._in_the_air == callback_id:
            self._in_the_air = None
            self.say(0, 0x13, bytes((callback_id, 0, 0, 2)))

    def _aborted(self) -> None:
        if self._in_the_air is not None and not self.no_callbacks:
            callback_id, self._in_the_air = self._in_the_air, None
            self.say(0, 0x13, bytes((callback_id, 2, 7, 0xD0)))

    # --- sending

    def _respond(self, function: int, payload: bytes) -> None:
        if not self.no_responses:
            self.say(1, function, payload)

    def say(self, kind: int, function: int, payload: bytes) -> None:
        if self.mute:
            return
        self._outgoing.append(frame_bytes(kind, function, payload))
        if not self._awaiting_ack:
            self._transmit(attempt=0)

    def _transmit(self, attempt: int) -> None:
        self._attempt = attempt
        self._awaiting_ack = True
        self._generation += 1
        self.write(self._outgoing[0])
        generation = self._generation
        self.clock.after(1.6, lambda: self._ack_timeout(generation))

    def _ack_timeout(self, generation: int) -> None:
        if generation == self._generation and self._awaiting_ack:
            self._retransmit_later()

    def _retransmit_later(self) -> None:
        self._generation += 1
        if self._attempt == 3 or not self.retransmits:
            self._next()
            return
        generation, attempt = self._generation, self._attempt

        def again() -> None:
            if generation == self._generation:
                self._transmit(attempt + 1)

        self.clock.after(0.1 + attempt, again)

    def _acknowledged(self) -> None:
        if self._awaiting_ack:
            self._generation += 1
            self._next()

    def _next(self) -> None:
        self._awaiting_ack = False
        self._outgoing.pop(0)
        if self._outgoing:
            self._transmit(attempt=0)


class LinkPair:
    """`Exchanges` on one end, `Controller` on the other. `port` says what opening the port again comes to."""

    def __init__(
        self, *, loss: float = 0.0, corruption: float = 0.0, duplication: float = 0.0, seed: int = 0, start: bool = True
    ) -> None:
        self.clock = Clock()
        self.host = Exchanges()
        rng = random.Random(f"wire {seed}")
        self.to_host = Wire(self.clock, rng, self._host_reads, loss, corruption, duplication)
        # Nothing doubles bytes on their way to a controller, and one that gets them would rightly execute them twice.
        self.controller = Controller(self.clock, self.to_host.write)
        self.to_controller = Wire(self.clock, rng, self.controller.receive, loss, corruption)
        self.written: list[bytes] = []
        self.unsolicited: list[DataFrame] = []
        self.statuses: list[StatusChanged] = []
        self.reopenings: list[tuple[float, float]] = []
        """When and after which delay the port was to be opened again."""
        self.on_reopen: Callable[[], Item] = PortOpened
        self._perform: Callable[[Effect], None] = perform_with(
            self._write, self.unsolicited.append, self.statuses.append, self._reopen
        )
        self._performing = False
        if start:
            self.feed(PortOpened())
            self.feed(Resume())
            self.written.clear()

    def feed(self, item: Item) -> None:
        self.host.receive(item, self.clock.now)
        self._carry_out()

    def call(self, call: Call) -> None:
        self.feed(call)

    def run_for(self, seconds: float) -> None:
        self.run(lambda: False, at_most_s=seconds)

    def run_until_idle(self, *, at_most_s: float = 3600.0) -> None:
        """Until the host has no call left. Fails if that takes longer."""
        self.run(lambda: self.host.idle, at_most_s=at_most_s)
        assert self.host.idle, "calls are left over"

    def run(self, done: Callable[[], bool], *, at_most_s: float) -> None:
        end = self.clock.now + at_most_s
        while not done():
            event, deadline = self.clock.next_event(), self.host.next_deadline()
            due = min((time for time in (event, deadline) if time is not None), default=None)
            if due is None or due > end:
                self.clock.now = end
                return
            if event == due:
                self.clock.run_next()
            else:
                assert deadline is not None
                before = (self.clock.now, deadline)
                self.clock.now = max(self.clock.now, deadline)
                self.host.handle_timeout(self.clock.now)
                self._carry_out()
                assert before != (self.clock.now, self.host.next_deadline()), "a deadline that never passes"

    def _host_reads(self, data: bytes) -> None:
        self.feed(data)

    def _write(self, data: bytes) -> None:
        self.written.append(data)
        self.to_controller.write(data)

    def _reopen(self, wish: ReopenPort) -> None:
        self.reopenings.append((self.clock.now, wish.delay_s))

        def reopen() -> None:
            item = self.on_reopen()
            self.feed(item)
            if isinstance(item, PortOpened):
                self.feed(Resume())

        self.clock.after(wish.delay_s, reopen)

    def _carry_out(self) -> None:
        if self._performing:
            return
        self._performing = True
        try:
            while effects := self.host.take_effects():
                for effect in effects:
                    self._perform(effect)
        finally:
            self._performing = False
