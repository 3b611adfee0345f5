"""Thermostat Operating State (SDS13781), without logging."""

from collections.abc import Iterable

from drivers.zwave.command_classes import thermostat_operating_state
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.thermostat_operating_state import (
    OperatingState,
    ThermostatOperatingStateGet,
    ThermostatOperatingStateReport,
)
from simulators.devices.thermostat import Thermostat
from simulators.zwave.reactions.reaction import Answer, Reaction


class ThermostatOperatingStateReaction(Reaction):
    MODULE = thermostat_operating_state
    VERSION = 1  # version 2 is the logging
    REPORTS = (ThermostatOperatingStateReport,)

    def __init__(self, thermostat: Thermostat) -> None:
        self._thermostat = thermostat

    def react(self, command: Command) -> Answer:
        return self._report() if isinstance(command, ThermostatOperatingStateGet) else None

    def changed(self, attribute: str) -> Iterable[Command]:
        return (self._report(),) if attribute == "heating" else ()

    def _report(self) -> ThermostatOperatingStateReport:
        return ThermostatOperatingStateReport(
            OperatingState.HEATING if self._thermostat.heating else OperatingState.IDLE
        )
