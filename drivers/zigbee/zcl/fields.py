"""The fields of cluster commands that EZSP and ZDO frames do not have: ZCL's strings, odd sizes, optional ends."""

from typing import Annotated, Any, cast

from drivers.zigbee.wire import Listed, Number, Trailing, WireType
from drivers.zigbee.zcl.data_types import DataType, decode_value, encode_value


class Text:
    """A character string that is always a `str`: what is not UTF-8 is replaced, an invalid string is empty."""

    def pack(self, value: str, version: int) -> bytes:
        return encode_value(DataType.CHAR_STRING, value)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[str, int]:
        value, end = decode_value(DataType.CHAR_STRING, data, at)
        if isinstance(value, bytes):
            return value.decode(errors="replace"), end
        return cast("str", value or ""), end


class Octets:
    """Bytes with their number before them; an invalid string is empty, as some locks send it for "no code"."""

    def pack(self, value: bytes, version: int) -> bytes:
        return encode_value(DataType.OCTET_STRING, value)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[bytes, int]:
        value, end = decode_value(DataType.OCTET_STRING, data, at)
        return cast("bytes", value or b""), end


class Times:
    """So many values of one type, without their number."""

    def __init__(self, item: WireType, count: int) -> None:
        self.item = item
        self.count = count

    def pack(self, value: tuple[Any, ...], version: int) -> bytes:
        if len(value) != self.count:
            raise ValueError(f"{self.count} values are needed, not {len(value)}")
        return b"".join(self.item.pack(one, version) for one in value)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[tuple[Any, ...], int]:
        found = []
        for _ in range(self.count):
            one, at = self.item.unpack(data, at, version)
            found.append(one)
        return tuple(found), at


CharString = Annotated[str, Text()]
OctetString = Annotated[bytes, Octets()]
UInt40 = Annotated[int, Number(5)]
UInt48 = Annotated[int, Number(6)]
UInt56 = Annotated[int, Number(7)]
Int24 = Annotated[int, Number(3, signed=True)]
UInt8List = Annotated[tuple[int, ...], Listed(Number(1))]
UInt8Rest = Annotated[tuple[int, ...], Listed(Number(1), 0)]
UInt16Rest = Annotated[tuple[int, ...], Listed(Number(2), 0)]
UInt24Rest = Annotated[tuple[int, ...], Listed(Number(3), 0)]

# What older devices, or such as have nothing to say, leave out at the end.
MaybeUInt8 = Annotated[int | None, Trailing(Number(1))]
MaybeUInt16 = Annotated[int | None, Trailing(Number(2))]
MaybeUInt24 = Annotated[int | None, Trailing(Number(3))]
MaybeUInt32 = Annotated[int | None, Trailing(Number(4))]
MaybeEui64 = Annotated[int | None, Trailing(Number(8))]
MaybeInt16 = Annotated[int | None, Trailing(Number(2, signed=True))]
MaybeUInt8List = Annotated[tuple[int, ...] | None, Trailing(Listed(Number(1)))]
MaybeCharString = Annotated[str | None, Trailing(Text())]
MaybeOctetString = Annotated[bytes | None, Trailing(Octets())]
