"""How a device looks at the moment: what a hand could set, as it is, and what else an eye sees of it."""

from typing import Any, Final

from simulators.devices.blind import Blind
from simulators.devices.device import Device
from simulators.devices.dimmer import BLUE, COLD_WHITE, GREEN, RED, WARM_WHITE, ColorLamp, Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.remote import Remote
from simulators.devices.sensors import SmokeAlarm
from simulators.devices.switch import PowerStrip
from simulators.devices.thermostat import Thermostat
from simulators.world import physical_state

_TINTS: Final = {
    WARM_WHITE: (255, 197, 143),
    COLD_WHITE: (201, 226, 255),
    RED: (255, 0, 0),
    GREEN: (0, 255, 0),
    BLUE: (0, 0, 255),
}
"""What each light of a lamp with colours looks like, in sRGB."""


def looks_of(device: Device) -> dict[str, Any]:
    """Numbers are rounded to what an eye can tell apart: not each step of what moves evenly is news."""
    seen: dict[str, Any] = {**physical_state(device), **_more(device)}
    if device.identifying:
        seen["identifying"] = True
    return {name: round(value, 1) if isinstance(value, float) else value for name, value in seen.items()}


def _more(device: Device) -> dict[str, Any]:
    match device:
        case ColorLamp():
            return {"color": _color(device), "moving": device.moving}
        case Dimmer():
            return {"moving": device.moving}
        case Blind():
            return {"moving": device.moving, "target": device.target}
        case Lock():
            return {"open": device.door_open, "moving": device.moving}
        case MeteringPlug():
            return {"power": device.power_w}
        case PowerStrip():
            return {"outlets": [outlet.on for outlet in device.outlets]}
        case Thermostat():
            return {
                "setpoint": device.setpoints.get(device.mode),
                "heating": device.heating,
                "temperature": device.temperature,
            }
        case SmokeAlarm():
            return {"testing": device.testing}
        case Remote():
            button, gesture = device.done
            return {"last": f"{button} {gesture}"}
    return {}


def _color(lamp: ColorLamp) -> str:
    """The mix of its lights at full brightness, as HTML writes it."""
    mixed = [
        sum(lamp.component(name).value * tint[channel] for name, tint in _TINTS.items()) / 255 for channel in range(3)
    ]
    brightest = max(mixed)
    if brightest <= 0:
        return "#000000"
    return "#" + "".join(f"{round(part / brightest * 255):02x}" for part in mixed)
