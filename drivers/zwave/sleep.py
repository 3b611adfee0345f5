"""Sleeping nodes: what waits for them, and sending them back to sleep when there is nothing more.

SDS13782, Wake Up: a node that woke up stays awake until it is told that there is no more information, or for ten
seconds without a word. It is told so only when that is true: nothing in its queue and nobody in the middle of asking.
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


@dataclass(frozen=True, slots=True)
class _Kept:
    delivery: Delivery
    start: Callable[[], None]


class WakeUps:
    def __init__(self, registry: Registry, interviewing: Interviewing, radio: Radio, tasks: asyncio.TaskGroup) -> None:
        self._registry = registry
        self._interviewing = interviewing
        self._radio = radio
        self._tasks = tasks
        self._queues: dict[int, deque[_Kept]] = {}
        self._served: set[int] = set()

    def keep(self, delivery: Delivery, start: Callable[[], None]) -> None:
        """`start` is called when the node wakes up, unless a newer one takes its place."""
        queue = self._queues.setdefault(delivery.node.node_id, deque())
        for older in list(queue):
            if delivery.stands_for(older.delivery):
                queue.remove(older)
                older.delivery.answer(Outcome.FAILED, NEWER)
        if len(queue) >= QUEUE_MAX:
            queue.popleft().delivery.answer(Outcome.FAILED, TOO_MANY)
        queue.append(_Kept(delivery, start))

    def put_back(self, delivery: Delivery, start: Callable[[], None]) -> None:
        """One that went out and did not arrive: it is still older than whatever waits."""
        queue = self._queues.setdefault(delivery.node.node_id, deque())
        if any(kept.delivery.stands_for(delivery) for kept in queue):
            delivery.answer(Outcome.FAILED, NEWER)
        elif len(queue) >= QUEUE_MAX:
            delivery.answer(Outcome.FAILED, TOO_MANY)
        else:
            queue.appendleft(_Kept(delivery, start))

    def waiting(self, node: Node) -> int:
        return len(self._queues.get(node.node_id, ()))

    def forget(self, node: Node) -> None:
        """The node left: what waited for it is answered."""
        for kept in self._queues.pop(node.node_id, ()):
            kept.delivery.answer(Outcome.FAILED, "the device left the network")

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
        if node.node_id not in self._served:
            self._served.add(node.node_id)
            self._tasks.create_task(self._serve(node), name=f"zwave node {node.node_id} is awake")

    async def _serve(self, node: Node) -> None:
        try:
            while node.awake:
                queue = self._queues.get(node.node_id)
                if queue:
                    queue.popleft().start()
                await node.idle.wait()
                if self.waiting(node):
                    continue
                await asyncio.sleep(LINGER_S)
                if node.idle.is_set() and not self.waiting(node):
                    await self._send_to_sleep(node)
        finally:
            self._served.discard(node.node_id)

    async def _send_to_sleep(self, node: Node) -> None:
        """It sleeps afterwards, whether it acknowledges or not: one that does not hear sleeps already."""
        if not node.awake:
            return
        if node.record.root.has(wake_up.COMMAND_CLASS):
            await self._radio.transmit(node, wrap(wake_up.WakeUpNoMoreInformation()), Priority.INTERVIEW)
        if not self.waiting(node) and node.idle.is_set():
            node.awake = False
            self._registry.announce(node)
