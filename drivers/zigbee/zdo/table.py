"""The ZDO messages that are kept, and the one way between them and bytes."""

from dataclasses import dataclass
from typing import Final

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zdo import binding, discovery, management
from drivers.zigbee.zdo.message import Message

MESSAGES: Final[tuple[type[Message], ...]] = (*discovery.MESSAGES, *binding.MESSAGES, *management.MESSAGES)

BY_CLUSTER: Final[dict[int, type[Message]]] = {kind.CLUSTER: kind for kind in MESSAGES}


@dataclass(frozen=True, slots=True)
class UnknownMessage:
    """A message that is not kept here: passed on whole, never an error."""

    cluster: int
    data: bytes

    def to_bytes(self) -> bytes:
        return self.data


def encode(sequence: int, message: Message | UnknownMessage) -> bytes:
    """What travels in the APS frame: the sequence number, then the message."""
    return bytes((sequence,)) + message.to_bytes()


def decode(cluster: int, data: bytes) -> tuple[int, Message | UnknownMessage]:
    """Sequence number and message. Raises MalformedFrame, and nothing else."""
    if not data:
        raise MalformedFrame(f"an empty ZDO message on cluster 0x{cluster:04x}")
    kind = BY_CLUSTER.get(cluster)
    return data[0], UnknownMessage(cluster, data[1:]) if kind is None else kind.from_bytes(data[1:])
