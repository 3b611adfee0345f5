"""The CRC-16 layer, the outermost where there is no security (SDS13783, CRC-16 Encapsulation Command Class)."""

from dataclasses import replace

from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.crc_16_encap import Crc16Encap
from drivers.zwave.command_classes.table import UnknownCommand, decode
from drivers.zwave.encapsulation.envelope import Envelope


def wrap(command: Command | UnknownCommand, envelope: Envelope) -> Command | UnknownCommand:
    return Crc16Encap(command.to_bytes()) if envelope.crc16 else command


def unwrap(command: Command | UnknownCommand, envelope: Envelope) -> tuple[Command | UnknownCommand, Envelope]:
    """Raises MalformedCommand."""
    if not isinstance(command, Crc16Encap):
        return command, envelope
    return decode(command.payload), replace(envelope, crc16=True)
