"""A broker as with MQTT: it keeps frames for a side that is away, delivers at least once, and confirms before it saves.

Killed, it goes on with what it had saved last: what it confirmed since is lost, and what it had delivered since is
delivered once more, after newer frames. So mosquitto does it (autosave_interval; mosquitto#2733).
"""

import asyncio
import random
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from hubagent.uplink.message.channel import Down
from hubagent.uplink.transports.port import Farewell, Lost, Trouble
from simulators.cloud.front import Receiver
from simulators.internet.line import Line

AUTOSAVE_S: Final = 30.0
WILL_DELAY_S: Final = 2.0
CONSUMER_S: Final = 0.0005
"""From the broker to the consumer, and back: they are neighbours."""
EXPIRY_UP_S: Final = 60.0
EXPIRY_DOWN_S: Final = {Down.ACK: 30.0, Down.COMMAND: 60.0, Down.DESIRED: 60.0, Down.JOB: 60.0}
IN_FLIGHT_MAX: Final = 32
"""Frames that one side has not confirmed."""
DOWN: Final = Lost(Trouble.CLOSED, "the broker closed the connection")
TAKEN_OVER: Final = Lost(Trouble.REPLACED, "another connection has come with this name")


@dataclass(frozen=True, slots=True)
class Kept:
    """A frame in a broker."""

    hub: str
    channel: str
    payload: bytes
    expires_at: float


@dataclass(slots=True)
class _Queue:
    """What is kept for one side."""

    waiting: deque[Kept] = field(default_factory=deque)
    under_way: dict[int, Kept] = field(default_factory=dict)
    """Delivered, and not confirmed."""

    def again(self) -> None:
        """The side has come anew: what it did not confirm comes first."""
        self.waiting.extendleft(reversed(self.under_way.values()))
        self.under_way.clear()

    def copy(self) -> "_Queue":
        return _Queue(self.waiting.copy(), self.under_way.copy())


@dataclass(slots=True)
class _State:
    hubs: dict[str, _Queue] = field(default_factory=dict)
    consumer: _Queue | None = None
    """None until it has subscribed once."""

    def copy(self) -> "_State":
        hubs = {name: queue.copy() for name, queue in self.hubs.items()}
        return _State(hubs, None if self.consumer is None else self.consumer.copy())


class Broker:
    """`network.Server`, and the front of one consumer (`simulators.cloud.front.Front`)."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        rng: random.Random,
        *,
        queue_max: int = 100_000,
        expires: bool = True,
        refused_share: float = 0.0,
    ) -> None:
        """`expires` is false for a broker that knows no expiry; so many frames of hubs are refused for their quota."""
        self.receiver: Receiver | None = None
        self.refused_share = refused_share
        self.dropped = 0
        """Frames that no queue had room for."""
        self.up = True
        self._loop = loop
        self._rng = rng
        self._queue_max = queue_max
        self._expires = expires
        self._lines: dict[str, tuple[Line, Farewell]] = {}
        self._wills: dict[str, asyncio.TimerHandle] = {}
        self._numbers = 0
        self._consumer_is_here = False
        self._connection = 0
        """Of the consumer: what was under way on an earlier one does not arrive any more."""
        self._kept = _State()
        self._saved = _State()
        self._autosave = loop.call_later(AUTOSAVE_S, self._save)

    # Faults.

    def kill(self) -> None:
        """As kill -9. What is saved comes back with `start`."""
        self.up = False
        self._consumer_gone()
        for timer in self._wills.values():
            timer.cancel()
        self._wills.clear()
        self._kept = self._saved.copy()
        lines, self._lines = self._lines, {}
        for line, _ in lines.values():
            line.break_off(DOWN)

    def start(self) -> None:
        self.up = True
        for queue in (*self._kept.hubs.values(), self._kept.consumer):
            if queue is not None:
                queue.again()

    def lose_sessions(self) -> None:
        """It starts anew with nothing of what it had kept, on disk either: who is connected has to come again."""
        self.kill()
        self._kept, self._saved = _State(), _State()
        self.start()

    def close(self) -> None:
        """At the end of a run."""
        self._autosave.cancel()
        for timer in self._wills.values():
            timer.cancel()

    def _save(self) -> None:
        if self.up:
            self._saved = self._kept.copy()
        self._autosave = self._loop.call_later(AUTOSAVE_S, self._save)

    # Hubs.

    def admits(self, hub: str) -> Lost | None:
        del hub
        return None if self.up else Lost(Trouble.NETWORK, "the connection was refused")

    def opened(self, line: Line, farewell: Farewell) -> None:
        will = self._wills.pop(line.hub, None)
        if will is not None:
            will.cancel()
        before = self._lines.get(line.hub)
        self._lines[line.hub] = (line, farewell)
        if before is not None:
            before[0].end(TAKEN_OVER)
        queue = self._kept.hubs.setdefault(line.hub, _Queue())
        queue.again()
        self._deliver_to_hub(line.hub)

    def arrived(self, line: Line, channel: str, payload: bytes) -> str | None:
        if not self.up:
            return None
        if self._kept.consumer is None:
            return "no consumer"
        if self.refused_share and self._rng.random() < self.refused_share:
            return "quota exceeded (0x97)"
        self._keep_for_consumer(line.hub, channel, payload)
        return None

    def writable(self, line: Line) -> None:
        """The hub has confirmed its oldest frame."""
        queue = self._kept.hubs.get(line.hub)
        if queue is not None and queue.under_way and self._lines.get(line.hub, (None,))[0] is line:
            del queue.under_way[next(iter(queue.under_way))]
            self._deliver_to_hub(line.hub)

    def closed(self, line: Line, *, in_order: bool) -> None:
        known = self._lines.get(line.hub)
        if known is None or known[0] is not line:
            return
        del self._lines[line.hub]
        if not in_order and self.up:
            self._wills[line.hub] = self._loop.call_later(WILL_DELAY_S, self._publish_will, line.hub, known[1])

    def _publish_will(self, hub: str, farewell: Farewell) -> None:
        del self._wills[hub]
        if self._kept.consumer is not None:
            self._keep_for_consumer(hub, farewell.channel.value, farewell.payload)

    def _deliver_to_hub(self, hub: str) -> None:
        queue, known = self._kept.hubs[hub], self._lines.get(hub)
        while known is not None and queue.waiting and len(queue.under_way) < IN_FLIGHT_MAX:
            kept = queue.waiting.popleft()
            if kept.expires_at > self._loop.time():
                self._numbers += 1
                queue.under_way[self._numbers] = kept
                known[0].send_down(Down(kept.channel), kept.payload)

    # The consumer.

    def consumer_comes(self, receiver: Receiver) -> None:
        """Connected and subscribed, with the session it had."""
        if not self.up:
            return
        self.receiver = receiver
        self._consumer_is_here = True
        self._connection += 1
        if self._kept.consumer is None:
            self._kept.consumer = _Queue()
        self._kept.consumer.again()
        self._deliver_to_consumer()

    def consumer_goes(self) -> None:
        self._consumer_gone()

    @property
    def has_consumer(self) -> bool:
        return self._consumer_is_here

    def send(self, hub: str, channel: Down, payload: bytes) -> bool:
        """From the consumer, who is told at once whether the broker is there."""
        if not self._consumer_is_here:
            return False
        expires_at = self._loop.time() + (EXPIRY_DOWN_S[channel] if self._expires else float("inf"))
        self._loop.call_later(
            CONSUMER_S, self._keep_for_hub, self._connection, Kept(hub, channel.value, payload, expires_at)
        )
        return True

    def kick(self, _hub: str) -> bool:
        return False

    def refuse(self, _refusing: bool, /) -> bool:
        return False

    def listen(self, _listening: bool, /) -> bool:
        return False

    def _keep_for_hub(self, connection: int, kept: Kept) -> None:
        if not self.up or connection != self._connection:
            return
        queue = self._kept.hubs.get(kept.hub)
        if queue is None:
            return
        if len(queue.waiting) >= self._queue_max:
            self.dropped += 1
            return
        queue.waiting.append(kept)
        self._deliver_to_hub(kept.hub)

    def _keep_for_consumer(self, hub: str, channel: str, payload: bytes) -> None:
        queue = self._kept.consumer
        assert queue is not None
        if len(queue.waiting) >= self._queue_max:
            self.dropped += 1
            return
        expires_at = self._loop.time() + (EXPIRY_UP_S if self._expires else float("inf"))
        queue.waiting.append(Kept(hub, channel, payload, expires_at))
        self._deliver_to_consumer()

    def _deliver_to_consumer(self) -> None:
        queue = self._kept.consumer
        if queue is None:
            return
        while self._consumer_is_here and queue.waiting and len(queue.under_way) < IN_FLIGHT_MAX:
            kept = queue.waiting.popleft()
            if kept.expires_at > self._loop.time():
                self._numbers += 1
                queue.under_way[self._numbers] = kept
                self._loop.call_later(CONSUMER_S, self._arrive, self._connection, self._numbers, kept)

    def _arrive(self, connection: int, number: int, kept: Kept) -> None:
        """At the consumer, which confirms what it has read, and not what it has kept."""
        if connection == self._connection and self._consumer_is_here and self.receiver is not None:
            self._loop.call_later(CONSUMER_S, self._confirmed, connection, number)
            self.receiver.received(kept.hub, kept.channel, kept.payload)

    def _confirmed(self, connection: int, number: int) -> None:
        if connection == self._connection and self.up and self._kept.consumer is not None:
            self._kept.consumer.under_way.pop(number, None)
            self._deliver_to_consumer()

    def _consumer_gone(self) -> None:
        self._consumer_is_here = False
        self._connection += 1
        self.receiver = None
