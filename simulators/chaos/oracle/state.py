"""What rules keep in mind, and what has to outlive a restart: what is held, runs that wait, times that are settled."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hubagent.model.capability import Command, Value
from hubagent.model.device import DeviceId
from hubagent.rules.rule import Rule
from hubagent.rules.triggers.table import Trigger

Key = tuple[str, int]
"""A rule, and which of its triggers."""


@dataclass(slots=True, eq=False)
class Hold:
    """Something began, and has to stay so until it counts."""

    hash: str
    value: Value
    until: float
    """Unix seconds."""
    due: float = 0.0
    """The same by the loop's time, in this life."""
    by_clock: float | None = None
    """`until` as it was before the clock was lost."""
    dormant: bool = False
    """Of before the start: it waits until the radios work and its device is there."""


@dataclass(slots=True, eq=False)
class Run:
    rule: str
    hash: str
    value: Value = None
    id: str | None = None
    """Of the trigger."""
    late_s: float = 0.0
    depth: int = 0
    number: int = 0
    """In the order in which they began."""
    pc: int = 0
    slots: list[int] = field(default_factory=list)
    waits: bool = False
    since: float = 0.0
    """Unix seconds: from when on it waits."""
    wake: float | None = None
    """Unix seconds: when a pause ends, or a wait is given up."""
    held: float | None = None
    """Unix seconds: since when what it waits for is so."""
    by_clock: tuple[float | None, float | None] | None = None
    """The last two as they were before the clock was lost."""
    kept: tuple[float, float | None, float | None] | None = None
    """The three as they are on disk, where that is from before the clock was lost."""
    dormant: bool = False
    queued: bool = False
    in_doubt: bool = False
    """The hub stopped while it did something: what may have been done is not done again."""
    failed: bool = False
    unanswered: int = 0
    """Commands and calls."""
    counted: bool = False
    """It has waited: among those that may be so many."""
    by_person: bool = False
    """It is no rule's: a scene that somebody wants."""
    ended: bool = False
    outcome: str | None = None
    """Until it was told to other rules."""

    def holds_since(self, moment: float | None) -> None:
        """What it waits for holds only now, or no more."""
        self.held = moment
        if self.by_clock is not None:
            self.by_clock = (self.by_clock[0], None)

    @property
    def was_cut_short(self) -> bool:
        """While something of it is not answered."""
        return self.ended and self.outcome is None


@dataclass(slots=True)
class Mark:
    """Of a trigger by the clock: up to where it is settled what came, and what set it off last (Unix seconds)."""

    hash: str
    seen: float
    fired: float | None = None
    kept: float = 0.0
    """`seen` as it is on disk: that the clock was put back is not."""
    kept_fired: float | None = None
    """Likewise `fired`: that it counts no more, as the clock was put back by more than a day, is not either."""


@dataclass(slots=True, eq=False)
class Wish:
    """A command that may be sent again."""

    run: Run
    rule: Rule | None
    device: DeviceId
    command: Command
    retries: int
    number: int = 0
    attempts: int = 0
    over: bool = False
    """Something else was wished since."""
    answered: "Callable[[Wish, bool], None] | None" = None
    """Whom of a scene it is told that this one followed, or failed."""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A rule, and where it stands among all: safety comes first."""

    rule: Rule
    order: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Armed:
    """One trigger of one rule."""

    known: Known
    index: int
    trigger: Trigger

    @property
    def key(self) -> Key:
        return (self.known.rule.name, self.index)
