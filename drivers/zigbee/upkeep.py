"""What the driver does by itself, now and then: who has not been heard for long is called, and what may be stale, read.

A device on the mains is called after ten minutes without a word, one on a battery is given up after 25 hours. One that
is silent is looked for less and less often, also under another address. It decides nothing about nodes: `radio` finds
out whether they hear, `interviewing` what they say.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from drivers.zigbee.exchange import Priority
from drivers.zigbee.interviewing import AGAIN_S, Interviewing
from drivers.zigbee.looking import Looking
from drivers.zigbee.node import Node
from drivers.zigbee.node_record import UNKNOWN_NODE_ID, Stage
from drivers.zigbee.questions import Questions
from drivers.zigbee.radio import Radio
from drivers.zigbee.registry import Registry
from drivers.zigbee.zdo.discovery import NodeDescReq, NodeDescRsp
from hubagent.model.driver import DeviceUnreachable, DriverUnavailable, NotPossible

ROUND_S: Final = 60.0
"""Between two rounds."""
CALLED_AFTER_S: Final = 600.0
"""A device on the mains says something at least so often, or is called."""
GONE_AFTER_S: Final = 25 * 3600.0
"""So long may a device on a battery say nothing: they report at least daily."""
CALL_FIRST_S: Final = 60.0
CALL_MAX_S: Final = 1800.0
"""A silent device is called after a minute, then after twice as long each time, and at last every half an hour."""
NOTED_EVERY_S: Final = 3600.0
"""How far the stick has counted."""
READ_IN_A_ROUND: Final = 4
"""States that are read again in one round, of nodes that hear and of nodes that sleep."""


@dataclass(slots=True)
class _Call:
    due: float
    pause_s: float = CALL_FIRST_S


class Upkeep:
    """`run` ends when it is cancelled."""

    def __init__(
        self,
        registry: Registry,
        interviewing: Interviewing,
        radio: Radio,
        questions: Questions,
        looking: Looking,
        note_counter: Callable[[], Awaitable[None]],
    ) -> None:
        self._note_counter = note_counter
        self._registry = registry
        self._interviewing = interviewing
        self._radio = radio
        self._questions = questions
        self._looking = looking
        self._loop = asyncio.get_running_loop()
        self._started_at = self._noted_at = self._loop.time()
        self._calls: dict[int, _Call] = {}
        self._asked_at: dict[int, float] = {}
        """By node that sleeps, when it was last asked without having said anything."""
        self._hurry = asyncio.Event()

    def hurry(self) -> None:
        """The stick is back: whoever was called silent meanwhile may not be, and what the others said was not heard."""
        self._calls.clear()
        self._asked_at.clear()
        for node in self._registry.nodes.values():
            if node.silent:
                self._calls[node.eui64] = _Call(self._loop.time())
        self._hurry.set()

    async def run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(ROUND_S):
                    await self._hurry.wait()
            except TimeoutError:
                pass
            self._hurry.clear()
            wanting = [it for it in self._registry.nodes.values() if not it.silent and self._interviewing.wanted(it)]
            self._read_on([node for node in wanting if not node.record.sleeps])
            await self._ask_the_sleeping([node for node in wanting if node.record.sleeps])
            await self._call_the_quiet()
            await self._call_the_silent()
            await self._keep_in_mind()

    async def _keep_in_mind(self) -> None:
        if self._loop.time() - self._noted_at < NOTED_EVERY_S:
            return
        self._noted_at = self._loop.time()
        try:
            await self._note_counter()
        except (DriverUnavailable, NotPossible):
            return

    def _read_on(self, awake: Sequence[Node]) -> None:
        """Interviews that could not go on, and states that nobody has heard of for long."""
        for node in awake:
            unfinished = node.record.stage is not Stage.COMPLETE or self._interviewing.has_gaps(node)
            if unfinished and self._loop.time() - self._interviewing.tried_at(node) >= AGAIN_S:
                self._interviewing.begin(node)
        stale = [node for node in awake if self._interviewing.is_stale(node)]
        for node in sorted(stale, key=self._interviewing.tried_at)[:READ_IN_A_ROUND]:
            self._interviewing.begin(node)

    async def _ask_the_sleeping(self, sleeping: Sequence[Node]) -> None:
        """Those of whom something is not known, some of them each time, and each of them not often.

        Most poll every few seconds and hear it. Who does not is asked when it says something by itself; but one whose
        interview was cut short may have nobody to say something to.
        """
        now = self._loop.time()
        rested = [node for node in sleeping if now - self._asked_at.get(node.eui64, -AGAIN_S) >= AGAIN_S]
        for node in sorted(rested, key=lambda node: self._asked_at.get(node.eui64, 0.0))[:READ_IN_A_ROUND]:
            if node.heard_at < self._asked_at.get(node.eui64, 0.0):
                # Not a word since it was asked the last time.
                await self._looking.look_for(node)
            self._asked_at[node.eui64] = now
            self._interviewing.begin(node)
        for eui64 in sorted(self._asked_at.keys() - self._registry.nodes.keys()):
            del self._asked_at[eui64]

    async def _call_the_quiet(self) -> None:
        now = self._loop.time()
        for node in list(self._registry.nodes.values()):
            quiet_s = now - max(node.heard_at, self._started_at)
            if node.silent:
                continue
            if not node.record.sleeps:
                if quiet_s >= CALLED_AFTER_S:
                    await self._call(node)
            elif quiet_s >= GONE_AFTER_S:
                self._radio.gone_silent(node)

    async def _call_the_silent(self) -> None:
        for node in list(self._registry.nodes.values()):
            lost = node.silent or node.node_id == UNKNOWN_NODE_ID
            if not lost or node.record.sleeps:
                self._calls.pop(node.eui64, None)
                continue
            call = self._calls.setdefault(node.eui64, _Call(self._loop.time() + CALL_FIRST_S))
            if self._loop.time() >= call.due:
                # It may have another address now, and nobody heard of it.
                await self._looking.look_for(node)
                if node.node_id == UNKNOWN_NODE_ID:
                    self._radio.gone_silent(node)
                elif node.silent:
                    await self._call(node)
                call.pause_s = min(call.pause_s * 2, CALL_MAX_S)
                call.due = self._loop.time() + call.pause_s
        for eui64 in sorted(self._calls.keys() - self._registry.nodes.keys()):
            del self._calls[eui64]

    async def _call(self, node: Node) -> None:
        """Any answer will do: it is heard, and heard of where it does not come."""
        try:
            await self._questions.ask_zdo(node, NodeDescReq(node.node_id), NodeDescRsp, Priority.POLL)
        except (DeviceUnreachable, DriverUnavailable):
            return
