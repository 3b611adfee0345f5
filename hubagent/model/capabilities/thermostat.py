"""Heating and cooling: Matter Application Cluster Specification 1.4, §4.3 Thermostat."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from hubagent.model.capability import Attribute, Capability, Command, Kind, Setting, Value

MODES = ("off", "heat", "cool", "auto", "emergency_heat", "fan_only", "dry", "energy_heat", "energy_cool", "away")

THERMOSTAT = Capability(
    "thermostat",
    "Matter 1.4 Application Clusters §4.3",
    (
        Attribute("mode", Kind.WORD, "what it is told to do", words=MODES),
        Attribute("heating_setpoint", Kind.NUMBER, "heats below this", "°C", -50, 100),
        Attribute("cooling_setpoint", Kind.NUMBER, "cools above this", "°C", -50, 100),
        Attribute("running", Kind.WORD, "what it is doing now", words=("idle", "heating", "cooling", "fan", "pending")),
    ),
)


@dataclass(frozen=True, slots=True)
class SetThermostatMode(Command):
    CAPABILITY: ClassVar = THERMOSTAT

    mode: str

    def __post_init__(self) -> None:
        THERMOSTAT.by_name["mode"].check(self.mode)

    def wanted(self) -> Mapping[str, Value]:
        return {"mode": self.mode}


@dataclass(frozen=True, slots=True)
class SetHeatingSetpoint(Command):
    CAPABILITY: ClassVar = THERMOSTAT

    heating_setpoint: float
    """Degrees Celsius."""

    def __post_init__(self) -> None:
        THERMOSTAT.by_name["heating_setpoint"].check(self.heating_setpoint)

    def wanted(self) -> Mapping[str, Value]:
        return {"heating_setpoint": self.heating_setpoint}


@dataclass(frozen=True, slots=True)
class SetCoolingSetpoint(Command):
    CAPABILITY: ClassVar = THERMOSTAT

    cooling_setpoint: float
    """Degrees Celsius."""

    def __post_init__(self) -> None:
        THERMOSTAT.by_name["cooling_setpoint"].check(self.cooling_setpoint)

    def wanted(self) -> Mapping[str, Value]:
        return {"cooling_setpoint": self.cooling_setpoint}


SETTINGS = (
    Setting(("mode",), SetThermostatMode),
    Setting(("heating_setpoint",), SetHeatingSetpoint),
    Setting(("cooling_setpoint",), SetCoolingSetpoint),
)
