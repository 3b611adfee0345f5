"""One node from minute to minute: whether it can be talked to, what it said a moment ago, who waits for its answers.

What is known of it for good is in its `NodeRecord`. A node here knows no port and sends nothing by itself: the driver
does, and tells the node what came of it.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from drivers.zigbee.node_record import NodeRecord, Stage
from drivers.zigbee.presses import Presses
from hubagent.model.device import DeviceId, Presence

FAILURES_BEFORE_SILENT: Final = 2
"""Messages in a row that did not arrive, the second by a new route, after which a node is called silent."""
WAITING_MAX: Final = 32
"""Questions to one node at a time."""
RECENT_MAX: Final = 12
"""Messages of one node that are remembered, so that the same heard again is known."""
REPEAT_S: Final = 30.0
"""A sender repeats a message whose APS acknowledgement was lost three times, 1.6 s apart (apscMaxFrameRetries and
apscAckWaitDuration, Zigbee Specification 05-3474-22 §2.2.7.1), with the APS counter that it had. The wire to the stick
may keep it for longer. Another message has another counter, or another number in itself; both come round together only
after hundreds of messages."""
ECHO_S: Final = 1.0
"""Remotes say the same to a group and to us, or once more to be sure: another APS counter, but one transaction."""

VALUES_MAX: Final = 64
"""Attributes of one node of which it is remembered when they were said last."""
OVERTAKEN_MAX: Final = 16
OVERTAKEN_S: Final = 10.0
"""What was lost on its way is sent again a moment later, with the APS counter that it had; what was said after it may
have arrived by then. A counter that is further back, or after a longer time, began anew: the device restarted."""

ZDO: Final = 0x100
"""Set in the number of a question that is the ZDO's and not the ZCL's: each counts by itself."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody waits for the answer to a question."""

    cluster: int
    """On which the answer comes."""
    specific: bool
    """It may be one of the cluster's own commands; otherwise it is one of the foundation's."""
    command: int
    """The number of the command that was asked; the ZDO's clusters have none."""
    answer: "asyncio.Future[Any]"


@dataclass(eq=False, slots=True)
class Node:
    """A node and its present. `record` is kept, everything else begins anew with the driver."""

    record: NodeRecord
    silent: bool = False
    """It should hear and does not answer."""
    hears: bool = False
    """Of a sleeping node: the last that was sent to it has arrived."""
    heard_at: float = 0.0
    """`loop.time()` of the last message of it."""
    failures: int = 0
    """Messages in a row that did not arrive."""
    lqi: int | None = None
    rssi: int | None = None
    waiting: dict[int, Waiting] = field(default_factory=dict)
    """By number of the question, who waits for its answer."""
    ids: dict[int, DeviceId] = field(default_factory=dict)
    """By part, as which device the home knows it; ROOT is the device itself."""
    addresses: dict[tuple[int, int], Any] = field(default_factory=dict)
    """By end point and cluster, how to address it: made once, by who sends to it."""
    presses: dict[int, Presses] = field(default_factory=dict)
    """By part, what its buttons said."""
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    """Nobody is in the middle of something with it."""
    questions: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WAITING_MAX))
    """Whoever asks holds it: more questions than that wait for their turn. Commands under way do not."""
    _recent: dict[tuple[int, bytes], tuple[int, float]] = field(default_factory=dict)
    _said: dict[tuple[int, int], tuple[int, float]] = field(default_factory=dict)
    """By place and attribute, the APS counter and the time of the last value."""
    _sequence: int = 0
    _zdo_sequence: int = 0
    _occupied: int = 0

    def __post_init__(self) -> None:
        self.idle.set()

    @property
    def node_id(self) -> int:
        return self.record.node_id

    @property
    def eui64(self) -> int:
        return self.record.eui64

    @property
    def device(self) -> DeviceId:
        return f"zigbee-{self.record.key}"

    @property
    def reachable(self) -> bool:
        """Something sent now has a chance."""
        return self.hears if self.record.sleeps else not self.silent

    @property
    def presence(self) -> Presence:
        if self.silent:
            return Presence.DEAD
        if self.record.stage is not Stage.COMPLETE:
            return Presence.INTERVIEWING
        return Presence.ASLEEP if self.record.sleeps and not self.hears else Presence.READY

    @contextmanager
    def occupied(self) -> Iterator[None]:
        """Somebody is in the middle of something with the node."""
        self._occupied += 1
        self.idle.clear()
        try:
            yield
        finally:
            self._occupied -= 1
            if self._occupied == 0:
                self.idle.set()

    def next_sequence(self) -> int:
        """The number of the next ZCL transaction; one that is waited for is left out."""
        for _ in range(256):
            self._sequence = (self._sequence + 1) & 0xFF
            if self._sequence not in self.waiting:
                break
        return self._sequence

    def next_zdo_sequence(self) -> int:
        """Likewise of the ZDO: an application counts to 127, the stick's own begin at 128 (UG100, ZDO)."""
        for _ in range(128):
            self._zdo_sequence = (self._zdo_sequence + 1) & 0x7F
            if self._zdo_sequence | ZDO not in self.waiting:
                break
        return self._zdo_sequence

    def wait_for(self, number: int, cluster: int, *, specific: bool = False, command: int = 0) -> "asyncio.Future[Any]":
        """Resolved by `take`. The caller removes it again with `stop_waiting`."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.waiting[number] = Waiting(cluster, specific, command, answer)
        return answer

    def stop_waiting(self, number: int) -> None:
        waiting = self.waiting.pop(number, None)
        if waiting is not None:
            waiting.answer.cancel()

    def take(self, number: int, cluster: int, answer: Any, *, specific: bool = False) -> None:
        """Hand an answer to who waits for it; what only happens to have its number is none."""
        waiting = self.waiting.get(number)
        if waiting is None or waiting.cluster != cluster or waiting.answer.done():
            return
        if waiting.specific or not specific:
            waiting.answer.set_result(answer)

    def is_repeat(self, place: int, message: bytes, counter: int, now: float) -> bool:
        """Whether this very message was heard before: again on its way, not said again.

        `place` is the end point and the cluster, `counter` the APS frame's. What is said again has another sequence
        number inside `message`.
        """
        recent = self._recent
        key = (place, message)
        known = recent.get(key)
        if known is not None:
            if now - known[1] < (REPEAT_S if known[0] == counter else ECHO_S):
                return True
            del recent[key]
        elif len(recent) >= RECENT_MAX:
            del recent[next(iter(recent))]
        recent[key] = (counter, now)
        return False

    def only_news(self, place: int, values: dict[int, Any], counter: int, now: float) -> dict[int, Any]:
        """Those that were said after what was heard before: what came late has been overtaken."""
        said, overtaken = self._said, None
        for attribute in values:
            key = (place, attribute)
            known = said.get(key)
            if known is not None and 0 < (known[0] - counter) & 0xFF <= OVERTAKEN_MAX and now - known[1] < OVERTAKEN_S:
                overtaken = {attribute, *(overtaken or ())}
                continue
            if known is None and len(said) >= VALUES_MAX:
                del said[next(iter(said))]
            said[key] = (counter, now)
        if overtaken is None:
            return values
        return {attribute: value for attribute, value in values.items() if attribute not in overtaken}

    def counts_anew(self) -> None:
        """It may have restarted: what it says from now on is news, whatever its counter is."""
        self._said.clear()

    def delivered(self, *, arrived: bool) -> None:
        """What became of a message to it."""
        if arrived:
            self.failures = 0
            self.silent = False
            self.hears = True
            return
        self.failures += 1
        if self.record.sleeps:
            # That it did not ask its parent in time is no sign that it is gone.
            self.hears = False
        elif self.failures >= FAILURES_BEFORE_SILENT:
            self.silent = True
