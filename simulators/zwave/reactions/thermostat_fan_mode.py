"""Thermostat Fan Mode (SDS13781): automatic, or high."""

from collections.abc import Iterable

from drivers.zwave.command_classes import thermostat_fan_mode
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.thermostat_fan_mode import (
    FanMode,
    ThermostatFanModeGet,
    ThermostatFanModeReport,
    ThermostatFanModeSet,
    ThermostatFanModeSupportedGet,
    ThermostatFanModeSupportedReport,
)
from simulators.devices.thermostat import Thermostat
from simulators.zwave.reactions.reaction import DONE, FAILED, Answer, Reaction

MODES = (FanMode.AUTO_LOW, FanMode.HIGH)


class ThermostatFanModeReaction(Reaction):
    MODULE = thermostat_fan_mode
    REPORTS = (ThermostatFanModeReport,)

    def __init__(self, thermostat: Thermostat) -> None:
        self._thermostat = thermostat

    def react(self, command: Command) -> Answer:
        match command:
            case ThermostatFanModeGet():
                return self._report()
            case ThermostatFanModeSupportedGet():
                return ThermostatFanModeSupportedReport(frozenset(int(mode) for mode in MODES))
            case ThermostatFanModeSet(mode, off):
                if mode not in MODES or off:
                    return FAILED
                self._thermostat.set_fan(mode == FanMode.HIGH)
                return DONE
        return None

    def changed(self, attribute: str) -> Iterable[Command]:
        return (self._report(),) if attribute == "fan" else ()

    def _report(self) -> ThermostatFanModeReport:
        return ThermostatFanModeReport(FanMode.HIGH if self._thermostat.fan_high else FanMode.AUTO_LOW)
