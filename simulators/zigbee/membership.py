"""What a device keeps of the network that it joined, whether or not that is still there."""

from dataclasses import dataclass
from typing import Final

from simulators.device_memory import Kept
from simulators.kept_record import as_kept, from_kept
from simulators.zigbee.memory import WELL_KNOWN_KEY

HEARD_STEP: Final = 1024
"""How far the coordinator has counted is written to flash in steps; a device that lost its power knows the last one."""


@dataclass(slots=True)
class Membership:
    node_id: int
    parent: str
    """The name of the device that let it in; empty: the coordinator did. For an end device, whom it polls."""
    extended_pan_id: int
    channel: int
    network_key: bytes
    trust_center: int
    link_key: bytes = WELL_KNOWN_KEY
    """What it shares with the trust centre: its own after it asked for one, until then the key that it joined with."""
    next_key: bytes | None = None
    heard_counter: int = 0
    """The highest frame counter of the coordinator's that it has seen: what is far below is a replay."""

    def kept(self) -> Kept:
        return {**as_kept(self), "heard_counter": self.heard_counter - self.heard_counter % HEARD_STEP}

    @classmethod
    def of(cls, kept: Kept) -> "Membership":
        return from_kept(cls, kept)
