"""What a hand can do to a device, so that a page can offer it: what it sets, and from where to where; its buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from simulators.devices.blind import Blind
from simulators.devices.device import Device
from simulators.devices.dimmer import Dimmer
from simulators.devices.lock import Lock
from simulators.devices.remote import GESTURES, SINGLE, Remote
from simulators.devices.sensors import SmokeAlarm
from simulators.devices.siren import Siren
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import HIGHEST_C, LOWEST_C, Mode

Shape = Mapping[str, Any]
"""How a value is entered: its `type`, and what else there is to know."""


def _number(lowest: float, highest: float, unit: str, step: float = 1.0) -> Shape:
    return {"type": "number", "lowest": lowest, "highest": highest, "unit": unit, "step": step}


_SHAPES: Final[Mapping[str, Shape]] = {
    "level": _number(0, 100, "%"),
    "position": _number(0, 100, "%"),
    "battery": _number(0, 100, "%"),
    "setpoint": _number(LOWEST_C, HIGHEST_C, "°C", 0.5),
    "temperature": _number(-40, 80, "°C", 0.5),
    "humidity": _number(0, 100, "%"),
    "illuminance": _number(0, 100_000, "lx", 10),
    "load": _number(0, 3680, "W"),
    "mode": {"type": "choice", "values": list(Mode)},
    "tone": {"type": "choice", "values": [0, *range(1, len(Siren.TONES) + 1)]},
}
"""By the name of what is set; what has no line here is entered as its type says."""
_TYPES: Final[Mapping[type, Shape]] = {
    bool: {"type": "flag"},
    int: {"type": "number", "lowest": None, "highest": None, "unit": "", "step": 1},
    float: {"type": "number", "lowest": None, "highest": None, "unit": "", "step": "any"},
    str: {"type": "text"},
}


@dataclass(frozen=True, slots=True)
class Buttons:
    names: Sequence[str] = ()
    gestures: Sequence[str] = (SINGLE,)


def buttons_of(device: Device) -> Buttons:
    """Those that `press` takes. One without any may still have a pairing button, which is its radio's."""
    match device:
        case Remote():
            return Buttons([str(number) for number in range(1, device.buttons + 1)], GESTURES)
        case PowerStrip():
            return Buttons([str(number) for number in range(1, len(device.outlets) + 1)])
        case Blind():
            return Buttons(("up", "stop", "down"))
        case Lock():
            return Buttons(("lock",))
        case Switch() | Dimmer() | SmokeAlarm():
            return Buttons(("1",))
    return Buttons()


def touch_of(device: Device) -> dict[str, Any]:
    hands = {name: kind for name, (_, kind) in device.HANDS.items()}
    if device.battery is not None:
        hands["battery"] = float
    buttons = buttons_of(device)
    return {
        "set": {name: dict(_SHAPES.get(name) or _TYPES[kind]) for name, kind in hands.items()},
        "buttons": list(buttons.names),
        "gestures": list(buttons.gestures) if buttons.names else [],
    }
