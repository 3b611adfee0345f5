"""What a hub did while a recording was played: which rules ran how often, what they sent and said. It listens from
outside, and forgets nothing when the hub's process does.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hubagent.agent import Agent
from hubagent.model.event import CommandAnswered, CommandSent, Event, Notified, StateReported
from hubagent.pairing import PairingProgressed
from hubagent.rules.traces import Trace

AT_ONCE_MAX: Final = 100
NOTIFICATIONS_MAX: Final = 100
"""The latest ones, word by word."""
_RULE: Final = "rule:"


@dataclass(slots=True)
class Runs:
    """Of one rule. Times are seconds after the start of the recording."""

    count: int = 0
    first_t: float = 0.0
    last_t: float = 0.0

    def add(self, t: float) -> None:
        if not self.count:
            self.first_t = t
        self.count += 1
        self.last_t = t


@dataclass(frozen=True, slots=True)
class Said:
    """A notification."""

    t: float
    to: str
    text: str
    rule: str


@dataclass(slots=True)
class Tally:
    """`now` gives the seconds after the start of the recording; what was before `since` does not count."""

    now: Callable[[], float]
    since: float = 0.0
    reports: int = 0
    rules: dict[str, Runs] = field(default_factory=dict)
    commands: Counter[str] = field(default_factory=Counter)
    """Sent by rules, by how they ended."""
    notified: int = 0
    notifications: deque[Said] = field(default_factory=lambda: deque(maxlen=NOTIFICATIONS_MAX))

    def listen(self, agent: Agent) -> None:
        """To one life of the hub, from before anything happens in it."""
        following = agent.events.following

        def on_entry() -> None:
            nonlocal following
            page = agent.events.since(following, AT_ONCE_MAX)
            following = page.following
            for entry in page.entries:
                self.hear(entry.event)

        # The event log has what rules say as well, which the home never hears of.
        agent.events.on_entry(on_entry)
        agent.automation.traces.listen(self.trace)

    def hear(self, event: Event | PairingProgressed) -> None:
        t = self.now()
        if t < self.since:
            return
        match event:
            case StateReported():
                self.reports += 1
            case CommandSent(cause=cause) if cause.who.startswith(_RULE):
                self.commands["sent"] += 1
            case CommandAnswered(cause=cause, outcome=outcome) if cause.who.startswith(_RULE):
                self.commands[outcome.value] += 1
            case Notified(to=to, text=text, who=who):
                self.notified += 1
                self.notifications.append(Said(t, to, text, who.removeprefix(_RULE)))

    def trace(self, trace: Trace) -> None:
        t = self.now()
        if trace.kind == "fired" and t >= self.since:
            self.rules.setdefault(trace.rule, Runs()).add(t)

    def view(self) -> Mapping[str, Any]:
        """For JSON."""
        return {
            "reports": self.reports,
            "rules": {
                rule: {"runs": runs.count, "first_t": runs.first_t, "last_t": runs.last_t}
                for rule, runs in sorted(self.rules.items())
            },
            "commands": dict(sorted(self.commands.items())),
            "notified": self.notified,
            "notifications": [
                {"t": said.t, "to": said.to, "text": said.text, "rule": said.rule} for said in self.notifications
            ],
        }
