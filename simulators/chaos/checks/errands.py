"""What an agent sent to devices, and what came of it there: heard at the agent's radios, seen at the devices.

An effect is a setting that is another one after the device has heard its radio than before. What a hand does, or the
device by itself, is none.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from hubagent.agent import Agent, Radio
from hubagent.model.capability import Command, Value
from hubagent.model.device import DeviceId
from hubagent.model.event import Cause, CommandAnswered, Outcome
from simulators.chaos.checks.settings import Settings, reader_of, same
from simulators.site.life import in_a_dead_process
from simulators.site.site import Site

KEPT_MAX: Final = 400
"""Commands and changes of one device that are remembered."""


@dataclass(slots=True, eq=False)
class Sent:
    """One command, as it was handed to a driver."""

    device: str
    """The physical one."""
    part: int
    """0: the whole of it."""
    wanted: dict[str, Value]
    who: str
    at: float
    life: int
    """Of the hub."""
    answered_at: float | None = None
    outcome: Outcome | None = None
    answers: int = 0
    effects: list[float] = field(default_factory=list)
    """When it had one."""

    def means(self, part: int, attribute: str, value: Any) -> bool:
        """Whether that is what it wants."""
        return (
            attribute in self.wanted
            and (self.part in (0, part) or part == 0)
            and same(attribute, self.wanted[attribute], value)
        )

    def __str__(self) -> str:
        part = f"/{self.part}" if self.part else ""
        wanted = " ".join(f"{name}={value!r}" for name, value in self.wanted.items())
        return f"{self.device}{part} {wanted} by {self.who} at {self.at:.3f} s"


@dataclass(frozen=True, slots=True)
class Effect:
    device: str
    at: float
    changes: dict[tuple[int, str], tuple[Any, Any]]
    """What was, and what is."""

    def __str__(self) -> str:
        changes = ", ".join(
            f"{attribute}{f'/{part}' if part else ''} {before!r} -> {after!r}"
            for (part, attribute), (before, after) in self.changes.items()
        )
        return f"{self.device} at {self.at:.3f} s: {changes}"


class Errands:
    """`listen` begins. `sent` and `had_effect` are called with each."""

    def __init__(self, site: Site) -> None:
        self.sent: list[Callable[[Sent], None]] = []
        self.answered: list[Callable[[Sent], None]] = []
        self.effects: list[Callable[[Effect], None]] = []
        self.of: dict[str, deque[Sent]] = {}
        """By device, the latest commands; the oldest first."""
        self.history: dict[str, deque[tuple[float, Settings]]] = {}
        """By device, what it was set to from when on; the oldest first."""
        self._readers: dict[str, Callable[[], Settings]] = {}
        self._site = site
        self._loop = site.world.loop

    def listen(self) -> None:
        site = self._site
        site.hub.on_made.append(self._made)
        if site.hub.agent is not None:
            self._made(site.hub.agent)
        for name, placed in site.world.devices.items():
            read = reader_of(placed.device)
            if read is None or placed.dongle is None:
                continue
            self._readers[name] = read
            self.of[name] = deque(maxlen=KEPT_MAX)
            self.history[name] = deque([(self._loop.time(), read())], maxlen=KEPT_MAX)
            placed.device.listen(self._changed(name, read))
            self._watch(placed.dongle.nodes[name], name, read)

    def was_ever(self, sent: Sent) -> bool:
        """Whether the device was set to what was wanted at any moment from then on; True where nobody can say."""
        history = self.history.get(sent.device)
        if history is None:
            return True
        # Whom a hand has set out on its way tells of it when it has arrived, and reports before.
        settings = [*(settings for at, settings in history if sent.at <= at), self._readers[sent.device]()]
        before = [settings for at, settings in history if at < sent.at]
        settings += before[-1:] if before else [settings for _, settings in history][:1]
        return all(
            any(sent.means(part, attribute, value) for it in settings for (part, attribute), value in it.items())
            for attribute in sent.wanted
            if any(attribute == name for it in settings for _, name in it)
        )

    # --- the agent

    def _made(self, agent: Agent) -> None:
        for radio in agent.radios.values():
            self._hear(agent, radio)

    def _hear(self, agent: Agent, radio: Radio) -> None:
        send = radio.send

        def heard(
            device: DeviceId, command: Command, cause: Cause, answered: Callable[[CommandAnswered], None]
        ) -> None:
            one = None if in_a_dead_process() else self._sent(agent, device, command, cause)
            if one is None:
                send(device, command, cause, answered)
                return

            def answer(event: CommandAnswered) -> None:
                if not in_a_dead_process():
                    self._answered(one, event.outcome)
                answered(event)

            send(device, command, cause, answer)

        radio.send = heard  # type: ignore[method-assign]  # an ear at its door

    def _sent(self, agent: Agent, device: DeviceId, command: Command, cause: Cause) -> Sent | None:
        known = agent.home.devices.get(device)
        if known is None:
            return None
        name, _, part = known.name.partition("/")
        if name not in self.of:
            return None
        one = Sent(
            name,
            int(part) if part.isdecimal() else 0,
            dict(command.wanted()),
            cause.who,
            self._loop.time(),
            self._site.hub.lives,
        )
        self.of[name].append(one)
        for told in self.sent:
            told(one)
        return one

    def _answered(self, one: Sent, outcome: Outcome) -> None:
        one.answers += 1
        one.answered_at, one.outcome = self._loop.time(), outcome
        for told in self.answered:
            told(one)

    # --- the devices

    def _changed(self, name: str, read: Callable[[], Settings]) -> Callable[[str], None]:
        history = self.history[name]

        def changed(_attribute: str) -> None:
            now = read()
            if now != history[-1][1]:
                history.append((self._loop.time(), now))

        return changed

    def _watch(self, node: Any, name: str, read: Callable[[], Settings]) -> None:
        receive, history = node.receive, self.history[name]

        def received(message: object) -> None:
            before = read()
            receive(message)
            after = read()
            if after != before:
                if after != history[-1][1]:
                    # It has set out, and tells of it when it has arrived.
                    history.append((self._loop.time(), after))
                changes = {key: (before[key], value) for key, value in after.items() if value != before[key]}
                effect = Effect(name, self._loop.time(), changes)
                for told in self.effects:
                    told(effect)

        node.receive = received
