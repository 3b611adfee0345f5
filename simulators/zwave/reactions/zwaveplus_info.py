"""Z-Wave Plus Info (SDS13782)."""

from drivers.zwave.command_classes import zwaveplus_info
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.zwaveplus_info import NodeType, RoleType, ZWavePlusInfoGet, ZWavePlusInfoReport
from simulators.zwave.reactions.reaction import Answer, Reaction

ZWAVE_PLUS_VERSION = 2


class ZWavePlusInfoReaction(Reaction):
    MODULE = zwaveplus_info

    def __init__(self, role: RoleType, icon: int) -> None:
        self._role = role
        self._icon = icon

    def react(self, command: Command) -> Answer:
        if not isinstance(command, ZWavePlusInfoGet):
            return None
        return ZWavePlusInfoReport(ZWAVE_PLUS_VERSION, self._role, NodeType.NODE, self._icon, self._icon)
