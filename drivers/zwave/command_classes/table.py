"""The command classes that are kept, and the one way from bytes to a command."""

from dataclasses import dataclass
from types import ModuleType
from typing import Final

from drivers.zwave.command_classes import switch_binary
from drivers.zwave.command_classes.command import Command, MalformedCommand

# One line a class. A module has COMMAND_CLASS, VERSION and COMMANDS.
MODULES: Final[tuple[ModuleType, ...]] = (switch_binary,)

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
    if len(data) < 2:
        if not data:
            raise MalformedCommand("an empty command")
        return UnknownCommand(data)
    kind = _DECODERS.get(data[0] << 8 | data[1])
    return UnknownCommand(data) if kind is None else kind.from_bytes(data)
