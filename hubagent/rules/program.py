"""A rule's actions as a flat program, so that where a run stands is a number that can be written down.

Counting of loops is by slots: a run has `Program.slots` numbers beside its program counter.
"""

from dataclasses import dataclass, field
from typing import Final

from hubagent.rules.actions.table import PlainAction
from hubagent.rules.actions.wait import OnTimeout
from hubagent.rules.expression.tree import Expression
from hubagent.toml_lines import NOWHERE, Spot

LAYOUT: Final = 1
"""Counted up when the same actions become other instructions: part of a rule's hash, because a position in the old
program means nothing in the new."""


@dataclass(frozen=True, slots=True)
class Perform:
    """Do it, and go on."""

    action: PlainAction


@dataclass(frozen=True, slots=True)
class Pause:
    seconds: float


@dataclass(frozen=True, slots=True)
class Await:
    """Go on when the condition holds and has held for `held_s`; an unknown one does not hold."""

    condition: Expression
    held_s: float
    timeout_s: float | None
    on_timeout: OnTimeout
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Branch:
    """Go on when the condition holds, to `otherwise` when it does not or is unknown."""

    condition: Expression
    otherwise: int
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Goto:
    to: int


@dataclass(frozen=True, slots=True)
class Enter:
    """A loop begins: its slot is 0."""

    slot: int


@dataclass(frozen=True, slots=True)
class Loop:
    """One more round and go on, or to `leave` where the slot has counted `at_most`."""

    slot: int
    at_most: int
    leave: int
    bounded: bool = False
    """It is a `while`: to reach the bound is worth a word in the trace."""


@dataclass(frozen=True, slots=True)
class Halt:
    reason: str


Instruction = Perform | Pause | Await | Branch | Goto | Enter | Loop | Halt


@dataclass(frozen=True, slots=True)
class Program:
    """A run ends when its counter is behind the last instruction. Only a loop jumps backwards, to behind its Enter."""

    instructions: tuple[Instruction, ...]
    slots: int = 0
