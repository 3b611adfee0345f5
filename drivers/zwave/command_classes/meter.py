"""Meter, version 6: what has been consumed or produced, accumulated or at this moment.

SDS13781 (Z-Wave Application Command Class Specification), COMMAND_CLASS_METER. Version 2 adds the rate type, the
previous value, the supported scales and Reset; version 3 the third bit of the scale; version 4 a second byte of scale;
version 6 the reset of one value to a given one.

A scale is one number here: 0-6 as they stand in the three bits, and 7 + n where the three bits are 7 ("more scale
types") and n is the byte "Scale 2".
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import ClassVar, Final, Self

from drivers.zwave.command_classes.bit_mask import read_mask, write_mask
from drivers.zwave.command_classes.command import MalformedCommand, need
from drivers.zwave.command_classes.scaled_value import ScaledValue

COMMAND_CLASS = 0x32
VERSION = 6

MORE_SCALES: Final = 7
DELTA_TIME_UNKNOWN: Final = 0xFFFF


class MeterType(IntEnum):
    """What is metered. A device may report numbers that are not listed here."""

    ELECTRIC = 0x01
    GAS = 0x02
    WATER = 0x03
    HEATING = 0x04
    COOLING = 0x05


class RateType(IntEnum):
    """The direction, all four values of its two bits."""

    UNSPECIFIED = 0
    IMPORT = 1
    """Consumed."""
    EXPORT = 2
    """Produced."""
    BOTH = 3
    """Only in a list of what is supported."""


# SDS13781, Meter Report: the scales of each meter type. A unit is empty where the value is a bare number.
UNITS: Final[Mapping[int, Mapping[int, str]]] = {
    MeterType.ELECTRIC: {
        0: "kWh",
        1: "kVAh",
        2: "W",
        3: "pulses",
        4: "V",
        5: "A",
        6: "",  # power factor
        7: "kvar",
        8: "kvarh",
    },
    MeterType.GAS: {0: "m³", 1: "ft³", 3: "pulses"},
    MeterType.WATER: {0: "m³", 1: "ft³", 2: "gal", 3: "pulses"},
    MeterType.HEATING: {0: "kWh"},
    MeterType.COOLING: {0: "kWh"},
}


def unit(meter_type: int, scale: int) -> str | None:
    """The unit of a scale; empty for a bare number, None where the type or the scale is unknown."""
    return UNITS.get(meter_type, {}).get(scale)


def _split(scale: int) -> tuple[int, bytes]:
    """The three bits of the scale, and the byte "Scale 2" where there is one."""
    return (scale, b"") if scale < MORE_SCALES else (MORE_SCALES, bytes((scale - MORE_SCALES,)))


def _join(bits: int, scale2: bytes) -> int:
    if bits < MORE_SCALES:
        return bits
    if not scale2:
        raise MalformedCommand("Meter: scale 7 says that another byte follows, and none does")
    return MORE_SCALES + scale2[0]


@dataclass(frozen=True, slots=True)
class MeterGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    scale: int | None = None
    """Absent in version 1: the device's own choice."""
    rate_type: RateType = RateType.UNSPECIFIED
    """Version 4; without a scale it is not written."""

    def to_bytes(self) -> bytes:
        header = bytes((COMMAND_CLASS, self.COMMAND))
        if self.scale is None:
            return header
        bits, scale2 = _split(self.scale)
        return header + bytes((self.rate_type << 6 | bits << 3,)) + scale2

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        if len(data) < 3:
            return cls()
        return cls(_join(data[2] >> 3 & 0x07, data[3:]), RateType(data[2] >> 6))


@dataclass(frozen=True, slots=True)
class MeterReading:
    """One value of one meter. On the wire its scale is in three places, which `scale` is the sum of."""

    meter_type: int
    """A MeterType, 0-31."""
    scale: int
    number: ScaledValue
    """The value in the unit of `scale`; its own two bits of scale are left 0."""
    rate_type: RateType = RateType.UNSPECIFIED

    @property
    def value(self) -> float:
        return self.number.value

    def to_bytes(self, between: bytes = b"") -> bytes:
        """Type, rate type, scale and number, then what stands `between` them and the last byte of the scale."""
        bits, scale2 = _split(self.scale)
        first = bits >> 2 << 7 | self.rate_type << 5 | self.meter_type
        return bytes((first,)) + replace(self.number, scale=bits & 0x03).to_bytes() + between + scale2

    @classmethod
    def from_bytes(cls, head: bytes, scale2: bytes) -> Self:
        """Read from what to_bytes puts before, and what it puts after, `between`. Raises MalformedCommand."""
        number = ScaledValue.from_bytes(head[1:])
        scale = _join(head[0] >> 7 << 2 | number.scale, scale2)
        return cls(head[0] & 0x1F, scale, replace(number, scale=0), RateType(head[0] >> 5 & 0x03))


def _head_length(data: bytes) -> int:
    """How many bytes of a command its header, meter type and number take."""
    return 4 + (data[3] & 0x07)


@dataclass(frozen=True, slots=True)
class MeterReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    reading: MeterReading
    delta_time_s: int | None = None
    """Seconds since the previous value; 0 without one, DELTA_TIME_UNKNOWN after 18 hours. Absent in version 1."""
    previous: ScaledValue | None = None
    """The previous value, in the scale, precision and size of the present one."""

    def to_bytes(self) -> bytes:
        between = b""
        if self.delta_time_s is not None:
            between = self.delta_time_s.to_bytes(2, "big")
        if self.previous is not None:
            assert self.previous.size == self.reading.number.size
            assert self.previous.precision == self.reading.number.precision
            between += self.previous.to_bytes()[1:]
        return bytes((COMMAND_CLASS, self.COMMAND)) + self.reading.to_bytes(between)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        size = data[3] & 0x07
        head, rest = data[2 : _head_length(data)], data[_head_length(data) :]
        if len(rest) < 2:
            return cls(MeterReading.from_bytes(head, rest))
        delta_time_s, rest = int.from_bytes(rest[:2], "big"), rest[2:]
        if delta_time_s == 0 or len(rest) < size:
            return cls(MeterReading.from_bytes(head, rest), delta_time_s)
        reading = MeterReading.from_bytes(head, rest[size:])
        digits = int.from_bytes(rest[:size], "big", signed=True)
        return cls(reading, delta_time_s, replace(reading.number, digits=digits))


@dataclass(frozen=True, slots=True)
class MeterSupportedGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class MeterSupportedReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    meter_type: int
    """A MeterType, 0-31."""
    resettable: bool
    scales: frozenset[int]
    rate_types: RateType = RateType.UNSPECIFIED
    """Version 4."""

    def to_bytes(self) -> bytes:
        first = self.resettable << 7 | self.rate_types << 5 | self.meter_type
        few = write_mask({scale for scale in self.scales if scale < MORE_SCALES}, length=1)[0]
        more = write_mask({scale for scale in self.scales if scale >= MORE_SCALES}, first=MORE_SCALES)
        header = bytes((COMMAND_CLASS, self.COMMAND, first))
        return header + (bytes((0x80 | few, len(more))) + more if more else bytes((few,)))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        scales = read_mask(bytes((data[3] & 0x7F,)))
        if data[3] & 0x80:
            need(data, 5, cls)
            need(data, 5 + data[4], cls)
            scales |= read_mask(data[5 : 5 + data[4]], first=MORE_SCALES)
        return cls(data[2] & 0x1F, bool(data[2] & 0x80), scales, RateType(data[2] >> 5 & 0x03))


@dataclass(frozen=True, slots=True)
class MeterReset:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    target: MeterReading | None = None
    """What one value becomes (version 6); None sets all accumulated ones to 0."""

    def to_bytes(self) -> bytes:
        header = bytes((COMMAND_CLASS, self.COMMAND))
        return header if self.target is None else header + self.target.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        if len(data) == 2:
            return cls()
        need(data, 4, cls)
        return cls(MeterReading.from_bytes(data[2 : _head_length(data)], data[_head_length(data) :]))


COMMANDS = (MeterGet, MeterReport, MeterSupportedGet, MeterSupportedReport, MeterReset)
