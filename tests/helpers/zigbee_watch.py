"""What is watched in a bad Zigbee home, from outside the driver: what its devices were told, which buttons were pressed
and heard, the frame counters, the sizes of what could grow, and what is written into the log.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields
from types import TracebackType
from typing import Any, Final, Self

from drivers.zigbee.driver import DELIVERIES_MAX, ZigbeeDriver
from drivers.zigbee.exchange import IN_FLIGHT_MAX, QUEUE_MAX
from drivers.zigbee.ezsp.messaging import IncomingMessageHandler, MessageSentHandler
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.node import RECENT_MAX, VALUES_MAX, WAITING_MAX
from drivers.zigbee.sleepers import QUEUE_MAX as KEPT_MAX
from drivers.zigbee.throttle import HELD_MAX
from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.frame import ZclFrame
from hubagent.model.capabilities.switch import Press
from hubagent.model.event import ButtonPressed
from simulators.devices.remote import DOUBLE, HOLD, TRIPLE
from simulators.zigbee.memory import Memory
from simulators.zigbee.network import Network
from simulators.zigbee.node import SimulatedNode
from simulators.zigbee.radio import COORDINATOR, ApsMessage
from simulators.zigbee.traffic import UnicastOptions
from tests.helpers.memory_records import MemoryRecords

ECHO_S: Final = 10.0
"""So long a message with the same APS counter is the same message, heard twice: that is the air's doing."""
SAID_AGAIN_S: Final = 2.0
"""It takes a stick longer than that to give a message up, and the driver does not say it again before."""
ON_THE_WAY_MAX: Final = DELIVERIES_MAX + 200
"""Messages that the stick has taken: commands, questions, and answers to devices."""
STICK_KEY: Final = "stick"

Told = tuple[str, int, int, int, bytes]
"""A device, its end point, a cluster, a command's number and what it says."""


@dataclass(slots=True)
class _Hearing:
    """What a device heard of an errand last."""

    name: str
    cluster: int
    at: float
    counter: int
    """The APS frame's."""
    number: int
    """Of the transaction."""
    known: bool = False
    """The driver has been told that the device has it."""


class Errands:
    """What each device was told to do by the stick, and when; the same message heard twice counts once.

    So does what is said again because nobody told the driver that it had arrived: where both the stick's word and the
    device's answer stay on the way, or are lost with the stick's memory, no driver can know. That is never so at once.
    """

    def __init__(self) -> None:
        self._last: dict[Told, _Hearing] = {}
        self.done: dict[Told, list[float]] = {}
        self.sent: dict[Told, list[float]] = {}
        """When the stick began with it, whether it arrived or not."""
        self._loop = asyncio.get_running_loop()
        self._heard: dict[tuple[str, int, bytes], float] = {}

    def watch(self, name: str, node: SimulatedNode, asked: Callable[[], None]) -> None:
        """`asked` is called whenever the device has heard something, and may have answered, or says something."""
        receive, transmit = node.receive, node.transmit

        def overheard(message: ApsMessage) -> None:
            self._note(name, message)
            receive(message)
            asked()

        def said(message: ApsMessage) -> None:
            asked()
            transmit(message)

        node.receive = overheard  # type: ignore[method-assign]  # an ear at the device's antenna
        node.transmit = said  # type: ignore[method-assign]

    def watch_stick(self, network: Network) -> None:
        unicast = network.traffic.unicast

        def begins(message: ApsMessage, options: UnicastOptions, done: Callable[[bool], None]) -> None:
            station = network.station_at(message.destination)
            told = None if station is None else _told(station.name, message)
            if told is not None:
                self.sent.setdefault(told, []).append(self._loop.time())
            unicast(message, options, done)

        network.traffic.unicast = begins  # type: ignore[method-assign]  # an ear at the stick's antenna

    def _note(self, name: str, message: ApsMessage) -> None:
        if message.source != COORDINATOR or message.profile == 0:
            return
        now, key = self._loop.time(), (name, message.sequence, message.payload)
        known = self._heard.get(key)
        self._heard[key] = now
        if known is not None and now - known < ECHO_S:
            return
        try:
            frame = ZclFrame.from_bytes(message.payload)
        except MalformedFrame:
            return
        told = (name, message.destination_endpoint, message.cluster, frame.command, frame.payload)
        last = self._last.get(told)
        self._last[told] = _Hearing(name, message.cluster, now, message.sequence, frame.sequence)
        if last is None or last.known or now - last.at < SAID_AGAIN_S:
            self.done.setdefault(told, []).append(now)

    def listen_to(self, driver: ZigbeeDriver, name_of: Callable[[int], str | None]) -> None:
        """To what the driver hears: from whom, by its address, and of what it has sent. One at a time runs."""
        received, sent = driver.message_received, driver.message_sent

        def message_received(message: IncomingMessageHandler, received_at: float) -> None:
            self._answered(name_of(message.sender), message)
            received(message, received_at)

        def message_sent(message: MessageSentHandler) -> None:
            if Status(message.status).ok:
                arrived = name_of(message.index_or_destination), message.aps_frame.sequence
                for hearing in self._last.values():
                    hearing.known |= (hearing.name, hearing.counter) == arrived
            sent(message)

        driver.message_received = message_received  # type: ignore[method-assign]  # an ear at the driver's door
        driver.message_sent = message_sent  # type: ignore[method-assign]

    def _answered(self, name: str | None, message: IncomingMessageHandler) -> None:
        aps = message.aps_frame
        if aps.profile_id == 0:
            return
        try:
            number = ZclFrame.from_bytes(message.message).sequence
        except MalformedFrame:
            return
        for hearing in self._last.values():
            hearing.known |= (hearing.name, hearing.cluster, hearing.number) == (name, aps.cluster_id, number)


def _told(name: str, message: ApsMessage) -> Told | None:
    """What a device is told to do by a message, if it is one of an application's."""
    if message.profile == 0:
        return None
    try:
        frame = ZclFrame.from_bytes(message.payload)
    except MalformedFrame:
        return None
    return name, message.destination_endpoint, message.cluster, frame.command, frame.payload


class Buttons:
    """What was done to the buttons of a remote, and what was heard of it."""

    def __init__(self) -> None:
        self.done: Counter[tuple[int, Press]] = Counter()
        self.heard: Counter[tuple[int, Press]] = Counter()
        self.problems: list[str] = []

    def pressed(self, button: int, gesture: str) -> None:
        """What a finger did, as the simulated remotes tell it: what is pressed twice is sent twice."""
        if gesture == HOLD:
            self.done[button, Press.HOLD] += 1
            self.done[button, Press.RELEASE] += 1
        else:
            self.done[button, Press.SINGLE] += {DOUBLE: 2, TRIPLE: 3}.get(gesture, 1)

    def told(self, event: ButtonPressed) -> None:
        key = (event.button, event.press)
        self.heard[key] += 1
        if self.heard[key] > self.done[key]:
            self.problems.append(
                f"button {event.button} was heard {self.heard[key]} times ({event.press.value}), "
                f"and pressed {self.done[key]} times"
            )

    def missing(self, before: "Buttons") -> list[str]:
        """What has been done and not been heard since then."""
        done, heard = self.done - before.done, self.heard - before.heard
        return [
            f"button {button} was pressed {times} times ({press.value}) on a sound air, and heard {heard[key]} times"
            for key, times in done.items()
            for button, press in (key,)
            if heard[key] < times
        ]

    def copy(self) -> "Buttons":
        other = Buttons()
        other.done, other.heard = self.done.copy(), self.heard.copy()
        return other


class FrameCounters:
    """The stick's on the air, and what the driver keeps of it."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._on_air = -1
        self._kept = -1

    def used(self, counter: int) -> None:
        if counter <= self._on_air:
            self.problems.append(f"the frame counter goes back from {self._on_air} to {counter}")
        self._on_air = counter

    def kept(self, counter: int) -> None:
        if counter < self._kept:
            self.problems.append(f"the frame counter that is kept goes back from {self._kept} to {counter}")
        self._kept = counter


class WatchedMemory(Memory):
    """The stick's, with an ear at its antenna."""

    counters: FrameCounters

    @classmethod
    def of(cls, memory: Memory, counters: FrameCounters) -> Self:
        watched = cls(**{field.name: getattr(memory, field.name) for field in fields(memory)})
        watched.counters = counters
        return watched

    def count_nwk(self) -> int:
        counter = super().count_nwk()
        self.counters.used(counter)
        return counter


class WatchedRecords(MemoryRecords):
    def __init__(self, counters: FrameCounters) -> None:
        super().__init__()
        self._counters = counters

    def put(self, key: str, record: Mapping[str, Any]) -> None:
        super().put(key, record)
        if key == STICK_KEY:
            self._counters.kept(record["network_counter"])


class SecretsInLog(logging.Handler):
    """Reads everything that is logged, however unimportant."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.problems: list[str] = []
        self._secrets: dict[str, str] = {}
        self._root = logging.getLogger()
        self._level = self._root.level

    def add(self, name: str, secret: bytes) -> None:
        """In any form in which bytes are written."""
        numbers = ", ".join(str(byte) for byte in secret)
        forms = (secret.hex(), secret.hex(":"), secret.hex(" "), repr(secret)[2:-1], numbers, str(secret, "latin-1"))
        self._secrets |= {form.lower(): name for form in forms}

    def search(self, text: str, where: str) -> None:
        text = text.lower()
        for form, name in self._secrets.items():
            if form in text:
                self.problems.append(f"{name} is in {where}: {text[:200]}")

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info:
            text += logging.Formatter().formatException(record.exc_info)
        self.search(text, "the log")

    def __enter__(self) -> Self:
        self._root.addHandler(self)
        self._root.setLevel(logging.DEBUG)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._root.removeHandler(self)
        self._root.setLevel(self._level)


# --- what could grow


def oversized(driver: ZigbeeDriver) -> Iterable[str]:
    """What is larger than it may ever be."""
    for what, size, most in _sizes(driver):
        if size > most:
            yield f"there are {size} {what}, and there may be {most}"


def _sizes(driver: ZigbeeDriver) -> Iterable[tuple[str, int, int]]:
    nodes = driver.registry.nodes.values()
    yield "deliveries", driver._under_way, DELIVERIES_MAX
    if driver.coordinator is not None:
        yield "calls that wait", driver.coordinator._exchanges.queued, QUEUE_MAX
        yield "calls in flight", len(driver.coordinator._exchanges._flights), IN_FLIGHT_MAX
    for node in nodes:
        yield f"messages remembered of {node.device}", len(node._recent), RECENT_MAX
        yield f"attributes remembered of {node.device}", len(node._said), VALUES_MAX
        # Beside the questions there are the commands under way.
        yield f"answers awaited of {node.device}", len(node.waiting), WAITING_MAX + DELIVERIES_MAX
    parts = driver.parts
    if parts is not None:
        yield "messages on the way", parts.radio.under_way, ON_THE_WAY_MAX
        yield "messages without room", len(parts.radio._held.waiting), HELD_MAX
        yield "strangers", len(parts.arrivals._strangers), 16
        yield "addresses that were asked", len(parts.arrivals._asked_at), 16
        yield "tasks", len(parts.tasks._tasks), 10 + 3 * len(nodes) + DELIVERIES_MAX
        for eui64, queue in parts.sleepers._queues.items():
            yield f"wishes kept for {eui64:016x}", len(queue), KEPT_MAX


def unfinished(driver: ZigbeeDriver) -> list[str]:
    """What should have come to its end long ago."""
    parts, coordinator = driver.parts, driver.coordinator
    if parts is None or coordinator is None:
        return ["the driver is not in use"]
    sizes = (
        ("deliveries", driver._under_way),
        ("deliveries by device", len(driver._deliveries)),
        ("wishes kept for sleepers", sum(len(queue) for queue in parts.sleepers._queues.values())),
        ("devices that are leaving", len(parts.arrivals._leaving)),
        ("devices that joined and did not say where", len(parts.arrivals._joined)),
        ("pairings", int(driver.pairing._events is not None)),
    )
    return [f"there are still {size} {what}" for what, size in sizes if size]


def busy_with(driver: ZigbeeDriver) -> dict[Hashable, str]:
    """What a driver may begin by itself at any moment, and has to end: questions, messages, interviews.

    Each by what it is, not by its number: a message is another one than that of a minute ago.
    """
    nodes, parts = driver.registry.nodes.values(), driver.parts
    busy: dict[Hashable, str] = {}
    for node in nodes:
        busy |= {waiting: f"{node.device} is still asked: {waiting}" for waiting in node.waiting.values()}
    if parts is not None:
        messages = [*parts.radio._under_way.values(), *(item for *_, item in parts.radio._held.waiting)]
        busy |= {message: f"a message to {message.node.device} is still on its way" for message in messages}
        busy |= {task: f"there is still a {task.get_name()}" for task in parts.interviewing._running.values()}
        busy |= {node: f"{node.node_id:04x} is still asked who it is" for node in parts.arrivals._strangers.values()}
    return busy
