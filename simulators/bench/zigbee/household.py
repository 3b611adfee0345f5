"""The household on a Zigbee stick: a network formed long ago, with its devices in it."""

import random
from dataclasses import replace
from functools import partial

from simulators.bench.household import NODES_MIN, Household, Newcomer, a_device, name_of
from simulators.bench.zigbee.reports import VERSION, Member
from simulators.devices.switch import Switch
from simulators.zigbee.faces import Label, dress
from simulators.zigbee.memory import Memory
from simulators.zigbee.network import Network
from simulators.zigbee.stick import Stick


class ZigbeeHousehold(Household):
    """To be made on a running loop."""

    stick: Stick

    def __init__(self, nodes: int = NODES_MIN, newcomers: int = 0, seed: int = 1) -> None:
        rng = random.Random(seed)  # noqa: S311 - a simulation's
        memory = Memory.open(None, rng)
        self.network = memory.commission(rng)
        self._network = network = Network(memory, rng)
        self.nodes = nodes
        self.stick = Stick(network, rng, VERSION)
        self.devices = tuple(a_device(network.loop, number) for number in range(nodes))
        """The lamp, the motion sensor, and the others."""
        self.known = tuple(self._settle(network, number) for number in range(nodes))
        """As the network knows them."""
        self.members = tuple(map(str, self.known))
        self.newcomers = tuple(self._newcomer(network, f"newcomer{number}") for number in range(newcomers))

    def known_now(self) -> tuple[Member, ...]:
        """The same, with what each has counted: whoever speaks for them from now on counts on."""
        stations = (self._network.stations[_label(number).name] for number in range(self.nodes))
        return tuple(
            replace(member, counted=station.next_aps_counter())
            for member, station in zip(self.known, stations, strict=True)
        )

    def _settle(self, network: Network, number: int) -> Member:
        label = _label(number)
        node = dress(network.loop, self.devices[number], label)
        network.place(label.name, node)
        return Member(node.eui64, network.join(label.name))

    def _newcomer(self, network: Network, name: str) -> Newcomer:
        network.place(name, dress(network.loop, Switch(), Label(name)))
        return Newcomer(partial(network.press, name), lambda: network.node_of(name) is not None)


def _label(number: int) -> Label:
    return Label(f"hall.{name_of(number)}", f"bench-{number}")
