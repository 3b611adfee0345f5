"""Metering of a plug (ZCL8, 10.4): watt hours and watts, as a divisor of 1000 makes them of kWh and kW."""

from typing import Final

from drivers.zigbee.zcl.clusters.metering import METERING, UnitOfMeasure
from simulators.devices.metering_plug import MeteringPlug
from simulators.zigbee.attributes import Schedule
from simulators.zigbee.clusters.side import Side

DIVISOR: Final = 1000
_SUMMATION_FORMAT: Final = 0b1_0110_011
"""ZCL8, 10.4, SummationFormatting: no leading zeros, six digits before the point and three behind."""
_DEMAND_FORMAT: Final = 0b1_0010_011
_SECONDS_AN_HOUR: Final = 3600


class MeteringServer(Side):
    CLUSTER = METERING
    REVISION = 2

    def __init__(self, plug: MeteringPlug) -> None:
        super().__init__()
        self._plug = plug
        self._shows(
            "current_summation_delivered",
            lambda: int(plug.energy_kwh * DIVISOR + 1e-6),
            schedule=Schedule(60, 3600, 10),
        )
        self._constant("status", 0)
        self._constant("unit_of_measure", UnitOfMeasure.KILOWATT_HOUR)
        self._constant("multiplier", 1)
        self._constant("divisor", DIVISOR)
        self._constant("summation_formatting", _SUMMATION_FORMAT)
        self._constant("demand_formatting", _DEMAND_FORMAT)
        self._constant("metering_device_type", 0)
        self._shows(
            "instantaneous_demand", lambda: round(plug.seen("power_w", plug.power_w)), schedule=Schedule(5, 3600, 5)
        )

    def next_look_s(self) -> float | None:
        """When one more watt hour will have been used."""
        watts = self._plug.power_w
        return None if watts <= 0 else max(1.0, _SECONDS_AN_HOUR / watts)
