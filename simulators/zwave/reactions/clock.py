"""Clock (SDS13781): a weekday and a time of day, kept from when it was set."""

from drivers.zwave.command_classes import clock
from drivers.zwave.command_classes.clock import ClockGet, ClockReport, ClockSet, Weekday
from drivers.zwave.command_classes.command import Command
from simulators.devices.clock import DeviceClock
from simulators.zwave.reactions.reaction import DONE, Answer, Reaction

_DAY_MIN = 24 * 60


class ClockReaction(Reaction):
    MODULE = clock

    def __init__(self, clock: DeviceClock) -> None:
        self._clock = clock
        self._set_at = clock.count()
        self._set_to = ClockSet(Weekday.UNKNOWN, 0, 0)

    def lose_power(self) -> None:
        self._set_to = ClockSet(Weekday.UNKNOWN, 0, 0)
        self._set_at = self._clock.count()

    def react(self, command: Command) -> Answer:
        match command:
            case ClockGet():
                return self._report()
            case ClockSet():
                self._set_at, self._set_to = self._clock.count(), command
                return DONE
        return None

    def _report(self) -> ClockReport:
        passed_min = int(self._clock.count() - self._set_at + self._clock.wrong_by_s) // 60
        days, minutes = divmod(self._set_to.hour * 60 + self._set_to.minute + passed_min, _DAY_MIN)
        weekday = self._set_to.weekday
        if weekday is not Weekday.UNKNOWN:
            weekday = Weekday((weekday - 1 + days) % 7 + 1)
        return ClockReport(weekday, minutes // 60, minutes % 60)
