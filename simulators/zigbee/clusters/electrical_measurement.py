"""Electrical Measurement of a plug on one phase (ZCL8, 4.9): tenths of a volt, milliamperes, watts."""

from typing import Final

from drivers.zigbee.zcl.clusters.electrical_measurement import ELECTRICAL_MEASUREMENT, MeasurementType
from simulators.devices.metering_plug import MeteringPlug
from simulators.zigbee.attributes import Schedule
from simulators.zigbee.clusters.side import Side

MAINS_HZ: Final = 50
VOLTAGE_DIVISOR: Final = 10
CURRENT_DIVISOR: Final = 1000
POWER_DIVISOR: Final = 1
"""Sixteen bits with a sign would not hold what the plug can carry in tenths."""


class ElectricalMeasurementServer(Side):
    CLUSTER = ELECTRICAL_MEASUREMENT
    REVISION = 3

    def __init__(self, plug: MeteringPlug) -> None:
        super().__init__()
        self._constant("measurement_type", MeasurementType.ACTIVE | MeasurementType.PHASE_A)
        self._constant("ac_frequency", MAINS_HZ)
        self._shows("rms_voltage", lambda: round(plug.VOLTAGE_V * VOLTAGE_DIVISOR), schedule=Schedule(10, 3600, 20))
        self._shows("rms_current", lambda: round(plug.current_a * CURRENT_DIVISOR), schedule=Schedule(5, 3600, 50))
        self._shows(
            "active_power",
            lambda: round(plug.seen("power_w", plug.power_w) * POWER_DIVISOR),
            schedule=Schedule(5, 3600, 5),
        )
        self._constant("ac_voltage_multiplier", 1)
        self._constant("ac_voltage_divisor", VOLTAGE_DIVISOR)
        self._constant("ac_current_multiplier", 1)
        self._constant("ac_current_divisor", CURRENT_DIVISOR)
        self._constant("ac_power_multiplier", 1)
        self._constant("ac_power_divisor", POWER_DIVISOR)
