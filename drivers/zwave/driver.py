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
from drivers.zwave.command_classes import (
    association,
    device_reset_locally,
    door_lock,
    hail,
    supervision,
    user_code,
    wake_up,
)
from drivers.zwave.command_classes.command import Command as ZwaveCommand
from drivers.zwave.command_classes.command import MalformedCommand
from drivers.zwave.command_classes.duration import INSTANTLY
from drivers.zwave.command_classes.notification import NotificationReport
from drivers.zwave.command_classes.supervision import SESSION_MAX, SupervisionReport, SupervisionStatus
from drivers.zwave.command_classes.table import UnknownCommand
from drivers.zwave.controller import Controller, ControllerSettings
from drivers.zwave.delivery import Delivery
from drivers.zwave.encapsulation.chain import unwrap, wrap
from drivers.zwave.encapsulation.envelope import Envelope
from drivers.zwave.exchange import ControllerStatus, Priority
from drivers.zwave.interviewing import Interviewing
from drivers.zwave.mirrors import Mirrors
from drivers.zwave.network import Network
from drivers.zwave.node import Node
from drivers.zwave.node_record import EndPoint, Stage
from drivers.zwave.pairing import Pairing
from drivers.zwave.presses import Presses
from drivers.zwave.radio import Radio
from drivers.zwave.registry import Registry
from drivers.zwave.serial_api.application import ApplicationUpdate, ReceiveStatus, UpdateEvent
from drivers.zwave.sleep import LEFT, WakeUps
from drivers.zwave.upkeep import Upkeep
from hubagent.model.capabilities.door_lock import DOOR_LOCK
from hubagent.model.capability import Command
from hubagent.model.device import DeviceId
from hubagent.model.driver import (
    DriverUnavailable,
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
    DeviceSilent,
    DriverCondition,
    DriverStatus,
    Outcome,
    StateReported,
)
from hubagent.runtime import Runtime

log = logging.getLogger(__name__)

DELIVERIES_MAX = 200
"""Wishes under way at a time, in all; one more is answered FAILED."""

_TO_SEVERAL = ReceiveStatus.BROADCAST | ReceiveStatus.MULTICAST

LIST_AGAIN_S = 5.0
"""Until the stick's list of nodes is read a second time, where a device is not on it that was."""

LOGGED_MAX = 20
"""Unreadable commands that are written into the log; the rest is only counted."""

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
        self.registry = Registry(records, self.report, lambda: runtime.entropy(1)[0] & SESSION_MAX)
        self.controller: Controller | None = None
        self._settings = settings
        self._runtime = runtime
        self._report: Report = lambda _: None
        self._tasks: asyncio.TaskGroup | None = None
        self._radio: Radio | None = None
        self._interviewing: Interviewing | None = None
        self._wake_ups: WakeUps | None = None
        self._upkeep: Upkeep | None = None
        self._mirrors: Mirrors | None = None
        self._deliveries: dict[tuple[int, int], list[Delivery]] = {}
        self._under_way = 0
        self._malformed = 0
        self._pairing = Pairing(self)
        self._list_changed = asyncio.Event()
        """The stick's list of nodes may be another one than it was."""

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
                self._interviewing = Interviewing(self.registry, controller, self._radio, self.report, tasks)
                self._wake_ups = WakeUps(self.registry, self._interviewing, self._radio, tasks)
                self._upkeep = Upkeep(self.registry.nodes, self._interviewing, self._radio)
                self._mirrors = Mirrors(self._interviewing, self.start_task)
                identity = controller.identity
                self.registry.load(identity.home_id, identity.nodes - {identity.own_node_id})
                report(DriverStatus(self.name, DriverCondition.READY))
                for node in self.registry.nodes.values():
                    self._interviewing.begin(node)
                tasks.create_task(self._upkeep.run(), name="zwave upkeep")
                tasks.create_task(self._follow_the_list(), name="zwave list of nodes")
                try:
                    await controller.run()
                finally:
                    # A group that is being cancelled takes no more tasks, and frames may still come in.
                    self._tasks = None
        finally:
            self._tasks = None
            controller.close()
            for deliveries in list(self._deliveries.values()):
                for delivery in list(deliveries):
                    delivery.answer(Outcome.FAILED, "the driver stopped")
            if self._wake_ups is not None:
                self._wake_ups.close()

    # From the radio. The hot path: synchronous from the bytes of a report to those of a command.

    def command_received(
        self, node_id: int, command: bytes, received_at: float, status: ReceiveStatus = ReceiveStatus.SINGLE
    ) -> None:
        node = self.registry.nodes.get(node_id)
        if node is None or self._tasks is None:
            return
        try:
            inner, envelope = unwrap(command)
        except MalformedCommand as error:
            self._malformed += 1
            if self._malformed <= LOGGED_MAX:
                # The error shows the bytes, and among them may be the code of a lock.
                secret = user_code.COMMAND_CLASS in command
                log.warning("node %d sent what cannot be read: %s", node_id, "bytes not shown" if secret else error)
            return
        node.heard_at = received_at
        if node.dead:
            self._revive(node)
        if envelope.supervision is not None and (envelope.supervision.session, command) == node.heard_session:
            # Z-Wave specifications 2024A, CC:006C.01.01.11.00D: neither carried out nor answered, without security.
            return
        end_point = node.record.end_points.get(envelope.endpoint)
        if end_point is not None:
            for item in said(inner, end_point):
                if type(item) is Reading:
                    self._reading(node, end_point, item, received_at)
                    has_sides = len(node.record.end_points) > 1 or item.capability == DOOR_LOCK.name
                    if has_sides and self._mirrors is not None:
                        self._mirrors.reported(node, end_point, _class_of(inner), item)
                elif type(item) is Pressed:
                    self._pressed(node, end_point, item, received_at)
        if node.waiting:
            node.take(inner, envelope.endpoint)
        if envelope.supervision is not None:
            did = SupervisionStatus.NO_SUPPORT if type(inner) is UnknownCommand else SupervisionStatus.SUCCESS
            self._answer_supervision(node, command, envelope, status, did)
        self._of_the_node_itself(node, inner)

    def _reading(self, node: Node, end_point: EndPoint, reading: Reading, received_at: float) -> None:
        device = self.registry.ids.get((node.node_id, end_point.number))
        if device is None:
            return
        if not self.registry.offers(device, reading.capability):
            if reading.capability not in capabilities_of(end_point):
                return
            self.registry.announce(node)
        self._report(StateReported(device, reading.capability, reading.values, received_at))
        for delivery in self._deliveries.get((node.node_id, end_point.number), ()):
            delivery.reported(reading.values)

    def _pressed(self, node: Node, end_point: EndPoint, pressed: Pressed, received_at: float) -> None:
        device = self.registry.ids.get((node.node_id, end_point.number))
        if device is None:
            return
        press = node.presses.setdefault(end_point.number, Presses()).heard(pressed, received_at)
        if press is not None:
            self._report(ButtonPressed(device, pressed.button, press, received_at))

    def _answer_supervision(
        self, node: Node, command: bytes, envelope: Envelope, status: ReceiveStatus, did: SupervisionStatus
    ) -> None:
        assert envelope.supervision is not None
        assert self._radio is not None
        if envelope.multicast or status & _TO_SEVERAL:
            # Z-Wave specifications 2024A, CC:006C.01.01.11.005: never answered; the same to us alone may follow.
            return
        session = envelope.supervision.session
        node.heard_session = (session, command)
        report = SupervisionReport(session, did, INSTANTLY, more_updates=False, wake_up_request=False)
        self._radio.submit(node, wrap(report, envelope), Priority.REPLY, lambda _: None)

    def _of_the_node_itself(self, node: Node, command: ZwaveCommand | UnknownCommand) -> None:
        assert self._wake_ups is not None
        if type(command) is supervision.SupervisionReport:
            reports = node.supervisions.get(command.session)
            if reports is not None and not reports.full():
                node.follows_sessions = True
                reports.put_nowait(command)
        elif type(command) is wake_up.WakeUpNotification:
            self._wake_ups.woke_up(node)
        elif type(command) is device_reset_locally.DeviceResetLocallyNotification:
            self.start_task(self._pairing.remove_reset(node), f"node {node.node_id} was reset")
        elif type(command) is hail.Hail or (type(command) is NotificationReport and _moved_a_bolt(command, node)):
            self._look_again(node)

    def _look_again(self, node: Node) -> None:
        """Something about it changed, and what, it has to be asked."""
        if self._interviewing is not None and node.record.stage is Stage.COMPLETE:
            self._interviewing.doubt(node)
            self._interviewing.begin(node)

    def update_received(self, update: ApplicationUpdate) -> None:
        if self._tasks is None or self._interviewing is None:
            return  # before the start, or at the end
        self._interviewing.update_received(update)
        if update.event in (UpdateEvent.NODE_ADDED, UpdateEvent.NODE_REMOVED):
            # Another controller of the network did that.
            self._list_changed.set()
        node = self.registry.nodes.get(update.node_id)
        if node is not None and update.event is UpdateEvent.NODE_INFORMATION:
            node.heard_at = asyncio.get_running_loop().time()
            if node.dead:
                self._revive(node)
            if node.record.sleeps and self._wake_ups is not None:
                # Somebody pressed its button: it stays awake for a moment.
                self._wake_ups.woke_up(node)
            elif not node.record.root.has(association.COMMAND_CLASS):
                # It knows nobody to report to, and says so to all when its button is pressed.
                self._look_again(node)

    def status_changed(self, status: ControllerStatus, detail: str) -> None:
        if self._tasks is None:
            return
        self._report(DriverStatus(self.name, _CONDITIONS[status], detail))
        if self._interviewing is None or self._upkeep is None:
            return
        if status is not ControllerStatus.READY:
            self._upkeep.deaf()
            return
        # What was reported while the stick was away or deaf is lost.
        for node in self.registry.nodes.values():
            self._interviewing.doubt(node)
            self._interviewing.begin(node)
        self._upkeep.hurry()
        self._list_changed.set()

    async def _follow_the_list(self) -> None:
        """Take in and forget who came and went without us: by another controller, or while nobody listened.

        A list that is read wrongly once must not cost a home its devices and their names, so nobody is forgotten whom
        the next one has.
        """
        while True:
            await self._list_changed.wait()
            self._list_changed.clear()
            async with self._pairing.turn:
                gone = await self.adopt_newcomers()
                if gone:
                    await asyncio.sleep(LIST_AGAIN_S)
                    gone &= await self.adopt_newcomers()
                for node_id in sorted(gone):
                    log.info("node %d is not in the network any more", node_id)
                    self.forget(node_id)

    async def adopt_newcomers(self) -> frozenset[int]:
        """Take in nodes that the stick knows and we do not; what is returned we know and the stick does not."""
        try:
            known_to_the_stick = await self.the_controller().node_list()
        except DriverUnavailable as error:
            log.info("the stick's list of nodes could not be read: %s", error)
            return frozenset()
        gone = self.registry.nodes.keys() - known_to_the_stick
        for node_id in sorted(known_to_the_stick - self.registry.nodes.keys()):
            node = self.add(node_id)
            self.registry.keep(node)
            self.registry.announce(node)
            self.interviewing.begin(node)
            self.woke_up(node)
        return frozenset(gone)

    def woke_up(self, node: Node) -> None:
        """It can hear now; if it is one that sleeps, somebody sees to it that it may sleep again."""
        if self._wake_ups is not None:
            self._wake_ups.woke_up(node)

    # To the radio.

    def send(
        self, device: DeviceId, command: Command, cause: Cause, answered: Callable[[CommandAnswered], None]
    ) -> None:
        known = self.registry.devices.get(device)
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
            self._start(delivery, lambda: None)
            return
        # It sleeps: the caller knows that now, and the home hears the outcome when there is one.
        self._postpone(Delivery(node, end_point, device, command, plan, cause, self._report))
        answered(CommandAnswered(device, command, cause, Outcome.WAITING, "it goes out when the device wakes up"))

    def _postpone(self, delivery: Delivery) -> None:
        assert self._wake_ups is not None
        self._wake_ups.keep(delivery, lambda on_its_way: self._start(delivery, on_its_way))

    def _start(self, delivery: Delivery, on_its_way: Callable[[], None]) -> None:
        assert self._radio is not None
        self._under_way += 1
        others = self._deliveries.setdefault(delivery.place, [])
        delivery.start(self._radio, lambda: self._written(delivery, on_its_way))
        self.start_task(self._follow(delivery, on_its_way), "delivery")
        for other in others:
            if delivery.replaces(other):
                other.overtake()
        others.append(delivery)

    async def _follow(self, delivery: Delivery, on_its_way: Callable[[], None]) -> None:
        assert self._radio is not None
        try:
            with delivery.node.occupied():
                await delivery.follow(self._radio)
        finally:
            # What the stick would not take is answered without having been on its way.
            on_its_way()
            self._under_way -= 1
            others = self._deliveries[delivery.place]
            others.remove(delivery)
            if not others:
                del self._deliveries[delivery.place]
        if delivery.outcome is Outcome.WAITING and self._wake_ups is not None:
            again = delivery.again(self._report)
            self._wake_ups.put_back(again, lambda on_its_way: self._start(again, on_its_way))

    def _written(self, delivery: Delivery, on_its_way: Callable[[], None]) -> None:
        on_its_way()
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
        return await Network(self, self.the_radio()).act(
            action, self.registry.node_of(device) if device else None, arguments
        )

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
            "nodes": len(self.registry.nodes),
            "dead": sorted(node.node_id for node in self.registry.nodes.values() if node.dead),
            "malformed_commands": self._malformed,
            **{f"wire_{name}": count for name, count in controller.counters().items()},
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

    def add(self, node_id: int) -> Node:
        """A node that was just included. What was known under its number is forgotten."""
        self.forget(node_id)
        return self.registry.add(node_id)

    def forget(self, node_id: int) -> DeviceId:
        """The node is not in the network any more."""
        node = self.registry.nodes.get(node_id)
        if node is not None:
            self.interviewing.stop(node)
            under_way = [it for place, some in self._deliveries.items() if place[0] == node_id for it in some]
            for delivery in under_way:
                delivery.answer(Outcome.FAILED, LEFT)
            if self._wake_ups is not None:
                self._wake_ups.forget(node)
        return self.registry.forget(node_id)

    def _revive(self, node: Node) -> None:
        node.dead = False
        node.failures = 0
        self._presence_changed(node)

    def _presence_changed(self, node: Node) -> None:
        device = self.registry.device_id(node)
        known = self.registry.devices.get(device)
        # It may have left while it was spoken to, and another one have its number.
        if known is None or known[0] is not node or self._tasks is None:
            return
        if node.dead:
            self.interviewing.doubt(node)
            self._report(DeviceSilent(device))
        self.registry.announce(node)
        if not node.dead:
            self.interviewing.begin(node)


def _moved_a_bolt(report: NotificationReport, node: Node) -> bool:
    """An alarm of version 1 has numbers of its maker's; most of those that a lock has say who moved it."""
    # Some fill the later versions' fields with zeros.
    of_version_1 = report.event is None or report.event.notification_type == 0
    return of_version_1 and node.record.root.has(door_lock.COMMAND_CLASS)


def _class_of(command: ZwaveCommand | UnknownCommand) -> int:
    return command.command_class if isinstance(command, UnknownCommand) else command.COMMAND_CLASS
