"""`sim://HOME` as a port: a simulated home inside the agent's own process, where hub.toml names a stick.

A home with two radios has two sticks: `sim://HOME` is the Z-Wave one if it has that, `sim://HOME?radio=zigbee` says
which. The home lives as long as the event loop: a driver that closes its port and opens it again finds the same home.
"""

import asyncio
from collections.abc import Mapping
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
class _Place:
    """What a URL says: the home, its seed, and which of its sticks."""

    home: str
    seed: int
    radio: str | None

    @classmethod
    def of(cls, port: str) -> "_Place":
        """Raises ValueError."""
        url = urlsplit(port)
        wishes = parse_qs(url.query)
        name = url.netloc + url.path
        radio = wishes.get("radio", [None])[0]
        return cls(DEMO if name == ANY else name, int(wishes.get("seed", ["1"])[0]), radio)


@dataclass(frozen=True, slots=True)
class _Standing:
    """A home that stands; the task is its life."""

    cables: Mapping[str, MemoryCable]
    """By radio."""
    life: "asyncio.Task[None]"
    stands: asyncio.Event
    """Set when it does, or cannot."""


_homes: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[str, int], _Standing]] = WeakKeyDictionary()


async def open_simulated_port(port: str, baud: int, protocol: asyncio.Protocol) -> asyncio.WriteTransport:  # noqa: ARG001
    """Open `sim://HOME[?seed=N&radio=NAME]`. Raises PortError where there is no such home or stick."""
    try:
        place = _Place.of(port)
        standing = await _standing(place)
    except (NoSuchHome, ValueError) as error:
        raise PortError(port, str(error), "`hubagent sim list` shows the homes that come along") from error
    radio = place.radio or next(iter(standing.cables))
    if radio not in standing.cables:
        there = " and ".join(standing.cables)
        raise PortError(port, f"this home has no {radio} stick", f"it has {there}: write ?radio=... behind its name")
    return standing.cables[radio].open(protocol)


async def _standing(place: _Place) -> _Standing:
    """The home, built when its first stick is opened. Raises NoSuchHome, ValueError."""
    homes = _homes.setdefault(asyncio.get_running_loop(), {})
    key = place.home, place.seed
    if key not in homes:
        homes[key] = _build(place)
    standing = homes[key]
    await standing.stands.wait()
    if standing.life.done():
        homes.pop(key, None)
        standing.life.result()
    return standing


def _build(place: _Place) -> _Standing:
    plan = read_home(home_file(place.home))
    cables = {radio: MemoryCable(f"sim://{place.home}?radio={radio}") for radio in plan.radios_with()}
    stands = asyncio.Event()
    # Not in anybody's group: the home is the outside world, and ends with the loop.
    life = asyncio.get_running_loop().create_task(
        _live(World(plan, place.seed), cables, stands), name=f"world {place.home}"
    )
    return _Standing(cables, life, stands)


async def _live(world: World, cables: Mapping[str, MemoryCable], stands: asyncio.Event) -> None:
    try:
        async with world.running(cables):
            stands.set()
            await asyncio.get_running_loop().create_future()
    finally:
        # Whoever waits for a home that could not be built is not left waiting.
        stands.set()
