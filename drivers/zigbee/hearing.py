"""From a message of the air to what the home is told. The hot path: synchronous, a few look-ups, no task.

What a message means is `capabilities`'. Here it is found out whose it is and whether it was heard before; then the home
is told, then those who wait for an answer, and last the device gets the answer that it waits for.
"""

import logging
from typing import Any, Final, Protocol

from drivers.zigbee.capabilities.table import (
    capabilities_of,
    lasting_of,
    part_of,
    said_by_attributes,
    said_by_command,
)
from drivers.zigbee.capabilities.translation import Pressed, Reading, Said
from drivers.zigbee.endpoints import ZDO_PROFILE
from drivers.zigbee.expiries import Expiries
from drivers.zigbee.ezsp.messaging import IncomingMessageHandler
from drivers.zigbee.ezsp.types import NO_EUI64, ApsOption, IncomingType
from drivers.zigbee.node import ZDO, Node, Waiting
from drivers.zigbee.presses import Presses
from drivers.zigbee.registry import Registry
from drivers.zigbee.services import Services
from drivers.zigbee.sleepers import Sleepers
from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.clusters import door_lock, ias_ace, tuya
from drivers.zigbee.zcl.clusters.table import UNASKED
from drivers.zigbee.zcl.foundation import DefaultResponse, ReadAttributesResponse, ReportAttributes
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import ZclStatus
from drivers.zigbee.zdo.discovery import DeviceAnnce, IeeeAddrRsp, NwkAddrRsp
from drivers.zigbee.zdo.message import RESPONSE, ZdoStatus
from drivers.zigbee.zdo.table import decode
from hubagent.model.device import DeviceId
from hubagent.model.driver import Report
from hubagent.model.event import ButtonPressed, StateReported

log = logging.getLogger(__name__)

LOGGED_MAX: Final = 20
"""Unreadable messages that are written into the log; the rest is only counted."""

_REPORT: Final = ReportAttributes.COMMAND
_READ_ANSWER: Final = ReadAttributesResponse.COMMAND
_ANSWER_TO: Final = {
    0x00: 0x01,
    0x02: 0x04,
    0x03: 0x04,
    0x06: 0x07,
    0x08: 0x09,
    0x0C: 0x0D,
    0x0F: 0x10,
    0x11: 0x12,
    0x13: 0x14,
    0x15: 0x16,
}
"""By command of the foundation, which one answers it (ZCL8 §2.5, table 2-3)."""
_OWN: Final = frozenset((IncomingType.MULTICAST_LOOPBACK, IncomingType.BROADCAST_LOOPBACK))
_FRAGMENT: Final = int(ApsOption.FRAGMENT)
_ANNOUNCEMENT: Final = DeviceAnnce.CLUSTER
_SECRET: Final = frozenset((door_lock.CLUSTER_ID, ias_ace.CLUSTER_ID, tuya.CLUSTER_ID))
"""Clusters whose messages may hold the code of a lock or of an alarm system."""


class Home(Protocol):
    """What the driver does with what was heard."""

    registry: Registry

    def delivery_reported(self, device: DeviceId, reading: Reading) -> None: ...

    def announced(self, annce: DeviceAnnce) -> None: ...

    def located(self, eui64: int, node_id: int) -> None: ...

    def told_where(self, eui64: int, node_id: int) -> None: ...

    def stranger_heard(self, message: IncomingMessageHandler, received_at: float) -> Node | None:
        """Who is being asked something at that address, without being one of the home's."""
        ...

    def revive(self, node: Node) -> None: ...

    def heard(self, node: Node) -> None: ...


class Hearing:
    def __init__(self, home: Home, report: Report, services: Services, sleepers: Sleepers) -> None:
        self.malformed = 0
        self.repeats = 0
        """Messages that were heard twice."""
        self.fragments = 0
        """Parts of messages too long for one frame: nobody here asks for what makes one so long."""
        self._home = home
        self._by_address = home.registry.by_address
        self._registry = home.registry
        self._offered = home.registry.offered
        self._report = report
        self._services = services
        self._sleepers = sleepers
        self._expiries = Expiries(self._expired)

    def begin(self) -> None:
        """What a device said before the start, and never takes back, ends by its silence from now on. The home may
        hold that for true, also of a device whose interview was never completed; where it was not so, it is not."""
        for node in self._registry.nodes.values():
            for part, reading in lasting_of(node.record):
                device = node.ids.get(part)
                if device is not None and reading.capability in self._offered[device]:
                    self._expiries.heard(device, reading)

    def close(self) -> None:
        self._expiries.close()

    def message_received(self, message: IncomingMessageHandler, received_at: float) -> None:
        node = self._by_address.get(message.sender)
        if node is None or message.sender_eui64 not in (NO_EUI64, node.record.eui64):
            self._of_nobody(message, received_at)
            return
        aps = message.aps_frame
        if aps.options & _FRAGMENT:
            self.fragments += 1
            return
        cluster, data = aps.cluster_id, message.message
        if cluster == _ANNOUNCEMENT and aps.profile_id == ZDO_PROFILE:
            self._announcement(message, received_at)
            return
        if node.is_repeat(aps.source_endpoint << 16 | cluster, data, aps.sequence, received_at):
            self.repeats += 1
            return
        node.heard_at, node.lqi, node.rssi = received_at, message.last_hop_lqi, message.last_hop_rssi
        if node.silent:
            self._home.revive(node)
        try:
            if aps.profile_id == ZDO_PROFILE:
                self._of_the_node_itself(node, cluster, data)
            else:
                self._of_an_application(node, message, ZclFrame.from_bytes(data), received_at)
        except MalformedFrame as error:
            self._cannot_be_read(node, cluster, error)
        if not node.record.rx_on_when_idle or self._sleepers.waiting(node):
            # The latter: it was thought to sleep when that was wished.
            self._home.heard(node)

    def _of_nobody(self, message: IncomingMessageHandler, received_at: float) -> None:
        """From an address that is not known, or that another one has than was thought: whose it is, where the message
        itself tells that. Until that is known nothing else is believed of it, and nothing answered."""
        aps = message.aps_frame
        if message.incoming_type in _OWN:
            return
        if aps.profile_id != ZDO_PROFILE:
            self._home.stranger_heard(message, received_at)
            return
        if aps.cluster_id == _ANNOUNCEMENT:
            self._announcement(message, received_at)
            return
        try:
            sequence, zdo = decode(aps.cluster_id, message.message)
        except MalformedFrame:
            return
        self._of_another(zdo, message.sender)
        if isinstance(zdo, NwkAddrRsp | IeeeAddrRsp) and zdo.eui64 and zdo.node_id == message.sender:
            self._home.located(zdo.eui64, zdo.node_id)
            if message.sender in self._by_address:
                # An answer all the same.
                self._by_address[message.sender].take(sequence | ZDO, aps.cluster_id, zdo)
                return
        asked = self._home.stranger_heard(message, received_at)
        if asked is not None and aps.cluster_id & RESPONSE:
            asked.take(sequence | ZDO, aps.cluster_id, zdo)

    def _announcement(self, message: IncomingMessageHandler, received_at: float) -> None:
        """Everybody announces only itself, from where it is now (05-3474-22 §2.4.3.1.11)."""
        aps = message.aps_frame
        try:
            _, annce = decode(_ANNOUNCEMENT, message.message)
        except MalformedFrame:
            return
        if not isinstance(annce, DeviceAnnce) or annce.node_id != message.sender:
            return
        known = self._registry.nodes.get(annce.eui64)
        if known is not None and known.is_repeat(_ANNOUNCEMENT, message.message, aps.sequence, received_at):
            self.repeats += 1
            return
        self._home.announced(annce)

    def _of_an_application(
        self, node: Node, message: IncomingMessageHandler, frame: ZclFrame, received_at: float
    ) -> None:
        aps = message.aps_frame
        endpoint = aps.source_endpoint
        if endpoint in node.record.endpoints:
            for item in self._said(node, message, frame, received_at):
                if type(item) is Reading:
                    self._reading(node, endpoint, item, received_at)
                elif type(item) is Pressed:
                    self._pressed(node, endpoint, item, received_at)
        waiting = node.waiting.get(frame.sequence)
        if waiting is not None and _answers(waiting, aps.cluster_id, frame):
            node.take(frame.sequence, aps.cluster_id, frame, specific=frame.cluster_specific)
        self._services.answer(node, message, frame)

    def _said(self, node: Node, message: IncomingMessageHandler, frame: ZclFrame, received_at: float) -> list[Said]:
        aps = message.aps_frame
        endpoint, cluster = aps.source_endpoint, aps.cluster_id
        if frame.cluster_specific:
            return said_by_command(node.record, endpoint, cluster, frame)
        if frame.command == _REPORT:
            values = {record.attribute: record.value for record in ReportAttributes.from_bytes(frame.payload).records}
        elif frame.command == _READ_ANSWER:
            records = ReadAttributesResponse.from_bytes(frame.payload).records
            values = {record.attribute: record.value for record in records if record.status == ZclStatus.SUCCESS}
        else:
            return []
        news = node.only_news(endpoint << 16 | cluster, values, aps.sequence, received_at)
        return said_by_attributes(node.record, endpoint, cluster, news)

    def _reading(self, node: Node, endpoint: int, reading: Reading, received_at: float) -> None:
        device = node.ids.get(part_of(node.record, endpoint, reading))
        if device is None:
            return
        if reading.capability not in self._offered[device] and not self._shows(node, device, reading.capability):
            return
        self._report(StateReported(device, reading.capability, reading.values, received_at))
        self._home.delivery_reported(device, reading)
        if reading.expires_s:
            self._expiries.heard(device, reading)

    def _shows(self, node: Node, device: DeviceId, capability: str) -> bool:
        """Whether it has shown only now that it has it: then the home is told."""
        if not any(capability in offered for offered in capabilities_of(node.record).values()):
            return False
        self._registry.announce(node)
        return capability in self._offered.get(device, ())

    def _pressed(self, node: Node, endpoint: int, pressed: Pressed, received_at: float) -> None:
        part = part_of(node.record, endpoint, pressed)
        device = node.ids.get(part)
        if device is None:
            return
        press = node.presses.setdefault(part, Presses()).heard(pressed, received_at)
        self._report(ButtonPressed(device, pressed.button, press, received_at))

    def _expired(self, device: DeviceId, reading: Reading, at: float) -> None:
        if device in self._registry.devices:
            self._report(StateReported(device, reading.capability, reading.values, at))
            self._home.delivery_reported(device, reading)

    def _of_the_node_itself(self, node: Node, cluster: int, data: bytes) -> None:
        sequence, zdo = decode(cluster, data)
        if cluster & RESPONSE:
            node.take(sequence | ZDO, cluster, zdo)
            self._of_another(zdo, node.node_id)

    def _of_another(self, zdo: Any, sender: int) -> None:
        """A router answers for its children that sleep."""
        if not isinstance(zdo, NwkAddrRsp) or zdo.status != ZdoStatus.SUCCESS:
            return
        if zdo.eui64 and zdo.node_id is not None and zdo.node_id != sender:
            self._home.told_where(zdo.eui64, zdo.node_id)

    def _cannot_be_read(self, node: Node, cluster: int, error: MalformedFrame) -> None:
        self.malformed += 1
        if self.malformed <= LOGGED_MAX:
            # The error shows the bytes, and among them may be the code of a lock.
            text = "bytes not shown" if cluster in _SECRET else error
            log.warning("%s sent what cannot be read on cluster 0x%04x: %s", node.device, cluster, text)


def _answers(question: Waiting, cluster: int, frame: ZclFrame) -> bool:
    """Whether it may be the answer: what only has its number, as a late answer to an earlier question, is none."""
    if frame.cluster_specific:
        return frame.from_server and (cluster, frame.command) not in UNASKED
    if frame.command == DefaultResponse.COMMAND:
        # ZCL8 §2.5.12.1: the status of which command, is its first byte.
        return frame.payload[:1] == bytes((question.command,))
    return not question.specific and frame.command == _ANSWER_TO.get(question.command)
