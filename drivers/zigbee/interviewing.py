"""When which node is interviewed, and when its state is read anew: a few at a time, taken up where they were cut short.

A node that sleeps is asked when it is heard, because then it listens for a while. What is asked is `interview`'s.
"""

import asyncio
import logging
import math
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Final

from drivers.zigbee.capabilities.table import capabilities_of, state_reads_of
from drivers.zigbee.coordinator import Coordinator
from drivers.zigbee.exchange import Priority
from drivers.zigbee.interview import STEPS, Interview
from drivers.zigbee.node import Node
from drivers.zigbee.node_record import NodeRecord, Stage
from drivers.zigbee.patience import Patience
from drivers.zigbee.questions import Questions
from drivers.zigbee.registry import Registry
from hubagent.model.driver import DeviceUnreachable, DriverUnavailable, NotPossible, Report
from hubagent.model.event import InterviewProgressed

log = logging.getLogger(__name__)

INTERVIEWS_AT_A_TIME: Final = 3
INTERVIEWS_MAX: Final = 5
"""How often a node is interviewed that leaves questions unanswered, after longer and longer pauses."""
POLL_S: Final = 300.0
"""How old the state of a node on the mains may be that does not report it by itself."""
FRESH_S: Final = 3600.0
"""How long it is relied on that a node says what happens to it: reports come as often at least, and what an alarm
sensor said once may have been lost, be it that the stick was out of its mind for a moment and nobody noticed."""
AGAIN_S: Final = 300.0
"""After an interview that came to nothing, or found less than there is."""
RESTARTED_S: Final = 300.0
"""What a device takes to start with new firmware: one to three minutes with most."""


class Interviewing:
    def __init__(
        self,
        registry: Registry,
        coordinator: Coordinator,
        questions: Questions,
        patience: Patience,
        report: Report,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self._registry = registry
        self._coordinator = coordinator
        self._questions = questions
        self._patience = patience
        self._report = report
        self._tasks = tasks
        self._loop = asyncio.get_running_loop()
        self._slots = asyncio.Semaphore(INTERVIEWS_AT_A_TIME)
        self._running: dict[int, asyncio.Task[None]] = {}
        self._progress: dict[int, asyncio.Event] = {}
        self._fresh_until: dict[int, float] = {}
        """By node: how long its state is relied on; absent where something may have changed unseen since."""
        self._doubts: dict[int, int] = {}
        """By node: how often that was so."""
        self._tried_at: dict[int, float] = {}
        self._wanted_anew: set[int] = set()
        self._restarting: set[int] = set()

    # Whose turn it is.

    def begin(self, node: Node) -> None:
        """See to it that the node is known and its state is read; nothing if that is so, or is being done."""
        if node.eui64 in self._running or node.silent or not self.wanted(node):
            return
        gaps = self.has_gaps(node)
        self._tried_at[node.eui64] = self._loop.time()
        task = self._tasks.create_task(self._run(node, gaps=gaps), name=f"zigbee interview of {node.device}")
        self._running[node.eui64] = task
        task.add_done_callback(lambda done: self._ended(node, done))

    def wanted(self, node: Node) -> bool:
        """Whether there is something to be found out about the node."""
        return node.record.stage is not Stage.COMPLETE or self.is_stale(node) or self.has_gaps(node)

    def is_stale(self, node: Node) -> bool:
        """Whether the state of a complete node has to be read (again)."""
        return self._loop.time() >= self._fresh_until.get(node.eui64, -math.inf)

    def has_gaps(self, node: Node) -> bool:
        """Whether another interview is wanted, or may find what the first did not, as on a bad day in the air."""
        if node.eui64 in self._wanted_anew:
            return True
        return bool(node.record.unanswered) and node.record.interviews < INTERVIEWS_MAX and self._rested(node)

    def _rested(self, node: Node) -> bool:
        pause_s = AGAIN_S * 4.0 ** max(0, node.record.interviews - 1)
        return self._loop.time() - self._tried_at.get(node.eui64, -pause_s) >= pause_s

    def tried_at(self, node: Node) -> float:
        """When reading or interviewing it was begun last."""
        return self._tried_at.get(node.eui64, -math.inf)

    def doubt(self, node: Node) -> None:
        """Something may have changed unseen: its state is read at the next `begin`."""
        self._fresh_until.pop(node.eui64, None)
        self._doubts[node.eui64] = self._doubts.get(node.eui64, 0) + 1

    def again(self, node: Node) -> None:
        """Ask everything anew, as soon as the node can hear; what is known of it stays in use until then."""
        self.stop(node)
        if node.record.stage is not Stage.COMPLETE:
            node.record.stage = Stage.NOTHING
        self._wanted_anew.add(node.eui64)
        self.begin(node)

    def rejoined(self, node: Node) -> None:
        """It may have been reset and know nobody to report to: asked anew, from the beginning."""
        self._patience.moved(node)
        self.again(node)

    def restarts(self, node: Node) -> None:
        """It runs new firmware in a moment, and may be another device then than it was: asked anew, once it had the
        time."""
        if node.eui64 not in self._restarting:
            self._restarting.add(node.eui64)
            self._tasks.create_task(self._restarted(node), name=f"zigbee restart of {node.device}")

    async def _restarted(self, node: Node) -> None:
        await asyncio.sleep(RESTARTED_S)
        self._restarting.discard(node.eui64)
        if self._registry.nodes.get(node.eui64) is node:
            self.again(node)

    def moved(self, node: Node) -> None:
        """It has another address: what the stick was told of it is told anew."""
        self._patience.moved(node)

    def stop(self, node: Node) -> None:
        """Nobody asks it any more: it left, or is asked anew."""
        self.doubt(node)
        self._wanted_anew.discard(node.eui64)
        task = self._running.pop(node.eui64, None)
        if task is not None:
            task.cancel()

    def forget(self, node: Node) -> None:
        """It is not in the network any more: nothing is kept of it."""
        self.stop(node)
        self._tell_progress(node)
        for kept in (self._fresh_until, self._doubts, self._tried_at, self._progress):
            kept.pop(node.eui64, None)

    def runs(self, node: Node) -> bool:
        return node.eui64 in self._running

    async def progressed(self, node: Node) -> None:
        """Wait until the interview has reached another stage, or has ended."""
        progress = self._progress.setdefault(node.eui64, asyncio.Event())
        progress.clear()
        await progress.wait()

    async def finished(self, node: Node) -> None:
        """Wait until what `begin` started has ended, however it ended."""
        task = self._running.get(node.eui64)
        if task is not None:
            await asyncio.wait((task,))

    def _ended(self, node: Node, task: "asyncio.Task[None]") -> None:
        if self._running.get(node.eui64) is task:
            del self._running[node.eui64]
        self._tell_progress(node)

    def _tell_progress(self, node: Node) -> None:
        progress = self._progress.get(node.eui64)
        if progress is not None:
            progress.set()

    # What is done in it.

    async def _run(self, node: Node, *, gaps: bool) -> None:
        with node.occupied():
            async with self._turn(node):
                try:
                    await self._patience.have(node)
                    await self._interview(node, gaps=gaps)
                except (DeviceUnreachable, DriverUnavailable, NotPossible) as error:
                    log.info("the interview of %s waits: %s", node.device, error)

    def _turn(self, node: Node) -> AbstractAsyncContextManager[None]:
        """A node that sleeps again in a moment does not wait for the others."""
        return nullcontext() if node.record.sleeps else self._slots

    async def _interview(self, node: Node, *, gaps: bool) -> None:
        if node.record.stage is not Stage.COMPLETE:
            doubts = self._doubts.get(node.eui64, 0)
            await self._ask_everything(node, node.record)
            node.record.interviews += 1
            self._was_read(node, doubts)
            self._wanted_anew.discard(node.eui64)
            self._conclude(node)
            return
        if gaps:
            await self._fill_gaps(node)
        if self.is_stale(node):
            await self.refresh(node, Priority.POLL)

    async def _ask_everything(self, node: Node, record: NodeRecord) -> None:
        own_eui64 = self._coordinator.identity.eui64
        await Interview(
            node, record, self._questions, own_eui64, lambda stage: self._reached(node, record, stage)
        ).run()

    async def _fill_gaps(self, node: Node) -> None:
        """Interview it aside; the new result is kept if it was wished for, or is better."""
        known = node.record
        record = NodeRecord(
            node.eui64,
            known.node_id,
            logical_type=known.logical_type,
            mains=known.mains,
            rx_on_when_idle=known.rx_on_when_idle,
        )
        doubts = self._doubts.get(node.eui64, 0)
        await self._ask_everything(node, record)
        known.interviews = record.interviews = known.interviews + 1
        if record.unanswered < known.unanswered or node.eui64 in self._wanted_anew:
            record.node_id = known.node_id
            node.record = record
            if capabilities_of(record) == capabilities_of(known):
                self._was_read(node, doubts)
            else:
                # What it said meanwhile was told of what it was taken for.
                self.doubt(node)
        self._wanted_anew.discard(node.eui64)
        self._conclude(node)

    async def refresh(self, node: Node, priority: Priority) -> None:
        """Read the present state. Raises DeviceUnreachable, DriverUnavailable."""
        doubts, answered = self._doubts.get(node.eui64, 0), True
        by_the_clock = priority is Priority.POLL and node.eui64 in self._fresh_until and bool(node.record.unreported)
        for read in state_reads_of(node.record):
            if not by_the_clock or (read.endpoint, read.cluster) in node.record.unreported:
                answered &= await self._questions.read(node, read, priority) is not None
        self._was_read(node, doubts, answered=answered)

    def _was_read(self, node: Node, doubts: int, *, answered: bool = True) -> None:
        """Its state, begun when there had been so many `doubts`: what was doubted meanwhile is not known yet."""
        if doubts != self._doubts.get(node.eui64, 0):
            return
        if not answered:
            good_for_s = AGAIN_S
        elif node.record.unreported and not node.record.sleeps:
            good_for_s = POLL_S
        else:
            good_for_s = FRESH_S
        self._fresh_until[node.eui64] = self._loop.time() + good_for_s

    def _conclude(self, node: Node) -> None:
        self._registry.keep(node)
        self._registry.flush()
        self._registry.announce(node)

    def _reached(self, node: Node, record: NodeRecord, stage: Stage) -> None:
        node.addresses.clear()
        if record is node.record:
            self._registry.keep(node)
            self._registry.announce(node)
        elif node.eui64 not in self._wanted_anew:
            return  # nobody waits for this one
        step = stage.name.lower().replace("_", " ")
        self._report(InterviewProgressed(node.device, step, int(stage), STEPS))
        self._tell_progress(node)
