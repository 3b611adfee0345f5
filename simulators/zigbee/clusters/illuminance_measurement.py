"""Illuminance Measurement: 10000 times the decimal logarithm of lux, plus 1 (ZCL8, 4.2)."""

import math
from collections.abc import Callable
from typing import Final

from drivers.zigbee.zcl.clusters.illuminance_measurement import ILLUMINANCE_MEASUREMENT, LightSensorType
from simulators.zigbee.attributes import Schedule
from simulators.zigbee.clusters.side import Side

TOO_DARK: Final = 0
HIGHEST: Final = 0xFFFE


def to_wire(lux: float) -> int:
    return TOO_DARK if lux < 1 else min(HIGHEST, round(10_000 * math.log10(lux)) + 1)


class IlluminanceMeasurementServer(Side):
    CLUSTER = ILLUMINANCE_MEASUREMENT
    REVISION = 3

    def __init__(self, lux: Callable[[], float]) -> None:
        super().__init__()
        self._shows("measured_value", lambda: to_wire(lux()), schedule=Schedule(10, 3600, 1000))
        self._constant("min_measured_value", 1)
        self._constant("max_measured_value", to_wire(100_000))
        self._constant("light_sensor_type", LightSensorType.PHOTODIODE)
