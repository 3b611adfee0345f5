"""`{ scene = "evening", atomic = true, fade = "2s", on_failure = "report" }`."""

from dataclasses import dataclass, field
from enum import Enum

from hubagent.toml_lines import NOWHERE, Spot


class OnFailure(Enum):
    REPORT = "report"
    """Say which devices did not follow, and go on."""
    STOP = "stop"
    """Say so, and end the run."""


@dataclass(frozen=True, slots=True)
class SceneAction:
    scene: str
    atomic: bool = False
    """Nothing is sent where a device is known not to be able to follow; what followed goes back where one did not."""
    fade_s: float | None = None
    on_failure: OnFailure = OnFailure.REPORT
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
