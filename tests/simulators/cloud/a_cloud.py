"""A consumer in virtual time, and a hub made of hand-written frames at its front."""

import random
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.codec import DownMessage, UpMessage, channel_of, decode_down, encode, encode_content
from hubagent.uplink.message.down import Ack, Welcome
from hubagent.uplink.message.up import Batch, Hello, Message, Reported
from simulators.cloud.bounds import Bounds
from simulators.cloud.consumer import COMMIT_DELAY_S, Consumer
from simulators.cloud.items import Changed, Gone, Heard, NotSent, Send

HUB = "hub-0000001"
OTHER = "hub-0000002"
WALL = 1_767_225_600.0
INCARNATION = b"incarn-1"
LAMP = {
    "id": "zwave-2",
    "name": "hall.light",
    "protocol": "zwave",
    "address": 2,
    "state": "ready",
    "capabilities": {"on_off": {"on": False}},
}


class ACloud:
    """The machine, its clock, and everything that it wanted done. No event loop."""

    def __init__(
        self, database: sqlite3.Connection | None = None, bounds: Bounds | None = None, now: float = 0.0
    ) -> None:
        self.now = now
        self.wall_offset = WALL
        self.sent: list[Send] = []
        self.changes: list[Changed] = []
        self.reachable = True
        self.consumer = Consumer(
            database or sqlite3.connect(":memory:"), self.wall, random.Random("cloud").randbytes, bounds
        )

    def wall(self) -> float:
        return self.wall_offset + self.now

    def hear(self, message: UpMessage, hub: str | None = None) -> None:
        self.hear_raw(hub or message.hub, channel_of(message).value, encode(message))

    def hear_raw(self, hub: str, channel: str, payload: bytes) -> None:
        self.consumer.receive(Heard(hub, channel, payload), self.now)
        self.take()

    def lose(self, hub: str) -> None:
        self.consumer.receive(Gone(hub), self.now)
        self.take()

    def take(self) -> None:
        while effects := self.consumer.take_effects():
            for effect in effects:
                if isinstance(effect, Changed):
                    self.changes.append(effect)
                elif self.reachable:
                    self.sent.append(effect)
                elif effect.command is not None:
                    self.consumer.receive(NotSent(effect.hub, effect.command), self.now)

    def run(self, seconds: float = COMMIT_DELAY_S) -> None:
        """Let time pass, and handle each deadline when it is due."""
        end = self.now + seconds
        while (deadline := self.consumer.next_deadline()) is not None and deadline <= end:
            self.now = max(self.now, deadline)
            self.consumer.handle_timeout(self.now)
            self.take()
        self.now = end

    def said(self, hub: str = HUB) -> list[DownMessage]:
        """What was sent to that hub since it was last asked for."""
        mine = [it for it in self.sent if it.hub == hub]
        self.sent = [it for it in self.sent if it.hub != hub]
        return [decode_down(it.channel.value, it.payload) for it in mine]

    def ack(self, hub: str = HUB) -> Ack:
        """The only thing that was said."""
        (ack,) = self.said(hub)
        assert isinstance(ack, Ack)
        return ack

    def welcome(self, message: Hello | None = None) -> Welcome:
        """A hub comes and is welcomed."""
        message = message or hello()
        self.hear(message)
        self.run()
        found = [it for it in self.said(message.hub) if isinstance(it, Welcome)]
        assert len(found) == 1
        return found[0]

    def stored(self, hub: str = HUB) -> list[tuple[str, int, int]]:
        """Class, epoch and number of every message in the history, in its order."""
        found: list[tuple[str, int, int]] = []
        last = 0
        while page := self.consumer.history.since(hub, last, 1000):
            found += [(it["class"], it["epoch"], it["seq"]) for it in page]
            last = page[-1]["n"]
        return found

    def shown(self, what: str) -> list[Mapping[str, Any]]:
        return [it.view for it in self.changes if it.what == what]


def hello(hub: str = HUB, **other: Any) -> Hello:
    plain = Hello(
        hub=hub,
        incarnation=INCARNATION,
        boot=1,
        epoch=1,
        oldest={},
        reported=0,
        desired=0,
        clock=WALL,
        clock_sure=False,
        software="hubagent 0.1.0",
        number=1,
    )
    return replace(plain, **other)


def batch(
    numbers: Iterable[int | tuple[int, int]],
    *,
    hub: str = HUB,
    epoch: int = 1,
    message_class: MessageClass = MessageClass.EVENT,
    incarnation: bytes = INCARNATION,
) -> Batch:
    """Messages of one stream: each a number, which follows the one before it, or `(number, after)`."""
    messages = []
    for number in numbers:
        seq, after = number if isinstance(number, tuple) else (number, number - 1)
        messages.append(Message(epoch, seq, after, content(n=seq)))
    return Batch(hub, incarnation, message_class, tuple(messages))


def content(kind: str = "mode", **body: Any) -> bytes:
    return encode_content(WALL, kind, body)


def result(seq: int, identifier: str, outcome: str = "confirmed", *, after: int | None = None, epoch: int = 1) -> Batch:
    body = {"id": identifier, "outcome": outcome, "detail": "", "ms": 3.5}
    message = Message(epoch, seq, seq - 1 if after is None else after, content("command", **body))
    return Batch(HUB, INCARNATION, MessageClass.RESULT, (message,))


def reported(version: int, since: int, devices: Mapping[str, Any], hub: str = HUB) -> Reported:
    return Reported(hub, INCARNATION, version, since, devices)


def lamp(*, on: bool) -> dict[str, Any]:
    return {**LAMP, "capabilities": {"on_off": {"on": on}}}
