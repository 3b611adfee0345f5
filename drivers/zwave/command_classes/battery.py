"""Battery, version 3: how full it is, how it is doing, and how much it still holds.

SDS13782 (Z-Wave Management Command Class Specification), COMMAND_CLASS_BATTERY. Version 2 adds the condition and the
health; version 3 the low temperature.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, Self

from drivers.zwave.command_classes.command import MalformedCommand, need
from drivers.zwave.command_classes.scaled_value import ScaledValue

COMMAND_CLASS = 0x80
VERSION = 3

LOW_WARNING: Final = 0xFF
"""In the place of a level: the battery is low."""
CAPACITY_UNKNOWN: Final = 0xFF


class ChargingStatus(IntEnum):
    """What the charger does. 3 is reserved."""

    DISCHARGING = 0
    CHARGING = 1
    MAINTAINING = 2


def _percent(byte: int, special: int, what: str) -> int:
    if byte > 100 and byte != special:
        raise MalformedCommand(f"{what}: {byte} is neither 0-100 % nor 0xff")
    return byte


@dataclass(frozen=True, slots=True)
class BatteryGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class BatteryCondition:
    """The two bytes that version 2 adds to a report."""

    charging_status: int = ChargingStatus.DISCHARGING
    """A ChargingStatus, 0-3."""
    rechargeable: bool = False
    backup: bool = False
    """The battery only stands in for another supply."""
    overheating: bool = False
    low_fluid: bool = False
    replace_now: bool = False
    """Replace or recharge, as `rechargeable` says."""
    replace_soon: bool = False
    disconnected: bool = False
    """No battery is in place: level and charging status mean nothing."""
    low_temperature: bool = False
    """Version 3."""

    def to_bytes(self) -> bytes:
        first = (
            self.charging_status << 6
            | self.rechargeable << 5
            | self.backup << 4
            | self.overheating << 3
            | self.low_fluid << 2
            | self.replace_now << 1
            | self.replace_soon
        )
        return bytes((first, self.low_temperature << 1 | self.disconnected))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read from two bytes."""
        first, second = data
        return cls(
            charging_status=first >> 6,
            rechargeable=bool(first & 0x20),
            backup=bool(first & 0x10),
            overheating=bool(first & 0x08),
            low_fluid=bool(first & 0x04),
            replace_now=bool(first & 0x02),
            replace_soon=bool(first & 0x01),
            disconnected=bool(second & 0x01),
            low_temperature=bool(second & 0x02),
        )


@dataclass(frozen=True, slots=True)
class BatteryReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    level: int
    """Percent, 0-100, or LOW_WARNING."""
    condition: BatteryCondition | None = None
    """Absent in version 1."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, self.level))
        return body if self.condition is None else body + self.condition.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        level = _percent(data[2], LOW_WARNING, "Battery Report")
        return cls(level, BatteryCondition.from_bytes(data[3:5]) if len(data) >= 5 else None)


@dataclass(frozen=True, slots=True)
class BatteryHealthGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class BatteryHealthReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    maximum_capacity: int
    """Percent of the capacity when new, 0-100, or CAPACITY_UNKNOWN."""
    temperature: ScaledValue | None = None
    """In °C (scale 0); None where the device does not know it."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, self.maximum_capacity))
        return body + (b"\x00" if self.temperature is None else self.temperature.to_bytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        capacity = _percent(data[2], CAPACITY_UNKNOWN, "Battery Health Report")
        size = data[3] & 0x07
        return cls(capacity, ScaledValue.from_bytes(data[3:]) if size else None)


COMMANDS = (BatteryGet, BatteryReport, BatteryHealthGet, BatteryHealthReport)
