"""How a test ended: what failed and where, what was so then, and what the rules had done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from hubagent.agent import Agent
from hubagent.cli.trace_text import trace_text
from hubagent.rules.trial import Trial
from hubagent.rules.where import Where

TRACES_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Failure:
    place: str
    """`file:line` of the step."""
    at: datetime
    expected: str
    found: str
    values: Mapping[str, str]
    """Of each name in the expectation."""
    traces: tuple[str, ...]
    """What the rules did last, the latest last."""
    held_after_s: float | None = None
    """It came to hold so much later; None where it did not, or was not watched."""


class Failed(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.found)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Waiting:
    """A rule that could not run, because this home does not have what it names."""

    place: str
    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Result:
    trial: Trial
    failure: Failure | None
    waiting: tuple[Waiting, ...] = ()

    @property
    def ok(self) -> bool:
        return self.failure is None


def latest_traces(agent: Agent, where: Where) -> tuple[str, ...]:
    traces = agent.automation.traces.latest(TRACES_SHOWN)
    names = {device.id: device.name for device in agent.home.devices.values()}
    lines = []
    for trace in traces:
        view = {"kind": trace.kind, "about": names.get(trace.about, trace.about), "detail": trace.detail}
        rule = f"rule {trace.rule!r}: " if trace.rule else ""
        lines.append(f"{clock_text(where.local(trace.at))}  {rule}{trace_text(view)}")
    return tuple(lines)


def clock_text(at: datetime) -> str:
    return at.strftime("%H:%M:%S.%f")[:-3]


def view_of(result: Result) -> dict[str, Any]:
    """For programs."""
    failure = result.failure
    return {
        "name": result.trial.name,
        "place": str(result.trial.place),
        "ok": result.ok,
        "waiting": [{"place": one.place, "rule": one.rule, "why": one.why} for one in result.waiting],
        "failure": None
        if failure is None
        else {
            "place": failure.place,
            "at": failure.at.isoformat(timespec="milliseconds"),
            "expected": failure.expected,
            "found": failure.found,
            "values": dict(failure.values),
            "held_after_s": None if failure.held_after_s is None else round(failure.held_after_s, 3),
            "traces": list(failure.traces),
        },
    }


def lines_of(result: Result) -> list[str]:
    """For people; the first says which test it was and how it ended is the caller's."""
    failure = result.failure
    lines = [f"{one.place}: rule {one.rule!r} could not run: {one.why}" for one in result.waiting]
    if failure is None:
        return lines
    day = f"{failure.at:%a %Y-%m-%d} {clock_text(failure.at)}"
    lines = [f"{failure.place}: at {day}", f"  expected: {failure.expected}", f"  but {failure.found}", *lines]
    lines += [f"    {name} = {value}" for name, value in failure.values.items()]
    if failure.held_after_s is not None:
        lines.append(f"  it came to hold {failure.held_after_s:.2f} s later")
    if failure.traces:
        lines += ["  what the rules did last:", *(f"    {line}" for line in failure.traces)]
    return lines
