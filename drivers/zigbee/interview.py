"""Finding out what a node is, stage by stage, and asking it to say by itself what happens to it.

What is asked of its clusters is told by `capabilities`; here is the order, and what every Zigbee device has. A stage
is complete when every question was answered or has arrived and was not answered; where one does not arrive, the stage
begins anew another time. When to interview, and whom, is `interviewing`'s.
"""

import logging
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final, TypeVar

from drivers.zigbee.capabilities.table import (
    bindings_of,
    capabilities_of,
    preparations_of,
    questions_of,
    state_reads_of,
)
from drivers.zigbee.capabilities.translation import Binding, Read, ToSend
from drivers.zigbee.endpoints import HUB
from drivers.zigbee.exchange import Priority
from drivers.zigbee.node import Node
from drivers.zigbee.node_record import EndPoint, NodeRecord, Stage
from drivers.zigbee.questions import Questions
from drivers.zigbee.zcl.attribute_records import AttributeValue, Reporting
from drivers.zigbee.zcl.clusters import basic, ias_zone, poll_control
from drivers.zigbee.zcl.clusters.table import attribute_of
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.foundation import (
    ConfigureReporting,
    ConfigureReportingResponse,
    DefaultResponse,
    WriteAttributes,
)
from drivers.zigbee.zcl.status import ZclStatus
from drivers.zigbee.zdo.binding import Binding as BindingEntry
from drivers.zigbee.zdo.binding import BindReq, BindRsp, ToEndpoint
from drivers.zigbee.zdo.descriptors import LogicalType, NodeDescriptor
from drivers.zigbee.zdo.discovery import (
    ActiveEpReq,
    ActiveEpRsp,
    NodeDescReq,
    NodeDescRsp,
    SimpleDescReq,
    SimpleDescRsp,
)
from drivers.zigbee.zdo.message import Message, ZdoStatus

log = logging.getLogger(__name__)

STEPS: Final = int(Stage.COMPLETE)
APPLICATIONS: Final = range(1, 241)
"""End points of applications (Zigbee Specification 05-3474-22 §2.2.3); beyond are Green Power and the reserved ones."""
END_POINTS_MAX: Final = 32
ZONE_ID: Final = 1
"""What an IAS zone is told that it is called. We know zones by their device."""
REPORTS_IN_A_FRAME: Final = 4
TEXT_MAX: Final = 64

_MANUFACTURER: Final = 0x0004
_MODEL: Final = 0x0005
_POWER_SOURCE: Final = 0x0007
_LOCATION: Final = 0x0010
_SOFTWARE_BUILD: Final = 0x4000
_CIE_ADDRESS: Final = 0x0010

_Answer = TypeVar("_Answer", bound=Message)


class Interview:
    """Of one node. `record` is the node's own, or one that may take its place."""

    def __init__(
        self, node: Node, record: NodeRecord, questions: Questions, own_eui64: int, reached: Callable[[Stage], None]
    ) -> None:
        self._node = node
        self._record = record
        self._questions = questions
        self._own_eui64 = own_eui64
        self._reached = reached

    async def run(self) -> None:
        """From the stage that was reached on. Raises DeviceUnreachable, DriverUnavailable where it cannot go on."""
        for stage, work in _STAGES:
            if self._record.stage < stage:
                await work(self)
                self._record.stage = stage
                self._reached(stage)
        self._record.stage = Stage.COMPLETE
        self._reached(Stage.COMPLETE)

    # The node itself.

    async def _node_descriptor(self) -> None:
        answer = await self._ask(NodeDescReq, NodeDescRsp)
        if answer is None or answer.descriptor is None:
            # What it said when it joined has to do.
            self._record.unanswered += 1
            return
        described: NodeDescriptor = answer.descriptor
        if described.logical_type in (LogicalType.ROUTER, LogicalType.END_DEVICE):
            self._record.logical_type = LogicalType(described.logical_type)
        self._record.flags(described.mac_capability)
        self._record.manufacturer_code = described.manufacturer_code

    async def _end_points(self) -> None:
        answer = await self._ask(ActiveEpReq, ActiveEpRsp)
        numbers = () if answer is None else answer.endpoints
        if answer is None:
            # Some never say it; nearly all have their application at the first.
            self._record.unanswered += 1
            numbers = (1,)
        for number in [number for number in numbers if number in APPLICATIONS][:END_POINTS_MAX]:
            await self._end_point(number)
        capabilities_of(self._record)
        await self._enrol()

    async def _end_point(self, number: int) -> None:
        answer = await self._ask(lambda node_id: SimpleDescReq(node_id, number), SimpleDescRsp)
        if answer is None or answer.descriptor is None:
            self._record.unanswered += answer is None
            return
        described = answer.descriptor
        known = self._record.endpoints.get(number)
        self._record.endpoints[number] = EndPoint(
            number,
            described.profile,
            described.device_type,
            described.inputs,
            described.outputs,
            attributes={} if known is None else known.attributes,
        )

    async def _ask(self, request: Callable[[int], Message], expected: type[_Answer]) -> _Answer | None:
        return await self._questions.ask_of_itself(self._node, request, expected, Priority.INTERVIEW)

    # What most applications have.

    async def _enrol(self) -> None:
        """An alarm system's sensor says nothing before it knows whom to tell, and some leave again (ZCL8 §8.2.2.1.3).

        It is told its zone without having asked ("auto-enroll-response"); one that asks is answered by `services`.
        """
        for number, end_point in list(self._record.endpoints.items()):
            if not end_point.has(ias_zone.CLUSTER_ID):
                continue
            cie = AttributeValue(_CIE_ADDRESS, DataType.EUI64, self._own_eui64)
            command = ToSend(number, ias_zone.CLUSTER_ID, WriteAttributes((cie,)))
            status = await self._questions.tell(self._node, command, Priority.INTERVIEW)
            if status not in (None, ZclStatus.SUCCESS):
                log.info("%s does not take us for its alarm centre: status %s", self._node.device, status)
            response = ias_zone.ZoneEnrollResponse(ias_zone.EnrollResponseCode.SUCCESS, ZONE_ID)
            await self._questions.tell(self._node, ToSend(number, ias_zone.CLUSTER_ID, response), Priority.INTERVIEW)
            self._record.ias_enrolled = True

    async def _basic(self) -> None:
        number = next((n for n, e in sorted(self._record.endpoints.items()) if e.has(basic.CLUSTER_ID)), None)
        if number is None:
            return
        # Maker and model in one frame: some devices give the one only together with the other.
        known: dict[int, Any] = {}
        for attributes in ((_MANUFACTURER, _MODEL), (_POWER_SOURCE, _SOFTWARE_BUILD), (_LOCATION,)):
            known |= await self._read(Read(number, basic.CLUSTER_ID, attributes))
        record = self._record
        record.manufacturer = _text(known.get(_MANUFACTURER)) or record.manufacturer
        record.model = _text(known.get(_MODEL)) or record.model
        record.firmware = _text(known.get(_SOFTWARE_BUILD)) or record.firmware
        record.name = _text(known.get(_LOCATION)) or record.name
        power = known.get(_POWER_SOURCE)
        record.power_source = power if isinstance(power, int) else record.power_source

    async def _classes(self) -> None:
        # Looked at anew: who made it is known by now, and whether it is known to be odd.
        capabilities_of(self._record)
        for read in questions_of(self._record):
            end_point = self._record.endpoints.get(read.endpoint)
            if end_point is not None:
                end_point.attributes.setdefault(read.cluster, {}).update(await self._read(read))
        capabilities_of(self._record)

    async def _read(self, read: Read) -> Mapping[int, Any]:
        values = await self._questions.read(self._node, read, Priority.INTERVIEW)
        self._record.unanswered += values is None
        return values or {}

    # That it speaks by itself.

    async def _bindings(self) -> None:
        unreported: set[tuple[int, int]] = set()
        bindings = bindings_of(self._record)
        for binding in bindings:
            bound = await self._bind(binding.endpoint, binding.cluster)
            reports = await self._report(binding)
            if binding.reporting and not (bound and reports):
                unreported.add((binding.endpoint, binding.cluster))
        self._record.unreported = frozenset(unreported)
        await self._be_asked_now_and_then({(binding.endpoint, binding.cluster) for binding in bindings})
        for command in preparations_of(self._record):
            await self._questions.tell(self._node, command, Priority.INTERVIEW)

    async def _be_asked_now_and_then(self, bound: AbstractSet[tuple[int, int]]) -> None:
        """A device that sleeps asks whether there is something for it, and whom it asks it has to know (ZCL8 §3.16)."""
        if self._record.sleeps:
            for number, end_point in list(self._record.endpoints.items()):
                if end_point.has(poll_control.CLUSTER_ID) and (number, poll_control.CLUSTER_ID) not in bound:
                    await self._bind(number, poll_control.CLUSTER_ID)

    async def _bind(self, endpoint: int, cluster: int) -> bool:
        entry = BindingEntry(self._node.eui64, endpoint, cluster, ToEndpoint(self._own_eui64, HUB))
        answer = await self._questions.ask_zdo(self._node, BindReq(entry), BindRsp, Priority.INTERVIEW)
        if answer is None:
            self._record.unanswered += 1
            return False
        if answer.status != ZdoStatus.SUCCESS:
            log.info("%s does not bind cluster 0x%04x to us: status %s", self._node.device, cluster, answer.status)
        return bool(answer.status == ZdoStatus.SUCCESS)

    async def _report(self, binding: Binding) -> bool:
        """Whether everything will be reported as it was wished."""
        records = [record for wish in binding.reporting if (record := _reporting(binding.cluster, wish)) is not None]
        good = len(records) == len(binding.reporting)
        for at in range(0, len(records), REPORTS_IN_A_FRAME):
            answer = await self._questions.ask_global(
                self._node,
                binding.endpoint,
                binding.cluster,
                ConfigureReporting(tuple(records[at : at + REPORTS_IN_A_FRAME])),
                Priority.INTERVIEW,
                binding.manufacturer_code,
            )
            self._record.unanswered += answer is None
            good = good and _accepted(answer)
        return good

    async def _state(self) -> None:
        # What it answers is told to the home on its way in.
        for read in state_reads_of(self._record):
            await self._read(read)


_STAGES: Final = (
    (Stage.NODE_DESCRIPTOR, Interview._node_descriptor),
    (Stage.ENDPOINTS, Interview._end_points),
    (Stage.BASIC, Interview._basic),
    (Stage.CLASSES, Interview._classes),
    (Stage.BINDINGS, Interview._bindings),
    (Stage.STATE, Interview._state),
)


def _reporting(cluster: int, wish: Any) -> Reporting | None:
    type_id = wish.type_id
    if not type_id:
        definition = attribute_of(cluster, wish.attribute)
        if definition is None:
            return None
        type_id = definition.type_id
    return Reporting(wish.attribute, type_id, wish.min_s, wish.max_s, wish.change)


def _accepted(answer: Any) -> bool:
    if isinstance(answer, DefaultResponse):
        # Some answer with it where the answer should be; a success is one all the same.
        return bool(answer.status == ZclStatus.SUCCESS)
    if not isinstance(answer, ConfigureReportingResponse):
        return False
    refused = [record for record in answer.records if record.status != ZclStatus.SUCCESS]
    return not refused and answer.status == ZclStatus.SUCCESS


def _text(value: Any) -> str:
    """What a device says of itself, as it may be shown."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    return "".join(letter for letter in value.split("\0")[0] if letter.isprintable()).strip()[:TEXT_MAX]
