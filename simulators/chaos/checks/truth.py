"""What is the case at a physical device, in the words that a home has for it.

Not among it: what devices say of themselves only (batteries, parameters, running, jammed), and colours.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from simulators.chaos.checks.settings import TOLERANCES
from simulators.devices.blind import Blind
from simulators.devices.device import Device
from simulators.devices.dimmer import Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.room_air import ClimateSensor
from simulators.devices.sensors import DoorSensor, LeakSensor, MotionSensor, SmokeAlarm
from simulators.devices.siren import Siren
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Mode, Thermostat

Truth = Mapping[str, Any]
"""By attribute; `1.on` is one of the first part."""

THRESHOLDS: Final[Mapping[str, tuple[float, float]]] = {
    **{name: (tolerance, 0.0) for name, tolerance in TOLERANCES.items()},
    "temperature": (0.6, 0.0),
    # Z-Wave devices tell by 3 % and 20 lx; Zigbee's light by 500 of a logarithm (12 %).
    "humidity": (3.5, 0.0),
    "illuminance": (20.5, 0.2),
    "power": (5.0, 0.1),
}
"""How far a reading may be from what is: so much, and that share. What moved less is not reported."""


def _of_strip(it: PowerStrip) -> Truth:
    return {f"{number}.on": outlet.on for number, outlet in enumerate(it.outlets, start=1)}


def _of_thermostat(it: Thermostat) -> Truth:
    found = {"mode": str(it.mode), "temperature": it.temperature}
    # While it is off nobody may ask for the setpoint of another mode.
    return {**found, "heating_setpoint": it.setpoints[Mode.HEAT]} if it.mode is Mode.HEAT else found


_READERS: Final[tuple[tuple[type[Device], Callable[[Any], Truth]], ...]] = (
    (MeteringPlug, lambda it: {"on": it.on, "power": it.power_w}),
    (Switch, lambda it: {"on": it.on}),
    (PowerStrip, _of_strip),
    (Dimmer, lambda it: {"on": it.on, "level": it.level}),
    (Blind, lambda it: {"position": it.position}),
    (Lock, lambda it: {"locked": it.locked, "door_open": it.door_open}),
    (Thermostat, _of_thermostat),
    (Siren, lambda it: {"on": it.tone != 0}),
    (MotionSensor, lambda it: {"occupied": it.occupied}),
    (DoorSensor, lambda it: {"open": it.open}),
    (LeakSensor, lambda it: {"leak": it.wet}),
    (SmokeAlarm, lambda it: {"smoke": it.smoke}),
    (ClimateSensor, lambda it: {name: getattr(it, name) for name in it.MEASURED}),
)


def truth_of(device: Device) -> Callable[[], Truth] | None:
    """None: nothing of it is looked at."""
    for kind, reader in _READERS:
        if isinstance(device, kind):
            return lambda: reader(device)
    return None


def within_any(attribute: str, said: Any, values: list[Any]) -> bool:
    """Whether that was the case: it is one of the values, or where they are numbers, about between them."""
    if isinstance(said, int | float) and not isinstance(said, bool):
        least, share = THRESHOLDS.get(attribute.rpartition(".")[2], (1e-6, 0.0))
        numbers = [float(it) for it in values]
        return min(numbers) - least - share * abs(min(numbers)) <= said <= max(numbers) + least + share * max(numbers)
    return said in values
