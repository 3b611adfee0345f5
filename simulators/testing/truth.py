"""What is really so with a simulated device, in the words of the hub's capabilities: the one table of both.

The devices know no hub, and the hub learns of them through a radio; this is what to compare its belief with. What a
device does not show to an eye (parameters, colours, counters of the radio) is not in here.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from hubagent.model.capabilities.table import ATTRIBUTES
from hubagent.model.capability import Value
from hubagent.model.device import Device as ModelDevice
from hubagent.model.device import Presence
from simulators.devices.blind import Blind
from simulators.devices.device import Device
from simulators.devices.dimmer import ColorLamp, Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.remote import Remote
from simulators.devices.room_air import ClimateSensor
from simulators.devices.sensors import DoorSensor, LeakSensor, MotionSensor, SmokeAlarm
from simulators.devices.siren import Siren
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Mode, Thermostat

Read = Callable[[Any], Value]

_MODES: Final = {Mode.OFF: "off", Mode.HEAT: "heat", Mode.ECO: "energy_heat"}
_ON: Final[Mapping[str, Read]] = {"on": lambda it: it.on}
_LEVEL: Final[Mapping[str, Read]] = {**_ON, "level": lambda it: it.level}

_SHOWN: Final[Mapping[type[Device], Mapping[str, Read]]] = {
    Switch: _ON,
    MeteringPlug: {**_ON, "power": lambda it: it.power_w, "energy": lambda it: it.energy_kwh},
    Dimmer: _LEVEL,
    ColorLamp: _LEVEL,
    Blind: {"position": lambda it: it.position, "moving": lambda it: it.moving},
    Lock: {"locked": lambda it: it.locked, "door_open": lambda it: it.door_open, "jammed": lambda it: it.jammed},
    Thermostat: {
        "mode": lambda it: _MODES[it.mode],
        "heating_setpoint": lambda it: it.setpoints[Mode.HEAT],
        "running": lambda it: "heating" if it.heating else "idle",
        "temperature": lambda it: it.temperature,
    },
    MotionSensor: {"occupied": lambda it: it.occupied},
    DoorSensor: {"open": lambda it: it.open},
    LeakSensor: {"leak": lambda it: it.wet},
    SmokeAlarm: {"smoke": lambda it: it.smoke, "test": lambda it: it.testing},
    ClimateSensor: {
        "temperature": lambda it: it.temperature,
        "humidity": lambda it: it.humidity,
        "illuminance": lambda it: it.illuminance,
    },
    Remote: {"buttons": lambda it: it.buttons},
    Siren: {"on": lambda it: it.tone > 0},
}
_LEVELS: Final = frozenset(("level", "position"))
_ZWAVE_TOP: Final = 99
"""The radio's word for 100 % (SDS13781, Multilevel Switch); the others are as many per cent."""
_BATTERY: Final[Mapping[str, Read]] = {"battery": lambda it: it.battery.level}
_PART: Final = "/"


def shown_by(device: Device) -> Mapping[str, Read]:
    """By attribute, how it is read off the device."""
    shown = _SHOWN.get(type(device), {})
    return shown if device.battery is None else {**shown, **_BATTERY}


def in_words_of(radio: str, attribute: str, value: Value) -> Value:
    """As a hub says it that knows all that can be said: levels are whole percents, and on Z-Wave one of 99 steps."""
    if attribute not in _LEVELS or not isinstance(value, float):
        return value
    if radio != "zwave":
        return round(value)
    step = max(round(value), 1 if value > 0 else 0)
    return 100 if step >= _ZWAVE_TOP else step


def whole_and_parts(name: str, device: Device) -> Mapping[str, Device]:
    """By name: the device, or each outlet of a strip, as the hub calls them."""
    if isinstance(device, PowerStrip):
        return {f"{name}{_PART}{number}": outlet for number, outlet in enumerate(device.outlets, start=1)}
    return {name: device}


def as_the_hub_would_say(name: str, device: Device) -> ModelDevice:
    """As a device of the model, so that an expression can be checked against it; its name is its identifier."""
    capabilities = dict.fromkeys(ATTRIBUTES[attribute][0].name for attribute in shown_by(device))
    return ModelDevice(name, name, "truth", 0, tuple(capabilities), Presence.READY)
