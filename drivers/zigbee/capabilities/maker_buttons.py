"""Buttons that speak in their makers' own commands: Philips, IKEA, Tuya.

Philips and IKEA tell press and release apart: a short release is a single press, so that what is held is not both.
Tuya's remotes say one thing for each press, on the end point of the button's number.
"""

from collections.abc import Mapping
from typing import Final

from drivers.zigbee.capabilities.buttons import HOLD_S, is_remote, press, released
from drivers.zigbee.capabilities.quirks.philips import MAKERS
from drivers.zigbee.capabilities.translation import Place, Pressed, Said, Translation
from drivers.zigbee.zcl.clusters import ikea, on_off, philips, scenes, tuya_switch
from hubagent.model.capabilities.switch import SWITCH, Press
from hubagent.model.capability import Capability

# Philips

HUE_REPEAT_S: Final = 1.5
"""A button that is held says so every 0.8 s."""
_HUE: Final[Mapping[int, Press]] = {
    philips.Press.HOLD: Press.HOLD,
    philips.Press.SHORT_RELEASE: Press.SINGLE,
    philips.Press.LONG_RELEASE: Press.RELEASE,
}


def _hue(notification: philips.ButtonNotification, _place: Place) -> list[Said]:
    kind = _HUE.get(notification.press)
    if kind is None:
        # That it is down: what it will be is not known before it is up, or down for long.
        return []
    return [Pressed(notification.button, kind, held_for_s=HUE_REPEAT_S if kind is Press.HOLD else 0.0)]


# IKEA


def _arrow(command: ikea.ArrowClick, place: Place) -> list[Said]:
    name = _ARROWS.get(command.direction)
    return [] if name is None or not command.step else press(name, place)


def _arrow_held(command: ikea.ArrowHold, place: Place) -> list[Said]:
    name = _ARROWS.get(command.direction)
    return [] if name is None else press(f"{name}.hold", place)


_ARROWS: Final[Mapping[int, str]] = {ikea.Direction.RIGHT: "right", ikea.Direction.LEFT: "left"}
_SHORTCUTS: Final[Mapping[int, Press]] = {
    ikea.ShortcutPress.SHORT: Press.SINGLE,
    ikea.ShortcutPress.DOUBLE: Press.DOUBLE,
    ikea.ShortcutPress.LONG: Press.HOLD,
}


def _number(place: Place, button: int) -> int:
    return place.quirk.button_of.get(button, button)


def _shortcut(command: ikea.Shortcut, place: Place) -> list[Said]:
    kind = _SHORTCUTS.get(command.press)
    return [] if kind is None else [Pressed(_number(place, command.button), kind)]


def _short(_command: ikea.ShortRelease, place: Place) -> list[Said]:
    return [Pressed(_number(place, place.number), Press.SINGLE)]


def _long(_command: ikea.LongPress, place: Place) -> list[Said]:
    return [Pressed(_number(place, place.number), Press.HOLD, held_for_s=HOLD_S)]


def _long_release(_command: ikea.LongRelease, place: Place) -> list[Said]:
    return [Pressed(_number(place, place.number), Press.RELEASE)]


def _several(_command: ikea.MultiPressComplete, place: Place) -> list[Said]:
    return [Pressed(_number(place, place.number), Press.DOUBLE)]


# Tuya

_TUYA: Final[Mapping[int, Press]] = {
    tuya_switch.Press.SINGLE: Press.SINGLE,
    tuya_switch.Press.DOUBLE: Press.DOUBLE,
    tuya_switch.Press.HOLD: Press.HOLD,
}
_KNOB: Final[Mapping[int, int]] = {tuya_switch.Rotation.RIGHT: 2, tuya_switch.Rotation.LEFT: 3}
"""Buttons that a knob is beside its own, which is 1."""


def _tuya(command: tuya_switch.ButtonPress, place: Place) -> list[Said]:
    kind = _TUYA.get(command.press)
    return [] if kind is None else [Pressed(_number(place, place.number), kind)]


def _turned(command: tuya_switch.Rotate, _place: Place) -> list[Said]:
    button = _KNOB.get(command.rotation)
    return [] if button is None else [Pressed(button, Press.SINGLE)]


def _is_hue(place: Place) -> bool:
    """The number of the cluster is free for any maker to use."""
    return place.record.manufacturer in MAKERS


def _switch(_place: Place) -> tuple[Capability, ...]:
    return (SWITCH,)


MAKER_BUTTONS = (
    Translation(philips.BUTTON_ID, _switch, _is_hue, commands={philips.ButtonNotification: _hue}),
    Translation(
        scenes.CLUSTER_ID,
        applies=is_remote,
        client=True,
        commands={
            ikea.ArrowClick: _arrow,
            ikea.ArrowHold: _arrow_held,
            ikea.ArrowRelease: lambda _command, place: released(place),
        },
    ),
    Translation(ikea.SHORTCUT_ID, _switch, client=True, commands={ikea.Shortcut: _shortcut}),
    Translation(
        ikea.SWITCH_ID,
        _switch,
        client=True,
        commands={
            ikea.ShortRelease: _short,
            ikea.LongPress: _long,
            ikea.LongRelease: _long_release,
            ikea.MultiPressComplete: _several,
        },
    ),
    Translation(
        on_off.CLUSTER_ID,
        applies=is_remote,
        client=True,
        commands={tuya_switch.ButtonPress: _tuya, tuya_switch.Rotate: _turned},
    ),
)
"""SWITCH is offered by the clusters that are a maker's own; the standard ones do so in `buttons`."""
