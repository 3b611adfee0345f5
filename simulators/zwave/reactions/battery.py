"""Battery (SDS13782)."""

from collections.abc import Iterable

from drivers.zwave.command_classes import battery
from drivers.zwave.command_classes.battery import (
    CAPACITY_UNKNOWN,
    LOW_WARNING,
    BatteryCondition,
    BatteryGet,
    BatteryHealthGet,
    BatteryHealthReport,
    BatteryReport,
)
from drivers.zwave.command_classes.command import Command
from simulators.devices.device import Battery
from simulators.zwave.reactions.reaction import Answer, Reaction


class BatteryReaction(Reaction):
    MODULE = battery
    REPORTS = (BatteryReport,)

    def __init__(self, cells: Battery) -> None:
        self._cells = cells

    def react(self, command: Command) -> Answer:
        match command:
            case BatteryGet():
                return self._report()
            case BatteryHealthGet():
                return BatteryHealthReport(CAPACITY_UNKNOWN)
        return None

    def changed(self, attribute: str) -> Iterable[Command]:
        return (self._report(),) if attribute == "battery" else ()

    def _report(self) -> BatteryReport:
        low = self._cells.low
        return BatteryReport(LOW_WARNING if low else round(self._cells.level), BatteryCondition(replace_soon=low))
