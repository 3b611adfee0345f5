"""Thermostat User Interface Configuration: a display and its keys (ZCL8, 6.6)."""

from drivers.zigbee.zcl.clusters.thermostat_ui import THERMOSTAT_UI, KeypadLockout, TemperatureDisplayMode
from simulators.zigbee.attributes import one_of
from simulators.zigbee.clusters.side import Side


class ThermostatUiServer(Side):
    CLUSTER = THERMOSTAT_UI
    REVISION = 2

    def __init__(self) -> None:
        super().__init__()
        self._keeps("temperature_display_mode", TemperatureDisplayMode.CELSIUS, one_of(*TemperatureDisplayMode))
        self._keeps("keypad_lockout", KeypadLockout.NONE, one_of(*KeypadLockout))
