"""Multilevel Switch on a dimmer or a blind (SDS13781): 0-99 on the wire, 0-100 % in the device.

A step is a percent, and the last one is full: what a hand sets to 80 % says 80.
"""

from collections.abc import Iterable
from typing import Protocol

from drivers.zwave.command_classes import switch_multilevel
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.duration import Duration
from drivers.zwave.command_classes.switch_multilevel import (
    ON,
    Change,
    SwitchMultilevelGet,
    SwitchMultilevelReport,
    SwitchMultilevelSet,
    SwitchMultilevelStartLevelChange,
    SwitchMultilevelStopLevelChange,
    SwitchMultilevelSupportedGet,
    SwitchMultilevelSupportedReport,
    SwitchType,
)
from simulators.devices.blind import Blind
from simulators.devices.dimmer import Dimmer
from simulators.zwave.reactions.reaction import DONE, FAILED, Answer, Outcome, Reaction, working

LEVEL_MAX = 99


def to_wire(percent: float) -> int:
    """0 only for 0, as a lamp that is on must not be reported off."""
    return 0 if percent <= 0 else min(LEVEL_MAX, max(1, round(percent)))


def from_wire(level: int) -> float:
    return 100.0 if level >= LEVEL_MAX else float(level)


class Levelled(Protocol):
    """What this class moves, in percent."""

    switch_type: SwitchType
    attribute: str

    def now(self) -> tuple[float, float, float]:
        """The level, the target, and the seconds left."""
        ...

    def go(self, level: float, seconds: float | None) -> None: ...

    def turn_on(self, seconds: float | None) -> None: ...

    def move(self, target: float, full_range_s: float | None) -> None: ...

    def stop(self) -> None: ...


class DimmerLevel:
    switch_type = SwitchType.OFF_ON
    attribute = "level"

    def __init__(self, dimmer: Dimmer) -> None:
        self._dimmer = dimmer

    def now(self) -> tuple[float, float, float]:
        return self._dimmer.level, self._dimmer.target, self._dimmer.remaining_s

    def go(self, level: float, seconds: float | None) -> None:
        self._dimmer.go_to(level, seconds)

    def turn_on(self, seconds: float | None) -> None:
        self._dimmer.go_to(self._dimmer.last_on_level, seconds)

    def move(self, target: float, full_range_s: float | None) -> None:
        self._dimmer.move(target, 5.0 if full_range_s is None else full_range_s)

    def stop(self) -> None:
        self._dimmer.stop()


class BlindLevel:
    """A blind's motor has one speed: durations are ignored, as they may be."""

    switch_type = SwitchType.CLOSE_OPEN
    attribute = "position"

    def __init__(self, blind: Blind) -> None:
        self._blind = blind

    def now(self) -> tuple[float, float, float]:
        return self._blind.position, self._blind.target, self._blind.remaining_s

    def go(self, level: float, seconds: float | None) -> None:  # noqa: ARG002 - see above
        self._blind.go_to(level)

    def turn_on(self, seconds: float | None) -> None:
        self.go(100.0, seconds)

    def move(self, target: float, full_range_s: float | None) -> None:  # noqa: ARG002 - see above
        self._blind.go_to(target)

    def stop(self) -> None:
        self._blind.stop()


class SwitchMultilevelReaction(Reaction):
    MODULE = switch_multilevel
    REPORTS = (SwitchMultilevelReport,)

    def __init__(self, levelled: Levelled) -> None:
        self._levelled = levelled

    def react(self, command: Command) -> Answer:
        match command:
            case SwitchMultilevelGet():
                return self._report()
            case SwitchMultilevelSupportedGet():
                return SwitchMultilevelSupportedReport(self._levelled.switch_type, SwitchType.NOT_SUPPORTED)
            case SwitchMultilevelSet(value, duration):
                return self._set(value, _seconds(duration))
            case SwitchMultilevelStartLevelChange(change, start_level, duration):
                if start_level is not None:
                    self._levelled.go(from_wire(start_level), 0.0)
                self._levelled.move(100.0 if change is Change.UP else 0.0, _seconds(duration))
                return working(self._levelled.now()[2])
            case SwitchMultilevelStopLevelChange():
                self._levelled.stop()
                return DONE
        return None

    def changed(self, attribute: str) -> Iterable[Command]:
        return (self._report(),) if attribute == self._levelled.attribute else ()

    def basic_value(self) -> tuple[int, int, float]:
        level, target, seconds = self._levelled.now()
        return to_wire(level), to_wire(target), seconds

    def basic_set(self, value: int) -> Outcome:
        return self._set(value, None)

    def _set(self, value: int, seconds: float | None) -> Outcome:
        if value == ON:
            self._levelled.turn_on(seconds)
        elif value <= LEVEL_MAX:
            self._levelled.go(from_wire(value), seconds)
        else:
            return FAILED  # reserved values, which are not carried out (SDS13781, Multilevel Switch Set)
        return working(self._levelled.now()[2])

    def _report(self) -> SwitchMultilevelReport:
        level, target, seconds = self._levelled.now()
        return SwitchMultilevelReport(to_wire(level), to_wire(target), Duration.from_seconds(seconds))


def _seconds(duration: Duration | None) -> float | None:
    """None is the device's own speed."""
    return None if duration is None else duration.seconds
