"""One run of a rule: where it stands in its program, and what set it off. Its record is all that a restart needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hubagent.model.capability import Value
from hubagent.model.event import Cause

RUN: Final = "run:"


@dataclass(eq=False, slots=True)
class Run:
    id: int
    rule: str
    hash: str
    about: str
    """What set it off."""
    value: Value = None
    trigger_id: str | None = None
    late_s: float = 0.0
    cause: Cause = field(default_factory=lambda: Cause("rule:"))
    depth: int = 0
    """How many rules' commands led to it, one from another."""
    caused_by: int = 0
    """The run whose command led to it; 0 where none did."""
    pc: int = 0
    slots: list[int] = field(default_factory=list)
    waits: bool = False
    waits_since: float = 0.0
    """Unix seconds."""
    wake_at: float | None = None
    """Unix seconds: when a pause ends, or a wait is given up."""
    held_since: float | None = None
    """Unix seconds: since when the condition that it waits for holds."""
    due_by_clock: tuple[float | None, float | None] | None = None
    """The last two as they were written down, while the clock that they are of is not set."""
    dormant: bool = False
    """It is of before the start, and waits until the radios work and its devices are there."""
    attends: tuple[int, ...] = ()
    """The cells that it waits for."""
    queued: bool = False
    counted: bool = False
    """Among those that wait, of which there is a bound."""
    in_doubt: bool = False
    """The hub stopped while this step was being done: what may have been done is not done again."""
    failures: list[str] = field(default_factory=list)
    recorded: int = 0
    """How many of them are in its record."""
    pending: set[int] = field(default_factory=set)
    """Tokens of what has not been answered."""
    ended: bool = False
    outcome: str | None = None
    """How it ended, until that was told to other rules."""

    @property
    def was_cut_short(self) -> bool:
        """While a call or a command of it is not answered: nobody waits for its outcome any more."""
        return self.ended and self.outcome is None

    @property
    def key(self) -> str:
        return f"{RUN}{self.id}"

    def holds_since(self, moment: float | None) -> None:
        """What it waits for holds only now, or no more: since when that was so before the start says nothing now."""
        self.held_since = moment
        if self.due_by_clock is not None:
            self.due_by_clock = (self.due_by_clock[0], None)

    def record(self, *, acting: bool = False) -> Mapping[str, Any]:
        return {
            "rule": self.rule,
            "hash": self.hash,
            "about": self.about,
            "value": self.value,
            "trigger": self.trigger_id,
            "late": self.late_s,
            "depth": self.depth,
            "pc": self.pc,
            "slots": list(self.slots),
            "wake": self.wake_at,
            "held": self.held_since,
            "since": self.waits_since,
            "queued": self.queued,
            "failures": self.failures[:FAILURES_MAX],
            "acting": acting,
        }


FAILURES_MAX: Final = 10


def run_of(key: str, record: Mapping[str, Any]) -> Run:
    """Raises KeyError, TypeError or ValueError where it is no record of a run."""
    run = Run(int(key.removeprefix(RUN)), str(record["rule"]), str(record["hash"]), str(record["about"]))
    run.value, run.trigger_id, run.late_s = record["value"], record["trigger"], float(record["late"])
    run.depth, run.pc, run.slots = int(record["depth"]), int(record["pc"]), [int(count) for count in record["slots"]]
    if run.pc < 0:
        raise ValueError(f"no place in a program: {run.pc}")
    run.wake_at, run.held_since = _moment(record["wake"]), _moment(record["held"])
    run.waits_since = float(record.get("since", 0.0))
    run.queued, run.in_doubt = bool(record["queued"]), bool(record["acting"])
    run.failures = [str(failure) for failure in record["failures"]]
    run.recorded = len(run.failures)
    run.cause = Cause(f"rule:{run.rule}")
    return run


def _moment(value: Any) -> float | None:
    return None if value is None else float(value)
