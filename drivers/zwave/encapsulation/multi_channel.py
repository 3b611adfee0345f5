"""The Multi Channel layer, around Supervision (SDS13783, Multi Channel Command Class)."""

from dataclasses import replace

from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.multi_channel import (
    MultiChannelCommandEncapsulation,
    MultiInstanceCommandEncapsulation,
)
from drivers.zwave.command_classes.table import UnknownCommand, decode
from drivers.zwave.encapsulation.envelope import Envelope


def wrap(command: Command | UnknownCommand, envelope: Envelope) -> Command | UnknownCommand:
    if envelope.multi_instance:
        return MultiInstanceCommandEncapsulation(envelope.endpoint, command.to_bytes())
    # CC:0060.03.0D.11.001: never with both end points 0.
    if envelope.endpoint == 0 and envelope.own_endpoint == 0:
        return command
    return MultiChannelCommandEncapsulation(envelope.own_endpoint, envelope.endpoint, command.to_bytes())


def unwrap(command: Command | UnknownCommand, envelope: Envelope) -> tuple[Command | UnknownCommand, Envelope]:
    """Raises MalformedCommand."""
    if isinstance(command, MultiChannelCommandEncapsulation):
        if isinstance(command.destination, int):
            received = replace(envelope, endpoint=command.source, own_endpoint=command.destination)
        else:  # CC:0060.03.0D.11.003: none of several end points answers.
            received = replace(envelope, endpoint=command.source, multicast=True)
        return decode(command.payload), received
    if isinstance(command, MultiInstanceCommandEncapsulation):
        return decode(command.payload), replace(envelope, endpoint=command.instance, multi_instance=True)
    return command, envelope
