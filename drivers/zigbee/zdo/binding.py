"""To whom a device sends what it has to say by itself (Zigbee Specification 05-3474-23, 2.4.3, 2.4.4)."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from drivers.zigbee.wire import Eui64, MalformedFrame, Nested, Record, UInt8, UInt16, cut
from drivers.zigbee.zdo.message import RESPONSE, MaybeUInt8, Message, Response, Some, Status

_GROUP = 0x01
_ENDPOINT = 0x03


@dataclass(frozen=True, slots=True)
class ToGroup(Record):
    group: UInt16


@dataclass(frozen=True, slots=True)
class ToEndpoint(Record):
    eui64: Eui64
    endpoint: UInt8


class _Target:
    """A destination with its address mode before it."""

    def pack(self, value: ToGroup | ToEndpoint, version: int) -> bytes:
        return bytes((_GROUP if isinstance(value, ToGroup) else _ENDPOINT,)) + value.to_bytes(version)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[Any, int]:
        mode = cut(data, at, at + 1)[0]
        if mode == _GROUP:
            return ToGroup.unpack(data, at + 1, version)
        if mode == _ENDPOINT:
            return ToEndpoint.unpack(data, at + 1, version)
        raise MalformedFrame(f"address mode {mode} of a binding: {data[:64].hex()}")


Target = Annotated[ToGroup | ToEndpoint, _Target()]


@dataclass(frozen=True, slots=True)
class Binding(Record):
    """An entry of a binding table."""

    source_eui64: Eui64
    source_endpoint: UInt8
    cluster: UInt16
    target: Target


@dataclass(frozen=True, slots=True)
class BindReq(Message):
    CLUSTER: ClassVar = 0x0021

    binding: Annotated[Binding, Nested(Binding)]


@dataclass(frozen=True, slots=True)
class BindRsp(Response):
    CLUSTER: ClassVar = RESPONSE | 0x0021

    status: Status


@dataclass(frozen=True, slots=True)
class UnbindReq(Message):
    CLUSTER: ClassVar = 0x0022

    binding: Annotated[Binding, Nested(Binding)]


@dataclass(frozen=True, slots=True)
class UnbindRsp(Response):
    CLUSTER: ClassVar = RESPONSE | 0x0022

    status: Status


@dataclass(frozen=True, slots=True)
class MgmtBindReq(Message):
    CLUSTER: ClassVar = 0x0033

    start_index: UInt8 = 0


@dataclass(frozen=True, slots=True)
class MgmtBindRsp(Response):
    """A part of the table."""

    CLUSTER: ClassVar = RESPONSE | 0x0033

    status: Status
    total: MaybeUInt8 = None
    start_index: MaybeUInt8 = None
    bindings: Annotated[tuple[Binding, ...], Some(Nested(Binding))] = ()


MESSAGES = (BindReq, BindRsp, UnbindReq, UnbindRsp, MgmtBindReq, MgmtBindRsp)
