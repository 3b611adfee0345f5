"""A home, the hub in it, the network and the cloud, put together on the running loop.

async with running_site(Setting(plan, folder, seed=7, rules=rules)) as site:
    await site.settle()
    site.world.do("walk", "anna", "hall")
"""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO

from hubagent.agent import Agent
from hubagent.model.device import Presence
from simulators.cable import MemoryCable
from simulators.home import HomePlan
from simulators.internet.broker import Broker
from simulators.internet.direct import Direct
from simulators.internet.network import Internet, Weather
from simulators.runtime import START
from simulators.site.clock import HostClock
from simulators.site.cloud import SiteCloud
from simulators.site.disk import Disk
from simulators.site.hub import HUB, Hub, Plugs
from simulators.site.trace import Trace
from simulators.site.watched_server import WatchedServer
from simulators.world import World, alone_as_itself

WAKE_EVERY_S: Final = 10.0
"""A hand touches what sleeps, as whoever sets up a home does, until nothing is being interviewed any more."""
SETTLE_MAX_S: Final = 900.0


class NotSettled(Exception):
    """Devices are still unknown or being interviewed; the text names them."""


@dataclass(frozen=True, slots=True)
class Setting:
    plan: HomePlan
    folder: Path
    """An empty one, in memory if possible: the disk of the hub."""
    seed: object = 1
    rules: tuple[Path, ...] = ()
    start: float = START
    """Unix seconds at the loop's 0."""
    cloud: bool = True
    broker: bool = False
    """Between hub and cloud is a broker, as with MQTT; else the hub is connected to the cloud as with CoAP."""
    still: bool = False
    """No residents and no weather: only `do` does anything."""
    radio_time: bool = False
    """Frames take as long on the air as they really do."""
    cuts: bool = True
    """Power cuts may tear what was not synced. It costs a look at the disk for each write."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """More of hub.toml, as HUBAGENT_ variables."""
    sticks: Mapping[str, asyncio.Protocol] = field(default_factory=dict)
    """What else is plugged into the hub: by the name of its driver, the far side of its port."""
    trace: TextIO | None = None
    """Where every crossing of a seam is written to."""


class Site:
    """Made by `running_site`."""

    def __init__(self, setting: Setting, tasks: asyncio.TaskGroup) -> None:
        loop = self._loop = asyncio.get_running_loop()
        self.setting = setting
        self.trace = Trace(loop.time, setting.trace)
        self.world = World(
            setting.plan, setting.seed, wall=self.wall, radio_time=setting.radio_time, still=setting.still
        )
        plugged = (*self.world.dongles, *sorted(setting.sticks))
        self.cables = {name: MemoryCable(f"sim://{name}") for name in plugged}
        self.weather = Weather()
        self.server: Direct | Broker = Broker(loop, self.rng("broker")) if setting.broker else Direct()
        self.net: Internet | None = None
        self.cloud: SiteCloud | None = None
        if setting.cloud:
            self.net = Internet(loop, self.rng("internet"), self.weather, WatchedServer(self.server, self.trace))
            self.cloud = SiteCloud(self.server, self.rng("cloud"), self.wall)
        disk = Disk(setting.folder, self.rng("disk"), cuts=setting.cuts)
        self.clock = HostClock(self.wall)
        self.hub = Hub(
            setting.seed, disk, self.clock, Plugs(self.cables, self.net), self._settings(), self.trace, tasks
        )

    def wall(self) -> float:
        """The true time, in Unix seconds."""
        return self.setting.start + self._loop.time()

    def rng(self, name: str) -> random.Random:
        """A random stream of its own by its name."""
        return random.Random(f"{self.setting.seed}:site:{name}")  # noqa: S311 - a simulation's

    async def settle(self) -> Agent:
        """Until every device that is joined is known and interviewed. Raises NotSettled, or what ended the agent."""
        latest = self._loop.time() + SETTLE_MAX_S
        agent = await self.hub.ready()
        while missing := self._unsettled(agent):
            if self._loop.time() > latest:
                raise NotSettled(f"after {SETTLE_MAX_S:.0f} s: {', '.join(missing)}")
            for placed in self.world.devices.values():
                if placed.dongle is not None and placed.device.battery is not None:
                    placed.dongle.wake(placed.plan.name)
            await asyncio.sleep(WAKE_EVERY_S)
            agent = await self.hub.ready()
        return agent

    def picture(self) -> dict[str, dict[str, Any]]:
        """What the hub believes: by device and part, by attribute. Empty while it is off."""
        if self.hub.agent is None:
            return {}
        home = self.hub.agent.home
        return {
            device.name: {
                attribute: reading.value
                for readings in home.state(device.id).values()
                for attribute, reading in readings.items()
            }
            for device in home.devices.values()
        }

    def cloud_picture(self) -> dict[str, Any]:
        """What the cloud believes, by the device's identifier."""
        return {} if self.cloud is None or self.cloud.service is None else self.cloud.devices(HUB)

    def _unsettled(self, agent: Agent) -> list[str]:
        known = {device.name: device for device in agent.home.devices.values()}
        joined = [it.plan.name for it in self.world.devices.values() if it.dongle is not None and it.plan.joined]
        waiting = [name for name, device in known.items() if device.presence is Presence.INTERVIEWING]
        return [f"{name} is unknown" for name in joined if name not in known] + [f"{it} is asked" for it in waiting]

    def _settings(self) -> dict[str, str]:
        return {
            "HUBAGENT_HUB__NAME": self.setting.plan.name,
            "HUBAGENT_HUB__TIMEZONE": "UTC",
            **self.setting.plan.hub_settings(),
            "HUBAGENT_RULES__FILES": f"[{', '.join(repr(str(path)) for path in self.setting.rules)}]",
            **self.setting.settings,
        }


@asynccontextmanager
async def running_site(setting: Setting, *, power: bool = True) -> AsyncIterator[Site]:
    """A site that lives until the context ends. With `power` the hub is switched on at once.

    What the context raises comes out as it is. Raises what ends the agent in order and should not.
    """
    async with alone_as_itself(), asyncio.TaskGroup() as tasks:
        site = Site(setting, tasks)
        if site.cloud is not None:
            site.cloud.start()
        try:
            async with site.world.running(site.cables), _plugged_in(site):
                if power:
                    site.hub.power_on()
                try:
                    yield site
                finally:
                    await site.hub.stop()
        finally:
            if site.cloud is not None:
                site.cloud.close()
            if isinstance(site.server, Broker):
                site.server.close()


@asynccontextmanager
async def _plugged_in(site: Site) -> AsyncIterator[None]:
    """The sticks that are no radio of the world."""
    sticks = sorted(site.setting.sticks.items())
    for name, stick in sticks:
        await site.cables[name].plug(stick)
    try:
        yield
    finally:
        for name, _ in sticks:
            await site.cables[name].close()
