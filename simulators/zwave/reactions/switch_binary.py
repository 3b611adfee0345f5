"""Binary Switch on something that is on or off (SDS13781)."""

from collections.abc import Iterable

from drivers.zwave.command_classes import switch_binary
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.duration import INSTANTLY
from drivers.zwave.command_classes.switch_binary import SwitchBinaryGet, SwitchBinaryReport, SwitchBinarySet
from simulators.devices.switch import Switch
from simulators.zwave.reactions.reaction import DONE, FAILED, Answer, Outcome, Reaction


class SwitchBinaryReaction(Reaction):
    MODULE = switch_binary
    REPORTS = (SwitchBinaryReport,)

    def __init__(self, switch: Switch) -> None:
        self._switch = switch

    def react(self, command: Command) -> Answer:
        match command:
            case SwitchBinaryGet():
                return self._report()
            case SwitchBinarySet(on):
                self._switch.switch(on)
                return DONE
        return None

    def changed(self, attribute: str) -> Iterable[Command]:
        return (self._report(),) if attribute == "on" else ()

    def basic_value(self) -> tuple[int, int, float]:
        value = 0xFF if self._switch.on else 0
        return value, value, 0.0

    def basic_set(self, value: int) -> Outcome:
        if 99 < value < 0xFF:
            return FAILED  # reserved values (SDS13781, Basic Set)
        self._switch.switch(value != 0)
        return DONE

    def _report(self) -> SwitchBinaryReport:
        return SwitchBinaryReport(self._switch.on, self._switch.on, INSTANTLY)
