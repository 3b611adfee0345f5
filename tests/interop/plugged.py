"""A Zigbee dongle with a plug in its reach that is written by hand, in bytes: what hosts judge the dongle alone by."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from simulators.cable import Cable
from simulators.faults import FaultyWire, WireFaults
from simulators.zigbee.membership import Membership
from simulators.zigbee.memory import WELL_KNOWN_KEY, Memory
from simulators.zigbee.network import Air, Network
from simulators.zigbee.stick import Stick
from simulators.zigbee.stick_faults import StickFaults
from tests.interop.plain_plug import PlainPlug

NAME = "plug"


@dataclass(slots=True)
class Plugged:
    port: str
    """A path, or socket://host:port."""
    network: Network
    stick: Stick
    plug: PlainPlug

    @property
    def memory(self) -> Memory:
        return self.network.memory


@asynccontextmanager
async def plugged(
    cable: Cable,
    version: int = 14,
    *,
    seed: int = 1,
    formed: bool = False,
    member: Membership | None = None,
    faults: StickFaults | None = None,
    wire: WireFaults | None = None,
    link_key: bytes = WELL_KNOWN_KEY,
) -> AsyncIterator[Plugged]:
    """`formed`: the dongle and the plug know each other from long ago; otherwise both are as from their factories, but
    for a plug that is a `member` of another network. `link_key` is what the plug joins with."""
    rng = random.Random(seed)
    memory = Memory.open(None, rng)
    if formed:
        memory.commission(rng)
    network = Network(memory, rng, Air(frame_s=0.002))
    plug = PlainPlug()
    station = network.place(NAME, plug, link_key=link_key)
    if member is not None:
        station.member = member
        network.changed()
    if formed:
        network.join(NAME)
    stick = Stick(network, rng, version, faults)
    await cable.plug(stick if wire is None else FaultyWire(stick, cable, wire))
    try:
        yield Plugged(cable.address, network, stick, plug)
    finally:
        await cable.close()
