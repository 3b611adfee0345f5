"""Remotes: what they command lamps, blinds and alarm systems with is which button was pressed, and how.

A press is an event and never a state. The commands that all remotes share are named in `GENERIC`; a model whose
buttons send the same for something else has `keys` of its own in the quirks:

    on  off  toggle                                          On/Off
    up.move  down.move  up.step  down.step  stop  level:254  Level Control, with On/Off or without
    warmer.move  warmer.step  cooler.move  cooler.step  hue.up  hue.down  temperature:370  color  loop  color.stop
    scene:3  left  right  left.hold  right.hold  arrow.release    Scenes; the arrows are IKEA's
    open  close  cover.stop                                  Window Covering
    disarm  arm_home  arm_night  arm_away  emergency  fire  panic      IAS ACE

A button that is held starts a movement and its release ends it: the end does not say which button it was, and is the
release of the one that was held.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from drivers.zigbee.capabilities.flags import OCCUPIED
from drivers.zigbee.capabilities.quirks.quirk import Key
from drivers.zigbee.capabilities.translation import (
    CommandReader,
    Place,
    Pressed,
    Reading,
    Said,
    Translation,
    no_readings,
)
from drivers.zigbee.zcl.clusters import color_control, ias_ace, level_control, on_off, scenes, window_covering
from hubagent.model.capabilities.occupancy_sensing import OCCUPANCY_SENSING
from hubagent.model.capabilities.switch import SWITCH, Press
from hubagent.model.capability import Capability

HOLD_S: Final = 10.0
"""How long a button counts as held whose release is not heard: any lamp has reached its end by then."""
ON_TIME_MAX_S: Final = 600.0
"""The longest that IKEA's motion sensor can be set to keep lamps on."""
SCENE_BUTTONS: Final = 10
"""Scene 0 is button 10: scenes may be many, and no remote has so many other buttons."""
_HELD = "held"

GENERIC: Final[Mapping[str, Key]] = {
    "on": Key(1),
    "off": Key(2),
    "toggle": Key(1),
    "up.move": Key(1, Press.HOLD),
    "down.move": Key(2, Press.HOLD),
    "up.step": Key(3),
    "down.step": Key(4),
    "level": Key(5),
    "warmer.step": Key(6),
    "warmer.move": Key(6, Press.HOLD),
    "cooler.step": Key(7),
    "cooler.move": Key(7, Press.HOLD),
    "hue.up": Key(8, Press.HOLD),
    "hue.down": Key(9, Press.HOLD),
    "temperature": Key(6),
    "color": Key(8),
    "loop": Key(8, Press.DOUBLE),
    "left": Key(4),
    "right": Key(5),
    "left.hold": Key(4, Press.HOLD),
    "right.hold": Key(5, Press.HOLD),
    "open": Key(1),
    "close": Key(2),
    "cover.stop": Key(3),
    "disarm": Key(1),
    "arm_home": Key(2),
    "arm_night": Key(3),
    "arm_away": Key(4),
    "emergency": Key(5),
    "fire": Key(6),
    "panic": Key(7),
}
"""What each command is where the model is not known to mean something else. On is button 1, off button 2, as on every
remote with two; their long press dims up and down."""


def press(name: str, place: Place, group: str = "") -> list[Said]:
    """What a remote's command is. Where no table has the very command `group` stands for it: `level` for `level:77`."""
    keys = place.quirk.keys
    if not keys:
        key = GENERIC.get(name) or GENERIC.get(group)
        return [] if key is None else pressed(Key(key.button + place.button_offset, key.press), place)
    for candidate in ((place.number, name), name, (place.number, group), group):
        if candidate in keys:
            return pressed(keys[candidate], place)
    return []


def pressed(key: Key, place: Place) -> list[Said]:
    if key.press is Press.HOLD:
        place.memory[_HELD] = key.button
        return [Pressed(key.button, key.press, held_for_s=HOLD_S)]
    place.memory.pop(_HELD, None)
    return [Pressed(key.button, key.press)]


def released(place: Place) -> list[Said]:
    """Of the button that was held; a movement that did not begin with one has no button to release."""
    button = place.memory.pop(_HELD, None)
    return [] if button is None else [Pressed(button, Press.RELEASE)]


def named(name: str) -> CommandReader:
    return lambda _command, place: press(name, place)


def _stop(_command: Any, place: Place) -> list[Said]:
    if "stop" in place.quirk.keys or (place.number, "stop") in place.quirk.keys:
        return press("stop", place)
    return released(place)


def _directed(suffix: str) -> CommandReader:
    def read(command: Any, place: Place) -> list[Said]:
        mode = command.move_mode if suffix == "move" else command.step_mode
        return press(f"{'up' if mode == level_control.Direction.UP else 'down'}.{suffix}", place)

    return read


def _timed(command: on_off.OnWithTimedOff, place: Place) -> list[Said]:
    """A motion sensor of IKEA's keeps its lamps on for as long as it is set to; that long somebody counts as there."""
    if place.quirk.motion_by_command:
        return [OCCUPIED.lasting(command.on_time / 10)] if command.on_time else []
    return press("on", place)


def _lasting(place: Place) -> tuple[Reading, ...]:
    return (OCCUPIED.lasting(ON_TIME_MAX_S),) if place.quirk.motion_by_command else ()


def _to_level(command: Any, place: Place) -> list[Said]:
    return press(f"level:{command.level}", place, "level")


# Color Control: which way a remote turns (ZCL8 §5.2.2.3)

_STOP, _UP = color_control.Direction.STOP, color_control.Direction.UP


def _temperature_moves(command: color_control.MoveColorTemperature, place: Place) -> list[Said]:
    if command.move_mode == _STOP:
        return released(place)
    # More mireds are a warmer white.
    return press("warmer.move" if command.move_mode == _UP else "cooler.move", place)


def _temperature_steps(command: color_control.StepColorTemperature, place: Place) -> list[Said]:
    return press("warmer.step" if command.step_mode == _UP else "cooler.step", place)


def _to_temperature(command: color_control.MoveToColorTemperature, place: Place) -> list[Said]:
    return press(f"temperature:{command.color_temperature}", place, "temperature")


def _hue_moves(command: Any, place: Place) -> list[Said]:
    if command.move_mode == _STOP:
        return released(place)
    return press("hue.up" if command.move_mode == _UP else "hue.down", place)


def _hue_steps(command: Any, place: Place) -> list[Said]:
    return press("hue.up" if command.step_mode == _UP else "hue.down", place)


# Scenes

_ARROW_LEFT, _ARROW_HELD_LEFT, _ARROW_NEITHER = 0x0101, 0x0D01, 0x0002


def _scene(command: scenes.RecallScene, place: Place) -> list[Said]:
    if place.quirk.keys:
        return press(f"scene:{command.scene}", place)
    return pressed(Key(SCENE_BUTTONS + command.scene), place)


# IAS ACE: Arm's modes (ZCL8 §8.3.2.4.1.1)

_ARMED: Final = {0: "disarm", 1: "arm_home", 2: "arm_night", 3: "arm_away"}


def _arm(command: ias_ace.Arm, place: Place) -> list[Said]:
    name = _ARMED.get(command.arm_mode)
    return [] if name is None else press(name, place)


# Who is a remote

BUTTONS_OF: Final[tuple[tuple[int, int], ...]] = (
    (color_control.CLUSTER_ID, 9),
    (ias_ace.CLUSTER_ID, 7),
    (level_control.CLUSTER_ID, 5),
    (window_covering.CLUSTER_ID, 3),
    (on_off.CLUSTER_ID, 2),
)
"""Clusters, and how many numbers the buttons of an end point take that is their client."""


def buttons_of(place: Place) -> int:
    """By which the buttons of the next end point are numbered on."""
    return next((count for cluster, count in BUTTONS_OF if place.commands_with(cluster)), 0)


NO_REMOTES: Final = frozenset((0x0106, 0x0107, 0x010E, 0x0850))
"""Device types of sensors that command lamps by themselves (HA 05-3520-29, Lighting & Occupancy 15-0014-05)."""
LAMPS: Final = frozenset((0x0100, 0x0101, 0x0102, 0x010C, 0x010D, 0x0200, 0x0210, 0x0220))
"""Device types of lamps: what clusters they are clients of is what their maker's other lamps need."""


def is_remote(place: Place) -> bool:
    device_type = place.end_point.device_type
    if place.quirk.motion_by_command or place.quirk.presses:
        return False
    if place.quirk.keys:
        return True
    return device_type not in NO_REMOTES and not (device_type in LAMPS and place.has(on_off.CLUSTER_ID))


def _button(_place: Place) -> tuple[Capability, ...]:
    return (SWITCH,)


def _with_keys(place: Place) -> tuple[Capability, ...]:
    """A level or a scene alone makes a remote only of what is known to be one: lamps list these too."""
    return (SWITCH,) if place.quirk.keys else ()


def _switch_offers(place: Place) -> tuple[Capability, ...]:
    return (OCCUPANCY_SENSING,) if place.quirk.motion_by_command else (SWITCH,)


def _switches(place: Place) -> bool:
    return place.quirk.motion_by_command or is_remote(place)


def _client(
    cluster: int,
    commands: Mapping[Any, CommandReader],
    offers: Callable[[Place], tuple[Capability, ...]] = _button,
    applies: Callable[[Place], bool] = is_remote,
    lasting: Callable[[Place], tuple[Reading, ...]] = no_readings,
) -> Translation:
    return Translation(cluster, offers, applies, client=True, commands=commands, lasting=lasting)


BUTTONS = (
    _client(
        on_off.CLUSTER_ID,
        {
            on_off.On: named("on"),
            on_off.Off: named("off"),
            on_off.Toggle: named("toggle"),
            on_off.OffWithEffect: named("off"),
            on_off.OnWithRecallGlobalScene: named("on"),
            on_off.OnWithTimedOff: _timed,
        },
        _switch_offers,
        _switches,
        _lasting,
    ),
    _client(
        level_control.CLUSTER_ID,
        {
            level_control.MoveToLevel: _to_level,
            level_control.MoveToLevelWithOnOff: _to_level,
            level_control.Move: _directed("move"),
            level_control.MoveWithOnOff: _directed("move"),
            level_control.Step: _directed("step"),
            level_control.StepWithOnOff: _directed("step"),
            level_control.Stop: _stop,
            level_control.StopWithOnOff: _stop,
        },
        _with_keys,
    ),
    _client(
        color_control.CLUSTER_ID,
        {
            color_control.MoveToColorTemperature: _to_temperature,
            color_control.MoveColorTemperature: _temperature_moves,
            color_control.StepColorTemperature: _temperature_steps,
            color_control.MoveHue: _hue_moves,
            color_control.StepHue: _hue_steps,
            color_control.EnhancedMoveHue: _hue_moves,
            color_control.EnhancedStepHue: _hue_steps,
            color_control.MoveToHueAndSaturation: named("color"),
            color_control.MoveToColor: named("color"),
            color_control.ColorLoopSet: named("loop"),
            color_control.StopMoveStep: lambda _command, place: released(place),
        },
        _with_keys,
    ),
    _client(scenes.CLUSTER_ID, {scenes.RecallScene: _scene}, _with_keys),
    _client(
        window_covering.CLUSTER_ID,
        {
            window_covering.UpOpen: named("open"),
            window_covering.DownClose: named("close"),
            window_covering.Stop: named("cover.stop"),
        },
    ),
    _client(
        ias_ace.CLUSTER_ID,
        {
            ias_ace.Arm: _arm,
            ias_ace.Emergency: named("emergency"),
            ias_ace.Fire: named("fire"),
            ias_ace.Panic: named("panic"),
        },
    ),
)
