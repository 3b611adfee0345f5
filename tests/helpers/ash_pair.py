"""A host, an NCP and a bad wire between them, in virtual time.

The NCP's end of the wire is the simulated stick's, an implementation of its own from the other side of UG101: it shares
the frames with the driver and nothing else. `AshPair` joins the two links, `ExchangePair` the command queue with an
NCP that answers whatever it gets.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.zigbee.ash import Frame, Garbage, Parser
from drivers.zigbee.ash_link import AshLink, Connect, LinkFailed, LinkReset, LinkUp, Received, SendPayload, Write
from drivers.zigbee.ash_link import Effect as LinkEffect
from drivers.zigbee.exchange import (
    IN_FLIGHT_MAX,
    Answer,
    Answered,
    Call,
    Effect,
    Item,
    PortOpened,
    Priority,
    ReopenPort,
    Resume,
    StatusChanged,
    StickStatus,
    TimedOut,
    perform_with,
)
from drivers.zigbee.exchange_machine import Exchanges
from hubagent.machine import RunningMachine, run_machine
from simulators.zigbee.stick_link import StickLink


@dataclass
class Wire:
    """One direction. Each piece written may be lost, damaged (a flipped bit or a lost byte), doubled or cut in two."""

    rng: random.Random
    deliver: Callable[[bytes], None]
    loss: float = 0.0
    corruption: float = 0.0
    duplication: float = 0.0
    delay_s: float = 0.001
    dead: bool = False
    unnoticed: int = 0
    """Frames that nobody sent and whose CRC is right all the same: 16 bits let one in 65536 damaged frames pass. What
    follows from those is not the links' fault."""
    _free_at: float = 0.0
    _sent: set[Frame | Garbage] = field(default_factory=set)
    _clean: Parser = field(default_factory=Parser)
    _damaged: Parser = field(default_factory=Parser)

    def write(self, data: bytes) -> None:
        self._sent.update(self._clean.feed(data))
        if self.dead or self.rng.random() < self.loss:
            return
        if self.rng.random() < self.corruption:
            data = self._damage(data)
        pieces = [data]
        if self.rng.random() < self.duplication:
            pieces.append(data)
        elif len(data) > 1 and self.rng.random() < 0.2:
            cut = self.rng.randrange(1, len(data))
            pieces = [data[:cut], data[cut:]]
        loop = asyncio.get_running_loop()
        for piece in pieces:
            for frame in self._damaged.feed(piece):
                self.unnoticed += not (isinstance(frame, Garbage) or frame in self._sent)
            self._free_at = max(self._free_at, loop.time()) + self.delay_s
            loop.call_at(self._free_at, self.deliver, piece)

    def _damage(self, data: bytes) -> bytes:
        at = self.rng.randrange(len(data))
        if self.rng.random() < 0.5:
            return data[:at] + data[at + 1 :]
        return data[:at] + bytes((data[at] ^ (1 << self.rng.randrange(8)),)) + data[at + 1 :]


class AshPair:
    """`AshLink` on one end, `StickLink` on the other. What either sends is a payload; what comes is written down."""

    def __init__(
        self,
        *,
        loss: float = 0.0,
        corruption: float = 0.0,
        duplication: float = 0.0,
        seed: int = 0,
        window: int = 5,
        connect: bool = True,
    ) -> None:
        rng = random.Random(f"wire {seed}")
        loop = asyncio.get_running_loop()
        self.at_host: list[bytes] = []
        self.at_stick: list[bytes] = []
        self.said: list[LinkUp | LinkReset | LinkFailed] = []
        self.written: list[bytes] = []
        self.resets = 0
        self.link = AshLink(window)
        self._outbox: list[bytes] = []
        self.running: RunningMachine[bytes | SendPayload | Connect, LinkEffect] = run_machine(self.link, self._perform)
        self.to_host = Wire(rng, self._host_reads, loss, corruption, duplication)
        self.stick = StickLink(loop, self.to_host.write, self.at_stick.append, self._stick_resets)
        self.to_stick = Wire(rng, self.stick.data_received, loss, corruption, duplication)
        if connect:
            self.running.feed(Connect())

    @property
    def failed(self) -> bool:
        """Whether either end says so."""
        return self.stick.failed or any(not isinstance(event, LinkUp) for event in self.said)

    @property
    def unnoticed(self) -> int:
        return self.to_host.unnoticed + self.to_stick.unnoticed

    def send(self, payload: bytes) -> None:
        """From the host; it waits here while the window is full."""
        self._outbox.append(payload)
        self._empty_outbox()

    def close(self) -> None:
        self.running.close()
        self.stick.close()

    def _empty_outbox(self) -> None:
        while self._outbox and self.link.has_room:
            self.running.feed(SendPayload(self._outbox.pop(0)))

    def _host_reads(self, data: bytes) -> None:
        self.running.feed(data)
        self._empty_outbox()

    def _stick_resets(self) -> None:
        self.resets += 1

    def _perform(self, effect: LinkEffect) -> None:
        if isinstance(effect, Write):
            self.written.append(effect.data)
            self.to_stick.write(effect.data)
            if effect.written is not None:
                effect.written()
        elif isinstance(effect, Received):
            self.at_host.append(effect.payload)
        else:
            self.said.append(effect)


ECHO = 0x0123
"""The commands of these tests: the NCP executes them, and sends their payload back."""
VERSION_LEGACY = bytes((0x80, 0x00, 14, 2, 0x50, 0x74))


def command(payload: bytes, frame_id: int = ECHO) -> Callable[[int], bytes]:
    """What a `Call` needs to send a command."""
    return lambda sequence: bytes((sequence, 0x00, 0x01)) + frame_id.to_bytes(2, "little") + payload


@dataclass
class Ncp:
    """An EZSP NCP that answers. The fields below `executed` make it misbehave."""

    say: Callable[[bytes], object]
    executed: list[bytes] = field(default_factory=list)
    """Payloads of ECHO."""
    frames: list[bytes] = field(default_factory=list)
    """Everything that came, headers included."""
    answers: bool = True
    mute_to: frozenset[int] = frozenset()
    """Frame identifiers that are not answered."""
    slow_s: float = 0.0
    callback_first: bool = False
    """Says a callback before each response."""
    last_sequence: int = 0
    versioned: bool = False

    def received(self, frame: bytes) -> None:
        self.frames.append(frame)
        self.last_sequence = frame[0]
        if not self.answers:
            return
        if frame[1:3] == b"\x00\x00":
            self.versioned = True
            self._answer(frame[:1] + VERSION_LEGACY)
            return
        frame_id = int.from_bytes(frame[3:5], "little")
        if frame_id in self.mute_to:
            return
        if not self.versioned:
            self._answer(bytes((frame[0], 0x80, 0x01, 0x58, 0x00, 0x30)))
            return
        if frame_id == ECHO:
            self.executed.append(frame[5:])
        if self.callback_first:
            self.callback(b"before")
        self._answer(frame[:1] + b"\x80" + frame[2:])

    def _answer(self, frame: bytes) -> None:
        if self.slow_s:
            asyncio.get_running_loop().call_later(self.slow_s, self.say, frame)
        else:
            self.say(frame)

    def callback(self, payload: bytes, frame_id: int = 0x0045) -> None:
        """UG100 §3: with the sequence number of the last command."""
        self.say(bytes((self.last_sequence, 0x90, 0x01)) + frame_id.to_bytes(2, "little") + payload)


class ExchangePair:
    """`Exchanges` on one end, `StickLink` with an `Ncp` on the other, and whoever sets the NCP up after each reset.

    `on_reopen` says what opening the port again comes to. With `set_up` false nobody sends START calls or `Resume`.
    """

    def __init__(
        self,
        *,
        loss: float = 0.0,
        corruption: float = 0.0,
        duplication: float = 0.0,
        seed: int = 0,
        set_up: bool = True,
        opened: bool = True,
    ) -> None:
        rng = random.Random(f"wire {seed}")
        self._loop = asyncio.get_running_loop()
        self._set_up = set_up
        self.host = Exchanges()
        self.to_host = Wire(rng, self._host_reads, loss, corruption, duplication)
        self.stick = StickLink(self._loop, self.to_host.write, self._ncp_received, self._stick_resets)
        self.to_stick = Wire(rng, self.stick.data_received, loss, corruption, duplication)
        self.ncp = Ncp(self.stick.send)
        self.written: list[bytes] = []
        self.unsolicited: list[tuple[int, bytes]] = []
        self.statuses: list[StatusChanged] = []
        self.reopenings: list[tuple[float, float]] = []
        """When and after which delay the port was to be opened again."""
        self.on_reopen: Callable[[], Item] = PortOpened
        self.on_unsolicited: Callable[[bytes], None] = lambda _payload: None
        self.resets = 0
        self.running: RunningMachine[Item, Effect] = run_machine(
            self.host, perform_with(self._write, self._heard, self._status_changed, self._reopen)
        )
        if opened:
            self.feed(PortOpened())

    @property
    def unnoticed(self) -> int:
        return self.to_host.unnoticed + self.to_stick.unnoticed

    @property
    def executed(self) -> Counter[bytes]:
        return Counter(self.ncp.executed)

    def feed(self, item: Item) -> None:
        self.running.feed(item)
        if isinstance(item, PortOpened):
            self._ask_version()

    def call(self, call: Call) -> None:
        self.running.feed(call)

    def close(self) -> None:
        self.running.close()
        self.stick.close()

    def sound(self) -> None:
        """From now on the wire loses nothing."""
        for wire in (self.to_host, self.to_stick):
            wire.loss = wire.corruption = wire.duplication = 0.0
            wire.dead = False

    def _ncp_received(self, frame: bytes) -> None:
        self.ncp.received(frame)

    def _stick_resets(self) -> None:
        self.resets += 1
        self.ncp.versioned = False

    def _host_reads(self, data: bytes) -> None:
        self.running.feed(data)

    def _write(self, data: bytes) -> None:
        self.written.append(data)
        self.to_stick.write(data)

    def _heard(self, frame_id: int, payload: bytes) -> None:
        self.unsolicited.append((frame_id, payload))
        self.on_unsolicited(payload)

    def _status_changed(self, changed: StatusChanged) -> None:
        self.statuses.append(changed)
        if changed.status is StickStatus.RESTARTING:
            self._ask_version()

    def _ask_version(self) -> None:
        if self._set_up:
            self.running.feed(
                Call(lambda sequence: bytes((sequence, 0, 0, 14)), Priority.START, self._version_answered)
            )

    def _version_answered(self, answer: Answer) -> None:
        match answer:
            case Answered():
                self.host.in_flight_max = IN_FLIGHT_MAX
                self.running.feed(Resume())
            case TimedOut():
                self._ask_version()
            case _:
                pass  # a status says so as well, or the port is opened again

    def _reopen(self, wish: ReopenPort) -> None:
        self.reopenings.append((self._loop.time(), wish.delay_s))
        self._loop.call_later(wish.delay_s, lambda: self.feed(self.on_reopen()))
