"""What can be seen of a simulated device, and the hand that makes it so at once: without the ramp of a lamp or the way
of a blind, which lie behind what a recording says already.

A device whose class stands in no table has the attributes that `sim do set` sets.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from simulators.devices.blind import Blind
from simulators.devices.device import CannotDo, Device, Value
from simulators.devices.dimmer import BLUE, COLD_WHITE, GREEN, RED, WARM_WHITE, ColorLamp, Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.room_air import ClimateSensor
from simulators.devices.sensors import DoorSensor, LeakSensor, MotionSensor, SmokeAlarm
from simulators.devices.siren import Siren
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Mode, Thermostat

BATTERY: Final = "battery"
_COLORS: Final = (WARM_WHITE, COLD_WHITE, RED, GREEN, BLUE)
_COMMANDED: Final = frozenset(
    ("on", "level", *_COLORS, "position", "locked", "mode", "setpoint", "eco_setpoint", "tone")
)


@dataclass(frozen=True, slots=True)
class Hand:
    """Of one attribute. The functions take the device first."""

    kind: type
    """bool, float, int or str."""
    see: Callable[[Any], Value | None]
    """None: it cannot be told at the moment."""
    put: Callable[[Any, Any], None]
    """Raises CannotDo."""
    told_by: str = ""
    """The attribute that a device says has changed, where that is called otherwise."""


def hands_of(device: Device) -> Mapping[str, Hand]:
    """By attribute, in the order in which they are to be put."""
    if isinstance(device, PowerStrip):
        hands = {f"on:{number}": _outlet(number) for number in range(1, len(device.outlets) + 1)}
    else:
        hands = dict(_HANDS.get(type(device)) or _as_done_by_hand(device))
    if device.battery is not None:
        hands[BATTERY] = _BATTERY
    return hands


def seen(device: Device) -> dict[str, Value]:
    """All of its attributes that can be told."""
    state = {name: hand.see(device) for name, hand in hands_of(device).items()}
    return {name: value for name, value in state.items() if value is not None}


def commanded(name: str) -> bool:
    """Whether a hub can bring about an attribute of that name; what a sensor makes of it is not the hub's doing."""
    return name.partition(":")[0] in _COMMANDED


def wrong_types(settings: Mapping[str, Value]) -> str:
    """What is to be said of values that no device of any kind could have, as they are of another type than their
    attribute; empty where there are none. Of attributes that nothing here has, nothing is known."""
    wrong = []
    for name, value in settings.items():
        kind = _TYPES.get(name.partition(":")[0])
        if kind is not None and not _fits(kind, value):
            wrong.append(f"{name} is {_SAID[kind]}, not {json.dumps(value, ensure_ascii=False)}")
    return "; ".join(wrong)


def check(device: Device, settings: Mapping[str, Value]) -> None:
    """Raises CannotDo where it has no such attributes, or they cannot be so."""
    hands = hands_of(device)
    for name, value in settings.items():
        if name not in hands:
            raise CannotDo(f"no hand sets {name!r}; there is {', '.join(sorted(hands)) or 'nothing'} to set")
        kind = hands[name].kind
        if not _fits(kind, value):
            raise CannotDo(f"{name} takes a {kind.__name__}, not {value!r}")


def put(device: Device, settings: Mapping[str, Value]) -> None:
    """Raises CannotDo, in the middle where something only then turns out to be impossible."""
    check(device, settings)
    for name, hand in hands_of(device).items():
        if name in settings:
            hand.put(device, hand.kind(settings[name]))


def _fits(kind: type, value: Value) -> bool:
    if kind is bool or kind is str:
        return type(value) is kind
    return type(value) is int or (kind is float and type(value) is float)


# --- what is special about some


def _see_motion(sensor: MotionSensor, occupied: bool) -> None:
    """Until it is told otherwise: when it was clear again is in the recording."""
    sensor.set_occupied(occupied)
    if occupied:
        sensor.keep_seeing()


def _move_blind(blind: Blind, position: float) -> None:
    """As if it had been on its way before."""
    travel_s, blind.travel_s = blind.travel_s, 0.0
    try:
        blind.go_to(position)
    finally:
        blind.travel_s = travel_s


def _color(name: str) -> Hand:
    return Hand(
        float,
        lambda lamp: lamp.component(name).value,
        lambda lamp, level: lamp.color({name: level}, 0.0),
        told_by="color",
    )


def _setpoint(mode: Mode) -> Hand:
    return Hand(
        float,
        lambda it: it.setpoints[mode],
        lambda it, celsius: it.set_setpoint(celsius, mode),
        told_by=f"setpoint:{mode}",
    )


def _air(name: str, put_air: Callable[[Any, float], None]) -> Hand:
    # The air itself, not what a sensor makes of it: played, it is rounded once, as it was.
    return Hand(float, lambda it: float(getattr(it.air, name)), put_air)


def _outlet(number: int) -> Hand:
    return Hand(
        bool,
        lambda strip: bool(strip.outlets[number - 1].on),
        lambda strip, on: strip.outlets[number - 1].switch(on),
    )


def _warm(thermostat: Thermostat, celsius: float) -> None:
    thermostat.air.become(temperature=max(-40.0, min(80.0, celsius)))


_LEVEL: Final = Hand(float, lambda lamp: lamp.level, lambda lamp, level: lamp.go_to(level, 0.0))
_ON: Final = Hand(
    bool,
    lambda lamp: bool(lamp.on),
    # Who says both has said how bright it is.
    lambda lamp, on: lamp.go_to(lamp.last_on_level if on else 0.0, 0.0) if on != lamp.on else None,
    told_by="level",
)
_BATTERY: Final = Hand(
    float,
    lambda device: None if device.battery is None else float(device.battery.level),
    lambda device, percent: device.discharge_to(percent),
)
_HANDS: Final[Mapping[type[Device], Mapping[str, Hand]]] = {
    Dimmer: {"level": _LEVEL, "on": _ON},
    ColorLamp: {
        **{name: _color(name) for name in _COLORS},
        "level": _LEVEL,
        "on": _ON,
    },
    Blind: {"position": Hand(float, lambda blind: blind.position, _move_blind)},
    Lock: {
        "jammed": Hand(bool, lambda lock: lock.jammed, lambda lock, jammed: lock.jam(jammed)),
        "locked": Hand(bool, lambda lock: lock.locked, lambda lock, locked: lock.turn(locked)),
        "open": Hand(bool, lambda lock: lock.door_open, lambda lock, is_open: lock.open_door(is_open)),
    },
    Thermostat: {
        "mode": Hand(str, lambda it: str(it.mode), lambda it, mode: it.set_mode(mode)),
        "setpoint": _setpoint(Mode.HEAT),
        "eco_setpoint": _setpoint(Mode.ECO),
        "temperature": _air("temperature", _warm),
    },
    ClimateSensor: {
        "temperature": _air("temperature", lambda it, celsius: it.warm_to(celsius)),
        "humidity": _air("humidity", lambda it, percent: it.moisten_to(percent)),
        "illuminance": _air("illuminance", lambda it, lux: it.light_to(lux)),
    },
    MotionSensor: {"occupied": Hand(bool, lambda sensor: sensor.occupied, _see_motion)},
    MeteringPlug: {
        # What is plugged in shows only while it is on.
        "load": Hand(
            float, lambda plug: plug.power_w if plug.on else None, lambda plug, watts: plug.load(watts), told_by="power"
        ),
        "on": Hand(bool, lambda plug: plug.on, lambda plug, on: plug.switch(on)),
    },
}


_BY_HAND: Final[tuple[type[Device], ...]] = (Switch, DoorSensor, LeakSensor, SmokeAlarm, Siren)
"""Those with attributes that stand in no table."""
_TYPES: Final[Mapping[str, type]] = {
    BATTERY: _BATTERY.kind,
    **{name: hand.kind for hands in _HANDS.values() for name, hand in hands.items()},
    **{name: kind for device in _BY_HAND for name, (_, kind) in device.HANDS.items()},
}
"""By attribute, whatever device has it; those of outlets by what stands before the colon."""
_SAID: Final[Mapping[type, str]] = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


def _as_done_by_hand(device: Device) -> Mapping[str, Hand]:
    return {
        name: Hand(kind, partial(_attribute, name, kind), partial(_call, method))
        for name, (method, kind) in device.HANDS.items()
    }


def _attribute(name: str, kind: type, device: Device) -> Value | None:
    value = getattr(device, name, None)
    return value if isinstance(value, bool | int | float | str) and _fits(kind, value) else None


def _call(method: str, device: Device, value: Value) -> None:
    getattr(device, method)(value)
