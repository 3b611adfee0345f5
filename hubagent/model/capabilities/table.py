"""The capabilities there are, the attributes that can be set, and the way from `name=value` to commands."""

from collections.abc import Mapping
from difflib import get_close_matches
from types import ModuleType
from typing import Final

from hubagent.model.capabilities import (
    color_control,
    door_lock,
    fan_control,
    identify,
    level_control,
    on_off,
    thermostat,
    window_covering,
)
from hubagent.model.capabilities.boolean_state import BOOLEAN_STATE
from hubagent.model.capabilities.concentration_measurement import CONCENTRATION_MEASUREMENT
from hubagent.model.capabilities.configuration import (
    CONFIGURATION,
    PARAMETER_PREFIX,
    SetParameter,
    parameter_number,
)
from hubagent.model.capabilities.electrical_energy_measurement import ELECTRICAL_ENERGY_MEASUREMENT
from hubagent.model.capabilities.electrical_power_measurement import ELECTRICAL_POWER_MEASUREMENT
from hubagent.model.capabilities.flow_measurement import FLOW_MEASUREMENT
from hubagent.model.capabilities.illuminance_measurement import ILLUMINANCE_MEASUREMENT
from hubagent.model.capabilities.occupancy_sensing import OCCUPANCY_SENSING
from hubagent.model.capabilities.power_source import POWER_SOURCE
from hubagent.model.capabilities.pressure_measurement import PRESSURE_MEASUREMENT
from hubagent.model.capabilities.relative_humidity_measurement import RELATIVE_HUMIDITY_MEASUREMENT
from hubagent.model.capabilities.smoke_co_alarm import SMOKE_CO_ALARM
from hubagent.model.capabilities.soil_measurement import SOIL_MEASUREMENT
from hubagent.model.capabilities.switch import SWITCH
from hubagent.model.capabilities.temperature_measurement import TEMPERATURE_MEASUREMENT
from hubagent.model.capability import Attribute, Capability, Command, InvalidValue, Setting, Value

CAPABILITIES: Final[dict[str, Capability]] = {
    capability.name: capability
    for capability in (
        on_off.ON_OFF,
        level_control.LEVEL_CONTROL,
        color_control.COLOR_CONTROL,
        window_covering.WINDOW_COVERING,
        door_lock.DOOR_LOCK,
        thermostat.THERMOSTAT,
        fan_control.FAN_CONTROL,
        OCCUPANCY_SENSING,
        BOOLEAN_STATE,
        SMOKE_CO_ALARM,
        SWITCH,
        TEMPERATURE_MEASUREMENT,
        RELATIVE_HUMIDITY_MEASUREMENT,
        ILLUMINANCE_MEASUREMENT,
        PRESSURE_MEASUREMENT,
        FLOW_MEASUREMENT,
        CONCENTRATION_MEASUREMENT,
        SOIL_MEASUREMENT,
        ELECTRICAL_POWER_MEASUREMENT,
        ELECTRICAL_ENERGY_MEASUREMENT,
        POWER_SOURCE,
        identify.IDENTIFY,
        CONFIGURATION,
    )
}

_WRITABLE: Final[tuple[ModuleType, ...]] = (
    on_off,
    level_control,
    color_control,
    window_covering,
    door_lock,
    thermostat,
    fan_control,
    identify,
)

ATTRIBUTES: Final[dict[str, tuple[Capability, Attribute]]] = {
    attribute.name: (capability, attribute)
    for capability in CAPABILITIES.values()
    for attribute in capability.attributes
}
"""Every attribute by its name alone: names are unique among all capabilities (held by a test)."""

SETTINGS: Final[tuple[Setting, ...]] = tuple(setting for module in _WRITABLE for setting in module.SETTINGS)


def commands_for(values: Mapping[str, Value]) -> list[Command]:
    """The commands that bring about `values`, in the order of SETTINGS.

    Raises InvalidValue for a name that is no attribute, one that cannot be set, or a value that it cannot have.
    """
    left = dict(values)
    commands = [_command(setting, left) for setting in SETTINGS if any(name in left for name in setting.attributes)]
    for name in list(left):
        number = parameter_number(name)
        if number is not None:
            value = left.pop(name)
            if isinstance(value, bool) or not isinstance(value, int):
                raise InvalidValue(f"{name} is a whole number, not {value!r}")
            commands.append(SetParameter(number, value))
    for name in left:
        if name in ATTRIBUTES:
            raise InvalidValue(f"{name} is measured by the device and cannot be set")
        raise InvalidValue(_no_such_attribute(name))
    return commands


def _no_such_attribute(name: str) -> str:
    settable = sorted(name for setting in SETTINGS for name in setting.attributes)
    meant = get_close_matches(name, settable, n=1)
    if meant:
        return f"there is no attribute {name!r}; did you mean {meant[0]!r}?"
    return f"there is no attribute {name!r}; what can be set: {', '.join(settable)}, {PARAMETER_PREFIX}<number>"


def _command(setting: Setting, left: dict[str, Value]) -> Command:
    arguments = {name: left.pop(name) for name in setting.attributes if name in left}
    missing = [name for name in setting.attributes if arguments.get(name) is None]
    if missing:
        raise InvalidValue(f"{' and '.join(setting.attributes)} are set together; {', '.join(missing)} has no value")
    return setting.command(**arguments)
