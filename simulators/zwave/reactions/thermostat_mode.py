"""Thermostat Mode (SDS13781)."""

from collections.abc import Iterable

from drivers.zwave.command_classes import thermostat_mode
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.thermostat_mode import (
    ThermostatMode,
    ThermostatModeGet,
    ThermostatModeReport,
    ThermostatModeSet,
    ThermostatModeSupportedGet,
    ThermostatModeSupportedReport,
)
from simulators.devices.thermostat import Mode, Thermostat
from simulators.zwave.reactions.reaction import DONE, FAILED, Answer, Outcome, Reaction

MODES = {ThermostatMode.OFF: Mode.OFF, ThermostatMode.HEAT: Mode.HEAT, ThermostatMode.ENERGY_HEAT: Mode.ECO}
_WIRE = {mode: wire for wire, mode in MODES.items()}


class ThermostatModeReaction(Reaction):
    MODULE = thermostat_mode
    REPORTS = (ThermostatModeReport,)

    def __init__(self, thermostat: Thermostat) -> None:
        self._thermostat = thermostat

    def react(self, command: Command) -> Answer:
        match command:
            case ThermostatModeGet():
                return self._report()
            case ThermostatModeSupportedGet():
                return ThermostatModeSupportedReport(frozenset(int(mode) for mode in MODES))
            case ThermostatModeSet(mode):
                if mode not in MODES:
                    return FAILED
                self._thermostat.set_mode(MODES[ThermostatMode(mode)])
                return DONE
        return None

    def changed(self, attribute: str) -> Iterable[Command]:
        return (self._report(),) if attribute == "mode" else ()

    def basic_value(self) -> tuple[int, int, float]:
        # SDS14224, Thermostat HVAC: 0xFF is comfort, 0 energy saving.
        value = 0xFF if self._thermostat.mode is Mode.HEAT else 0
        return value, value, 0.0

    def basic_set(self, value: int) -> Outcome:
        self._thermostat.set_mode(Mode.HEAT if value else Mode.ECO)
        return DONE

    def _report(self) -> ThermostatModeReport:
        return ThermostatModeReport(_WIRE[self._thermostat.mode])
