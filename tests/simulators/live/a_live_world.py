"""A world on the real clock with its page, and somebody who asks."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from simulators.cable import MemoryCable
from simulators.home import home_file, read_home
from simulators.live.page_place import PagePlace
from simulators.live.serving import live_page
from simulators.world import World

TOKEN = "a-token"
HERE = PagePlace("127.0.0.1", 0, insists=True)
EVERYWHERE = PagePlace("0.0.0.0", 0, insists=True)


@dataclass
class LiveWorld:
    world: World
    address: str
    session: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return self.address.partition("#")[0].rstrip("/")

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.session.get(self.url + path, headers=headers) as response:
            return response.status, await response.json()

    async def do(self, *words: str, **headers: str) -> tuple[int, Any]:
        async with self.session.post(self.url + "/api/do", json={"do": words}, headers=headers) as response:
            return response.status, await response.json()


@asynccontextmanager
async def a_live_world(home: str = "demo", place: PagePlace = HERE, *, still: bool = True) -> AsyncIterator[LiveWorld]:
    world = World(read_home(home_file(home)), 1, still=still)
    cables = {radio: MemoryCable(f"sim://{radio}") for radio in world.dongles}
    sticks = {radio: cable.address for radio, cable in cables.items()}
    async with (
        world.running(cables),
        live_page(world, sticks, place, lambda: TOKEN, agent=False) as address,
        aiohttp.ClientSession() as session,
    ):
        yield LiveWorld(world, address, session)


async def events(response: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, Any]]:
    """As a stream tells them."""
    name = ""
    async for raw in response.content:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))
