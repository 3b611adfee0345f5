"""The cloud's API and page on loopback, around one scripted hub that switches its lamp as it is told."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp

from hubagent.uplink.message.channel import Down, MessageClass
from hubagent.uplink.message.codec import UpMessage, channel_of, decode_down, encode
from hubagent.uplink.message.down import Command, Desired
from hubagent.uplink.message.up import Batch, Message, Offline
from simulators.cloud.consumer import Consumer
from simulators.cloud.misbehaviour import Misbehaviour
from simulators.cloud.service import Service
from simulators.cloud.web.api import Spoken
from simulators.cloud.web.serving import serving_home
from simulators.runtime import simulated_runtime
from tests.simulators.cloud.a_cloud import HUB, INCARNATION, LAMP, content, hello, lamp, reported

TOKEN = "t" * 64
SENSOR: dict[str, Any] = {
    "id": "zigbee-1",
    "name": "garden.thermometer",
    "protocol": "zigbee",
    "address": 1,
    "state": "asleep",
    "capabilities": {"temperature_measurement": {"temperature": 21.5}},
}
STRIP: dict[str, Any] = {
    "id": "zwave-5",
    "name": "desk.strip",
    "protocol": "zwave",
    "address": 5,
    "state": "ready",
    "capabilities": {},
    "endpoints": {
        "1": {"id": "zwave-5/1", "name": "desk.strip/1", "capabilities": {"on_off": {"on": False}}},
        "2": {"id": "zwave-5/2", "name": "desk.strip/2", "capabilities": {"on_off": {"on": True}}},
    },
}


class ScriptedHub:
    """A front with one hub in it. `outcome` is what it does with the next commands."""

    def __init__(self) -> None:
        self.service: Service
        self.commands: list[Command] = []
        self.wishes: list[Desired] = []
        self.outcome = "confirmed"
        self.delay_s = 0.0
        self.state: dict[str, Any] = {"zwave-2": LAMP, "zigbee-1": SENSOR, "zwave-5": STRIP}
        self._version = 0
        self._seq = 0
        self._commanded: asyncio.Queue[Command] = asyncio.Queue()

    def attach(self, service: Service) -> None:
        self.service = service
        self._door = service.door()
        self._door.front = self

    def come(self) -> None:
        self._hear(hello())
        self._version, since = self._version + 1, 0
        self._hear(reported(self._version, since, self.state))

    def go(self) -> None:
        self._hear(Offline(HUB, 1))

    def report(self, device: str, view: Mapping[str, Any] | None) -> None:
        self._version += 1
        self._hear(reported(self._version, self._version - 1, {device: view}))

    def tell(self, message_class: MessageClass, kind: str, **body: Any) -> None:
        self._seq += 1
        message = Message(1, self._seq, 0, content(kind, **body))
        self._hear(Batch(HUB, INCARNATION, message_class, (message,)))

    def send(self, hub: str, channel: Down, payload: bytes) -> bool:
        message = decode_down(channel.value, payload)
        if isinstance(message, Desired):
            self.wishes.append(message)
        if isinstance(message, Command):
            self.commands.append(message)
            self._commanded.put_nowait(message)
            asyncio.get_running_loop().call_later(self.delay_s, self._carry_out, message)
        return hub == HUB

    async def next_command(self) -> Command:
        async with asyncio.timeout(5):
            return await self._commanded.get()

    def kick(self, hub: str) -> bool:
        return False

    def refuse(self, refusing: bool, /) -> bool:
        return False

    def listen(self, listening: bool, /) -> bool:
        return False

    def _carry_out(self, command: Command) -> None:
        if self.outcome == "confirmed" and command.device == "zwave-2":
            self.report(command.device, lamp(on=command.set["on"] is True))
        detail = "" if self.outcome == "confirmed" else "no acknowledgement from node 2"
        self.tell(MessageClass.RESULT, "command", id=command.id, outcome=self.outcome, detail=detail, ms=2.5)

    def _hear(self, message: UpMessage) -> None:
        self._door.received(HUB, channel_of(message).value, encode(message))


class APage:
    """Made by `a_page`."""

    def __init__(self, service: Service, misbehaviour: Misbehaviour, session: aiohttp.ClientSession) -> None:
        self.service = service
        self.misbehaviour = misbehaviour
        self.session = session
        self.hub = ScriptedHub()
        self.hub.attach(service)
        self.port = 0
        self.stands_at: float | None = None
        """Where its clock stands still."""
        self.claims: list[str] = []
        self._serving: AsyncExitStack | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve_again(self) -> None:
        """On the same port as before, where there was one."""
        spoken = Spoken(self.service, self.misbehaviour, self._claim, lambda name: name == HUB)
        self._serving = AsyncExitStack()
        self.port = await self._serving.enter_async_context(
            serving_home(spoken, TOKEN, "127.0.0.1", self.port, self._clock)
        )

    async def stop_serving(self) -> None:
        if self._serving is not None:
            await self._serving.aclose()
            self._serving = None

    async def ask(
        self, method: str, path: str, *, json: Any = None, headers: Mapping[str, str] | None = None, data: Any = None
    ) -> tuple[int, Any]:
        """Status, and what was answered, as JSON where it is."""
        given = {"Authorization": f"Bearer {TOKEN}", **(headers or {})}
        async with self.session.request(method, self.url + path, json=json, data=data, headers=given) as response:
            kind = response.content_type
            return response.status, (await response.json() if kind == "application/json" else await response.text())

    def _clock(self) -> float:
        return asyncio.get_running_loop().time() if self.stands_at is None else self.stands_at

    def _claim(self, hub: str) -> str:
        if hub != HUB:
            raise ValueError(f"{hub!r} is no hub's id")
        self.claims.append(hub)
        return "ABCD-EFGH"


@asynccontextmanager
async def a_page() -> AsyncIterator[APage]:
    runtime = simulated_runtime("cloud", {})
    service = Service(Consumer(sqlite3.connect(":memory:"), runtime.wall, runtime.entropy))
    misbehaviour = Misbehaviour(service)
    try:
        async with aiohttp.ClientSession() as session:
            page = APage(service, misbehaviour, session)
            await page.serve_again()
            try:
                yield page
            finally:
                await page.stop_serving()
    finally:
        misbehaviour.close()
        service.close()
