"""How long it took from one thing to another, read off what is written down of the run.

Time is the simulation's: frames take as long on the air as they really do, a stick answers as fast as a stick does, and
networks have their delays. What the hub's processor takes is not in it: virtual time stands still while code runs.
`hubagent bench` measures that, on real machines.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hubagent.model.capability import Value
from hubagent.model.device import Device, DeviceId
from simulators.testing.beliefs import TRUTH, Belief
from simulators.testing.context import Context
from simulators.testing.expressions import Condition
from simulators.testing.hidden import speaks_for_itself
from simulators.testing.record import Attributes

__tracebackhide__ = speaks_for_itself


class NotSeen(AssertionError):
    """What was to be measured did not happen."""


@dataclass(frozen=True, slots=True, order=True)
class Latency:
    s: float

    @property
    def ms(self) -> float:
        return self.s * 1000

    def __str__(self) -> str:
        return f"{self.ms:.1f} ms"


class Past:
    """What somebody believed at a moment, as it is written down; the moment is set before each look."""

    def __init__(self, belief: Belief, of: Mapping[str, Attributes]) -> None:
        self.name = belief.name
        self.at = 0.0
        self._belief = belief
        self._of = of

    def devices(self) -> Mapping[DeviceId, Device]:
        return self._belief.devices()

    def value(self, device: DeviceId, attribute: str) -> Value:
        series = self._of.get(self.devices()[device].name, {}).get(attribute)
        return None if series is None else series.at(self.at)

    def moments(self, condition: Condition) -> list[float]:
        """When anything changed that the condition is about."""
        names = {(self.devices()[device].name, attribute) for device, attribute in condition.cells}
        found = {moment for name, attribute in names for moment in self._times(name, attribute)}
        return sorted(found)

    def _times(self, name: str, attribute: str) -> list[float]:
        series = self._of.get(name, {}).get(attribute)
        return [] if series is None else series.times


def latencies(context: Context, cause: str, effect: str, of: str) -> list[Latency]:
    """From each moment at which `cause` came to hold to the first at which `effect` did, where it had not held.

    A cause that came again before there was an effect counts from its first time. Raises BadExpectation.
    """
    record = context.record
    past = Past(context.belief(of), {TRUTH: record.truth, "hub": record.hub}.get(of, record.cloud))
    truth = Past(context.belief(TRUTH), record.truth)
    causes = _rises(context, cause, truth)
    effects = _rises(context, effect, past)
    found: list[Latency] = []
    waiting: float | None = None
    for moment, is_cause in sorted([*((it, True) for it in causes), *((it, False) for it in effects)], key=_order):
        if is_cause:
            waiting = moment if waiting is None else waiting
        elif waiting is not None:
            found.append(Latency(moment - waiting))
            waiting = None
    return found


def latest(context: Context, cause: str, effect: str, of: str) -> Latency:
    """Of the last time. Raises NotSeen where there was none, BadExpectation."""
    found = latencies(context, cause, effect, of)
    if not found:
        raise NotSeen(
            f"since the test began {effect} has not come to hold after {cause} had; what held already does not count"
        )
    return found[-1]


def _rises(context: Context, text: str, past: Past) -> list[float]:
    condition = Condition(text, past, context.surroundings(lambda: context.unix(past.at)))
    found = []
    before: bool | None = None
    for moment in past.moments(condition):
        past.at = moment
        holds = condition.holds()
        if holds and before is False:
            found.append(moment)
        before = holds
    return found


def _order(it: tuple[float, bool]) -> tuple[float, bool]:
    """At the same instant the cause came first."""
    return it[0], not it[1]
