"""A hub for the seeds: the real uplink on the real outbox, life after life."""

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hubagent.model.event import VariableChanged
from hubagent.store.errors import StoreFailed
from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.outbox.outbox import Outbox, open_outbox
from hubagent.uplink.outbox.terms import Bounds, Dropped
from hubagent.uplink.transports.port import Connection, Ear, Farewell
from hubagent.uplink.uplink import Parts, Uplink
from simulators.internet.network import HubEnd, Internet
from simulators.runtime import simulated_runtime
from tests.helpers.power_cut import Cut
from tests.helpers.uplink_disk import HubDisk, Promised
from tests.helpers.uplink_home import LampHome, Lamps

HUB: Final = "hub-00000001"
SOON_S: Final = 0.05
"""What was put longer ago is on disk."""
KIND: Final = "numbered"


@dataclass
class Numbered:
    """Every message that was ever put, by its number, outside of everything under test."""

    classes: dict[int, MessageClass] = field(default_factory=dict)
    promised: set[int] = field(default_factory=set)
    """On disk at some moment, or put so long before a kill that they had to be."""
    dropped: Counter[MessageClass] = field(default_factory=Counter)
    """What the outbox said that it had to drop; again after a power cut that took the saying back."""
    lost_before_disk: set[int] = field(default_factory=set)

    def new(self, message_class: MessageClass) -> int:
        number = len(self.classes) + 1
        self.classes[number] = message_class
        return number


class _Clock:
    """What the hub knows of the time: what its battery clock says, until the cloud said better."""

    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall
        self._loop = asyncio.get_running_loop()
        self._offset: float | None = None

    def now(self) -> tuple[float, bool]:
        if self._offset is None:
            return max(0.0, self._wall()), False
        return self._loop.time() + self._offset, True

    def learned(self, unix: float) -> None:
        self._offset = unix - self._loop.time()


class HubLife:
    """From a start of the process to its end."""

    def __init__(
        self,
        folder: Path,
        net: Internet,
        lamps: Lamps,
        numbered: Numbered,
        rng: random.Random,
        wall: Callable[[], float],
        bounds: Bounds,
        power_goes: Callable[[], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._numbered = numbered
        self._put: list[tuple[int, float]] = []
        self._committed = 0
        """So many of those."""
        self._power_goes = power_goes
        self._end: HubEnd | None = None
        self._transport = net.transport(HUB)
        self.left: Cut[Promised] | None = None
        """What the disk had when the power went."""
        self.disk = HubDisk(folder, rng, self._promised, self._commit, self._power_went)
        runtime = self.disk.runtime(simulated_runtime(rng.random(), {}, state=folder))
        clock = _Clock(wall)
        self.lamp_home = LampHome(lamps, wall)
        self.outbox: Outbox = open_outbox(folder, runtime, bounds, clock.now)
        self.uplink = Uplink(
            Parts(
                hub=HUB,
                software="seeds",
                outbox=self.outbox,
                transport=lambda _server: self,
                clock=clock,
                rng=random.Random(rng.random()),
                jobs={},
                is_commanded=self.lamp_home.is_commanded,
            ),
            self.lamp_home.home,
            self.lamp_home.wishes,
        )
        self.lamp_home.home.listen(self.uplink.hear)
        self._take_dropped, self.outbox.take_dropped = self.outbox.take_dropped, self._dropped  # type: ignore[method-assign]  # heard along

    def say(self, message_class: MessageClass, padding: int = 0) -> None:
        number = self._numbered.new(message_class)
        self._put.append((number, self._loop.time()))
        self.uplink._say(self._loop.time(), (message_class, KIND, {"n": number, "padding": "x" * padding}))

    def stir(self) -> None:
        """Something happens in the home that makes the uplink look."""
        self.lamp_home.home.apply(VariableChanged("stirred", 1, "seeds"))

    def _dropped(self) -> list[Dropped]:
        found = self._take_dropped()
        for it in found:
            self._numbered.dropped[it.message_class] += it.count
        return found

    # The transport, as far as a process can be cut off from it.

    async def connect(self, ear: Ear, farewell: Farewell) -> Connection:
        end = await self._transport.connect(ear, farewell)
        assert isinstance(end, HubEnd)
        self._end = end
        return end

    async def closed(self) -> None: ...

    # Ends.

    def die(self) -> None:
        """As kill -9: nobody is told, and nothing is written any more. The task has to be cancelled."""
        if self.left is None:
            long_ago = self._loop.time() - SOON_S
            self._numbered.promised |= {number for number, at in self._put if at < long_ago}
            self._numbered.promised |= self._promised()
            self._numbered.lost_before_disk |= {number for number, _ in self._put} - self._numbered.promised
        self.disk.dead = True
        self.lamp_home.end()
        if self._end is not None:
            self._end.die()

    def let_go(self) -> None:
        """Of what a process has, when its task is over."""
        with suppress(StoreFailed, sqlite3.Error):
            self.outbox.close()

    def files(self, folder: Path) -> Path:
        """A folder for the next life."""
        return self.disk.left_by_a_kill(folder) if self.left is None else self.left.restore(folder)

    def _promised(self) -> Promised:
        return frozenset(number for number, _ in self._put[: self._committed])

    def _commit(self) -> None:
        self._committed = len(self._put)

    def _power_went(self, cut: Cut[Promised]) -> None:
        self.left = cut
        if self._end is not None:
            # What the process still does in this step reaches nobody.
            self._end.die()
        self._numbered.promised |= cut.promised
        self._numbered.lost_before_disk |= {number for number, _ in self._put} - cut.promised
        self._power_goes()
