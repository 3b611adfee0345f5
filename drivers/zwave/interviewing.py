"""When which node is interviewed, and whom the interview talks to.

A few interviews run at a time, each as a task of the driver's. A node that falls silent is left where it is and goes
on when it is heard again; a sleeping one when it wakes up. What is known stays known: a complete node is only asked
for its present state.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TypeVar

from drivers.zwave.command_classes import central_scene, configuration
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.no_operation import NoOperation
from drivers.zwave.controller import Controller
from drivers.zwave.encapsulation.envelope import PLAIN, Envelope
from drivers.zwave.exchange import Answered, NoCallback, NotAccepted, Priority
from drivers.zwave.interview.ask import Ask
from drivers.zwave.interview.freshness import Freshness
from drivers.zwave.interview.questions import gets_of
from drivers.zwave.interview.stages import STEPS, WAKE_UP_S, interview
from drivers.zwave.node import Node
from drivers.zwave.node_record import ROOT, EndPoint, NodeRecord, Stage
from drivers.zwave.radio import Radio
from drivers.zwave.readings import answer_to
from drivers.zwave.registry import Registry
from drivers.zwave.serial_api.application import ApplicationUpdate, UpdateEvent
from drivers.zwave.serial_api.function import MalformedMessage
from drivers.zwave.serial_api.node_info import GetNodeProtocolInfo, NodeProtocolInfo, RequestNodeInfo
from drivers.zwave.serial_frame import DataFrame
from hubagent.model.driver import DeviceUnreachable, DriverUnavailable, NotPossible, Report
from hubagent.model.event import InterviewProgressed

log = logging.getLogger(__name__)

INTERVIEWS_AT_A_TIME = 3
NODE_INFO_S = 6.0
"""How long a node may take to send its information frame; a FLiRS node needs a second to wake."""
NODE_INFO_ATTEMPTS = 2
INTERVIEWS_MAX = 3
"""How often a node is interviewed that leaves questions unanswered."""
CONSTANT = frozenset((central_scene.COMMAND_CLASS, configuration.COMMAND_CLASS))
FRESH_S = 3600.0
FRESH_ON_BATTERY_S = 4 * 3600.0
FRESH_ASLEEP_S = 0.75 * WAKE_UP_S
"""How long a state that was read is relied on, reports on top of it; then a report may have been lost, and it is read
again. A sleeping node is read whenever it wakes up as it was told to, though its clock is fast."""
READINGS_AT_ONCE = 3
"""How often a state is read that changes, or is said to, while it is being read."""

_Answer = TypeVar("_Answer", bound=Command)


class _AskEndPoint:
    """`Ask` for one end point of one node."""

    def __init__(self, radio: Radio, node: Node, record: NodeRecord, number: int) -> None:
        self._radio = radio
        self._node = node
        self._record = record
        self._envelope = PLAIN if number == ROOT else Envelope(endpoint=number)

    async def ask(
        self, get: Command, expected: type[_Answer], matches: Callable[[_Answer], bool] | None = None
    ) -> _Answer | None:
        answer = await self._radio.ask(self._node, get, expected, matches, self._envelope)
        self._record.unanswered += answer is None
        return answer

    async def tell(self, command: Command) -> None:
        await self._radio.tell(self._node, command, self._envelope, Priority.INTERVIEW)


class _Subject:
    """`Interviewed` for one node. `record` is the node's own, or one that may take its place."""

    def __init__(self, interviewing: "Interviewing", node: Node, record: NodeRecord) -> None:
        self._interviewing = interviewing
        self._node = node
        self._record = record

    @property
    def record(self) -> NodeRecord:
        return self._record

    @property
    def known(self) -> NodeRecord:
        return self._node.record

    @property
    def own_node_id(self) -> int:
        return self._interviewing.controller.identity.own_node_id

    def endpoint(self, number: int) -> Ask:
        return _AskEndPoint(self._interviewing.radio, self._node, self._record, number)

    async def protocol_info(self) -> None:
        record = self._record
        info = await self._ask_protocol_info()
        if record.stage >= Stage.PROTOCOL and record.listening != info.listening:
            # A serial frame's checksum is one byte: what would turn everything round is asked twice.
            again = await self._ask_protocol_info()
            if again != info:
                return
        record.listening, record.frequently_listening = info.listening, info.flirs is not None
        record.root.generic_class, record.root.specific_class = info.generic_class, info.specific_class

    async def _ask_protocol_info(self) -> NodeProtocolInfo:
        info: NodeProtocolInfo = await self._interviewing.controller.ask(
            GetNodeProtocolInfo(self._node.node_id), Priority.INTERVIEW
        )
        return info

    async def node_information(self) -> tuple[int, ...]:
        return await self._interviewing.node_information(self._node)

    async def read_state(self) -> None:
        # An interview aside replaces a record in use: the state is read when that is decided.
        if self._record is self._node.record:
            await self._interviewing.refresh(self._node, Priority.INTERVIEW)

    def reached(self, stage: Stage) -> None:
        self._interviewing.reached(self._node, self._record, stage)


class Interviewing:
    def __init__(
        self, registry: Registry, controller: Controller, radio: Radio, report: Report, tasks: asyncio.TaskGroup
    ) -> None:
        self.controller = controller
        self._registry = registry
        self._report = report
        self.radio = radio
        self._tasks = tasks
        self._slots = asyncio.Semaphore(INTERVIEWS_AT_A_TIME)
        self._running: dict[int, asyncio.Task[None]] = {}
        self._progress: dict[int, asyncio.Event] = {}
        self._loop = asyncio.get_running_loop()
        self._freshness: dict[int, Freshness] = {}
        self._tried_at: dict[int, float] = {}
        self._wanted_anew: set[int] = set()
        self._requested: tuple[int, asyncio.Future[ApplicationUpdate]] | None = None
        self._request_turn = asyncio.Lock()

    def begin(self, node: Node) -> None:
        """See to it that the node is known and its state is read; nothing if that is so, or is being done."""
        running = self._running.get(node.node_id)
        if node.dead or (running is not None and not running.done()):
            return
        complete = node.record.stage is Stage.COMPLETE
        if complete and not (node.reachable and (self.is_stale(node) or self.has_gaps(node))):
            return
        self._tried_at[node.node_id] = self._loop.time()
        task = self._tasks.create_task(self._run(node), name=f"zwave interview of node {node.node_id}")
        self._running[node.node_id] = task
        task.add_done_callback(lambda done: self._ended(node, done))

    def is_stale(self, node: Node) -> bool:
        """Whether the state of a complete node has to be read (again)."""
        known, now = self._known_of(node), self._loop.time()
        return known.is_old(now, _fresh_s(node.record)) or known.is_owed(now)

    def _known_of(self, node: Node) -> Freshness:
        return self._freshness.setdefault(node.node_id, Freshness())

    def has_gaps(self, node: Node) -> bool:
        """Whether another interview is wanted, or may find what the first did not, as on a bad wire."""
        if node.node_id in self._wanted_anew:
            return True
        return bool(node.record.unanswered) and node.record.interviews < INTERVIEWS_MAX

    def tried_at(self, node: Node) -> float:
        """When reading or interviewing it was begun last."""
        return self._tried_at.get(node.node_id, 0.0)

    def doubt(self, node: Node) -> None:
        """Something may have changed unseen: its state is read at the next `begin`, once more if it is being read."""
        self._known_of(node).doubt()

    def _ended(self, node: Node, task: "asyncio.Task[None]") -> None:
        if self._running.get(node.node_id) is task:
            del self._running[node.node_id]
        self._tell_progress(node)

    def _tell_progress(self, node: Node) -> None:
        progress = self._progress.get(node.node_id)
        if progress is not None:
            progress.set()

    def stop(self, node: Node) -> None:
        """The node left."""
        self._freshness.pop(node.node_id, None)
        self._wanted_anew.discard(node.node_id)
        task = self._running.pop(node.node_id, None)
        if task is not None:
            task.cancel()

    def again(self, node: Node) -> None:
        """Ask everything anew, as soon as the node can hear; what is known of it stays in use until then."""
        self.stop(node)
        if node.record.stage is not Stage.COMPLETE:
            node.record = NodeRecord(node.node_id)
        self._wanted_anew.add(node.node_id)
        self.begin(node)

    def runs(self, node: Node) -> bool:
        return node.node_id in self._running

    async def progressed(self, node: Node) -> None:
        """Wait until the interview has reached another stage, or has ended."""
        progress = self._progress.setdefault(node.node_id, asyncio.Event())
        progress.clear()
        await progress.wait()

    async def finished(self, node: Node) -> None:
        """Wait until what `begin` started has ended, however it ended."""
        task = self._running.get(node.node_id)
        if task is not None:
            await asyncio.wait((task,))

    async def refresh(self, node: Node, priority: Priority) -> None:
        """Read the present state, and once more where something may have changed meanwhile.

        Raises DeviceUnreachable, DriverUnavailable.
        """
        known = self._known_of(node)
        for _ in range(READINGS_AT_ONCE):
            if await self._read_state(node, known, priority):
                return
        known.unsettled(self._loop.time())

    async def _read_state(self, node: Node, known: Freshness, priority: Priority) -> bool:
        """Everything, or only what was not answered before; false where something may have changed meanwhile."""
        began_at, doubts = self._loop.time(), known.doubts
        by_the_clock = priority is Priority.POLL and known.read_at is not None
        owed = known.owed() if by_the_clock else ()
        only_owed = bool(owed) and not known.is_old(began_at, _fresh_s(node.record))
        # By the clock alone, only what may have changed by itself: nobody but us sets parameters.
        left_out = CONSTANT if by_the_clock else frozenset()
        questions = [
            (end_point, get)
            for end_point in node.record.end_points.values()
            for command_class in end_point.versions
            for get in gets_of(end_point, command_class)
            if (end_point.number, get) in owed or not (only_owed or command_class in left_out)
        ]
        asked = {(end_point.number, get) for end_point, get in questions}
        for end_point, get in questions:
            await self._read(node, end_point, get, priority)
        for question in owed:
            if question not in asked:  # it is asked no more
                known.answered(question)
        if not questions and node.record.listening:
            # A repeater has nothing to say; that it has no power any more is to be found out all the same.
            await self.radio.tell(node, NoOperation(), PLAIN, priority)
        if known.doubts != doubts:
            return False
        if not only_owed:
            known.settled(began_at)
        return True

    async def read(self, node: Node, end_point: EndPoint, command_class: int, priority: Priority) -> None:
        """Read what one class of one end point has to say. Raises DeviceUnreachable, DriverUnavailable."""
        for get in gets_of(end_point, command_class):
            await self._read(node, end_point, get, priority)

    async def _read(self, node: Node, end_point: EndPoint, get: Command, priority: Priority) -> None:
        envelope = PLAIN if end_point.number == ROOT else Envelope(endpoint=end_point.number)
        kind, matches = answer_to(get)
        known, question = self._known_of(node), (end_point.number, get)
        if await self.radio.ask(node, get, kind, matches, envelope, priority) is None:
            known.unanswered(question, self._loop.time())
        else:
            known.answered(question)

    async def _run(self, node: Node) -> None:
        # Occupied from the beginning, so that a node that is awake is not sent to sleep while it waits for its turn.
        with node.occupied():
            async with self._turn(node):
                try:
                    await self._interview(node)
                except (DeviceUnreachable, DriverUnavailable, NotPossible) as error:
                    log.info("the interview of node %d waits: %s", node.node_id, error)

    def _turn(self, node: Node) -> AbstractAsyncContextManager[None]:
        """A node that sleeps again in a moment does not wait for the others."""
        return nullcontext() if node.record.sleeps else self._slots

    async def _interview(self, node: Node) -> None:
        complete = node.record.stage is Stage.COMPLETE
        if node.record.stage >= Stage.PROTOCOL:
            # The stick knows this, so it costs no word to the node; and how to speak to it all depends on it.
            await _Subject(self, node, node.record).protocol_info()
        if not complete:
            await interview(_Subject(self, node, node.record))
            node.record.interviews += 1
            self._wanted_anew.discard(node.node_id)
            self._conclude(node)
            return
        if self.has_gaps(node):
            await self._fill_gaps(node)
        await self.refresh(node, Priority.POLL)

    async def _fill_gaps(self, node: Node) -> None:
        """Interview it aside; the new result is kept if it was wished for, or is better."""
        known = node.record
        record = NodeRecord(node.node_id)
        await interview(_Subject(self, node, record))
        known.interviews = record.interviews = known.interviews + 1
        if record.unanswered < known.unanswered or node.node_id in self._wanted_anew:
            node.record = record
            # What was read was read of what it was taken for.
            self._freshness.pop(node.node_id, None)
        self._wanted_anew.discard(node.node_id)
        self._conclude(node)

    def _conclude(self, node: Node) -> None:
        self._registry.keep(node)
        self._registry.flush()
        self._registry.announce(node)

    def reached(self, node: Node, record: NodeRecord, stage: Stage) -> None:
        if record is node.record:
            self._registry.keep(node)
            self._registry.announce(node)
        elif node.node_id not in self._wanted_anew:
            return  # nobody waits for this one
        step = stage.name.lower().replace("_", " ")
        self._report(InterviewProgressed(self._registry.device_id(node), step, int(stage), STEPS))
        self._tell_progress(node)

    async def node_information(self, node: Node) -> tuple[int, ...]:
        """Ask for the node information frame. Raises DeviceUnreachable."""
        if not node.reachable:
            raise DeviceUnreachable(f"node {node.node_id} sleeps")
        # REQUEST_FAILED does not say which node failed: one question at a time (INS13954-13, ZW_RequestNodeInfo).
        async with self._request_turn:
            for _ in range(NODE_INFO_ATTEMPTS):
                update = await self._request(node)
                if update is not None and update.information is not None:
                    return update.information.command_classes
        await self.radio.tell(node, NoOperation(), PLAIN, Priority.INTERVIEW)
        if node.record.root.versions:
            # It lives, and said what it has when it was included.
            return tuple(node.record.root.versions)
        raise DeviceUnreachable(f"node {node.node_id} does not send its node information")

    async def _request(self, node: Node) -> ApplicationUpdate | None:
        answer: asyncio.Future[ApplicationUpdate] = asyncio.get_running_loop().create_future()
        self._requested = (node.node_id, answer)
        try:
            ended = await self.controller.call(
                lambda _: RequestNodeInfo(node.node_id),
                priority=Priority.INTERVIEW,
                callback_timeout_s=NODE_INFO_S,
                ends_with=lambda frame: _tells_of(frame, node.node_id),
            )
        finally:
            self._requested = None
        if isinstance(ended, Answered | NotAccepted | NoCallback):
            return answer.result() if answer.done() else None
        raise DriverUnavailable(f"RequestNodeInfo: {type(ended).__name__}")

    def update_received(self, update: ApplicationUpdate) -> None:
        if self._requested is None:
            return
        node_id, answer = self._requested
        if _answers_request(update, node_id) and not answer.done():
            answer.set_result(update)


def _fresh_s(record: NodeRecord) -> float:
    if record.sleeps:
        return FRESH_ASLEEP_S
    return FRESH_S if record.listening else FRESH_ON_BATTERY_S


def _answers_request(update: ApplicationUpdate, node_id: int) -> bool:
    """Whether this is what became of the request for the node's information; a failure names no node."""
    if update.event is UpdateEvent.NODE_INFORMATION:
        return update.node_id == node_id
    return update.event is UpdateEvent.REQUEST_FAILED


def _tells_of(frame: DataFrame, node_id: int) -> bool:
    """The radio is taken until the node has answered or was given up, as with any transmission."""
    if frame.function != ApplicationUpdate.FUNCTION:
        return False
    try:
        return _answers_request(ApplicationUpdate.from_payload(frame.payload), node_id)
    except MalformedMessage:
        return False
