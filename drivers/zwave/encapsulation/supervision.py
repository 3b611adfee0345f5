"""The Supervision layer, next to the command itself (SDS13783, Supervision Command Class).

Matching reports to sessions and counting sessions up belong to the node.
"""

from dataclasses import replace

from drivers.zwave.command_classes.command import Command, MalformedCommand
from drivers.zwave.command_classes.supervision import SupervisionGet, SupervisionReport
from drivers.zwave.command_classes.table import UnknownCommand, decode
from drivers.zwave.encapsulation.envelope import Envelope, Supervised


def wrap(command: Command | UnknownCommand, envelope: Envelope) -> Command | UnknownCommand:
    """A Supervision Report is the answer to what was supervised, and so never supervised itself."""
    if envelope.supervision is None or isinstance(command, SupervisionReport):
        return command
    supervised = envelope.supervision
    return SupervisionGet(supervised.session, supervised.status_updates, command.to_bytes())


def unwrap(command: Command | UnknownCommand, envelope: Envelope) -> tuple[Command | UnknownCommand, Envelope]:
    """Raises MalformedCommand."""
    if not isinstance(command, SupervisionGet):
        return command, envelope
    inner = decode(command.payload)
    if isinstance(inner, SupervisionReport):
        raise MalformedCommand(f"a supervised Supervision Report: {command.payload.hex()}")
    return inner, replace(envelope, supervision=Supervised(command.session, command.status_updates))
