"""The Zigbee driver: what a node says becomes what the home knows, and what the home wishes becomes what a node hears.

It holds the nodes together: the coordinator brings frames, `hearing` tells the home what they mean, `delivery` sees
wishes through, `interviewing` finds out what a node is, `pairing` and `actions` do what people ask for. The path from a
report's bytes to a command's bytes goes straight through `hearing` and `send`, with no task in between.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from drivers.wish import NEWER
from drivers.zigbee.actions import Actions
from drivers.zigbee.arrivals import Arrivals
from drivers.zigbee.capabilities.table import plan_for
from drivers.zigbee.capabilities.translation import Reading
from drivers.zigbee.coordinator import Coordinator, CoordinatorSettings
from drivers.zigbee.delivery import Delivery
from drivers.zigbee.exchange import StickStatus
from drivers.zigbee.ezsp.frame import Callback
from drivers.zigbee.ezsp.messaging import IdConflictHandler, IncomingMessageHandler, MessageSentHandler
from drivers.zigbee.ezsp.networking import StackStatusHandler
from drivers.zigbee.ezsp.security import ZigbeeKeyEstablishmentHandler
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.trust_center import TrustCenterJoinHandler
from drivers.zigbee.groups import Groups
from drivers.zigbee.hearing import Hearing
from drivers.zigbee.interviewing import Interviewing
from drivers.zigbee.looking import Looking
from drivers.zigbee.membership import Membership
from drivers.zigbee.network_identity import NetworkWishes
from drivers.zigbee.node import Node
from drivers.zigbee.ota_server import OtaServer
from drivers.zigbee.pairing import Pairing
from drivers.zigbee.patience import Patience
from drivers.zigbee.questions import Questions
from drivers.zigbee.radio import Radio
from drivers.zigbee.registry import Registry
from drivers.zigbee.roll_call import RollCall
from drivers.zigbee.scanning import EnergyScan
from drivers.zigbee.services import Services
from drivers.zigbee.sleepers import Sleepers
from drivers.zigbee.status import status_of
from drivers.zigbee.stick_node import StickAsNode
from drivers.zigbee.trust_center import TrustCenter
from drivers.zigbee.upkeep import Upkeep
from drivers.zigbee.zdo.discovery import DeviceAnnce
from hubagent.model.capability import Command
from hubagent.model.device import DeviceId
from hubagent.model.driver import DriverUnavailable, NotPossible, PairingStep, Record, Records, Report
from hubagent.model.event import (
    Cause,
    CommandAnswered,
    CommandSent,
    DeviceSilent,
    DriverCondition,
    DriverStatus,
    Outcome,
)
from hubagent.runtime import Runtime

log = logging.getLogger(__name__)

DELIVERIES_MAX: Final = 200
"""Wishes under way at a time, in all; one more is answered FAILED."""
AWAKE_S: Final = 4.0
"""How long a device that sleeps listens after it has said something; most poll for a few seconds."""

LANDED_S: Final = 5.0
"""How long a stick says something again that was not acknowledged, about."""
_MOVED: Final = frozenset((Status.ZIGBEE_CHANNEL_CHANGED, Status.ZIGBEE_PAN_ID_CHANGED))
_CONDITIONS: Final = {
    StickStatus.READY: DriverCondition.READY,
    StickStatus.RESTARTING: DriverCondition.TROUBLED,
    StickStatus.UNRESPONSIVE: DriverCondition.TROUBLED,
    StickStatus.PORT_LOST: DriverCondition.TROUBLED,
}


class Parts:
    """Everything that lives as long as the stick's coordinator does."""

    def __init__(self, driver: "ZigbeeDriver", coordinator: Coordinator, tasks: asyncio.TaskGroup) -> None:
        self.coordinator = coordinator
        self.tasks = tasks
        self.radio = Radio(coordinator, driver.presence_changed)
        self.questions = Questions(self.radio)
        self.patience = Patience(coordinator)
        self.interviewing = Interviewing(
            driver.registry, coordinator, self.questions, self.patience, driver.report, tasks
        )
        self.sleepers = Sleepers()
        self.trust_center = TrustCenter(coordinator, self.radio, self.questions)
        self.arrivals = Arrivals(driver, driver.pairing)
        self.services = Services(self.radio, driver.runtime.wall, driver.ota.answer, self.has_more_for)
        self.hearing = Hearing(driver, driver.report, self.services, self.sleepers)
        self.looking = Looking(self.radio, self.questions, driver.stick, driver.told_where)
        self.upkeep = Upkeep(
            driver.registry, self.interviewing, self.radio, self.questions, self.looking, coordinator.note_counter
        )
        self.roll_call = RollCall(driver, driver.records)
        self.energy_scan = EnergyScan(coordinator)

    def has_more_for(self, node: Node) -> bool:
        """Whether there is something that a sleeping node should stay awake for."""
        return self.sleepers.waiting(node) > 0 or not node.idle.is_set() or self.interviewing.wanted(node)


class ZigbeeDriver:
    """One stick and its network. Implements `hubagent.model.driver.Driver`."""

    name = "zigbee"

    def __init__(
        self,
        settings: CoordinatorSettings,
        wishes: NetworkWishes,
        ota_dir: Path | None,
        runtime: Runtime,
        records: Records,
    ) -> None:
        self.runtime = runtime
        self.records = records
        self.registry = Registry(records, self.report)
        self.membership = Membership(records, wishes, runtime.entropy)
        self.group_table = Groups(records)
        self.ota = OtaServer(ota_dir, self._took_firmware)
        self.pairing = Pairing(self)
        self.coordinator: Coordinator | None = None
        self.settings = settings
        self.parts: Parts | None = None
        """There from the start of the stick on, until the end begins."""
        self._report: Report = lambda _: None
        self._deliveries: dict[DeviceId, list[Delivery]] = {}
        self._under_way = 0
        self.begun = asyncio.Event()
        """Set when the nodes are known, and for good."""
        self.stick = StickAsNode(self)
        self._actions = Actions(self)

    # Life.

    async def run(self, report: Report) -> None:
        self._report = report
        report(DriverStatus(self.name, DriverCondition.STARTING))
        coordinator = Coordinator(self.settings, self.runtime, self.membership, self)
        parts: Parts | None = None
        try:
            await coordinator.start()
            self.coordinator = coordinator
            if coordinator.wrong_network is not None:
                self.status_changed(StickStatus.RESTARTING, str(coordinator.wrong_network))
            async with asyncio.TaskGroup() as tasks:
                keeping = tasks.create_task(coordinator.run(), name="zigbee stick")
                # Until a person has decided about a stick in another network, only that can be asked for.
                await coordinator.in_network.wait()
                parts = self.parts = Parts(self, coordinator, tasks)
                try:
                    self._begin(parts)
                    await keeping
                finally:
                    # A group that is being cancelled takes no more tasks, and frames may still come in.
                    self.parts = None
        finally:
            try:
                if parts is not None:
                    await parts.trust_center.close_at_end()
            finally:
                coordinator.close()
                if parts is not None:
                    self._end(parts)

    def _begin(self, parts: Parts) -> None:
        self.registry.load()
        parts.hearing.begin()
        self.begun.set()
        self._report(DriverStatus(self.name, DriverCondition.READY))
        for node in list(self.registry.nodes.values()):
            if not node.record.sleeps:
                parts.interviewing.begin(node)
        parts.tasks.create_task(parts.upkeep.run(), name="zigbee upkeep")
        parts.tasks.create_task(parts.roll_call.run(), name="zigbee roll call")
        parts.tasks.create_task(self.ota.load(), name="zigbee firmware of devices")

    def _end(self, parts: Parts) -> None:
        self.pairing.stick_lost()
        parts.radio.close()
        parts.hearing.close()
        for deliveries in list(self._deliveries.values()):
            for delivery in list(deliveries):
                delivery.answer(Outcome.FAILED, "the driver stopped")
        parts.sleepers.close()

    # From the stick.

    def message_received(self, message: IncomingMessageHandler, received_at: float) -> None:
        if self.parts is not None:
            self.parts.hearing.message_received(message, received_at)

    def message_sent(self, message: MessageSentHandler) -> None:
        if self.parts is not None:
            self.parts.radio.message_sent(message)

    def callback_received(self, callback: Callback) -> None:
        parts = self.parts
        if parts is None:
            return
        if isinstance(callback, TrustCenterJoinHandler):
            parts.arrivals.join_heard(callback)
        elif isinstance(callback, ZigbeeKeyEstablishmentHandler):
            self.pairing.key_heard(callback)
        elif isinstance(callback, StackStatusHandler):
            if callback.status in _MOVED:
                self.start_task(self._network_moved(parts), "network's new place")
        elif isinstance(callback, IdConflictHandler):
            parts.arrivals.address_in_conflict(callback.node_id)
        else:
            parts.energy_scan.callback_received(callback)

    async def _network_moved(self, parts: Parts) -> None:
        try:
            self.membership.moved(await parts.coordinator.stack.read())
        except (DriverUnavailable, NotPossible) as error:
            log.info("where the network is now could not be read: %s", error)

    def groups(self) -> tuple[int, ...]:
        return self.group_table.numbers()

    def status_changed(self, status: StickStatus, detail: str) -> None:
        parts = self.parts
        if parts is None:
            if self.coordinator is not None and status is not StickStatus.READY:
                self._report(DriverStatus(self.name, _CONDITIONS[status], detail))
            return
        self._report(DriverStatus(self.name, _CONDITIONS[status], detail))
        if status is not StickStatus.READY:
            self.pairing.stick_lost()
            parts.radio.stick_restarted()
            parts.patience.stick_restarted()
            return
        # What was reported while the stick was away is lost.
        for node in list(self.registry.nodes.values()):
            parts.interviewing.doubt(node)
            if not node.record.sleeps:
                parts.interviewing.begin(node)
        parts.upkeep.hurry()
        parts.roll_call.again()

    # From nodes.

    def announced(self, annce: DeviceAnnce) -> None:
        if self.parts is not None:
            self.parts.arrivals.announced(annce)

    def located(self, eui64: int, node_id: int) -> None:
        """A node that is known says where it is."""
        if self.parts is not None and eui64 in self.registry.nodes:
            self.parts.arrivals.adopt(eui64, node_id)

    def told_where(self, eui64: int, node_id: int) -> None:
        """By somebody else, who may recall what was once: it counts only where the node is not reached otherwise."""
        node = self.registry.nodes.get(eui64)
        if self.parts is not None and node is not None and not node.reachable and node.node_id != node_id:
            self.parts.arrivals.found(node, node_id)

    def stranger_heard(self, message: IncomingMessageHandler, received_at: float) -> Node | None:
        """A message of an address that is nobody's. The node, where it is being asked who it is."""
        parts = self.parts
        if parts is None:
            return None
        if message.sender == self._own_node_id():
            return self.stick.node
        if message.sender in self.stick.passing:
            return self.stick.passing[message.sender]
        asked = parts.arrivals.known_stranger(message.sender)
        if asked is None:
            parts.arrivals.stranger(
                message.sender, message.sender_eui64, lambda: self.message_received(message, received_at)
            )
        return asked

    def _own_node_id(self) -> int:
        return 0 if self.coordinator is None else self.coordinator.identity.node_id

    def heard(self, node: Node) -> None:
        """One that sleeps, or was thought to, has said something, and listens for a moment."""
        parts = self.parts
        if parts is not None and node.device in self.registry.devices:
            parts.sleepers.heard(node)
            parts.interviewing.begin(node)

    def delivery_reported(self, device: DeviceId, reading: Reading) -> None:
        if reading.concluded:
            return
        for delivery in self._deliveries.get(device, ()):
            delivery.reported(reading.values)

    def revive(self, node: Node) -> None:
        node.silent = False
        node.failures = 0
        self.presence_changed(node)

    def presence_changed(self, node: Node) -> None:
        parts = self.parts
        if node.device not in self.registry.devices or parts is None:
            return
        if node.silent:
            parts.interviewing.doubt(node)
            self._report(DeviceSilent(node.device))
        self.registry.announce(node)
        if not node.silent and not node.record.sleeps:
            parts.interviewing.begin(node)

    # To nodes.

    def send(
        self, device: DeviceId, command: Command, cause: Cause, answered: Callable[[CommandAnswered], None]
    ) -> None:
        known = self.registry.devices.get(device)
        parts = self.parts
        if known is None or parts is None:
            answered(CommandAnswered(device, command, cause, Outcome.FAILED, self._why_not(device)))
            return
        node, part = known
        plan = plan_for(command, node.record, part)
        if plan is None:
            detail = f"the device cannot do {type(command).__name__}"
            answered(CommandAnswered(device, command, cause, Outcome.FAILED, detail))
            return
        if self._under_way >= DELIVERIES_MAX:
            detail = f"{DELIVERIES_MAX} commands are under way already"
            answered(CommandAnswered(device, command, cause, Outcome.FAILED, detail))
            return
        if node.record.rx_on_when_idle or node.hears or parts.radio.now() - node.heard_at < AWAKE_S:
            self._start(Delivery(node, part, device, command, plan, cause, answered))
            return
        # It sleeps: the caller knows that now, and the home hears the outcome when there is one.
        self._postpone(Delivery(node, part, device, command, plan, cause, self._report))
        answered(CommandAnswered(device, command, cause, Outcome.WAITING, "it goes out when the device is heard"))

    def _why_not(self, device: DeviceId) -> str:
        wrong = None if self.coordinator is None else self.coordinator.wrong_network
        return str(wrong) if wrong is not None else f"the driver does not know the device {device} now"

    def _postpone(self, delivery: Delivery) -> None:
        assert self.parts is not None
        self.parts.sleepers.keep(delivery, lambda: self._start(delivery))

    def _start(self, delivery: Delivery) -> None:
        parts = self.parts
        if parts is None:
            delivery.answer(Outcome.FAILED, "the driver stopped")
            return
        self._under_way += 1
        others = self._deliveries.setdefault(delivery.device, [])
        in_the_air = _overtaken_in_the_air(delivery, others) if others else ()
        others.append(delivery)
        waits = in_the_air or (delivery.was_tried and delivery.may_be_answered)
        if not waits and not parts.patience.is_needed(delivery.node):
            delivery.start(parts.radio, lambda: self._written(delivery))
        self.start_task(self._follow(delivery, in_the_air, parts), "delivery")
        parts.sleepers.overtake(delivery)

    async def _follow(self, delivery: Delivery, older: Sequence[Delivery], parts: Parts) -> None:
        """`older` are those of which the stick says each again and again: the last word must be the last in the air."""
        try:
            with delivery.node.occupied():
                if not delivery.started:
                    await self._have_patience(delivery.node, parts)
                    await delivery.earlier_answer()
                    await _all_landed(older)
                    if delivery.overtaken:
                        delivery.answer(Outcome.FAILED, NEWER)
                        return
                    delivery.start(parts.radio, lambda: self._written(delivery))
                await delivery.follow(parts.radio, parts.questions)
        finally:
            delivery.answer(Outcome.FAILED, "the driver stopped before the outcome was known")
            self._under_way -= 1
            others = self._deliveries[delivery.device]
            others.remove(delivery)
            if not others:
                del self._deliveries[delivery.device]
        if delivery.outcome is Outcome.WAITING:
            again = delivery.again(self._report)
            parts.sleepers.put_back(again, lambda: self._start(again))

    async def _have_patience(self, node: Node, parts: Parts) -> None:
        try:
            await parts.patience.have(node)
        except (DriverUnavailable, NotPossible) as error:
            log.info("the stick is not patient with %s: %s", node.device, error)

    def _written(self, delivery: Delivery) -> None:
        cause = delivery.cause
        latency = None if cause.received_at is None else asyncio.get_running_loop().time() - cause.received_at
        self._report(CommandSent(delivery.device, delivery.wish, cause, latency))

    # What people ask for.

    def pair(self, options: Mapping[str, Any], timeout_s: float) -> AsyncIterator[PairingStep]:
        return self.pairing.pair(options, timeout_s)

    def unpair(
        self, device: DeviceId | None, options: Mapping[str, Any], timeout_s: float
    ) -> AsyncIterator[PairingStep]:
        return self.pairing.unpair(device, options, timeout_s)

    async def act(self, action: str, device: DeviceId | None, arguments: Mapping[str, Any]) -> Record:
        return await self._actions.act(action, device, arguments)

    def status(self) -> Record:
        return status_of(self)

    # What the driver's parts share.

    def look_for_strangers(self) -> None:
        """There is somebody whose name is not known."""
        if self.parts is not None:
            self.parts.roll_call.again()

    def the_parts(self) -> Parts:
        if self.parts is None:
            wrong = None if self.coordinator is None else self.coordinator.wrong_network
            raise DriverUnavailable(str(wrong) if wrong is not None else "the Zigbee stick is not ready")
        return self.parts

    def the_coordinator(self) -> Coordinator:
        """Also while it is in another network than the hub's."""
        if self.coordinator is None:
            raise DriverUnavailable("the Zigbee stick is not ready")
        return self.coordinator

    def the_trust_center(self) -> TrustCenter:
        return self.the_parts().trust_center

    def the_questions(self) -> Questions:
        return self.the_parts().questions

    @property
    def interviewing(self) -> Interviewing:
        return self.the_parts().interviewing

    def report(self, event: Any) -> None:
        self._report(event)

    def start_task(self, work: Any, name: str) -> None:
        """In the driver's own group; after its end nothing is begun."""
        if self.parts is None:
            work.close()
            return
        self.parts.tasks.create_task(work, name=f"zigbee {name}")

    def _took_firmware(self, node: Node) -> None:
        if self.parts is not None:
            self.parts.interviewing.restarts(node)

    def forget(self, node: Node) -> DeviceId:
        """The node is not in the network any more."""
        if self.parts is not None:
            self.parts.interviewing.forget(node)
            self.parts.sleepers.forget(node)
            self.parts.patience.moved(node)
        for device in node.ids.values():
            self.group_table.forget(device)
        return self.registry.forget(node)

    def forget_all(self) -> None:
        """It is another network now: nobody of the old one is here."""
        for node in list(self.registry.nodes.values()):
            self.forget(node)
        self.registry.forget_all()


def _overtaken_in_the_air(delivery: Delivery, others: Sequence[Delivery]) -> Sequence[Delivery]:
    """Those that it overtakes from now on, as far as they may be heard yet."""
    older = [other for other in others if delivery.replaces(other)]
    for other in older:
        other.overtake()
    return [other for other in older if other.in_the_air]


async def _all_landed(deliveries: Sequence[Delivery]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(LANDED_S):
            for one in deliveries:
                await one.landed()
