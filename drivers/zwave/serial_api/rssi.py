"""Signal strengths as one signed byte: -128 to 124 are dBm, the rest say why there is none.

INS13954-13, ApplicationCommandHandler, rxRSSIVal.
"""

from typing import Final

NOT_AVAILABLE: Final = 0x7F
SATURATED: Final = 0x7E
BELOW_SENSITIVITY: Final = 0x7D


def dbm(byte: int) -> int | None:
    """None where nothing was measured; a saturated or inaudible receiver counts as that."""
    if byte in (NOT_AVAILABLE, SATURATED, BELOW_SENSITIVITY):
        return None
    return byte - 0x100 if byte & 0x80 else byte


def rssi_byte(value_dbm: int | None) -> int:
    return NOT_AVAILABLE if value_dbm is None else value_dbm & 0xFF
