import asyncio
import random

from simulators.devices.switch import Switch
from simulators.zwave.faces import Label, dress
from simulators.zwave.memory import Memory
from simulators.zwave.network import Air, Network
from simulators.zwave.radio_node import NodeInformation


class _Listener:
    def __init__(self) -> None:
        self.heard: list[tuple[float, bytes]] = []

    def command_received(self, node_id: int, data: bytes) -> None:
        self.heard.append((asyncio.get_running_loop().time(), data))

    def node_information_received(self, node_id: int, info: NodeInformation) -> None: ...

    def button_pressed(self, device: str) -> bool:
        return False


async def test_what_a_device_sends_at_once_arrives_one_frame_after_the_other() -> None:
    rng = random.Random(1)
    network = Network(Memory.open(None, rng), rng, Air(frame_s=0.5))
    network.place("lamp", dress(asyncio.get_running_loop(), Switch(), Label()))
    network.include("lamp")
    network.controller = listener = _Listener()
    radio = network.radio_of("lamp")
    assert radio is not None
    for byte in (b"a", b"b", b"c"):
        radio.send(byte)
    await asyncio.sleep(10)
    radio.send(b"d")
    await asyncio.sleep(10)
    assert listener.heard == [(0.5, b"a"), (1.0, b"b"), (1.5, b"c"), (10.5, b"d")]
