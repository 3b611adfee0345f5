"""The Z-Wave driver: what a node says becomes what the home knows, and what the home wishes becomes what a node hears.

It holds the nodes together: the controller brings frames, `capabilities` says what they mean, `delivery` sees wishes
through, `interview` finds out what a node is, `pairing` and `network` do what people ask for. The path from a
report's bytes to a command's bytes goes straight through `command_received` and `send`, with no task in between.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from drivers.zwave.capabilities.table import capabilities_of, plan_for, said
from drivers.zwave.capabilities.translation import Pressed, Reading
from drivers.zwave.command_classes import device_reset_locally, supervision, wake_up
from drivers.zwave.command_classes.command import Command as ZwaveCommand
from drivers.zwave.command_classes.command import MalformedCommand
from drivers.zwave.command_classes.duration import INSTANTLY
from drivers.zwave.command_classes.supervision import SupervisionReport, SupervisionStatus
from drivers.zwave.command_classes.table import UnknownCommand
from drivers.zwave.controller import Controller, ControllerSettings
from drivers.zwave.delivery import Delivery
from drivers.zwave.encapsulation.chain import unwrap, wrap
from drivers.zwave.encapsulation.envelope import Envelope
from drivers.zwave.exchange import ControllerStatus, Priority
from drivers.zwave.interviewing import Interviewing
from drivers.zwave.network import Network
from drivers.zwave.node import Node
from drivers.zwave.node_record import ROOT, EndPoint, NodeRecord, Stage
from drivers.zwave.pairing import Pairing
from drivers.zwave.radio import Radio
from drivers.zwave.serial_api.application import ApplicationUpdate, UpdateEvent
from drivers.zwave.sleep import WakeUps
from drivers.zwave.upkeep import Upkeep
from drivers.zwave.views import device_of
from hubagent.model.capability import Command, Value
from hubagent.model.device import DeviceId, Presence
from hubagent.model.driver import (
    DeviceUnreachable,
    DriverUnavailable,
    NotPossible,
    PairingStep,
    Record,
    Records,
    Report,
)
from hubagent.model.event import (
    ButtonPressed,
    Cause,
    CommandAnswered,
    CommandSent,
    DeviceChanged,
    DeviceJoined,
    DeviceLeft,
    DeviceSilent,
    DriverCondition,
    DriverStatus,
    Outcome,
    StateReported,
)
from hubagent.runtime import PortError, Runtime

log = logging.getLogger(__name__)

DELIVERIES_MAX = 200
"""Wishes under way at a time, in all; one more is answered FAILED."""

LOGGED_MAX = 20
"""Unreadable commands that are written into the log; the rest is only counted."""
_LAST = "last reported"

_CONDITIONS = {
    ControllerStatus.READY: DriverCondition.READY,
    ControllerStatus.RESTARTING: DriverCondition.TROUBLED,
    ControllerStatus.JAMMED: DriverCondition.TROUBLED,
    ControllerStatus.UNRESPONSIVE: DriverCondition.TROUBLED,
    ControllerStatus.PORT_LOST: DriverCondition.TROUBLED,
}


class ZwaveDriver:
    """One stick and its network. Implements `hubagent.model.driver.Driver`."""

    name = "zwave"

    def __init__(self, settings: ControllerSettings, runtime: Runtime, records: Records) -> None:
        self.nodes: dict[int, Node] = {}
        self.controller: Controller | None = None
        self._settings = settings
        self._runtime = runtime
        self._records = records
        self._report: Report = lambda _: None
        self._tasks: asyncio.TaskGroup | None = None
        self._radio: Radio | None = None
        self._interviewing: Interviewing | None = None
        self._wake_ups: WakeUps | None = None
        self._upkeep: Upkeep | None = None
        self._devices: dict[DeviceId, tuple[Node, EndPoint]] = {}
        self._ids: dict[tuple[int, int], DeviceId] = {}
        """By node and end point, so that a report needs no formatting."""
        self._offers: dict[DeviceId, frozenset[str]] = {}
        self._deliveries: dict[tuple[int, int], list[Delivery]] = {}
        self._looks: dict[tuple[int, int, int], bool] = {}
        """What is being read because its mirror changed; true where it changed again since the reading began."""
        self._under_way = 0
        self._malformed = 0
        self._pairing = Pairing(self)

    # Life.

    async def run(self, report: Report) -> None:
        self._report = report
        report(DriverStatus(self.name, DriverCondition.STARTING))
        controller = Controller(self._settings, self._runtime, self)
        try:
            await controller.start()
            self.controller = controller
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                self._radio = Radio(controller, self._presence_changed)
                self._interviewing = Interviewing(self, self._radio, tasks)
                self._wake_ups = WakeUps(self, self._radio, tasks)
                self._upkeep = Upkeep(self.nodes, self._interviewing, self._radio)
                self._load()
                report(DriverStatus(self.name, DriverCondition.READY))
                for node in self.nodes.values():
                    self._interviewing.begin(node)
                tasks.create_task(self._upkeep.run(), name="zwave upkeep")
                try:
                    await controller.run()
                finally:
                    # A group that is being cancelled takes no more tasks, and frames may still come in.
                    self._tasks = None
        except ExceptionGroup as group:
            # The one end that is nobody's mistake: another stick than before is on the port.
            elsewhere = next((error for error in group.exceptions if isinstance(error, PortError)), None)
            if elsewhere is None:
                raise
            raise elsewhere from None
        finally:
            self._tasks = None
            controller.close()
            for deliveries in list(self._deliveries.values()):
                for delivery in list(deliveries):
                    delivery.answer(Outcome.FAILED, "the driver stopped")
            if self._wake_ups is not None:
                self._wake_ups.close()

    def _load(self) -> None:
        """The nodes that the stick knows, with what was found out about them before."""
        assert self.controller is not None
        identity = self.controller.identity
        kept = self._records.load()
        for node_id in sorted(identity.nodes - {identity.own_node_id}):
            node = Node(self._restored(kept.get(self._key(node_id)), node_id))
            self.nodes[node_id] = node
            self.announce(node)
        for key in kept:
            if key.startswith(self._key_prefix()) and key not in {self._key(node_id) for node_id in self.nodes}:
                self._records.remove(key)
                self._report(DeviceLeft(f"zwave-{key}"))

    def _restored(self, record: Record | None, node_id: int) -> NodeRecord:
        if record is None:
            return NodeRecord(node_id)
        try:
            return NodeRecord.from_record(record)
        except (KeyError, TypeError, ValueError) as error:
            log.warning("what was kept of node %d cannot be read (%r): it is asked anew", node_id, error)
            return NodeRecord(node_id)

    # From the radio. The hot path: synchronous from the bytes of a report to those of a command.

    def command_received(self, node_id: int, command: bytes, received_at: float) -> None:
        node = self.nodes.get(node_id)
        if node is None or self._tasks is None:
            return
        try:
            inner, envelope = unwrap(command)
        except MalformedCommand as error:
            self._malformed += 1
            if self._malformed <= LOGGED_MAX:
                log.warning("node %d sent what cannot be read: %s", node_id, error)
            return
        node.heard_at = received_at
        if node.dead:
            self._revive(node)
        if envelope.supervision is not None and self._heard_before(node, command, envelope):
            return
        end_point = node.record.end_points.get(envelope.endpoint)
        if end_point is not None:
            for item in said(inner, end_point):
                if type(item) is Reading:
                    self._reading(node, end_point, item, received_at)
                    if len(node.record.end_points) > 1 and not isinstance(inner, UnknownCommand):
                        self._mirror(node, end_point, inner.COMMAND_CLASS, item)
                elif type(item) is Pressed:
                    self._pressed(node, end_point, item, received_at)
        if node.waiting:
            node.take(inner, envelope.endpoint)
        if envelope.supervision is not None:
            self._answer_supervision(node, command, envelope)
        self._of_the_node_itself(node, inner)

    def _reading(self, node: Node, end_point: EndPoint, reading: Reading, received_at: float) -> None:
        device = self._ids.get((node.node_id, end_point.number))
        if device is None:
            return
        if reading.capability not in self._offers[device]:
            if reading.capability not in capabilities_of(end_point):
                return
            self.announce(node)
        self._report(StateReported(device, reading.capability, reading.values, received_at))
        for delivery in self._deliveries.get((node.node_id, end_point.number), ()):
            delivery.reported(reading.values)

    def _mirror(self, node: Node, end_point: EndPoint, command_class: int, reading: Reading) -> None:
        """The root and the end points of a node are two views of one thing, and only one of them reports a change
        (SDS13783, Multi Channel): when one has changed, the others are read."""
        last: dict[str, Value] = end_point.memory.setdefault(_LAST, {})
        changed = any(last.get(name, value) != value for name, value in reading.values.items())
        last.update(reading.values)
        if not changed:
            return
        others = [
            other
            for other in node.record.end_points.values()
            if other is not end_point and ROOT in (other.number, end_point.number)
        ]
        for other in others:
            if other.has(command_class):
                self._look_soon(node, other, command_class)

    def _look_soon(self, node: Node, end_point: EndPoint, command_class: int) -> None:
        """One look at a time, and one more where something changed since it began."""
        key = (node.node_id, end_point.number, command_class)
        looks = key in self._looks
        self._looks[key] = True
        if not looks:
            self.start_task(self._look_at(node, end_point, command_class), "mirror")

    async def _look_at(self, node: Node, end_point: EndPoint, command_class: int) -> None:
        key = (node.node_id, end_point.number, command_class)
        try:
            while self._looks[key]:
                self._looks[key] = False
                await self.interviewing.read(node, end_point, command_class, Priority.POLL)
        except (DeviceUnreachable, DriverUnavailable) as error:
            log.info("node %d could not be read: %s", node.node_id, error)
        finally:
            del self._looks[key]

    def _pressed(self, node: Node, end_point: EndPoint, pressed: Pressed, received_at: float) -> None:
        device = self._ids.get((node.node_id, end_point.number))
        if device is None:
            return
        if pressed.sequence is not None:
            if node.sequences.get(end_point.number) == pressed.sequence:
                return
            node.sequences[end_point.number] = pressed.sequence
        self._report(ButtonPressed(device, pressed.button, pressed.press, received_at))

    def _heard_before(self, node: Node, command: bytes, envelope: Envelope) -> bool:
        """A supervised command that was carried out already is only answered again (SDS13783, Supervision)."""
        assert envelope.supervision is not None
        if (envelope.supervision.session, command) != node.heard_session:
            return False
        self._answer_supervision(node, command, envelope)
        return True

    def _answer_supervision(self, node: Node, command: bytes, envelope: Envelope) -> None:
        assert envelope.supervision is not None
        assert self._radio is not None
        session = envelope.supervision.session
        node.heard_session = (session, command)
        if envelope.multicast:
            return
        report = SupervisionReport(
            session, SupervisionStatus.SUCCESS, INSTANTLY, more_updates=False, wake_up_request=False
        )
        self._radio.submit(node, wrap(report, envelope), Priority.REPLY, lambda _: None)

    def _of_the_node_itself(self, node: Node, command: ZwaveCommand | UnknownCommand) -> None:
        assert self._wake_ups is not None
        if type(command) is supervision.SupervisionReport:
            reports = node.supervisions.get(command.session)
            if reports is not None and not reports.full():
                reports.put_nowait(command)
        elif type(command) is wake_up.WakeUpNotification:
            self._wake_ups.woke_up(node)
        elif type(command) is device_reset_locally.DeviceResetLocallyNotification:
            self.start_task(self._pairing.remove_reset(node), f"node {node.node_id} was reset")

    def update_received(self, update: ApplicationUpdate) -> None:
        if self._tasks is None or self._interviewing is None:
            return  # before the start, or at the end
        self._interviewing.update_received(update)
        node = self.nodes.get(update.node_id)
        if node is not None and update.event is UpdateEvent.NODE_INFORMATION:
            if node.dead:
                self._revive(node)
            if node.record.sleeps and self._wake_ups is not None:
                # Somebody pressed its button: it stays awake for a moment.
                self._wake_ups.woke_up(node)

    def status_changed(self, status: ControllerStatus, detail: str) -> None:
        if self._tasks is None:
            return
        self._report(DriverStatus(self.name, _CONDITIONS[status], detail))
        if status is ControllerStatus.READY and self._interviewing is not None and self._upkeep is not None:
            # What was reported while the stick was away or deaf is lost.
            for node in self.nodes.values():
                self._interviewing.doubt(node)
                self._interviewing.begin(node)
            self._upkeep.hurry()
            self.start_task(self._adopt_newcomers(), "newcomers")

    async def _adopt_newcomers(self) -> None:
        try:
            await self.adopt_newcomers()
        except DriverUnavailable as error:
            log.info("the stick's list of nodes could not be read: %s", error)

    async def adopt_newcomers(self) -> list[int]:
        """Take in nodes that the stick knows and we do not: included by its own button, or while nobody listened.

        Raises DriverUnavailable.
        """
        newcomers = sorted(await self.the_controller().node_list() - self.nodes.keys())
        for node_id in newcomers:
            node = self.add(node_id)
            self.keep(node)
            self.announce(node)
            self.interviewing.begin(node)
            self.woke_up(node)
        return newcomers

    def woke_up(self, node: Node) -> None:
        """It can hear now; if it is one that sleeps, somebody sees to it that it may sleep again."""
        if self._wake_ups is not None:
            self._wake_ups.woke_up(node)

    # To the radio.

    def send(
        self, device: DeviceId, command: Command, cause: Cause, answered: Callable[[CommandAnswered], None]
    ) -> None:
        known = self._devices.get(device)
        tasks, radio = self._tasks, self._radio
        if known is None or tasks is None or radio is None:
            answered(
                CommandAnswered(device, command, cause, Outcome.FAILED, "the driver does not know this device now")
            )
            return
        node, end_point = known
        plan = plan_for(command, end_point)
        if plan is None:
            detail = f"the device cannot do {type(command).__name__}"
            answered(CommandAnswered(device, command, cause, Outcome.FAILED, detail))
            return
        if self._under_way >= DELIVERIES_MAX:
            detail = f"{DELIVERIES_MAX} commands are under way already"
            answered(CommandAnswered(device, command, cause, Outcome.FAILED, detail))
            return
        if node.reachable:
            delivery = Delivery(node, end_point, device, command, plan, cause, answered)
            self._start(delivery)
            return
        # It sleeps: the caller knows that now, and the home hears the outcome when there is one.
        self._postpone(Delivery(node, end_point, device, command, plan, cause, self._report))
        answered(CommandAnswered(device, command, cause, Outcome.WAITING, "it goes out when the device wakes up"))

    def _postpone(self, delivery: Delivery) -> None:
        assert self._wake_ups is not None
        self._wake_ups.keep(delivery, lambda: self._start(delivery))

    def _start(self, delivery: Delivery) -> None:
        assert self._radio is not None
        self._under_way += 1
        self._deliveries.setdefault(delivery.place, []).append(delivery)
        delivery.start(self._radio, lambda: self._written(delivery))
        self.start_task(self._follow(delivery), "delivery")

    async def _follow(self, delivery: Delivery) -> None:
        assert self._radio is not None
        try:
            with delivery.node.occupied():
                await delivery.follow(self._radio)
        finally:
            self._under_way -= 1
            others = self._deliveries[delivery.place]
            others.remove(delivery)
            if not others:
                del self._deliveries[delivery.place]
        if delivery.outcome is Outcome.WAITING and self._wake_ups is not None:
            again = delivery.again(self._report)
            self._wake_ups.put_back(again, lambda: self._start(again))

    def _written(self, delivery: Delivery) -> None:
        cause = delivery.cause
        latency = None if cause.received_at is None else asyncio.get_running_loop().time() - cause.received_at
        self._report(CommandSent(delivery.device, delivery.wish, cause, latency))

    # What people ask for.

    def pair(self, options: Mapping[str, Any], timeout_s: float) -> AsyncIterator[PairingStep]:
        return self._pairing.pair(options, timeout_s)

    def unpair(
        self, device: DeviceId | None, options: Mapping[str, Any], timeout_s: float
    ) -> AsyncIterator[PairingStep]:
        return self._pairing.unpair(device, options, timeout_s)

    async def act(self, action: str, device: DeviceId | None, arguments: Mapping[str, Any]) -> Record:
        return await Network(self, self.the_radio()).act(action, self.node_of(device) if device else None, arguments)

    def status(self) -> Record:
        controller = self.controller
        if controller is None:
            return {"port": self._settings.port, "status": "starting"}
        identity = controller.identity
        return {
            "port": self._settings.port,
            "status": controller.status.value,
            "home_id": f"{identity.home_id:08x}",
            "library": identity.library,
            "serial_api": ".".join(str(part) for part in identity.version),
            "region": identity.radio.region.name.lower() if identity.radio.region is not None else None,
            "power_dbm": identity.radio.power_dbm,
            "nodes": len(self.nodes),
            "dead": sorted(node.node_id for node in self.nodes.values() if node.dead),
            "malformed_commands": self._malformed,
        }

    # What the driver's parts share.

    def the_controller(self) -> Controller:
        if self.controller is None or self._tasks is None:
            raise DriverUnavailable("the Z-Wave stick is not ready")
        return self.controller

    def the_radio(self) -> Radio:
        if self._radio is None or self._tasks is None:
            raise DriverUnavailable("the Z-Wave stick is not ready")
        return self._radio

    @property
    def interviewing(self) -> Interviewing:
        if self._interviewing is None:
            raise DriverUnavailable("the Z-Wave stick is not ready")
        return self._interviewing

    def report(self, event: Any) -> None:
        self._report(event)

    def start_task(self, work: Any, name: str) -> None:
        """In the driver's own group; after its end nothing is begun."""
        if self._tasks is None:
            work.close()
            return
        self._tasks.create_task(work, name=f"zwave {name}")

    def node_of(self, device: DeviceId) -> Node:
        known = self._devices.get(device)
        if known is None:
            raise NotPossible(f"there is no Z-Wave device {device}")
        return known[0]

    def device_id(self, node: Node) -> DeviceId:
        return self._id(node.node_id, ROOT)

    def end_points_reported(self, node: Node) -> list[EndPoint]:
        return [end_point for _, end_point in sorted(node.record.end_points.items())]

    def announce(self, node: Node) -> None:
        """Tell the home what the node is, and its parts."""
        for end_point in self.end_points_reported(node):
            device = self._id(node.node_id, end_point.number)
            is_new = device not in self._devices
            self._devices[device] = (node, end_point)
            self._ids[node.node_id, end_point.number] = device
            self._offers[device] = frozenset(capabilities_of(end_point))
            described = device_of(node, end_point, device, self._id(node.node_id, ROOT))
            self._report(DeviceJoined(described) if is_new else DeviceChanged(described))
        self._drop_parts(node)

    def _drop_parts(self, node: Node) -> None:
        """End points that another interview did not find any more."""
        if node.record.stage is not Stage.COMPLETE:
            return
        gone = [number for node_id, number in self._ids if node_id == node.node_id]
        for number in gone:
            if number not in node.record.end_points:
                self._forget_part(node, number)

    def _forget_part(self, node: Node, number: int) -> None:
        device = self._ids.pop((node.node_id, number), None)
        if device is not None:
            self._devices.pop(device, None)
            self._offers.pop(device, None)
            self._report(DeviceLeft(device))

    def keep(self, node: Node) -> None:
        """Into the store."""
        self._records.put(self._key(node.node_id), node.record.to_record())

    def flush(self) -> None:
        self._records.flush()

    def add(self, node_id: int) -> Node:
        """A node that was just included. What was known under its number is forgotten."""
        self.forget(node_id)
        node = Node(NodeRecord(node_id), awake=True)
        self.nodes[node_id] = node
        return node

    def forget(self, node_id: int) -> DeviceId:
        """The node is not in the network any more."""
        node = self.nodes.pop(node_id, None)
        self._records.remove(self._key(node_id))
        left = self._id(node_id, ROOT)
        if node is None:
            return left
        self.interviewing.stop(node)
        if self._wake_ups is not None:
            self._wake_ups.forget(node)
        for number in sorted(node.record.end_points, reverse=True):
            self._forget_part(node, number)
        self._records.flush()
        return left

    def _revive(self, node: Node) -> None:
        before = node.presence
        node.dead = False
        node.failures = 0
        self._presence_changed(node, before)

    def _presence_changed(self, node: Node, _before: Presence) -> None:
        device = self.device_id(node)
        if device not in self._devices or self._tasks is None:
            return
        if node.dead:
            self.interviewing.doubt(node)
            self._report(DeviceSilent(device))
        self.announce(node)
        if not node.dead:
            self.interviewing.begin(node)

    def _id(self, node_id: int, number: int) -> DeviceId:
        base = f"zwave-{self._key(node_id)}"
        return base if number == ROOT else f"{base}/{number}"

    def _key_prefix(self) -> str:
        assert self.controller is not None
        return f"{self.controller.identity.home_id:08x}-"

    def _key(self, node_id: int) -> str:
        return f"{self._key_prefix()}{node_id}"
