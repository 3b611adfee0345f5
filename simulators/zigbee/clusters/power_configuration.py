"""Power Configuration of what runs on a battery (ZCL8, 3.3): half per cents, tenths of a volt."""

from typing import Final

from drivers.zigbee.zcl.clusters.power_configuration import POWER_CONFIGURATION, BatterySize
from simulators.devices.device import Battery
from simulators.zigbee.attributes import Schedule
from simulators.zigbee.clusters.side import Side

EMPTY_V: Final = 2.1
FULL_V: Final = 3.0
_PERCENTAGE_LOW: Final = 0x08
"""Bit of the alarm state: battery_percentage_min_threshold reached, source 1 (ZCL8, 3.3, BatteryAlarmState)."""


class PowerConfigurationServer(Side):
    CLUSTER = POWER_CONFIGURATION
    REVISION = 2

    def __init__(self, battery: Battery) -> None:
        super().__init__()
        self._battery = battery
        self._shows("battery_voltage", self._voltage)
        self._shows(
            "battery_percentage_remaining",
            lambda: round(battery.level * 2),
            schedule=Schedule(300, 21_600, 2),
        )
        self._constant("battery_size", BatterySize.AA)
        self._constant("battery_quantity", 2)
        self._constant("battery_rated_voltage", 15)
        self._shows("battery_alarm_state", lambda: _PERCENTAGE_LOW if battery.low else 0)

    def _voltage(self) -> int:
        return round((EMPTY_V + (FULL_V - EMPTY_V) * self._battery.level / 100) * 10)
