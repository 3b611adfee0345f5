"""Version (SDS13782)."""

from collections.abc import Callable

from drivers.zwave.command_classes import version
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.version import (
    Build,
    VersionCapabilitiesGet,
    VersionCapabilitiesReport,
    VersionCommandClassGet,
    VersionCommandClassReport,
    VersionGet,
    VersionReport,
    VersionZWaveSoftwareGet,
    VersionZWaveSoftwareReport,
)
from simulators.zwave.reactions.reaction import Answer, Reaction

LIBRARY_ENHANCED_END_NODE = 0x03
PROTOCOL = (7, 18)
FIRMWARE = (1, 4)


class VersionReaction(Reaction):
    """`version_of` says which version of a command class the node has anywhere; 0 where it has not the class."""

    MODULE = version
    VERSION = 3  # version 4 is the migrations

    def __init__(self, version_of: Callable[[int], int]) -> None:
        self._version_of = version_of

    def react(self, command: Command) -> Answer:
        match command:
            case VersionGet():
                return VersionReport(LIBRARY_ENHANCED_END_NODE, PROTOCOL, FIRMWARE, hardware=1)
            case VersionCommandClassGet(requested):
                return VersionCommandClassReport(requested, self._version_of(requested))
            case VersionCapabilitiesGet():
                return VersionCapabilitiesReport(version=True, command_class=True, zwave_software=True)
            case VersionZWaveSoftwareGet():
                return VersionZWaveSoftwareReport(
                    sdk=(7, 18, 3), protocol=Build((7, 18, 3)), application=Build((*FIRMWARE, 0), 1)
                )
        return None
