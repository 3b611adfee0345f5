"""From the bytes of a frame to the command within, and back.

The order is fixed (SDS13783-14, encapsulation order overview): the command, Supervision, Multi Channel, then CRC-16 or
security, then Transport Service. Each layer occurs at most once, so nothing a radio sends goes deeper than the chain.
"""

from functools import lru_cache
from typing import Final

from drivers.zwave.command_classes.command import Command, MalformedCommand
from drivers.zwave.command_classes.crc_16_encap import Crc16Encap
from drivers.zwave.command_classes.multi_channel import (
    MultiChannelCommandEncapsulation,
    MultiInstanceCommandEncapsulation,
)
from drivers.zwave.command_classes.supervision import SupervisionGet
from drivers.zwave.command_classes.table import UnknownCommand, decode
from drivers.zwave.encapsulation import crc_16, multi_channel, supervision
from drivers.zwave.encapsulation.envelope import PLAIN, Envelope

ENCAPSULATIONS: Final = (
    SupervisionGet,
    MultiChannelCommandEncapsulation,
    MultiInstanceCommandEncapsulation,
    Crc16Encap,
)
UNWRAPPED_MAX: Final = 256
"""Commands whose meaning is kept: a home says the same few things over and over."""
_ENCAPSULATING_CLASSES: Final = frozenset(kind.COMMAND_CLASS for kind in ENCAPSULATIONS)


def wrap(command: Command | UnknownCommand, envelope: Envelope = PLAIN) -> bytes:
    """The bytes to send."""
    if envelope is PLAIN:
        return command.to_bytes()
    if envelope.supervision is not None:
        command = supervision.wrap(command, envelope)
    if envelope.endpoint or envelope.own_endpoint or envelope.multi_instance:
        command = multi_channel.wrap(command, envelope)
    if envelope.crc16:
        command = crc_16.wrap(command, envelope)
    return command.to_bytes()


@lru_cache(UNWRAPPED_MAX)
def unwrap(data: bytes) -> tuple[Command | UnknownCommand, Envelope]:
    """The command within, and what it came in.

    Raises MalformedCommand, and nothing else, where a layer or the command is malformed, a checksum is wrong, or layers
    are repeated or out of order.
    """
    command = decode(data)
    # Nearly every command is plain, and ready here.
    if data[0] not in _ENCAPSULATING_CLASSES:
        return command, PLAIN
    command, envelope = crc_16.unwrap(command, PLAIN)
    command, envelope = multi_channel.unwrap(command, envelope)
    command, envelope = supervision.unwrap(command, envelope)
    if isinstance(command, ENCAPSULATIONS):
        raise MalformedCommand(f"layers repeated or out of order: {data.hex()}")
    return command, envelope
