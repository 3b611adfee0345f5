"""Electrical Measurement: voltage, current and power at this moment, direct and on up to three phases (ZCL8, 4.9).

What is measured is value times multiplier divided by divisor: in volts, amperes, watts, hertz.
"""

from dataclasses import dataclass
from enum import IntFlag
from typing import Annotated, ClassVar, Final

from drivers.zigbee.wire import Listed, Number, Remaining, UInt8, UInt16, UInt32
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand, ServerCommand
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0B04


class MeasurementType(IntFlag):
    """What the device measures at all."""

    ACTIVE = 0x0001
    REACTIVE = 0x0002
    APPARENT = 0x0004
    PHASE_A = 0x0008
    PHASE_B = 0x0010
    PHASE_C = 0x0020
    DC = 0x0040
    HARMONICS = 0x0080
    POWER_QUALITY = 0x0100


@dataclass(frozen=True, slots=True)
class GetProfileInfo(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00


@dataclass(frozen=True, slots=True)
class GetMeasurementProfile(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    attribute: UInt16
    start_time: UInt32
    number_of_intervals: UInt8


@dataclass(frozen=True, slots=True)
class GetProfileInfoResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    profile_count: UInt8
    profile_interval_period: UInt8
    """A metering.IntervalPeriod, where it is one that is known here."""
    max_number_of_intervals: UInt8
    attributes: Annotated[tuple[int, ...], Listed(Number(2), 0)] = ()


@dataclass(frozen=True, slots=True)
class GetMeasurementProfileResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    start_time: UInt32
    status: UInt8
    profile_interval_period: UInt8
    """A metering.IntervalPeriod, where it is one that is known here."""
    number_of_intervals_delivered: UInt8
    attribute: UInt16
    intervals: Remaining
    """Values of the attribute's type, the newest first."""


_BASIC: Final = (AttributeDef(0x0000, "measurement_type", DataType.BITMAP32),)

_DC: Final = (
    AttributeDef(0x0100, "dc_voltage", DataType.INT16, reportable=True),
    AttributeDef(0x0101, "dc_voltage_min", DataType.INT16),
    AttributeDef(0x0102, "dc_voltage_max", DataType.INT16),
    AttributeDef(0x0103, "dc_current", DataType.INT16, reportable=True),
    AttributeDef(0x0104, "dc_current_min", DataType.INT16),
    AttributeDef(0x0105, "dc_current_max", DataType.INT16),
    AttributeDef(0x0106, "dc_power", DataType.INT16, reportable=True),
    AttributeDef(0x0107, "dc_power_min", DataType.INT16),
    AttributeDef(0x0108, "dc_power_max", DataType.INT16),
    AttributeDef(0x0200, "dc_voltage_multiplier", DataType.UINT16, reportable=True),
    AttributeDef(0x0201, "dc_voltage_divisor", DataType.UINT16, reportable=True),
    AttributeDef(0x0202, "dc_current_multiplier", DataType.UINT16, reportable=True),
    AttributeDef(0x0203, "dc_current_divisor", DataType.UINT16, reportable=True),
    AttributeDef(0x0204, "dc_power_multiplier", DataType.UINT16, reportable=True),
    AttributeDef(0x0205, "dc_power_divisor", DataType.UINT16, reportable=True),
)

_AC: Final = (
    AttributeDef(0x0300, "ac_frequency", DataType.UINT16, reportable=True),
    AttributeDef(0x0301, "ac_frequency_min", DataType.UINT16),
    AttributeDef(0x0302, "ac_frequency_max", DataType.UINT16),
    AttributeDef(0x0303, "neutral_current", DataType.UINT16, reportable=True),
    AttributeDef(0x0304, "total_active_power", DataType.INT32, reportable=True),
    AttributeDef(0x0305, "total_reactive_power", DataType.INT32, reportable=True),
    AttributeDef(0x0306, "total_apparent_power", DataType.UINT32, reportable=True),
    AttributeDef(0x0307, "measured_1st_harmonic_current", DataType.INT16, reportable=True),
    AttributeDef(0x0308, "measured_3rd_harmonic_current", DataType.INT16, reportable=True),
    AttributeDef(0x0309, "measured_5th_harmonic_current", DataType.INT16, reportable=True),
    AttributeDef(0x030A, "measured_7th_harmonic_current", DataType.INT16, reportable=True),
    AttributeDef(0x030B, "measured_9th_harmonic_current", DataType.INT16, reportable=True),
    AttributeDef(0x030C, "measured_11th_harmonic_current", DataType.INT16, reportable=True),
    AttributeDef(0x030D, "measured_phase_1st_harmonic_current", DataType.INT16, reportable=True),
    AttributeDef(0x030E, "measured_phase_3rd_harmonic_current", DataType.INT16, reportable=True),
    AttributeDef(0x030F, "measured_phase_5th_harmonic_current", DataType.INT16, reportable=True),
    AttributeDef(0x0310, "measured_phase_7th_harmonic_current", DataType.INT16, reportable=True),
    AttributeDef(0x0311, "measured_phase_9th_harmonic_current", DataType.INT16, reportable=True),
    AttributeDef(0x0312, "measured_phase_11th_harmonic_current", DataType.INT16, reportable=True),
    AttributeDef(0x0400, "ac_frequency_multiplier", DataType.UINT16, reportable=True),
    AttributeDef(0x0401, "ac_frequency_divisor", DataType.UINT16, reportable=True),
    AttributeDef(0x0402, "power_multiplier", DataType.UINT32, reportable=True),
    AttributeDef(0x0403, "power_divisor", DataType.UINT32, reportable=True),
    AttributeDef(0x0404, "harmonic_current_multiplier", DataType.INT8, reportable=True),
    AttributeDef(0x0405, "phase_harmonic_current_multiplier", DataType.INT8, reportable=True),
    AttributeDef(0x0500, "instantaneous_voltage", DataType.INT16, reportable=True),
    AttributeDef(0x0504, "instantaneous_power", DataType.INT16, reportable=True),
    AttributeDef(0x0600, "ac_voltage_multiplier", DataType.UINT16, reportable=True),
    AttributeDef(0x0601, "ac_voltage_divisor", DataType.UINT16, reportable=True),
    AttributeDef(0x0602, "ac_current_multiplier", DataType.UINT16, reportable=True),
    AttributeDef(0x0603, "ac_current_divisor", DataType.UINT16, reportable=True),
    AttributeDef(0x0604, "ac_power_multiplier", DataType.UINT16, reportable=True),
    AttributeDef(0x0605, "ac_power_divisor", DataType.UINT16, reportable=True),
)

_ALARMS: Final = (
    AttributeDef(0x0700, "dc_overload_alarms_mask", DataType.BITMAP8, writable=True),
    AttributeDef(0x0701, "dc_voltage_overload", DataType.INT16),
    AttributeDef(0x0702, "dc_current_overload", DataType.INT16),
    AttributeDef(0x0800, "ac_overload_alarms_mask", DataType.BITMAP16, writable=True),
    AttributeDef(0x0801, "ac_voltage_overload", DataType.INT16),
    AttributeDef(0x0802, "ac_current_overload", DataType.INT16),
    AttributeDef(0x0803, "ac_active_power_overload", DataType.INT16),
    AttributeDef(0x0804, "ac_reactive_power_overload", DataType.INT16),
    AttributeDef(0x0805, "average_rms_over_voltage", DataType.INT16),
    AttributeDef(0x0806, "average_rms_under_voltage", DataType.INT16),
    AttributeDef(0x0807, "rms_extreme_over_voltage", DataType.INT16, writable=True),
    AttributeDef(0x0808, "rms_extreme_under_voltage", DataType.INT16, writable=True),
    AttributeDef(0x0809, "rms_voltage_sag", DataType.INT16, writable=True),
    AttributeDef(0x080A, "rms_voltage_swell", DataType.INT16, writable=True),
)


def _phase(first: int, suffix: str) -> tuple[AttributeDef, ...]:
    """The attributes of one phase: the same ones at another place."""
    return (
        AttributeDef(first + 0x01, f"line_current{suffix}", DataType.UINT16, reportable=True),
        AttributeDef(first + 0x02, f"active_current{suffix}", DataType.INT16, reportable=True),
        AttributeDef(first + 0x03, f"reactive_current{suffix}", DataType.INT16, reportable=True),
        AttributeDef(first + 0x05, f"rms_voltage{suffix}", DataType.UINT16, reportable=True),
        AttributeDef(first + 0x06, f"rms_voltage_min{suffix}", DataType.UINT16),
        AttributeDef(first + 0x07, f"rms_voltage_max{suffix}", DataType.UINT16),
        AttributeDef(first + 0x08, f"rms_current{suffix}", DataType.UINT16, reportable=True),
        AttributeDef(first + 0x09, f"rms_current_min{suffix}", DataType.UINT16),
        AttributeDef(first + 0x0A, f"rms_current_max{suffix}", DataType.UINT16),
        AttributeDef(first + 0x0B, f"active_power{suffix}", DataType.INT16, reportable=True),
        AttributeDef(first + 0x0C, f"active_power_min{suffix}", DataType.INT16),
        AttributeDef(first + 0x0D, f"active_power_max{suffix}", DataType.INT16),
        AttributeDef(first + 0x0E, f"reactive_power{suffix}", DataType.INT16, reportable=True),
        AttributeDef(first + 0x0F, f"apparent_power{suffix}", DataType.UINT16, reportable=True),
        AttributeDef(first + 0x10, f"power_factor{suffix}", DataType.INT8),
        AttributeDef(first + 0x11, f"average_rms_voltage_measurement_period{suffix}", DataType.UINT16, writable=True),
        AttributeDef(first + 0x12, f"average_rms_over_voltage_counter{suffix}", DataType.UINT16, writable=True),
        AttributeDef(first + 0x13, f"average_rms_under_voltage_counter{suffix}", DataType.UINT16, writable=True),
        AttributeDef(first + 0x14, f"rms_extreme_over_voltage_period{suffix}", DataType.UINT16, writable=True),
        AttributeDef(first + 0x15, f"rms_extreme_under_voltage_period{suffix}", DataType.UINT16, writable=True),
        AttributeDef(first + 0x16, f"rms_voltage_sag_period{suffix}", DataType.UINT16, writable=True),
        AttributeDef(first + 0x17, f"rms_voltage_swell_period{suffix}", DataType.UINT16, writable=True),
    )


ELECTRICAL_MEASUREMENT = Cluster(
    id=CLUSTER_ID,
    name="electrical_measurement",
    attributes=(
        *_BASIC,
        *_DC,
        *_AC,
        *_ALARMS,
        *_phase(0x0500, ""),
        *_phase(0x0900, "_phase_b"),
        *_phase(0x0A00, "_phase_c"),
    ),
    received=(GetProfileInfo, GetMeasurementProfile),
    generated=(GetProfileInfoResponse, GetMeasurementProfileResponse),
)
