"""Commands to devices: whether they may be sent, what became of them, and sending them again.

What is sent is remembered for a while, so that a report which it explains is known to be no person's doing, and so that
a chain of rules that set one another off is seen.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from hubagent.model.capability import Command, Value
from hubagent.model.device import DeviceId
from hubagent.model.event import Cause, CommandAnswered, Outcome
from hubagent.rules.actions.bound_set import BoundSet
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
RECENT_MAX: Final = 7
TRACKED_MAX: Final = 2000
"""Commands whose answers are waited for."""

FOLLOWED: Final = frozenset((Outcome.CONFIRMED, Outcome.DELIVERED, Outcome.WAITING))
AGAIN: Final = frozenset((Outcome.UNREACHABLE, Outcome.FAILED))
"""What may go better the next time; a refusal does not."""

Done = Callable[[Run, DeviceId, str], None]
"""Called once for a tracked command: with an empty text, or with what went wrong."""


@dataclass(eq=False, slots=True)
class Wish:
    """A command that may be sent again, as long as nothing else was wished for the same."""

    device: DeviceId
    command: Command
    bound: BoundRule | None
    """None: a person wished for it."""
    over: bool = False
    """Something else was wished since."""


@dataclass(eq=False, slots=True)
class _Tracked:
    run: Run
    wish: Wish
    done: Done
    retries: int
    attempts: int = 0


class Sending:
    def __init__(self, agenda: Agenda, picture: Picture, guard: Guard, leases: Leases) -> None:
        self._agenda = agenda
        self._picture = picture
        self._guard = guard
        self._leases = leases
        self._tracked: dict[int, _Tracked] = {}
        self._token = 0
        self._wishes: dict[DeviceId, list[Wish]] = {}
        """What may be sent again, and is not over: of each device no two for the same."""
        self._recent: dict[DeviceId, list[tuple[float, Mapping[str, Value]]]] = {}
        """Until when what was wanted explains what is reported; of devices that some rule leaves to a hand."""
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

    def contradicts(self, device: DeviceId, name: str, value: Value) -> bool:
        """It reports the contrary of what it was told a moment ago: somebody else wanted that.

        A number on its way to what was wanted contradicts nothing.
        """
        if not isinstance(value, bool | str):
            return False
        now = self._agenda.now
        wanted = [values[name] for until, values in self._recent.get(device, ()) if until >= now and name in values]
        return bool(wanted) and value not in wanted

    def may_not(self, bound: BoundRule | None, device: DeviceId, command: Command) -> str | None:
        """Why this rule may not send this now, or a person where there is no rule; None where it may."""
        if self._picture.device(device) is None:
            return "the device is not there any more"
        makes = command.brings_about()
        never = self._guard.judge(device, makes, by_rule=bound is not None)
        if never is not None:
            return f"never: {never}"
        if bound is None:
            return None
        if bound.rule.priority is Priority.SAFETY:
            self._agenda.careful = True
            for name, value in makes.items():
                self.by_safety[device, name] = value
            return None
        if bound.rule.yields_to_manual and self._leases.holds_off(bound, device):
            return "somebody switched it by hand"
        for name, value in makes.items() if self.by_safety else ():
            if self.by_safety.get((device, name), value) != value:
                return "a rule for safety wants the opposite"
        return None

    def never_together(self, bound: BoundRule | None, wishes: Iterable[tuple[DeviceId, Command]]) -> str | None:
        """Why all of these together may not be sent; each alone may be."""
        makes = [(device, command.brings_about()) for device, command in wishes]
        never = self._guard.judge_together(makes, by_rule=bound is not None)
        return None if never is None else f"never: {never}"

    def send_known(
        self, commands: tuple[tuple[DeviceId, Command, float], ...], cause: Cause, depth: int, run: int
    ) -> None:
        """All at once, with nothing to be looked at."""
        effects, until = self._agenda.effects, self._agenda.now + EXPLAINED_S
        for device, command, takes_s in commands:
            effects.append(Send(device, command, cause, 0))
            self.sent[device] = (until + takes_s, depth, run)
            if device in self._wishes or device in self._leases.yielding:
                self._note(device, command, takes_s)

    def send(self, run: Run, device: DeviceId, command: Command, token: int = 0, wish: Wish | None = None) -> None:
        takes_s = lasts_s(command)
        self._agenda.effects.append(Send(device, command, run.cause, token))
        self.sent[device] = (self._agenda.now + EXPLAINED_S + takes_s, run.depth, run.id)
        if self._guard.judges:
            self._guard.sent(device, command.brings_about(), EXPLAINED_S + takes_s)
        if device in self._wishes or device in self._leases.yielding:
            self._note(device, command, takes_s, wish)

    def _note(self, device: DeviceId, command: Command, takes_s: float, wish: Wish | None = None) -> None:
        self._give_way(device, command, wish)
        if device in self._leases.yielding:
            now = self._agenda.now
            recent = [one for one in self._recent.get(device, ()) if one[0] >= now][-RECENT_MAX:]
            self._recent[device] = [*recent, (now + EXPLAINED_S + takes_s, command.wanted())]

    def _give_way(self, device: DeviceId, command: Command, wish: Wish | None) -> None:
        """What was wished for the same before is over."""
        wanted = command.wanted()
        for other in list(self._wishes.get(device, ())):
            same = not wanted or not wanted.keys().isdisjoint(other.command.wanted())
            if other is not wish and (same or command.overtakes(other.command)):
                self._is_over(other)

    def mind_wish(self, wish: Wish) -> None:
        """To be sent again, perhaps: what else is wished for the same is noticed, until `forget_wish`."""
        if not wish.over:
            self._wishes.setdefault(wish.device, []).append(wish)

    def _is_over(self, wish: Wish) -> None:
        wish.over = True
        self.forget_wish(wish)

    def forget_wish(self, wish: Wish) -> None:
        wishes = self._wishes.get(wish.device, [])
        if wish in wishes:
            wishes.remove(wish)
            if not wishes:
                del self._wishes[wish.device]

    def why_not_again(self, wish: Wish) -> str | None:
        """Why it is not to be sent again now; None where it is."""
        if wish.over:
            return "something else was wished since"
        return self.may_not(wish.bound, wish.device, wish.command)

    def by_hand(self, device: DeviceId) -> None:
        """A person switched it: what was wished before is not sent again."""
        for wish in list(self._wishes.get(device, ())):
            self._is_over(wish)

    def track(self, run: Run, one: BoundSet, command: Command, done: Done, *, bound: BoundRule | None) -> None:
        """Send, and see to it that it arrives: `done` is called when that is certain, or given up."""
        self.follow(run, one, Wish(one.device, command, bound), done)

    def follow(self, run: Run, one: BoundSet, wish: Wish, done: Done) -> None:
        """The same with a wish that the caller may mind once more afterwards."""
        device, how = wish.device, one.how
        if len(self._tracked) >= TRACKED_MAX:
            self._give_way(device, wish.command, wish)
            done(run, device, "too many commands wait for their answers")
            return
        self._token += 1
        token = self._token
        self.mind_wish(wish)
        self._tracked[token] = _Tracked(run, wish, done, how.retry)
        run.pending.add(token)
        if how.within_s is not None:
            self._agenda.timers.set(("late", token), self._agenda.now + how.within_s, lambda _now: self._late(token))
        self.send(run, device, wish.command, token, wish)

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
        for token in sorted(run.pending):
            self._drop(token)

    def _again(self, token: int) -> None:
        tracked = self._tracked.get(token)
        if tracked is None:
            return
        why_not = self.why_not_again(tracked.wish)
        if why_not is not None:
            self._close(token, why_not)
            return
        run, wish = tracked.run, tracked.wish
        self._agenda.trace("again", run.rule, run.id, wish.device, tracked.attempts)
        self.send(run, wish.device, wish.command, token, wish)

    def _late(self, token: int) -> None:
        if token in self._tracked:
            self._close(token, "not confirmed in time")

    def _close(self, token: int, problem: str) -> None:
        tracked = self._drop(token)
        if tracked is not None:
            tracked.done(tracked.run, tracked.wish.device, problem)

    def _drop(self, token: int) -> _Tracked | None:
        tracked = self._tracked.pop(token, None)
        if tracked is not None:
            tracked.run.pending.discard(token)
            self.forget_wish(tracked.wish)
            self._agenda.timers.cancel(("late", token))
            self._agenda.timers.cancel(("again", token))
        return tracked
