"""Temperature Measurement in hundredths of a degree (ZCL8, 4.4)."""

from collections.abc import Callable

from drivers.zigbee.zcl.clusters.temperature_measurement import TEMPERATURE_MEASUREMENT
from simulators.zigbee.attributes import Schedule
from simulators.zigbee.clusters.side import Side


class TemperatureMeasurementServer(Side):
    CLUSTER = TEMPERATURE_MEASUREMENT
    REVISION = 3

    def __init__(self, celsius: Callable[[], float]) -> None:
        super().__init__()
        self._shows("measured_value", lambda: round(celsius() * 100), schedule=Schedule(10, 3600, 20))
        self._constant("min_measured_value", -4000)
        self._constant("max_measured_value", 8000)
        self._constant("tolerance", 20)
