"""What a node answers at its endpoint 0: who and where it is, what is on it, its tables (Zigbee Specification
05-3474-23, 2.4.3 and 2.4.4).

Leaving and letting others join is done by the network once the node has heard it; here it is only answered.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol, TypeVar

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zdo.binding import Binding as BindingEntry
from drivers.zigbee.zdo.binding import (
    BindReq,
    BindRsp,
    MgmtBindReq,
    MgmtBindRsp,
    ToEndpoint,
    ToGroup,
    UnbindReq,
    UnbindRsp,
)
from drivers.zigbee.zdo.descriptors import LogicalType, NodeDescriptor, PowerDescriptor, SimpleDescriptor
from drivers.zigbee.zdo.discovery import (
    EXTENDED,
    SINGLE,
    ActiveEpReq,
    ActiveEpRsp,
    IeeeAddrReq,
    IeeeAddrRsp,
    MatchDescReq,
    MatchDescRsp,
    NodeDescReq,
    NodeDescRsp,
    NwkAddrReq,
    NwkAddrRsp,
    PowerDescReq,
    PowerDescRsp,
    SimpleDescReq,
    SimpleDescRsp,
    SystemServerDiscoveryReq,
    SystemServerDiscoveryRsp,
)
from drivers.zigbee.zdo.management import (
    CHANGE_CHANNEL,
    SCAN_DURATION_MAX,
    MgmtLeaveReq,
    MgmtLeaveRsp,
    MgmtLqiReq,
    MgmtLqiRsp,
    MgmtNwkUpdateNotify,
    MgmtNwkUpdateReq,
    MgmtPermitJoiningReq,
    MgmtPermitJoiningRsp,
    MgmtRtgReq,
    MgmtRtgRsp,
    Neighbor,
    Relationship,
)
from drivers.zigbee.zdo.message import RESPONSE, Message, Response, ZdoStatus
from drivers.zigbee.zdo.table import decode, encode
from simulators.zigbee.bindings import Binding, BindingTable
from simulators.zigbee.endpoint import EndPoint
from simulators.zigbee.radio import BROADCASTS_FROM, Antenna, ApsMessage, Neighbour

NEIGHBOURS_A_FRAME: Final = 3
BINDINGS_A_FRAME: Final = 3
"""As many entries as go into one frame; the rest is asked for with a start index."""
QUIETEST: Final = 20
LOWEST_CHANNEL, CHANNELS = 11, 16
_UNKNOWN_PERMIT: Final = 2

_Entry = TypeVar("_Entry")
Said = Response | None
"""None: nothing is said."""


class Asked(Protocol):
    """The node that is asked."""

    antenna: Antenna | None
    bindings: BindingTable

    @property
    def eui64(self) -> int: ...

    @property
    def node_id(self) -> int: ...

    @property
    def descriptor(self) -> NodeDescriptor: ...

    @property
    def power(self) -> PowerDescriptor: ...

    @property
    def endpoints(self) -> dict[int, EndPoint]: ...

    def transmit(self, message: ApsMessage) -> None: ...

    def look(self) -> None: ...


class ZdoAnswers:
    def __init__(self, node: Asked) -> None:
        self._node = node
        self._answers: Final[dict[type[Message], Callable[[Any, bool], Said]]] = {
            NwkAddrReq: self._nwk_addr,
            IeeeAddrReq: self._ieee_addr,
            NodeDescReq: self._node_desc,
            PowerDescReq: self._power_desc,
            SimpleDescReq: self._simple_desc,
            ActiveEpReq: self._active_ep,
            MatchDescReq: self._match_desc,
            SystemServerDiscoveryReq: self._servers,
            BindReq: self._bind,
            UnbindReq: self._unbind,
            MgmtLqiReq: self._lqi,
            MgmtRtgReq: self._routes,
            MgmtBindReq: self._bindings,
            MgmtLeaveReq: self._leave,
            MgmtPermitJoiningReq: self._permit,
            MgmtNwkUpdateReq: self._scan,
        }

    def receive(self, message: ApsMessage) -> None:
        if message.cluster & RESPONSE or message.cluster in UNANSWERED or not message.payload:
            return
        alone = message.destination < BROADCASTS_FROM
        try:
            sequence, request = decode(message.cluster, message.payload)
        except MalformedFrame:
            self._refuse(message, alone, ZdoStatus.INV_REQUESTTYPE)
            return
        known = self._answers.get(type(request)) if isinstance(request, Message) else None
        if known is None:
            self._refuse(message, alone, ZdoStatus.NOT_SUPPORTED)
            return
        answer = known(request, alone)
        if answer is not None:
            self._send(message, answer.CLUSTER, encode(sequence, answer))

    def _refuse(self, message: ApsMessage, alone: bool, status: ZdoStatus) -> None:
        """05-3474-23, 2.4.5: nobody says to a broadcast that he does not know it."""
        if alone:
            self._send(message, RESPONSE | message.cluster, bytes((message.payload[0], status)))

    def _send(self, message: ApsMessage, cluster: int, payload: bytes) -> None:
        self._node.transmit(
            ApsMessage(
                source=self._node.node_id,
                destination=message.source,
                profile=0x0000,
                cluster=cluster,
                source_endpoint=0,
                destination_endpoint=0,
                sequence=0,
                payload=payload,
            )
        )

    # --- where

    def _nwk_addr(self, request: NwkAddrReq, alone: bool) -> Said:
        node_id = self._node.node_id if request.eui64 == self._node.eui64 else None
        for child in self._children():
            if child.eui64 == request.eui64:
                node_id = child.node_id
        if request.request_type not in (SINGLE, EXTENDED):
            return NwkAddrRsp(ZdoStatus.INV_REQUESTTYPE, request.eui64, 0xFFFF) if alone else None
        if node_id is None:
            return NwkAddrRsp(ZdoStatus.DEVICE_NOT_FOUND, request.eui64, 0xFFFF) if alone else None
        family = self._family(request.request_type, request.start_index, request.eui64)
        return NwkAddrRsp(ZdoStatus.SUCCESS, request.eui64, node_id, family)

    def _ieee_addr(self, request: IeeeAddrReq, alone: bool) -> Said:
        eui64 = self._node.eui64 if request.node_id == self._node.node_id else None
        for child in self._children():
            if child.node_id == request.node_id:
                eui64 = child.eui64
        if request.request_type not in (SINGLE, EXTENDED):
            return IeeeAddrRsp(ZdoStatus.INV_REQUESTTYPE, 0, request.node_id) if alone else None
        if eui64 is None:
            return IeeeAddrRsp(ZdoStatus.DEVICE_NOT_FOUND, 0, request.node_id) if alone else None
        family = self._family(request.request_type, request.start_index, eui64)
        return IeeeAddrRsp(ZdoStatus.SUCCESS, eui64, request.node_id, family)

    def _family(self, request_type: int, start: int, eui64: int) -> tuple[int, tuple[int, ...]] | None:
        if request_type != EXTENDED or eui64 != self._node.eui64:
            return None
        return start, tuple(child.node_id for child in self._children())[start:]

    def _neighbours(self) -> tuple[Neighbour, ...]:
        antenna = self._node.antenna
        return () if antenna is None else antenna.neighbours()

    def _children(self) -> list[Neighbour]:
        """For whom a router answers, as they sleep."""
        if self._node.descriptor.logical_type == LogicalType.END_DEVICE:
            return []
        return [it for it in self._neighbours() if it.relationship == Relationship.CHILD]

    # --- what

    def _not_mine(self, node_id: int) -> ZdoStatus | None:
        """05-3474-23, 2.4.4: an end device knows of itself only; a router has no descriptors of its children."""
        if node_id == self._node.node_id:
            return None
        if self._node.descriptor.logical_type == LogicalType.END_DEVICE:
            return ZdoStatus.INV_REQUESTTYPE
        known = any(child.node_id == node_id for child in self._children())
        return ZdoStatus.NO_DESCRIPTOR if known else ZdoStatus.DEVICE_NOT_FOUND

    def _node_desc(self, request: NodeDescReq, _alone: bool) -> Said:
        wrong = self._not_mine(request.node_id)
        if wrong is not None:
            return NodeDescRsp(wrong, request.node_id)
        return NodeDescRsp(ZdoStatus.SUCCESS, request.node_id, self._node.descriptor)

    def _power_desc(self, request: PowerDescReq, _alone: bool) -> Said:
        wrong = self._not_mine(request.node_id)
        if wrong is not None:
            return PowerDescRsp(wrong, request.node_id)
        return PowerDescRsp(ZdoStatus.SUCCESS, request.node_id, self._node.power)

    def _simple_desc(self, request: SimpleDescReq, _alone: bool) -> Said:
        wrong = self._not_mine(request.node_id)
        if wrong is None and not 1 <= request.endpoint <= 254:
            wrong = ZdoStatus.INVALID_EP
        endpoint = self._node.endpoints.get(request.endpoint)
        if wrong is not None or endpoint is None:
            return SimpleDescRsp(wrong or ZdoStatus.NOT_ACTIVE, request.node_id)
        descriptor = SimpleDescriptor(
            endpoint.number,
            endpoint.profile,
            endpoint.device_type,
            endpoint.device_version,
            endpoint.inputs,
            endpoint.outputs,
        )
        return SimpleDescRsp(ZdoStatus.SUCCESS, request.node_id, descriptor)

    def _active_ep(self, request: ActiveEpReq, _alone: bool) -> Said:
        wrong = self._not_mine(request.node_id)
        if wrong is not None:
            return ActiveEpRsp(wrong, request.node_id)
        return ActiveEpRsp(ZdoStatus.SUCCESS, request.node_id, tuple(self._node.endpoints))

    def _match_desc(self, request: MatchDescReq, alone: bool) -> Said:
        wrong = None if request.node_id >= BROADCASTS_FROM else self._not_mine(request.node_id)
        if wrong is not None:
            return MatchDescRsp(wrong, request.node_id) if alone else None
        found = tuple(number for number, it in self._node.endpoints.items() if _matches(it, request))
        if not found and not alone:
            return None
        return MatchDescRsp(ZdoStatus.SUCCESS, self._node.node_id, found)

    def _servers(self, request: SystemServerDiscoveryReq, _alone: bool) -> Said:
        # The upper bits tell the stack's revision, and are no service.
        common = request.server_mask & self._node.descriptor.server_mask & 0x007F
        return SystemServerDiscoveryRsp(ZdoStatus.SUCCESS, common) if common else None

    # --- bindings

    def _bind(self, request: BindReq, _alone: bool) -> Said:
        status = self._binds(request.binding)
        if status == ZdoStatus.SUCCESS and not self._node.bindings.add(_binding(request.binding)):
            status = ZdoStatus.TABLE_FULL
        self._node.look()
        return BindRsp(status)

    def _unbind(self, request: UnbindReq, _alone: bool) -> Said:
        status = self._binds(request.binding)
        if status == ZdoStatus.SUCCESS and not self._node.bindings.remove(_binding(request.binding)):
            status = ZdoStatus.NO_ENTRY
        self._node.look()
        return UnbindRsp(status)

    def _binds(self, entry: BindingEntry) -> ZdoStatus:
        if entry.source_eui64 != self._node.eui64:
            # It keeps no bindings for others.
            return ZdoStatus.NOT_SUPPORTED
        return ZdoStatus.SUCCESS if entry.source_endpoint in self._node.endpoints else ZdoStatus.INVALID_EP

    def _bindings(self, request: MgmtBindReq, alone: bool) -> Said:
        if not alone:
            return None
        every = self._node.bindings.all
        part = tuple(_entry(self._node.eui64, it) for it in _page(every, request.start_index, BINDINGS_A_FRAME))
        return MgmtBindRsp(ZdoStatus.SUCCESS, len(every), request.start_index, part)

    # --- the network

    def _lqi(self, request: MgmtLqiReq, alone: bool) -> Said:
        if not alone:
            return None
        every = self._neighbours()
        pan = 0 if self._node.antenna is None else self._node.antenna.extended_pan_id
        part = tuple(_neighbor(pan, it) for it in _page(every, request.start_index, NEIGHBOURS_A_FRAME))
        return MgmtLqiRsp(ZdoStatus.SUCCESS, len(every), request.start_index, part)

    def _routes(self, request: MgmtRtgReq, alone: bool) -> Said:
        if not alone:
            return None
        if self._node.descriptor.logical_type == LogicalType.END_DEVICE:
            return MgmtRtgRsp(ZdoStatus.NOT_SUPPORTED)
        return MgmtRtgRsp(ZdoStatus.SUCCESS, 0, request.start_index, ())

    def _leave(self, request: MgmtLeaveReq, alone: bool) -> Said:
        if not alone:
            return None
        mine = request.eui64 in (0, self._node.eui64)
        return MgmtLeaveRsp(ZdoStatus.SUCCESS if mine else ZdoStatus.DEVICE_NOT_FOUND)

    def _permit(self, _request: MgmtPermitJoiningReq, alone: bool) -> Said:
        if not alone:
            return None
        router = self._node.descriptor.logical_type != LogicalType.END_DEVICE
        return MgmtPermitJoiningRsp(ZdoStatus.SUCCESS if router else ZdoStatus.NOT_SUPPORTED)

    def _scan(self, request: MgmtNwkUpdateReq, alone: bool) -> Said:
        """How loud each channel is here; changing the channel is the network's, and answered by nobody."""
        duration = request.update.duration
        if not alone or duration >= CHANGE_CHANNEL:
            return None
        if duration > SCAN_DURATION_MAX:
            return MgmtNwkUpdateNotify(ZdoStatus.INV_REQUESTTYPE, request.channels, 0, 0, ())
        channels = [it for it in range(LOWEST_CHANNEL, LOWEST_CHANNEL + CHANNELS) if request.channels >> it & 1]
        energies = tuple(QUIETEST + (self._node.eui64 >> it - LOWEST_CHANNEL) % 64 for it in channels)
        return MgmtNwkUpdateNotify(ZdoStatus.SUCCESS, request.channels, 0, 0, energies)


UNANSWERED: Final = frozenset((0x0013, 0x001F))
"""Device_annce and Parent_annce are told, not asked."""


def _page(every: Sequence[_Entry], start: int, size: int) -> Sequence[_Entry]:
    return every[start : start + size]


def _matches(endpoint: EndPoint, request: MatchDescReq) -> bool:
    """05-3474-23, 2.4.4, Match_Desc_rsp: the profile, and one cluster at least."""
    if request.profile not in (endpoint.profile, 0xFFFF):
        return False
    return _meet(request.inputs, endpoint.inputs) or _meet(request.outputs, endpoint.outputs)


def _meet(these: Iterable[int], those: Iterable[int]) -> bool:
    return not set(these).isdisjoint(those)


def _binding(entry: BindingEntry) -> Binding:
    match entry.target:
        case ToGroup(group):
            return Binding(entry.source_endpoint, entry.cluster, group=group)
        case ToEndpoint(eui64, endpoint):
            return Binding(entry.source_endpoint, entry.cluster, eui64, endpoint)


def _entry(own: int, binding: Binding) -> BindingEntry:
    target: ToGroup | ToEndpoint
    if binding.group is not None:
        target = ToGroup(binding.group)
    else:
        target = ToEndpoint(binding.eui64 or 0, binding.target_endpoint)
    return BindingEntry(own, binding.endpoint, binding.cluster, target)


def _neighbor(extended_pan_id: int, it: Neighbour) -> Neighbor:
    return Neighbor(
        extended_pan_id=extended_pan_id,
        eui64=it.eui64,
        node_id=it.node_id,
        logical_type=it.device_type,
        rx_on_when_idle=int(it.rx_on_when_idle),
        relationship=it.relationship,
        permit_joining=_UNKNOWN_PERMIT,
        depth=it.depth,
        lqi=it.lqi,
    )
