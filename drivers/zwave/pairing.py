"""Letting nodes in and out: inclusion, exclusion, and the removal or replacement of those that are gone.

INS13954-13 §4.4: ZW_AddNodeToNetwork, ZW_RemoveNodeFromNetwork, ZW_RemoveFailedNode and ZW_ReplaceFailedNode.
Each is a story told in steps to the person who waits; ending the story early stops the controller.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any, Protocol

from drivers.zwave.command_classes.no_operation import NoOperation
from drivers.zwave.controller import Controller
from drivers.zwave.encapsulation.chain import wrap
from drivers.zwave.exchange import Answer, Answered, Call, NotAccepted, Priority
from drivers.zwave.interview.stages import STEPS
from drivers.zwave.interviewing import Interviewing
from drivers.zwave.node import Node
from drivers.zwave.node_record import Stage
from drivers.zwave.radio import Radio, Sent
from drivers.zwave.registry import Registry
from drivers.zwave.serial_api.function import Callback, Request
from drivers.zwave.serial_api.inclusion import (
    AddNode,
    FailedNodeStart,
    FailedNodeStatus,
    NetworkMode,
    NetworkOption,
    NetworkStatus,
    RemoveFailedNode,
    RemoveNode,
    ReplaceFailedNode,
)
from drivers.zwave.serial_api.node_information import NodeInformationFrame
from drivers.zwave.serial_api.routing import AssignSucReturnRoute
from drivers.zwave.views import SECURITY_CLASSES, name_of
from hubagent.model.device import DeviceId
from hubagent.model.driver import DriverUnavailable, PairingStep

log = logging.getLogger(__name__)

PROTOCOL_S = 60.0
"""From the moment a node is found: how long the controllers may take among themselves."""
STOP_S = 10.0
RESET_S = (5.0, 60.0, 600.0, 3600.0)
"""From the word of a device that it was reset until it is looked whether it is gone, each time from the last one. Many
say so and acknowledge for a while yet, until they start anew; and the stick may be away."""
STEPS_MAX = 64
OPTIONS = NetworkOption.NETWORK_WIDE | NetworkOption.NORMAL_POWER


class Nodes(Protocol):
    registry: Registry

    @property
    def interviewing(self) -> Interviewing: ...

    def the_controller(self) -> Controller: ...

    def the_radio(self) -> Radio: ...

    def add(self, node_id: int) -> Node: ...

    async def adopt_newcomers(self) -> frozenset[int]: ...

    def woke_up(self, node: Node) -> None: ...

    def forget(self, node_id: int) -> DeviceId: ...


class _Story:
    """The callbacks of one request, as they come, and its answer at the end."""

    def __init__(self, controller: Controller, build: Callable[[int], Request]) -> None:
        self._controller = controller
        self._queue: asyncio.Queue[Callback | Answer] = asyncio.Queue(STEPS_MAX)
        self._call = Call(
            build,
            Priority.CONTROLLER,
            self._put,
            on_callback=self._put,
            callback_timeout_s=float("inf"),
            holds_link=False,
        )
        controller.submit(self._call)

    def _put(self, item: Any) -> None:
        if not self._queue.full():
            self._queue.put_nowait(item)

    async def next(self, timeout_s: float) -> Any:
        """The next callback, the final one included; None where none comes in that time.

        Raises DriverUnavailable where the controller will not.
        """
        try:
            async with asyncio.timeout(timeout_s):
                item = await self._queue.get()
        except TimeoutError:
            return None
        if isinstance(item, Answered) and item.callback is not None:
            return item.callback
        if isinstance(item, NotAccepted):
            return item.response
        if isinstance(item, Answered) or not hasattr(item, "callback_id"):
            raise DriverUnavailable(f"the stick did not do it ({type(item).__name__})")
        return item

    def cancel(self) -> None:
        self._controller.cancel(self._call)


class Pairing:
    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._busy = False
        """A person lets a device in or out."""
        self.turn = asyncio.Lock()
        """Held while nodes come or go. Whoever does that without a person waits for it, and takes seconds."""
        self._reset: set[Node] = set()
        """Those that said they were reset, while it is looked whether they are gone."""

    async def pair(self, options: Mapping[str, Any], timeout_s: float) -> AsyncGenerator[PairingStep, None]:
        """Include one device; with the option `replace`, in the place of a failed one."""
        replaced = options.get("replace")
        async with self._alone():
            story = (
                self._include(timeout_s)
                if replaced is None
                else self._replace(self._nodes.registry.node_of(replaced), timeout_s)
            )
            # Closed with this one: the controller must be out of its mode before the next story may begin.
            async with aclosing(story) as steps:
                async for step in steps:
                    yield step

    async def unpair(
        self, device: DeviceId | None, options: Mapping[str, Any], timeout_s: float
    ) -> AsyncGenerator[PairingStep, None]:
        """Exclude the device whose button is pressed; with `failed`, remove `device`, which is gone."""
        async with self._alone():
            if options.get("failed"):
                if device is None:
                    raise DriverUnavailable("which device is gone? name it")
                yield await self._remove_failed(self._nodes.registry.node_of(device))
                return
            async with aclosing(self._exclude(timeout_s)) as steps:
                async for step in steps:
                    yield step

    async def remove_reset(self, node: Node) -> None:
        """A device said that it was reset: it has left, and the controller is told so when it does not answer."""
        if node in self._reset:
            return
        self._reset.add(node)
        try:
            for pause_s in RESET_S:
                await asyncio.sleep(pause_s)
                async with self.turn:
                    if self._nodes.registry.nodes.get(node.node_id) is not node:
                        return
                    step = await self._remove_failed(node)
                if step.ok:
                    return
            log.warning("node %d was reset but could not be removed: %s", node.node_id, step.text)
        finally:
            self._reset.discard(node)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        if self._busy:
            raise DriverUnavailable("pairing or unpairing is under way already; stop it first")
        self._busy = True
        try:
            async with self.turn:
                yield
        finally:
            self._busy = False

    # Inclusion.

    async def _include(self, timeout_s: float) -> AsyncGenerator[PairingStep, None]:
        controller = self._nodes.the_controller()
        story = _Story(controller, lambda callback_id: AddNode(NetworkMode.ANY, callback_id, OPTIONS))
        node_id, information, deadline = 0, None, timeout_s
        outcome = _failed("the stick named no node; try again")
        heard_out = False
        try:
            while True:
                status = await story.next(deadline)
                if status is None:
                    outcome = _too_late(f"no device was found within {timeout_s:g} s")
                    break
                if status.status is NetworkStatus.READY:
                    yield PairingStep("ready", "press the button on the device now")
                elif status.status is NetworkStatus.NODE_FOUND:
                    deadline = PROTOCOL_S
                    yield PairingStep("found", "a device answers")
                elif status.status in (NetworkStatus.END_NODE, NetworkStatus.CONTROLLER):
                    node_id, information = status.node_id, status.information
                    yield PairingStep("included", f"it is node {node_id} now")
                else:
                    if status.status is NetworkStatus.FAILED:
                        outcome = _failed("the stick could not include the device; try again")
                    break
            heard_out = True
        finally:
            if await self._stop(AddNode, story) and not heard_out:
                await self._nodes.adopt_newcomers()
        if not node_id:
            # The stick may have included it and the word of that be lost.
            await self._nodes.adopt_newcomers()
            yield outcome
            return
        async with aclosing(self._welcome(node_id, information)) as steps:
            async for step in steps:
                yield step

    async def _stop(self, request: type[AddNode] | type[RemoveNode], story: _Story) -> bool:
        """End the controller's mode, and wait until it has: what was begun must not hang in the air.

        False where the stick is away: it is reset when it is back, and knows nothing of its mode then.
        """
        story.cancel()
        try:
            controller = self._nodes.the_controller()
            async with asyncio.timeout(2 * STOP_S):
                await controller.call(
                    lambda callback_id: request(NetworkMode.STOP, callback_id, OPTIONS), callback_timeout_s=STOP_S
                )
                # A second time without callback: only then is the controller idle (INS13954-13 §4.4.1, ADD_NODE_STOP).
                await controller.call(lambda _: request(NetworkMode.STOP, 0, OPTIONS))
        except (DriverUnavailable, TimeoutError):
            log.info("the stick could not be told to stop %s", request.__name__)
            return False
        return True

    async def _welcome(
        self, node_id: int, information: NodeInformationFrame | None
    ) -> AsyncGenerator[PairingStep, None]:
        """Interview a node that was just included, telling each stage."""
        node = self._nodes.add(node_id)
        device = self._nodes.registry.device_id(node)
        if information is not None:
            node.record.root.versions = dict.fromkeys(information.command_classes, 0)
            if any(command_class in SECURITY_CLASSES for command_class in information.command_classes):
                yield PairingStep("warning", "paired without encryption: S0 and S2 are not spoken yet", device)
        self._nodes.registry.keep(node)
        self._nodes.registry.flush()
        self._nodes.registry.announce(node)
        await self._route_home(node)
        self._nodes.interviewing.begin(node)
        self._nodes.woke_up(node)
        stage = node.record.stage
        while node.record.stage is not Stage.COMPLETE and self._nodes.interviewing.runs(node):
            await self._nodes.interviewing.progressed(node)
            if node.record.stage is not stage:
                stage = node.record.stage
                step = f"interview {int(stage)} of {STEPS}: {stage.name.lower().replace('_', ' ')}"
                yield PairingStep("interview", step, device)
        name = f"{name_of(node.record)} ({device})"
        if node.record.stage is Stage.COMPLETE:
            yield PairingStep("done", f"{name} is ready", device, final=True)
        else:
            yield PairingStep(
                "done", f"{name} is paired; its interview goes on when it is heard again", device, final=True
            )

    async def _route_home(self, node: Node) -> None:
        """Let the node know the way to us (INS13954-13, ZW_AssignSUCReturnRoute)."""
        controller = self._nodes.the_controller()
        if AssignSucReturnRoute.FUNCTION in controller.identity.functions:
            await controller.call(lambda callback_id: AssignSucReturnRoute(node.node_id, callback_id))

    # Exclusion.

    async def _exclude(self, timeout_s: float) -> AsyncGenerator[PairingStep, None]:
        story = _Story(
            self._nodes.the_controller(), lambda callback_id: RemoveNode(NetworkMode.ANY, callback_id, OPTIONS)
        )
        node_id, deadline = 0, timeout_s
        outcome = _failed("the stick could not exclude the device; try again")
        heard_out = False
        try:
            while True:
                status = await story.next(deadline)
                if status is None:
                    outcome = _too_late(f"no device left within {timeout_s:g} s")
                    break
                if status.status is NetworkStatus.READY:
                    yield PairingStep("ready", "press the button on the device now")
                elif status.status is NetworkStatus.NODE_FOUND:
                    deadline = PROTOCOL_S
                    yield PairingStep("found", "a device answers")
                elif status.status in (NetworkStatus.END_NODE, NetworkStatus.CONTROLLER):
                    node_id = status.node_id
                else:
                    if status.status is not NetworkStatus.FAILED:
                        outcome = self._excluded(node_id)
                        # No node is one of another network, or the word with its name was lost.
                        heard_out = node_id != 0
                    break
        finally:
            if await self._stop(RemoveNode, story) and not heard_out and (node_id := await self._who_left()):
                outcome = self._excluded(node_id)
        yield outcome

    async def _who_left(self) -> int:
        """The node that the stick struck off its list, although it did not say so to the end; 0 where there is none."""
        try:
            gone = self._nodes.registry.nodes.keys() - await self._nodes.the_controller().node_list()
        except DriverUnavailable as error:
            log.info("the stick's list of nodes could not be read: %s", error)
            return 0
        return min(gone, default=0)

    def _excluded(self, node_id: int) -> PairingStep:
        if not node_id:
            return PairingStep("excluded", "a device of another network was reset", final=True)
        device = self._nodes.forget(node_id)
        return PairingStep("excluded", f"{device} has left", device, final=True)

    # Failed nodes.

    async def _remove_failed(self, node: Node) -> PairingStep:
        controller = self._nodes.the_controller()
        present = _failed(f"node {node.node_id} answers: unpair it with its button instead")
        if not await self._is_gone(node):
            return present
        answer = await controller.call(lambda callback_id: RemoveFailedNode(node.node_id, callback_id))
        device = self._nodes.registry.device_id(node)
        if isinstance(answer, Answered) and answer.callback is not None:
            status = getattr(answer.callback, "status", None)
            if status is FailedNodeStatus.REMOVED:
                self._nodes.forget(node.node_id)
                return PairingStep("excluded", f"{device} was removed", device, final=True)
            if status is FailedNodeStatus.NODE_OK:
                return present
        return _failed(_why_not(answer))

    async def _is_gone(self, node: Node) -> bool:
        """The controller removes only nodes that did not answer it last (ZW_RemoveFailedNode): so it tries."""
        for _ in range(2):
            sent = await self._nodes.the_radio().transmit(node, wrap(NoOperation()), Priority.CONTROLLER)
            if sent.sent is Sent.ACKNOWLEDGED:
                return False
        return True

    async def _replace(self, node: Node, timeout_s: float) -> AsyncGenerator[PairingStep, None]:
        if not await self._is_gone(node):
            yield _failed(f"node {node.node_id} answers: only a device that is gone can be replaced")
            return
        controller = self._nodes.the_controller()
        story = _Story(controller, lambda callback_id: ReplaceFailedNode(node.node_id, callback_id))
        outcome: PairingStep | None = None
        ended = False
        try:
            while not ended:
                status = await story.next(timeout_s)
                if status is None:
                    outcome = _too_late(f"no device was found within {timeout_s:g} s")
                    break
                start = getattr(status, "start", None)
                if start is not None:
                    outcome, ended = _failed(_start_trouble(start)), True
                elif status.status is FailedNodeStatus.REPLACE:
                    yield PairingStep("ready", "press the button on the new device now")
                else:
                    ended = True
                    if status.status is not FailedNodeStatus.REPLACED:
                        outcome = _failed("the stick could not replace the device")
        finally:
            if not ended:
                await self._stop(AddNode, story)
        if outcome is not None:
            yield outcome
            return
        async with aclosing(self._welcome(node.node_id, None)) as steps:
            async for step in steps:
                yield step


def _failed(text: str) -> PairingStep:
    return PairingStep("failed", text, final=True, ok=False)


def _too_late(text: str) -> PairingStep:
    return PairingStep("timeout", text, final=True, ok=False)


def _why_not(answer: Answer) -> str:
    if isinstance(answer, NotAccepted):
        start = getattr(answer.response, "start", None)
        if start is not None:
            return _start_trouble(start)
    return f"the stick did not do it ({type(answer).__name__})"


def _start_trouble(start: FailedNodeStart) -> str:
    if start & FailedNodeStart.NOT_FAILED:
        return "the stick still takes the device for present; try again in a minute"
    if start & FailedNodeStart.NOT_PRIMARY:
        return "this stick is not the primary controller of the network: remove the device there"
    return "the stick is busy; try again"
