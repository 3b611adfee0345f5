"""The household on a Z-Wave stick."""

import asyncio
import random

from simulators.bench.household import NODES_MIN, Household, a_device, name_of
from simulators.zwave.faces import Label, dress
from simulators.zwave.memory import Memory
from simulators.zwave.network import Network
from simulators.zwave.stick import Stick


class ZwaveHousehold(Household):
    """The lamp is `reports.LAMP`, the motion sensor `reports.MOTION`. To be made on a running loop."""

    def __init__(self, nodes: int = NODES_MIN, seed: int = 1) -> None:
        rng = random.Random(seed)  # noqa: S311 - a simulation's
        loop = asyncio.get_running_loop()
        network = Network(Memory.open(None, rng), rng)
        for number in range(nodes):
            name = name_of(number)
            network.place(name, dress(loop, a_device(loop, number), Label(name, "hall", f"bench-{number}")))
            network.include(name)
        self.stick = Stick(network, rng)
        self.nodes = nodes
