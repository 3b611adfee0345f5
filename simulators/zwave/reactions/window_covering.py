"""Window Covering on a blind that comes down from above (SDS13781): its outside bottom, 0 closed, 99 open."""

from collections.abc import Iterable

from drivers.zwave.command_classes import window_covering
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.duration import Duration
from drivers.zwave.command_classes.window_covering import (
    Parameter,
    WindowCoveringGet,
    WindowCoveringReport,
    WindowCoveringSet,
    WindowCoveringStartLevelChange,
    WindowCoveringStopLevelChange,
    WindowCoveringSupportedGet,
    WindowCoveringSupportedReport,
)
from simulators.devices.blind import Blind
from simulators.zwave.reactions.reaction import DONE, FAILED, Answer, Reaction, working
from simulators.zwave.reactions.switch_multilevel import from_wire, to_wire

PARAMETER = Parameter.OUTBOUND_BOTTOM


class WindowCoveringReaction(Reaction):
    MODULE = window_covering
    REPORTS = (WindowCoveringReport,)

    def __init__(self, blind: Blind) -> None:
        self._blind = blind

    def react(self, command: Command) -> Answer:
        match command:
            case WindowCoveringSupportedGet():
                return WindowCoveringSupportedReport(frozenset({int(PARAMETER)}))
            case WindowCoveringGet(parameter) if parameter == PARAMETER:
                return self._report()
            case WindowCoveringSet(levels):
                wanted = [it.level for it in levels if it.parameter == PARAMETER]
                if not wanted:
                    return FAILED
                self._blind.go_to(from_wire(wanted[-1]))
                return working(self._blind.remaining_s)
            case WindowCoveringStartLevelChange(down, parameter) if parameter == PARAMETER:
                self._blind.go_to(0.0 if down else 100.0)
                return working(self._blind.remaining_s)
            case WindowCoveringStopLevelChange(parameter) if parameter == PARAMETER:
                self._blind.stop()
                return DONE
            case WindowCoveringStartLevelChange() | WindowCoveringStopLevelChange():
                return FAILED
        return None

    def changed(self, attribute: str) -> Iterable[Command]:
        return (self._report(),) if attribute == "position" else ()

    def _report(self) -> WindowCoveringReport:
        blind = self._blind
        return WindowCoveringReport(
            PARAMETER, to_wire(blind.position), to_wire(blind.target), Duration.from_seconds(blind.remaining_s)
        )
