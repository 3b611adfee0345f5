"""`{ wait = "3m" }`, and `{ wait = "hall.motion is clear", for = "3m", timeout = "1h", on_timeout = "stop" }`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from hubagent.toml_lines import NOWHERE, Spot

if TYPE_CHECKING:
    from hubagent.rules.expression.tree import Expression


class OnTimeout(Enum):
    CONTINUE = "continue"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class PauseAction:
    """Until a time has passed."""

    seconds: float
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class WaitAction:
    """Until a condition holds, and has held for a time."""

    condition: Expression
    held_s: float = 0.0
    timeout_s: float | None = None
    """None: for as long as it takes."""
    on_timeout: OnTimeout = OnTimeout.CONTINUE
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
