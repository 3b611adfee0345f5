"""The node information frame (NIF) as messages of the Serial API carry it, and its list of command classes."""

from dataclasses import dataclass
from typing import Final, Self

from drivers.zwave.serial_api.function import need

_MARK: Final = 0xEF
"""SDS13782, COMMAND_CLASS_MARK: what follows it is controlled, not supported."""
_EXTENDED: Final = 0xF1
"""SDS13782: identifiers from 0xF1 on take two bytes."""


def classes_to_bytes(supported: tuple[int, ...], controlled: tuple[int, ...]) -> bytes:
    body = b"".join(map(_class_bytes, supported))
    return body + bytes((_MARK,)) + b"".join(map(_class_bytes, controlled)) if controlled else body


def classes_from_bytes(data: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Supported and controlled classes; of a half extended identifier at the end nothing is kept."""
    lists: tuple[list[int], list[int]] = ([], [])
    marked = False
    at = 0
    while at < len(data):
        byte = data[at]
        if byte == _MARK:
            marked = True
        elif byte < _EXTENDED:
            lists[marked].append(byte)
        elif at + 1 < len(data):
            lists[marked].append(byte << 8 | data[at + 1])
            at += 1
        at += 1
    return tuple(lists[0]), tuple(lists[1])


@dataclass(frozen=True, slots=True)
class NodeInformationFrame:
    """INS13954-13, ApplicationNodeInformation. In messages it is `length basic generic specific classes...`."""

    basic_class: int
    generic_class: int
    specific_class: int
    command_classes: tuple[int, ...] = ()
    controlled: tuple[int, ...] = ()

    def to_bytes(self) -> bytes:
        classes = classes_to_bytes(self.command_classes, self.controlled)
        head = (3 + len(classes), self.basic_class, self.generic_class, self.specific_class)
        return bytes(head) + classes

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """From the length byte on. Raises MalformedMessage."""
        need(data, 4, cls)
        need(data[1:], max(data[0], 3), cls)
        supported, controlled = classes_from_bytes(data[4 : 1 + data[0]])
        return cls(data[1], data[2], data[3], supported, controlled)


def _class_bytes(identifier: int) -> bytes:
    return identifier.to_bytes(2 if identifier > 0xFF else 1, "big")
