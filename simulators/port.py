"""`sim://HOME` as a port: a simulated home inside the agent's own process, where hub.toml names a stick.

The home lives as long as the event loop: a driver that closes its port and opens it again finds the same home.
"""

import asyncio
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit
from weakref import WeakKeyDictionary

from hubagent.runtime import PortError
from simulators.cable import MemoryCable
from simulators.home import NoSuchHome, home_file, read_home
from simulators.world import World

SCHEME: Final = "sim"
ANY: Final = "home"
"""`sim://home` is the demo's home."""
DEMO: Final = "demo"


@dataclass(frozen=True, slots=True)
class _Standing:
    """A home that stands; the task is its life."""

    cable: MemoryCable
    life: "asyncio.Task[None]"


_homes: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Standing]] = WeakKeyDictionary()


async def open_simulated_port(port: str, baud: int, protocol: asyncio.Protocol) -> asyncio.WriteTransport:  # noqa: ARG001
    """Open `sim://HOME` or `sim://HOME?seed=N`. Raises PortError where there is no such home."""
    homes = _homes.setdefault(asyncio.get_running_loop(), {})
    if port not in homes:
        homes[port] = await _build(port)
    return homes[port].cable.open(protocol)


async def _build(port: str) -> _Standing:
    url = urlsplit(port)
    name = url.netloc + url.path
    try:
        seed = int(parse_qs(url.query).get("seed", ["1"])[0])
        plan = read_home(home_file(DEMO if name == ANY else name))
    except (NoSuchHome, ValueError) as error:
        raise PortError(port, str(error), "`hubagent sim list` shows the homes that come along") from error
    cable = MemoryCable(port)
    stands = asyncio.Event()
    # Not in anybody's group: the home is the outside world, and ends with the loop.
    life = asyncio.get_running_loop().create_task(_live(World(plan, seed), cable, stands), name=f"world {port}")
    await stands.wait()
    if life.done():
        life.result()
    return _Standing(cable, life)


async def _live(world: World, cable: MemoryCable, stands: asyncio.Event) -> None:
    try:
        async with world.running(cable):
            stands.set()
            await asyncio.get_running_loop().create_future()
    finally:
        # Whoever waits for a home that could not be built is not left waiting.
        stands.set()
