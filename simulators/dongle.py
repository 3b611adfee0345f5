"""One radio of a world: a stick, the air around it, and the devices that have such a radio.

A world has one for each radio that its devices need, and knows no more of them than this. Each protocol's is in its own
package.
"""

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from simulators.building import Band, Building, Links, Spot
from simulators.device_memory import Keeper
from simulators.devices.cells import Cells
from simulators.devices.clock import DRIFT_PPM, DRIFT_PPM_MAX, DeviceClock
from simulators.devices.device import Battery, Device
from simulators.devices.health import Health
from simulators.fault_kind import Heal
from simulators.rough_air import OneWay, RoughAir

Rng = Callable[[str], random.Random]
"""A random stream by its name, the same for the same seed."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What stands between a stick and its devices."""

    building: Building
    hub: Spot


@dataclass(frozen=True, slots=True)
class Site:
    """What a dongle finds where it is plugged in."""

    loop: asyncio.AbstractEventLoop
    rng: Rng
    memory: Path | None
    """The file in which the stick keeps what survives a restart; None: nothing does."""
    devices: Path | None
    """Likewise the devices."""
    radio_time: bool
    """Frames take as long on the air as they really do."""
    ground: Ground | None = None
    """None: everybody hears everybody."""

    def clock(self, device: str) -> DeviceClock:
        """Of one device: as its crystal came from the factory."""
        ppm = self.rng(f"clock:{device}").gauss(0.0, DRIFT_PPM)
        return DeviceClock(self.loop, max(-DRIFT_PPM_MAX, min(DRIFT_PPM_MAX, ppm)))

    def links(self, band: Band) -> Links | None:
        if self.ground is None:
            return None
        return Links(self.ground.building, band, self.ground.hub, self.rng("shadows").getrandbits(64))


@dataclass(frozen=True, slots=True)
class Placement:
    """A device with a radio, as it is put up."""

    name: str
    kind: str
    device: Device
    number: int
    """Counted from 0, in the order of the home's file."""
    wake_up_s: int
    """How often it wakes, if it sleeps."""
    joined: bool
    """It is in the network already."""
    spot: Spot | None = None
    """None: nobody knows where it hangs, and nothing weakens it."""


class DressedDevice(Protocol):
    """A device as it is on the air, as far as a world has to do with that."""

    health: Health
    clock: DeviceClock

    def tell_all(self) -> None:
        """Whoever listens is told once more how things are."""
        ...


class Dongle(ABC):
    """`stick` is what plugs into a cable. Devices are known by their names."""

    name: ClassVar[str]
    """The radio: `zwave`, `zigbee`."""
    stick: asyncio.Protocol
    rough: RoughAir
    """What faults make of the air."""
    nodes: Mapping[str, DressedDevice]

    def __init__(self) -> None:
        self._without_power: dict[str, set[str]] = {}
        """Why they have none."""

    @property
    @abstractmethod
    def stick_faults(self) -> Sequence[str]:
        """What can go wrong in the stick, by name."""

    @abstractmethod
    def set_stick_fault(self, name: str, value: float) -> None:
        """A chance for each occasion, or 0 and 1 for off and on."""

    @property
    @abstractmethod
    def air(self) -> object:
        """How the air is: has `loss` and `duplicates` (chances) and `frame_s` (seconds), which may be changed."""

    @property
    @abstractmethod
    def channel(self) -> int:
        """Of its network at the moment; 0 where there is only one."""

    @abstractmethod
    def place(self, placement: Placement) -> None:
        """Put a device up, as it was or as from the factory, in the network or not. Raises ValueError on a damaged
        memory."""

    @abstractmethod
    def address_of(self, device: str) -> int | None:
        """Its address on the network; None while it is in none."""

    @abstractmethod
    def press(self, device: str) -> None:
        """The device's pairing button."""

    @abstractmethod
    def wake(self, device: str) -> None:
        """A hand touched it: one that sleeps is awake for a while."""

    @abstractmethod
    def leave(self, device: str) -> None:
        """It leaves the network: let out by the stick if that waits for it, else reset by hand."""

    @abstractmethod
    def break_link(self, device: str, way: OneWay) -> Heal:
        """From now on it is heard in one direction only by who is next to it on the way to the stick."""

    @abstractmethod
    def sleeps(self, device: str) -> bool:
        """Whether it is awake only now and then."""

    @abstractmethod
    def keep_awake(self, device: str, seconds: float | None) -> None:
        """From now on it listens so long after it woke, and no longer; None: as its firmware has it."""

    @abstractmethod
    def say_who_it_is(self, device: str, *, moved: bool) -> None:
        """As after a start: with a node information frame, or by coming back under another address if it `moved`."""

    @abstractmethod
    def has_power(self, device: str) -> bool: ...

    def cut_power(self, device: str, why: str = "cut") -> None:
        """What is only in the device's RAM is lost with it. There may be several reasons."""
        reasons = self._without_power.setdefault(device, set())
        reasons.add(why)
        self._cut_power(device)

    def restore_power(self, device: str, why: str = "cut") -> None:
        """One reason less; with the last it has its power back."""
        reasons = self._without_power.get(device, set())
        reasons.discard(why)
        if not reasons:
            self._restore_power(device)

    def _run_on(self, device: str, battery: Battery | None) -> dict[str, Keeper]:
        """One with cells has power while there is something in them; what is to be kept of these."""
        if not isinstance(battery, Cells):
            return {}

        def emptied(empty: bool) -> None:
            (self.cut_power if empty else self.restore_power)(device, "its battery is empty")

        battery.watch_empty(emptied)
        return {"battery": battery}

    @abstractmethod
    def _cut_power(self, device: str) -> None: ...

    @abstractmethod
    def _restore_power(self, device: str) -> None: ...

    @abstractmethod
    def power_off(self) -> None:
        """The world ends: what survives it is written down, and nothing is done any more."""


Dongles = Mapping[str, Dongle]
"""By the radio's name."""
