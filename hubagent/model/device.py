"""What a device is: an identity that survives restarts, and what it can do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

DeviceId = str
"""`zwave-<home id>-<node>`, and `<that>/<end point>` for a part of a device; unique and stable across restarts."""


class Presence(Enum):
    """Whether a device can be talked to; the values are the words of the API."""

    INTERVIEWING = "interviewing"
    READY = "ready"
    ASLEEP = "asleep"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Device:
    """One physical device, or one part of it with its own functions (an outlet of a power strip)."""

    id: DeviceId
    name: str
    """What people and rules call it; unique in a home. A driver proposes one, people may change it."""
    protocol: str
    """The driver's name: `zwave`, `zigbee`."""
    address: int
    """Its address on the radio network."""
    capabilities: tuple[str, ...]
    """Names of the capabilities that it has."""
    presence: Presence = Presence.INTERVIEWING
    parent: DeviceId | None = None
    """The device that this is a part of."""
    details: Mapping[str, str] = field(default_factory=dict)
    """Manufacturer, product, firmware, ...: what `devices show` prints."""
