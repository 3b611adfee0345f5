"""From what happens in the home to what the cloud is told: which events leave the house, as what, and how urgently.

This table is also what bounds the home's privacy: what is not in here does not leave it. Network keys, codes of locks,
drivers' details and rules' traces are not.
"""

from collections.abc import Mapping
from typing import Any, Final

from hubagent.model.capabilities.concentration_measurement import CONCENTRATION_MEASUREMENT
from hubagent.model.capabilities.configuration import CONFIGURATION
from hubagent.model.capabilities.electrical_energy_measurement import ELECTRICAL_ENERGY_MEASUREMENT
from hubagent.model.capabilities.electrical_power_measurement import ELECTRICAL_POWER_MEASUREMENT
from hubagent.model.capabilities.flow_measurement import FLOW_MEASUREMENT
from hubagent.model.capabilities.illuminance_measurement import ILLUMINANCE_MEASUREMENT
from hubagent.model.capabilities.pressure_measurement import PRESSURE_MEASUREMENT
from hubagent.model.capabilities.relative_humidity_measurement import RELATIVE_HUMIDITY_MEASUREMENT
from hubagent.model.capabilities.soil_measurement import SOIL_MEASUREMENT
from hubagent.model.capabilities.temperature_measurement import TEMPERATURE_MEASUREMENT
from hubagent.model.capability import Value
from hubagent.model.event import (
    ButtonPressed,
    DeviceChanged,
    DeviceJoined,
    DeviceLeft,
    DeviceSilent,
    DriverStatus,
    Event,
    ModeChanged,
    Notified,
    VariableChanged,
)
from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.up import CONTENT_MAX

MEASUREMENTS: Final = frozenset(
    capability.name
    for capability in (
        CONCENTRATION_MEASUREMENT,
        ELECTRICAL_ENERGY_MEASUREMENT,
        ELECTRICAL_POWER_MEASUREMENT,
        FLOW_MEASUREMENT,
        ILLUMINANCE_MEASUREMENT,
        PRESSURE_MEASUREMENT,
        RELATIVE_HUMIDITY_MEASUREMENT,
        SOIL_MEASUREMENT,
        TEMPERATURE_MEASUREMENT,
    )
)
"""Capabilities whose values go on and on: telemetry, told of together."""
PRIVATE: Final = frozenset({CONFIGURATION.name})
"""Capabilities that are nobody's business outside."""
ALARMS: Final = frozenset({"smoke", "co", "gas", "leak", "tamper", "glass_broken", "alarm"})
"""Attributes whose becoming true is told of before everything else; and so is that it is over."""

TEXT_BYTES_MAX: Final = CONTENT_MAX - 1024
"""Of a text of a rule's; the names beside it take less than the rest."""

Told = tuple[MessageClass, str, Mapping[str, Any]]
"""Class, kind and body."""


def told_state(device: str, capability: str, values: Mapping[str, Value]) -> Told:
    """A device's state that is no measurement."""
    urgent = not ALARMS.isdisjoint(values)
    body = {"device": device, "capability": capability, "values": dict(values)}
    return (MessageClass.ALARM if urgent else MessageClass.EVENT), "state", body


def told(event: Event) -> Told | None:
    """Any other event; None for what the cloud is not told."""
    match event:
        case ButtonPressed():
            body = {"device": event.device, "button": event.button, "press": event.press.value}
            return MessageClass.EVENT, "pressed", body
        case DeviceJoined():
            return MessageClass.EVENT, "joined", {"device": event.device.id}
        case DeviceChanged():
            return MessageClass.EVENT, "changed", {"device": event.device.id, "state": event.device.presence.value}
        case DeviceSilent():
            return MessageClass.EVENT, "silent", {"device": event.device}
        case DeviceLeft():
            return MessageClass.EVENT, "left", {"device": event.device}
        case Notified():
            return MessageClass.ALARM, "notified", {"to": event.to, "text": _fitting(event.text), "who": event.who}
        case ModeChanged():
            return MessageClass.EVENT, "mode", {"mode": event.mode, "who": event.who}
        case VariableChanged():
            value = _fitting(event.value) if isinstance(event.value, str) else event.value
            return MessageClass.EVENT, "variable", {"name": event.name, "value": value, "who": event.who}
        case DriverStatus():
            body = {"driver": event.driver, "condition": event.condition.value, "detail": event.detail[:256]}
            return MessageClass.EVENT, "driver", body
        case _:
            return None


def _fitting(text: str) -> str:
    """Its beginning, where the letters need more bytes than a message has."""
    return text.encode(errors="replace")[:TEXT_BYTES_MAX].decode(errors="ignore")
