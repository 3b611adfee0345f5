"""UG100 "Configuration Frames": configuration, values, policies, endpoints. A reset forgets all of it."""

from typing import Final

from drivers.zigbee.ezsp.configuration import (
    AddEndpoint,
    AddEndpointResponse,
    GetConfigurationValue,
    GetConfigurationValueResponse,
    GetExtendedValue,
    GetExtendedValueResponse,
    GetPolicy,
    GetPolicyResponse,
    GetValue,
    GetValueResponse,
    SetConfigurationValue,
    SetConfigurationValueResponse,
    SetPassiveAckConfig,
    SetPassiveAckConfigResponse,
    SetPolicy,
    SetPolicyResponse,
    SetValue,
    SetValueResponse,
)
from drivers.zigbee.ezsp.endpoints import (
    GetEndpoint,
    GetEndpointCluster,
    GetEndpointClusterResponse,
    GetEndpointCount,
    GetEndpointCountResponse,
    GetEndpointDescription,
    GetEndpointDescriptionResponse,
    GetEndpointResponse,
)
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.types import ConfigurationId, ExtendedValueId, PolicyId, ValueId
from simulators.zigbee.chip import FOREVER, Chip, Handlers, OwnEndpoint
from simulators.zigbee.sender import BUFFERS_MAX

ENDPOINTS_MAX: Final = 16
TABLE_MAX: Final = 255
"""No table of an NCP is larger; where RAM is short the chip says so."""
_ENABLED: Final = b"\x01\x00"
_DISABLED: Final = b"\x00\x00"
_NO_NODE: Final = b"\xfd\xff"
_INPUTS: Final = 0
_SIZES: Final = frozenset(
    (
        ConfigurationId.NEIGHBOR_TABLE_SIZE,
        ConfigurationId.APS_UNICAST_MESSAGE_COUNT,
        ConfigurationId.BINDING_TABLE_SIZE,
        ConfigurationId.ADDRESS_TABLE_SIZE,
        ConfigurationId.MULTICAST_TABLE_SIZE,
        ConfigurationId.ROUTE_TABLE_SIZE,
        ConfigurationId.DISCOVERY_TABLE_SIZE,
        ConfigurationId.MAX_END_DEVICE_CHILDREN,
        ConfigurationId.TRUST_CENTER_ADDRESS_CACHE_SIZE,
        ConfigurationId.SOURCE_ROUTE_TABLE_SIZE,
        ConfigurationId.KEY_TABLE_SIZE,
        ConfigurationId.BROADCAST_TABLE_SIZE,
    )
)
"""RAM is given out before the stack is up; later these stay as they are."""
_READ_ONLY: Final = frozenset(
    (
        ConfigurationId.CERTIFICATE_TABLE_SIZE,
        ConfigurationId.GP_PROXY_TABLE_SIZE,
        ConfigurationId.GP_SINK_TABLE_SIZE,
    )
)


class Configuration:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip

    def handlers(self) -> Handlers:
        return {
            GetConfigurationValue: self._get_configuration,
            SetConfigurationValue: self._set_configuration,
            SetPolicy: self._set_policy,
            GetPolicy: self._get_policy,
            GetValue: self._get_value,
            SetValue: self._set_value,
            GetExtendedValue: self._get_extended_value,
            SetPassiveAckConfig: lambda _: SetPassiveAckConfigResponse(Status.OK),
            AddEndpoint: self._add_endpoint,
            GetEndpointCount: lambda _: GetEndpointCountResponse(len(self._chip.endpoints)),
            GetEndpoint: self._get_endpoint,
            GetEndpointDescription: self._get_description,
            GetEndpointCluster: self._get_cluster,
        }

    # --- configuration and policies

    def _get_configuration(self, request: GetConfigurationValue) -> GetConfigurationValueResponse:
        value = self._chip.configuration.get(request.config_id)
        if value is None:
            return GetConfigurationValueResponse(Status.NOT_SUPPORTED, 0)
        return GetConfigurationValueResponse(Status.OK, value)

    def _set_configuration(self, request: SetConfigurationValue) -> SetConfigurationValueResponse:
        if request.config_id not in self._chip.configuration:
            return SetConfigurationValueResponse(Status.NOT_SUPPORTED)
        if request.config_id in _READ_ONLY or (self._chip.joined and request.config_id in _SIZES):
            return SetConfigurationValueResponse(Status.INVALID_STATE)
        if request.config_id in _SIZES and request.value > TABLE_MAX:
            return SetConfigurationValueResponse(Status.NO_MORE_RESOURCE)
        self._chip.configuration[request.config_id] = request.value
        return SetConfigurationValueResponse(Status.OK)

    def _set_policy(self, request: SetPolicy) -> SetPolicyResponse:
        if request.policy_id not in tuple(PolicyId):
            return SetPolicyResponse(Status.NOT_SUPPORTED)
        self._chip.policies[request.policy_id] = request.decision_id
        return SetPolicyResponse(Status.OK)

    def _get_policy(self, request: GetPolicy) -> GetPolicyResponse:
        decision = self._chip.policies.get(request.policy_id)
        return GetPolicyResponse(Status.NOT_SUPPORTED if decision is None else Status.OK, decision or 0)

    # --- values

    def _get_value(self, request: GetValue) -> GetValueResponse:
        value = self._value(request.value_id)
        if value is None:
            return GetValueResponse(Status.NOT_SUPPORTED, b"")
        return GetValueResponse(Status.OK, value)

    def _value(self, value_id: int) -> bytes | None:
        chip = self._chip
        match value_id:
            case ValueId.VERSION_INFO:
                return chip.firmware.version_info
            case ValueId.FREE_BUFFERS:
                return bytes((max(0, 0xFF - chip.under_way * 0xFF // BUFFERS_MAX),))
            case ValueId.NWK_FRAME_COUNTER:
                return chip.memory.nwk_counter.to_bytes(4, "little")
            case ValueId.APS_FRAME_COUNTER:
                return chip.memory.aps_counter.to_bytes(4, "little")
            case ValueId.NODE_SHORT_ID:
                return b"\x00\x00" if chip.joined else b"\xfe\xff"
            case ValueId.NWK_OPEN_DURATION:
                left_s = max(0.0, chip.open_until - chip.now())
                return bytes((0xFF if left_s == FOREVER else min(int(left_s), 0xFE),))
        return chip.values.get(value_id)

    def _set_value(self, request: SetValue) -> SetValueResponse:
        chip = self._chip
        number = int.from_bytes(request.value, "little")
        match request.value_id:
            case ValueId.NWK_FRAME_COUNTER | ValueId.APS_FRAME_COUNTER if chip.joined:
                return SetValueResponse(Status.INVALID_STATE)
            case ValueId.NWK_FRAME_COUNTER | ValueId.APS_FRAME_COUNTER if len(request.value) != 4:
                return SetValueResponse(Status.INVALID_PARAMETER)
            case ValueId.NWK_FRAME_COUNTER:
                chip.memory.set_counters(nwk=number)
            case ValueId.APS_FRAME_COUNTER:
                chip.memory.set_counters(aps=number)
            case ValueId.CLEAR_COUNTERS:
                chip.counters = [0] * len(chip.counters)
            case it if it in chip.values:
                chip.values[it] = request.value
            case _:
                return SetValueResponse(Status.NOT_SUPPORTED)
        return SetValueResponse(Status.OK)

    def _get_extended_value(self, request: GetExtendedValue) -> GetExtendedValueResponse:
        match request.value_id:
            case ExtendedValueId.ENDPOINT_FLAGS if request.characteristics in self._chip.endpoints:
                return GetExtendedValueResponse(Status.OK, _ENABLED)
            case ExtendedValueId.ENDPOINT_FLAGS:
                # zigbee-herdsman gives up where the two bytes are missing, refused or not.
                return GetExtendedValueResponse(Status.INVALID_PARAMETER, _DISABLED)
            case ExtendedValueId.LAST_LEAVE_REASON:
                return GetExtendedValueResponse(Status.OK, b"\x00" + _NO_NODE)
            case ExtendedValueId.GET_SOURCE_ROUTE_OVERHEAD:
                relays = self._chip.source_routes.get(request.characteristics, ())
                return GetExtendedValueResponse(Status.OK, bytes((2 + 2 * len(relays) if relays else 0,)))
        return GetExtendedValueResponse(Status.NOT_SUPPORTED, b"")

    # --- endpoints

    def _add_endpoint(self, request: AddEndpoint) -> AddEndpointResponse:
        chip = self._chip
        if chip.joined:
            return AddEndpointResponse(Status.INVALID_STATE)
        if not 1 <= request.endpoint <= 254 or request.endpoint in chip.endpoints:
            return AddEndpointResponse(Status.INVALID_PARAMETER)
        if len(chip.endpoints) >= ENDPOINTS_MAX:
            return AddEndpointResponse(Status.NO_MORE_RESOURCE)
        chip.endpoints[request.endpoint] = OwnEndpoint(
            request.endpoint,
            request.profile_id,
            request.device_id,
            request.device_version,
            request.input_clusters,
            request.output_clusters,
        )
        return AddEndpointResponse(Status.OK)

    def _get_endpoint(self, request: GetEndpoint) -> GetEndpointResponse:
        numbers = tuple(self._chip.endpoints)
        return GetEndpointResponse(numbers[request.index] if request.index < len(numbers) else 0xFF)

    def _get_description(self, request: GetEndpointDescription) -> GetEndpointDescriptionResponse:
        it = self._chip.endpoints.get(request.endpoint)
        if it is None:
            return GetEndpointDescriptionResponse(0, 0, 0, 0, 0)
        return GetEndpointDescriptionResponse(it.profile, it.device, it.device_version, len(it.inputs), len(it.outputs))

    def _get_cluster(self, request: GetEndpointCluster) -> GetEndpointClusterResponse:
        it = self._chip.endpoints.get(request.endpoint)
        clusters = () if it is None else it.inputs if request.list_id == _INPUTS else it.outputs
        found = clusters[request.list_index] if request.list_index < len(clusters) else 0xFFFF
        return GetEndpointClusterResponse(found)
