"""Color Control over a lamp with red, green, blue, warm and cold white (ZCL8, 5.2).

Which command moves what is here; the colour itself is `lamp_color`'s.
"""

from typing import ClassVar, Final

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.color_control import (
    COLOR_CONTROL,
    ColorCapability,
    ColorMode,
    Direction,
    EnhancedMoveHue,
    EnhancedMoveToHue,
    EnhancedMoveToHueAndSaturation,
    EnhancedStepHue,
    HueDirection,
    MoveColor,
    MoveColorTemperature,
    MoveHue,
    MoveSaturation,
    MoveToColor,
    MoveToColorTemperature,
    MoveToHue,
    MoveToHueAndSaturation,
    MoveToSaturation,
    Options,
    StepColor,
    StepColorTemperature,
    StepHue,
    StepSaturation,
    StopMoveStep,
)
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.dimmer import ColorLamp
from simulators.zigbee.attributes import Schedule, between
from simulators.zigbee.clusters.side import Answer, Peer, Place, Side
from simulators.zigbee.lamp_color import (
    COLDEST_MIREDS,
    HUE_MAX,
    HUE_STEP,
    WARMEST_MIREDS,
    XY_MAX,
    LampColor,
    within_xy,
)

MOVING_LOOK_S: Final = 1.0
ENDLESS_S: Final = 3600.0
"""A hue that is moved runs on until it is stopped, or for so long."""
_SCENE_BYTES: Final = 13


class ColorControlServer(Side):
    CLUSTER = COLOR_CONTROL
    REVISION = 3
    COMMANDS: ClassVar = (
        MoveToHue,
        MoveHue,
        StepHue,
        MoveToSaturation,
        MoveSaturation,
        StepSaturation,
        MoveToHueAndSaturation,
        MoveToColor,
        MoveColor,
        StepColor,
        MoveToColorTemperature,
        EnhancedMoveToHue,
        EnhancedMoveHue,
        EnhancedStepHue,
        EnhancedMoveToHueAndSaturation,
        StopMoveStep,
        MoveColorTemperature,
        StepColorTemperature,
    )

    def __init__(self, lamp: ColorLamp) -> None:
        super().__init__()
        self._lamp = lamp
        self._color = LampColor(lamp)
        report = Schedule(1, 3600, 1)
        self._shows("current_hue", lambda: min(HUE_MAX, self._color.hue // HUE_STEP), schedule=report)
        self._shows("current_saturation", lambda: self._color.saturation, schedule=report)
        self._shows("remaining_time", lambda: min(0xFFFE, round(self._color.remaining_s * 10)))
        self._shows("current_x", lambda: self._color.x, schedule=Schedule(1, 3600, 256))
        self._shows("current_y", lambda: self._color.y, schedule=Schedule(1, 3600, 256))
        self._shows("color_temperature", lambda: self._color.mireds, schedule=report)
        self._shows("color_mode", self._color_mode)
        self._options = self._keeps("options", 0)
        self._constant("number_of_primaries", 0)
        self._shows("enhanced_current_hue", lambda: self._color.hue)
        self._shows("enhanced_color_mode", lambda: self._color.mode)
        self._constant(
            "color_capabilities",
            ColorCapability.HUE_AND_SATURATION
            | ColorCapability.ENHANCED_HUE
            | ColorCapability.X_AND_Y
            | ColorCapability.COLOR_TEMPERATURE,
        )
        self._constant("color_temperature_physical_min", COLDEST_MIREDS)
        self._constant("color_temperature_physical_max", WARMEST_MIREDS)
        self._start_up = self._keeps("start_up_color_temperature", None, between(0, 0xFEFF, unknown=True))

    def placed(self, place: Place) -> None:
        super().placed(place)
        self._color.begin(place.loop, place.look)

    # --- what happens to it

    def react(self, command: ClusterCommand, sender: Peer) -> Answer:  # noqa: ARG002 - whoever asks
        mask: int | None = getattr(command, "options_mask", None)
        override: int | None = getattr(command, "options_override", None)
        if not self._executes(mask, override):
            return ZclStatus.SUCCESS
        match command:
            case StopMoveStep():
                return self._stop()
            case MoveToColorTemperature() | MoveColorTemperature() | StepColorTemperature():
                return self._temperature(command)
            case MoveToColor() | MoveColor() | StepColor():
                return self._xy(command)
            case MoveToSaturation() | MoveSaturation() | StepSaturation():
                return self._saturation(command)
        return self._hues(command)

    def next_look_s(self) -> float | None:
        return MOVING_LOOK_S if self._color.remaining_s else None

    def halt(self) -> None:
        self._color.stop()

    def power_returned(self) -> None:
        if self._start_up.number:
            self._color.to_mireds(self._start_up.number, 0.0)

    def scene_fields(self) -> bytes:
        """ZCL8, 5.2: x, y, enhanced hue, saturation, the loop, mireds. Those of another mode are 0."""
        x = y = hue = saturation = mireds = 0
        if self._color.mode == ColorMode.X_AND_Y:
            x, y = self._color.x, self._color.y
        elif self._color.mode == ColorMode.COLOR_TEMPERATURE:
            mireds = self._color.mireds
        else:
            hue, saturation = self._color.hue, self._color.saturation
        numbers = b"".join(it.to_bytes(2, "little") for it in (x, y, hue))
        return numbers + bytes((saturation, 0, 0, 0, 0)) + mireds.to_bytes(2, "little")

    def recall_scene(self, fields: bytes, transition_s: float) -> None:
        if len(fields) < 4:
            raise MalformedFrame("a scene without a colour")
        numbers = fields.ljust(_SCENE_BYTES, b"\x00")
        x, y, hue, mireds = (int.from_bytes(numbers[at : at + 2], "little") for at in (0, 2, 4, 11))
        if mireds:
            self._color.to_mireds(mireds, transition_s)
        elif x or y:
            self._color.to_xy(x, y, transition_s)
        else:
            self._color.to_hue(hue, numbers[6], transition_s, ColorMode.ENHANCED_HUE_AND_SATURATION)

    # --- commands

    def _stop(self) -> ZclStatus:
        self._color.stop()
        return ZclStatus.SUCCESS

    def _temperature(self, command: ClusterCommand) -> ZclStatus:
        """ZCL8, 5.2, Move to, Step and Move Color Temperature."""
        now = self._color.mireds
        match command:
            case MoveToColorTemperature(mireds, tenths):
                self._color.to_mireds(mireds, tenths / 10)
            case StepColorTemperature(Direction.UP | Direction.DOWN as mode, size, tenths, lowest, highest):
                target = now + size if mode == Direction.UP else now - size
                self._color.to_mireds(_clamped(target, lowest, highest), tenths / 10)
            case MoveColorTemperature(Direction.STOP):
                return self._stop()
            case MoveColorTemperature(Direction.UP | Direction.DOWN as mode, rate, lowest, highest) if rate:
                end = _clamped(0xFFFF if mode == Direction.UP else 0, lowest, highest)
                self._color.to_mireds(end, abs(end - now) / rate)
            case _:
                return ZclStatus.INVALID_FIELD
        return ZclStatus.SUCCESS

    def _xy(self, command: ClusterCommand) -> ZclStatus:
        """ZCL8, 5.2, Move to, Step and Move Color."""
        x, y = self._color.x, self._color.y
        match command:
            case MoveToColor(to_x, to_y, tenths):
                if max(to_x, to_y) > XY_MAX:
                    return ZclStatus.INVALID_VALUE
                self._color.to_xy(to_x, to_y, tenths / 10)
            case StepColor(step_x, step_y, tenths):
                self._color.to_xy(within_xy(x + step_x), within_xy(y + step_y), tenths / 10)
            case MoveColor(0, 0):
                return self._stop()
            case MoveColor(rate_x, rate_y):
                seconds = min(_until_edge(x, rate_x), _until_edge(y, rate_y))
                end_x, end_y = within_xy(round(x + rate_x * seconds)), within_xy(round(y + rate_y * seconds))
                self._color.to_xy(end_x, end_y, seconds)
        return ZclStatus.SUCCESS

    def _saturation(self, command: ClusterCommand) -> ZclStatus:
        """ZCL8, 5.2, Move to, Step and Move Saturation."""
        now = self._color.saturation
        match command:
            case MoveToSaturation(saturation, tenths) if saturation <= HUE_MAX:
                self._color.to_saturation(saturation, tenths / 10)
            case StepSaturation(Direction.UP | Direction.DOWN as mode, size, tenths):
                target = now + size if mode == Direction.UP else now - size
                self._color.to_saturation(max(0, min(HUE_MAX, target)), tenths / 10)
            case MoveSaturation(Direction.STOP):
                return self._stop()
            case MoveSaturation(Direction.UP | Direction.DOWN as mode, rate) if rate:
                end = HUE_MAX if mode == Direction.UP else 0
                self._color.to_saturation(end, abs(end - now) / rate)
            case _:
                return ZclStatus.INVALID_FIELD
        return ZclStatus.SUCCESS

    def _hues(self, command: ClusterCommand) -> ZclStatus:
        """ZCL8, 5.2, the commands for hue. The plain ones are the enhanced ones in steps of 256."""
        plain, enhanced = ColorMode.HUE_AND_SATURATION, ColorMode.ENHANCED_HUE_AND_SATURATION
        match command:
            case MoveToHue(hue, direction, tenths) if hue <= HUE_MAX:
                return self._turn_to(hue * HUE_STEP, direction, tenths, plain)
            case EnhancedMoveToHue(hue, direction, tenths):
                return self._turn_to(hue, direction, tenths, enhanced)
            case MoveHue(mode, rate):
                return self._turn(mode, rate * HUE_STEP, ENDLESS_S, plain)
            case EnhancedMoveHue(mode, rate):
                return self._turn(mode, rate, ENDLESS_S, enhanced)
            case StepHue(Direction.UP | Direction.DOWN as mode, size, tenths):
                return self._step_hue(mode, size * HUE_STEP, tenths, plain)
            case EnhancedStepHue(Direction.UP | Direction.DOWN as mode, size, tenths):
                return self._step_hue(mode, size, tenths, enhanced)
            case MoveToHueAndSaturation(hue, saturation, tenths) if max(hue, saturation) <= HUE_MAX:
                self._color.to_hue(
                    self._color.way(hue * HUE_STEP, HueDirection.SHORTEST), saturation, tenths / 10, plain
                )
                return ZclStatus.SUCCESS
            case EnhancedMoveToHueAndSaturation(hue, saturation, tenths) if saturation <= HUE_MAX:
                way = self._color.way(hue, HueDirection.SHORTEST)
                self._color.to_hue(way, saturation, tenths / 10, enhanced)
                return ZclStatus.SUCCESS
        return ZclStatus.INVALID_FIELD

    def _turn_to(self, hue: int, direction: int, tenths: int, mode: ColorMode) -> ZclStatus:
        if direction not in tuple(HueDirection):
            return ZclStatus.INVALID_FIELD
        self._color.to_hue(self._color.way(hue, HueDirection(direction)), self._color.saturation, tenths / 10, mode)
        return ZclStatus.SUCCESS

    def _turn(self, direction: int, rate: int, seconds: float, mode: ColorMode) -> ZclStatus:
        if direction == Direction.STOP:
            return self._stop()
        if direction not in (Direction.UP, Direction.DOWN) or not rate:
            return ZclStatus.INVALID_FIELD
        way = rate * seconds if direction == Direction.UP else -rate * seconds
        self._color.to_hue(self._color.hue_walked + way, self._color.saturation, seconds, mode)
        return ZclStatus.SUCCESS

    def _step_hue(self, direction: int, size: int, tenths: int, mode: ColorMode) -> ZclStatus:
        way = size if direction == Direction.UP else -size
        self._color.to_hue(self._color.hue_walked + way, self._color.saturation, tenths / 10, mode)
        return ZclStatus.SUCCESS

    # --- inside

    def _color_mode(self) -> int:
        """ZCL8, 5.2: the plain mode knows of no enhanced hue."""
        if self._color.mode == ColorMode.ENHANCED_HUE_AND_SATURATION:
            return ColorMode.HUE_AND_SATURATION
        return self._color.mode

    def _executes(self, mask: int | None, override: int | None) -> bool:
        """ZCL8, 5.2: nothing is done to a lamp that is off, unless the options say so."""
        options = self._options.number or 0
        if mask is not None and override is not None:
            options = options & ~mask | override & mask
        return self._lamp.on or bool(options & Options.EXECUTE_IF_OFF)


def _until_edge(value: int, rate: int) -> float:
    if rate == 0:
        return float("inf")
    return (XY_MAX - value) / rate if rate > 0 else value / -rate


def _clamped(mireds: int, lowest: int, highest: int) -> int:
    """0 as a limit is the lamp's own."""
    return max(lowest or COLDEST_MIREDS, min(highest or WARMEST_MIREDS, mireds))
