"""What a physical device is set to, in the words of commands: where it is going, not where it is on the way there."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from simulators.devices.blind import Blind
from simulators.devices.device import Device
from simulators.devices.dimmer import Dimmer
from simulators.devices.lock import Lock
from simulators.devices.siren import Siren
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Mode, Thermostat

Settings = Mapping[tuple[int, str], Any]
"""By part (0: the whole device; outlets count from 1) and attribute."""

TOLERANCES: Final[Mapping[str, float]] = {"level": 1.5, "position": 1.5, "heating_setpoint": 0.26}
"""Radios tell percentages in 254 steps or in 99, of which the last is all there is: at 98.6 % a lamp on Z-Wave says
100. Temperatures they tell in halves or tenths of a degree."""


def _of_dimmer(it: Dimmer) -> Settings:
    return {(0, "on"): it.on, (0, "level"): it.target}


def _of_thermostat(it: Thermostat) -> Settings:
    return {(0, "mode"): str(it.mode), (0, "heating_setpoint"): it.setpoints[Mode.HEAT]}


def _of_strip(it: PowerStrip) -> Settings:
    return {(number, "on"): outlet.on for number, outlet in enumerate(it.outlets, start=1)}


_READERS: Final[tuple[tuple[type[Device], Callable[[Any], Settings]], ...]] = (
    (Switch, lambda it: {(0, "on"): it.on}),
    (PowerStrip, _of_strip),
    (Dimmer, _of_dimmer),
    (Blind, lambda it: {(0, "position"): it.target}),
    (Lock, lambda it: {(0, "locked"): it.target}),
    (Thermostat, _of_thermostat),
    (Siren, lambda it: {(0, "on"): it.tone != 0}),
)


def reader_of(device: Device) -> Callable[[], Settings] | None:
    """None: nothing of it can be set that is looked at; colours are not."""
    for kind, reader in _READERS:
        if isinstance(device, kind):
            return lambda: reader(device)
    return None


def same(attribute: str, one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float) and not isinstance(one, bool):
        return abs(one - other) <= TOLERANCES.get(attribute, 1e-6)
    return bool(one == other)
