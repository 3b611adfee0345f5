"""The air between the stick and the simulated devices: who is in reach, who is included, how long a frame takes.

It knows nothing of the Serial API; the stick is its `Controller`. Commands travel whole: routing, acknowledgements and
retries are folded into how long a transmission takes and how it ends.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from simulators.building import Links
from simulators.rough_air import STICK, Broken, OneWay, RoughAir
from simulators.zwave.memory import CONTROLLER_NODE, Memory, NodeEntry
from simulators.zwave.paths import ATTEMPTS, Paths, Trip
from simulators.zwave.radio_node import NodeInformation, RadioNode

NOBODY: Final = ""
"""In the controller's list: an entry whose device is gone for good."""


@dataclass(slots=True)
class Air:
    """All may be changed while it runs."""

    frame_s: float = 0.0
    """One command and its acknowledgement. On real air some 10 to 40 ms."""
    give_up_s: float = 1.0
    """How long a controller looks for a node that does not answer, all routes and explorer frames included."""
    loss: float = 0.0
    """The chance that one attempt is lost, 0 to 1."""
    duplicates: float = 0.0
    """The chance that the controller hears a command once more, since its acknowledgement was not heard."""
    beams: bool = True
    """Whether a frequently listening node is heard only after a part of its wake-up interval."""


Later = Callable[[float, Callable[[], None]], asyncio.TimerHandle]
"""Call something after so many seconds."""


AGAIN_S: Final = 0.05
"""Until a command whose acknowledgement was not heard is heard once more."""


class Outcome(Enum):
    DELIVERED = "delivered"
    NOT_ACKNOWLEDGED = "not acknowledged"


@dataclass(frozen=True, slots=True)
class Delivery:
    outcome: Outcome
    attempts: int
    beam_ms: int | None = None
    """The wake-up interval of the node, where a beam woke it."""
    heard: bool = False
    """The node has it, whether or not its acknowledgement came back."""
    repeaters: tuple[str, ...] = ()


class Controller(Protocol):
    """The stick, as the network sees it."""

    def command_received(self, node_id: int, data: bytes) -> None: ...

    def node_information_received(self, node_id: int, info: NodeInformation) -> None: ...

    def button_pressed(self, device: str) -> bool:
        """Whether the press was taken for an inclusion or exclusion."""
        ...


class _Radio:
    """One node's `NodeRadio`, good until it is excluded."""

    def __init__(self, network: "Network", device: str, node_id: int) -> None:
        self._network = network
        self._device = device
        self._node_id = node_id

    def send(self, data: bytes) -> None:
        self._transmit(lambda controller: controller.command_received(self._node_id, data))

    def send_node_information(self) -> None:
        def arrive(controller: Controller) -> None:
            info = self._network.info_of(self._device)
            if info is not None:
                controller.node_information_received(self._node_id, info)

        self._transmit(arrive)

    def leave(self) -> None:
        if self._network.radio_of(self._device) is self:
            self._network.lose(self._device)

    def _transmit(self, arrive: Callable[[Controller], None]) -> None:
        if self._network.radio_of(self._device) is self:
            self._network.to_controller(self._device, arrive)


class Network:
    """One home id. Devices are placed in reach by name; whose name is in the memory is included already, unless the
    device itself believes otherwise."""

    def __init__(
        self,
        memory: Memory,
        rng: random.Random,
        air: Air | None = None,
        rough: RoughAir | None = None,
        links: Links | None = None,
    ) -> None:
        """Without `links` everybody hears everybody."""
        self.memory = memory
        self.air = air or Air()
        self.controller: Controller | None = None
        """None: the stick has no power."""
        self.lost: Callable[[str], None] = lambda _device: None
        """Called with the device whose word nobody heard, and which does not say it again."""
        self.rough = rough or RoughAir()
        self.paths = Paths(rng, self.rough, links, self._repeaters)
        self._rng = rng
        self._devices: dict[str, RadioNode] = {}
        self._radios: dict[str, _Radio] = {}
        self._orphans: set[str] = set()
        self._without_power: set[str] = set()
        self._sending_until: dict[str, float] = {}
        """A radio sends one frame at a time."""

    # --- the world's side

    def place(self, device: str, node: RadioNode, home_id: int | None = None) -> None:
        """Bring a device into reach. It joins at once if the memory knows its name.

        `home_id` is of the network that the device believes to be in, where it remembers one.
        """
        assert device not in self._devices
        self._devices[device] = node
        node_id = self.memory.node_of(device)
        if node_id is not None and home_id in (None, self.memory.home_id):
            self.memory.nodes[node_id].info = node.info
            self._join(device, node_id)
        elif home_id is not None:
            self._orphans.add(device)

    def include(self, device: str) -> int:
        """Include a device that is in reach without anybody pressing anything, as if long ago. Its node identifier."""
        node_id = self.memory.node_of(device)
        return self.admit(device, self.memory.free_node_id()) if node_id is None else node_id

    def press(self, device: str) -> None:
        """The device's own pairing button: it is included or excluded if the stick waits for that.

        Otherwise an included device says who it is, and one that is not says nothing that anybody hears.
        """
        if device not in self._without_power and (
            self.controller is None or not self.controller.button_pressed(device)
        ):
            radio = self._radios.get(device)
            if radio is not None:
                radio.send_node_information()

    def cut_power(self, device: str) -> None:
        """It neither hears nor sends from now on; it keeps its place in the network."""
        self._without_power.add(device)
        self.paths.changed()

    def restore_power(self, device: str) -> None:
        self._without_power.discard(device)
        self.paths.changed()

    def has_power(self, device: str) -> bool:
        return device not in self._without_power

    def break_link(self, device: str, way: OneWay) -> Callable[[], None]:
        """From now on a device is heard in one direction only by who is next to it; what is returned mends that."""
        next_to = next(iter(self.paths.repeaters_of(device)[::-1]), STICK)
        broken = self.rough.broken[device] = Broken(way, next_to)

        def mend() -> None:
            if self.rough.broken.get(device) is broken:
                del self.rough.broken[device]
                self.paths.changed()

        return mend

    def node_of(self, device: str) -> int | None:
        return self.memory.node_of(device)

    # --- the stick's side

    def info_of(self, device: str) -> NodeInformation | None:
        node = self._devices.get(device)
        return None if node is None else node.info

    def is_orphan(self, device: str) -> bool:
        """Whether a device still believes to be in a network that has forgotten it. Only excluding it helps."""
        return device in self._orphans

    def admit(self, device: str, node_id: int) -> int:
        """Give a device its node identifier; what had it before is forgotten."""
        assert node_id > 0, "the network is full"
        node = self._devices[device]
        self.memory.nodes[node_id] = NodeEntry(device, node.info)
        self.memory.last_node_id = max(self.memory.last_node_id, node_id)
        self.memory.save()
        self._join(device, node_id)
        return node_id

    def dismiss(self, device: str) -> None:
        """Exclude a device: it is told, and forgotten. One that only believes to be included is just told."""
        node_id = self.memory.node_of(device)
        if node_id is not None:
            self.forget(node_id)
        self._orphans.discard(device)
        self._devices[device].excluded()

    def forget(self, node_id: int) -> None:
        """Strike a node off the list without telling it."""
        self._orphan(self.memory.nodes.pop(node_id).device)
        self.memory.save()

    def lose(self, device: str) -> None:
        """A device forgot the network; its entry in the list is nobody's from now on, and the device may join anew."""
        node_id = self.memory.node_of(device)
        assert node_id is not None, "it has a radio"
        self.memory.nodes[node_id].device = NOBODY
        self.memory.save()
        del self._radios[device]
        self.paths.changed()

    def forget_all(self) -> None:
        """A new network with a new home id; the devices still believe in the old one."""
        for entry in self.memory.nodes.values():
            self._orphan(entry.device)
        self.memory.reset(self._rng)

    def rejoin(self) -> None:
        """The memory became another one: devices that it knows are in it again, those that it does not are orphans."""
        for device in tuple(self._radios):
            self._orphan(device)
        for node_id, entry in self.memory.nodes.items():
            if entry.device in self._devices:
                self._orphans.discard(entry.device)
                self._join(entry.device, node_id)

    def rssi_dbm(self, node_id: int) -> int | None:
        """How the stick hears the last one on the way from that node; None: nobody knows of places."""
        entry, links = self.memory.nodes.get(node_id), self.paths.links
        if links is None or entry is None:
            return None
        return round(links.rssi_dbm(STICK, next(iter(self.paths.repeaters_of(entry.device)), entry.device)))

    def hear_each_other(self, one: int, other: int) -> bool:
        """The stick is node 1."""
        names = [STICK if it == CONTROLLER_NODE else self.memory.nodes[it].device for it in (one, other)]
        return self.paths.hear_each_other(*names)

    def ids_of(self, devices: Sequence[str]) -> tuple[int, ...]:
        found = (self.memory.node_of(device) for device in devices)
        return tuple(it for it in found if it is not None)

    def reaches(self, node_id: int) -> bool:
        """Whether the node would hear a frame sent to it now."""
        return self._hearing(node_id) is not None

    def transmit(
        self, node_id: int, data: bytes | None, later: Later, done: Callable[[Delivery], None]
    ) -> asyncio.TimerHandle:
        """Send a command, or with None something below commands (a ping, a route), on the caller's timer `later`.

        `done` is called when the transmission ended, before the node does anything about the command. Cancel the handle
        to give the transmission up.
        """
        delivery, took_s = self._fate(node_id)

        def end() -> None:
            # Asked again now: a device can lose its power while the frame is under way.
            node = self._hearing(node_id) if delivery.heard else None
            if node is None:
                done(Delivery(Outcome.NOT_ACKNOWLEDGED, delivery.attempts))
                return
            done(delivery)
            if data:
                node.receive(data)

        return later(took_s, end)

    def to_controller(self, device: str, arrive: Callable[[Controller], None]) -> None:
        """Something leaves a device for the controller, after what it sends already; lost if all attempts are."""
        if device in self._without_power:
            return
        trip = self._trip(device, out=False)
        loop = asyncio.get_running_loop()
        begins = max(loop.time() + self.rough.lateness_s(), self._sending_until.get(device, 0.0))
        self._sending_until[device] = begins + self.air.frame_s * trip.frames
        if not trip.arrived:
            self.lost(device)
            return

        def end() -> None:
            if self.controller is not None and device not in self._without_power:
                arrive(self.controller)
            else:
                self.lost(device)

        arrives_at = self._sending_until[device] + self.rough.detour_s()
        loop.call_at(arrives_at, end)
        if self.rough.strikes("duplicates", self.air.duplicates):
            loop.call_at(arrives_at + AGAIN_S, end)

    def radio_of(self, device: str) -> _Radio | None:
        return self._radios.get(device)

    # --- inside

    def _repeaters(self) -> list[str]:
        """The devices that pass frames on: those that always listen."""
        return [it for it in self._radios if it not in self._without_power and self._devices[it].info.listening]

    def _orphan(self, device: str) -> None:
        self.paths.changed()
        if self._radios.pop(device, None) is not None:
            self._orphans.add(device)

    def _join(self, device: str, node_id: int) -> None:
        self.paths.changed()
        self._radios[device] = radio = _Radio(self, device, node_id)
        self._devices[device].joined(radio, node_id, self.memory.home_id)

    def _hearing(self, node_id: int) -> RadioNode | None:
        entry = self.memory.nodes.get(node_id)
        if entry is None or entry.device in self._without_power or entry.device not in self._radios:
            return None
        node = self._devices[entry.device]
        return node if node.awake else None

    def _fate(self, node_id: int) -> tuple[Delivery, float]:
        node = self._hearing(node_id)
        if node is None:
            return Delivery(Outcome.NOT_ACKNOWLEDGED, ATTEMPTS), self.air.give_up_s
        trip = self._trip(self.memory.nodes[node_id].device, out=True)
        late_s = self.rough.lateness_s()
        if not trip.acknowledged:
            lost = Delivery(Outcome.NOT_ACKNOWLEDGED, ATTEMPTS, heard=trip.arrived)
            return lost, late_s + self.air.give_up_s
        beam_ms = self.memory.nodes[node_id].info.flirs if self.air.beams else None
        wake_s = 0.0 if beam_ms is None else self._rng.random() * beam_ms / 1000
        delivered = Delivery(Outcome.DELIVERED, trip.frames, beam_ms, True, trip.repeaters)
        return delivered, late_s + wake_s + self.air.frame_s * trip.frames

    def _trip(self, device: str, *, out: bool) -> Trip:
        return self.paths.trip(device, self.air.loss, out=out)
