"""Pressure Measurement in hPa, and in tenths of it by the scaled value (ZCL8, 4.5)."""

from collections.abc import Callable

from drivers.zigbee.zcl.clusters.pressure_measurement import PRESSURE_MEASUREMENT
from simulators.zigbee.attributes import Schedule
from simulators.zigbee.clusters.side import Side


class PressureMeasurementServer(Side):
    CLUSTER = PRESSURE_MEASUREMENT
    REVISION = 2

    def __init__(self, hectopascal: Callable[[], float]) -> None:
        super().__init__()
        self._shows("measured_value", lambda: round(hectopascal()), schedule=Schedule(10, 3600, 1))
        self._constant("min_measured_value", 300)
        self._constant("max_measured_value", 1100)
        # The scaled value times ten to the scale is in pascal: ten of them are a tenth of a hPa.
        self._shows("scaled_value", lambda: round(hectopascal() * 10))
        self._constant("scale", 1)
