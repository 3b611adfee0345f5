"""`{ rule = "water the garden", outcome = "failed" }`: a run of another rule ended so."""

from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar

from hubagent.rules.expression.scope import Scope
from hubagent.rules.reading.form import choice, name
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.triggers.fields import ID
from hubagent.rules.triggers.nature import BoundSignal
from hubagent.toml_lines import NOWHERE, Spot


class RuleOutcome(Enum):
    DONE = "done"
    FAILED = "failed"
    """An action failed, whatever came after it."""
    BLOCKED = "blocked"
    """It was set off and did not run: its condition, its limit, a lease or an invariant was against it."""


@dataclass(frozen=True, slots=True)
class OutcomeTrigger:
    FIELDS: ClassVar = Fields(
        {
            "rule": Field(name("a rule's name"), "the other rule", required=True),
            "outcome": Field(choice(RuleOutcome), "how its run ended", default='"done"'),
            "id": ID,
        }
    )

    rule: str
    outcome: RuleOutcome = RuleOutcome.DONE
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def bind(self, _scope: Scope) -> BoundSignal:
        return BoundSignal(("rule", self.rule, self.outcome.value))
