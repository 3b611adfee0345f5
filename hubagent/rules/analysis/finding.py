"""One thing that the analyser says."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from hubagent.toml_lines import Mistake


class Grade(Enum):
    ERROR = "error"
    """It will not work."""
    WARNING = "warning"
    """It will work, and hardly as it was meant."""


@dataclass(frozen=True, slots=True)
class Finding:
    code: str
    mistake: Mistake
    rule: str = ""

    @property
    def grade(self) -> Grade:
        return Grade.ERROR if self.code.startswith("E") else Grade.WARNING


CODES: Final = {
    "E-file": "the file cannot be read, or does not say what a rule file says",
    "E-device": "a device, an attribute, a type or a unit is not what the rule takes it for",
    "E-never-true": "a condition that cannot hold",
    "E-violates-never": "an action that an invariant forbids whenever it is done",
    "E-scene": "a scene that its devices cannot have",
    "W-always-true": "a condition that holds whatever happens",
    "W-cycle": "rules that set one another off",
    "W-opposite": "rules that want opposite things at the same moment",
    "W-shadowed": "a rule that does what another one does anyway",
    "W-dst": "a time of day that is skipped or comes twice when the clocks change",
}
