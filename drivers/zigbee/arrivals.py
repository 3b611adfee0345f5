"""Who comes, moves and goes: announcements, the trust centre's decisions, and messages of nodes that nobody knows.

A node is known by its EUI64 for life, and is where it last said that it is. One that has the network's key belongs to
the network: it is taken in whenever it is heard, also where its joining was not, and answers who it is.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from drivers.zigbee.coordinator import Coordinator
from drivers.zigbee.exchange import Priority
from drivers.zigbee.ezsp.trust_center import TrustCenterJoinHandler
from drivers.zigbee.ezsp.types import DeviceUpdate, JoinDecision
from drivers.zigbee.interviewing import Interviewing
from drivers.zigbee.node import Node
from drivers.zigbee.node_record import NodeRecord, Stage
from drivers.zigbee.pairing import Pairing
from drivers.zigbee.questions import Questions
from drivers.zigbee.registry import Registry
from drivers.zigbee.wire import eui64_text
from drivers.zigbee.zdo.discovery import DeviceAnnce, IeeeAddrReq, IeeeAddrRsp, NodeDescReq, NodeDescRsp
from drivers.zigbee.zdo.message import ZdoStatus
from hubagent.model.device import DeviceId
from hubagent.model.driver import DeviceUnreachable, DriverUnavailable

log = logging.getLogger(__name__)

STRANGERS_MAX: Final = 16
"""Unknown addresses that are asked who they are, at a time."""
STRANGER_AGAIN_S: Final = 60.0
"""Before an address that did not say who it is is asked again."""
ANNOUNCED_S: Final = 8.0
"""How long a device that was let in may take to announce itself; then that was lost."""
LEFT_S: Final = 10.0
"""How long after word that it left a device is still expected back: some say so when they only change their parent."""
JOINING_MAX: Final = 32
"""Devices that were let in and have not announced themselves yet."""
LOGGED_MAX: Final = 20
"""Refusals that are written into the log; the rest is only counted."""
IN_CONFLICT_MAX: Final = 16
"""Devices that are remembered to have had another's address."""


@dataclass(slots=True)
class Conflicts:
    """Addresses that two nodes had, since the start."""

    count: int = 0
    last_at: float = 0.0
    """`loop.time()`."""
    devices: dict[DeviceId, None] = field(default_factory=dict)
    """Whose addresses they were, as far as that is known: who had it last comes last."""

    def heard(self, device: DeviceId | None, now: float) -> None:
        self.count += 1
        self.last_at = now
        if device is None:
            return
        self.devices.pop(device, None)
        if len(self.devices) >= IN_CONFLICT_MAX:
            del self.devices[next(iter(self.devices))]
        self.devices[device] = None


class Nodes(Protocol):
    registry: Registry

    @property
    def interviewing(self) -> Interviewing: ...

    def the_questions(self) -> Questions: ...

    def the_coordinator(self) -> Coordinator: ...

    def start_task(self, work: Any, name: str) -> None: ...

    def forget(self, node: Node) -> DeviceId: ...

    def revive(self, node: Node) -> None: ...

    def look_for_strangers(self) -> None: ...


class Arrivals:
    def __init__(self, nodes: Nodes, pairing: Pairing) -> None:
        self.conflicts = Conflicts()
        self.refused = 0
        """Joins that the trust centre refused, and devices that were not taken in."""
        self._nodes = nodes
        self._pairing = pairing
        self._loop = asyncio.get_running_loop()
        self._strangers: dict[int, Node] = {}
        self._asked_at: dict[int, float] = {}
        self._joined: dict[int, int] = {}
        """EUI64s that were let in and have not announced themselves yet, with their addresses."""
        self._leaving: dict[int, float] = {}
        """By EUI64, when it was last said that the device left."""

    # What is heard.

    def join_heard(self, update: TrustCenterJoinHandler) -> None:
        """Of a node that is not its child the trust centre knows only what that node's parent says."""
        self._pairing.join_heard(update)
        eui64 = update.new_node_eui64
        if update.status == DeviceUpdate.DEVICE_LEFT:
            self._left(eui64)
            return
        if update.policy_decision == JoinDecision.DENY_JOIN:
            self._refused("%s wanted to join and was refused", eui64)
            return
        self._leaving.pop(eui64, None)
        if update.status == DeviceUpdate.UNSECURED_JOIN:
            self._let_in(eui64, update.new_node_id)
            return
        self._rejoined(eui64, update.new_node_id)

    def _let_in(self, eui64: int, node_id: int) -> None:
        is_waited_for = eui64 in self._joined
        if not is_waited_for and len(self._joined) >= JOINING_MAX:
            self._refused("%s is not waited for: too many join at once", eui64)
            return
        self._joined[eui64] = node_id
        if not is_waited_for:
            self._nodes.start_task(self._wait_for_announcement(eui64), "announcement")

    async def _wait_for_announcement(self, eui64: int) -> None:
        await asyncio.sleep(ANNOUNCED_S)
        node_id = self._joined.get(eui64)
        if node_id is not None:
            # It was lost.
            self._rejoined(eui64, node_id)
            self._joined.pop(eui64, None)

    def _refused(self, text: str, eui64: int) -> None:
        self.refused += 1
        if self.refused <= LOGGED_MAX:
            log.warning(text, eui64_text(eui64))

    def announced(self, annce: DeviceAnnce) -> None:
        """Zigbee Specification 05-3474-22 §2.4.3.1.11."""
        if not self._is_expected(annce.eui64):
            self._ask_who(annce.node_id, lambda: self.announced(annce))
            return
        self._leaving.pop(annce.eui64, None)
        node = self._node_at(annce.eui64, annce.node_id)
        if node is not None:
            node.record.flags(annce.capability)
            self._welcome(node)

    def _is_expected(self, eui64: int) -> bool:
        """It is known, or was just let in."""
        return eui64 in self._nodes.registry.nodes or eui64 in self._joined

    def _welcome(self, node: Node) -> None:
        """It has an address. One that was let in just now knows nobody to report to, whoever it was before."""
        node.heard_at = self._loop.time()
        node.hears = True
        node.counts_anew()
        is_new = node.device not in self._nodes.registry.devices
        anew = node.eui64 in self._joined
        self._joined.pop(node.eui64, None)
        if node.silent:
            self._nodes.revive(node)
        if is_new or anew:
            self._nodes.registry.keep(node)
            self._nodes.registry.flush()
        self._nodes.registry.announce(node)
        if anew and not is_new:
            self._nodes.interviewing.rejoined(node)
        else:
            # It may have been without power, and be other than it was.
            self._nodes.interviewing.doubt(node)
            self._nodes.interviewing.begin(node)
        self._pairing.announced(node)

    def _rejoined(self, eui64: int, node_id: int) -> None:
        """It is in the network all the time, and has another parent, or another address, or both."""
        if not self._is_expected(eui64):
            self._ask_who(node_id, nothing)
            return
        node = self._node_at(eui64, node_id)
        if node is not None:
            self._welcome(node)

    def address_in_conflict(self, node_id: int) -> None:
        """Two nodes have it; both choose another and announce it (05-3474-22 §3.6.1.9)."""
        node = self._nodes.registry.lost_address(node_id)
        self.conflicts.heard(None if node is None else node.device, self._loop.time())
        if node is not None:
            log.info("%s and another node have the address %04x: both will have new ones", node.device, node_id)

    def adopt(self, eui64: int, node_id: int, *, rx_on_when_idle: bool = True) -> Node | None:
        """A node that is in the network, by somebody's word."""
        node = self._node_at(eui64, node_id)
        if node is not None and node.device not in self._nodes.registry.devices:
            # Until it says so itself.
            node.record.rx_on_when_idle = rx_on_when_idle
            self._nodes.registry.keep(node)
            self._nodes.registry.announce(node)
            self._nodes.interviewing.begin(node)
        return node

    def found(self, node: Node, node_id: int) -> None:
        """Where it is was not known, and is told by somebody who hears it: not where somebody else is."""
        if not _is_address(node_id) or node_id in self._nodes.registry.by_address:
            return
        self._nodes.registry.moved(node, node_id)
        self._nodes.interviewing.moved(node)
        self._nodes.interviewing.begin(node)

    def _node_at(self, eui64: int, node_id: int) -> Node | None:
        """The node with this identity, which is at this address now. None where it cannot be, or no more can be taken
        in."""
        registry = self._nodes.registry
        if not _is_address(node_id) or eui64 in _NOBODY or eui64 == self._nodes.the_coordinator().identity.eui64:
            return None
        node = registry.nodes.get(eui64)
        if node is not None:
            if registry.moved(node, node_id):
                self._nodes.interviewing.moved(node)
            return node
        if registry.full:
            self._refused("%s is not taken in: there are too many devices", eui64)
            return None
        return registry.add(eui64, node_id)

    # Who left.

    def _left(self, eui64: int) -> None:
        if eui64 not in self._nodes.registry.nodes:
            return
        is_waited_for = eui64 in self._leaving
        self._leaving[eui64] = self._loop.time()
        if not is_waited_for:
            self._nodes.start_task(self._wait_for_return(eui64), "leaving")

    async def _wait_for_return(self, eui64: int) -> None:
        """Its parent said that it left: a parent may be wrong, so it is asked before it is forgotten."""
        since = await self._no_more_said(eui64)
        node = self._nodes.registry.nodes.get(eui64)
        if since is None or node is None or node.heard_at > since:
            return
        try:
            await self._nodes.the_questions().ask_zdo(node, NodeDescReq(node.node_id), NodeDescRsp, Priority.CONTROLLER)
        except DeviceUnreachable:
            if node.heard_at <= since and self._nodes.registry.nodes.get(eui64) is node:
                self._nodes.forget(node)
        except DriverUnavailable as error:
            log.info("whether %s left is not known: %s", node.device, error)

    async def _no_more_said(self, eui64: int) -> float | None:
        """When it was last said that it left, once that was not said again for a while; None when it came back."""
        said_at = self._leaving.get(eui64)
        while said_at is not None:
            await asyncio.sleep(said_at + LEFT_S - self._loop.time())
            if said_at == self._leaving.get(eui64):
                del self._leaving[eui64]
                break
            said_at = self._leaving.get(eui64)
        return said_at

    # Who nobody knows.

    def stranger(self, node_id: int, eui64: int, heard: Callable[[], None]) -> None:
        """A message of an address that is not known, or not known to be its sender's, with the sender's EUI64 where the
        message tells it; `heard` when it is known whose it is."""
        if eui64 not in self._nodes.registry.nodes:
            self._ask_who(node_id, heard)
        elif self.adopt(eui64, node_id) is not None:
            heard()

    def known_stranger(self, node_id: int) -> Node | None:
        """One that is being asked who it is."""
        return self._strangers.get(node_id)

    def _ask_who(self, node_id: int, known: Callable[[], None]) -> None:
        """Take in whoever is at this address, when it has said who it is, and go on with `known`.

        Nobody is taken in for what is said of it, and some answer nothing: only so many are asked at a time.
        """
        now = self._loop.time()
        if (
            not _is_address(node_id)
            or len(self._strangers) >= STRANGERS_MAX
            or now - self._asked_at.get(node_id, -STRANGER_AGAIN_S) < STRANGER_AGAIN_S
        ):
            return
        if len(self._asked_at) >= STRANGERS_MAX:
            self._asked_at.clear()
        self._asked_at[node_id] = now
        self._strangers[node_id] = Node(NodeRecord(0, node_id, Stage.NOTHING, rx_on_when_idle=True))
        self._nodes.start_task(self._ask_name(node_id, known), f"who is at {node_id:04x}?")

    async def _ask_name(self, node_id: int, known: Callable[[], None]) -> None:
        stranger = self._strangers[node_id]
        try:
            answer = await self._nodes.the_questions().ask_zdo(
                stranger, IeeeAddrReq(node_id), IeeeAddrRsp, Priority.INTERVIEW
            )
        except (DeviceUnreachable, DriverUnavailable) as error:
            log.info("who is at %04x cannot be found out: %s", node_id, error)
            answer = None
        finally:
            self._strangers.pop(node_id, None)
        if answer is None:
            # It may have nothing more to say to anybody; its neighbours know it.
            self._nodes.look_for_strangers()
            return
        if answer.status != ZdoStatus.SUCCESS or answer.node_id not in (None, node_id):
            return
        if answer.eui64 and self.adopt(answer.eui64, node_id) is not None:
            known()


_NOBODY: Final = frozenset((0, 0xFFFF_FFFF_FFFF_FFFF))
"""EUI64s that are no device's."""


def nothing() -> None:
    """It is taken in, and that is all."""


def _is_address(node_id: int) -> bool:
    """Whether a node can have it: the first is the stick's, the last ones are of broadcasts (05-3474-22 §3.6.5)."""
    return 0 < node_id < 0xFFF8
