"""What a device whose firmware is mistaken reports: the lowest or highest number there is, or a number without size."""

from typing import Final

from drivers.zwave.command_classes import meter, notification, sensor_multilevel
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.table import UnknownCommand
from simulators.devices.health import WrongValue

_SCALED_AT: Final = {sensor_multilevel.COMMAND_CLASS: 3, meter.COMMAND_CLASS: 3}
"""Where the byte with precision, scale and size stands, by command class."""
_VALUE_AT: Final = {notification.COMMAND_CLASS: 7}
"""Where what is reported stands otherwise; in most classes right behind the command."""
_SIZE_BITS: Final = 0x07
_NO_SIZE: Final = 3
"""Sizes are 1, 2 and 4."""


def gone_wrong(command: Command, how: WrongValue) -> UnknownCommand:
    """The same report, as such a firmware sends it."""
    data = bytearray(command.to_bytes())
    scaled_at = _SCALED_AT.get(command.COMMAND_CLASS)
    if scaled_at is not None:
        _spoil_number(data, scaled_at, how)
    elif how is WrongValue.TYPE:
        del data[-1:]
    else:
        at = min(_VALUE_AT.get(command.COMMAND_CLASS, 2), len(data) - 1)
        # Values of most classes are 0 to 99, and 0xFF; events end at 0xFE.
        data[at] = 0xFE if how is WrongValue.INVALID else 0xC8
    return UnknownCommand(bytes(data))


def _spoil_number(data: bytearray, at: int, how: WrongValue) -> None:
    if how is WrongValue.TYPE:
        data[at] = data[at] & ~_SIZE_BITS | _NO_SIZE
        return
    first, rest = (0x80, 0x00) if how is WrongValue.INVALID else (0x7F, 0xFF)
    size = data[at] & _SIZE_BITS
    data[at + 1 : at + 1 + size] = bytes((first, *(rest,) * (size - 1)))
