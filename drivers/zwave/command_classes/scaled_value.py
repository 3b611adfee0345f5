"""A decimal number as sensors, meters and thermostats write it: precision, scale and size in one byte, then the digits.

SDS13781, Multilevel Sensor Report (and Meter, Thermostat Setpoint): bits 7-5 precision, bits 4-3 scale, bits 2-0
size in bytes (1, 2 or 4); then a signed big-endian integer that is the value times ten to the precision.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from drivers.zwave.command_classes.command import MalformedCommand

SIZES = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class ScaledValue:
    """`digits` times ten to minus `precision` (0-7), in the unit that `scale` (0-3) names, written in `size` bytes."""

    digits: int
    precision: int
    scale: int
    size: int

    @property
    def value(self) -> float:
        """The number that is meant, rounded to what was written: 215 with precision 1 is exactly 21.5."""
        return float(Decimal(self.digits).scaleb(-self.precision))

    def to_bytes(self) -> bytes:
        header = self.precision << 5 | self.scale << 3 | self.size
        return bytes((header,)) + self.digits.to_bytes(self.size, "big", signed=True)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read from the start of `data`; what follows the digits is left to the caller. Raises MalformedCommand."""
        if not data or data[0] & 0x07 not in SIZES or len(data) < 1 + (data[0] & 0x07):
            raise MalformedCommand(f"not a scaled value: {data.hex()}")
        header = data[0]
        size = header & 0x07
        return cls(int.from_bytes(data[1 : 1 + size], "big", signed=True), header >> 5, header >> 3 & 0x03, size)

    @classmethod
    def of(cls, value: float, scale: int = 0, precision: int = 1) -> Self:
        """The smallest size that holds `value` with `precision` decimals. Raises ValueError where four bytes do not."""
        digits = round(value * 10**precision)
        for size in SIZES:
            if -(1 << size * 8 - 1) <= digits < 1 << size * 8 - 1:
                return cls(digits, precision, scale, size)
        raise ValueError(f"{value} with {precision} decimals does not fit in four bytes")
