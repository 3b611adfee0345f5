"""What a node answers about its tables and the network around it: bindings, neighbours, routes, leaving, scans (Zigbee
Specification 05-3474-23, 2.4.3 and 2.4.4).

Leaving and letting others join is done by the network once the node has heard it; here it is only answered.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

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
from drivers.zigbee.zdo.descriptors import LogicalType
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
)
from drivers.zigbee.zdo.message import Message, ZdoStatus
from simulators.zigbee.bindings import Binding
from simulators.zigbee.radio import Neighbour
from simulators.zigbee.zdo_discovery import Asked, Said

NEIGHBOURS_A_FRAME: Final = 3
BINDINGS_A_FRAME: Final = 3
"""As many entries as go into one frame; the rest is asked for with a start index."""
QUIETEST: Final = 20
LOWEST_CHANNEL, CHANNELS = 11, 16
_UNKNOWN_PERMIT: Final = 2

_Entry = TypeVar("_Entry")


class ZdoManagement:
    def __init__(self, node: Asked) -> None:
        self._node = node
        self.answers: Final[dict[type[Message], Callable[[Any, bool], Said]]] = {
            BindReq: self._bind,
            UnbindReq: self._unbind,
            MgmtLqiReq: self._lqi,
            MgmtRtgReq: self._routes,
            MgmtBindReq: self._bindings,
            MgmtLeaveReq: self._leave,
            MgmtPermitJoiningReq: self._permit,
            MgmtNwkUpdateReq: self._scan,
        }

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
        antenna = self._node.antenna
        every = () if antenna is None else antenna.neighbours()
        pan = 0 if antenna is None else antenna.extended_pan_id
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


def _page(every: Sequence[_Entry], start: int, size: int) -> Sequence[_Entry]:
    return every[start : start + size]


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
