"""Color Switch on a lamp with colours (SDS13781)."""

from collections.abc import Iterable

from drivers.zwave.command_classes import switch_color
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.duration import Duration
from drivers.zwave.command_classes.switch_color import (
    Component,
    SwitchColorGet,
    SwitchColorReport,
    SwitchColorSet,
    SwitchColorStartLevelChange,
    SwitchColorStopLevelChange,
    SwitchColorSupportedGet,
    SwitchColorSupportedReport,
)
from simulators.devices.dimmer import BLUE, COLD_WHITE, GREEN, RED, WARM_WHITE, ColorLamp
from simulators.zwave.reactions.reaction import DONE, FAILED, Answer, Reaction, working

NAMES = {
    Component.WARM_WHITE: WARM_WHITE,
    Component.COLD_WHITE: COLD_WHITE,
    Component.RED: RED,
    Component.GREEN: GREEN,
    Component.BLUE: BLUE,
}
_LEVEL_CHANGE_S = 5.0


class SwitchColorReaction(Reaction):
    MODULE = switch_color
    REPORTS = (SwitchColorReport,)

    def __init__(self, lamp: ColorLamp) -> None:
        self._lamp = lamp
        self._reported = {component: round(lamp.component(name).value) for component, name in NAMES.items()}

    def react(self, command: Command) -> Answer:
        match command:
            case SwitchColorSupportedGet():
                return SwitchColorSupportedReport(frozenset(int(component) for component in NAMES))
            case SwitchColorGet(component):
                # One that the lamp has not is answered with 0, as real ones do.
                return (
                    self._report(component) if component in NAMES else SwitchColorReport(component, 0, 0, Duration(0))
                )
            case SwitchColorSet(levels, duration):
                wanted = {NAMES[Component(it.component)]: float(it.level) for it in levels if it.component in NAMES}
                self._lamp.color(wanted, None if duration is None else duration.seconds)
                return working(max((self._lamp.component(name).remaining_s for name in wanted), default=0.0))
            case SwitchColorStartLevelChange(down, component, start_level, duration) if component in NAMES:
                name = NAMES[Component(component)]
                if start_level is not None:
                    self._lamp.color({name: float(start_level)}, 0.0)
                seconds = _LEVEL_CHANGE_S if duration is None or duration.seconds is None else float(duration.seconds)
                self._lamp.move_component(name, 0.0 if down else 255.0, seconds)
                return working(self._lamp.component(name).remaining_s)
            case SwitchColorStopLevelChange(component) if component in NAMES:
                self._lamp.stop_component(NAMES[Component(component)])
                return DONE
            case SwitchColorStartLevelChange() | SwitchColorStopLevelChange():
                return FAILED
        return None

    def changed(self, attribute: str) -> Iterable[Command]:
        if attribute != "color":
            return
        for component in NAMES:
            report = self._report(component)
            if report.level != self._reported[component]:
                self._reported[component] = report.level
                yield report

    def _report(self, component: int) -> SwitchColorReport:
        motion = self._lamp.component(NAMES[Component(component)])
        return SwitchColorReport(
            component, round(motion.value), round(motion.target), Duration.from_seconds(motion.remaining_s)
        )
