"""A wish on its way to a node, until its outcome is known.

The first message leaves within `start`; everything after it may take its time. A node answers a command with a status
(ZCL8 §2.5.12, default response) and is then, if it does not report by itself, asked for its state, because a state is
only what a device reports. Nothing is confirmed before the home has heard it.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from drivers.wish import NEWER, SETTLE_S, Wish
from drivers.zigbee.capabilities.table import offers
from drivers.zigbee.capabilities.translation import Plan
from drivers.zigbee.exchange import Priority
from drivers.zigbee.node import Node
from drivers.zigbee.questions import Questions, address_of, status_in
from drivers.zigbee.radio import ACKNOWLEDGED, Radio, Sent, Transmission, fate_of
from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import ZclStatus
from hubagent.model.capabilities.level_control import LEVEL_CONTROL
from hubagent.model.capability import Command
from hubagent.model.device import DeviceId
from hubagent.model.driver import DeviceUnreachable, DriverUnavailable
from hubagent.model.event import Cause, CommandAnswered, Outcome

STATUS_S: Final = 5.0
"""How long a node may take to say what it makes of a command that it acknowledged."""
LATE_ANSWER_S: Final = 0.5
"""How long a device that has said something may take to answer what it was thought not to have got."""
_PASSED_BY: Final = frozenset(("level", "position", "tilt", "hue", "saturation", "color_temperature"))
"""Where a device may be seen on its way to somewhere else: where an older command, a remote or a hand has sent it."""


class Delivery(Wish[Plan]):
    """One wish for one part of a device."""

    def __init__(
        self,
        node: Node,
        part: int,
        device: DeviceId,
        wish: Command,
        plan: Plan,
        cause: Cause,
        finished: Callable[[CommandAnswered], None],
        earlier: "Delivery | None" = None,
    ) -> None:
        """`earlier` has tried it already, in vain."""
        super().__init__(device, wish, cause, plan, finished, None if earlier is None else earlier.number)
        self.node = node
        self._part = part
        self.was_tried = earlier is not None
        self._earlier = earlier
        self._fate: Transmission | None = None
        """What became of the first message."""
        self._first: asyncio.Future[Transmission] | None = None
        self._status: asyncio.Future[ZclFrame] | None = None
        """What the node answers to the first command."""
        self._data = b""
        self._sequence = 0
        self._arrived = False
        self._landed: asyncio.Event | None = None
        """There once it was sent."""

    @property
    def may_be_answered(self) -> bool:
        """It was tried before, and may have arrived all the same: the answer may be on its way."""
        return self._earlier is not None and self._earlier._status is not None and not self._earlier._status.done()

    async def earlier_answer(self) -> None:
        """What a device that sleeps has just got from its parent it answers one by one: wait a moment for it."""
        if self.may_be_answered:
            assert self._earlier is not None
            assert self._earlier._status is not None
            await asyncio.wait((self._earlier._status,), timeout=LATE_ANSWER_S)

    @property
    def started(self) -> bool:
        return self._first is not None

    @property
    def in_the_air(self) -> bool:
        """The stick may be sending it still, or sending it again."""
        return self._landed is not None and not self._landed.is_set()

    async def landed(self) -> None:
        """It is in the air no more: the device has it, or the stick has given up."""
        if self._landed is not None:
            await self._landed.wait()

    def start(self, radio: Radio, written: Callable[[], None] | None) -> None:
        """Send the first command: in this very step where the link is free."""
        if self._earlier is not None and self._take_up(self._earlier):
            return
        node, command = self.node, self._plan.commands[0]
        self._sequence = node.next_sequence()
        self._data = command.frame(self._sequence).to_bytes()
        address = address_of(node, command.endpoint, command.cluster)

        def left() -> None:
            # What was reported before has nothing to do with it.
            self._reported.clear()
            if written is not None:
                written()

        radio.submit(node, address, self._data, Priority.COMMAND, self._sent, left, wanted=self._is_wanted)
        # What is only needed for the answer is made when the command has left.
        self._first = asyncio.get_running_loop().create_future()
        self._landed = asyncio.Event()
        specific = isinstance(command.command, ClusterCommand)
        self._status = node.wait_for(
            self._sequence, command.cluster, specific=specific, command=command.command.COMMAND
        )
        if self._fate is not None:
            self._first.set_result(self._fate)

    def _is_wanted(self) -> bool:
        return not self.overtaken

    def _take_up(self, earlier: "Delivery") -> bool:
        """What was given up may have arrived all the same, and been answered: then it is not said again."""
        self._earlier = None
        if earlier._status is None or not earlier._status.done():
            earlier.forget()
            return False
        self._sequence, self._status, self._first = earlier._sequence, earlier._status, earlier._first
        return True

    def forget(self) -> None:
        """No answer is awaited any more."""
        self.node.stop_waiting(self._sequence)

    def _sent(self, transmission: Transmission) -> None:
        self._fate = transmission
        if self._first is not None and not self._first.done():
            self._first.set_result(transmission)

    def answer(self, outcome: Outcome, detail: str = "") -> None:
        if self.outcome is None and self._earlier is not None:
            self._earlier.forget()
        super().answer(outcome, detail)

    def again(self, finished: Callable[[CommandAnswered], None]) -> "Delivery":
        """The same wish from the beginning, for a node that slept."""
        return Delivery(self.node, self._part, self.device, self.wish, self._plan, self.cause, finished, self)

    async def follow(self, radio: Radio, questions: Questions) -> None:
        """See it through: until `finished` has been called."""
        assert self._first is not None, "started first"
        try:
            transmission = await self._arrival(radio, self._first)
            self._land()
            await self._follow(questions, transmission)
        except DeviceUnreachable as error:
            if self._arrived:
                self.answer(Outcome.DELIVERED, "the device has it, and does not answer to what came of it")
            self.answer(Outcome.UNREACHABLE, str(error))
        except DriverUnavailable as error:
            self.answer(Outcome.FAILED, str(error))
        finally:
            self._land()
            if self.outcome is not Outcome.WAITING:
                self.forget()

    def _land(self) -> None:
        if self._landed is not None:
            self._landed.set()

    async def _arrival(self, radio: Radio, first: "asyncio.Future[Transmission]") -> Transmission:
        assert self._status is not None
        transmission = await fate_of(first, self._status)
        if transmission.sent is Sent.UNACKNOWLEDGED and self._has_come_true() and not self._may_pass_by():
            return ACKNOWLEDGED
        if transmission.sent is Sent.UNACKNOWLEDGED and not self.node.record.sleeps and not self.overtaken:
            # The same sequence number: a node that did get the first one knows the second for what it is.
            command = self._plan.commands[0]
            address = address_of(self.node, command.endpoint, command.cluster)
            transmission = await radio.transmit(
                self.node, address, self._data, Priority.COMMAND, self._status, new_route=True
            )
        return transmission

    async def _follow(self, questions: Questions, transmission: Transmission) -> None:
        assert self._status is not None
        if transmission.sent is Sent.NOT_SENT:
            self.answer(Outcome.FAILED, transmission.detail)
            return
        if transmission.sent is Sent.UNACKNOWLEDGED:
            if self.overtaken:
                self.answer(Outcome.FAILED, NEWER)
            elif self.node.record.sleeps:
                self.answer(Outcome.WAITING, "the device sleeps; the command goes out when it is heard")
            else:
                self.answer(Outcome.UNREACHABLE, f"the device does not answer ({transmission.detail})")
            return
        self._arrived = True
        status = await self._answered()
        for command in self._plan.commands[1:]:
            if status in (None, ZclStatus.SUCCESS):
                status = await questions.tell(self.node, command, Priority.COMMAND)
        if status not in (None, ZclStatus.SUCCESS):
            self.answer(Outcome.REFUSED, f"the device answers {_status_text(status)}")
            return
        await self._check(lambda: self._read(questions), confirmed=status is not None, settle_s=SETTLE_S)

    async def _answered(self) -> int | None:
        """The status that the node gave; None where it gives none. A report of what is wanted is as good."""
        assert self._status is not None
        if self._has_come_true() and not self._status.done():
            return None
        try:
            answer = await self._wait(asyncio.shield(self._status), STATUS_S)
        except TimeoutError:
            return None
        return status_in(self._plan.commands[0].cluster, answer)

    async def _read(self, questions: Questions) -> None:
        for read in self._plan.readback:
            await questions.read(self.node, read, Priority.CHECK)

    def _may_pass_by(self) -> bool:
        """What was reported may be a place on the way to elsewhere; how long this command takes says nothing of that.

        A lamp that fades out is on until it is dark (ZCL8 §3.10.2.3.5).
        """
        wanted = self.wish.wanted()
        if wanted.get("on") is True:
            return offers(self.node.record, self._part, LEVEL_CONTROL.name)
        return not _PASSED_BY.isdisjoint(wanted)

    def _has_come_true(self) -> bool:
        """By the first command, since there is no other."""
        return len(self._plan.commands) == 1 and self._is_true()


def _status_text(status: int | None) -> str:
    return status.name if isinstance(status, ZclStatus) else f"status 0x{status:02x}"
