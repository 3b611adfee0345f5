"""`{ rule = "water the garden", outcome = "failed" }`: a run of another rule ended so."""

from dataclasses import dataclass, field
from enum import Enum

from hubagent.toml_lines import NOWHERE, Spot


class RuleOutcome(Enum):
    DONE = "done"
    FAILED = "failed"
    """An action failed, whatever came after it."""
    BLOCKED = "blocked"
    """It was set off and did not run: its condition, its limit, a lease or an invariant was against it."""


@dataclass(frozen=True, slots=True)
class OutcomeTrigger:
    rule: str
    outcome: RuleOutcome = RuleOutcome.DONE
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
