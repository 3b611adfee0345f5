"""The consumer on an event loop: what comes in by the fronts goes to it, and what it wants done is done."""

import asyncio
import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol, TypeVar

from hubagent.uplink.message.channel import Down
from hubagent.uplink.message.fields import Scalar
from simulators.cloud.commands import EXPIRES_IN_S, Wish
from simulators.cloud.consumer import Consumer
from simulators.cloud.front import Front
from simulators.cloud.items import Changed, Effect, Gone, Heard, Item, NotSent, Send

LATE_MAX: Final = 10_000
"""Frames that bad manners hold back; more are lost."""
_Answer = TypeVar("_Answer")


class Door:
    """Where one front hands in what it hears (a `front.Receiver`); it tells by which way a hub comes."""

    def __init__(self, service: "Service") -> None:
        self._service = service
        self.front: Front | None = None

    def received(self, hub: str, channel: str, payload: bytes) -> None:
        self._service.heard(self, hub, channel, payload)

    def gone(self, hub: str) -> None:
        self._service.left(self, hub)


class Manners(Protocol):
    """What a service does otherwise than its consumer wants; `misbehaviour` has others than these."""

    def hears(self) -> bool:
        """Whether what comes is heard at all."""
        ...

    def sendings(self, send: Send) -> Iterable[tuple[float, Send]]:
        """What leaves in its place, each after so many seconds."""
        ...


class GoodManners:
    def hears(self) -> bool:
        return True

    def sendings(self, send: Send) -> Iterable[tuple[float, Send]]:
        return ((0.0, send),)


class Service:
    """One consumer, its fronts, its timer and its listeners."""

    def __init__(self, consumer: Consumer, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.consumer = consumer
        self.doors: list[Door] = []
        self.manners: Manners = GoodManners()
        self._loop = loop or asyncio.get_running_loop()
        self._door_of: dict[str, Door] = {}
        self._listeners: list[Callable[[Changed], None]] = []
        self._performing = False
        self._late: dict[int, asyncio.TimerHandle] = {}
        self._numbers = itertools.count()
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    def door(self) -> Door:
        """For one more front; its `front` is set as soon as there is one."""
        door = Door(self)
        self.doors.append(door)
        return door

    def listen(self, listener: Callable[[Changed], None]) -> Callable[[], None]:
        """Hear every change from now on; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def heard(self, door: Door, hub: str, channel: str, payload: bytes) -> None:
        self._door_of[hub] = door
        if self.manners.hears():
            self._feed(Heard(hub, channel, payload))

    def left(self, door: Door, hub: str) -> None:
        if self._door_of.get(hub) is door:
            del self._door_of[hub]
            self._feed(Gone(hub))

    def command(self, hub: str, device: str, wanted: Mapping[str, Scalar], expires_in_s: float = EXPIRES_IN_S) -> Wish:
        """As `Consumer.command`."""
        return self._ask(
            lambda now: self.consumer.command(hub, device, wanted, now=now, expires_in_s=expires_in_s),
        )

    def job(self, hub: str, kind: str, expires_in_s: float = EXPIRES_IN_S) -> Wish:
        return self._ask(lambda now: self.consumer.job(hub, kind, now=now, expires_in_s=expires_in_s))

    def desire(self, hub: str, wishes: Mapping[str, Mapping[str, Scalar]]) -> int:
        return self._ask(lambda now: self.consumer.desire(hub, wishes, now=now))

    def bye(self, hub: str, reason: str, retry_after_s: float) -> None:
        self._ask(lambda _now: self.consumer.bye(hub, reason, retry_after_s))

    def forget(self) -> None:
        """As `Consumer.forget`."""
        self._ask(lambda _now: self.consumer.forget())

    def send(self, hub: str, channel: Down, payload: bytes) -> bool:
        """By the way that it came."""
        door = self._door_of.get(hub)
        fronts = [it.front for it in ([door] if door is not None else self.doors) if it.front is not None]
        return any(front.send(hub, channel, payload) for front in fronts)

    def close(self) -> None:
        """Commit, and let go of the file; the fronts are closed before. May be called twice."""
        if not self._closed:
            self.abandon()
            self.consumer.close()

    def abandon(self) -> None:
        """As when its process is killed: nothing is committed any more, and nobody told."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for timer in self._late.values():
            timer.cancel()

    def _feed(self, item: Item) -> None:
        if not self._closed:
            self.consumer.receive(item, self._loop.time())
            self._carry_out()

    def _ask(self, ask: Callable[[float], _Answer]) -> _Answer:
        try:
            return ask(self._loop.time())
        finally:
            self._carry_out()

    def _carry_out(self) -> None:
        """A front that answers while it is being sent to is heard after what is already to be done."""
        if self._performing:
            return
        self._performing = True
        try:
            while effects := self.consumer.take_effects():
                for effect in effects:
                    self._perform(effect)
        finally:
            self._performing = False
        self._set_timer()

    def _perform(self, effect: Effect) -> None:
        if isinstance(effect, Changed):
            for listener in tuple(self._listeners):
                listener(effect)
            return
        for delay_s, send in self.manners.sendings(effect):
            if delay_s:
                self._later(delay_s, send)
            else:
                self._send(send)

    def _send(self, send: Send) -> None:
        if not self.send(send.hub, send.channel, send.payload) and send.command is not None:
            self.consumer.receive(NotSent(send.hub, send.command), self._loop.time())

    def _later(self, delay_s: float, send: Send) -> None:
        if len(self._late) < LATE_MAX:
            number = next(self._numbers)
            self._late[number] = self._loop.call_later(delay_s, self._send_late, number, send)

    def _send_late(self, number: int, send: Send) -> None:
        del self._late[number]
        self._send(send)
        self._carry_out()

    def _set_timer(self) -> None:
        deadline = self.consumer.next_deadline()
        if self._timer is not None and (deadline is None or self._timer.when() != deadline):
            self._timer.cancel()
            self._timer = None
        if self._timer is None and deadline is not None and not self._closed:
            self._timer = self._loop.call_at(deadline, self._fire)

    def _fire(self) -> None:
        self._timer = None
        self.consumer.handle_timeout(self._loop.time())
        self._carry_out()
