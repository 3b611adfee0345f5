"""How it stands between the hub and its cloud."""

from enum import Enum
from typing import Final


class Phase(Enum):
    """The values are the words of `hubagent uplink`."""

    IDLE = "off"
    WAITING = "waiting"
    CONNECTING = "connecting"
    GREETING = "greeting"
    ONLINE = "online"
    AWAY = "cloud away"
    """Connected to a broker, and the cloud behind it does not answer."""


TALKING: Final = frozenset({Phase.GREETING, Phase.ONLINE, Phase.AWAY})
"""There is a connection."""
