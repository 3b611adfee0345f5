"""What a hub hears, believes, decides and does, life after life."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from hubagent.agent import Agent
from hubagent.cli.output import value_text
from hubagent.cli.trace_text import trace_text
from hubagent.home import Previous
from hubagent.model.capabilities.table import ATTRIBUTES
from hubagent.model.capability import Kind as ValueKind
from hubagent.model.event import ButtonPressed, Event, ModeChanged, Notified, StateReported, VariableChanged
from hubagent.pairing import PairingProgressed
from hubagent.rules.traces import Trace
from simulators.site.hub import Hub, in_a_dead_process
from simulators.testing.record import Kind, Record, Span

EVENTS_MAX: Final = 20_000
RUNS_MAX: Final = 5_000
"""Of one rule."""
_PAGE: Final = 1000


@dataclass(frozen=True, slots=True)
class Heard:
    """An event of the agent, and when."""

    at: float
    """`loop.time()`."""
    event: Event | PairingProgressed


@dataclass(frozen=True, slots=True)
class RuleRun:
    """A rule was set off, and ran."""

    rule: str
    at: float
    """`loop.time()`."""
    by: str
    """What set it off."""


def words_of(trace: Trace, about: str) -> str:
    """What a trace says; `about` is its device's name."""
    detail = trace.detail
    if trace.kind == "sent":
        # How fast the hub was is not to be seen here: virtual time stands still while code runs.
        detail = {**detail, "latency_ms": None}
    return trace_text({"kind": trace.kind, "about": about, "detail": detail})


class HubRecorder:
    """`clock` is the loop's time."""

    def __init__(self, record: Record, hub: Hub, clock: Callable[[], float]) -> None:
        self.events: deque[Heard] = deque(maxlen=EVENTS_MAX)
        self.runs: dict[str, deque[RuleRun]] = {}
        """By rule."""
        self._record = record
        self._hub = hub
        self._clock = clock
        self._off: Span | None = None

    def begin(self, at: float) -> None:
        self._hub.on_made.append(self._made)
        if self._hub.agent is not None:
            self._made(self._hub.agent)
            self._take_over(self._hub.agent, at)
        self.look()

    def look(self) -> None:
        if self._hub.agent is None and self._off is None:
            self._off = self._record.begin(self._clock(), Kind.HUB, "the hub is off")
            self._tell(Kind.HUB, "hub", "the hub is off")
            for series in (it for attributes in self._record.hub.values() for it in attributes.values()):
                series.add(self._clock(), None)
        elif self._hub.agent is not None and self._off is not None:
            self._off.end = self._clock()
            self._off = None
            self._tell(Kind.HUB, "hub", f"the hub works again, in its life {self._hub.lives}")
            self._take_over(self._hub.agent, self._clock())

    def _tell(self, kind: Kind, about: str, text: str) -> None:
        self._record.happened(self._clock(), kind, about, text)

    def _made(self, agent: Agent) -> None:
        following = agent.events.following

        def wake() -> None:
            nonlocal following
            page = agent.events.since(following, _PAGE)
            following = page.following
            if not in_a_dead_process():
                for entry in page.entries:
                    self._happened(agent, entry.event)

        agent.events.on_entry(wake)
        # Before its log of events: what rules do because of an event comes first there.
        agent.home.listen(partial(self._reported, agent))
        agent.automation.traces.listen(partial(self._traced, agent))

    def _take_over(self, agent: Agent, at: float) -> None:
        """What it remembers, or was told while nobody could see it."""
        for device in agent.home.devices.values():
            for readings in agent.home.state(device.id).values():
                for attribute, reading in readings.items():
                    self._record.series(self._record.hub, device.name, attribute).add(at, reading.value)

    def _reported(self, agent: Agent, event: Event, _previous: Previous) -> None:
        if not isinstance(event, StateReported) or in_a_dead_process():
            return
        device = agent.home.devices.get(event.device)
        for attribute, value in event.values.items() if device is not None else ():
            assert device is not None
            series = self._record.series(self._record.hub, device.name, attribute)
            known = ATTRIBUTES.get(attribute)
            if series.add(self._clock(), value) and known is not None and known[1].kind is not ValueKind.NUMBER:
                self._tell(Kind.HUB, device.name, f"the hub heard {device.name}.{attribute} = {value_text(value)}")

    def _happened(self, agent: Agent, event: Event | PairingProgressed) -> None:
        self.events.append(Heard(self._clock(), event))
        match event:
            case ButtonPressed(device, button, press):
                known = agent.home.devices.get(device)
                name = device if known is None else known.name
                self._tell(Kind.BUTTON, name, f"the hub heard {name} button {button} {press.value}")
            case Notified(to, text, who):
                self._tell(Kind.NOTICE, who.removeprefix("rule:"), f"{to} was told: {text}")
            case ModeChanged(mode, who):
                self._tell(Kind.RULE, who.removeprefix("rule:"), f"the home's mode is {mode} (by {who})")
            case VariableChanged(name, value, who):
                self._tell(Kind.RULE, who.removeprefix("rule:"), f"var.{name} = {value_text(value)} (by {who})")

    def _traced(self, agent: Agent, trace: Trace) -> None:
        if in_a_dead_process():
            return
        device = agent.home.devices.get(trace.about)
        about = trace.about if device is None else device.name
        text = words_of(trace, about)
        if trace.kind in ("sent", "answered"):
            self._tell(Kind.COMMAND, about, text)
            return
        if trace.kind == "fired":
            runs = self.runs.setdefault(trace.rule, deque(maxlen=RUNS_MAX))
            runs.append(RuleRun(trace.rule, self._clock(), text.removeprefix("was set off by ")))
        self._tell(Kind.RULE, trace.rule, f"rule {trace.rule!r} {text}" if trace.rule else text)
