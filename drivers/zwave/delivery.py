"""A wish on its way to a node, until its outcome is known.

The first transmission leaves within `start`; everything after it may take its time. A node that has Supervision says
itself what became of the command (SDS13783, Supervision); any node is then asked for its state, because a state is
only what a device reports. Nothing is confirmed before the home has heard it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Final

from drivers.wish import GRACE_S, NEWER, OVERTAKEN, SETTLE_S, Wish
from drivers.zwave.capabilities.translation import AWAITED, Plan
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
BUSY_PAUSES_S: Final = (1.0, 2.0, 4.0)
"""Before a device is told again that said it was busy; after the last it is left alone."""
REPORTS_MAX: Final = 8
"""Supervision reports heard for one command; what a device says beyond is not waited for."""

_STATUSES: Final = frozenset(SupervisionStatus)


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
        self._awaited: set[int] = set()

    def start(self, radio: Radio, written: Callable[[], None] | None) -> None:
        """Send the first command: in this very step where the link is free."""
        if self.node.record.root.version(supervision.COMMAND_CLASS):
            self._session = self.node.next_session()
        self._data = wrap(self._plan.command, _envelope(self._end_point.number, self._session))
        self._first = asyncio.get_running_loop().create_future()
        radio.submit(self.node, self._data, Priority.COMMAND, self._sent, written)
        # What is only needed for the answer is made when the command has left.
        if self._plan.awaits:
            self._awaited = set(self._plan.awaits)
            self._end_point.memory.setdefault(AWAITED, []).append(self._awaited)
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
            self._await_no_more()
            if self._session is not None:
                self.node.supervisions.pop(self._session, None)
            self.answer(Outcome.FAILED, "the driver stopped before the outcome was known")

    def _await_no_more(self) -> None:
        """Whatever came of it: what is reported from now on is what is so."""
        awaited: list[set[int]] = self._end_point.memory.get(AWAITED, [])
        awaited[:] = [one for one in awaited if one is not self._awaited]

    async def _arrival(self, radio: Radio, first: Awaitable[Transmission]) -> Transmission:
        transmission = await first
        attempts = 1 if self.node.record.sleeps or self.node.dead else TRANSMISSIONS
        while transmission.sent is Sent.UNACKNOWLEDGED and attempts > 1 and not self.node.dead and not self.overtaken:
            # The same session again: a node that did get the first one knows it (SDS13783, Supervision).
            attempts -= 1
            transmission = await radio.transmit(self.node, self._data, Priority.COMMAND)
        return transmission

    async def _follow(self, radio: Radio, transmission: Transmission) -> None:
        if not self._has_it(transmission):
            return
        status = await self._supervised(SUPERVISION_S if self.node.follows_sessions else UNSURE_S)
        if status is None and self._session is not None and not self.node.follows_sessions and not self.overtaken:
            status = await self._anew(radio)
        for pause_s in BUSY_PAUSES_S:
            if status is not SupervisionStatus.BUSY or await self._came_true(pause_s) or self.overtaken:
                break
            if not self._has_it(await self._arrival(radio, self._say_anew(radio))):
                return
            status = await self._supervised()
        await self._conclude(radio, status)

    def _has_it(self, transmission: Transmission) -> bool:
        """Whether the node got the command; if not, the wish is answered."""
        if transmission.sent is Sent.ACKNOWLEDGED:
            self._arrived = True
        elif transmission.sent is Sent.NOT_SENT:
            self.answer(Outcome.FAILED, transmission.detail)
        elif self.overtaken:
            self.answer(Outcome.FAILED, NEWER)
        elif self.node.record.sleeps:
            self.answer(Outcome.WAITING, "the device went to sleep; the command goes out when it wakes up")
        else:
            self.answer(Outcome.UNREACHABLE, f"node {self.node.node_id} does not answer")
        return transmission.sent is Sent.ACKNOWLEDGED

    async def _conclude(self, radio: Radio, status: SupervisionStatus | None) -> None:
        if status is SupervisionStatus.BUSY and self._is_true():
            self.answer(Outcome.CONFIRMED)
        elif status is SupervisionStatus.BUSY and self.overtaken:
            self.answer(Outcome.FAILED, OVERTAKEN)
        elif status is SupervisionStatus.BUSY:
            self.answer(Outcome.REFUSED, "the device was busy each time it was told, and did not do it")
        elif status in (SupervisionStatus.FAIL, SupervisionStatus.NO_SUPPORT):
            self.answer(Outcome.REFUSED, f"the device answered {status.name}")
        else:
            confirmed = status is SupervisionStatus.SUCCESS
            # Without its word nobody knows whether a report comes by itself.
            await self._check(lambda: self._read(radio), confirmed=confirmed, settle_s=SETTLE_S if confirmed else 0.0)

    async def _supervised(self, first_s: float = SUPERVISION_S) -> SupervisionStatus | None:
        """The final status that the node gave; None where it gives none."""
        if self._session is None:
            return None
        loop = asyncio.get_running_loop()
        reports = self.node.supervisions[self._session]
        until = loop.time() + first_s
        for _ in range(REPORTS_MAX):
            try:
                report: SupervisionReport = await self._wait(reports.get(), until - loop.time())
            except TimeoutError:
                return None
            if report.status not in _STATUSES:
                continue  # Z-Wave specifications 2024A, CC:006C.01.02.11.011: a reserved value is ignored.
            if not report.more_updates or report.status != SupervisionStatus.WORKING:
                return SupervisionStatus(report.status)
            until = loop.time() + min(report.duration.seconds or 0, WORKING_MAX_S) + GRACE_S
        return None

    async def _say_anew(self, radio: Radio) -> Transmission:
        """The command once more, in another session: in the last one the node would ignore it."""
        assert self._session is not None
        del self.node.supervisions[self._session]
        session = self._session = self.node.next_session()
        assert session is not None, "one was just closed"
        self.node.supervisions[session] = asyncio.Queue(REPORTS_MAX)
        self._data = wrap(self._plan.command, _envelope(self._end_point.number, session))
        return await radio.transmit(self.node, self._data, Priority.COMMAND)

    async def _anew(self, radio: Radio) -> SupervisionStatus | None:
        """It has the command and says nothing of it. Where it is not so either, the session may be the one that it
        heard last before we started, which it ignores (Z-Wave specifications, CC:006C.01.01.11.00D): take another."""
        if not self._wanted():
            return None
        await self._read(radio)
        # A newer wish may have come meanwhile, and be what was read: then this one is not said once more after it.
        if self.overtaken or self._is_true():
            return None
        transmission = await self._say_anew(radio)
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
