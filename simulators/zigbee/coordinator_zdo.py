"""What the stick's own stack answers to ZDO requests, of its host's or of devices.

Zigbee Specification 05-3474-22, §2.4.4. What the stack does not answer by itself goes to the host, where the
configuration says so (EZSP_CONFIG_APPLICATION_ZDO_FLAGS).
"""

from collections.abc import Callable
from typing import Any, Final

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zdo.binding import BindReq, MgmtBindReq, UnbindReq
from drivers.zigbee.zdo.descriptors import (
    LogicalType,
    NodeDescriptor,
    PowerDescriptor,
    PowerLevel,
    PowerMode,
    PowerSourceBit,
    ServerMask,
    SimpleDescriptor,
)
from drivers.zigbee.zdo.discovery import (
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
)
from drivers.zigbee.zdo.management import (
    SCAN_DURATION_MAX,
    MgmtLqiReq,
    MgmtLqiRsp,
    MgmtNwkUpdateNotify,
    MgmtNwkUpdateReq,
    MgmtPermitJoiningReq,
    MgmtPermitJoiningRsp,
    MgmtRtgReq,
    MgmtRtgRsp,
    Neighbor,
    Route,
)
from drivers.zigbee.zdo.message import RESPONSE, MacCapability, Message, Response, ZdoStatus
from drivers.zigbee.zdo.table import decode, encode
from simulators.zigbee.chip import FOREVER, Chip
from simulators.zigbee.coordinator_bindings import CoordinatorBindings
from simulators.zigbee.memory import CHANNELS
from simulators.zigbee.network_update import NetworkUpdate
from simulators.zigbee.noise import noise_dbm, with_disturbance
from simulators.zigbee.radio import COORDINATOR

REVISION_22: Final = 22 << 9
_CAPABILITY: Final = (
    MacCapability.ALTERNATE_PAN_COORDINATOR
    | MacCapability.FULL_FUNCTION_DEVICE
    | MacCapability.MAINS_POWERED
    | MacCapability.RX_ON_WHEN_IDLE
    | MacCapability.ALLOCATE_ADDRESS
)
_NEIGHBORS_A_FRAME: Final = 3
_ROUTES_A_FRAME: Final = 10
_UNKNOWN: Final = 2
_NO_TIMEOUT: Final = 0xFF
_NOTHING_DBM: Final = -105
"""What an energy of 0 stands for."""
Said = Response | None


class CoordinatorZdo:
    def __init__(self, chip: Chip, update: NetworkUpdate) -> None:
        self._chip = chip
        self._update = update
        bindings = CoordinatorBindings(chip)
        self._answers: Final[dict[type[Message], Callable[[Any], Said]]] = {
            NwkAddrReq: self._nwk_addr,
            IeeeAddrReq: self._ieee_addr,
            NodeDescReq: self._node_desc,
            PowerDescReq: self._power_desc,
            SimpleDescReq: self._simple_desc,
            ActiveEpReq: self._active_ep,
            MatchDescReq: self._match_desc,
            MgmtLqiReq: self._lqi,
            MgmtRtgReq: self._routes,
            MgmtPermitJoiningReq: self._permit,
            MgmtNwkUpdateReq: self._update_network,
            BindReq: bindings.bind,
            UnbindReq: bindings.unbind,
            MgmtBindReq: bindings.tell,
        }

    def supports(self, cluster: int) -> bool:
        return any(cluster == it.CLUSTER for it in self._answers)

    def answer(self, cluster: int, payload: bytes, *, alone: bool) -> tuple[int, bytes] | None:
        """The cluster and bytes of the answer; None: nothing is said. `alone`: it was not a broadcast."""
        try:
            sequence, request = decode(cluster, payload)
        except MalformedFrame:
            return (RESPONSE | cluster, bytes((payload[0], ZdoStatus.INV_REQUESTTYPE))) if payload and alone else None
        answer = self._answers.get(type(request)) if isinstance(request, Message) else None
        if answer is None:
            return (RESPONSE | cluster, bytes((sequence, ZdoStatus.NOT_SUPPORTED))) if alone else None
        said = answer(request)
        return None if said is None else (said.CLUSTER, encode(sequence, said))

    # --- who it is

    def _nwk_addr(self, request: NwkAddrReq) -> Said:
        # Asked for somebody else's address it says nothing: who has it answers himself.
        eui64 = self._chip.memory.eui64
        return NwkAddrRsp(ZdoStatus.SUCCESS, eui64, COORDINATOR) if request.eui64 == eui64 else None

    def _ieee_addr(self, request: IeeeAddrReq) -> Said:
        if request.node_id != COORDINATOR:
            return IeeeAddrRsp(ZdoStatus.DEVICE_NOT_FOUND, 0, request.node_id)
        return IeeeAddrRsp(ZdoStatus.SUCCESS, self._chip.memory.eui64, COORDINATOR)

    def _node_desc(self, request: NodeDescReq) -> Said:
        if request.node_id != COORDINATOR:
            return NodeDescRsp(ZdoStatus.DEVICE_NOT_FOUND, request.node_id)
        descriptor = NodeDescriptor(
            logical_type=LogicalType.COORDINATOR,
            mac_capability=_CAPABILITY,
            manufacturer_code=self._chip.manufacturer_code,
            server_mask=REVISION_22 | ServerMask.PRIMARY_TRUST_CENTER | ServerMask.NETWORK_MANAGER,
        )
        return NodeDescRsp(ZdoStatus.SUCCESS, COORDINATOR, descriptor)

    def _power_desc(self, request: PowerDescReq) -> Said:
        if request.node_id != COORDINATOR:
            return PowerDescRsp(ZdoStatus.DEVICE_NOT_FOUND, request.node_id)
        descriptor = PowerDescriptor(
            PowerMode.SYNCHRONIZED, PowerSourceBit.MAINS, PowerSourceBit.MAINS, PowerLevel.FULL
        )
        return PowerDescRsp(ZdoStatus.SUCCESS, COORDINATOR, descriptor)

    # --- what is on it

    def _active_ep(self, request: ActiveEpReq) -> Said:
        if request.node_id != COORDINATOR:
            return ActiveEpRsp(ZdoStatus.DEVICE_NOT_FOUND, request.node_id)
        return ActiveEpRsp(ZdoStatus.SUCCESS, COORDINATOR, tuple(self._chip.endpoints))

    def _simple_desc(self, request: SimpleDescReq) -> Said:
        if request.node_id != COORDINATOR:
            return SimpleDescRsp(ZdoStatus.DEVICE_NOT_FOUND, request.node_id)
        if not 1 <= request.endpoint <= 254:
            return SimpleDescRsp(ZdoStatus.INVALID_EP, COORDINATOR)
        it = self._chip.endpoints.get(request.endpoint)
        if it is None:
            return SimpleDescRsp(ZdoStatus.NOT_ACTIVE, COORDINATOR)
        descriptor = SimpleDescriptor(it.number, it.profile, it.device, it.device_version, it.inputs, it.outputs)
        return SimpleDescRsp(ZdoStatus.SUCCESS, COORDINATOR, descriptor)

    def _match_desc(self, request: MatchDescReq) -> Said:
        found = tuple(
            it.number
            for it in self._chip.endpoints.values()
            if it.profile == request.profile
            and (set(it.inputs) & set(request.inputs) or set(it.outputs) & set(request.outputs))
        )
        if not found and request.node_id != COORDINATOR:
            return None
        return MatchDescRsp(ZdoStatus.SUCCESS, COORDINATOR, found)

    # --- whom it hears

    def _lqi(self, request: MgmtLqiReq) -> Said:
        network = self._chip.formed
        pan = 0 if network is None else network.extended_pan_id
        known = self._chip.network.coordinator_neighbours()
        found = tuple(
            Neighbor(
                extended_pan_id=pan,
                eui64=it.eui64,
                node_id=it.node_id,
                logical_type=it.device_type,
                rx_on_when_idle=int(it.rx_on_when_idle),
                relationship=it.relationship,
                permit_joining=_UNKNOWN,
                depth=it.depth,
                lqi=it.lqi,
            )
            for it in known[request.start_index : request.start_index + _NEIGHBORS_A_FRAME]
        )
        return MgmtLqiRsp(ZdoStatus.SUCCESS, min(len(known), 0xFF), request.start_index, found)

    def _routes(self, request: MgmtRtgReq) -> Said:
        routes = [
            Route(it.node_id, 0, 0, path[0].node_id)
            for it in self._chip.network.members()
            if it.router and len(path := self._chip.network.path_to(it)) > 1
        ]
        found = tuple(routes[request.start_index : request.start_index + _ROUTES_A_FRAME])
        return MgmtRtgRsp(ZdoStatus.SUCCESS, min(len(routes), 0xFF), request.start_index, found)

    def _permit(self, request: MgmtPermitJoiningReq) -> Said:
        self._chip.open_for(FOREVER if request.duration_s == _NO_TIMEOUT else request.duration_s)
        return MgmtPermitJoiningRsp(ZdoStatus.SUCCESS)

    def _update_network(self, request: MgmtNwkUpdateReq) -> Said:
        if request.update.duration > SCAN_DURATION_MAX:
            self._update.obey(request)
            return MgmtNwkUpdateNotify(ZdoStatus.SUCCESS, request.channels, 0, 0)
        rng, rough = self._chip.rng, self._chip.network.rough
        scanned = [channel for channel in CHANNELS if request.channels >> channel & 1]
        heard = [with_disturbance(noise_dbm(channel, rng), rough.noise_on(channel)) for channel in scanned]
        energies = tuple(max(0, min(0xFF, 2 * (dbm - _NOTHING_DBM))) for dbm in heard)
        return MgmtNwkUpdateNotify(ZdoStatus.SUCCESS, request.channels, 0, 0, energies)
