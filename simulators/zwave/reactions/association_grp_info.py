"""Association Group Information (SDS13782): the one group there is, the lifeline, and what it sends."""

from collections.abc import Callable

from drivers.zwave.command_classes import association_grp_info
from drivers.zwave.command_classes.association_grp_info import (
    LIFELINE,
    AssociationGroupCommandListGet,
    AssociationGroupCommandListReport,
    AssociationGroupInfoGet,
    AssociationGroupInfoReport,
    AssociationGroupNameGet,
    AssociationGroupNameReport,
    GroupInfo,
)
from drivers.zwave.command_classes.command import Command
from simulators.zwave.reactions import association
from simulators.zwave.reactions.reaction import Answer, Reaction


class AssociationGrpInfoReaction(Reaction):
    MODULE = association_grp_info

    def __init__(self, sent: Callable[[], tuple[type[Command], ...]]) -> None:
        self._sent = sent

    def react(self, command: Command) -> Answer:
        group = association.LIFELINE
        match command:
            case AssociationGroupNameGet():
                return AssociationGroupNameReport(group, "Lifeline")
            case AssociationGroupInfoGet(_, list_mode):
                return AssociationGroupInfoReport((GroupInfo(group, LIFELINE),), list_mode)
            case AssociationGroupCommandListGet():
                commands = tuple((kind.COMMAND_CLASS, kind.COMMAND) for kind in self._sent())
                return AssociationGroupCommandListReport(group, commands)
        return None
