"""A simulated node in a network, and a coordinator who hears all it says, for tests: no stick, no time on the air."""

import asyncio
from dataclasses import dataclass

from drivers.zigbee.wire import Record
from drivers.zigbee.zcl.attribute_records import AttributeValue, Reporting
from drivers.zigbee.zcl.cluster import Cluster, ClusterCommand, frame_of
from drivers.zigbee.zcl.clusters.table import decode_command
from drivers.zigbee.zcl.data_types import Value
from drivers.zigbee.zcl.foundation import (
    ConfigureReporting,
    GlobalCommand,
    ReadAttributes,
    ReadAttributesResponse,
    ReportAttributes,
    WriteAttributes,
    WriteAttributesResponse,
    decode_global,
    global_frame,
)
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import ZclStatus
from drivers.zigbee.zdo.binding import Binding, BindReq, BindRsp, ToEndpoint
from drivers.zigbee.zdo.message import Message, ZdoStatus
from drivers.zigbee.zdo.table import decode, encode
from simulators.devices.device import Device
from simulators.zigbee.faces import Label, dress
from simulators.zigbee.node import SimulatedNode
from simulators.zigbee.radio import ApsMessage, Neighbour

COORDINATOR_EUI64 = 0x00124B0001020304
EXTENDED_PAN_ID = 0xDDDDDDDDDDDDDDDD
NODE_ID = 0x1234
SEQUENCE = 0x77


@dataclass(frozen=True, slots=True)
class Heard:
    """What the node said to somebody's endpoint, decoded."""

    message: ApsMessage
    frame: ZclFrame
    command: Record | None


class OnAir:
    """The antenna of `node`, which is in the network as NODE_ID unless it is not `joined`."""

    def __init__(self, node: SimulatedNode, *, joined: bool = True) -> None:
        self.node = node
        self.node_id = NODE_ID
        self.coordinator_eui64 = COORDINATOR_EUI64
        self.extended_pan_id = EXTENDED_PAN_ID
        self.messages: list[ApsMessage] = []
        self.heard_by: tuple[Neighbour, ...] = ()
        self.addresses = {COORDINATOR_EUI64: 0x0000, node.eui64: NODE_ID}
        self._joined = joined
        self._counter = 0
        node.antenna = self
        if joined:
            node.joined_network()

    # --- the node's antenna

    def send(self, message: ApsMessage) -> None:
        if self._joined:
            self.messages.append(message)

    def joined(self) -> bool:
        return self._joined

    def address_of(self, eui64: int) -> int | None:
        return self.addresses.get(eui64)

    def neighbours(self) -> tuple[Neighbour, ...]:
        return self.heard_by

    # --- the network

    def leave(self) -> None:
        self._joined = False
        self.node.left_network()

    def join(self) -> None:
        self._joined = True
        self.node.joined_network()

    # --- the coordinator

    def count(self) -> int:
        """The APS counter, which tells a new message from one that is sent again."""
        self._counter = (self._counter + 1) % 256
        return self._counter

    def tell(
        self,
        cluster: int,
        frame: ZclFrame,
        *,
        endpoint: int = 1,
        destination: int = NODE_ID,
        group: int | None = None,
        profile: int = 0x0104,
        source: int = 0x0000,
    ) -> list[Heard]:
        """Send a frame; what the node says until the loop goes on."""
        self.heard()
        counter = self.count()
        message = ApsMessage(source, destination, profile, cluster, 1, endpoint, counter, frame.to_bytes(), group)
        self.node.receive(message)
        return self.heard()

    def ask(
        self,
        cluster: int,
        question: GlobalCommand,
        *,
        endpoint: int = 1,
        manufacturer_code: int | None = None,
        from_server: bool = False,
        profile: int = 0x0104,
    ) -> Record | None:
        """A foundation command, and the one answer to it."""
        frame = global_frame(SEQUENCE, question, manufacturer_code=manufacturer_code, from_server=from_server)
        heard = self.tell(cluster, frame, endpoint=endpoint, profile=profile)
        answers = [it for it in heard if it.frame.sequence == SEQUENCE]
        assert len(answers) <= 1, answers
        return answers[0].command if answers else None

    def command(self, command: ClusterCommand, *, endpoint: int = 1, quiet: bool = False) -> Record | None:
        """A cluster's command, and the one answer to it."""
        frame = frame_of(SEQUENCE, command, disable_default_response=quiet)
        heard = self.tell(command.CLUSTER, frame, endpoint=endpoint)
        answers = [it for it in heard if it.frame.sequence == SEQUENCE]
        assert len(answers) <= 1, answers
        self.messages = [it.message for it in heard if it not in answers]
        return answers[0].command if answers else None

    def read(self, cluster: Cluster, name: str, *, endpoint: int = 1) -> Value:
        """The value of an attribute that must be there."""
        definition = cluster.named(name)
        answer = self.ask(cluster.id, ReadAttributes((definition.id,)), endpoint=endpoint)
        assert isinstance(answer, ReadAttributesResponse), answer
        (record,) = answer.records
        assert record.status == ZclStatus.SUCCESS, record
        assert record.type_id == definition.type_id
        return record.value

    def write(self, cluster: Cluster, name: str, value: Value, *, endpoint: int = 1) -> ZclStatus:
        definition = cluster.named(name)
        question = WriteAttributes((AttributeValue(definition.id, definition.type_id, value),))
        answer = self.ask(cluster.id, question, endpoint=endpoint)
        assert isinstance(answer, WriteAttributesResponse), answer
        return ZclStatus(answer.records[0].status) if answer.records else ZclStatus.SUCCESS

    def zdo(self, request: Message, *, destination: int = NODE_ID) -> Record | None:
        """A ZDO request, and its one answer."""
        self.messages.clear()
        payload = encode(SEQUENCE, request)
        self.node.receive(ApsMessage(0, destination, 0, request.CLUSTER, 0, 0, self.count(), payload))
        answers = [it for it in self.messages if it.profile == 0]
        assert len(answers) <= 1
        self.messages = [it for it in self.messages if it.profile != 0]
        if not answers:
            return None
        assert answers[0].destination == 0
        sequence, answer = decode(answers[0].cluster, answers[0].payload)
        assert sequence == SEQUENCE
        assert isinstance(answer, Record)
        return answer

    def bind(self, cluster: int, *, endpoint: int = 1) -> None:
        target = ToEndpoint(COORDINATOR_EUI64, 1)
        assert self.zdo(BindReq(Binding(self.node.eui64, endpoint, cluster, target))) == BindRsp(ZdoStatus.SUCCESS)

    def report(self, cluster: Cluster, name: str, min_s: int, max_s: int, change: Value = None) -> Record | None:
        """Have an attribute of endpoint 1 reported to the coordinator."""
        self.bind(cluster.id)
        definition = cluster.named(name)
        record = Reporting(definition.id, definition.type_id, min_s, max_s, change)
        return self.ask(cluster.id, ConfigureReporting((record,)))

    # --- what was heard

    def heard(self) -> list[Heard]:
        """What the node's applications said since the last time."""
        messages, self.messages = self.messages, []
        return [_heard(message) for message in messages if message.profile != 0]

    def commands(self) -> list[Record | None]:
        return [it.command for it in self.heard()]

    def reports(self, cluster: Cluster) -> list[dict[str, Value]]:
        """The reports of one cluster among them, by attributes' names."""
        return [
            {_name(cluster, value.attribute): value.value for value in it.command.records}
            for it in self.heard()
            if it.message.cluster == cluster.id and isinstance(it.command, ReportAttributes)
        ]


def on_air(device: Device, *, joined: bool = True, long_poll_s: float | None = None) -> OnAir:
    """`device` as a node in the network."""
    loop = asyncio.get_running_loop()
    return OnAir(dress(loop, device, Label("hall.light", "0001"), long_poll_s=long_poll_s), joined=joined)


def _heard(message: ApsMessage) -> Heard:
    frame = ZclFrame.from_bytes(message.payload)
    if frame.cluster_specific:
        return Heard(message, frame, decode_command(message.cluster, frame))
    return Heard(message, frame, decode_global(frame))


def _name(cluster: Cluster, attribute: int) -> str:
    definition = cluster.attribute(attribute)
    return f"0x{attribute:04x}" if definition is None else definition.name
