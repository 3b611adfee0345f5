"""Bit masks of identifiers, as node lists and function lists have them: bit 0 of the first byte is number 1."""

from collections.abc import Iterable
from typing import Final

NODE_MASK_BYTES: Final = 29
"""Nodes 1-232 (INS12350-14 §7.4). Long Range nodes do not fit in it, and are not kept here."""


def ids_in(mask: bytes) -> frozenset[int]:
    return frozenset(index * 8 + bit + 1 for index, byte in enumerate(mask) for bit in range(8) if byte >> bit & 1)


def mask_of(ids: Iterable[int], length: int) -> bytes:
    """Exactly `length` bytes; every identifier must be 1 to 8 * `length`."""
    return sum(1 << (number - 1) for number in set(ids)).to_bytes(length, "little")
