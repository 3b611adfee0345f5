"""How a name in a rule finds its device: `hall.light`, `hall.light.level`, `garage.freezer.temp`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from hubagent.model.capabilities.configuration import parameter_number
from hubagent.model.capabilities.table import ATTRIBUTES
from hubagent.model.capability import Attribute, Kind
from hubagent.model.device import Device
from hubagent.toml_lines import did_you_mean

ROOTS: Final = frozenset(("home", "var", "trigger", "sun", "time", "weekday"))
"""First parts of names in expressions that are no device's, unless a device is called so."""

ALIASES: Final[Mapping[str, str]] = {
    "temp": "temperature",
    "lux": "illuminance",
    "brightness": "level",
    "motion": "occupied",
    "presence": "occupied",
    "contact": "open",
    "lock": "locked",
    "kelvin": "color_temperature",
    "setpoint": "heating_setpoint",
}
"""Other words for attributes."""

MAIN_ATTRIBUTES: Final = (
    "occupied",
    "open",
    "leak",
    "smoke",
    "co",
    "gas",
    "alarm",
    "locked",
    "on",
    "position",
    "level",
    "running",
    "mode",
    "fan_mode",
    "temperature",
    "humidity",
    "illuminance",
    "pressure",
    "flow",
    "soil_moisture",
    "power",
    "energy",
    "vibration",
    "battery",
)
"""What a device alone stands for: the first of these that it has."""


class Registry(Protocol):
    """The devices that there are."""

    def find(self, name: str) -> Device | None:
        """The device with exactly this name or id, in any case of letters."""
        ...

    def names(self) -> Iterable[str]:
        """What all of them are called."""
        ...


@dataclass(frozen=True, slots=True)
class Subject:
    """What a name is about; without an attribute, the device as a whole."""

    device: Device
    attribute: Attribute | None


class UnknownName(LookupError):
    """Nobody goes by this name. `hint` is the end of the sentence: what may have been meant, or empty.

    `device` is who is not there, and may come; None where something else is wrong with the name.
    """

    def __init__(self, what: str, hint: str, device: str | None = None) -> None:
        super().__init__(f"{what}{hint}")
        self.what = what
        self.hint = hint
        self.device = device


def no_device(text: str, hint: str) -> UnknownName:
    """There is none of this name. One that begins as what is no device's does waits for nobody."""
    waits = text.partition(".")[0] not in ROOTS
    return UnknownName(f"there is no device {text!r}", hint, text if waits else None)


def is_of(name: str, device: str) -> bool:
    """Whether a rule's word speaks of a device, or of something of it, in any case of letters."""
    return f"{name}.".casefold().startswith(f"{device}.".casefold())


def resolve(text: str, registry: Registry) -> Subject:
    """The whole text as a device, else all but its last part, which is an attribute. Raises UnknownName."""
    device = registry.find(text)
    if device is not None:
        return Subject(device, None)
    name, _, last = text.rpartition(".")
    device = registry.find(name) if name else None
    if device is None:
        near = [*registry.names()]
        raise no_device(text, did_you_mean(text, near) or did_you_mean(name, near))
    return Subject(device, attribute_of(device, last))


def attribute_of(device: Device, word: str) -> Attribute:
    """Raises UnknownName where it has no such attribute."""
    name = ALIASES.get(word, word)
    if name not in ATTRIBUTES and parameter_number(name) is not None and "configuration" in device.capabilities:
        return Attribute(name, Kind.NUMBER, "a configuration parameter")
    if name in ATTRIBUTES and ATTRIBUTES[name][0].name in device.capabilities:
        return ATTRIBUTES[name][1]
    known = attributes_of(device)
    hint = did_you_mean(word, known) or (f"; it has {', '.join(known)}" if known else "; it reports nothing")
    raise UnknownName(f"{device.name} has no {word!r}", hint)


def attributes_of(device: Device) -> tuple[str, ...]:
    return _attributes_of(device.capabilities)


def main_attribute(device: Device) -> Attribute | None:
    """What the device alone stands for; None where it reports nothing that one could compare."""
    known = attributes_of(device)
    name = next((name for name in (*MAIN_ATTRIBUTES, *known) if name in known), None)
    return None if name is None else ATTRIBUTES[name][1]


@lru_cache(maxsize=256)
def _attributes_of(capabilities: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name, (capability, _) in ATTRIBUTES.items() if capability.name in capabilities)
