"""How loud it is on each channel where nobody of the network sends: a wireless LAN next door, and quiet elsewhere."""

import random
from typing import Final

QUIET_DBM: Final = (-97, -88)
BUSY_DBM: Final = (-75, -55)
DISTURBED_DBM: Final = -42
BUSY_CHANNELS: Final = range(16, 20)
"""Under channel 6 of a wireless LAN."""


def noise_dbm(channel: int, rng: random.Random) -> int:
    """The loudest moment of one scan."""
    return rng.randint(*(BUSY_DBM if channel in BUSY_CHANNELS else QUIET_DBM))


def with_disturbance(dbm: int, chance: float) -> int:
    """Where something else drowns a frame with that chance."""
    return max(dbm, DISTURBED_DBM) if chance else dbm
