"""Speaking to nodes: a transmission with its outcome, a question with its answer.

`Radio` stands between the controller, which knows no nodes, and those who want something of a node: deliveries, the
interview, the driver's own checks. What it learns on the way (acknowledged or not) it tells the node.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from drivers.zwave.command_classes.command import Command
from drivers.zwave.controller import Controller
from drivers.zwave.encapsulation.chain import wrap
from drivers.zwave.encapsulation.envelope import PLAIN, Envelope
from drivers.zwave.exchange import (
    Aborted,
    Answer,
    Answered,
    Call,
    Cancelled,
    ControllerRestarted,
    Dropped,
    LinkFailed,
    NoCallback,
    NoResponse,
    PortLost,
    Priority,
)
from drivers.zwave.node import Node
from drivers.zwave.serial_api.send_data import TransmitStatus
from drivers.zwave.turns import Turns
from hubagent.model.driver import DeviceUnreachable, DriverUnavailable

REPORT_S = 2.0
"""How long after its acknowledged question a node may take to answer; routes over four hops stay within it."""
QUESTIONS = 2
"""How often a question is asked that was acknowledged and not answered."""
TRANSMISSIONS = 3
"""How often a node that should hear is sent the same before it is given up."""

_Answer = TypeVar("_Answer", bound=Command)


class Sent(Enum):
    """What became of one transmission."""

    ACKNOWLEDGED = "the node has it"
    UNACKNOWLEDGED = "the node did not acknowledge it"
    NOT_SENT = "the stick did not send it"


@dataclass(frozen=True, slots=True)
class Transmission:
    sent: Sent
    detail: str = ""


def outcome_of(answer: Answer) -> Transmission:
    """What an answer of the Serial API says of the transmission that it belongs to."""
    if not isinstance(answer, Answered):
        return Transmission(Sent.NOT_SENT, _trouble(answer))
    status = getattr(answer.callback, "status", TransmitStatus.OK)
    if status == TransmitStatus.OK:
        return Transmission(Sent.ACKNOWLEDGED)
    if status == TransmitStatus.FAIL and not getattr(answer.callback, "ticks", None):
        # With a time it was on the air, and nobody took it (zwave-js issue 6199).
        return Transmission(Sent.NOT_SENT, "the radio is jammed")
    return Transmission(Sent.UNACKNOWLEDGED, f"no acknowledgement from the node ({status.name})")


def _trouble(answer: Answer) -> str:
    """Why the stick did not send it, for people."""
    if isinstance(answer, PortLost | LinkFailed | NoResponse | ControllerRestarted) and getattr(
        answer, "maybe_done", True
    ):
        return "the stick went out of reach; the command may have been sent all the same"
    if isinstance(answer, PortLost | LinkFailed | Dropped):
        return "the stick is out of reach; is it plugged in? `hubagent doctor` tells more"
    if isinstance(answer, NoCallback | Aborted):
        return "the stick did not say what became of it"
    if isinstance(answer, Cancelled):
        return "it was taken back"
    return "the stick refuses to send it"


class Radio:
    """One for all nodes. `presence_changed` hears when a transmission made a node dead, alive or asleep."""

    def __init__(self, controller: Controller, presence_changed: Callable[[Node], None]) -> None:
        self._controller = controller
        self._presence_changed = presence_changed
        self._loop = asyncio.get_running_loop()
        self._unhurried = Turns()

    def _turn(self, node: Node, priority: Priority) -> AbstractAsyncContextManager[object]:
        """Interviews and polls ask one question at a time, of all nodes: the next one would only collide with the
        answer to the last, on the air and on the wire (a CAN, and 100 ms for nothing). The others do not wait.

        A node that will soon sleep goes first; one that is woken by a beam, a second for each word, last.
        """
        if priority < Priority.INTERVIEW:
            return nullcontext()
        return self._unhurried.turn(0 if node.record.sleeps else 2 if node.record.frequently_listening else 1, priority)

    def submit(
        self,
        node: Node,
        data: bytes,
        priority: Priority,
        done: Callable[[Transmission], None],
        written: Callable[[], None] | None = None,
    ) -> Call:
        """Send, at once where the link is free; `done` is called exactly once."""

        def answered(answer: Answer) -> None:
            transmission = outcome_of(answer)
            if isinstance(answer, Answered):
                node.last_callback = answer.callback
            if transmission.sent is not Sent.NOT_SENT:
                before = node.presence
                acknowledged = transmission.sent is Sent.ACKNOWLEDGED
                node.transmitted(acknowledged=acknowledged)
                if acknowledged:
                    node.heard_at = self._loop.time()
                if node.presence is not before:
                    self._presence_changed(node)
            done(transmission)

        call = Call(self._controller.send_data(node.node_id, data), priority, answered, written)
        self._controller.submit(call)
        return call

    def gone_silent(self, node: Node) -> None:
        """It has said nothing for too long."""
        if not node.dead:
            node.dead = True
            self._presence_changed(node)

    async def transmit(self, node: Node, data: bytes, priority: Priority) -> Transmission:
        """One transmission, waited for; taken back when the waiting is cancelled."""
        future: asyncio.Future[Transmission] = self._loop.create_future()
        call = self.submit(node, data, priority, lambda sent: None if future.done() else future.set_result(sent))
        try:
            return await future
        finally:
            if future.cancelled():
                self._controller.cancel(call)

    async def deliver(self, node: Node, data: bytes, priority: Priority) -> Transmission:
        """Transmit, again if need be, until the node has it or is given up."""
        attempts = TRANSMISSIONS if node.reachable and not node.dead and not node.record.sleeps else 1
        transmission = await self.transmit(node, data, priority)
        while transmission.sent is Sent.UNACKNOWLEDGED and attempts > 1:
            attempts -= 1
            transmission = await self.transmit(node, data, priority)
        return transmission

    async def tell(self, node: Node, command: Command, envelope: Envelope, priority: Priority) -> None:
        """Raises DeviceUnreachable or DriverUnavailable where the node did not get it."""
        transmission = await self.deliver(node, wrap(command, envelope), priority)
        if transmission.sent is Sent.NOT_SENT:
            raise DriverUnavailable(transmission.detail)
        if transmission.sent is Sent.UNACKNOWLEDGED:
            raise DeviceUnreachable(f"node {node.node_id}: {transmission.detail}")

    async def ask(
        self,
        node: Node,
        get: Command,
        expected: type[_Answer],
        matches: Callable[[_Answer], bool] | None = None,
        envelope: Envelope = PLAIN,
        priority: Priority = Priority.INTERVIEW,
    ) -> _Answer | None:
        """The node's answer, or None where it has the question and does not answer. Raises as `tell` does."""
        async with node.questions:
            answer = node.wait_for(expected, envelope.endpoint, matches)
            try:
                for _ in range(QUESTIONS):
                    async with self._turn(node, priority):
                        await self.tell(node, get, envelope, priority)
                        try:
                            async with asyncio.timeout(REPORT_S):
                                return await asyncio.shield(answer)
                        except TimeoutError:
                            continue
                return None
            finally:
                node.stop_waiting(answer)
                answer.cancel()
