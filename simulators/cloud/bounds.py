"""How much the cloud keeps of one hub, and how long: everything from outside ends somewhere."""

from dataclasses import dataclass

DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class Bounds:
    window: int = 1024
    """Numbered messages that a hub may have under way; said in each Welcome and Ack, and held to in one commit."""
    history_max: int = 100_000
    """Messages of one hub."""
    history_age_s: float = 30 * DAY_S
    devices_max: int = 4096
    commands_open_max: int = 64
    """Commands of one hub that are queued or under way."""
    commands_kept_max: int = 1000
    """Commands of one hub, the ended ones included."""
    return_rate: float = 300.0
    """Hubs a second that can come back at once; 300 to 830 TLS handshakes were measured on two cores. Welcome.spread
    follows from it."""
    spread_min_s: float = 1.0
    """Also a single hub does not come back at once for ever."""
