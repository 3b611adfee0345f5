"""The JSON of SmartThings, in short."""

from typing import Any

MODE = {"location": {"attribute": "Mode"}}
NOW = {"time": {"reference": "Now"}}

HOUSE = {
    "motion-1": "hall.motion",
    "lamp-1": "hall.light",
    "lamp-2": "porch.light",
    "door-1": "garage.door",
    "lux-1": "hall.lux",
    "freezer-1": "garage.freezer",
    "lock-1": "front.lock",
    "garage-1": "garage.opener",
    "button-1": "sofa.remote",
    "heating-1": "radiator",
}


def attribute(device: str | list[str], capability: str, name: str, **more: Any) -> dict[str, Any]:
    devices = [device] if isinstance(device, str) else device
    return {"device": {"devices": devices, "component": "main", "capability": capability, "attribute": name, **more}}


MOTION = attribute("motion-1", "motionSensor", "motion")
DOOR = attribute("door-1", "contactSensor", "contact")
LUX = attribute("lux-1", "illuminanceMeasurement", "illuminance")
FREEZER = attribute("freezer-1", "temperatureMeasurement", "temperature")
LAMP = attribute("lamp-1", "switch", "switch")
BUTTON = attribute("button-1", "button", "button")


def equals(left: Any, word: str) -> dict[str, Any]:
    return {"equals": {"left": left, "right": {"string": word}}}


def than(kind: str, left: Any, value: float) -> dict[str, Any]:
    number = {"integer": value} if isinstance(value, int) else {"decimal": value}
    return {kind: {"left": left, "right": number}}


def command(device: str | list[str], capability: str, name: str, *arguments: Any) -> dict[str, Any]:
    devices = [device] if isinstance(device, str) else device
    one = {"component": "main", "capability": capability, "command": name, "arguments": list(arguments)}
    return {"command": {"devices": devices, "commands": [one]}}


ON = command("lamp-1", "switch", "on")
OFF = command("lamp-1", "switch", "off")


def lasting(value: int, unit: str) -> dict[str, Any]:
    return {"value": {"integer": value}, "unit": unit}


def at(reference: str, minutes: int = 0, *days: str) -> dict[str, Any]:
    more = {"daysOfWeek": list(days)} if days else {}
    return {"reference": reference, "offset": lasting(minutes, "Minute"), **more}


def rule(*actions: Any) -> dict[str, Any]:
    return {"name": "A", "actions": list(actions)}


def when(condition: dict[str, Any], then: list[Any], otherwise: list[Any] | None = None) -> dict[str, Any]:
    return {"if": {**condition, "then": then, **({"else": otherwise} if otherwise is not None else {})}}
