"""UG100 "Configuration Frames": the version, what the stick is set up as, and the values that it keeps."""

from dataclasses import dataclass
from struct import Struct
from typing import ClassVar, Final, Self

from drivers.zigbee.ezsp.frame import Command, EzspStatusResponse, Response
from drivers.zigbee.ezsp.status import EzspStatusField
from drivers.zigbee.wire import Bytes8, UInt8, UInt16, UInt16List, UInt32, cut

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
    """UG100 version. The first command after a reset, in the legacy form of the header."""

    ID: ClassVar = 0x0000
    RESPONSE: ClassVar = VersionResponse

    desired_protocol_version: UInt8


@dataclass(frozen=True, slots=True)
class GetConfigurationValueResponse(Response):
    status: EzspStatusField
    value: UInt16


@dataclass(frozen=True, slots=True)
class GetConfigurationValue(Command):
    """UG100 getConfigurationValue."""

    ID: ClassVar = 0x0052
    RESPONSE: ClassVar = GetConfigurationValueResponse

    config_id: UInt8
    """Of `ConfigurationId`."""


@dataclass(frozen=True, slots=True)
class SetConfigurationValueResponse(EzspStatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetConfigurationValue(Command):
    """UG100 setConfigurationValue. Only before the stack is up; a reset forgets it."""

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
    """UG100 addEndpoint. Both numbers of clusters come before both lists. A reset forgets it."""

    ID: ClassVar = 0x0002
    RESPONSE: ClassVar = AddEndpointResponse

    endpoint: UInt8
    profile_id: UInt16
    device_id: UInt16
    device_version: UInt8
    input_clusters: UInt16List
    output_clusters: UInt16List

    def to_bytes(self, version: int = 0) -> bytes:  # noqa: ARG002 - the same in every version
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
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:  # noqa: ARG003
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
    """UG100 setPolicy."""

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
    """UG100 getPolicy."""

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
    """UG100 getValue."""

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
    """UG100 getExtendedValue."""

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
    """UG100 setValue."""

    ID: ClassVar = 0x00AB
    RESPONSE: ClassVar = SetValueResponse

    value_id: UInt8
    """Of `ValueId`."""
    value: Bytes8
