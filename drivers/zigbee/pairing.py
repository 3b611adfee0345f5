"""Letting devices in and out: a network that is open for a while, a device that is told to leave, one that is gone.

Each is a story told in steps to the person who waits; ending the story early closes the network. Who joins is taken in
by `arrivals` whether a story is told or not; here it is only heard.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Protocol

from drivers.zigbee.exchange import Priority
from drivers.zigbee.ezsp.security import KeyStatus, ZigbeeKeyEstablishmentHandler
from drivers.zigbee.ezsp.trust_center import TrustCenterJoinHandler
from drivers.zigbee.ezsp.types import DeviceUpdate, JoinDecision
from drivers.zigbee.install_code import InstallCode, WrongInstallCode, read_install_code
from drivers.zigbee.interview import STEPS
from drivers.zigbee.interviewing import Interviewing
from drivers.zigbee.node import Node
from drivers.zigbee.node_record import Stage
from drivers.zigbee.questions import Questions
from drivers.zigbee.registry import Registry
from drivers.zigbee.trust_center import PERMIT_MAX_S, TrustCenter
from drivers.zigbee.views import name_of
from drivers.zigbee.wire import eui64_text
from drivers.zigbee.zdo.discovery import NodeDescReq, NodeDescRsp
from drivers.zigbee.zdo.management import MgmtLeaveReq, MgmtLeaveRsp
from drivers.zigbee.zdo.message import ZdoStatus
from hubagent.model.device import DeviceId
from hubagent.model.driver import DeviceUnreachable, DriverUnavailable, NotPossible, PairingStep

log = logging.getLogger(__name__)

ANNOUNCED_S: Final = 30.0
"""From the moment that a device was let in: how long it may take to say where it is."""
KEY_S: Final = 15.0
"""How long after that it may still ask for a link key of its own."""
LEAVING_S: Final = 10.0
"""How long a device may take to leave after it has said that it will."""
STEPS_MAX: Final = 64
KEYED_MAX: Final = 64
"""Devices in one story that are remembered to have a key; one more waits for nothing but the end of `KEY_S`."""
HEARD_S: Final = 0.5
"""Between two looks whether a sleeping device was heard."""
_KEY_GIVEN: Final = frozenset((KeyStatus.TC_REQUESTER_VERIFY_KEY_SUCCESS, KeyStatus.VERIFY_LINK_KEY_SUCCESS))
RENEWED_S: Final = PERMIT_MAX_S - 30


class Heard(Enum):
    FOUND = "it was let in"
    REFUSED = "it was not let in"
    ANNOUNCED = "it says where it is"
    LEFT = "it has left"
    STICK_LOST = "the stick went away, and has forgotten that it was to let somebody in"


@dataclass(frozen=True, slots=True)
class Event:
    what: Heard
    eui64: int
    node: Node | None = None


class Nodes(Protocol):
    registry: Registry

    @property
    def interviewing(self) -> Interviewing: ...

    def the_trust_center(self) -> TrustCenter: ...

    def the_questions(self) -> Questions: ...

    def forget(self, node: Node) -> DeviceId: ...

    def start_task(self, work: Any, name: str) -> None: ...


class Pairing:
    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._events: asyncio.Queue[Event] | None = None
        """There while a story is told."""
        self._keyed: set[int] = set()
        """EUI64s of who got a link key of its own since the last story began."""
        self._key_given = asyncio.Event()

    # What the driver hears.

    def join_heard(self, update: TrustCenterJoinHandler) -> None:
        """The trust centre has decided about somebody, or heard that somebody left."""
        if update.status == DeviceUpdate.DEVICE_LEFT:
            self._put(Event(Heard.LEFT, update.new_node_eui64))
        elif update.policy_decision == JoinDecision.DENY_JOIN:
            self._put(Event(Heard.REFUSED, update.new_node_eui64))
        elif update.status == DeviceUpdate.UNSECURED_JOIN:
            self._put(Event(Heard.FOUND, update.new_node_eui64))

    def announced(self, node: Node) -> None:
        """A node says where it is, and is taken in."""
        self._put(Event(Heard.ANNOUNCED, node.eui64, node))

    def key_heard(self, established: ZigbeeKeyEstablishmentHandler) -> None:
        """A device has a link key of its own, and has proved it."""
        if established.status in _KEY_GIVEN and len(self._keyed) < KEYED_MAX:
            self._keyed.add(established.partner)
            self._key_given.set()

    def stick_lost(self) -> None:
        """It went away, or restarted, and comes back closed; or the driver ends."""
        if self._events is not None and self._events.full():
            self._events.get_nowait()
        self._put(Event(Heard.STICK_LOST, 0))

    def _put(self, event: Event) -> None:
        if self._events is not None and not self._events.full():
            self._events.put_nowait(event)

    @contextmanager
    def _alone(self) -> Iterator["asyncio.Queue[Event]"]:
        if self._events is not None:
            raise DriverUnavailable("pairing or unpairing is under way already; stop it first")
        self._events = asyncio.Queue(STEPS_MAX)
        self._keyed.clear()
        self._key_given.clear()
        try:
            yield self._events
        finally:
            self._events = None

    # In.

    async def pair(self, options: Mapping[str, Any], timeout_s: float) -> AsyncGenerator[PairingStep, None]:
        """Let one device join: `install_code` as printed on it, `via` the router that it is near to, by id."""
        with self._alone() as events:
            try:
                code, via = self._wishes(options)
            except (WrongInstallCode, NotPossible) as error:
                yield _failed(str(error))
                return
            async with aclosing(self._pair(events, code, via, timeout_s)) as steps:
                async for step in steps:
                    yield step

    def _wishes(self, options: Mapping[str, Any]) -> tuple[InstallCode | None, Node | None]:
        """Raises WrongInstallCode, NotPossible."""
        via = options.get("via")
        node = None if via is None else self._nodes.registry.node_of(str(via).partition("/")[0])
        if node is not None and not node.record.is_router:
            raise NotPossible(f"{name_of(node.record)} is no router: nobody can join through it")
        typed = options.get("install_code")
        return None if typed is None else read_install_code(str(typed)), node

    async def _pair(
        self, events: "asyncio.Queue[Event]", code: InstallCode | None, via: Node | None, timeout_s: float
    ) -> AsyncGenerator[PairingStep, None]:
        trust_center = self._nodes.the_trust_center()
        joined: Node | None = None
        try:
            await trust_center.open(timeout_s, via, code)
            through = "" if via is None else f" (through {name_of(via.record)} only)"
            yield PairingStep("ready", f"start pairing on the device now{through}")
            async with aclosing(self._arrivals(events, trust_center, via, code, timeout_s)) as arrivals:
                async for arrival in arrivals:
                    if isinstance(arrival, Node):
                        joined = arrival
                    else:
                        yield arrival
            if joined is None:
                yield _too_late(f"no device was found within {timeout_s:g} s")
                return
            await trust_center.shut_door(self._still_without_key(joined))
            yield PairingStep("included", f"it is at {joined.node_id:04x} now", joined.device)
            async with aclosing(self._welcome(joined)) as steps:
                async for step in steps:
                    yield step
        except DeviceUnreachable as error:
            yield _failed(str(error))
        finally:
            await self._close(trust_center, joined)

    async def _arrivals(
        self,
        events: "asyncio.Queue[Event]",
        trust_center: TrustCenter,
        via: Node | None,
        code: InstallCode | None,
        timeout_s: float,
    ) -> AsyncGenerator[PairingStep | Node, None]:
        """Steps, and last the node that has joined; nothing of it where none does in time."""
        loop = asyncio.get_running_loop()
        deadline, renewal = loop.time() + timeout_s, loop.time() + RENEWED_S
        found: set[int] = set()
        refused: set[int] = set()
        while (left := deadline - loop.time()) > 0:
            if loop.time() >= renewal and not found:
                await trust_center.go_on(left, via, code)
                renewal = loop.time() + RENEWED_S
            event = await _next(events, min(left, max(0.0, renewal - loop.time()) if not found else left))
            if event is None:
                continue
            if event.what is Heard.FOUND and event.eui64 not in found:
                found.add(event.eui64)
                deadline = max(deadline, loop.time() + ANNOUNCED_S)
                yield PairingStep("found", f"a device answers ({eui64_text(event.eui64)})")
            elif event.what is Heard.REFUSED and event.eui64 not in refused:
                refused.add(event.eui64)
                yield PairingStep("warning", f"{eui64_text(event.eui64)} was refused: it does not know the right key")
            elif event.what is Heard.STICK_LOST:
                raise DeviceUnreachable(
                    "the stick went away meanwhile and lets nobody in any more; start pairing again"
                )
            elif event.what is Heard.ANNOUNCED and event.node is not None and event.eui64 in found:
                yield event.node
                return

    async def _welcome(self, node: Node) -> AsyncGenerator[PairingStep, None]:
        """Tell each stage of the interview, which the driver has begun."""
        stage = Stage.NOTHING
        interviewing = self._nodes.interviewing
        while True:
            if node.record.stage is not stage:
                stage = node.record.stage
                if stage:
                    text = f"interview {int(stage)} of {STEPS}: {stage.name.lower().replace('_', ' ')}"
                    yield PairingStep("interview", text, node.device)
            if stage is Stage.COMPLETE or not interviewing.runs(node):
                break
            await interviewing.progressed(node)
        name = f"{name_of(node.record)} ({node.device})"
        if node.record.stage is Stage.COMPLETE:
            yield PairingStep("done", f"{name} is ready", node.device, final=True)
        else:
            text = f"{name} is paired; its interview goes on when it is heard again"
            yield PairingStep("done", text, node.device, final=True)

    def _still_without_key(self, joined: Node | None) -> int | None:
        """Its EUI64, where a device has joined and has not got its own link key yet."""
        return None if joined is None or joined.eui64 in self._keyed else joined.eui64

    async def _close(self, trust_center: TrustCenter, joined: Node | None) -> None:
        """Whatever became of it. A device that has just joined needs a moment for its key; nobody waits for that."""
        but_for = self._still_without_key(joined)
        try:
            await trust_center.close(but_for)
        finally:
            # Also where whoever asked for the pairing does not even wait for its end.
            if not trust_center.is_closed:
                # Of this opening: by the time that the task begins there may be the next one.
                later = self._close_later(trust_center, but_for, trust_center.openings)
                self._nodes.start_task(later, "closing of the network")

    async def _close_later(self, trust_center: TrustCenter, but_for: int | None, openings: int) -> None:
        if but_for is not None:
            try:
                async with asyncio.timeout(KEY_S):
                    while but_for not in self._keyed:
                        self._key_given.clear()
                        await self._key_given.wait()
            except TimeoutError:
                log.info("the device did not ask for a link key of its own")
        await trust_center.close_at_last(openings)

    # Out.

    async def unpair(
        self, device: DeviceId | None, options: Mapping[str, Any], timeout_s: float
    ) -> AsyncGenerator[PairingStep, None]:
        """Tell `device` to leave; without it, wait for one that is reset by hand; with `failed`, strike off one."""
        with self._alone() as events:
            if device is None:
                if options.get("failed"):
                    raise DriverUnavailable("which device is gone? name it")
                story = self._wait_for_leave(events, timeout_s)
            else:
                node = self._nodes.registry.node_of(device)
                story = self._strike_off(node) if options.get("failed") else self._dismiss(node, events, timeout_s)
            async with aclosing(story) as steps:
                async for step in steps:
                    yield step

    async def _wait_for_leave(
        self, events: "asyncio.Queue[Event]", timeout_s: float
    ) -> AsyncGenerator[PairingStep, None]:
        yield PairingStep("ready", "reset the device by its own button now (often: hold it for ten seconds)")
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        while (left := deadline - loop.time()) > 0:
            event = await _next(events, left)
            if event is None or event.what is not Heard.LEFT:
                continue
            node = self._nodes.registry.nodes.get(event.eui64)
            if node is None:
                yield PairingStep("excluded", "a device that was not known here has left", final=True)
            else:
                yield self._gone(node, "has left")
            return
        yield _too_late(f"no device left within {timeout_s:g} s")

    async def _dismiss(
        self, node: Node, events: "asyncio.Queue[Event]", timeout_s: float
    ) -> AsyncGenerator[PairingStep, None]:
        """Zigbee Specification 05-3474-22 §2.4.3.3.5, Mgmt_Leave_req."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        told = False
        while True:
            try:
                told = await self._told_to_leave(node)
            except DeviceUnreachable as error:
                if not node.record.sleeps:
                    yield _failed(f"{error}; if it is gone for good: hubagent unpair {node.device} --failed")
                    return
            if told or loop.time() >= deadline:
                break
            yield PairingStep("ready", "the device sleeps; press one of its buttons now", node.device)
            await self._until_heard(node, events, deadline - loop.time())
        if not told:
            yield _too_late(f"the device was not heard within {timeout_s:g} s")
            return
        until = loop.time() + LEAVING_S
        while (left := until - loop.time()) > 0:
            event = await _next(events, left)
            if event is not None and event.what is Heard.LEFT and event.eui64 == node.eui64:
                yield self._gone(node, "has left")
                return
        # Nobody says so, and not every parent does: then it is so when the device does not answer any more.
        try:
            await self._call(node)
        except DeviceUnreachable:
            yield self._gone(node, "has left")
        else:
            yield _failed(f"{node.device} was told to leave and is still there; reset it by its own button")

    async def _call(self, node: Node) -> None:
        """Raises DeviceUnreachable where it is not there."""
        request = NodeDescReq(node.node_id)
        await self._nodes.the_questions().ask_zdo(node, request, NodeDescRsp, Priority.CONTROLLER)

    async def _told_to_leave(self, node: Node) -> bool:
        """Raises DeviceUnreachable, also where it will not."""
        request = MgmtLeaveReq(0)
        answer = await self._nodes.the_questions().ask_zdo(node, request, MgmtLeaveRsp, Priority.CONTROLLER)
        if answer is not None and answer.status != ZdoStatus.SUCCESS:
            raise DeviceUnreachable(f"{node.device} does not leave (status {answer.status})")
        # One that leaves at once may not answer any more.
        return True

    async def _until_heard(self, node: Node, events: "asyncio.Queue[Event]", within_s: float) -> None:
        loop = asyncio.get_running_loop()
        until, before = loop.time() + within_s, node.heard_at
        while loop.time() < until and node.heard_at == before:
            await _next(events, min(HEARD_S, until - loop.time()))

    async def _strike_off(self, node: Node) -> AsyncGenerator[PairingStep, None]:
        try:
            await self._call(node)
        except DeviceUnreachable:
            yield self._gone(node, "was removed")
        else:
            yield _failed(f"{node.device} answers: unpair it without --failed, so that it knows")

    def _gone(self, node: Node, how: str) -> PairingStep:
        device = self._nodes.forget(node)
        return PairingStep("excluded", f"{device} {how}", device, final=True)


async def _next(events: "asyncio.Queue[Event]", within_s: float) -> Event | None:
    try:
        async with asyncio.timeout(within_s):
            return await events.get()
    except TimeoutError:
        return None


def _failed(text: str) -> PairingStep:
    return PairingStep("failed", text, final=True, ok=False)


def _too_late(text: str) -> PairingStep:
    return PairingStep("timeout", text, final=True, ok=False)
