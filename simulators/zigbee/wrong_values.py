"""What a device whose firmware is mistaken reports: non-values, impossible values, values of another type."""

from typing import Final

from drivers.zigbee.zcl.attribute_records import AttributeValue
from drivers.zigbee.zcl.data_types import DataType, Value
from simulators.devices.health import WrongValue

_UNSIGNED: Final = range(DataType.UINT8, DataType.UINT64 + 1)
_SIGNED: Final = range(DataType.INT8, DataType.INT64 + 1)
_BITS: Final = range(DataType.BITMAP8, DataType.BITMAP64 + 1)
_ANOTHER_TYPE: Final = (DataType.CHAR_STRING, "ERR")


def gone_wrong(value: AttributeValue, how: WrongValue) -> AttributeValue:
    """The same attribute, as such a firmware has it."""
    match how:
        case WrongValue.TYPE:
            return AttributeValue(value.attribute, *_ANOTHER_TYPE)
        case WrongValue.INVALID if value.type_id not in _BITS:
            return AttributeValue(value.attribute, value.type_id, None)
        case _:
            return AttributeValue(value.attribute, value.type_id, _last_of(value.type_id))


def _last_of(kind: int) -> Value:
    """The largest value that is not the type's non-value: 327.67 °C, 127 %; where there is none, the non-value."""
    if kind in _UNSIGNED:
        return (1 << 8 * (kind - DataType.UINT8 + 1)) - 2
    if kind in _SIGNED:
        return (1 << 8 * (kind - DataType.INT8 + 1) - 1) - 1
    if kind in _BITS:
        return (1 << 8 * (kind - DataType.BITMAP8 + 1)) - 1
    return 0xFE if kind == DataType.ENUM8 else None
