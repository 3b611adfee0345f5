"""The byte with which a Multi Channel command or association names end points: one by its number, or several by bits.

Z-Wave Specification 2024A, §4.2.2.9, Bit address and Destination End Point: with bit 7 clear the rest is a number, 0
for the root device; with bit 7 set, bit 0 is end point 1 and bit 6 is end point 7.
"""

from drivers.zwave.command_classes.bit_mask import read_mask, write_mask

BIT_ADDRESS = 0x80
BIT_ADDRESSABLE = frozenset(range(1, 8))

EndPoints = int | frozenset[int]
"""One end point, 0-127 with 0 the root device; or several, each 1-7."""


def end_points(byte: int) -> EndPoints:
    if not byte & BIT_ADDRESS:
        return byte
    return read_mask(bytes((byte & ~BIT_ADDRESS,)), first=1)


def end_points_byte(named: EndPoints) -> int:
    """Raises ValueError where an end point among several has no bit."""
    if isinstance(named, int):
        return named
    if not named <= BIT_ADDRESSABLE:
        raise ValueError(f"only end points 1-7 can be named together: {sorted(named)}")
    return BIT_ADDRESS | write_mask(named, first=1, length=1)[0]
