"""Association, in both its forms, and what they fill: the lifeline (SDS13782)."""

from dataclasses import dataclass, field

from drivers.zwave.command_classes import association, multi_channel_association
from drivers.zwave.command_classes.association import (
    AssociationGet,
    AssociationRemove,
    AssociationReport,
    AssociationSet,
    AssociationSpecificGroupGet,
    AssociationSpecificGroupReport,
    AssociationSupportedGroupingsGet,
    AssociationSupportedGroupingsReport,
)
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.multi_channel_association import (
    EndPointDestination,
    MultiChannelAssociationGet,
    MultiChannelAssociationRemove,
    MultiChannelAssociationReport,
    MultiChannelAssociationSet,
    MultiChannelAssociationSupportedGroupingsGet,
    MultiChannelAssociationSupportedGroupingsReport,
)
from simulators.device_memory import Kept
from simulators.zwave.reactions.reaction import DONE, FAILED, Answer, Outcome, Reaction

LIFELINE = 1
GROUPS = 1
NODES_MAX = 5


@dataclass(slots=True)
class Lifeline:
    """Whom the node tells of what happens to it: nodes, and end points of nodes."""

    nodes: list[int] = field(default_factory=list)
    end_points: list[EndPointDestination] = field(default_factory=list)

    def add(self, nodes: tuple[int, ...], end_points: tuple[EndPointDestination, ...] = ()) -> Outcome:
        for node in nodes:
            if node not in self.nodes:
                self.nodes.append(node)
        for end_point in end_points:
            if end_point not in self.end_points:
                self.end_points.append(end_point)
        room = NODES_MAX - len(self.end_points)
        if room >= len(self.nodes) and len(self.end_points) <= NODES_MAX:
            return DONE
        del self.end_points[NODES_MAX:]
        del self.nodes[max(0, NODES_MAX - len(self.end_points)) :]
        return FAILED

    def remove(self, nodes: tuple[int, ...], end_points: tuple[EndPointDestination, ...] = ()) -> Outcome:
        everything = not nodes and not end_points
        self.nodes = [] if everything else [node for node in self.nodes if node not in nodes]
        self.end_points = [] if everything else [it for it in self.end_points if it not in end_points]
        return DONE


class AssociationReaction(Reaction):
    MODULE = association
    VERSION = 3

    def __init__(self, lifeline: Lifeline) -> None:
        self._lifeline = lifeline

    def react(self, command: Command) -> Answer:
        match command:
            case AssociationSupportedGroupingsGet():
                return AssociationSupportedGroupingsReport(GROUPS)
            case AssociationGet():
                # SDS13782: a group that does not exist is answered with group 1.
                return AssociationReport(LIFELINE, NODES_MAX, 0, tuple(self._lifeline.nodes))
            case AssociationSet(group, nodes):
                return self._lifeline.add(nodes) if group == LIFELINE else FAILED
            case AssociationRemove(group, nodes):
                return self._lifeline.remove(nodes) if group in (0, LIFELINE) else FAILED
            case AssociationSpecificGroupGet():
                return AssociationSpecificGroupReport(0)
        return None

    def reset(self) -> None:
        self._lifeline.remove(())

    def kept(self) -> Kept:
        """In both forms: as what would set all of it."""
        nodes, end_points = tuple(self._lifeline.nodes), tuple(self._lifeline.end_points)
        return {"lifeline": MultiChannelAssociationSet(LIFELINE, nodes, end_points).to_bytes().hex()}

    def restore(self, kept: Kept) -> None:
        lifeline = MultiChannelAssociationSet.from_bytes(bytes.fromhex(kept["lifeline"]))
        self._lifeline.add(lifeline.nodes, lifeline.end_points)


class MultiChannelAssociationReaction(Reaction):
    MODULE = multi_channel_association
    VERSION = 4

    def __init__(self, lifeline: Lifeline) -> None:
        self._lifeline = lifeline

    def react(self, command: Command) -> Answer:
        match command:
            case MultiChannelAssociationSupportedGroupingsGet():
                return MultiChannelAssociationSupportedGroupingsReport(GROUPS)
            case MultiChannelAssociationGet():
                nodes, end_points = tuple(self._lifeline.nodes), tuple(self._lifeline.end_points)
                return MultiChannelAssociationReport(LIFELINE, NODES_MAX, 0, nodes, end_points)
            case MultiChannelAssociationSet(group, nodes, end_points):
                return self._lifeline.add(nodes, end_points) if group == LIFELINE else FAILED
            case MultiChannelAssociationRemove(group, nodes, end_points):
                return self._lifeline.remove(nodes, end_points) if group in (0, LIFELINE) else FAILED
        return None
