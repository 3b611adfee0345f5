"""Commands to devices: whether they may be sent, what became of them, and sending them again.

What is sent is remembered for a while, so that a report which it explains is known to be no person's doing, and so that
a chain of rules that set one another off is seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from hubagent.model.capability import Command, Value
from hubagent.model.device import DeviceId
from hubagent.model.event import Cause, CommandAnswered, Outcome
from hubagent.rules.executor.agenda import Agenda
from hubagent.rules.executor.bound import BoundRule, lasts_s
from hubagent.rules.executor.effects import Send
from hubagent.rules.executor.guard import Guard
from hubagent.rules.executor.leases import Leases
from hubagent.rules.executor.picture import Picture
from hubagent.rules.executor.run import Run
from hubagent.rules.rule import Priority

EXPLAINED_S: Final = 5.0
"""So long after a command, and the time that it takes, a device's reports are taken for what follows from it."""
RETRY_S: Final = 0.5
"""Before the first repetition; each further one waits twice as long."""
TRACKED_MAX: Final = 2000
"""Commands whose answers are waited for."""

FOLLOWED: Final = frozenset((Outcome.CONFIRMED, Outcome.DELIVERED, Outcome.WAITING))
AGAIN: Final = frozenset((Outcome.UNREACHABLE, Outcome.FAILED))
"""What may go better the next time; a refusal does not."""

Done = Callable[[Run, DeviceId, str], None]
"""Called once for a tracked command: with an empty text, or with what went wrong."""


@dataclass(eq=False, slots=True)
class _Tracked:
    run: Run
    device: DeviceId
    command: Command
    done: Done
    retries: int
    deadline: float | None
    attempts: int = field(default=0)


class Sending:
    def __init__(self, agenda: Agenda, picture: Picture, guard: Guard, leases: Leases) -> None:
        self._agenda = agenda
        self._picture = picture
        self._guard = guard
        self._leases = leases
        self._tracked: dict[int, _Tracked] = {}
        self._token = 0
        self.sent: dict[DeviceId, tuple[float, int, int]] = {}
        """Until when what it reports is explained by a command, how deep that was in a chain, and of which run."""
        self.by_safety: dict[tuple[DeviceId, str], Value] = {}
        """What rules for safety wrote because of the present item."""

    def explained(self, device: DeviceId) -> tuple[int, int] | None:
        """The depth and the run of the command that explains what the device reports now; None where none does."""
        sent = self.sent.get(device)
        if sent is None:
            return None
        if sent[0] < self._agenda.now:
            del self.sent[device]
            return None
        return sent[1], sent[2]

    def item_ended(self) -> None:
        self.by_safety = {}
        self._agenda.careful = self._agenda.durable

    def may_not(self, bound: BoundRule, device: DeviceId, command: Command) -> str | None:
        """Why this rule may not send this now; None where it may."""
        wanted = command.wanted()
        never = self._guard.judge(device, wanted, by_rule=True)
        if never is not None:
            return f"never: {never}"
        if bound.rule.priority is Priority.SAFETY:
            self._agenda.careful = True
            for name, value in wanted.items():
                self.by_safety[device, name] = value
            return None
        if bound.rule.yields_to_manual and self._leases.holds_off(bound, device):
            return "somebody switched it by hand"
        for name, value in wanted.items() if self.by_safety else ():
            if self.by_safety.get((device, name), value) != value:
                return "a rule for safety wants the opposite"
        return None

    def send_known(
        self, commands: tuple[tuple[DeviceId, Command, float], ...], cause: Cause, depth: int, run: int
    ) -> None:
        """All at once, with nothing to be looked at."""
        effects, until = self._agenda.effects, self._agenda.now + EXPLAINED_S
        for device, command, takes_s in commands:
            effects.append(Send(device, command, cause, 0))
            self.sent[device] = (until + takes_s, depth, run)

    def send(self, run: Run, device: DeviceId, command: Command, token: int = 0) -> None:
        self._agenda.effects.append(Send(device, command, run.cause, token))
        self.sent[device] = (self._agenda.now + EXPLAINED_S + lasts_s(command), run.depth, run.id)

    def track(
        self,
        run: Run,
        device: DeviceId,
        command: Command,
        done: Done,
        *,
        retries: int = 0,
        within_s: float | None = None,
    ) -> None:
        """Send, and see to it that it arrives: `done` is called when that is certain, or given up."""
        if len(self._tracked) >= TRACKED_MAX:
            done(run, device, "too many commands wait for their answers")
            return
        self._token += 1
        token = self._token
        deadline = None if within_s is None else self._agenda.now + within_s
        self._tracked[token] = _Tracked(run, device, command, done, retries, deadline)
        run.pending.add(token)
        if deadline is not None:
            self._agenda.timers.set(("late", token), deadline, lambda _now: self._late(token))
        self.send(run, device, command, token)

    def answered(self, token: int, answer: CommandAnswered) -> None:
        tracked = self._tracked.get(token)
        if tracked is None:
            return
        if answer.outcome in FOLLOWED:
            self._close(token, "")
        elif answer.outcome in AGAIN and tracked.attempts < tracked.retries:
            tracked.attempts += 1
            wait_s = RETRY_S * 2 ** (tracked.attempts - 1)
            self._agenda.timers.set(("again", token), self._agenda.now + wait_s, lambda _now: self._again(token))
        else:
            self._close(token, f"{answer.outcome.value}{f': {answer.detail}' if answer.detail else ''}")

    def abandon(self, run: Run) -> None:
        """The run ended: nothing more is sent for it."""
        for token in list(run.pending):
            self._drop(token)

    def _again(self, token: int) -> None:
        tracked = self._tracked.get(token)
        if tracked is not None:
            self._agenda.trace("again", tracked.run.rule, tracked.run.id, tracked.device, tracked.attempts)
            self.send(tracked.run, tracked.device, tracked.command, token)

    def _late(self, token: int) -> None:
        if token in self._tracked:
            self._close(token, "not confirmed in time")

    def _close(self, token: int, problem: str) -> None:
        tracked = self._drop(token)
        if tracked is not None:
            tracked.done(tracked.run, tracked.device, problem)

    def _drop(self, token: int) -> _Tracked | None:
        tracked = self._tracked.pop(token, None)
        if tracked is not None:
            tracked.run.pending.discard(token)
            self._agenda.timers.cancel(("late", token))
            self._agenda.timers.cancel(("again", token))
        return tracked
