"""What a rule says. Devices are names here; a home's registry turns them into devices when the rule is bound."""

from dataclasses import dataclass, field
from enum import Enum

from hubagent.rules.actions.table import Action
from hubagent.rules.dst import AS_PEOPLE_EXPECT, Dst
from hubagent.rules.expression.tree import Expression
from hubagent.rules.program import Program
from hubagent.rules.triggers.table import Trigger
from hubagent.toml_lines import NOWHERE, Spot


class RunMode(Enum):
    """What happens when a rule is set off while a run of it goes on."""

    SINGLE = "single"
    """The new one is blocked."""
    RESTART = "restart"
    """The old one ends."""
    QUEUED = "queued"
    """The new one comes after."""
    PARALLEL = "parallel"
    """Both go on."""


class Priority(Enum):
    SAFETY = "safety"
    """First of all, and over leases and what other rules wrote."""
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `runs` within `seconds`."""

    runs: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    when: tuple[Trigger, ...]
    do: tuple[Action, ...]
    program: Program
    """The same actions, as they are run."""
    condition: Expression | None = None
    """Its `if`."""
    description: str = ""
    enabled: bool = True
    mode: RunMode = RunMode.SINGLE
    max_runs: int = 10
    """Waiting ones with QUEUED, those at the same time with PARALLEL."""
    limit: Limit | None = None
    priority: Priority = Priority.NORMAL
    yields_to_manual: bool = False
    """A person's hand at a device keeps this rule off it for `lease_s`."""
    lease_s: float = 30 * 60.0
    missed_within_s: float = 0.0
    """A time that came while the hub was off is made up for when it is less late than this: 0 never, inf always."""
    dst: Dst = AS_PEOPLE_EXPECT
    resumed_within_s: float = float("inf")
    """A waiting run whose time came while the hub was off goes on when it is less late than this."""
    hash: str = ""
    """Of what it means, not of its name, its place or comments: what was kept for a rule of another hash is void."""
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def __hash__(self) -> int:
        return hash((self.name, self.hash))
