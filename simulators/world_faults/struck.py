"""What a fault of a world needs of it; the world is one of these."""

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from simulators.devices.device import Device
from simulators.dongle import Dongle
from simulators.fault_kind import FaultKind
from simulators.faults import FaultyWire, WireFaults
from simulators.world_faults.stacked import Stacked


class Placed(Protocol):
    """A device where it is put up."""

    @property
    def device(self) -> Device: ...

    @property
    def dongle(self) -> Dongle | None:
        """Of its radio."""
        ...


class Struck(Protocol):
    @property
    def loop(self) -> asyncio.AbstractEventLoop: ...

    @property
    def dongles(self) -> Mapping[str, Dongle]:
        """By radio."""
        ...

    @property
    def wires(self) -> Mapping[str, FaultyWire]:
        """Likewise, of those that are plugged in."""
        ...

    @property
    def wire_faults(self) -> Mapping[str, WireFaults]: ...

    @property
    def devices(self) -> Mapping[str, Placed]:
        """By their names."""
        ...

    def rng(self, name: str) -> random.Random:
        """The world's random stream of that name."""
        ...

    def setting(self, name: str, read: Callable[[], Any], write: Callable[[Any], None]) -> Stacked[Any]:
        """The one of that name, made when it is first asked for."""
        ...


class WorldFault(FaultKind[Struck]):
    """A fault of a world."""

    __slots__ = ()


def with_radio(struck: Struck) -> tuple[str, ...]:
    """Every device that speaks to a stick is one."""
    return tuple(name for name, placed in struck.devices.items() if placed.dongle is not None)


def radios(struck: Struck) -> tuple[str, ...]:
    """Every radio of the world is a target."""
    return tuple(struck.dongles)
