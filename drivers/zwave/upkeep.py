"""What keeps the picture true while nobody says anything: silent devices are pinged, stale states are read again.

A report can be lost for good, on the air or between stick and hub, and a device that was called dead says nothing when
it has its power back. So dead nodes are pinged, less and less often, and each minute at most one node whose state has
not been read for long is read, and an interview that could not go on is taken up. Who sleeps cannot be asked: it is
called dead when it has not been heard for more than a day, not counting the time when the stick could hear nobody. Of
the others `radio` finds out whether they live, and of all `interviewing` what they say.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from drivers.zwave.command_classes.no_operation import NoOperation
from drivers.zwave.encapsulation.chain import wrap
from drivers.zwave.exchange import Priority
from drivers.zwave.interviewing import Interviewing
from drivers.zwave.node import Node
from drivers.zwave.node_record import Stage
from drivers.zwave.radio import Radio

ROUND_S = 60.0
"""Between two rounds; at most one state is read again in each."""
INTERVIEW_AGAIN_S = 300.0
"""After an interview that came to nothing, or found less than there is."""
ASLEEP_AGAIN_S = 3600.0
"""The same with one that sleeps: it goes on when that wakes up, and while it is asked in vain all others wait. But it
may be awake, and its word of that lost."""
GONE_AFTER_S = 25 * 3600.0
"""A sleeping node of which nobody has heard for so long: some wake up once a day, most every few hours."""
PING_FIRST_S = 60.0
PING_MAX_S = 1800.0
"""A dead node is pinged after a minute, then after twice as long each time, and at last every half an hour."""


@dataclass(slots=True)
class _Ping:
    due: float
    pause_s: float = PING_FIRST_S


class Upkeep:
    """`run` ends when it is cancelled."""

    def __init__(self, nodes: Mapping[int, Node], interviewing: Interviewing, radio: Radio) -> None:
        self._nodes = nodes
        self._interviewing = interviewing
        self._radio = radio
        self._loop = asyncio.get_running_loop()
        self._pings: dict[int, _Ping] = {}
        self._hurry = asyncio.Event()
        self._started_at = self._loop.time()
        self._deaf_since: float | None = None
        """None: the stick hears."""

    def deaf(self) -> None:
        """The stick is away or in trouble: nobody is heard until `hurry`."""
        if self._deaf_since is None:
            self._deaf_since = self._loop.time()

    def hurry(self) -> None:
        """The stick is back: whoever was called dead meanwhile may not be."""
        if self._deaf_since is not None:
            self._forgive(self._loop.time() - self._deaf_since)
            self._deaf_since = None
        self._pings.clear()
        for node in self._nodes.values():
            if node.dead:
                self._pings[node.node_id] = _Ping(self._loop.time())
        self._hurry.set()

    def _forgive(self, deaf_s: float) -> None:
        """That nobody was heard for so long is nobody's silence."""
        self._started_at += deaf_s
        for node in self._nodes.values():
            node.heard_at = min(node.heard_at + deaf_s, self._loop.time())

    async def run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(ROUND_S):
                    await self._hurry.wait()
            except TimeoutError:
                pass
            self._hurry.clear()
            self._interview_on()
            self._miss_the_sleeping()
            await self._ping_the_dead()

    def _interview_on(self) -> None:
        alive = [node for node in self._nodes.values() if not node.dead]
        for node in alive:
            wanting = node.record.stage is not Stage.COMPLETE or self._interviewing.has_gaps(node)
            again_s = INTERVIEW_AGAIN_S if node.reachable else ASLEEP_AGAIN_S
            if wanting and self._loop.time() - self._interviewing.tried_at(node) >= again_s:
                self._interviewing.begin(node)
        stale = [node for node in alive if node.reachable and self._interviewing.is_stale(node)]
        if stale:
            self._interviewing.begin(min(stale, key=self._interviewing.tried_at))

    def _miss_the_sleeping(self) -> None:
        if self._deaf_since is not None:
            return
        for node in self._nodes.values():
            quiet_s = self._loop.time() - max(node.heard_at, self._started_at)
            if node.record.sleeps and quiet_s >= GONE_AFTER_S:
                self._radio.gone_silent(node)

    async def _ping_the_dead(self) -> None:
        for node in list(self._nodes.values()):
            if not node.dead or node.record.sleeps:
                self._pings.pop(node.node_id, None)
                continue
            ping = self._pings.setdefault(node.node_id, _Ping(self._loop.time() + PING_FIRST_S))
            if self._loop.time() >= ping.due:
                await self._radio.transmit(node, wrap(NoOperation()), Priority.POLL)
                ping.pause_s = min(ping.pause_s * 2, PING_MAX_S)
                ping.due = self._loop.time() + ping.pause_s
        for node_id in sorted(self._pings.keys() - self._nodes.keys()):
            del self._pings[node_id]
