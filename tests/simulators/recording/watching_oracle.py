"""The oracle of rules, fed by what a hub observed: it hears what a home told, and says what rules are to have done.

What it sends comes back only as what devices then report. Its clock shows the recording's own dates.
"""

import math
from collections.abc import Iterable
from typing import Any, Final

from hubagent.model.event import DeviceChanged, DeviceJoined, DeviceLeft, DeviceSilent, StateReported
from hubagent.rules.rule_set import RuleSet
from hubagent.rules.where import Where
from simulators.chaos.checks.rule_ear import tell
from simulators.chaos.oracle.oracle import Oracle

Told = StateReported | DeviceJoined | DeviceChanged | DeviceSilent | DeviceLeft
Observed = tuple[float, Told]
"""When, and what the home told. Times are seconds after the hub's start."""
_LOOK_S: Final = 60.0
"""At each whole minute the clock is looked at: no time of day comes at another moment."""


class WatchingOracle:
    """`start` is the Unix time at which the hub started, by the recording's calendar."""

    def __init__(self, rule_set: RuleSet, start: float, where: Where) -> None:
        # By today's hubs, a clock that shows those years does not know the time.
        self._oracle = oracle = Oracle(where, rule_set, lambda _rule, _late_s: None, clock_set_from=0.0)
        self._start = start
        self._look_at = math.ceil(start / _LOOK_S) * _LOOK_S - start
        self._log: list[tuple[Any, ...]] = []
        self._names: dict[str, str] = {}
        oracle.start(0.0, start)
        oracle.get_ready()

    def watch(self, observed: Iterable[Observed], until: float) -> list[tuple[Any, ...]]:
        """What was to be sent, told and changed by `until`."""
        for t, event in observed:
            self._go_to(t)
            if isinstance(event, DeviceJoined | DeviceChanged):
                self._names[event.device.id] = event.device.name
            tell(self._oracle, event)
            self._note(t)
        self._go_to(until)
        return self._log

    def _go_to(self, t: float) -> None:
        """All that is due by then is done when it is."""
        while (due := min(self._look_at, self._deadline())) <= t:
            self._at(due)
            self._oracle.time_passed()
            if due == self._look_at:
                self._oracle.looks_at_clock()
                self._look_at += _LOOK_S
            self._note(due)
        self._at(t)

    def _deadline(self) -> float:
        due = self._oracle.next_deadline()
        return math.inf if due is None else due

    def _at(self, t: float) -> None:
        self._oracle.at(t, self._start + t)

    def _note(self, t: float) -> None:
        for kind, *what in self._oracle.take():
            match kind:
                case "send":
                    _rule, device, attribute, value = what
                    self._log.append((t, kind, self._names[device], attribute, value))
                case "notify":
                    self._log.append((t, kind, what[-1]))
                case "mode" | "variable":
                    self._log.append((t, kind, *what))


def rounded(log: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """For comparing: milliseconds are the radio's, and of one moment each kind comes in its own order."""
    return sorted(((round(t, 1), *rest) for t, *rest in log), key=lambda entry: (entry[0], entry[1]))
