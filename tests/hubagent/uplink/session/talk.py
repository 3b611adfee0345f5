"""A session and the other end of its conversation, in plain calls: the test is connection, cloud and clock."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.codec import DownMessage, UpMessage, channel_of, decode_up, encode
from hubagent.uplink.message.down import Ack, Arrived, Command, Welcome
from hubagent.uplink.message.up import Batch, Hello, Refused, Reported
from hubagent.uplink.session import items
from hubagent.uplink.session.pace import Pace
from hubagent.uplink.session.phase import Phase
from hubagent.uplink.session.session import Session
from hubagent.uplink.session.surroundings import Surroundings
from hubagent.uplink.transports.port import Limits, Lost, Trouble
from tests.helpers.uplink_memory_outbox import MemoryOutbox

HUB: Final = "hub-00000001"
CLOUD: Final = 1_800_000_000.0
"""The cloud's time when ours is 0."""
CUT: Final = Lost(Trouble.NETWORK, "reset by peer")
ALARM, RESULT, EVENT, TELEMETRY = MessageClass


@dataclass
class Talk:
    """What the session wanted done is in `sent` and `wanted`, in order."""

    outbox: MemoryOutbox = field(default_factory=MemoryOutbox)
    pace: Pace | None = None
    ready: bool = True
    ready_for: int | None = None
    """So many frames more are taken."""
    devices: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.now = 0.0
        self.sent: list[UpMessage] = []
        self.hello: Hello | None = None
        """The last."""
        self.reported = 0
        """The version of the devices' state that the cloud says it has."""
        self.sizes: list[int] = []
        """Bytes of each frame."""
        self.wanted: list[items.Effect] = []
        self.session = Session(
            self.outbox,
            Surroundings(HUB, "hubagent 0", random.Random(1), self.devices.get, lambda: (5.0, False), self._is_ready),
            self.pace or Pace(1000.0, 10_000.0),
        )

    def _is_ready(self) -> bool:
        return self.ready and self.ready_for != 0

    def is_in(self, phase: Phase) -> bool:
        return self.session.phase is phase

    # What happens.

    def feed(self, item: items.Item) -> None:
        self.session.receive(item, self.now)
        self._take()

    def put(self, message_class: MessageClass = EVENT, content: bytes = b"something") -> None:
        self.feed(items.Say(message_class, content))

    def run(self, seconds: float) -> None:
        """Let time pass, and handle each deadline when it is due."""
        end = self.now + seconds
        rounds = 0
        while (deadline := self.session.next_deadline()) is not None and deadline <= end:
            self.now = max(self.now, deadline)
            self.session.handle_timeout(self.now)
            self._take()
            rounds += 1
            assert rounds < 100_000, "it is busy going nowhere"
        self.now = end

    def connect(self, limits: Limits | None = None) -> None:
        """Up to the first Hello."""
        self.feed(items.Begin())
        while self.session.phase is not Phase.CONNECTING:
            assert self.session.retry_at is not None
            self.run(self.session.retry_at - self.now + 1e-9)
        self.feed(items.Connected(limits or Limits(32 * 1024, 16)))

    def lose(self, lost: Lost = CUT) -> None:
        self.feed(items.NotConnected(lost))

    def online(self, **welcome: Any) -> "Talk":
        self.connect()
        self.welcome(**welcome)
        return self

    # What the cloud says.

    def say(self, message: DownMessage) -> None:
        self.say_raw(channel_of(message).value, encode(message))

    def say_raw(self, channel: str, payload: bytes) -> None:
        self.feed(items.Received(channel, payload))

    def welcome(self, *arrived: tuple[MessageClass, int, int], **changes: Any) -> None:
        """The answer to the last Hello, of a cloud that knows the devices unless it says otherwise."""
        hello = self.hello
        assert hello is not None
        self.reported = changes.get("reported", hello.reported)
        values: dict[str, Any] = {
            "hub": HUB,
            "incarnation": hello.incarnation,
            "boot": hello.boot,
            "arrived": tuple(Arrived(*it) for it in arrived),
            "window": 256,
            "time": CLOUD + self.now,
            "reported": self.reported,
            "desired": 0,
            "spread": 1.0,
            "hello": hello.number,
            **changes,
        }
        self.say(Welcome(**values))

    def ack(self, *arrived: tuple[MessageClass, int, int], **changes: Any) -> None:
        self.reported = changes.get("reported", self.reported)
        values: dict[str, Any] = {
            "hub": HUB,
            "incarnation": self.outbox.incarnation,
            "boot": self.outbox.boot,
            "arrived": tuple(Arrived(*it) for it in arrived),
            "missing": (),
            "window": 256,
            "reported": self.reported,
            **changes,
        }
        values["missing"] = tuple(Arrived(*it) for it in values["missing"])
        self.say(Ack(**values))

    def command(self, name: str = "one", **changes: Any) -> Command:
        issued = CLOUD + self.now
        values: dict[str, Any] = {"boot": self.outbox.boot, "issued": issued, "expires": issued + 30.0, **changes}
        return Command(hub=HUB, id=name, device="lamp", set={"on": True}, **values)

    # What the session said and wanted since it was last asked.

    def heard(self) -> list[UpMessage]:
        heard, self.sent = self.sent, []
        return heard

    def hellos(self) -> list[Hello]:
        return [it for it in self.heard() if isinstance(it, Hello)]

    def batches(self) -> list[tuple[str, int, list[int]]]:
        """Class, epoch and numbers of each."""
        return [
            (it.message_class.value, it.messages[0].epoch, [message.seq for message in it.messages])
            for it in self.heard()
            if isinstance(it, Batch)
        ]

    def reports(self) -> list[Reported]:
        return [it for it in self.heard() if isinstance(it, Reported)]

    def refusals(self) -> list[str]:
        return [it.reason for it in self.heard() if isinstance(it, Refused)]

    def effects(self, kind: type[Any]) -> list[Any]:
        found = [it for it in self.wanted if isinstance(it, kind)]
        self.wanted.clear()
        return found

    def _take(self) -> None:
        while effects := self.session.take_effects():
            for effect in effects:
                if isinstance(effect, items.Send):
                    self.sizes.append(len(effect.payload))
                    message = decode_up(effect.channel.value, effect.payload)
                    self.sent.append(message)
                    if isinstance(message, Hello):
                        self.hello = message
                    if self.ready_for is not None:
                        self.ready_for = max(0, self.ready_for - 1)
                else:
                    self.wanted.append(effect)
