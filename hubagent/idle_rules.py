"""Rules and invariants that do nothing as the home is: some wait for a device that may come, the others are wrong about
what is there, or by themselves. How that is said at the start, when files are read again, and on the command line.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hubagent.counted import counted
from hubagent.rules.binding import CannotBind
from hubagent.rules.executor.executor import RuleExecutor


@dataclass(frozen=True, slots=True)
class Idle:
    """One that does nothing as things are."""

    text: str
    """Each thing that is wrong, with its place and a caret, and whose it is."""
    waits: bool
    """For devices, and nothing else is wrong."""


def idle_rules(executor: RuleExecutor) -> list[Idle]:
    return [
        _idle(one.problem, f"rule {one.rule.name!r}", "does not run before that is corrected")
        for one in executor.unbound
    ]


def idle_nevers(executor: RuleExecutor) -> list[Idle]:
    return [
        _idle(problem, f"[[never]] {never.name!r}", "forbids nothing before that is corrected")
        for never, problem in executor.guard.unbound
    ]


def rules_text(rules: int, waits: Iterable[bool]) -> str:
    """`3 rules (1 waits for its device, 1 cannot run)`; `waits` says of each that is idle whether it does."""
    idle = ", ".join(idle_texts(waits))
    return f"{counted(rules, 'rule')} ({idle})" if idle else counted(rules, "rule")


def idle_texts(waits: Iterable[bool]) -> Iterator[str]:
    """How many of each kind."""
    kinds = [*waits]
    if waiting := sum(kinds):
        yield "1 waits for its device" if waiting == 1 else f"{waiting} wait for their devices"
    if wrong := len(kinds) - waiting:
        yield f"{wrong} cannot run"


def _idle(problem: CannotBind, whose: str, until_corrected: str) -> Idle:
    problems: Sequence[CannotBind] = (problem, *problem.others)
    waiting = all(one.device is not None for one in problems)
    until_there = f"waits until {'it is' if len(problems) == 1 else 'they are'} there"
    lines = [str(one.mistake()) for one in problems]
    return Idle("\n".join([*lines, f"{whose} {until_there if waiting else until_corrected}"]), waiting)
