"""What a hub's words mean for simulated devices: which kinds a device is that has such attributes, and which attribute
of a kind a hand sets. Both vocabularies meet only here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from simulators.devices.device import Value
from simulators.recording.format import NUMBER_MAX, TEXT_MAX
from simulators.recording.hands import wrong_types


@dataclass(frozen=True, slots=True)
class Role:
    """A kind of device, and what it has of a hub's attributes, by what they are called there."""

    kind: str
    attributes: Mapping[str, str]
    needs: frozenset[str]
    """One of these makes a device one of this kind."""


@dataclass(frozen=True, slots=True)
class Part:
    """One simulated device that stands for a hub's, or for some of it."""

    role: Role
    attributes: Mapping[str, str]
    """Of the role's, without what another part has already."""


BUTTONS: Final = "buttons"
BATTERY: Final = "battery"
_BATTERY: Final = {BATTERY: BATTERY}


def _role(kind: str, attributes: Mapping[str, str], *needs: str) -> Role:
    return Role(kind, attributes, frozenset(needs or attributes))


_MAIN: Final = (
    _role("lock", {"locked": "locked", "door_open": "open", "jammed": "jammed", **_BATTERY}, "locked"),
    _role(
        "thermostat",
        {"mode": "mode", "heating_setpoint": "setpoint", "temperature": "temperature"},
        "mode",
        "heating_setpoint",
    ),
    _role("blind", {"position": "position"}),
    _role("rgbw_lamp", {"on": "on", "level": "level"}, "hue", "color_temperature"),
    _role("dimmer", {"on": "on", "level": "level"}, "level"),
    _role("plug", {"on": "on", "power": "load"}, "power", "energy"),
    _role("switch", {"on": "on"}),
)
"""Of these a device is at most one: the first that fits."""
_BESIDES: Final = (
    _role("smoke", {"smoke": "smoke", **_BATTERY}, "smoke"),
    _role("leak", {"leak": "wet", **_BATTERY}, "leak"),
    _role("door", {"open": "open", **_BATTERY}, "open"),
    _role("motion", {"occupied": "occupied", **_BATTERY}, "occupied"),
    _role("remote", {BUTTONS: "", **_BATTERY}, BUTTONS),
    _role(
        "climate",
        {"temperature": "temperature", "humidity": "humidity", "illuminance": "illuminance", **_BATTERY},
        "temperature",
        "humidity",
        "illuminance",
    ),
)
"""Of these it is each that has something to say that no earlier one has."""
_MODES: Final = {"off": "off", "heat": "heat", "energy_heat": "eco", "away": "eco"}


def parts_of(attributes: Collection[str]) -> list[Part]:
    """What a device with such attributes is."""
    parts: list[Part] = []
    left = set(attributes)
    main = next((role for role in _MAIN if role.needs & left), None)
    for role in (*((main,) if main else ()), *_BESIDES):
        if role.needs & left:
            own = {name: here for name, here in role.attributes.items() if name in left}
            parts.append(Part(role, own))
            left -= set(own)
    return parts


def value_of(attribute: str, value: object) -> Value | None:
    """As a hand sets it; None where that is nothing that a hand could set."""
    if attribute == "mode":
        return _MODES.get(value) if isinstance(value, str) else None
    if isinstance(value, bool) or (isinstance(value, str) and len(value) <= TEXT_MAX):
        return value
    # What is not a number is not between two numbers either.
    return value if isinstance(value, int | float) and -NUMBER_MAX <= value <= NUMBER_MAX else None


def value_for(here: str, attribute: str, value: object) -> Value | None:
    """The same for the attribute `here`; None also where it is of another type than that has."""
    known = value_of(attribute, value)
    return None if known is None or wrong_types({here: known}) else known
