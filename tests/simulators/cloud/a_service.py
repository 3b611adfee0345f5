"""A service in virtual time; a front that writes down what it is asked for, with one hub of hand-written frames."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hubagent.uplink.message.channel import Down
from hubagent.uplink.message.codec import UpMessage, channel_of, decode_down, encode
from hubagent.uplink.message.down import Ack, Welcome
from simulators.cloud.consumer import Consumer
from simulators.cloud.misbehaviour import Misbehaviour
from simulators.cloud.service import Service
from tests.simulators.cloud.a_cloud import HUB, LAMP, WALL, hello, reported


class FakeFront:
    """A front with one hub, which writes down what it is asked for."""

    def __init__(self) -> None:
        self.sent: list[tuple[float, Down, bytes]] = []
        self.kicked: list[str] = []
        self.refusing = False
        self.listening = True

    def send(self, hub: str, channel: Down, payload: bytes) -> bool:
        if hub == HUB:
            self.sent.append((asyncio.get_running_loop().time(), channel, payload))
        return hub == HUB

    def kick(self, hub: str) -> bool:
        self.kicked.append(hub)
        return hub == HUB

    def refuse(self, refusing: bool, /) -> bool:
        self.refusing = refusing
        return True

    def listen(self, listening: bool, /) -> bool:
        self.listening = listening
        return True


class Site:
    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        consumer = Consumer(sqlite3.connect(":memory:"), lambda: WALL + loop.time(), random.Random(1).randbytes)
        self.service = Service(consumer)
        self.front = FakeFront()
        self.door = self.service.door()
        self.door.front = self.front
        self.misbehaviour = Misbehaviour(self.service)

    def hear(self, message: UpMessage) -> None:
        self.door.received(HUB, channel_of(message).value, encode(message))

    async def said(self, seconds: float = 0.01) -> list[object]:
        await asyncio.sleep(seconds)
        frames, self.front.sent = self.front.sent, []
        return [decode_down(channel.value, payload) for _, channel, payload in frames]

    async def with_a_hub(self) -> "Site":
        self.hear(hello(boot=3))
        self.hear(reported(1, 0, {"zwave-2": LAMP}))
        assert {type(it) for it in await self.said()} == {Welcome, Ack}
        return self


@asynccontextmanager
async def a_service() -> AsyncIterator[Site]:
    made = Site()
    try:
        yield made
    finally:
        made.misbehaviour.close()
        made.service.close()
