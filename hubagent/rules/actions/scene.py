"""`{ scene = "evening", atomic = true, fade = "2s", on_failure = "report" }`."""

from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar

from hubagent.rules.actions.set import TRANSITION_MAX_S
from hubagent.rules.reading.form import FLAG, choice, duration, name
from hubagent.rules.reading.table import Field, Fields
from hubagent.toml_lines import NOWHERE, Spot


class OnFailure(Enum):
    REPORT = "report"
    """Say which devices did not follow, and go on."""
    STOP = "stop"
    """Say so, and end the run."""


@dataclass(frozen=True, slots=True)
class SceneAction:
    FIELDS: ClassVar = Fields(
        {
            "scene": Field(name("a scene's name"), "the scene", required=True),
            "atomic": Field(FLAG, "all devices or none", default="false"),
            "fade": Field(
                duration(0, TRANSITION_MAX_S), "how long the change takes", into="fade_s", default="the devices' own"
            ),
            "on_failure": Field(choice(OnFailure), "when a device does not follow", default='"report"'),
        }
    )

    scene: str
    atomic: bool = False
    """Nothing is sent where a device is known not to be able to follow; what followed goes back where one did not."""
    fade_s: float | None = None
    on_failure: OnFailure = OnFailure.REPORT
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
