"""What the bench has to know of a radio: a household on its stick, the far side of its wire, and who is measured."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final, TypeVar

from simulators.bench.far_side import FarSide
from simulators.bench.household import NODES_MIN, Household
from simulators.bench.subjects import Pairs, Subject, SubjectBroken
from simulators.bench.wire import Wire

QUIET_S: Final = 0.3
"""So long nothing is said before a link is taken over."""
QUIET_MAX_S: Final = 120.0
_LOOK_S: Final = 0.01
_State = TypeVar("_State")


@dataclass(frozen=True, slots=True)
class Aims:
    """What is to be reached; told, and no reason to fail."""

    peer: str
    """The other host."""
    of_peer: float
    """The agent's median is at most so many times that of the peer."""
    of_floor: float = 1.5
    p99_ms: float = 2.0
    cpu_ms: float | None = None
    """CPU time of one report and all that belongs to it."""
    burst_ms: float | None = None
    """How long a command may wait while all devices report at once."""


class Scene(ABC):
    """One for each radio."""

    radio: ClassVar[str]
    """As in hub.toml."""
    aims: ClassVar[Aims]
    large: ClassVar[int]
    """How many nodes a large home has."""

    @abstractmethod
    def household(self, nodes: int = NODES_MIN, newcomers: int = 0) -> Household:
        """To be made on a running loop."""

    @abstractmethod
    async def take_over(self, household: Household, wire: Wire) -> FarSide:
        """Wait until the stick and its host have nothing more to say to each other, and go on where they stopped.

        To be called while the stick is plugged in, which is then to be unplugged at once.
        """

    @abstractmethod
    def subjects(self, folder: Path) -> list[Subject]:
        """The floor, the agent, the peer."""

    def pairing(self, folder: Path) -> list[Pairs]:  # noqa: ARG002 - for those who have some
        """Whose pairing is timed."""
        return []


async def quiet(look: Callable[[], _State | None]) -> _State:
    """What `look` sees once that has not changed for a while; None is never quiet. Raises SubjectBroken."""
    loop = asyncio.get_running_loop()
    state, since = look(), loop.time()
    gives_up_at = since + QUIET_MAX_S
    while state is None or loop.time() < since + QUIET_S:
        if loop.time() > gives_up_at:
            raise SubjectBroken(f"it is never quiet for {QUIET_S:g} s")
        await asyncio.sleep(_LOOK_S)
        now = look()
        if now is None or now != state:
            state, since = now, loop.time()
    return state
