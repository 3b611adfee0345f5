"""A transport whose other side is the test: it reads what the hub sent, and says what the cloud says."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hubagent.uplink.message import down, up
from hubagent.uplink.message.channel import MessageClass, Up
from hubagent.uplink.message.codec import DownMessage, UpMessage, channel_of, decode_content, decode_up, encode
from hubagent.uplink.message.down import Arrived
from hubagent.uplink.place import Link
from hubagent.uplink.transports.port import ConnectFailed, Ear, Farewell, Limits, Lost, Trouble

HUB = "hub-00000001"
CLOUD_TIME = 1_800_000_000.0


@dataclass
class ScriptedConnection:
    ear: Ear
    farewell: Farewell
    limits: Limits = field(default_factory=lambda: Limits(32 * 1024, 16))
    description: str = "scripted"
    ready: bool = True
    sent: list[UpMessage] = field(default_factory=list)
    closed: bool = False
    came: asyncio.Event = field(default_factory=asyncio.Event)
    acknowledging: bool = True
    """Everything that comes is acknowledged in the loop's next round."""
    boot: int = 0
    _reported: int = 0

    def send(self, channel: Up, payload: bytes) -> None:
        message = decode_up(channel.value, payload)
        self.sent.append(message)
        self.came.set()
        if self.acknowledging and isinstance(message, up.Batch | up.Reported):
            asyncio.get_running_loop().call_soon(self.acknowledge, message)

    def close(self) -> None:
        self.closed = True

    # The test's side.

    def say(self, message: DownMessage) -> None:
        self.ear.received(channel_of(message).value, encode(message))

    async def next(self, kind: type[Any]) -> Any:
        """The oldest message of this kind that was not taken yet."""
        async with asyncio.timeout(600):
            while True:
                for message in self.sent:
                    if isinstance(message, kind):
                        self.sent.remove(message)
                        return message
                self.came.clear()
                await self.came.wait()

    async def welcome(self, **changes: Any) -> up.Hello:
        hello: up.Hello = await self.next(up.Hello)
        values = {
            "hub": HUB,
            "incarnation": hello.incarnation,
            "boot": hello.boot,
            "arrived": (),
            "window": 64,
            "time": CLOUD_TIME,
            "reported": 0,
            "desired": 0,
            "spread": 1.0,
            "hello": hello.number,
            **changes,
        }
        self.boot = hello.boot
        self.say(down.Welcome(**values))
        return hello

    async def content(self, message_class: MessageClass) -> tuple[str, dict[str, Any]]:
        """Kind and body of the next message of this class; those of other classes are dropped on the way."""
        while True:
            batch: up.Batch = await self.next(up.Batch)
            if batch.message_class is not message_class:
                continue
            first, rest = batch.messages[0], batch.messages[1:]
            if rest:
                self.sent.insert(0, up.Batch(batch.hub, batch.incarnation, message_class, rest))
            _at, kind, body = decode_content(first.content)
            return kind, dict(body)

    def acknowledge(self, message: up.Batch | up.Reported) -> None:
        arrived: tuple[Arrived, ...] = ()
        if isinstance(message, up.Batch):
            last = message.messages[-1]
            arrived = (Arrived(message.message_class, last.epoch, last.seq),)
        else:
            self._reported = message.version
        self.say(down.Ack(HUB, message.incarnation, self.boot, arrived, (), 64, self._reported))


class ScriptedTransport:
    """`fail` is what the next attempts come to; each connection is in `connections` when it is there."""

    def __init__(self) -> None:
        self.fail: Lost | None = None
        self.attempts: list[tuple[float, str | None]] = []
        self.connections: asyncio.Queue[ScriptedConnection] = asyncio.Queue()
        self.connected: Callable[[ScriptedConnection], None] | None = None
        """What a connection hears before anybody has it."""
        self._server: str | None = None

    def link(self, **more: Any) -> Link:
        return Link(HUB, self.to, ScriptedClock(), **more)

    def to(self, server: str | None) -> "ScriptedTransport":
        self._server = server
        return self

    async def connect(self, ear: Ear, farewell: Farewell) -> ScriptedConnection:
        self.attempts.append((asyncio.get_running_loop().time(), self._server))
        await asyncio.sleep(0.01)
        if self.fail is not None:
            raise ConnectFailed(self.fail)
        connection = ScriptedConnection(ear, farewell)
        self.connections.put_nowait(connection)
        if self.connected is not None:
            self.connected(connection)
        return connection

    async def closed(self) -> None: ...


class ScriptedClock:
    def __init__(self) -> None:
        self.learnt: list[float] = []

    def now(self) -> tuple[float, bool]:
        return 1_795_700_000.0 + asyncio.get_running_loop().time(), bool(self.learnt)

    def learned(self, unix: float) -> None:
        self.learnt.append(unix)


DOWN = Lost(Trouble.NETWORK, "the broker refused the connection")
