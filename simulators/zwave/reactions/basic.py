"""Basic: the device's one most important value (SDS13781; what it is mapped to, SDS14224)."""

from collections.abc import Callable

from drivers.zwave.command_classes import basic
from drivers.zwave.command_classes.basic import BasicGet, BasicReport, BasicSet
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.duration import Duration
from simulators.zwave.reactions.reaction import Answer, Outcome, Reaction


class BasicReaction(Reaction):
    """`value` gives the present value, the target and the seconds left; `set_value` takes 0-99 or 0xFF."""

    MODULE = basic
    IN_NODE_INFORMATION = False

    def __init__(
        self, value: Callable[[], tuple[int, int, float]], set_value: Callable[[int], Outcome] | None = None
    ) -> None:
        self._value = value
        self._set_value = set_value

    def react(self, command: Command) -> Answer:
        match command:
            case BasicGet():
                value, target, seconds = self._value()
                return BasicReport(value, target, Duration.from_seconds(seconds))
            case BasicSet(value) if self._set_value is not None:
                return self._set_value(value)
        return None
