"""UG100 "Configuration Frames": the version, what the stick is set up as, and the values that it keeps."""

from dataclasses import dataclass
from struct import Struct
from typing import ClassVar, Final, Self

from drivers.zigbee.ezsp.frame import Command, EzspStatusResponse, Response, StatusResponse
from drivers.zigbee.ezsp.status import EzspStatusField
from drivers.zigbee.wire import Bool, Bytes8, UInt8, UInt16, UInt16List, UInt32, cut

_ENDPOINT: Final = Struct("<BHHBBB")


@dataclass(frozen=True, slots=True)
class VersionResponse(Response):
    protocol_version: UInt8
    stack_type: UInt8
    """2: a mesh."""
    stack_version: UInt16
    """One digit of four bits each: 0x7450 is 7.4.5."""


@dataclass(frozen=True, slots=True)
class Version(Command):
    """The first command after a reset, in the legacy form of the header."""

    ID: ClassVar = 0x0000
    RESPONSE: ClassVar = VersionResponse

    desired_protocol_version: UInt8


@dataclass(frozen=True, slots=True)
class GetConfigurationValueResponse(Response):
    status: EzspStatusField
    value: UInt16


@dataclass(frozen=True, slots=True)
class GetConfigurationValue(Command):
    ID: ClassVar = 0x0052
    RESPONSE: ClassVar = GetConfigurationValueResponse

    config_id: UInt8
    """Of `ConfigurationId`."""


@dataclass(frozen=True, slots=True)
class SetConfigurationValueResponse(EzspStatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetConfigurationValue(Command):
    """Only before the stack is up; a reset forgets it."""

    ID: ClassVar = 0x0053
    RESPONSE: ClassVar = SetConfigurationValueResponse

    config_id: UInt8
    """Of `ConfigurationId`."""
    value: UInt16


@dataclass(frozen=True, slots=True)
class AddEndpointResponse(EzspStatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class AddEndpoint(Command):
    """Both numbers of clusters come before both lists. A reset forgets it."""

    ID: ClassVar = 0x0002
    RESPONSE: ClassVar = AddEndpointResponse

    endpoint: UInt8
    profile_id: UInt16
    device_id: UInt16
    device_version: UInt8
    input_clusters: UInt16List
    output_clusters: UInt16List

    def to_bytes(self, version: int = 0) -> bytes:
        clusters = self.input_clusters + self.output_clusters
        return _ENDPOINT.pack(
            self.endpoint,
            self.profile_id,
            self.device_id,
            self.device_version,
            len(self.input_clusters),
            len(self.output_clusters),
        ) + b"".join(cluster.to_bytes(2, "little") for cluster in clusters)

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        start = at + _ENDPOINT.size
        endpoint, profile, device, device_version, inputs, outputs = _ENDPOINT.unpack(cut(data, at, start))
        end = start + 2 * (inputs + outputs)
        numbers = cut(data, start, end)
        clusters = tuple(numbers[i] | numbers[i + 1] << 8 for i in range(0, len(numbers), 2))
        return cls(endpoint, profile, device, device_version, clusters[:inputs], clusters[inputs:]), end


@dataclass(frozen=True, slots=True)
class SetPolicyResponse(EzspStatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetPolicy(Command):
    ID: ClassVar = 0x0055
    RESPONSE: ClassVar = SetPolicyResponse

    policy_id: UInt8
    """Of `PolicyId`."""
    decision_id: UInt8
    """Of `DecisionId`, or `TrustCenterDecision`."""


@dataclass(frozen=True, slots=True)
class GetPolicyResponse(Response):
    status: EzspStatusField
    decision_id: UInt8


@dataclass(frozen=True, slots=True)
class GetPolicy(Command):
    ID: ClassVar = 0x0056
    RESPONSE: ClassVar = GetPolicyResponse

    policy_id: UInt8
    """Of `PolicyId`."""


@dataclass(frozen=True, slots=True)
class GetValueResponse(Response):
    status: EzspStatusField
    value: Bytes8


@dataclass(frozen=True, slots=True)
class GetValue(Command):
    ID: ClassVar = 0x00AA
    RESPONSE: ClassVar = GetValueResponse

    value_id: UInt8
    """Of `ValueId`."""


@dataclass(frozen=True, slots=True)
class GetExtendedValueResponse(Response):
    status: EzspStatusField
    value: Bytes8


@dataclass(frozen=True, slots=True)
class GetExtendedValue(Command):
    ID: ClassVar = 0x0003
    RESPONSE: ClassVar = GetExtendedValueResponse

    value_id: UInt8
    """Of `ExtendedValueId`."""
    characteristics: UInt32
    """Which one, as this value understands it: an endpoint's number, a node's address."""


@dataclass(frozen=True, slots=True)
class SetValueResponse(EzspStatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetValue(Command):
    ID: ClassVar = 0x00AB
    RESPONSE: ClassVar = SetValueResponse

    value_id: UInt8
    """Of `ValueId`."""
    value: Bytes8


@dataclass(frozen=True, slots=True)
class SetPassiveAckConfigResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetPassiveAckConfig(Command):
    """How many neighbours must have passed a broadcast on before the stick stops repeating it."""

    ID: ClassVar = 0x0105
    RESPONSE: ClassVar = SetPassiveAckConfigResponse

    config: UInt8
    min_acks_needed: UInt8


@dataclass(frozen=True, slots=True)
class SendPanIdUpdateResponse(Response):
    accepted: Bool


@dataclass(frozen=True, slots=True)
class SendPanIdUpdate(Command):
    """The whole network moves to another PAN id, on the stick's word as network manager."""

    ID: ClassVar = 0x0057
    RESPONSE: ClassVar = SendPanIdUpdateResponse

    new_pan: UInt16


@dataclass(frozen=True, slots=True)
class SetPendingNetworkUpdatePanIdResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class SetPendingNetworkUpdatePanId(Command):
    ID: ClassVar = 0x011E
    RESPONSE: ClassVar = SetPendingNetworkUpdatePanIdResponse
    SINCE: ClassVar = 14

    pan_id: UInt16


@dataclass(frozen=True, slots=True)
class SetPendingNetworkUpdateChannelResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class SetPendingNetworkUpdateChannel(Command):
    ID: ClassVar = 0x003D
    RESPONSE: ClassVar = SetPendingNetworkUpdateChannelResponse
    SINCE: ClassVar = 18

    channel: UInt8


@dataclass(frozen=True, slots=True)
class ReadAttributeResponse(Response):
    status: UInt8
    """One byte in every version."""
    data_type: UInt8
    data: Bytes8


@dataclass(frozen=True, slots=True)
class ReadAttribute(Command):
    """Of an endpoint that the stick's own firmware serves."""

    ID: ClassVar = 0x0108
    RESPONSE: ClassVar = ReadAttributeResponse

    endpoint: UInt8
    cluster: UInt16
    attribute_id: UInt16
    mask: UInt8
    manufacturer_code: UInt16


@dataclass(frozen=True, slots=True)
class WriteAttributeResponse(Response):
    status: UInt8
    """One byte in every version."""


@dataclass(frozen=True, slots=True)
class WriteAttribute(Command):
    ID: ClassVar = 0x0109
    RESPONSE: ClassVar = WriteAttributeResponse

    endpoint: UInt8
    cluster: UInt16
    attribute_id: UInt16
    mask: UInt8
    manufacturer_code: UInt16
    override_read_only_and_data_type: Bool
    just_test: Bool
    data_type: UInt8
    data: Bytes8
