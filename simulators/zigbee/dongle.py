"""The Zigbee radio of a world."""

from collections.abc import Sequence
from typing import ClassVar, Final

from drivers.zigbee.wire import eui64_text
from simulators.building import ZIGBEE_BAND
from simulators.device_memory import DeviceMemory, Keeper
from simulators.devices.captured import Captured
from simulators.dongle import Dongle, Placement, Site
from simulators.fault_kind import Heal
from simulators.rough_air import OneWay, RoughAir
from simulators.zigbee.faces import Label, dress
from simulators.zigbee.mailbox import SHORT_POLL_FOR_S
from simulators.zigbee.memory import Memory
from simulators.zigbee.network import Air, Network
from simulators.zigbee.node import SimulatedNode
from simulators.zigbee.stick import Stick
from simulators.zigbee.stick_faults import NAMES

SWIFT_FRAME_S: Final = 0.001
"""Nearly no time, but some, as nothing on the air comes at once."""


class ZigbeeDongle(Dongle):
    """Raises ValueError on a damaged memory, the stick's or the devices', and on a snapshot that cannot be read."""

    name: ClassVar = "zigbee"

    def __init__(self, site: Site) -> None:
        super().__init__()
        self._site = site
        self._memory = Memory.open(site.memory, site.rng("memory"))
        self.rough = RoughAir(lambda name: site.rng(f"rough air:{name}"))
        self._devices = DeviceMemory.open(site.loop, site.devices)
        air = Air() if site.radio_time else Air(frame_s=SWIFT_FRAME_S)
        self.network = Network(self._memory, site.rng("air"), air, self.rough, site.links(ZIGBEE_BAND))
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

    @property
    def channel(self) -> int:
        return 0 if self._memory.network is None else self._memory.network.channel

    def place(self, placement: Placement) -> None:
        serial = f"{placement.kind}-{placement.number + 1:04d}"
        # A snapshot has the name and the address that the real device had.
        label = Label("" if isinstance(placement.device, Captured) else placement.name, serial)
        node = dress(self._site.loop, placement.device, label, clock=self._site.clock(placement.name))
        self.nodes[placement.name] = node
        self.network.mesh.put(placement.name, placement.spot)
        station = self.network.place(placement.name, node)
        identity = eui64_text(node.eui64)
        parts: dict[str, Keeper] = {"device": placement.device, "radio": station, "node": node}
        parts |= self._run_on(placement.name, placement.device.battery)
        if self._devices.restore(placement.name, identity, parts):
            self.network.resume(placement.name, node.power_returned)
        changed = self._devices.watch(placement.name, identity, parts)
        station.changed = node.changed = changed
        # What is remembered counts: they may be in another network by now than the home began with, or in none.
        if placement.joined and self._devices.is_new:
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

    def break_link(self, device: str, way: OneWay) -> Heal:
        return self.network.break_link(device, way)

    def has_power(self, device: str) -> bool:
        return self.network.stations[device].powered

    def sleeps(self, device: str) -> bool:
        return self.network.stations[device].sleepy

    def keep_awake(self, device: str, seconds: float | None) -> None:
        sleep = self.nodes[device].sleep
        if sleep is not None:
            sleep.awake_s = seconds
            self.network.stations[device].mailbox.quick_for_s = SHORT_POLL_FOR_S if seconds is None else seconds

    def say_who_it_is(self, device: str, *, moved: bool) -> None:
        if moved:
            self.network.rejoin(device, new_address=True)

    def _cut_power(self, device: str) -> None:
        if self.network.stations[device].powered:
            self.network.cut_power(device)
            self.nodes[device].lose_power()

    def _restore_power(self, device: str) -> None:
        if not self.network.stations[device].powered:
            self.network.restore_power(device)
            self.nodes[device].power_returned()

    def power_off(self) -> None:
        self._devices.close()
        for node in self.nodes.values():
            node.power_off()
