"""The Zigbee radio of a world."""

from collections.abc import Sequence
from typing import ClassVar, Final

from simulators.devices.captured import Captured
from simulators.dongle import Dongle, Placement, Site
from simulators.zigbee.faces import Label, dress
from simulators.zigbee.memory import Memory
from simulators.zigbee.network import Air, Network
from simulators.zigbee.node import SimulatedNode
from simulators.zigbee.stick import Stick
from simulators.zigbee.stick_faults import NAMES

SWIFT_FRAME_S: Final = 0.001
"""Nearly no time, but some, as nothing on the air comes at once."""


class ZigbeeDongle(Dongle):
    """Raises ValueError on a damaged memory, and on a snapshot that cannot be read."""

    name: ClassVar = "zigbee"

    def __init__(self, site: Site) -> None:
        self._site = site
        self._memory = Memory.open(site.memory, site.rng("memory"))
        # What a stick remembers counts: it may be in another network by now than the home began with.
        self._is_new = self._memory.network is None and not self._memory.members
        air = Air() if site.radio_time else Air(frame_s=SWIFT_FRAME_S)
        self.network = Network(self._memory, site.rng("air"), air)
        self.stick: Stick = Stick(self.network, site.rng("stick"))
        self.nodes: dict[str, SimulatedNode] = {}

    @property
    def stick_faults(self) -> Sequence[str]:
        return tuple(NAMES)

    def set_stick_fault(self, name: str, value: float) -> None:
        self.stick.faults.set(name, value)

    @property
    def air(self) -> Air:
        return self.network.air

    def place(self, placement: Placement) -> None:
        serial = f"{placement.kind}-{placement.number + 1:04d}"
        # A snapshot has the name and the address that the real device had.
        label = Label("" if isinstance(placement.device, Captured) else placement.name, serial)
        node = dress(self._site.loop, placement.device, label)
        self.nodes[placement.name] = node
        self.network.place(placement.name, node)
        if placement.joined and self._is_new:
            if self._memory.network is None:
                self._memory.commission(self._site.rng("network"))
            self.network.join(placement.name)

    def address_of(self, device: str) -> int | None:
        return self.network.node_of(device)

    def press(self, device: str) -> None:
        self.network.press(device)

    def wake(self, device: str) -> None:
        self.nodes[device].wake()

    def leave(self, device: str) -> None:
        self.network.leave(device)

    def cut_power(self, device: str) -> None:
        self.network.cut_power(device)

    def restore_power(self, device: str) -> None:
        was_off = not self.network.stations[device].powered
        self.network.restore_power(device)
        if was_off:
            self.nodes[device].power_returned()

    def power_off(self) -> None:
        for node in self.nodes.values():
            node.power_off()
