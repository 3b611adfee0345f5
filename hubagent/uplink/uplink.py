"""The session on the agent's loop: between the home, the outbox and a transport.

What happens in the home is heard after the rules and after everything they sent, and looked at a moment later: the
uplink is never between a report and a command, and its trouble is nobody else's.
"""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NoReturn, Protocol

from hubagent.api.views import device_view
from hubagent.home import Home, Previous
from hubagent.machine import RunningMachine, run_machine
from hubagent.model.device import DeviceId
from hubagent.model.event import (
    CommandAnswered,
    CommandSent,
    DeviceChanged,
    DeviceJoined,
    DeviceLeft,
    DeviceSilent,
    DriverStatus,
    Event,
    InterviewProgressed,
    StateReported,
)
from hubagent.uplink.message.channel import MessageClass, Up
from hubagent.uplink.message.codec import encode, encode_content
from hubagent.uplink.message.down import Command, Job
from hubagent.uplink.message.up import Offline
from hubagent.uplink.outbox.outbox import Outbox
from hubagent.uplink.readings import GATHER_S, Readings
from hubagent.uplink.session import items
from hubagent.uplink.session.phase import Phase
from hubagent.uplink.session.session import Session
from hubagent.uplink.session.surroundings import Surroundings
from hubagent.uplink.standing_wishes import StandingWishes
from hubagent.uplink.translation import MEASUREMENTS, PRIVATE, Told, told, told_state
from hubagent.uplink.transports.port import ConnectFailed, Connection, Ear, Farewell, Lost, Transport
from hubagent.wishes import Wishes, WishRefused, worst_of

_log = logging.getLogger(__name__)

HEARD_MAX: Final = 10_000
"""Events that wait to be looked at; more than that at once is nonsense, and the oldest are dropped."""
TOGETHER_S: Final = 0.002
"""What happens at once (motion, a lamp, its report) is told together: a frame costs more than what is in it. And it is
told when the radio is done with it, not while the next report may come."""
ASKED_S: Final = 1.0
"""So long after a command of the cloud's what happens is told without that delay: there somebody waits for it."""
EARLY_MAX: Final = 256
"""Frames that a broker had kept, and delivers before anybody knows that there is a connection."""
_DULL: Final = (CommandSent, CommandAnswered, InterviewProgressed)
_OF_DEVICES: Final = (DeviceJoined, DeviceChanged, DeviceSilent, DeviceLeft)
_WHO_IS_THERE: Final = (DeviceLeft, DriverStatus)
"""After these somebody may be gone; a driver that starts says whom its radio network has."""


class Clock(Protocol):
    """What is known of the time."""

    def now(self) -> tuple[float, bool]:
        """Unix seconds, and whether that is sure."""
        ...

    def learned(self, unix: float) -> None:
        """From the cloud, over a verified connection."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What an uplink is made of, beside the home."""

    hub: str
    software: str
    outbox: Outbox
    transport: Callable[[str | None], Transport]
    """To the usual place, or to the `host:port` where the other side said to go."""
    clock: Clock
    rng: random.Random
    jobs: Mapping[str, Callable[[], None]]
    """What the cloud may ask of the hub itself, by kind."""
    is_commanded: Callable[[DeviceId], bool]
    """Whether something that somebody wants of a device is under way to it."""


class Uplink:
    """Made on a running loop, run by its owner."""

    def __init__(self, parts: Parts, home: Home, wishes: Wishes) -> None:
        self._parts = parts
        self._home = home
        self._wishes = wishes
        self._standing = StandingWishes(home, wishes, parts.is_commanded, self._wish_answered, self._wishes_ended)
        self._loop = asyncio.get_running_loop()
        self._connection: Connection | None = None
        self._ear = _Ear(_deaf)
        self._wanted = asyncio.Event()
        self._server: str | None = None
        self._heard: deque[tuple[float, Event]] = deque(maxlen=HEARD_MAX)
        self._look: asyncio.TimerHandle | None = None
        self._asked_until = float("-inf")
        """Until then somebody far away waits for what a device says."""
        self._readings = Readings()
        self._slow: set[str] = set()
        """Devices of which only measurements changed."""
        self._gather: asyncio.TimerHandle | None = None
        self.session = Session(
            parts.outbox,
            Surroundings(
                hub=parts.hub,
                software=parts.software,
                rng=parts.rng,
                view=self._view,
                clock=parts.clock.now,
                ready=lambda: self._connection is not None and self._connection.ready,
            ),
        )
        self._machine: RunningMachine[items.Item, items.Effect] = run_machine(self.session, self._perform)
        self._performers: Final[dict[type[Any], Callable[[Any], None]]] = {
            items.Send: self._send,
            items.Connect: self._connect,
            items.Close: lambda _effect: self._close(),
            items.Carry: self._carry,
            items.Adopt: lambda effect: self._standing.adopt(effect.version, effect.devices),
            items.ClockLearned: lambda effect: parts.clock.learned(effect.unix),
            items.Changed: lambda _effect: self._changed(),
        }
        parts.outbox.on_found = lambda: self._machine.feed(items.Found())
        self.report_all()

    async def run(self, *, wanted: bool = True) -> NoReturn:
        """Keep a connection, until cancelled; then say goodbye. Not `wanted`: not before `resume`."""
        if wanted:
            self._machine.feed(items.Begin())
        try:
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                await self._attempt()
        finally:
            if self._look is not None:
                self._look.cancel()
                self._look_at_heard()
            self._say_readings()
            self._machine.feed(items.Cut())
            self._machine.close()

    # What people may ask.

    def cut(self) -> None:
        """No connection until `resume`."""
        self._machine.feed(items.Cut())

    def resume(self) -> None:
        self._machine.feed(items.Begin())

    def report_all(self) -> None:
        """Tell the cloud of all devices anew."""
        self._machine.feed(items.DevicesWent())
        for device in self._home.devices.values():
            if device.parent is None:
                self._machine.feed(items.DeviceTouched(device.id))

    def status(self) -> dict[str, Any]:
        """For `hubagent uplink` and `doctor`."""
        session, outbox = self.session, self._parts.outbox
        kept = {name.value: count for name, (count, _size) in outbox.counts().items()}
        retry_at = session.retry_at
        return {
            "hub": self._parts.hub,
            "phase": session.phase.value,
            "way": self._connection.description if self._connection is not None else None,
            "trouble": session.lost.trouble.value if session.lost is not None else None,
            "detail": session.lost.detail if session.lost is not None else None,
            "retry_in_s": None if retry_at is None else round(max(0.0, retry_at - self._loop.time()), 1),
            "outbox": outbox.condition.value,
            "outbox_detail": outbox.condition_detail,
            "kept": kept,
            "under_way": session.under_way,
            "counts": session.counts,
        }

    # Hearing the home.

    def hear(self, event: Event, _previous: Previous) -> None:
        """Listen to a home, behind everybody who is in a hurry."""
        if isinstance(event, _DULL):
            return
        self._heard.append((self._parts.clock.now()[0], event))
        if self._look is None:
            now = self._loop.time()
            self._look = self._loop.call_at(now if now < self._asked_until else now + TOGETHER_S, self._look_at_heard)

    def _look_at_heard(self) -> None:
        self._look = None
        while self._heard:
            at, event = self._heard.popleft()
            if isinstance(event, StateReported):
                self._state(at, event)
                continue
            what = told(event)
            if what is not None:
                self._say(at, what)
            if isinstance(event, _OF_DEVICES):
                self._touch(event.device if isinstance(event.device, str) else event.device.id)
            if isinstance(event, _WHO_IS_THERE):
                self._readings.keep_only(self._home.devices)
                self._machine.feed(items.DevicesWent())
        self._report_dropped()

    def _state(self, at: float, event: StateReported) -> None:
        if event.capability in PRIVATE:
            return
        news = self._readings.changed(event.device, event.values)
        if not news:
            return
        if event.capability not in MEASUREMENTS:
            # First how it is, which somebody may be looking at; then that it changed.
            self._touch(event.device)
            self._say(at, told_state(event.device, event.capability, news))
            return
        self._readings.add(at, event.device, news)
        self._slow.add(event.device)
        if self._readings.full:
            self._say_readings()
        elif self._gather is None:
            self._gather = self._loop.call_later(GATHER_S, self._say_readings)

    def _say_readings(self) -> None:
        if self._gather is not None:
            self._gather.cancel()
            self._gather = None
        now = self._parts.clock.now()[0]
        while self._readings.waiting:
            self._say(now, (MessageClass.TELEMETRY, "readings", self._readings.take()))
        slow, self._slow = self._slow, set()
        for device in sorted(slow):
            self._touch(device)

    def _say(self, at: float, what: Told) -> None:
        message_class, kind, body = what
        self._machine.feed(items.Say(message_class, encode_content(at, kind, body)))

    def _touch(self, device: str) -> None:
        # A part that went is not known any more; the device that had it shows one less.
        whole, _, _ = device.partition("/")
        self._machine.feed(items.DeviceTouched(whole))

    def _view(self, device: str) -> Mapping[str, Any] | None:
        known = self._home.devices.get(device)
        if known is None or known.parent is not None:
            return None
        view = device_view(self._home, known)
        for part in (view, *view.get("endpoints", {}).values()):
            part["capabilities"] = {name: it for name, it in part["capabilities"].items() if name not in PRIVATE}
        return view

    def _report_dropped(self) -> None:
        for it in self._parts.outbox.take_dropped():
            body = {
                "class": it.message_class.value,
                "count": it.count,
                "since": it.since_at,
                "until": it.until_at,
            }
            _log.warning("the outbox was full: %d %s messages were dropped", it.count, it.message_class.value)
            self._say(self._parts.clock.now()[0], (MessageClass.EVENT, "dropped", body))

    # What the session wants.

    def _perform(self, effect: items.Effect) -> None:
        self._performers[type(effect)](effect)

    def _send(self, effect: items.Send) -> None:
        if self._connection is not None:
            self._connection.send(effect.channel, effect.payload)

    def _connect(self, effect: items.Connect) -> None:
        self._server = effect.server
        self._wanted.set()

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._ear.close()
            connection.close()

    def _changed(self) -> None:
        phase = self.session.phase
        lost = self.session.lost
        if phase is Phase.WAITING and lost is not None:
            _log.info("uplink: %s: %s", lost.trouble.value, lost.detail)
        else:
            _log.info("uplink: %s", phase.value)

    async def _attempt(self) -> None:
        if self._connection is not None or self.session.phase is not Phase.CONNECTING:
            return
        farewell = Farewell(Up.PRESENCE, encode(Offline(self._parts.hub, self._parts.outbox.boot)))
        ear = _Ear(self._from_connection)
        try:
            connection = await self._parts.transport(self._server).connect(ear, farewell)
        except ConnectFailed as failed:
            self._machine.feed(items.NotConnected(failed.lost))
            return
        self._connection, self._ear = connection, ear
        self._machine.feed(items.Connected(connection.limits))
        ear.open()

    def _from_connection(self, item: items.Item) -> None:
        if isinstance(item, items.NotConnected):
            self._connection = None
        self._machine.feed(item)

    # What the cloud wants.

    def _carry(self, effect: items.Carry) -> None:
        command = effect.command
        began = self._loop.time()
        self._asked_until = began + ASKED_S
        finish = partial(self._finish, command, began)
        if isinstance(command, Job):
            job = self._parts.jobs.get(command.kind)
            if job is None:
                finish("failed", f"there is no job {command.kind!r}; there are: {', '.join(sorted(self._parts.jobs))}")
                return
            job()
            finish("done", "")
            return
        try:
            self._wishes.set(command.device, command.set, partial(_finish_by_worst, finish))
        except WishRefused as refused:
            finish("refused", str(refused))

    def _finish(self, command: Command | Job, began: float, outcome: str, detail: str) -> None:
        body = {
            "id": command.id,
            "outcome": outcome,
            "detail": detail[:256],
            "ms": round((self._loop.time() - began) * 1000, 3),
        }
        content = encode_content(self._parts.clock.now()[0], "command", body)
        self._machine.feed(items.Answered(command.id, content))

    def _wish_answered(self, version: int, device: str, outcome: str, detail: str) -> None:
        body = {"version": version, "device": device, "outcome": outcome, "detail": detail[:256]}
        self._say(self._parts.clock.now()[0], (MessageClass.RESULT, "desired", body))

    def _wishes_ended(self, version: int) -> None:
        self._machine.feed(items.WishesEnded(version))


class _Ear(Ear):
    """Hears one connection: keeps what comes before the session knows of it, and is deaf once there is another."""

    def __init__(self, hear: Callable[[items.Item], None]) -> None:
        self._hear = hear
        self._early: list[items.Item] | None = []

    def open(self) -> None:
        """From now on everything is heard, beginning with what came already."""
        early, self._early = self._early or [], None
        for item in early:
            self._tell(item)

    def close(self) -> None:
        self._hear = _deaf

    def received(self, channel: str, payload: bytes) -> None:
        self._tell(items.Received(channel, payload))

    def writable(self) -> None:
        self._tell(items.Writable())

    def refused(self, channel: Up, reason: str) -> None:
        self._tell(items.Undelivered(channel, reason))

    def lost(self, lost: Lost) -> None:
        self._tell(items.NotConnected(lost))

    def _tell(self, item: items.Item) -> None:
        if self._early is None:
            self._hear(item)
        elif len(self._early) < EARLY_MAX or isinstance(item, items.NotConnected):
            self._early.append(item)


def _deaf(_item: items.Item) -> None: ...


def _finish_by_worst(finish: Callable[[str, str], None], answers: Sequence[CommandAnswered]) -> None:
    worst = worst_of(answers)
    finish(worst.outcome.value, worst.detail)
