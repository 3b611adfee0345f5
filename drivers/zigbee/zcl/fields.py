"""The fields of cluster commands that EZSP and ZDO frames do not have: ZCL's strings, odd sizes, optional ends."""

from typing import Annotated, Any, cast

from drivers.zigbee.wire import Counted, Fixed, Listed, Number, Trailing
from drivers.zigbee.zcl.data_types import DataType, decode_value, encode_value


class Typed:
    """A value as an attribute of this type would be written: None is the type's non-value."""

    def __init__(self, type_id: int) -> None:
        self.type_id = type_id

    def pack(self, value: Any, version: int) -> bytes:  # noqa: ARG002 - the same in every version
        return encode_value(self.type_id, value)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[Any, int]:  # noqa: ARG002
        return decode_value(self.type_id, data, at)


class Text:
    """A character string that is always a `str`: what is not UTF-8 is replaced, an invalid string is empty."""

    def pack(self, value: str, version: int) -> bytes:  # noqa: ARG002
        return encode_value(DataType.CHAR_STRING, value)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[str, int]:  # noqa: ARG002
        value, end = decode_value(DataType.CHAR_STRING, data, at)
        if isinstance(value, bytes):
            return value.decode(errors="replace"), end
        return cast("str", value or ""), end


CharString = Annotated[str, Text()]
OctetString = Annotated[bytes, Counted(1)]
"""ZCL8, 2.6.2.11. A command has no invalid string: 0xFF is a length like any other."""
LongOctetString = Annotated[bytes, Counted(2)]
UInt40 = Annotated[int, Number(5)]
UInt48 = Annotated[int, Number(6)]
UInt56 = Annotated[int, Number(7)]
UInt64 = Annotated[int, Number(8)]
Int24 = Annotated[int, Number(3, signed=True)]
Bytes2 = Annotated[bytes, Fixed(2)]
UInt8List = Annotated[tuple[int, ...], Listed(Number(1))]
UInt8Rest = Annotated[tuple[int, ...], Listed(Number(1), 0)]
UInt16Rest = Annotated[tuple[int, ...], Listed(Number(2), 0)]

# What older devices, or such as have nothing to say, leave out at the end.
MaybeUInt8 = Annotated[int | None, Trailing(Number(1))]
MaybeUInt16 = Annotated[int | None, Trailing(Number(2))]
MaybeUInt24 = Annotated[int | None, Trailing(Number(3))]
MaybeUInt32 = Annotated[int | None, Trailing(Number(4))]
MaybeEui64 = Annotated[int | None, Trailing(Number(8))]
MaybeCharString = Annotated[str | None, Trailing(Text())]
