"""What is wrong with a device's electronics, apart from its power; its node asks here. All of it may be changed."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class WrongValue(StrEnum):
    """What a report says instead of what is."""

    INVALID = "invalid"
    """The value that its type keeps for none: 0x8000, 0xFFFF."""
    RANGE = "range"
    """One that its type has, and the thing cannot."""
    TYPE = "type"
    """One of another type, or of the wrong length."""


@dataclass(slots=True)
class Health:
    hung: bool = False
    """The radio hears and acknowledges, and the application hears of nothing."""
    mute: bool = False
    """The application does as it is told, and answers nothing."""
    answers_after_s: float = 0.0
    """It takes so long over an answer, when whoever asked may have asked anew."""
    reports: WrongValue | None = None
    """None: as things are."""
    at_command: Callable[[], None] | None = None
    """Called when it has done what a command told it: a hand is at it in the same moment."""
