"""The tasks that agents are compared by in virtual time: a Zigbee stick with a hundred climate sensors, each of which
reports once a minute; and the same while nothing changes, so that each only says once an hour that it is there.

Nothing but the codecs, the stick and its devices is needed for it, so that a peer's own environment can run it, too.
"""

import asyncio
import random
from typing import Final

from simulators.devices.room_air import ClimateSensor, RoomAir
from simulators.zigbee.faces import Label, dress
from simulators.zigbee.memory import Memory
from simulators.zigbee.network import Network
from simulators.zigbee.stick import Stick

SENSORS: Final = 100
BUSY: Final = "100 sensors, 1/min"
IDLE: Final = "100 sensors, nothing changes"
EVERY_S: Final = 60.0
"""Each sensor's next report, after its last."""
COLD: Final = 20.0
WARM: Final = 21.0


class Sensors:
    """To be made on a running loop. `addresses` are EUI-64 and network address of each."""

    def __init__(self, count: int = SENSORS, seed: int = 1) -> None:
        rng = random.Random(seed)  # noqa: S311 - a simulation's
        memory = Memory.open(None, rng)
        memory.commission(rng)
        self._network = network = Network(memory, rng)
        self.stick = Stick(network, rng)
        self.airs = [RoomAir(temperature=COLD) for _ in range(count)]
        self.addresses: list[tuple[int, int]] = []
        for number, air in enumerate(self.airs):
            label = Label(f"room{number}.climate", f"week-{number}")
            node = dress(network.loop, ClimateSensor(air), label)
            network.place(label.name, node)
            self.addresses.append((node.eui64, network.join(label.name)))

    async def live(self, seconds: float) -> int:
        """For so long, each room gets warmer and colder in turn; returns how often any did."""
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + seconds
        changes = 0
        while loop.time() < ends_at:
            for air in self.airs:
                air.become(temperature=COLD if air.temperature == WARM else WARM)
                changes += 1
                await asyncio.sleep(EVERY_S / len(self.airs))
        return changes
