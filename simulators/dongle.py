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
from typing import ClassVar

from simulators.devices.device import Device

Rng = Callable[[str], random.Random]
"""A random stream by its name, the same for the same seed."""


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


class Dongle(ABC):
    """`stick` is what plugs into a cable. Devices are known by their names."""

    name: ClassVar[str]
    """The radio: `zwave`, `zigbee`."""
    stick: asyncio.Protocol

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
        """How the air is: has `loss` (a chance) and `frame_s` (seconds), which may be changed."""

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
    def has_power(self, device: str) -> bool: ...

    @abstractmethod
    def cut_power(self, device: str) -> None:
        """What is only in the device's RAM is lost with it."""

    @abstractmethod
    def restore_power(self, device: str) -> None: ...

    @abstractmethod
    def power_off(self) -> None:
        """The world ends: what survives it is written down, and nothing is done any more."""


Dongles = Mapping[str, Dongle]
"""By the radio's name."""
