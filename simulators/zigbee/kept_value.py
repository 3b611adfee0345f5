"""The values of attributes as devices keep them: as they are on the air, in hexadecimal, whatever their type is."""

from drivers.zigbee.zcl.cluster import AttributeDef
from drivers.zigbee.zcl.data_types import Value, decode_value, encode_value


def kept_name(definition: AttributeDef) -> str:
    """Of an attribute, which a maker may have under an identifier of the ZCL's."""
    code = definition.manufacturer_code
    return f"0x{definition.id:04x}" if code is None else f"0x{definition.id:04x} of 0x{code:04x}"


def kept_value(type_id: int, value: Value) -> str:
    return encode_value(type_id, value).hex()


def value_of(type_id: int, kept: str) -> Value:
    """Raises ValueError or TypeError."""
    data = bytes.fromhex(kept)
    value, end = decode_value(type_id, data, 0)
    if end != len(data):
        raise ValueError(f"{kept} is longer than a value of type 0x{type_id:02x}")
    return value
