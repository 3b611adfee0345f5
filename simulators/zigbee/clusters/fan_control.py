"""Fan Control of a thermostat whose fan has two speeds (ZCL8, 6.4)."""

from drivers.zigbee.zcl.clusters.fan_control import FAN_CONTROL, FanMode, FanModeSequence
from drivers.zigbee.zcl.data_types import Value
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.thermostat import Thermostat
from simulators.zigbee.attributes import Schedule
from simulators.zigbee.clusters.side import Side


class FanControlServer(Side):
    CLUSTER = FAN_CONTROL
    REVISION = 2

    def __init__(self, thermostat: Thermostat) -> None:
        super().__init__()
        self._thermostat = thermostat
        self._shows("fan_mode", self._mode, write=self._write_mode, schedule=Schedule(0, 3600))
        self._constant("fan_mode_sequence", FanModeSequence.LOW_HIGH)

    def _mode(self) -> int:
        return FanMode.HIGH if self._thermostat.fan_high else FanMode.LOW

    def _write_mode(self, value: Value) -> ZclStatus:
        if value not in (FanMode.LOW, FanMode.HIGH):
            return ZclStatus.INVALID_VALUE
        self._thermostat.set_fan(value == FanMode.HIGH)
        return ZclStatus.SUCCESS
