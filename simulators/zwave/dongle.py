"""The Z-Wave radio of a world."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Final

from simulators.building import ZWAVE_BAND
from simulators.device_memory import DeviceMemory, Keeper
from simulators.dongle import Dongle, Placement, Site
from simulators.fault_kind import Heal
from simulators.rough_air import OneWay, RoughAir
from simulators.zwave.faces import Label, dress
from simulators.zwave.memory import Memory
from simulators.zwave.network import Air, Network
from simulators.zwave.node import SimulatedNode
from simulators.zwave.reactions.wake_up import AWAKE_S
from simulators.zwave.stick import Stick
from simulators.zwave.stick_faults import NAMES

RADIO_TIME_S: Final = 0.015
"""A command and its acknowledgement over the air, when radio time is asked for."""
SWIFT_AIR: Final = Air(frame_s=0.002, beams=False)
"""Nearly no time, but some: were an answer there in the same instant as the word that the question was delivered, it
would collide with the host's next command each time, which real air makes rare."""
FIRST_WAKE_S: Final = (3.0, 20.0)
"""When those who sleep wake for the first time after the start; later at their intervals."""


class ZwaveDongle(Dongle):
    """Raises ValueError on a damaged memory, the stick's or the devices'."""

    name: ClassVar = "zwave"

    def __init__(self, site: Site) -> None:
        super().__init__()
        self._site = site
        air = Air(frame_s=RADIO_TIME_S, beams=True) if site.radio_time else replace(SWIFT_AIR)
        self.rough = RoughAir(lambda name: site.rng(f"rough air:{name}"))
        self._devices = DeviceMemory.open(site.loop, site.devices)
        self.network = Network(
            Memory.open(site.memory, site.rng("memory")), site.rng("air"), air, self.rough, site.links(ZWAVE_BAND)
        )
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
        return 0

    def place(self, placement: Placement) -> None:
        location, _, own = placement.name.rpartition(".")
        label = Label(own, location, serial_number=f"{placement.kind}-{placement.number + 1:04d}")
        clock = self._site.clock(placement.name)
        node = dress(self._site.loop, placement.device, label, wake_up_s=placement.wake_up_s, clock=clock)
        self.nodes[placement.name] = node
        if self.network.paths.links is not None and placement.spot is not None:
            self.network.paths.links.put(placement.name, placement.spot)
        battery = self._run_on(placement.name, placement.device.battery)
        parts: dict[str, Keeper] = {"device": placement.device, "node": node, **battery}
        self._devices.restore(placement.name, placement.kind, parts)
        self.network.place(placement.name, node, node.home_id)
        node.changed = self._devices.watch(placement.name, placement.kind, parts)
        # What is remembered counts: somebody may have excluded it since the home began.
        if placement.joined and self._devices.is_new:
            self.network.include(placement.name)
            node.was_set_up()
        node.wake_in(self._site.rng(f"wakes:{placement.name}").uniform(*FIRST_WAKE_S))

    def address_of(self, device: str) -> int | None:
        return self.network.node_of(device)

    def press(self, device: str) -> None:
        self.network.press(device)

    def wake(self, device: str) -> None:
        if self.network.has_power(device):
            self.nodes[device].wake()

    def leave(self, device: str) -> None:
        if not self.network.has_power(device):
            return
        controller = self.network.controller
        if controller is None or not controller.button_pressed(device):
            self.nodes[device].reset_by_hand()

    def break_link(self, device: str, way: OneWay) -> Heal:
        return self.network.break_link(device, way)

    def has_power(self, device: str) -> bool:
        return self.network.has_power(device)

    def sleeps(self, device: str) -> bool:
        return self.nodes[device].sleep is not None

    def keep_awake(self, device: str, seconds: float | None) -> None:
        sleep = self.nodes[device].sleep
        if sleep is not None:
            sleep.awake_s = AWAKE_S if seconds is None else seconds

    def say_who_it_is(self, device: str, *, moved: bool) -> None:  # noqa: ARG002 - a node keeps its identifier
        if self.network.has_power(device):
            self.nodes[device].say_who_it_is()

    def _cut_power(self, device: str) -> None:
        if self.network.has_power(device):
            self.network.cut_power(device)
            self.nodes[device].lose_power()

    def _restore_power(self, device: str) -> None:
        if not self.network.has_power(device):
            self.network.restore_power(device)
            self.nodes[device].power_returned()

    def power_off(self) -> None:
        self._devices.close()
        for node in self.nodes.values():
            node.power_off()
