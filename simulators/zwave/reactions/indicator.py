"""Indicator (SDS13782): Node Identify, which lets the device blink."""

from collections.abc import Callable

from drivers.zwave.command_classes import indicator
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.indicator import (
    NODE_IDENTIFY,
    IndicatorDescriptionGet,
    IndicatorDescriptionReport,
    IndicatorGet,
    IndicatorReport,
    IndicatorSet,
    IndicatorSupportedGet,
    IndicatorSupportedReport,
    IndicatorValue,
    Property,
)
from simulators.zwave.reactions.reaction import DONE, FAILED, Answer, Loop, Outcome, Reaction

PROPERTIES = (Property.ON_OFF_PERIOD, Property.ON_OFF_CYCLES, Property.ON_TIME)


class IndicatorReaction(Reaction):
    """`identify` is told when the blinking begins and when it ends: after the cycles that were asked for."""

    MODULE = indicator

    def __init__(self, loop: Loop, identify: Callable[[bool], None]) -> None:
        self._loop = loop
        self._identify = identify
        self._values = dict.fromkeys(PROPERTIES, 0)

    def react(self, command: Command) -> Answer:
        match command:
            case IndicatorSupportedGet(number):
                # 0 asks for the first.
                if number in (0, NODE_IDENTIFY):
                    return IndicatorSupportedReport(NODE_IDENTIFY, 0, frozenset(int(it) for it in PROPERTIES))
                return IndicatorSupportedReport(0, 0, frozenset())
            case IndicatorDescriptionGet(number):
                return IndicatorDescriptionReport(number, "")
            case IndicatorGet():
                values = tuple(IndicatorValue(NODE_IDENTIFY, kind, value) for kind, value in self._values.items())
                return IndicatorReport(0, values)
            case IndicatorSet(_, values) if values is not None:
                return self._set(values)
            case IndicatorSet():
                return FAILED
        return None

    def lose_power(self) -> None:
        self._values = dict.fromkeys(PROPERTIES, 0)
        self._identify(False)

    def _set(self, values: tuple[IndicatorValue, ...]) -> Outcome:
        if any(it.indicator != NODE_IDENTIFY or it.property not in PROPERTIES for it in values):
            return FAILED
        self._values = dict.fromkeys(PROPERTIES, 0)
        self._values |= {Property(it.property): it.value for it in values}
        seconds = self._values[Property.ON_OFF_PERIOD] / 10 * self._values[Property.ON_OFF_CYCLES]
        self._identify(seconds > 0)
        if seconds > 0:
            self._loop.call_later(seconds, self._identify, False)
        return DONE
