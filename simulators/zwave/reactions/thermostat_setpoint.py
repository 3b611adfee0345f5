"""Thermostat Setpoint (SDS13781): one for heating, one for saving energy, in °C."""

from collections.abc import Iterable

from drivers.zwave.command_classes import thermostat_setpoint
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.scaled_value import ScaledValue
from drivers.zwave.command_classes.thermostat_setpoint import (
    SetpointType,
    ThermostatSetpointCapabilitiesGet,
    ThermostatSetpointCapabilitiesReport,
    ThermostatSetpointGet,
    ThermostatSetpointReport,
    ThermostatSetpointSet,
    ThermostatSetpointSupportedGet,
    ThermostatSetpointSupportedReport,
)
from simulators.devices.thermostat import HIGHEST_C, LOWEST_C, Mode, Thermostat
from simulators.zwave.reactions.reaction import DONE, FAILED, Answer, Outcome, Reaction

TYPES = {SetpointType.HEATING: Mode.HEAT, SetpointType.ENERGY_SAVE_HEATING: Mode.ECO}
FAHRENHEIT = 1


class ThermostatSetpointReaction(Reaction):
    MODULE = thermostat_setpoint
    REPORTS = (ThermostatSetpointReport,)

    def __init__(self, thermostat: Thermostat) -> None:
        self._thermostat = thermostat

    def react(self, command: Command) -> Answer:
        match command:
            case ThermostatSetpointGet(kind):
                return self._report(kind)
            case ThermostatSetpointSupportedGet():
                # Interpretation A: the bits count the types in use.
                order = tuple(SetpointType)
                return ThermostatSetpointSupportedReport(frozenset(order.index(kind) for kind in TYPES))
            case ThermostatSetpointCapabilitiesGet(kind):
                return ThermostatSetpointCapabilitiesReport(kind, _scaled(LOWEST_C), _scaled(HIGHEST_C))
            case ThermostatSetpointSet(kind, setpoint):
                return self._set(kind, setpoint)
        return None

    def changed(self, attribute: str) -> Iterable[Command]:
        for kind, mode in TYPES.items():
            if attribute == f"setpoint:{mode}":
                yield self._report(kind)

    def _set(self, kind: int, setpoint: ScaledValue) -> Outcome:
        celsius = (setpoint.value - 32) / 1.8 if setpoint.scale == FAHRENHEIT else setpoint.value
        if kind not in TYPES or not LOWEST_C <= celsius <= HIGHEST_C:
            return FAILED
        self._thermostat.set_setpoint(round(celsius, 1), TYPES[SetpointType(kind)])
        return DONE

    def _report(self, kind: int) -> ThermostatSetpointReport:
        if kind not in TYPES:
            return ThermostatSetpointReport(SetpointType.NOT_SUPPORTED, None)
        return ThermostatSetpointReport(kind, _scaled(self._thermostat.setpoints[TYPES[SetpointType(kind)]]))


def _scaled(celsius: float) -> ScaledValue:
    return ScaledValue.of(celsius, scale=0, precision=1)
