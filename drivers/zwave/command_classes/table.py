"""The command classes that are kept, and the one way from bytes to a command."""

from dataclasses import dataclass
from types import ModuleType
from typing import Final

from drivers.zwave.command_classes import (
    association,
    association_grp_info,
    basic,
    battery,
    central_scene,
    clock,
    configuration,
    crc_16_encap,
    device_reset_locally,
    door_lock,
    hail,
    indicator,
    manufacturer_specific,
    meter,
    multi_channel,
    multi_channel_association,
    no_operation,
    node_naming,
    notification,
    powerlevel,
    scene_activation,
    sensor_binary,
    sensor_multilevel,
    sound_switch,
    supervision,
    switch_binary,
    switch_color,
    switch_multilevel,
    thermostat_fan_mode,
    thermostat_mode,
    thermostat_operating_state,
    thermostat_setpoint,
    time,
    user_code,
    version,
    wake_up,
    window_covering,
    zwaveplus_info,
)
from drivers.zwave.command_classes.command import Command, MalformedCommand

# One line a class. A module has COMMAND_CLASS, VERSION and COMMANDS.
MODULES: Final[tuple[ModuleType, ...]] = (
    switch_binary,
    no_operation,
    version,
    manufacturer_specific,
    zwaveplus_info,
    association,
    multi_channel_association,
    multi_channel,
    supervision,
    crc_16_encap,
    sensor_binary,
    sensor_multilevel,
    notification,
    meter,
    battery,
    wake_up,
    central_scene,
    association_grp_info,
    device_reset_locally,
    basic,
    switch_multilevel,
    switch_color,
    window_covering,
    door_lock,
    user_code,
    thermostat_mode,
    thermostat_setpoint,
    thermostat_operating_state,
    thermostat_fan_mode,
    scene_activation,
    sound_switch,
    hail,
    indicator,
    configuration,
    powerlevel,
    clock,
    time,
    node_naming,
)

VERSIONS: Final[dict[int, int]] = {module.COMMAND_CLASS: module.VERSION for module in MODULES}
"""The highest version of each class that is spoken here."""

_DECODERS: Final[dict[int, type[Command]]] = {
    kind.COMMAND_CLASS << 8 | kind.COMMAND: kind for module in MODULES for kind in module.COMMANDS
}


@dataclass(frozen=True, slots=True)
class UnknownCommand:
    """A command of a class, or of a version of one, that is not kept here: passed on whole, never an error."""

    data: bytes

    @property
    def command_class(self) -> int:
        return self.data[0]

    def to_bytes(self) -> bytes:
        return self.data


def decode(data: bytes) -> Command | UnknownCommand:
    """Bytes to a command. Raises MalformedCommand, and nothing else."""
    if not data:
        raise MalformedCommand("an empty command")
    # A class without commands (No Operation) is one byte, and stands in the table as its command 0.
    kind = _DECODERS.get(data[0] << 8 | (data[1] if len(data) > 1 else 0))
    return UnknownCommand(data) if kind is None else kind.from_bytes(data)
