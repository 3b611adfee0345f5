"""What a test says of a device: `hall.motion = occupied` is one attribute of one device, and its value."""

from hubagent.model.capability import Value
from hubagent.model.device import Device
from hubagent.rules.binding import CannotBind
from hubagent.rules.names import Registry, resolve
from hubagent.rules.triggers.meaning import meaning, observed
from hubagent.toml_lines import NOWHERE
from simulators.trials.house import CannotPlay


def subject_and_value(name: str, value: Value, registry: Registry) -> tuple[Device, str, Value]:
    """Raises UnknownName, CannotPlay where the attribute cannot have the value."""
    subject = resolve(name, registry)
    try:
        if value is None:
            return subject.device, observed(subject, NOWHERE).name, None
        attribute, meant = meaning(subject, value, NOWHERE)
    except CannotBind as problem:
        raise CannotPlay(str(problem)) from problem
    return subject.device, attribute.name, meant
