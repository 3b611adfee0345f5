"""One device of every kind there is, behind a stick on a TCP port of this machine."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from simulators.cable import TcpCable
from simulators.devices.blind import Blind
from simulators.devices.device import Battery, Device
from simulators.devices.dimmer import ColorLamp, Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.remote import Remote
from simulators.devices.repeater import Repeater
from simulators.devices.room_air import ClimateSensor, RoomAir
from simulators.devices.sensors import DoorSensor, LeakSensor, MotionSensor, SmokeAlarm
from simulators.devices.siren import Siren
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Thermostat
from simulators.zwave.faces import Label, dress
from simulators.zwave.flavours import SERIES_700, Flavour
from simulators.zwave.memory import Memory
from simulators.zwave.network import Air, Network
from simulators.zwave.node import SimulatedNode
from simulators.zwave.stick import Stick

SEED = 20


@dataclass(slots=True)
class Household:
    url: str
    """As zwave-js wants it: tcp://host:port."""
    network: Network
    stick: Stick
    devices: dict[str, Device]
    nodes: dict[str, SimulatedNode]

    def id_of(self, name: str) -> int:
        node_id = self.network.node_of(name)
        assert node_id is not None, name
        return node_id

    def place(self, name: str, device: Device) -> None:
        self.devices[name] = device
        self.nodes[name] = dress(asyncio.get_running_loop(), device, Label(name=name))
        self.network.place(name, self.nodes[name])


def every_device() -> dict[str, Device]:
    loop = asyncio.get_running_loop()
    air = RoomAir()
    return {
        "switch": Switch(),
        "dimmer": Dimmer(loop, ramp_s=0.0),
        "color_lamp": ColorLamp(loop, ramp_s=0.0),
        "blind": Blind(loop, travel_s=0.5),
        "lock": Lock(loop),
        "thermostat": Thermostat(air),
        "motion": MotionSensor(loop),
        "door": DoorSensor(battery=Battery()),
        "climate": ClimateSensor(air),
        "leak": LeakSensor(),
        "smoke": SmokeAlarm(loop),
        "plug": MeteringPlug(loop),
        "remote": Remote(loop),
        "siren": Siren(loop),
        "strip": PowerStrip(),
        "repeater": Repeater(),
    }


@asynccontextmanager
async def household(devices: dict[str, Device], flavour: Flavour = SERIES_700) -> AsyncIterator[Household]:
    """All of `devices` are included already, their node identifiers counted from 2 in their order."""
    rng = random.Random(SEED)
    # Without beams a lock answers like anything else: its interview would take half a minute with them.
    network = Network(Memory.open(None, rng), rng, Air(frame_s=0.002, beams=False))
    stick = Stick(network, rng, flavour)
    cable = TcpCable("127.0.0.1", 0)
    await cable.plug(stick)
    try:
        house = Household(cable.address.replace("socket:", "tcp:"), network, stick, {}, {})
        for name, device in devices.items():
            house.place(name, device)
            network.include(name)
        yield house
    finally:
        await cable.close()
