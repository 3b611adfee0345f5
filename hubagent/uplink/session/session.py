"""The machine of one hub's conversation with its cloud: connect, greet, send what is kept, hear, come back.

    idle ── Begin ──> waiting ── delay over ──> connecting ── Connected ──> greeting ── Welcome ──> online
                         ^                          |                          |                      |
                         └───── full jitter ────────┴────── NotConnected ──────┴──────────────────────┘

Online, a cloud that does not acknowledge is asked by another Hello, and nothing is sent until it answers: a broker
would keep all of it, and the cloud get it twice. The transport finds out about a dead connection, the session about a
cloud that is away behind a living one.
"""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from hubagent.uplink.message.channel import MessageClass, Up
from hubagent.uplink.message.codec import DownMessage, channel_of, decode_down, encode, identifier_in
from hubagent.uplink.message.down import Ack, Bye, Command, Desired, Job, Welcome
from hubagent.uplink.message.fields import MalformedMessage
from hubagent.uplink.message.up import Batch, Hello, Offline, Refused, Reported
from hubagent.uplink.session.backoff import FullJitter
from hubagent.uplink.session.commands import CommandRefused, Commands
from hubagent.uplink.session.flows import Flows, Kept
from hubagent.uplink.session.items import (
    Adopt,
    Answered,
    Begin,
    Carry,
    Changed,
    ClockLearned,
    Close,
    Connect,
    Connected,
    Cut,
    DeviceTouched,
    Effect,
    Item,
    NotConnected,
    Received,
    Say,
    Send,
    Undelivered,
    Writable,
)
from hubagent.uplink.session.pace import Pace
from hubagent.uplink.session.twin import Twin, View
from hubagent.uplink.transports.port import Limits, Lost, Trouble

WELCOME_S: Final = 5.0
"""The cloud's answer is waited for so long before it is asked again; and so is an Ack."""
WELCOME_MAX_S: Final = 60.0
UNREAD_MAX: Final = 64
"""Commands that came before the Welcome."""
EPOCHS_MAX: Final = 32
REFUSALS_PER_S: Final = 5.0
REFUSALS_BURST: Final = 20.0
DESIRED_NOTE: Final = "desired"


class Phase(Enum):
    """The values are the words of `hubagent uplink`."""

    IDLE = "off"
    WAITING = "waiting"
    CONNECTING = "connecting"
    GREETING = "greeting"
    ONLINE = "online"
    AWAY = "cloud away"
    """Connected to a broker, and the cloud behind it does not answer."""


class Outbox(Kept, Protocol):
    """What the session needs of the outbox."""

    @property
    def incarnation(self) -> bytes: ...
    @property
    def boot(self) -> int: ...
    def put(self, message_class: MessageClass, content: bytes) -> int: ...
    def new_epoch(self) -> int: ...
    def note(self, key: str, value: int) -> None: ...
    def noted(self, key: str) -> int: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the session takes from outside, beside its outbox."""

    hub: str
    software: str
    rng: random.Random
    view: View
    clock: Callable[[], tuple[float, bool]]
    """Unix seconds, and whether that is sure."""
    ready: Callable[[], bool]
    """Whether the connection takes a frame now."""


class Session:
    """`hubagent.machine.Machine` of `Item` and `Effect`."""

    def __init__(self, outbox: Outbox, around: Surroundings, pace: Pace | None = None) -> None:
        self._outbox = outbox
        self._around = around
        self._flows = Flows(outbox)
        self._twin = Twin(outbox.boot, around.view)
        self._commands = Commands(around.hub, outbox.boot)
        self._backoff = FullJitter(around.rng)
        self._pace = pace or Pace()
        self._refusals = Pace(REFUSALS_PER_S, REFUSALS_BURST)
        self._effects: deque[Effect] = deque()
        self._unread: deque[Received] = deque()
        self._limits = Limits(0, 0)
        self._now = 0.0
        self._connected_at = 0.0
        self._retry_at: float | None = None
        self._server: str | None = None
        self._asked_at = 0.0
        self._hellos = 0
        self._ask_after_s = WELCOME_S
        self._welcome_due: float | None = None
        self._heard_at = 0.0
        """When the cloud last said something that helped."""
        self._cloud_offset = 0.0
        """The cloud's Unix seconds less the loop's."""
        self.phase = Phase.IDLE
        self.lost: Lost | None = None
        """Why there is no connection, or was none before this one."""
        self.counts = {"frames": 0, "messages": 0, "refused": 0, "undelivered": 0, "connections": 0}

    # The four verbs.

    def receive(self, item: Item, now: float) -> None:
        self._now = now
        match item:
            case Say():
                self._flows.added(item.message_class, self._outbox.put(item.message_class, item.content))
            case Received():
                self._received(item)
            case DeviceTouched():
                self._twin.touch(item.device)
            case Answered():
                self._commands.answered(item.id, item.content)
                self._flows.added(MessageClass.RESULT, self._outbox.put(MessageClass.RESULT, item.content))
            case Writable():
                pass
            case Undelivered():
                self.counts["undelivered"] += 1
            case Connected():
                self._connected(item.limits)
            case NotConnected():
                self._not_connected(item.lost)
            case Begin():
                self._begin()
            case Cut():
                self._cut()

    def handle_timeout(self, now: float) -> None:
        self._now = now
        if self._retry_at is not None and now >= self._retry_at:
            self._retry_at = None
            self._to(Phase.CONNECTING)
            self._effects.append(Connect(self._server))
        if self._welcome_due is not None and now >= self._welcome_due:
            if self.phase is Phase.AWAY:
                self._hello()
            else:
                self._away()
        elif self.phase is Phase.ONLINE and now >= self._ask_at():
            self._away()

    def next_deadline(self) -> float | None:
        deadlines = [it for it in (self._retry_at, self._welcome_due) if it is not None]
        if self.phase is Phase.ONLINE:
            if self._flows.under_way or self._twin.under_way:
                deadlines.append(self._ask_at())
            due = self._twin.due_at()
            if due is not None:
                deadlines.append(max(due, self._pace.next_at(self._now)))
            if not self._pace.may(self._now):
                deadlines.append(self._pace.next_at(self._now))
        return min(deadlines, default=None)

    def take_effects(self) -> list[Effect]:
        """A frame is handed out only when everything before it was: so it is made of what there is at the last moment,
        and only while the connection takes one."""
        if not self._effects:
            self._make_frame()
        effects = list(self._effects)
        self._effects.clear()
        return effects

    # What people may ask.

    @property
    def cloud_now(self) -> float:
        """Unix seconds of the cloud's clock."""
        return self._cloud_offset + self._now

    @property
    def retry_at(self) -> float | None:
        return self._retry_at

    @property
    def under_way(self) -> int:
        """Messages that were sent and have not arrived yet, as far as is known."""
        return self._flows.under_way

    # Connecting.

    def _begin(self) -> None:
        if self.phase is Phase.IDLE:
            self._retry_at = self._now
            self._to(Phase.WAITING)

    def _cut(self) -> None:
        if self.phase in (Phase.GREETING, Phase.ONLINE, Phase.AWAY):
            self._send(Offline(self._around.hub, self._outbox.boot))
        self._effects.append(Close())
        self._retry_at = None
        self._leave()
        self._to(Phase.IDLE)

    def _connected(self, limits: Limits) -> None:
        if self.phase is not Phase.CONNECTING:
            # It was cut meanwhile.
            self._effects.append(Close())
            return
        self._limits = limits
        self._connected_at = self._now
        self.counts["connections"] += 1
        self._server = None
        streams = self._outbox.streams()
        if any(it.epoch == self._outbox.epoch for it in streams) and len({it.epoch for it in streams}) < EPOCHS_MAX:
            # What is left over becomes backlog, which what happens from now on does not wait for.
            self._outbox.new_epoch()
        self._ask_after_s = WELCOME_S
        self._to(Phase.GREETING)
        self._hello()

    def _not_connected(self, lost: Lost) -> None:
        if self.phase is Phase.IDLE:
            return
        if self.phase is not Phase.CONNECTING:
            self._backoff.lasted(self._now - self._connected_at)
        self.lost = lost
        self._server = lost.server
        self._leave()
        self._retry_at = self._now + self._backoff.next_delay_s(lost.retry_after_s)
        self._to(Phase.WAITING)

    def _leave(self) -> None:
        self._flows.stop()
        self._unread.clear()
        self._welcome_due = None

    # Greeting.

    def _hello(self) -> None:
        oldest: dict[MessageClass, tuple[int, int]] = {}
        for stream in self._outbox.streams():
            place = stream.epoch, stream.first
            oldest[stream.message_class] = min(oldest.get(stream.message_class, place), place)
        unix, sure = self._around.clock()
        hello = Hello(
            hub=self._around.hub,
            incarnation=self._outbox.incarnation,
            boot=self._outbox.boot,
            epoch=self._outbox.epoch,
            oldest=oldest,
            reported=self._twin.version,
            desired=self._outbox.noted(DESIRED_NOTE),
            clock=unix,
            clock_sure=sure,
            software=self._around.software,
            number=self._hellos + 1,
        )
        if self._around.ready():
            self._hellos += 1
            self._send(hello)
        self._asked_at = self._now
        # Not all at the same moment, when the cloud behind a broker comes back to all of them.
        self._welcome_due = self._now + self._ask_after_s * self._around.rng.uniform(0.75, 1.25)
        self._ask_after_s = min(self._ask_after_s * 2, WELCOME_MAX_S)

    def _ask_at(self) -> float:
        """When too long was waited for an Ack."""
        waits = []
        sent_at = self._flows.oldest_sent_at()
        if sent_at is not None:
            waits.append(max(sent_at, self._heard_at))
        if self._twin.under_way:
            waits.append(max(self._twin.sent_at, self._heard_at))
        return min(waits) + WELCOME_S if waits else float("inf")

    def _away(self) -> None:
        """The cloud does not answer: hold everything, and ask."""
        self._flows.stop()
        self._to(Phase.AWAY)
        self._hello()

    def _welcome(self, welcome: Welcome) -> None:
        if not self._is_for_us(welcome.incarnation, welcome.boot) or welcome.hello != self._hellos:
            return
        self._welcome_due = None
        self._ask_after_s = WELCOME_S
        self._heard_at = self._now
        self._cloud_offset = welcome.time - self._now
        self._backoff.spread_s = welcome.spread or self._backoff.spread_s
        self._effects.append(ClockLearned(welcome.time))
        self._flows.begin(welcome.arrived, welcome.window)
        self._twin.begin(welcome.reported)
        self.lost = None
        self._to(Phase.ONLINE)
        while self._unread:
            self._received(self._unread.popleft())

    # Hearing.

    def _received(self, item: Received) -> None:
        if self.phase not in (Phase.GREETING, Phase.ONLINE, Phase.AWAY):
            return
        try:
            message = decode_down(item.channel, item.payload)
        except MalformedMessage as malformed:
            self._refuse(identifier_in(item.payload), malformed.reason, str(malformed))
            return
        if message.hub != self._around.hub:
            self._refuse(identifier_in(item.payload), "wrong-hub", f"it is for {message.hub}")
            return
        if isinstance(message, Command | Job | Desired) and self.phase is not Phase.ONLINE:
            # The cloud's clock and versions are not known yet: a broker delivers what it kept before the Welcome.
            if len(self._unread) < UNREAD_MAX:
                self._unread.append(item)
            else:
                about = None if isinstance(message, Desired) else message.id
                self._refuse(about, "busy", "too much came before the welcome")
            return
        self._understood(message)

    def _understood(self, message: DownMessage) -> None:
        match message:
            case Ack():
                self._ack(message)
            case Command() | Job():
                self._command(message)
            case Desired():
                self._desired(message)
            case Welcome():
                self._welcome(message)
            case Bye():
                self._bye(message)

    def _ack(self, ack: Ack) -> None:
        if ack.boot == 0 and ack.incarnation == self._outbox.incarnation:
            # It does not know us: its memory is gone, or it is another one of the cloud's machines.
            if self.phase is Phase.ONLINE:
                self._away()
            return
        if not self._is_for_us(ack.incarnation, ack.boot) or self.phase is not Phase.ONLINE:
            return
        self._flows.window = ack.window
        news = [self._flows.acknowledge(place) for place in ack.arrived]
        if self._twin.arrived(ack.reported):
            news.append(True)
        if any(news):
            self._heard_at = self._now
        for place in ack.missing:
            self._flows.missing(place, self._now)

    def _command(self, command: Command | Job) -> None:
        try:
            result = self._commands.take(command, self.cloud_now)
        except CommandRefused as refused:
            self._refuse(command.id, refused.reason, str(refused))
            return
        if result is not None:
            self._flows.added(MessageClass.RESULT, self._outbox.put(MessageClass.RESULT, result))
            return
        self._effects.append(Carry(command))

    def _desired(self, desired: Desired) -> None:
        taken_up = self._outbox.noted(DESIRED_NOTE)
        if desired.version < taken_up:
            self._refuse(None, "stale", f"wishes {desired.version} are older than {taken_up}, which were taken up")
        elif desired.version > taken_up:
            self._outbox.note(DESIRED_NOTE, desired.version)
            self._effects.append(Adopt(desired.version, desired.devices))

    def _bye(self, bye: Bye) -> None:
        self._effects.append(Close())
        self._not_connected(Lost(Trouble.REFUSED, f"the cloud says goodbye: {bye.reason}", bye.retry_after))

    def _is_for_us(self, incarnation: bytes, boot: int) -> bool:
        """An answer to an earlier self, which a broker kept, is nothing to us."""
        return incarnation == self._outbox.incarnation and boot == self._outbox.boot

    # Sending.

    def _make_frame(self) -> None:
        if self.phase is not Phase.ONLINE or not self._around.ready() or not self._pace.may(self._now):
            return
        found = self._flows.next(self._limits.payload_max, self._now)
        if found is not None:
            message_class, messages = found
            self._send(Batch(self._around.hub, self._outbox.incarnation, message_class, messages))
            self._pace.took(self._now)
            self.counts["messages"] += len(messages)
            return
        report = self._twin.next(self._limits.payload_max * 3 // 4, self._now)
        if report is not None:
            version, since, devices = report
            self._send(Reported(self._around.hub, self._outbox.incarnation, version, since, devices))
            self._pace.took(self._now)

    def _send(self, message: Hello | Offline | Batch | Reported | Refused) -> None:
        channel = channel_of(message)
        assert isinstance(channel, Up)
        self.counts["frames"] += 1
        self._effects.append(Send(channel, encode(message)))

    def _refuse(self, about: str | None, reason: str, detail: str) -> None:
        self.counts["refused"] += 1
        if self._refusals.may(self._now) and self._around.ready():
            self._refusals.took(self._now)
            self._send(Refused(self._around.hub, about, reason, detail[:256]))

    def _to(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self._effects.append(Changed())
