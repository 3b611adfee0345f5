"""What a test is played in: everything on the other side of the drivers."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from hubagent.agent import Agent
from hubagent.model.capabilities.switch import Press
from hubagent.model.capability import Value
from hubagent.model.device import Device
from hubagent.model.driver import DriverKind
from simulators.cable import MemoryCable


class CannotPlay(Exception):
    """A step asks of the world what it cannot do; says what."""


class House(Protocol):
    """Made on a running loop, for one test."""

    @property
    def kinds(self) -> Mapping[str, DriverKind]: ...

    @property
    def drivers(self) -> Mapping[str, Any]:
        """The drivers' settings, by name."""
        ...

    @property
    def ports(self) -> Mapping[str, MemoryCable]: ...

    def running(self) -> AbstractAsyncContextManager[None]: ...

    async def settle(self, agent: Agent) -> None:
        """Until the agent knows its devices as well as it ever will; takes less than SETTLE_MAX_S."""
        ...

    def becomes(self, device: Device, attribute: str, value: Value) -> None:
        """A hand, a draught or the weather makes it so, and the device says it as it says such things.

        Raises CannotPlay.
        """
        ...

    def press(self, device: Device, number: int, kind: Press) -> None:
        """Raises CannotPlay."""
        ...

    def out_of_reach(self, device: Device, seconds: float) -> None:
        """Raises CannotPlay."""
        ...


MakeHouse = Callable[[Callable[[], float]], House]
"""Takes the wall clock."""

SETTLE_MAX_S = 240.0
