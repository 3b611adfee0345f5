"""Sleeping nodes: what waits for them, and sending them back to sleep when there is nothing more.

SDS13782, Wake Up: a node that woke up stays awake until it is told that there is no more information, or for ten
seconds without a word. It is told so only when that is true: nothing in its queue and nobody in the middle of asking.
Some do not stay awake for so long: what waits goes before all that the driver itself wants to know.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from drivers.zwave.command_classes import wake_up
from drivers.zwave.delivery import Delivery
from drivers.zwave.encapsulation.chain import wrap
from drivers.zwave.exchange import Priority
from drivers.zwave.interviewing import Interviewing
from drivers.zwave.node import Node
from drivers.zwave.node_record import Stage
from drivers.zwave.radio import Radio
from drivers.zwave.registry import Registry
from hubagent.model.event import Outcome

log = logging.getLogger(__name__)

QUEUE_MAX = 50
"""Wishes that wait for one node; when it is full the oldest is answered FAILED."""
LINGER_S = 0.25
"""How long a node is kept awake after the last word, in case a person or a rule wants something next."""
NEWER = "a newer command took its place before the device woke up"
TOO_MANY = f"{QUEUE_MAX} commands wait for the device already"
LEFT = "the device left the network"

Start = Callable[[Callable[[], None]], None]
"""Send a wish; what it is given is called once the wish is on its way, or will never be."""


@dataclass(frozen=True, slots=True)
class _Kept:
    delivery: Delivery
    start: Start


class WakeUps:
    def __init__(self, registry: Registry, interviewing: Interviewing, radio: Radio, tasks: asyncio.TaskGroup) -> None:
        self._registry = registry
        self._interviewing = interviewing
        self._radio = radio
        self._tasks = tasks
        self._queues: dict[int, deque[_Kept]] = {}
        self._served: set[Node] = set()

    def keep(self, delivery: Delivery, start: Start) -> None:
        """`start` is called when the node wakes up, unless a newer one takes its place."""
        queue = self._queues.setdefault(delivery.node.node_id, deque())
        for older in list(queue):
            if delivery.stands_for(older.delivery):
                queue.remove(older)
                older.delivery.answer(Outcome.FAILED, NEWER)
        if len(queue) >= QUEUE_MAX:
            queue.popleft().delivery.answer(Outcome.FAILED, TOO_MANY)
        queue.append(_Kept(delivery, start))

    def put_back(self, delivery: Delivery, start: Start) -> None:
        """One that went out and did not arrive: it goes before those that are newer, and no others."""
        queue = self._queues.setdefault(delivery.node.node_id, deque())
        if any(kept.delivery.stands_for(delivery) for kept in queue):
            delivery.answer(Outcome.FAILED, NEWER)
        elif len(queue) >= QUEUE_MAX:
            delivery.answer(Outcome.FAILED, TOO_MANY)
        else:
            older = sum(kept.delivery.number < delivery.number for kept in queue)
            queue.insert(older, _Kept(delivery, start))

    def waiting(self, node: Node) -> int:
        return len(self._queues.get(node.node_id, ()))

    def forget(self, node: Node) -> None:
        """The node left: what waited for it is answered."""
        for kept in self._queues.pop(node.node_id, ()):
            kept.delivery.answer(Outcome.FAILED, LEFT)

    def close(self) -> None:
        """The driver stops: what waits is answered."""
        for queue in self._queues.values():
            for kept in queue:
                kept.delivery.answer(Outcome.FAILED, "the driver stopped")
        self._queues.clear()

    def woke_up(self, node: Node) -> None:
        """The node can hear now. It may say so before anything is known of it: then the interview uses the moment."""
        if not node.record.sleeps and node.record.stage >= Stage.PROTOCOL:
            return
        if not node.awake:
            node.awake = True
            self._registry.announce(node)
        self._interviewing.begin(node)
        if node not in self._served:
            self._served.add(node)
            self._tasks.create_task(self._serve(node), name=f"zwave node {node.node_id} is awake")

    async def _serve(self, node: Node) -> None:
        try:
            while self._can_hear(node):
                await self._send_what_waits(node)
                await node.idle.wait()
                if self.waiting(node):
                    continue
                await asyncio.sleep(LINGER_S)
                if node.idle.is_set() and not self.waiting(node):
                    await self._send_to_sleep(node)
        finally:
            self._served.discard(node)

    async def _send_what_waits(self, node: Node) -> None:
        """All of it, oldest first, each in line while the one before it is on the air: so nothing else comes between,
        and where the node does not hear after all, the stick does not try the whole queue in vain."""
        while self._can_hear(node) and (queue := self._queues.get(node.node_id)):
            on_its_way = asyncio.Event()
            queue.popleft().start(on_its_way.set)
            await on_its_way.wait()

    async def _send_to_sleep(self, node: Node) -> None:
        """It sleeps afterwards, whether it acknowledges or not: one that does not hear sleeps already."""
        if not self._can_hear(node):
            return
        if node.record.root.has(wake_up.COMMAND_CLASS):
            await self._radio.transmit(node, wrap(wake_up.WakeUpNoMoreInformation()), Priority.INTERVIEW)
        if self._is_here(node) and not self.waiting(node) and node.idle.is_set():
            node.awake = False
            self._registry.announce(node)

    def _can_hear(self, node: Node) -> bool:
        return node.awake and self._is_here(node)

    def _is_here(self, node: Node) -> bool:
        """It may leave in the middle of anything, and another one get its number."""
        return self._registry.nodes.get(node.node_id) is node
