"""One device of every kind there is, behind a Zigbee dongle that is in no network yet."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from simulators.cable import Cable
from simulators.devices.device import Battery, Device
from simulators.devices.room_air import RoomAir
from simulators.kinds import KINDS, Site
from simulators.zigbee.faces import Label, dress
from simulators.zigbee.memory import Memory
from simulators.zigbee.network import Air, Network
from simulators.zigbee.radio import RadioNode
from simulators.zigbee.stick import Stick

SEED = 20
OPTIONS: dict[str, dict[str, float]] = {
    "dimmer": {"ramp_s": 0.0},
    "rgbw_lamp": {"ramp_s": 0.0},
    "blind": {"travel_s": 0.5},
    "motion": {"clear_after_s": 2.0},
}
"""So that nobody waits for them."""
OWN_KINDS = tuple(kind for kind in KINDS if kind != "captured")
"""Those that need no file."""


@dataclass(slots=True)
class ZigbeeHousehold:
    address: str
    """A path, or socket://host:port."""
    network: Network
    stick: Stick
    devices: dict[str, Device] = field(default_factory=dict)
    nodes: dict[str, RadioNode] = field(default_factory=dict)

    def names(self) -> dict[str, str]:
        """The devices' names by their EUI64s, these as zigbee2mqtt writes them."""
        return {f"0x{node.eui64:016x}": name for name, node in self.nodes.items()}

    def place(self, name: str, node: RadioNode, device: Device | None = None) -> None:
        self.nodes[name] = node
        if device is not None:
            self.devices[name] = device
        self.network.place(name, node)

    def place_kind(self, name: str, kind: str) -> None:
        """A device of a kind of `simulators.kinds`, as it comes out of its box."""
        loop = asyncio.get_running_loop()
        made = KINDS[kind]
        battery = Battery() if made.battery else None
        device = made.make(Site(loop, RoomAir(), battery), made.options(**OPTIONS.get(kind, {})))
        self.place(name, dress(loop, device, Label(name=name)), device)


async def becomes(device: Device, so: Callable[[], bool], within_s: float = 10.0) -> None:
    """Until the physical device is so; looked at whenever it changes."""
    news = asyncio.Event()
    device.listen(lambda _: news.set())
    async with asyncio.timeout(within_s):
        while not so():
            news.clear()
            await news.wait()


@asynccontextmanager
async def zigbee_household(
    cable: Cable, version: int = 14, *, kinds: bool = False, seed: int = SEED
) -> AsyncIterator[ZigbeeHousehold]:
    """A dongle of that EZSP version fresh from its factory, with one device of each of the kinds in reach if wanted."""
    rng = random.Random(seed)
    network = Network(Memory.open(None, rng), rng, Air(frame_s=0.002))
    stick = Stick(network, rng, version=version)
    await cable.plug(stick)
    try:
        house = ZigbeeHousehold(cable.address, network, stick)
        for kind in OWN_KINDS if kinds else ():
            house.place_kind(kind, kind)
        yield house
    finally:
        await cable.close()
