"""Thermostat over one that heats (ZCL8, 6.3): hundredths of a degree on the wire.

Eco, with a setpoint of its own, is the economy bit of the programming mode and the unoccupied setpoint.
"""

from collections.abc import Callable
from typing import ClassVar, Final

from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.thermostat import (
    THERMOSTAT,
    ControlSequence,
    ProgrammingOperationMode,
    RunningMode,
    RunningState,
    SetpointMode,
    SetpointRaiseLower,
    SystemMode,
)
from drivers.zigbee.zcl.data_types import Value
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.thermostat import HIGHEST_C, LOWEST_C, Thermostat
from simulators.devices.thermostat import Mode as Regime
from simulators.zigbee.attributes import Schedule, between
from simulators.zigbee.clusters.side import Answer, Peer, Side

LOWEST: Final = round(LOWEST_C * 100)
HIGHEST: Final = round(HIGHEST_C * 100)
_CALIBRATION_MAX: Final = 25
"""ZCL8, 6.3, LocalTemperatureCalibration: tenths of a degree, up or down."""


class ThermostatServer(Side):
    CLUSTER = THERMOSTAT
    REVISION = 3
    COMMANDS: ClassVar = (SetpointRaiseLower,)

    def __init__(self, thermostat: Thermostat) -> None:
        super().__init__()
        self._thermostat = thermostat
        report = Schedule(5, 3600)
        self._calibration = self._keeps(
            "local_temperature_calibration", 0, between(-_CALIBRATION_MAX, _CALIBRATION_MAX)
        )
        self._lowest = self._keeps("min_heat_setpoint_limit", LOWEST, between(LOWEST, HIGHEST))
        self._highest = self._keeps("max_heat_setpoint_limit", HIGHEST, between(LOWEST, HIGHEST))
        self._shows("local_temperature", self._temperature, schedule=Schedule(10, 3600, 20))
        self._constant("abs_min_heat_setpoint_limit", LOWEST)
        self._constant("abs_max_heat_setpoint_limit", HIGHEST)
        self._shows("pi_heating_demand", lambda: 100 if thermostat.heating else 0, schedule=Schedule(5, 3600, 1))
        self._setpoint_attribute("occupied_heating_setpoint", Regime.HEAT)
        self._setpoint_attribute("unoccupied_heating_setpoint", Regime.ECO)
        self._constant("control_sequence_of_operation", ControlSequence.HEATING_ONLY)
        self._shows("system_mode", self._system_mode, write=self._write_system_mode, schedule=report)
        self._shows("thermostat_running_mode", self._running_mode)
        self._shows(
            "thermostat_programming_operation_mode", self._programming, write=self._write_programming, schedule=report
        )
        self._shows("thermostat_running_state", lambda: RunningState.HEAT if thermostat.heating else 0, schedule=report)

    def react(self, command: ClusterCommand, sender: Peer) -> Answer:  # noqa: ARG002 - whoever asks
        match command:
            case SetpointRaiseLower(SetpointMode.HEAT | SetpointMode.BOTH, amount):
                setpoint = round(self._thermostat.setpoints[Regime.HEAT] * 100) + amount * 10
                lowest, highest = self._limits
                self._thermostat.set_setpoint(max(lowest, min(highest, setpoint)) / 100, Regime.HEAT)
                return ZclStatus.SUCCESS
        return ZclStatus.INVALID_FIELD

    @property
    def _limits(self) -> tuple[int, int]:
        return self._lowest.number or LOWEST, self._highest.number or HIGHEST

    def _setpoint_attribute(self, name: str, regime: Regime) -> None:
        self._shows(
            name,
            lambda: round(self._thermostat.setpoints[regime] * 100),
            write=self._writer(regime),
            schedule=Schedule(1, 3600, 10) if self.cluster.named(name).reportable else None,
        )

    def _writer(self, regime: Regime) -> Callable[[Value], ZclStatus]:
        def write(value: Value) -> ZclStatus:
            lowest, highest = self._limits
            if not isinstance(value, int) or not lowest <= value <= highest:
                return ZclStatus.INVALID_VALUE
            self._thermostat.set_setpoint(value / 100, regime)
            return ZclStatus.SUCCESS

        return write

    def _temperature(self) -> int:
        celsius = self._thermostat.seen("temperature", self._thermostat.temperature)
        return round(celsius * 100) + 10 * (self._calibration.number or 0)

    def _system_mode(self) -> int:
        return SystemMode.OFF if self._thermostat.mode is Regime.OFF else SystemMode.HEAT

    def _write_system_mode(self, value: Value) -> ZclStatus:
        """ZCL8, 6.3, ControlSequenceOfOperation: of one that only heats, off and heat."""
        if value not in (SystemMode.OFF, SystemMode.HEAT):
            return ZclStatus.INVALID_VALUE
        if value == SystemMode.OFF:
            self._thermostat.set_mode(Regime.OFF)
        elif self._thermostat.mode is Regime.OFF:
            self._thermostat.set_mode(Regime.HEAT)
        return ZclStatus.SUCCESS

    def _running_mode(self) -> int:
        return RunningMode.HEAT if self._thermostat.heating else RunningMode.OFF

    def _programming(self) -> int:
        return ProgrammingOperationMode.ECONOMY if self._thermostat.mode is Regime.ECO else 0

    def _write_programming(self, value: Value) -> ZclStatus:
        if value not in (0, ProgrammingOperationMode.ECONOMY):
            return ZclStatus.INVALID_VALUE
        economy = value == ProgrammingOperationMode.ECONOMY
        if economy or self._thermostat.mode is Regime.ECO:
            self._thermostat.set_mode(Regime.ECO if economy else Regime.HEAT)
        return ZclStatus.SUCCESS
