"""What a node answers about where and what it is, and what is on it (Zigbee Specification 05-3474-23, 2.4.3 and
2.4.4)."""

from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

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
from drivers.zigbee.zdo.management import Relationship
from drivers.zigbee.zdo.message import Message, Response, ZdoStatus
from simulators.zigbee.bindings import BindingTable
from simulators.zigbee.endpoint import EndPoint
from simulators.zigbee.radio import BROADCASTS_FROM, Antenna, ApsMessage, Neighbour

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


class ZdoDiscovery:
    def __init__(self, node: Asked) -> None:
        self._node = node
        self.answers: Final[dict[type[Message], Callable[[Any, bool], Said]]] = {
            NwkAddrReq: self._nwk_addr,
            IeeeAddrReq: self._ieee_addr,
            NodeDescReq: self._node_desc,
            PowerDescReq: self._power_desc,
            SimpleDescReq: self._simple_desc,
            ActiveEpReq: self._active_ep,
            MatchDescReq: self._match_desc,
            SystemServerDiscoveryReq: self._servers,
        }

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


def _matches(endpoint: EndPoint, request: MatchDescReq) -> bool:
    """05-3474-23, 2.4.4, Match_Desc_rsp: the profile, and one cluster at least."""
    if request.profile not in (endpoint.profile, 0xFFFF):
        return False
    return _meet(request.inputs, endpoint.inputs) or _meet(request.outputs, endpoint.outputs)


def _meet(these: Iterable[int], those: Iterable[int]) -> bool:
    return not set(these).isdisjoint(those)
