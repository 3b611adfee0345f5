"""Supervision and CRC-16 as command classes that a node lists; what they do is the node's and the chain's."""

from drivers.zwave.command_classes import crc_16_encap, supervision
from drivers.zwave.command_classes.command import Command
from simulators.zwave.reactions.reaction import Answer, Reaction


class SupervisionReaction(Reaction):
    MODULE = supervision
    VERSION = 1  # version 2 is for nodes that can be woken on demand

    def react(self, command: Command) -> Answer:  # noqa: ARG002 - the node handles it
        return None


class Crc16Reaction(Reaction):
    MODULE = crc_16_encap

    def react(self, command: Command) -> Answer:  # noqa: ARG002 - the node handles it
        return None
