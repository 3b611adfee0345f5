"""Which attribute of a device a trigger is about, and what its words and values mean there."""

from hubagent.model.capabilities.configuration import parameter_number
from hubagent.model.capabilities.table import ATTRIBUTES
from hubagent.model.capability import Attribute, InvalidValue, Value
from hubagent.model.device import Device
from hubagent.rules.binding import CannotBind
from hubagent.rules.names import Registry, Subject, UnknownName, main_attribute, no_device, resolve
from hubagent.rules.words import WORDS
from hubagent.toml_lines import Spot, did_you_mean


def find_subject(text: str, registry: Registry, place: Spot) -> Subject:
    """Raises CannotBind where there is no such device, or it has no such attribute."""
    try:
        return resolve(text, registry)
    except UnknownName as unknown:
        raise CannotBind(str(unknown), place, device=unknown.device) from unknown


def observed(subject: Subject, place: Spot) -> Attribute:
    """The attribute that is named, or what the device is about. Raises CannotBind where it reports nothing."""
    attribute = subject.attribute or main_attribute(subject.device)
    if attribute is None:
        raise CannotBind(f"{subject.device.name} reports nothing", place)
    return attribute


def meaning(subject: Subject, value: Value, place: Spot) -> tuple[Attribute, Value]:
    """The attribute that comes to have a value, and the value: a word means what the device has. Raises CannotBind."""
    for name, meant in WORDS.get(value, ()) if isinstance(value, str) else ():
        if subject.attribute is None and has(subject.device, name):
            return ATTRIBUTES[name][1], meant
        if subject.attribute is not None and subject.attribute.name == name:
            return subject.attribute, meant
    attribute = observed(subject, place)
    try:
        return attribute, attribute.check(value)
    except InvalidValue as invalid:
        words = [word for word, meanings in WORDS.items() if attribute.name in dict(meanings)]
        near = did_you_mean(value, [*words, *attribute.words]) if isinstance(value, str) else ""
        raise CannotBind(f"{invalid}{near}", place) from invalid


def find_device(text: str, registry: Registry, place: Spot) -> Device:
    """Raises CannotBind where there is no device of this name."""
    device = registry.find(text)
    if device is None:
        unknown = no_device(text, did_you_mean(text, registry.names()))
        raise CannotBind(str(unknown), place, device=unknown.device)
    return device


def has(device: Device, attribute: str) -> bool:
    """The device has the capability that this attribute belongs to."""
    if attribute in ATTRIBUTES:
        return ATTRIBUTES[attribute][0].name in device.capabilities
    return parameter_number(attribute) is not None and "configuration" in device.capabilities
