"""The machine of one hub's conversation with its cloud: connect, greet, send what is kept, hear, come back.

    idle ── Begin ──> waiting ── delay over ──> connecting ── Connected ──> greeting ── Welcome ──> online <──> away
                         ^                          |                          |                      |          |
                         └───── full jitter ────────┴────── NotConnected ──────┴──────────────────────┴──────────┘

Whatever is in doubt is asked by Hello, and the Welcome says what has arrived: an Ack that does not come for a while, a
cloud that does not know this hub. Until it is there nothing else is sent: a broker would keep all of it, and the cloud
get it twice. The transport finds out about a dead connection, the session about a cloud that is away behind a living
one.
"""

from collections import deque
from typing import Final

from hubagent.uplink.message.channel import CHANNELS, MessageClass, Up
from hubagent.uplink.message.codec import FRAME_MAX, DownMessage, channel_of, encode
from hubagent.uplink.message.down import Ack, Bye, Command, Desired, Job, Welcome
from hubagent.uplink.message.up import CONTENT_MAX, Batch, Hello, Offline, Refused, Reported
from hubagent.uplink.session import items
from hubagent.uplink.session.backoff import SPREAD_S, FullJitter
from hubagent.uplink.session.commands import CommandRefused, Commands
from hubagent.uplink.session.first_word import DESIRED_NOTE, hello
from hubagent.uplink.session.flows import FRAME_OVERHEAD, MESSAGE_OVERHEAD, Flows
from hubagent.uplink.session.greeting import ASK_S, Answer, Greeting
from hubagent.uplink.session.hearing import FRAMES_PER_S, Hearing
from hubagent.uplink.session.pace import Pace
from hubagent.uplink.session.phase import TALKING, Phase
from hubagent.uplink.session.speaking import Speaking
from hubagent.uplink.session.surroundings import Outbox, Surroundings
from hubagent.uplink.session.twin import Twin
from hubagent.uplink.transports.port import Limits, Lost, Trouble

PAYLOAD_MIN: Final = CONTENT_MAX + FRAME_OVERHEAD + MESSAGE_OVERHEAD
"""A connection that takes smaller frames is none: some message might never fit."""
UNREAD_MAX: Final = 64
"""Commands that came before the Welcome."""


class Session:
    """`hubagent.machine.Machine` of `Item` and `Effect`."""

    def __init__(self, outbox: Outbox, around: Surroundings, pace: Pace | None = None) -> None:
        self._outbox = outbox
        self._around = around
        self._flows = Flows(outbox)
        self._twin = Twin(outbox.boot, around.view)
        self._commands = Commands(around.hub, outbox.boot)
        self._backoff = FullJitter(around.rng)
        self._greeting = Greeting(around.rng)
        self._hearing = Hearing(around.hub, outbox.incarnation, outbox.boot)
        self._speaking = Speaking(around.hub, outbox.incarnation, self._flows, self._twin, pace or Pace())
        self._effects: deque[items.Effect] = deque()
        self._unread: deque[Command | Job | Desired] = deque()
        self._now = 0.0
        self._payload_max = 0
        self._connected_at = 0.0
        self._retry_at: float | None = None
        self._server: str | None = None
        self._greeted = False
        """There was a Welcome on this connection."""
        self._doubt = False
        """What the cloud has is not sure: nothing is sent until it says so."""
        self._taken_up = 0
        """The latest wishes that this start took up; they are noted when they have ended."""
        self._blocked = False
        """The connection took nothing more when it was asked last."""
        self._window_at = 0.0
        """When the cloud last said its window."""
        self._cloud_offset = 0.0
        """The cloud's Unix seconds less the loop's."""
        self.phase = Phase.IDLE
        self.lost: Lost | None = None
        """Why there is no connection, or was none before this one."""
        self._frames = self._undelivered_frames = self._connections = 0

    # The four verbs.

    def receive(self, item: items.Item, now: float) -> None:
        self._now = now
        match item:
            case items.Say():
                self._put(item.message_class, item.content)
            case items.Found():
                self._found()
            case items.Received():
                self._received(item)
            case items.DeviceTouched():
                self._twin.touch(item.device)
            case items.DevicesWent():
                self._twin.look_over()
            case items.WishesEnded():
                self._outbox.note(DESIRED_NOTE, max(item.version, self._outbox.noted(DESIRED_NOTE)))
            case items.Answered():
                self._commands.answered(item.id, item.content)
                self._put(MessageClass.RESULT, item.content)
            case items.Writable():
                self._blocked = False
            case items.Undelivered():
                self._undelivered(item)
            case items.Connected():
                self._connected(item.limits)
            case items.NotConnected():
                self._not_connected(item.lost)
            case items.Begin():
                self._begin()
            case items.Cut():
                self._cut()

    def handle_timeout(self, now: float) -> None:
        self._now = now
        if self._retry_at is not None and now >= self._retry_at:
            self._retry_at = None
            self._to(Phase.CONNECTING)
            self._effects.append(items.Connect(self._server))
        if self.phase not in TALKING:
            return
        if self._greeting.in_vain(now):
            self._doubt = True
            self._to(Phase.AWAY)
        patience = self._patience_ends_at()
        if patience is not None and now >= patience:
            self._doubt = True
            self._greeting.doubt(now)

    def next_deadline(self) -> float | None:
        deadlines = [self._retry_at]
        if self.phase in TALKING:
            deadlines += [self._greeting.answer_by, self._patience_ends_at()]
            if not self._blocked:
                deadlines.append(self._greeting.due_at)
                if self._may_say:
                    deadlines += self._speaking.next_at(self._now)
        return min((it for it in deadlines if it is not None), default=None)

    def take_effects(self) -> list[items.Effect]:
        """A frame is handed out only when everything before it was: so it is made of what there is at the last moment,
        and only while the connection takes one."""
        if not self._effects and self.phase in TALKING:
            self._make_frame()
        effects = list(self._effects)
        self._effects.clear()
        return effects

    # What people may ask.

    @property
    def cloud_now(self) -> float:
        """Unix seconds of the cloud's clock. It may be so late; it is not later."""
        return self._cloud_offset + self._now

    @property
    def retry_at(self) -> float | None:
        return self._retry_at

    @property
    def under_way(self) -> int:
        """Messages that were sent and have not arrived yet, as far as is known."""
        return self._flows.under_way

    @property
    def counts(self) -> dict[str, int]:
        """Of this start."""
        return {
            "frames": self._frames,
            "messages": self._speaking.messages,
            "refused": self._hearing.refused_count,
            "undelivered": self._undelivered_frames,
            "connections": self._connections,
        }

    # Connecting.

    def _begin(self) -> None:
        if self.phase is Phase.IDLE:
            self._retry_at = self._now
            self._to(Phase.WAITING)

    def _cut(self) -> None:
        if self.phase in TALKING:
            self._send(Offline(self._around.hub, self._outbox.boot))
        self._effects.append(items.Close())
        self._retry_at = None
        self._leave()
        self._to(Phase.IDLE)

    def _connected(self, limits: Limits) -> None:
        if self.phase is not Phase.CONNECTING:
            # It was cut meanwhile.
            self._effects.append(items.Close())
            return
        self._connected_at = self._now
        self._server = None
        self._payload_max = min(limits.payload_max, FRAME_MAX)
        self._to(Phase.GREETING)
        if self._payload_max < PAYLOAD_MIN:
            detail = f"it takes frames of {limits.payload_max} bytes, and {PAYLOAD_MIN} are needed"
            self._break_off(Lost(Trouble.PROTOCOL, f"the other side cannot be used: {detail}"))
            return
        self._connections += 1
        self._blocked = False
        self._greeting.begin(self._now)

    def _not_connected(self, lost: Lost) -> None:
        if self.phase is Phase.IDLE:
            return
        if self.phase in TALKING:
            self._backoff.lasted(self._now - self._connected_at)
        self.lost = lost
        self._server = lost.server
        self._leave()
        self._retry_at = self._now + self._backoff.next_delay_s(lost.retry_after_s)
        self._to(Phase.WAITING)

    def _break_off(self, lost: Lost) -> None:
        self._effects.append(items.Close())
        self._not_connected(lost)

    def _leave(self) -> None:
        self._flows.stop()
        self._unread.clear()
        self._hearing.refused.clear()
        self._greeted = self._doubt = False

    # Doubt.

    def _patience_ends_at(self) -> float | None:
        """When too long was waited for a word of the cloud's that is due."""
        if self.phase is not Phase.ONLINE or self._doubt:
            return None
        waits = [
            self._flows.waiting_since(),
            self._twin.waiting_since(),
            self._window_at if self._flows.stuck else None,
        ]
        since = min((it for it in waits if it is not None), default=None)
        return None if since is None else since + ASK_S

    def _found(self) -> None:
        """What the cloud has of that a Welcome says; the first one of a connection begins with all there is anyway."""
        if self._greeted:
            self._doubt = True
            self._greeting.doubt(self._now)

    def _undelivered(self, item: items.Undelivered) -> None:
        self._undelivered_frames += 1
        classes = [name for name, channel in CHANNELS.items() if channel is item.channel]
        for message_class in classes:
            self._flows.refused(message_class, self._now)
        if item.channel is Up.REPORTED:
            self._twin.refused(self._now)
        if self.phase is Phase.ONLINE and (classes or item.channel is Up.REPORTED):
            # There may be nobody behind the broker.
            self._greeting.doubt(self._now)

    # Hearing.

    def _received(self, item: items.Received) -> None:
        if self.phase not in TALKING:
            return
        if self._hearing.flooded(self._now):
            detail = f"more than {FRAMES_PER_S:g} frames a second came"
            self._break_off(Lost(Trouble.PROTOCOL, f"the cloud cannot be listened to: {detail}"))
            return
        message = self._hearing.read(item, self._now)
        if message is not None:
            self._understood(message)

    def _understood(self, message: DownMessage) -> None:
        match message:
            case Ack():
                self._ack(message)
            case Command() | Job() | Desired() if not self._greeted:
                # The cloud's clock is not known yet: a broker delivers what it kept before the Welcome.
                if len(self._unread) < UNREAD_MAX:
                    self._unread.append(message)
                else:
                    # Which one is not said: it may be one that was done before.
                    self._refuse(None, "busy", "too much came before the welcome")
            case Command() | Job():
                self._command(message)
            case Desired():
                self._desired(message)
            case Welcome():
                self._welcome(message)
            case Bye() if not self._greeted:
                # Said on an earlier connection, and kept by a broker since: it would cost one connection after another.
                self._refuse(None, "stale", "a goodbye counts after the welcome")
            case Bye():
                self._break_off(Lost(Trouble.REFUSED, f"the cloud says goodbye: {message.reason}", message.retry_after))

    def _welcome(self, welcome: Welcome) -> None:
        answer = self._greeting.answered(welcome.hello, self._now)
        if answer is Answer.NONE:
            self._refuse(None, "stale", f"it answers hello {welcome.hello}, the last is {self._greeting.number}")
        if answer is not Answer.TAKEN:
            return
        surprising = any(self._flows.never_sent(it) for it in welcome.arrived)
        if not self._greeted or self._doubt or surprising:
            if not self._flows.begin(welcome.arrived, welcome.window):
                self._refuse(None, "malformed", "it has numbers that no hub can have used")
                self._greeting.doubt(self._now)
                return
            self._twin.begin(welcome.reported)
        else:
            self._twin.arrived(welcome.reported, self._now)
        asked_at = self._greeting.asked_at
        # Somewhere between the two its clock was read. A command that may be late is late.
        self._cloud_offset = welcome.time - asked_at
        self._effects.append(items.ClockLearned(welcome.time + (self._now - asked_at) / 2))
        self._backoff.spread_s = max(welcome.spread, SPREAD_S)
        self._flows.window, self._window_at = welcome.window, self._now
        self._greeted, self._doubt = True, False
        self.lost = None
        self._to(Phase.ONLINE)
        while self._unread:
            self._understood(self._unread.popleft())

    def _ack(self, ack: Ack) -> None:
        if ack.boot == 0:
            # It does not know us: its memory is gone, or it is another one of the cloud's machines.
            self._doubt = self._greeted
            self._greeting.doubt(self._now)
            return
        if not self._greeted:
            # A broker kept it; the Welcome will say more.
            return
        unused = next((it for it in (*ack.arrived, *ack.missing) if self._flows.never_sent(it)), None)
        if unused is not None:
            what = f"{unused.message_class.value} {unused.epoch}/{unused.seq}"
            self._refuse(None, "malformed", f"it speaks of {what}, which was never sent")
            return
        self._flows.window, self._window_at = ack.window, self._now
        news = [self._flows.acknowledge(place, self._now) for place in ack.arrived]
        news.append(self._twin.arrived(ack.reported, self._now))
        if any(news):
            self._greeting.helped()
        for place in ack.missing:
            self._flows.missing(place, self._now)

    def _command(self, command: Command | Job) -> None:
        try:
            result = self._commands.take(command, self.cloud_now)
        except CommandRefused as refused:
            self._refuse(command.id, refused.reason, str(refused))
            return
        if result is not None:
            self._put(MessageClass.RESULT, result)
            return
        self._effects.append(items.Carry(command))

    def _desired(self, desired: Desired) -> None:
        taken_up = max(self._taken_up, self._outbox.noted(DESIRED_NOTE))
        if desired.version < taken_up:
            self._refuse(None, "stale", f"wishes {desired.version} are older than {taken_up}, which were taken up")
        elif desired.version > taken_up:
            self._taken_up = desired.version
            self._effects.append(items.Adopt(desired.version, desired.devices))

    def _refuse(self, about: str | None, reason: str, detail: str) -> None:
        self._hearing.refuse(about, reason, detail, self._now)

    # Sending.

    def _put(self, message_class: MessageClass, content: bytes) -> None:
        self._flows.added(message_class, self._outbox.put(message_class, content))

    @property
    def _may_say(self) -> bool:
        return self.phase is Phase.ONLINE and not self._doubt

    def _make_frame(self) -> None:
        self._blocked = not self._around.ready()
        if self._blocked:
            return
        due_at = self._greeting.due_at
        if due_at is not None and self._now >= due_at:
            self._send(hello(self._outbox, self._around, self._twin.version, self._greeting.number + 1))
            self._greeting.said(self._now)
        elif self._hearing.refused:
            self._send(self._hearing.refused.popleft())
        elif self._may_say:
            made = self._speaking.next(self._payload_max, self._now)
            if made is not None:
                self._send(made)

    def _send(self, message: Hello | Offline | Batch | Reported | Refused) -> None:
        channel = channel_of(message)
        assert isinstance(channel, Up)
        self._frames += 1
        self._effects.append(items.Send(channel, encode(message)))

    def _to(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self._effects.append(items.Changed())
