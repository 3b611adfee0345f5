"""Numbers in parts of bytes, and sets of numbers as bit masks: bit 0 of the first byte is number 0, of the second 8.

A mask is how supported reports list modes, types and keys (SDS13781, e.g. Thermostat Mode Supported Report).
"""

from collections.abc import Iterable


def read_mask(data: bytes, first: int = 0) -> frozenset[int]:
    """The numbers whose bits are set; `first` is the number of bit 0 of the first byte."""
    return frozenset(first + 8 * at + bit for at, byte in enumerate(data) for bit in range(8) if byte >> bit & 1)


def write_mask(numbers: Iterable[int], first: int = 0, length: int | None = None) -> bytes:
    """The shortest mask that holds `numbers`, or one of `length` bytes. ValueError where a number has no bit in it."""
    bits = {number - first for number in numbers}
    if length is None:
        length = max(bits, default=-1) // 8 + 1
    if any(not 0 <= bit < 8 * length for bit in bits):
        raise ValueError(f"{sorted(bits)} do not fit in a mask of {length} bytes")
    return sum(1 << bit for bit in bits).to_bytes(length, "little")


def fit(value: int, bits: int) -> int:
    """`value`, for a field of so many bits. ValueError where it does not fit: bytes() cannot see that it does not."""
    if not 0 <= value < 1 << bits:
        raise ValueError(f"{value} does not fit in {bits} bits")
    return value
