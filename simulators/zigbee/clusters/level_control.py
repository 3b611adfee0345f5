"""Level Control over a dimmer (ZCL8, 3.10): 1-254 on the wire, 0-100 % in the device.

While the lamp is off, CurrentLevel is the one that it will come back to: an Off ends with the level that was stored
before it (ZCL8, 3.10.2.1.1). A command with On/Off that leads to the lowest level turns it off when it is there, and
not before (ZCL8, 3.10.2.3.5).
"""

from typing import ClassVar, Final

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.level_control import (
    LEVEL_CONTROL,
    LEVEL_MAX,
    RATE_DEFAULT,
    TRANSITION_DEFAULT,
    Direction,
    Move,
    MoveToLevel,
    MoveToLevelWithOnOff,
    MoveWithOnOff,
    Options,
    Step,
    StepWithOnOff,
    Stop,
    StopWithOnOff,
)
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.dimmer import Dimmer
from simulators.zigbee.attributes import Schedule, between
from simulators.zigbee.clusters.side import Answer, Peer, Side

LEVEL_MIN: Final = 1
"""A light has no level 0: that is off (ZCL8, 3.10.2.1.1)."""
MOVING_LOOK_S: Final = 1.0
"""A level on its way is looked at so often."""
_LONGEST_TENTHS: Final = 0xFFFE


def to_wire(percent: float) -> int:
    return max(LEVEL_MIN, min(LEVEL_MAX, round(percent * LEVEL_MAX / 100)))


def from_wire(level: int) -> float:
    return max(LEVEL_MIN, min(LEVEL_MAX, level)) * 100 / LEVEL_MAX


class LevelControlServer(Side):
    """Also what its endpoint's On/Off switches, since that moves the level."""

    CLUSTER = LEVEL_CONTROL
    REVISION = 4
    COMMANDS: ClassVar = (
        MoveToLevel,
        Move,
        Step,
        Stop,
        MoveToLevelWithOnOff,
        MoveWithOnOff,
        StepWithOnOff,
        StopWithOnOff,
    )

    def __init__(self, dimmer: Dimmer) -> None:
        super().__init__()
        self._dimmer = dimmer
        self._fades_out = False
        """By such a command."""
        self._shows("current_level", lambda: self.level, schedule=Schedule(1, 3600, 1))
        self._shows("remaining_time", lambda: min(_LONGEST_TENTHS, round(dimmer.remaining_s * 10)))
        self._constant("min_level", LEVEL_MIN)
        self._constant("max_level", LEVEL_MAX)
        level = between(LEVEL_MIN, LEVEL_MAX, unknown=True)
        ramp = min(_LONGEST_TENTHS, round(dimmer.ramp_s * 10))
        self._options = self._keeps("options", 0)
        self._on_off_transition = self._keeps("on_off_transition_time", ramp)
        self._on_level = self._keeps("on_level", None, level)
        self._on_transition = self._keeps("on_transition_time", None)
        self._off_transition = self._keeps("off_transition_time", None)
        self._default_rate = self._keeps("default_move_rate", 50)
        self._start_up = self._keeps("start_up_current_level", None, between(0, LEVEL_MAX, unknown=True))

    @property
    def level(self) -> int:
        return to_wire(self._dimmer.level if self.on else self._dimmer.last_on_level)

    # --- as its On/Off sees it

    @property
    def on(self) -> bool:
        return self._dimmer.on or (self._fades_out and self._dimmer.moving)

    def switch(self, on: bool) -> None:
        """ZCL8, 3.10.2.1.1, the effect of On/Off commands on CurrentLevel."""
        self._fades_out = False
        on_level = self._on_level.number
        percent = self._dimmer.last_on_level if on_level is None else from_wire(on_level)
        cell = self._on_transition if on else self._off_transition
        self._switch(on, percent, self._switching_s(cell.number))

    def fade(self, on: bool, seconds: float) -> None:
        """Likewise for a scene, in its own time and to where it was."""
        self._fades_out = False
        self._switch(on, self._dimmer.last_on_level, seconds)

    # --- what happens to it

    def react(self, command: ClusterCommand, sender: Peer) -> Answer:  # noqa: ARG002 - whoever asks
        match command:
            case MoveToLevel(level, tenths, mask, override):
                if self._executes(mask, override):
                    self._go_to(level, self._seconds(tenths), with_on_off=False)
            case MoveToLevelWithOnOff(level, tenths):
                self._go_to(level, self._seconds(tenths), with_on_off=True)
            case Move(mode, rate, mask, override):
                return self._move(mode, rate, with_on_off=False, executes=self._executes(mask, override))
            case MoveWithOnOff(mode, rate):
                return self._move(mode, rate, with_on_off=True, executes=True)
            case Step(mode, size, tenths, mask, override):
                executes = self._executes(mask, override)
                return self._step(mode, size, self._seconds(tenths), with_on_off=False, executes=executes)
            case StepWithOnOff(mode, size, tenths):
                return self._step(mode, size, self._seconds(tenths), with_on_off=True, executes=True)
            case Stop() | StopWithOnOff():
                self._dimmer.stop()
        return ZclStatus.SUCCESS

    def happened(self, attribute: str) -> None:
        if attribute != "level":
            return
        self._fades_out = False
        if self._dimmer.on:
            self._dimmer.last_on_level = self._dimmer.level

    def next_look_s(self) -> float | None:
        return MOVING_LOOK_S if self._dimmer.moving else None

    def power_returned(self) -> None:
        """ZCL8, 3.10, StartUpCurrentLevel: None is as before, 0 the lowest."""
        wanted = self._start_up.number
        if wanted is not None:
            self._go_to(max(LEVEL_MIN, wanted), 0.0, with_on_off=False)

    def scene_fields(self) -> bytes:
        return bytes((self.level,))

    def recall_scene(self, fields: bytes, transition_s: float) -> None:
        if not fields:
            raise MalformedFrame("a scene without a level")
        self._go_to(fields[0], transition_s, with_on_off=False)

    # --- inside

    def _switch(self, on: bool, percent: float, seconds: float) -> None:
        if on != self._dimmer.on:
            self._dimmer.go_to(percent if on else 0.0, seconds)

    def _executes(self, mask: int | None, override: int | None) -> bool:
        """ZCL8, 3.10.2.2.8.1 and 3.10.2.3.1: commands without On/Off do nothing to a lamp that is off, unless the
        options say so."""
        options = self._options.number or 0
        if mask is not None and override is not None:
            options = options & ~mask | override & mask
        return self.on or bool(options & Options.EXECUTE_IF_OFF)

    def _go_to(self, level: int, seconds: float, *, with_on_off: bool) -> None:
        """ZCL8, 3.10.2.3.1: with On/Off the lowest level is off, and any other on."""
        dark = with_on_off and level <= LEVEL_MIN
        self._fades_out = dark and self.on
        if with_on_off:
            self._dimmer.go_to(0.0 if dark else from_wire(level), seconds)
        elif self.on:
            self._dimmer.go_to(from_wire(level), seconds)
        else:
            self._dimmer.last_on_level = from_wire(level)

    def _move(self, mode: int, rate: int, *, with_on_off: bool, executes: bool) -> ZclStatus:
        """ZCL8, 3.10.2.3.2."""
        if mode not in tuple(Direction):
            return ZclStatus.INVALID_FIELD
        if rate == RATE_DEFAULT:
            rate = self._default_rate.number or LEVEL_MAX
        if not executes or rate == 0:
            return ZclStatus.SUCCESS
        up = mode == Direction.UP
        target = LEVEL_MAX if up else LEVEL_MIN
        if not self.on and (not with_on_off or not up):
            if not with_on_off:
                self._dimmer.last_on_level = from_wire(target)
            return ZclStatus.SUCCESS
        percent = 0.0 if with_on_off and not up else from_wire(target)
        self._fades_out = percent == 0
        self._dimmer.move(percent, LEVEL_MAX / rate)
        return ZclStatus.SUCCESS

    def _step(self, mode: int, size: int, seconds: float, *, with_on_off: bool, executes: bool) -> ZclStatus:
        """ZCL8, 3.10.2.3.3: a step that would lead beyond an end takes as much less time."""
        if mode not in tuple(Direction):
            return ZclStatus.INVALID_FIELD
        if not executes or size == 0:
            return ZclStatus.SUCCESS
        up = mode == Direction.UP
        if with_on_off and not up and not self.on:
            return ZclStatus.SUCCESS
        start = LEVEL_MIN if with_on_off and not self.on else self.level
        target = max(LEVEL_MIN, min(LEVEL_MAX, start + size if up else start - size))
        self._go_to(target, seconds * abs(target - start) / size, with_on_off=with_on_off)
        return ZclStatus.SUCCESS

    def _seconds(self, tenths: int) -> float:
        if tenths == TRANSITION_DEFAULT:
            return (self._on_off_transition.number or 0) / 10
        return tenths / 10

    def _switching_s(self, tenths: int | None) -> float:
        chosen = tenths if tenths is not None else self._on_off_transition.number
        return (chosen or 0) / 10
