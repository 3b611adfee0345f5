"""A wish on its way to a node, until its outcome is known.

The first transmission leaves within `start`; everything after it may take its time. A node that has Supervision says
itself what became of the command (SDS13783, Supervision); any node is then asked for its state, because a state is
only what a device reports. Nothing is confirmed before the home has heard it.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from drivers.wish import GRACE_S, NEWER, SETTLE_S, Wish
from drivers.zwave.capabilities.translation import Plan
from drivers.zwave.command_classes import supervision
from drivers.zwave.command_classes.supervision import SupervisionReport, SupervisionStatus
from drivers.zwave.encapsulation.chain import wrap
from drivers.zwave.encapsulation.envelope import PLAIN, Envelope, Supervised
from drivers.zwave.exchange import Priority
from drivers.zwave.node import Node
from drivers.zwave.node_record import ROOT, EndPoint
from drivers.zwave.radio import TRANSMISSIONS, Radio, Sent, Transmission
from drivers.zwave.readings import answer_to
from hubagent.model.capability import Command
from hubagent.model.device import DeviceId
from hubagent.model.driver import DeviceUnreachable, DriverUnavailable
from hubagent.model.event import Cause, CommandAnswered, Outcome

log = logging.getLogger(__name__)

SUPERVISION_S: Final = 5.0
"""How long a node may take to report on a supervised command that it acknowledged."""
UNSURE_S: Final = 1.0
"""Likewise, of the first since we started, whose session it may take for one that it knows: most need a tenth of it."""
WORKING_MAX_S: Final = 300.0
"""A device that says it takes longer is looked at after that."""
ENVELOPES_MAX: Final = 256
REPORTS_MAX: Final = 8
"""Supervision reports heard for one command; what a device says beyond is not waited for."""


@lru_cache(ENVELOPES_MAX)
def _envelope(end_point: int, session: int | None) -> Envelope:
    supervised = None if session is None else Supervised(session, status_updates=True)
    return PLAIN if end_point == ROOT and supervised is None else Envelope(endpoint=end_point, supervision=supervised)


class Delivery(Wish[Plan]):
    """One wish for one end point."""

    def __init__(
        self,
        node: Node,
        end_point: EndPoint,
        device: DeviceId,
        wish: Command,
        plan: Plan,
        cause: Cause,
        finished: Callable[[CommandAnswered], None],
        number: int | None = None,
    ) -> None:
        super().__init__(device, wish, cause, plan, finished, number)
        self.node = node
        self.place = (node.node_id, end_point.number)
        """Node and end point."""
        self._end_point = end_point
        self._first: asyncio.Future[Transmission] | None = None
        self._data = b""
        self._session: int | None = None
        self._arrived = False

    def start(self, radio: Radio, written: Callable[[], None] | None) -> None:
        """Send the first command: in this very step where the link is free."""
        if self.node.record.root.version(supervision.COMMAND_CLASS):
            self._session = self.node.next_session()
        self._data = wrap(self._plan.commands[0], _envelope(self._end_point.number, self._session))
        self._first = asyncio.get_running_loop().create_future()
        radio.submit(self.node, self._data, Priority.COMMAND, self._sent, written)
        # What is only needed for the answer is made when the command has left.
        if self._session is not None:
            self.node.supervisions[self._session] = asyncio.Queue(REPORTS_MAX)

    def _sent(self, transmission: Transmission) -> None:
        assert self._first is not None
        if not self._first.done():
            self._first.set_result(transmission)

    def again(self, finished: Callable[[CommandAnswered], None]) -> "Delivery":
        """The same wish from the beginning, for a node that went to sleep meanwhile."""
        return Delivery(
            self.node, self._end_point, self.device, self.wish, self._plan, self.cause, finished, self.number
        )

    async def follow(self, radio: Radio) -> None:
        """See it through: until `finished` has been called."""
        assert self._first is not None, "started first"
        try:
            await self._follow(radio, await self._arrival(radio, self._first))
        except DeviceUnreachable as error:
            if self._arrived and self.node.record.sleeps:
                self.answer(
                    Outcome.DELIVERED, "the device has it, and went to sleep before it was asked what came of it"
                )
            self.answer(Outcome.UNREACHABLE, str(error))
        except DriverUnavailable as error:
            self.answer(Outcome.FAILED, str(error))
        finally:
            if self._session is not None:
                self.node.supervisions.pop(self._session, None)
            self.answer(Outcome.FAILED, "the driver stopped before the outcome was known")

    async def _arrival(self, radio: Radio, first: "asyncio.Future[Transmission]") -> Transmission:
        transmission = await first
        attempts = 1 if self.node.record.sleeps or self.node.dead else TRANSMISSIONS
        while transmission.sent is Sent.UNACKNOWLEDGED and attempts > 1 and not self.node.dead and not self.overtaken:
            # The same session again: a node that did get the first one knows it (SDS13783, Supervision).
            attempts -= 1
            transmission = await radio.transmit(self.node, self._data, Priority.COMMAND)
        return transmission

    async def _follow(self, radio: Radio, transmission: Transmission) -> None:
        if transmission.sent is Sent.NOT_SENT:
            self.answer(Outcome.FAILED, transmission.detail)
            return
        if transmission.sent is Sent.UNACKNOWLEDGED and self.overtaken:
            self.answer(Outcome.FAILED, NEWER)
            return
        if transmission.sent is Sent.UNACKNOWLEDGED and self.node.record.sleeps:
            self.answer(Outcome.WAITING, "the device went to sleep; the command goes out when it wakes up")
            return
        if transmission.sent is Sent.UNACKNOWLEDGED:
            self.answer(Outcome.UNREACHABLE, f"node {self.node.node_id} does not answer")
            return
        self._arrived = True
        for command in self._plan.commands[1:]:
            await radio.tell(self.node, command, Envelope(endpoint=self._end_point.number), Priority.COMMAND)
        status = await self._supervised(SUPERVISION_S if self.node.follows_sessions else UNSURE_S)
        if status is None and self._session is not None and not self.node.follows_sessions and not self.overtaken:
            status = await self._anew(radio)
        if status in (SupervisionStatus.FAIL, SupervisionStatus.NO_SUPPORT):
            self.answer(Outcome.REFUSED, f"the device answered {SupervisionStatus(status).name}")
            return
        confirmed = status == SupervisionStatus.SUCCESS
        # Without its word nobody knows whether a report comes by itself.
        await self._check(lambda: self._read(radio), confirmed=confirmed, settle_s=SETTLE_S if confirmed else 0.0)

    async def _supervised(self, first_s: float = SUPERVISION_S) -> int | None:
        """The final status that the node gave; None where it gives none."""
        if self._session is None:
            return None
        reports = self.node.supervisions[self._session]
        wait_s = first_s
        for _ in range(REPORTS_MAX):
            try:
                report: SupervisionReport = await self._wait(reports.get(), wait_s)
            except TimeoutError:
                return None
            if not report.more_updates or report.status != SupervisionStatus.WORKING:
                return report.status
            wait_s = min(report.duration.seconds or 0, WORKING_MAX_S) + GRACE_S
        return None

    async def _anew(self, radio: Radio) -> int | None:
        """It has the command and says nothing of it. Where it is not so either, the session may be the one that it
        heard last before we started, which it ignores (Z-Wave specifications, CC:006C.01.01.11.00D): take another."""
        if not self._wanted():
            return None
        await self._read(radio)
        # A newer wish may have come meanwhile, and be what was read: then this one is not said once more after it.
        session = None if self.overtaken or self._is_true() else self.node.next_session()
        if session is None or self._session is None:
            return None
        del self.node.supervisions[self._session]
        self._session = session
        self.node.supervisions[session] = asyncio.Queue(REPORTS_MAX)
        self._data = wrap(self._plan.commands[0], _envelope(self._end_point.number, session))
        transmission = await radio.transmit(self.node, self._data, Priority.COMMAND)
        return await self._supervised() if transmission.sent is Sent.ACKNOWLEDGED else None

    async def _read(self, radio: Radio) -> None:
        for get in self._plan.readback:
            expected, matches = answer_to(get)
            await radio.ask(
                self.node,
                get,
                expected,
                matches,
                envelope=Envelope(endpoint=self._end_point.number),
                priority=Priority.CHECK,
            )
