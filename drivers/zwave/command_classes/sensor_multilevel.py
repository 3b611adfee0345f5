"""Multilevel Sensor, version 11: a measured number, its kind and its unit.

SDS13781 (Z-Wave Application Command Class Specification), COMMAND_CLASS_SENSOR_MULTILEVEL. Version 5 adds the lists of
supported types and scales, and the type and scale in a Get; the other versions add sensor types.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, Self

from drivers.zwave.command_classes.bit_mask import read_mask, write_mask
from drivers.zwave.command_classes.command import need
from drivers.zwave.command_classes.scaled_value import ScaledValue

COMMAND_CLASS = 0x31
VERSION = 11


class SensorType(IntEnum):
    """What is measured. A device may report numbers that are not listed here."""

    AIR_TEMPERATURE = 0x01
    GENERAL_PURPOSE = 0x02
    ILLUMINANCE = 0x03
    POWER = 0x04
    HUMIDITY = 0x05
    VELOCITY = 0x06
    DIRECTION = 0x07
    ATMOSPHERIC_PRESSURE = 0x08
    BAROMETRIC_PRESSURE = 0x09
    SOLAR_RADIATION = 0x0A
    DEW_POINT = 0x0B
    RAIN_RATE = 0x0C
    TIDE_LEVEL = 0x0D
    WEIGHT = 0x0E
    VOLTAGE = 0x0F
    CURRENT = 0x10
    CARBON_DIOXIDE_LEVEL = 0x11
    AIR_FLOW = 0x12
    TANK_CAPACITY = 0x13
    DISTANCE = 0x14
    ANGLE_POSITION = 0x15
    ROTATION = 0x16
    WATER_TEMPERATURE = 0x17
    SOIL_TEMPERATURE = 0x18
    SEISMIC_INTENSITY = 0x19
    SEISMIC_MAGNITUDE = 0x1A
    ULTRAVIOLET = 0x1B
    ELECTRICAL_RESISTIVITY = 0x1C
    ELECTRICAL_CONDUCTIVITY = 0x1D
    LOUDNESS = 0x1E
    MOISTURE = 0x1F
    FREQUENCY = 0x20
    TIME = 0x21
    TARGET_TEMPERATURE = 0x22
    PARTICULATE_MATTER_2_5 = 0x23
    FORMALDEHYDE_LEVEL = 0x24
    RADON_CONCENTRATION = 0x25
    METHANE_DENSITY = 0x26
    VOLATILE_ORGANIC_COMPOUND_LEVEL = 0x27
    CARBON_MONOXIDE_LEVEL = 0x28
    SOIL_HUMIDITY = 0x29
    SOIL_REACTIVITY = 0x2A
    SOIL_SALINITY = 0x2B
    HEART_RATE = 0x2C
    BLOOD_PRESSURE = 0x2D
    MUSCLE_MASS = 0x2E
    FAT_MASS = 0x2F
    BONE_MASS = 0x30
    TOTAL_BODY_WATER = 0x31
    BASAL_METABOLIC_RATE = 0x32
    BODY_MASS_INDEX = 0x33
    ACCELERATION_X_AXIS = 0x34
    ACCELERATION_Y_AXIS = 0x35
    ACCELERATION_Z_AXIS = 0x36
    SMOKE_DENSITY = 0x37
    WATER_FLOW = 0x38
    WATER_PRESSURE = 0x39
    RF_SIGNAL_STRENGTH = 0x3A
    PARTICULATE_MATTER_10 = 0x3B
    RESPIRATORY_RATE = 0x3C
    RELATIVE_MODULATION_LEVEL = 0x3D
    BOILER_WATER_TEMPERATURE = 0x3E
    DOMESTIC_HOT_WATER_TEMPERATURE = 0x3F
    OUTSIDE_TEMPERATURE = 0x40
    EXHAUST_TEMPERATURE = 0x41
    WATER_CHLORINE_LEVEL = 0x42
    WATER_ACIDITY = 0x43
    WATER_OXIDATION_REDUCTION_POTENTIAL = 0x44
    HEART_RATE_LF_HF_RATIO = 0x45
    MOTION_DIRECTION = 0x46
    APPLIED_FORCE = 0x47
    RETURN_AIR_TEMPERATURE = 0x48
    SUPPLY_AIR_TEMPERATURE = 0x49
    CONDENSER_COIL_TEMPERATURE = 0x4A
    EVAPORATOR_COIL_TEMPERATURE = 0x4B
    LIQUID_LINE_TEMPERATURE = 0x4C
    DISCHARGE_LINE_TEMPERATURE = 0x4D
    SUCTION_PRESSURE = 0x4E
    DISCHARGE_PRESSURE = 0x4F
    DEFROST_TEMPERATURE = 0x50
    OZONE = 0x51
    SULFUR_DIOXIDE = 0x52
    NITROGEN_DIOXIDE = 0x53
    AMMONIA = 0x54
    LEAD = 0x55
    PARTICULATE_MATTER_1 = 0x56
    PERSONS_ENTERED = 0x57
    PERSONS_LEFT = 0x58


# The Z-Wave Alliance's list of assigned sensor types and scales. The place in the tuple is the scale; a unit is empty
# where the value is a bare number.
SENSOR_TYPES: Final[Mapping[int, tuple[str, ...]]] = {
    SensorType.AIR_TEMPERATURE: ("°C", "°F"),
    SensorType.GENERAL_PURPOSE: ("%", ""),
    SensorType.ILLUMINANCE: ("%", "lx"),
    SensorType.POWER: ("W", "BTU/h"),
    SensorType.HUMIDITY: ("%", "g/m³"),
    SensorType.VELOCITY: ("m/s", "mph"),
    SensorType.DIRECTION: ("°",),
    SensorType.ATMOSPHERIC_PRESSURE: ("kPa", "inHg"),
    SensorType.BAROMETRIC_PRESSURE: ("kPa", "inHg"),
    SensorType.SOLAR_RADIATION: ("W/m²",),
    SensorType.DEW_POINT: ("°C", "°F"),
    SensorType.RAIN_RATE: ("mm/h", "in/h"),
    SensorType.TIDE_LEVEL: ("m", "ft"),
    SensorType.WEIGHT: ("kg", "lb"),
    SensorType.VOLTAGE: ("V", "mV"),
    SensorType.CURRENT: ("A", "mA"),
    SensorType.CARBON_DIOXIDE_LEVEL: ("ppm",),
    SensorType.AIR_FLOW: ("m³/h", "cfm"),
    SensorType.TANK_CAPACITY: ("L", "m³", "gal"),
    SensorType.DISTANCE: ("m", "cm", "ft"),
    SensorType.ANGLE_POSITION: ("%", "°", "°"),
    SensorType.ROTATION: ("rpm", "Hz"),
    SensorType.WATER_TEMPERATURE: ("°C", "°F"),
    SensorType.SOIL_TEMPERATURE: ("°C", "°F"),
    SensorType.SEISMIC_INTENSITY: ("", "", "", ""),
    SensorType.SEISMIC_MAGNITUDE: ("", "", "", ""),
    SensorType.ULTRAVIOLET: ("",),
    SensorType.ELECTRICAL_RESISTIVITY: ("Ω·m",),
    SensorType.ELECTRICAL_CONDUCTIVITY: ("S/m",),
    SensorType.LOUDNESS: ("dB", "dBA"),
    SensorType.MOISTURE: ("%", "m³/m³", "kΩ", ""),
    SensorType.FREQUENCY: ("Hz", "kHz"),
    SensorType.TIME: ("s",),
    SensorType.TARGET_TEMPERATURE: ("°C", "°F"),
    SensorType.PARTICULATE_MATTER_2_5: ("mol/m³", "µg/m³"),
    SensorType.FORMALDEHYDE_LEVEL: ("mol/m³",),
    SensorType.RADON_CONCENTRATION: ("Bq/m³", "pCi/L"),
    SensorType.METHANE_DENSITY: ("mol/m³",),
    SensorType.VOLATILE_ORGANIC_COMPOUND_LEVEL: ("mol/m³", "ppm"),
    SensorType.CARBON_MONOXIDE_LEVEL: ("mol/m³", "ppm"),
    SensorType.SOIL_HUMIDITY: ("%",),
    SensorType.SOIL_REACTIVITY: ("pH",),
    SensorType.SOIL_SALINITY: ("mol/m³",),
    SensorType.HEART_RATE: ("bpm",),
    SensorType.BLOOD_PRESSURE: ("mmHg", "mmHg"),
    SensorType.MUSCLE_MASS: ("kg",),
    SensorType.FAT_MASS: ("kg",),
    SensorType.BONE_MASS: ("kg",),
    SensorType.TOTAL_BODY_WATER: ("kg",),
    SensorType.BASAL_METABOLIC_RATE: ("J",),
    SensorType.BODY_MASS_INDEX: ("",),
    SensorType.ACCELERATION_X_AXIS: ("m/s²",),
    SensorType.ACCELERATION_Y_AXIS: ("m/s²",),
    SensorType.ACCELERATION_Z_AXIS: ("m/s²",),
    SensorType.SMOKE_DENSITY: ("%",),
    SensorType.WATER_FLOW: ("L/h",),
    SensorType.WATER_PRESSURE: ("kPa",),
    SensorType.RF_SIGNAL_STRENGTH: ("%", "dBm"),
    SensorType.PARTICULATE_MATTER_10: ("mol/m³", "µg/m³"),
    SensorType.RESPIRATORY_RATE: ("bpm",),
    SensorType.RELATIVE_MODULATION_LEVEL: ("%",),
    SensorType.BOILER_WATER_TEMPERATURE: ("°C", "°F"),
    SensorType.DOMESTIC_HOT_WATER_TEMPERATURE: ("°C", "°F"),
    SensorType.OUTSIDE_TEMPERATURE: ("°C", "°F"),
    SensorType.EXHAUST_TEMPERATURE: ("°C", "°F"),
    SensorType.WATER_CHLORINE_LEVEL: ("mg/L",),
    SensorType.WATER_ACIDITY: ("pH",),
    SensorType.WATER_OXIDATION_REDUCTION_POTENTIAL: ("mV",),
    SensorType.HEART_RATE_LF_HF_RATIO: ("",),
    SensorType.MOTION_DIRECTION: ("°",),
    SensorType.APPLIED_FORCE: ("N",),
    SensorType.RETURN_AIR_TEMPERATURE: ("°C", "°F"),
    SensorType.SUPPLY_AIR_TEMPERATURE: ("°C", "°F"),
    SensorType.CONDENSER_COIL_TEMPERATURE: ("°C", "°F"),
    SensorType.EVAPORATOR_COIL_TEMPERATURE: ("°C", "°F"),
    SensorType.LIQUID_LINE_TEMPERATURE: ("°C", "°F"),
    SensorType.DISCHARGE_LINE_TEMPERATURE: ("°C", "°F"),
    SensorType.SUCTION_PRESSURE: ("kPa", "psi"),
    SensorType.DISCHARGE_PRESSURE: ("kPa", "psi"),
    SensorType.DEFROST_TEMPERATURE: ("°C", "°F"),
    SensorType.OZONE: ("µg/m³",),
    SensorType.SULFUR_DIOXIDE: ("µg/m³",),
    SensorType.NITROGEN_DIOXIDE: ("µg/m³",),
    SensorType.AMMONIA: ("µg/m³",),
    SensorType.LEAD: ("µg/m³",),
    SensorType.PARTICULATE_MATTER_1: ("µg/m³",),
    SensorType.PERSONS_ENTERED: ("",),
    SensorType.PERSONS_LEFT: ("",),
}


def unit(sensor_type: int, scale: int) -> str | None:
    """The unit of a scale; empty for a bare number, None where the type or the scale is unknown."""
    units = SENSOR_TYPES.get(sensor_type, ())
    return units[scale] if scale < len(units) else None


@dataclass(frozen=True, slots=True)
class SensorMultilevelSupportedGetSensor:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class SensorMultilevelSupportedSensorReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    sensor_types: frozenset[int]
    """Each a SensorType."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + (write_mask(self.sensor_types, first=1) or b"\x00")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(read_mask(data[2:], first=1))


@dataclass(frozen=True, slots=True)
class SensorMultilevelSupportedGetScale:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    sensor_type: int
    """A SensorType."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.sensor_type))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class SensorMultilevelGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    sensor_type: int | None = None
    """A SensorType. Absent, with the scale, before version 5, and where the device is to choose."""
    scale: int = 0
    """0-3; without a type it is not written."""

    def to_bytes(self) -> bytes:
        header = bytes((COMMAND_CLASS, self.COMMAND))
        return header if self.sensor_type is None else header + bytes((self.sensor_type, self.scale << 3))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls() if len(data) < 4 else cls(data[2], data[3] >> 3 & 0x03)


@dataclass(frozen=True, slots=True)
class SensorMultilevelReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    sensor_type: int
    """A SensorType."""
    number: ScaledValue

    @property
    def value(self) -> float:
        return self.number.value

    @property
    def unit(self) -> str | None:
        """Empty for a bare number, None where the type or the scale is unknown."""
        return unit(self.sensor_type, self.number.scale)

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.sensor_type)) + self.number.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2], ScaledValue.from_bytes(data[3:]))


@dataclass(frozen=True, slots=True)
class SensorMultilevelSupportedScaleReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    sensor_type: int
    """A SensorType."""
    scales: frozenset[int]
    """Each 0-3."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.sensor_type)) + write_mask(self.scales, length=1)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2], read_mask(bytes((data[3] & 0x0F,))))


COMMANDS = (
    SensorMultilevelSupportedGetSensor,
    SensorMultilevelSupportedSensorReport,
    SensorMultilevelSupportedGetScale,
    SensorMultilevelGet,
    SensorMultilevelReport,
    SensorMultilevelSupportedScaleReport,
)
