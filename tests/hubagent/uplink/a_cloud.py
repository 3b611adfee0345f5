"""The development cloud on real sockets, by each way that a hub can come, and a hub's link to it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hubagent.uplink.place import Link
from hubagent.uplink.transports.coap import make_coap
from hubagent.uplink.transports.port import Transport
from simulators.cloud.coap_front import CoapFront
from simulators.cloud.consumer import Consumer
from simulators.cloud.items import Changed
from simulators.cloud.mqtt_front import MqttFront
from simulators.cloud.service import Service
from simulators.runtime import simulated_runtime
from tests.helpers.certificates import Authority, FileCredentials, server_context
from tests.hubagent.uplink.transports.a_broker import a_broker
from tests.hubagent.uplink.transports.an_ear import HUB

WAYS = ("coap", "mqtt")
NOW = 1_795_700_000.0


class StandingClock:
    """Sure of the time from the beginning."""

    def __init__(self) -> None:
        self.learnt: list[float] = []
        self._loop = asyncio.get_running_loop()

    def now(self) -> tuple[float, bool]:
        return NOW + self._loop.time(), True

    def learned(self, unix: float) -> None:
        self.learnt.append(unix)


@dataclass
class ACloud:
    service: Service
    transport: Callable[[str | None], Transport]

    def link(self, **more: Any) -> Link:
        return Link(HUB, self.transport, StandingClock(), **more)

    def outcome(self, command: str) -> str | None:
        found = self.service.consumer.commands.find(command)
        return None if found is None else found.outcome

    async def until(self, right: Callable[[], bool]) -> None:
        """Until something that the consumer knows is so."""
        changed = asyncio.Event()

        def hear(_change: Changed) -> None:
            changed.set()

        end = self.service.listen(hear)
        try:
            async with asyncio.timeout(10):
                while not right():
                    changed.clear()
                    await changed.wait()
        finally:
            end()


@asynccontextmanager
async def a_cloud(folder: Path, way: str) -> AsyncIterator[ACloud]:
    loop = asyncio.get_running_loop()
    runtime = simulated_runtime("cloud", {})
    consumer = Consumer(sqlite3.connect(":memory:", isolation_level=None), lambda: NOW + loop.time(), runtime.entropy)
    service = Service(consumer)
    door = service.door()
    try:
        if way == "coap":
            authority = Authority(folder / "ca")
            issued = authority.server()
            async with CoapFront(door, server_context(authority, issued), "127.0.0.1", 0) as front:
                door.front = front
                credentials = FileCredentials(HUB, authority.client(HUB), authority.anchor, authority.crl)
                transport = make_coap(f"coaps+tcp://localhost:{front.port}", credentials)
                yield ACloud(service, lambda _server: transport)
        else:
            async with a_broker(folder) as site:
                broker_front = MqttFront("127.0.0.1", site.broker.consumer_port, site.consumer_context(), door)
                broker_front.listen(True)
                door.front = broker_front
                try:
                    async with asyncio.timeout(5):
                        await broker_front.listening()
                    usual = site.transport()
                    yield ACloud(service, lambda _server: usual)
                finally:
                    broker_front.close()
    finally:
        service.close()
