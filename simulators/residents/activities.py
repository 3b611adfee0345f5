"""What somebody is busy with: how warm and moist it makes the room, and how much it has sensors see."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Activity:
    heat_w: float
    """Of the body, and of what it works with."""
    vapour_g_h: float
    stirs_s: float
    """Seconds between two movements that a sensor could see, on average."""
    minutes: float = 30.0
    """How long it takes where nobody says."""


AWAKE: Final = Activity(heat_w=100.0, vapour_g_h=50.0, stirs_s=50.0)
ASLEEP: Final = Activity(heat_w=75.0, vapour_g_h=30.0, stirs_s=2700.0)
COOKING: Final = Activity(heat_w=1500.0, vapour_g_h=800.0, stirs_s=20.0, minutes=30.0)
SHOWERING: Final = Activity(heat_w=1000.0, vapour_g_h=1800.0, stirs_s=25.0, minutes=8.0)
WATCHING: Final = Activity(heat_w=100.0, vapour_g_h=50.0, stirs_s=150.0, minutes=90.0)
ACTIVITIES: Final = {"cook": COOKING, "shower": SHOWERING, "watch": WATCHING}
"""By the verb that begins them."""
