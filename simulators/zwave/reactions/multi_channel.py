"""Multi Channel (SDS13783) on a node with several alike end points. The encapsulation is the node's own affair."""

from collections.abc import Sequence
from typing import Protocol

from drivers.zwave.command_classes import multi_channel
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.multi_channel import (
    MultiChannelAggregatedMembersGet,
    MultiChannelAggregatedMembersReport,
    MultiChannelCapabilityGet,
    MultiChannelCapabilityReport,
    MultiChannelEndPointFind,
    MultiChannelEndPointFindReport,
    MultiChannelEndPointGet,
    MultiChannelEndPointReport,
)
from simulators.zwave.reactions.reaction import Answer, Reaction

ANY = 0xFF


class Channel(Protocol):
    """What an end point tells of itself."""

    generic_class: int
    specific_class: int

    @property
    def command_classes(self) -> tuple[int, ...]: ...


class MultiChannelReaction(Reaction):
    MODULE = multi_channel

    def __init__(self, channels: Sequence[Channel]) -> None:
        self._channels = channels

    def react(self, command: Command) -> Answer:
        match command:
            case MultiChannelEndPointGet():
                return MultiChannelEndPointReport(len(self._channels), 0, identical=True)
            case MultiChannelCapabilityGet(number) if 1 <= number <= len(self._channels):
                channel = self._channels[number - 1]
                return MultiChannelCapabilityReport(
                    number, channel.generic_class, channel.specific_class, channel.command_classes
                )
            case MultiChannelEndPointFind(generic, specific):
                found = tuple(
                    number
                    for number, channel in enumerate(self._channels, start=1)
                    if generic in (ANY, channel.generic_class) and specific in (ANY, channel.specific_class)
                )
                # Z-Wave specifications, CC:0060.03.0C.11.006: where there is none, one with the number 0 is named.
                return MultiChannelEndPointFindReport(0, generic, specific, found or (0,))
            case MultiChannelAggregatedMembersGet(number):
                return MultiChannelAggregatedMembersReport(number, frozenset())
        return None
