"""Sending to nodes: one message with its outcome, to one or to many, no faster than stick and air can take it.

`Radio` stands between the coordinator, which knows no nodes, and those who want something of a node. What it learns
on the way (acknowledged or not) it tells the node. Questions with answers are `questions`'.
"""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from drivers.zigbee.coordinator import Coordinator
from drivers.zigbee.exchange import Answer, Answered, Cancelled, Dropped, PortLost, Priority, StickReset, TimedOut
from drivers.zigbee.ezsp.messaging import (
    MessageSentHandler,
    SendBroadcast,
    SendMulticast,
    SendUnicast,
    SendUnicastResponse,
)
from drivers.zigbee.ezsp.status import SL_STATUS_SINCE, Status
from drivers.zigbee.ezsp.structures import ApsFrame
from drivers.zigbee.ezsp.types import ApsOption, OutgoingType
from drivers.zigbee.node import Node
from drivers.zigbee.node_record import UNKNOWN_NODE_ID
from drivers.zigbee.throttle import BroadcastBudget, Held
from drivers.zigbee.wire import MalformedFrame
from hubagent.model.driver import DriverUnavailable

SENT_S: Final = 20.0
SENT_TO_SLEEPER_S: Final = 60.0
"""How long the stick may take to say what became of a message; then the saying of it was lost."""
UNDER_WAY_MAX: Final = 250
"""Messages at a time: each has a number of its own, and old firmware has 255 of them."""
SWEEP_S: Final = 5.0
"""Between two looks for such messages."""

OPTIONS: Final = int(ApsOption.RETRY | ApsOption.ENABLE_ROUTE_DISCOVERY | ApsOption.ENABLE_ADDRESS_DISCOVERY)
"""Acknowledged end to end, and sent up to three times before that is given up."""
OPTIONS_NEW_ROUTE: Final = OPTIONS | ApsOption.FORCE_ROUTE_DISCOVERY

_BUSY: Final = frozenset(
    (
        Status.BUSY,
        Status.ALLOCATION_FAILED,
        Status.NO_MORE_RESOURCE,
        Status.FULL,
        Status.MAC_TRANSMIT_QUEUE_FULL,
        Status.TRANSMIT_BUSY,
        Status.ZIGBEE_MAX_MESSAGE_LIMIT_REACHED,
    )
)
"""Not now, but soon."""


class Sent(Enum):
    """What became of one message."""

    ACKNOWLEDGED = "the node has it"
    UNACKNOWLEDGED = "the node did not acknowledge it"
    NOT_SENT = "the stick did not send it"


@dataclass(frozen=True, slots=True)
class Transmission:
    sent: Sent
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """Which of a node's applications, about what."""

    profile: int
    cluster: int
    endpoint: int
    source: int
    """Our own end point."""
    _frames: dict[int, ApsFrame] = field(default_factory=dict, repr=False, compare=False)
    """By APS options, made once: an address is used again and again."""

    def frame(self, options: int) -> ApsFrame:
        known = self._frames.get(options)
        if known is None:
            known = ApsFrame(self.profile, self.cluster, self.source, self.endpoint, options)
            self._frames[options] = known
        return known


ACKNOWLEDGED: Final = Transmission(Sent.ACKNOWLEDGED)
POINTLESS: Final = Transmission(Sent.NOT_SENT, "a newer command took its place before the stick had room for it")
NOT_SAID: Final = Transmission(Sent.UNACKNOWLEDGED, "the stick did not say what became of it")


@dataclass(eq=False, slots=True)
class _Message:
    """On its way."""

    node: Node
    address: Address
    data: bytes
    priority: Priority
    done: Callable[[Transmission], None]
    written: Callable[[], None] | None
    options: int
    deadline: float = math.inf
    since: float = field(default=0.0)
    """When it was first tried; for one that the stick has no room for."""
    wanted: Callable[[], bool] | None = None
    """Asked where it had to wait for room: it may be pointless by then."""


class Radio:
    """One for all nodes. `presence_changed` hears when a message made a node silent, alive, asleep or awake."""

    def __init__(self, coordinator: Coordinator, presence_changed: Callable[[Node], None]) -> None:
        self._coordinator = coordinator
        self._presence_changed = presence_changed
        self._loop = asyncio.get_running_loop()
        self._under_way: dict[int, _Message] = {}
        """By message tag."""
        self._tag = 0
        self._sweeper: asyncio.TimerHandle | None = None
        self._held: Held[_Message] = Held(self._loop, self._send_held, self._given_up)
        self._budget = BroadcastBudget(self._loop)

    @property
    def under_way(self) -> int:
        return len(self._under_way)

    def now(self) -> float:
        return self._loop.time()

    def submit(
        self,
        node: Node,
        address: Address,
        data: bytes,
        priority: Priority,
        done: Callable[[Transmission], None],
        written: Callable[[], None] | None = None,
        *,
        new_route: bool = False,
        wanted: Callable[[], bool] | None = None,
    ) -> None:
        """Send, at once where the link is free; `done` is called exactly once.

        `wanted` is asked before it is sent after a while, where the stick had no room for it.
        """
        options = OPTIONS_NEW_ROUTE if new_route else OPTIONS
        message = _Message(node, address, data, priority, done, written, options, wanted=wanted)
        if self._held.waiting:
            message.since = self._loop.time()
            self._held.put(message, priority)
        else:
            self._send(message)

    def _send(self, message: _Message) -> None:
        node_id = message.node.record.node_id
        if node_id == UNKNOWN_NODE_ID:
            message.done(Transmission(Sent.UNACKNOWLEDGED, "its address in the network is not known now"))
            return
        if len(self._under_way) >= UNDER_WAY_MAX:
            message.since = message.since or self._loop.time()
            self._held.put(message, message.priority, since=message.since)
            return
        tag = self._next_tag()
        self._under_way[tag] = message
        self._coordinator.submit(
            SendUnicast(OutgoingType.DIRECT, node_id, message.address.frame(message.options), tag, message.data),
            message.priority,
            lambda answer: self._answered(tag, message, answer),
            message.written,
        )
        # What is only needed for the outcome is made when the message has left.
        message.written = None
        message.since = message.since or self._loop.time()

    def _send_held(self, message: _Message) -> None:
        if message.wanted is None or message.wanted():
            self._send(message)
        else:
            message.done(POINTLESS)

    def _next_tag(self) -> int:
        most = 0xFFFF if self._coordinator.version >= SL_STATUS_SINCE else 0xFF
        for _ in range(most):
            self._tag = self._tag % most + 1
            if self._tag not in self._under_way:
                break
        return self._tag

    def _answered(self, tag: int, message: _Message, answer: Answer) -> None:
        """Whether the stick took it. What became of it then is `message_sent`'s."""
        if self._under_way.get(tag) is not message:
            return
        if not isinstance(answer, Answered):
            self._end(tag, Transmission(Sent.NOT_SENT, trouble_text(answer)))
            return
        status = self._status_of(answer)
        if status.ok:
            # From now on it is the stick's to say, and not before: its link may have been away for a while.
            self._expect_word(message)
        elif status in _BUSY:
            del self._under_way[tag]
            self._held.put(message, message.priority, since=message.since)
        else:
            self._end(tag, Transmission(Sent.NOT_SENT, refusal_text(status)))

    def _expect_word(self, message: _Message) -> None:
        """Of what became of it, within a time."""
        message.deadline = self._loop.time() + (SENT_TO_SLEEPER_S if message.node.record.sleeps else SENT_S)
        if self._sweeper is None:
            self._sweeper = self._loop.call_later(SWEEP_S, self._sweep)

    def _status_of(self, answer: Answered) -> Status:
        if answer.frame_id != SendUnicast.ID:
            return Status.COMMAND_IS_INVALID
        try:
            return SendUnicastResponse.from_bytes(answer.payload, self._coordinator.version).status
        except MalformedFrame:
            # It may have been sent: what became of it will be told, or not.
            return Status.OK

    def message_sent(self, sent: MessageSentHandler) -> None:
        """The stick says what became of a message."""
        if sent.message_tag in self._under_way:
            arrived = Status(sent.status).ok
            self._end(sent.message_tag, ACKNOWLEDGED if arrived else _not_delivered(sent.status))
        self._held.room()

    def _end(self, tag: int, transmission: Transmission) -> None:
        message = self._under_way.pop(tag)
        if transmission.sent is not Sent.NOT_SENT:
            self._tell_node(message.node, arrived=transmission.sent is Sent.ACKNOWLEDGED)
        message.done(transmission)

    def _tell_node(self, node: Node, *, arrived: bool) -> None:
        before = node.presence
        node.delivered(arrived=arrived)
        if node.presence is not before:
            self._presence_changed(node)

    def gone_silent(self, node: Node) -> None:
        """It has said nothing for too long."""
        if not node.silent:
            node.silent = True
            self._presence_changed(node)

    def _given_up(self, message: _Message) -> None:
        message.done(Transmission(Sent.NOT_SENT, "the stick has too much to send; try again"))

    def _sweep(self) -> None:
        self._sweeper = None
        now = self._loop.time()
        for tag in [tag for tag, message in self._under_way.items() if now >= message.deadline]:
            message = self._under_way[tag]
            if message.node.heard_at > message.since:
                # It is the stick that does not speak, and not the node.
                del self._under_way[tag]
                message.done(NOT_SAID)
            else:
                self._end(tag, NOT_SAID)
        if self._under_way:
            self._sweeper = self._loop.call_later(SWEEP_S, self._sweep)

    def stick_restarted(self) -> None:
        """What the stick had taken is forgotten; what it had not got yet is still queued, or was answered."""
        self._forget(math.inf)

    def close(self) -> None:
        """Nothing more is sent, and nobody waits."""
        self._forget(None)
        self._held.close()
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None

    def _forget(self, but_due_at: float | None) -> None:
        for tag in [tag for tag, message in self._under_way.items() if message.deadline != but_due_at]:
            if tag in self._under_way:
                self._end(tag, Transmission(Sent.NOT_SENT, trouble_text(StickReset(maybe_done=True))))

    async def transmit(
        self,
        node: Node,
        address: Address,
        data: bytes,
        priority: Priority,
        answer: "asyncio.Future[Any]",
        *,
        new_route: bool = False,
    ) -> Transmission:
        """One message, waited for. `answer` is what the node may say to it."""
        future: asyncio.Future[Transmission] = self._loop.create_future()

        def done(transmission: Transmission) -> None:
            if not future.done():
                future.set_result(transmission)

        self.submit(node, address, data, priority, done, new_route=new_route)
        return await fate_of(future, answer)

    async def deliver(
        self, node: Node, address: Address, data: bytes, priority: Priority, answer: "asyncio.Future[Any]"
    ) -> Transmission:
        """Send; once more on a new route where it did not arrive and the node should hear."""
        transmission = await self.transmit(node, address, data, priority, answer)
        if transmission.sent is Sent.UNACKNOWLEDGED and not node.record.sleeps:
            transmission = await self.transmit(node, address, data, priority, answer, new_route=True)
        return transmission

    async def broadcast(
        self, destination: int, address: Address, data: bytes, priority: Priority = Priority.CONTROLLER
    ) -> None:
        """To all, or all of a kind (`ezsp.types.BROADCAST_...`). Raises DriverUnavailable."""
        await self._to_many(lambda: SendBroadcast(destination, address.frame(ApsOption.NONE), data), priority)

    async def multicast(self, group: int, address: Address, data: bytes, priority: Priority = Priority.COMMAND) -> None:
        """To a group. Raises DriverUnavailable."""
        frame = ApsFrame(
            address.profile, address.cluster, address.source, address.endpoint, ApsOption.NONE, group_id=group
        )
        await self._to_many(lambda: SendMulticast(frame, data), priority)

    async def _to_many(self, command: Callable[[], Any], priority: Priority) -> None:
        for _ in range(3):
            await self._budget.turn()
            status = Status((await self._coordinator.ask(command(), priority)).status)
            if status.ok:
                return
            if status not in _BUSY:
                raise DriverUnavailable(refusal_text(status))
            self._budget.exhausted()
        raise DriverUnavailable("the stick has too much to send; try again")


async def fate_of(sent: "asyncio.Future[Transmission]", answer: "asyncio.Future[Any]") -> Transmission:
    """What became of a message. An answer shows that it arrived, whatever the stick says of it, and whenever."""
    await asyncio.wait((sent, answer), return_when=asyncio.FIRST_COMPLETED)
    return ACKNOWLEDGED if answer.done() else sent.result()


def _not_delivered(status: int) -> Transmission:
    return Transmission(Sent.UNACKNOWLEDGED, f"no acknowledgement from the device ({Status(status).name})")


def refusal_text(status: Status) -> str:
    """Why the stick will not send, for people."""
    if status in (Status.NETWORK_DOWN, Status.NOT_JOINED):
        return "the stick is in no network just now"
    if status is Status.MESSAGE_TOO_LONG:
        return "the message is too long for one frame"
    return f"the stick refuses to send it ({status.name})"


def trouble_text(answer: Answer) -> str:
    """Why the stick did not send it, for people."""
    if isinstance(answer, StickReset | PortLost) and answer.maybe_done:
        return "the stick went out of reach; the command may have been sent all the same"
    if isinstance(answer, StickReset | PortLost | Dropped):
        return "the stick is out of reach; is it plugged in? `hubagent doctor` tells more"
    if isinstance(answer, TimedOut):
        return "the stick did not say what became of it"
    if isinstance(answer, Cancelled):
        return "it was taken back"
    return "the stick refuses to send it"
