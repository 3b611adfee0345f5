"""Relative Humidity in hundredths of a per cent (ZCL8, 4.7)."""

from collections.abc import Callable

from drivers.zigbee.zcl.clusters.relative_humidity import RELATIVE_HUMIDITY
from simulators.zigbee.attributes import Schedule
from simulators.zigbee.clusters.side import Side


class RelativeHumidityServer(Side):
    CLUSTER = RELATIVE_HUMIDITY
    REVISION = 2

    def __init__(self, percent: Callable[[], float]) -> None:
        super().__init__()
        self._shows("measured_value", lambda: round(percent() * 100), schedule=Schedule(10, 3600, 100))
        self._constant("min_measured_value", 0)
        self._constant("max_measured_value", 10_000)
        self._constant("tolerance", 300)
