"""A node with end points is one thing seen from several sides, of which only one reports a change.

SDS13783, Multi Channel: the root stands for one of its end points, or for all of them, as the maker chose. So when the
root or an end point has changed, the other side is read: a state is only what a device reports. Of one that sleeps it
is read at the next wake-up. What one side says by Basic, which no list of command classes has, the other is asked by
the class that Basic stands for.

A lock has two sides as well. What its notifications say of the bolt is what happened, and some say it once more,
seconds later, when it is not so any more. The home hears it at once; then the lock itself is asked, in a moment, as one
may say it before its own mode has changed.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from drivers.zwave.capabilities.basic import stands_for
from drivers.zwave.capabilities.translation import Reading
from drivers.zwave.command_classes import basic, door_lock, notification
from drivers.zwave.exchange import Priority
from drivers.zwave.interviewing import Interviewing
from drivers.zwave.node import Node
from drivers.zwave.node_record import ROOT, EndPoint
from hubagent.model.capability import Value
from hubagent.model.driver import DeviceUnreachable, DriverUnavailable

log = logging.getLogger(__name__)

_LAST = "last reported"
_LOCK, _BOLT = door_lock.COMMAND_CLASS, "locked"
_TURNS_S = 1.0
"""What a lock that speaks of its bolt has before it is asked."""


class Mirrors:
    """`start_task` runs a coroutine with a name, in the driver's own group."""

    def __init__(
        self, interviewing: Interviewing, start_task: Callable[[Coroutine[Any, Any, None], str], None]
    ) -> None:
        self._interviewing = interviewing
        self._start_task = start_task
        self._looks: dict[tuple[int, int, int], bool] = {}
        """What is being read; true where it changed again since the reading began."""

    def reported(self, node: Node, end_point: EndPoint, command_class: int, reading: Reading) -> None:
        """One side said something: where that is news, the others are read soon.

        Needed of nodes with end points, and of what is said of a lock.
        """
        last: dict[str, Value] = end_point.memory.setdefault(_LAST, {})
        changed = any(last.get(name, value) != value for name, value in reading.values.items())
        last.update(reading.values)
        if not changed:
            return
        if command_class == basic.COMMAND_CLASS:
            command_class = stands_for(end_point)
        if command_class == notification.COMMAND_CLASS and _BOLT in reading.values and end_point.has(_LOCK):
            self._look_soon(node, end_point, _LOCK, _TURNS_S)
        for other in node.record.end_points.values():
            is_other_side = other is not end_point and ROOT in (other.number, end_point.number)
            if is_other_side and other.has(command_class):
                self._look_soon(node, other, command_class)

    def _look_soon(self, node: Node, end_point: EndPoint, command_class: int, after_s: float = 0.0) -> None:
        """One look at a time, and one more where something changed since it began."""
        key = (node.node_id, end_point.number, command_class)
        looks = key in self._looks
        self._looks[key] = True
        if not looks:
            self._start_task(self._look(node, end_point, command_class, after_s), "mirror")

    async def _look(self, node: Node, end_point: EndPoint, command_class: int, after_s: float) -> None:
        key = (node.node_id, end_point.number, command_class)
        try:
            while self._looks[key]:
                if after_s:
                    await asyncio.sleep(after_s)
                self._looks[key] = False
                if not node.reachable:
                    # Asking would only keep the radio from others: it is read when it wakes up.
                    self._interviewing.doubt(node)
                    return
                await self._interviewing.read(node, end_point, command_class, Priority.POLL)
        except (DeviceUnreachable, DriverUnavailable) as error:
            log.info("node %d could not be read: %s", node.node_id, error)
            self._interviewing.doubt(node)
        finally:
            del self._looks[key]
