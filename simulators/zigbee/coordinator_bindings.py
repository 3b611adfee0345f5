"""The stick's own binding table, as far as ZDO requests change and tell it.

Zigbee Specification 05-3474-22, §2.4.3.2 and §2.4.4.3; who may change it is EZSP_BINDING_MODIFICATION_POLICY's word
(UG100, EzspDecisionId), and the host hears of it by remoteSetBindingHandler.
"""

from typing import Final

from drivers.zigbee.ezsp.binding import (
    BindingTableEntry,
    BindingType,
    RemoteDeleteBindingHandler,
    RemoteSetBindingHandler,
)
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.types import ConfigurationId, DecisionId, PolicyId
from drivers.zigbee.zdo.binding import (
    Binding,
    BindReq,
    BindRsp,
    MgmtBindReq,
    MgmtBindRsp,
    ToEndpoint,
    ToGroup,
    UnbindReq,
    UnbindRsp,
)
from drivers.zigbee.zdo.message import ZdoStatus
from simulators.zigbee.chip import Chip

ENTRIES_A_FRAME: Final = 3


class CoordinatorBindings:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip

    def bind(self, request: BindReq) -> BindRsp:
        chip, entry = self._chip, _entry(request.binding)
        if not self._allowed(request.binding):
            return BindRsp(ZdoStatus.NOT_AUTHORIZED)
        if entry in chip.bindings.values():
            return BindRsp(ZdoStatus.SUCCESS)
        places = range(chip.size(ConfigurationId.BINDING_TABLE_SIZE))
        index = next((it for it in places if it not in chip.bindings), None)
        if index is None:
            return BindRsp(ZdoStatus.TABLE_FULL)
        chip.bindings[index] = entry
        chip.say(RemoteSetBindingHandler(entry, index, Status.OK))
        return BindRsp(ZdoStatus.SUCCESS)

    def unbind(self, request: UnbindReq) -> UnbindRsp:
        entry = _entry(request.binding)
        if not self._allowed(request.binding):
            return UnbindRsp(ZdoStatus.NOT_AUTHORIZED)
        index = next((index for index, it in self._chip.bindings.items() if it == entry), None)
        if index is None:
            return UnbindRsp(ZdoStatus.NO_ENTRY)
        del self._chip.bindings[index]
        self._chip.say(RemoteDeleteBindingHandler(index, Status.OK))
        return UnbindRsp(ZdoStatus.SUCCESS)

    def tell(self, request: MgmtBindReq) -> MgmtBindRsp:
        own = self._chip.memory.eui64
        known = [Binding(own, it.local, it.cluster_id, _target(it)) for _, it in sorted(self._chip.bindings.items())]
        start = request.start_index
        found = tuple(known[start : start + ENTRIES_A_FRAME])
        return MgmtBindRsp(ZdoStatus.SUCCESS, min(len(known), 0xFF), start, found)

    def _allowed(self, binding: Binding) -> bool:
        if binding.source_eui64 != self._chip.memory.eui64:
            return False
        match self._chip.policy(PolicyId.BINDING_MODIFICATION):
            case DecisionId.ALLOW_BINDING_MODIFICATION:
                return True
            case DecisionId.CHECK_BINDING_MODIFICATIONS_ARE_VALID_ENDPOINT_CLUSTERS:
                endpoint = self._chip.endpoints.get(binding.source_endpoint)
                return endpoint is not None and binding.cluster in endpoint.outputs
        return False


def _entry(binding: Binding) -> BindingTableEntry:
    local, cluster, target = binding.source_endpoint, binding.cluster, binding.target
    if isinstance(target, ToGroup):
        return BindingTableEntry(BindingType.MULTICAST, local, cluster, 0, target.group)
    return BindingTableEntry(BindingType.UNICAST, local, cluster, target.endpoint, target.eui64)


def _target(entry: BindingTableEntry) -> ToGroup | ToEndpoint:
    if entry.binding_type == BindingType.MULTICAST:
        return ToGroup(entry.identifier & 0xFFFF)
    return ToEndpoint(entry.identifier, entry.remote)
