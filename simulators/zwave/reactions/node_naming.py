"""Node Naming and Location (SDS13782): what somebody wrote on the device."""

from drivers.zwave.command_classes import node_naming
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.node_naming import (
    NodeNamingNodeLocationGet,
    NodeNamingNodeLocationReport,
    NodeNamingNodeLocationSet,
    NodeNamingNodeNameGet,
    NodeNamingNodeNameReport,
    NodeNamingNodeNameSet,
    NodeText,
)
from simulators.device_memory import Kept
from simulators.zwave.reactions.reaction import DONE, Answer, Reaction


class NodeNamingReaction(Reaction):
    """Survives exclusion: the home's file has written it."""

    MODULE = node_naming

    def __init__(self, name: str, location: str) -> None:
        self._name = NodeText.of(name)
        self._location = NodeText.of(location)

    def kept(self) -> Kept:
        return {"name": self._name.to_bytes().hex(), "location": self._location.to_bytes().hex()}

    def restore(self, kept: Kept) -> None:
        self._name = NodeText.from_bytes(bytes.fromhex(kept["name"]))
        self._location = NodeText.from_bytes(bytes.fromhex(kept["location"]))

    def react(self, command: Command) -> Answer:
        match command:
            case NodeNamingNodeNameGet():
                return NodeNamingNodeNameReport(self._name)
            case NodeNamingNodeNameSet(name):
                self._name = name
                return DONE
            case NodeNamingNodeLocationGet():
                return NodeNamingNodeLocationReport(self._location)
            case NodeNamingNodeLocationSet(location):
                self._location = location
                return DONE
        return None
