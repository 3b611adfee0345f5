"""What came of an import: rules with how far they were translated, and what they need beside them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from hubagent.model.capability import Value
from hubagent.rules.importers.reason import Reason
from hubagent.rules.rule_set import MODES

Table = dict[str, Any]
"""As it will stand in the TOML file."""

PLACEHOLDER_TRIGGER: Final[Table] = {"webhook": "not_translated"}


class Share(Enum):
    """How much of a rule was translated."""

    FULLY = "fully"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class ImportedRule:
    table: Table
    share: Share
    reasons: tuple[Reason, ...]
    notes: tuple[str, ...]
    """Where it behaves a little differently, for people."""
    place: str
    source: tuple[str, ...]
    """The lines that it came from."""


@dataclass(slots=True)
class Import:
    """A whole file, or several."""

    rules: list[ImportedRule] = field(default_factory=list)
    scenes: dict[str, Table] = field(default_factory=dict)
    variables: dict[str, Value] = field(default_factory=dict)
    modes: dict[str, None] = field(default_factory=lambda: dict.fromkeys(MODES))
    table: dict[str, str] = field(default_factory=dict)
    """What the other hub called something, and what it is called here; with a remark after `#`."""
    differences: tuple[str, ...] = ()
    """What is different for all rules, for people."""

    def count(self, share: Share) -> int:
        return sum(rule.share is share for rule in self.rules)

    def reasons(self) -> list[tuple[str, int]]:
        """How many rules each kind of reason concerns, the most frequent first."""
        counted = Counter(kind for rule in self.rules for kind in sorted({reason.kind for reason in rule.reasons}))
        return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def stub(name: str, reasons: Iterable[Reason]) -> Table:
    """The disabled rule that stands for one of which nothing was translated."""
    first = next(iter(reasons), Reason("not translated"))
    return {"name": name, "enabled": False, "when": dict(PLACEHOLDER_TRIGGER), "do": [not_translated(first)]}


def not_translated(reason: Reason) -> Table:
    """Stands for an action: whoever enables the rule finds the run stopped here, and why."""
    return {"stop": f"not translated: {reason}"[:200]}
