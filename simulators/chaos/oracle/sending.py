"""Commands to devices: whether a rule may send one, what is sent again, and what a person's hand keeps rules from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from hubagent.model.capability import Command, Value
from hubagent.model.device import DeviceId, Presence
from hubagent.model.event import Outcome
from hubagent.rules.actions.set import SETTABLE
from hubagent.rules.never import CausedBy, Never
from hubagent.rules.rule import Priority, Rule
from simulators.chaos.oracle.desk import Desk
from simulators.chaos.oracle.meaning import holds
from simulators.chaos.oracle.seen import Place, Seen
from simulators.chaos.oracle.state import Run, Wish

EXPLAINED_S: Final = 5.0
"""So long after a command, and the time that it takes, a report is taken for what follows from it."""
RETRY_S: Final = 0.5
"""RULES.md, What is sent again."""
TRACKED_MAX: Final = 2000
"""RULES.md, Bounds: commands whose answers are waited for."""
FOLLOWED: Final = frozenset((Outcome.CONFIRMED, Outcome.DELIVERED, Outcome.WAITING))
_MAY_GO_BETTER: Final = frozenset((Outcome.UNREACHABLE, Outcome.FAILED))
_FLIES_MAX_S: Final = 3700.0


@dataclass(frozen=True, slots=True)
class _Flying:
    """A command wants this, and its device has not reported since."""

    value: Value
    as_of: float | None
    until: float


class Sending:
    def __init__(self, desk: Desk, seen: Seen, answered: Callable[[Run], None]) -> None:
        self._desk = desk
        self._seen = seen
        self._answered = answered
        self.nevers: list[tuple[Never, frozenset[Place]]] = []
        self.yielding: dict[DeviceId, list[Rule]] = {}
        """The rules that leave a device to a hand."""
        self.leases: dict[tuple[str, DeviceId], float] = {}
        """By rule and device, until when (Unix seconds)."""
        self.untold: list[Wish] = []
        """Whose tokens are not known yet."""
        self._number = 0
        self.start()

    def start(self) -> None:
        """All this is of one life."""
        self._told: dict[DeviceId, tuple[float, int]] = {}
        self._recent: dict[DeviceId, list[tuple[float, Mapping[str, Value]]]] = {}
        self._flying: dict[Place, _Flying] = {}
        self._tokens: dict[int, Wish] = {}
        self._wishes: list[Wish] = []
        """Of those that may be sent again, and of scenes' that failed."""
        self._later: dict[tuple[str, int], list[Wish]] = {}
        """Of scenes' that failed: who is to be told once more, by deadline."""
        self._open = 0
        """How many are waited for."""
        self.untold = []

    # --- may it?

    def may(self, rule: Rule | None, device: DeviceId, command: Command) -> bool:
        if device not in self._seen.devices:
            return False
        makes = command.brings_about()
        if self._never({(device, name): value for name, value in makes.items()}, by_rule=rule is not None):
            return False
        if rule is None:
            return True
        by_safety = self._desk.by_safety
        if rule.priority is Priority.SAFETY:
            by_safety.update({(device, name): value for name, value in makes.items()})
            return True
        if rule.yields_to_manual and self._is_leased(rule, device):
            return False
        return all(by_safety.get((device, name), value) == value for name, value in makes.items())

    def may_together(self, wishes: Iterable[tuple[DeviceId, Command]], *, by_rule: bool) -> bool:
        """Whether all of these at once break no invariant; each alone may be."""
        makes = {(device, name): value for device, command in wishes for name, value in command.brings_about().items()}
        return not self._never(makes, by_rule=by_rule)

    def may_be(self, place: Place, value: Value) -> bool:
        """Likewise of the mode or a variable."""
        return not self._never({place: value}, by_rule=True)

    def _never(self, wanted: Mapping[Place, Value], *, by_rule: bool) -> bool:
        asked = [
            never
            for never, places in self.nevers
            if not places.isdisjoint(wanted) and (by_rule or never.caused_by is CausedBy.ANYBODY)
        ]
        if not asked:
            return False
        return self._would_be(asked, wanted) or self._would_be(asked, {**self._on_the_way(), **wanted})

    def _would_be(self, nevers: Iterable[Never], values: Mapping[Place, Value]) -> bool:
        self._seen.as_if(values)
        try:
            return any(holds(never.that, self._seen) for never in nevers)
        finally:
            self._seen.as_if({})

    def _on_the_way(self) -> dict[Place, Value]:
        for place, one in list(self._flying.items()):
            if self._as_of(place) != one.as_of or not 0 <= one.until - self._desk.wall <= _FLIES_MAX_S:
                del self._flying[place]
        return {place: one.value for place, one in self._flying.items()}

    def _as_of(self, place: Place) -> float | None:
        said = self._seen.said.get(place)
        return None if said is None else said.as_of

    # --- a person's hand

    def explained(self, device: DeviceId) -> int | None:
        """How deep in a chain of rules the command is that explains what the device reports; None where none does."""
        told = self._told.get(device)
        return None if told is None or told[0] < self._desk.now else told[1]

    def minded(self, device: DeviceId, changes: Iterable[tuple[str, Value]], *, explained: bool) -> None:
        """Whether a hand did that."""
        if device not in self.yielding:
            return
        for name, value in changes:
            if name in SETTABLE and (not explained or self._contradicts(device, name, value)):
                self.by_hand(device)
                return

    def _contradicts(self, device: DeviceId, name: str, value: Value) -> bool:
        if not isinstance(value, bool | str):
            return False
        now = self._desk.now
        wanted = [said[name] for until, said in self._recent.get(device, ()) if until >= now and name in said]
        return bool(wanted) and value not in wanted

    def by_hand(self, device: DeviceId) -> None:
        for rule in self.yielding.get(device, ()):
            self.leases[rule.name, device] = self._desk.wall + rule.lease_s
            self._desk.touch("lease", rule.name, device)
        for wish in self._wishes:
            wish.over = wish.over or wish.device == device
        self._drop_what_is_over()

    def _is_leased(self, rule: Rule, device: DeviceId) -> bool:
        until = self.leases.get((rule.name, device))
        if until is None:
            return False
        wall = self._desk.wall
        if (self._desk.is_set(until) and not self._desk.is_set(wall)) or wall < until <= wall + rule.lease_s:
            return True
        del self.leases[rule.name, device]
        self._desk.touch("lease", rule.name, device)
        return False

    def clock_stepped(self, seconds: float) -> None:
        before = self._desk.wall - seconds
        for key, until in list(self.leases.items()):
            if self._desk.same_clock(until, before):
                self.leases[key] = until + seconds
                self._desk.touch("lease", *key)

    # --- it is sent

    def send(self, run: Run, device: DeviceId, command: Command, wish: Wish | None = None) -> None:
        desk, wanted = self._desk, command.wanted()
        takes_s = getattr(command, "transition_s", None) or 0.0
        if not run.by_person:
            desk.did += [("send", run.rule, device, name, value) for name, value in wanted.items()]
        self._told[device] = (desk.now + EXPLAINED_S + takes_s, run.depth)
        for name, value in command.brings_about().items():
            place = (device, name)
            if any(place in places for _, places in self.nevers):
                self._flying[place] = _Flying(value, self._as_of(place), desk.wall + EXPLAINED_S + takes_s)
        self._give_way(device, command, wish)
        if device in self.yielding:
            recent = [one for one in self._recent.get(device, ()) if one[0] >= desk.now][-7:]
            self._recent[device] = [*recent, (desk.now + EXPLAINED_S + takes_s, wanted)]

    def _give_way(self, device: DeviceId, command: Command, wish: Wish | None) -> None:
        wanted = command.wanted()
        for other in self._wishes:
            if other is not wish and other.device == device:
                same = not wanted or not wanted.keys().isdisjoint(other.command.wanted())
                other.over = other.over or same or command.overtakes(other.command)
        self._drop_what_is_over()

    def tell_later(self, wishes: list[Wish], after_s: float, tell: Callable[[], None]) -> None:
        """Unless something else was wished for all of it by then: that is no deadline any more."""
        self._number += 1
        key = ("scene", self._number)

        def due() -> None:
            del self._later[key]
            tell()

        self._later[key] = wishes
        self._desk.at(key, self._desk.now + after_s, due)
        self._drop_what_is_over()

    def _drop_what_is_over(self) -> None:
        for key in [key for key, wishes in self._later.items() if all(wish.over for wish in wishes)]:
            del self._later[key]
            self._desk.cancel(key)

    def track(self, wish: Wish, within_s: float | None) -> None:
        """Send it, and wait for what becomes of it."""
        if self._open >= TRACKED_MAX:
            wish.closed = True
            self._give_way(wish.device, wish.command, wish)
            self._failed_or_not(wish, failed=True)
            return
        self._open += 1
        self._number += 1
        wish.number = self._number
        self._wishes.append(wish)
        self.untold.append(wish)
        wish.run.unanswered += 1
        if within_s is not None:
            self._desk.at(("late", wish.number), self._desk.now + within_s, lambda: self._close(wish, failed=True))
        self.send(wish.run, wish.device, wish.command, wish)

    def was_sent(self, device: DeviceId, wanted: Mapping[str, Value], token: int) -> None:
        """The agent gave the command this token."""
        if token in self._tokens:
            return
        for wish in self.untold:
            if wish.device == device and wish.command.wanted() == wanted:
                self.untold.remove(wish)
                self._tokens[token] = wish
                return

    def was_answered(self, token: int, outcome: Outcome) -> None:
        wish = self._tokens.get(token)
        if wish is None or wish.closed:
            return
        if outcome in FOLLOWED:
            self._close(wish, failed=False)
        elif outcome in _MAY_GO_BETTER and wish.attempts < wish.retries:
            wish.attempts += 1
            wait_s = RETRY_S * 2 ** (wish.attempts - 1)
            self._desk.at(("again", wish.number), self._desk.now + wait_s, lambda: self._again(wish))
        else:
            self._close(wish, failed=True)

    def abandon(self, run: Run) -> None:
        """It was cut short: nothing is sent for it any more."""
        for wish in [wish for wish in self._wishes if wish.run is run]:
            wish.over = True
            if wish.closed:
                self.look_away(wish)
            else:
                self._forget(wish)
        run.unanswered = 0
        self._drop_what_is_over()

    def _again(self, wish: Wish) -> None:
        if wish.closed:
            return
        if wish.over or not self.may(wish.rule, wish.device, wish.command):
            self._close(wish, failed=True)
        else:
            self.send(wish.run, wish.device, wish.command, wish)

    def _close(self, wish: Wish, *, failed: bool) -> None:
        if wish.closed:
            return
        self._forget(wish)
        wish.run.unanswered -= 1
        self._failed_or_not(wish, failed=failed)

    def _failed_or_not(self, wish: Wish, *, failed: bool) -> None:
        if wish.answered is None:
            wish.run.failed |= failed
        else:
            wish.answered(wish, failed)
        self._answered(wish.run)

    def _forget(self, wish: Wish) -> None:
        wish.closed = True
        self._open -= 1
        self.look_away(wish)
        self._desk.cancel(("late", wish.number), ("again", wish.number))

    def look_after(self, wish: Wish) -> None:
        """It may be sent once more; what is wished meanwhile of its device is noticed."""
        self._wishes.append(wish)

    def look_away(self, wish: Wish) -> None:
        if wish in self._wishes:
            self._wishes.remove(wish)

    def is_silent(self, device: DeviceId) -> bool:
        known = self._seen.devices.get(device)
        return device in self._seen.silent or (known is not None and known.presence is Presence.DEAD)

    def is_so(self, device: DeviceId, command: Command) -> bool:
        wanted = command.wanted()
        return bool(wanted) and all(self._seen.value((device, name)) == value for name, value in wanted.items())
