"""What sets rules off: edges of values, signals and times, and what has to stay so for a while before it counts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from hubagent.model.capability import Value
from hubagent.model.device import DeviceId
from hubagent.rules.executor.agenda import Agenda
from hubagent.rules.executor.bound import BoundRule
from hubagent.rules.executor.clock import is_set, same_clock
from hubagent.rules.executor.picture import Change, Picture
from hubagent.rules.missed import LOOK_EVERY_S, Mark, look
from hubagent.rules.rule import Rule
from hubagent.rules.triggers.nature import AttributeKey, BoundEdge, BoundSignal, Occurrence, SignalKey

HOLD: Final = "hold:"
DEAF: Final = "deaf:"
STEP_S: Final = 1.0
"""By more than this a clock does not drift between two looks: it was set."""
TIME: Final = "time:"


class SetOff(Protocol):
    def __call__(
        self,
        bound: BoundRule,
        index: int,
        about: str,
        value: Value,
        received_at: float | None,
        depth: int,
        cause: int,
        late_s: float = 0.0,
    ) -> None: ...


@dataclass(eq=False, slots=True)
class _Edge:
    """One trigger of one rule, waiting for one attribute."""

    bound: BoundRule
    index: int
    edge: BoundEdge
    about: str
    key: AttributeKey
    hold_key: str
    deaf_key: str


@dataclass(eq=False, slots=True)
class _Hold:
    """Something began, and has to stay so until it counts."""

    rule: str
    hash: str
    index: int
    about: str
    value: Value
    until: float
    """Unix seconds."""
    due_by_clock: float | None = None
    """`until` as it was written down, while the clock that it is of is not set."""
    dormant: bool = False
    """It is of before the start, and waits until the radios work and its devices are there."""

    @property
    def key(self) -> str:
        return f"{HOLD}{self.index}:{self.rule}"

    def record(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "hash": self.hash,
            "index": self.index,
            "about": self.about,
            "value": self.value,
            "until": self.until,
        }


class Triggering:
    def __init__(self, agenda: Agenda, picture: Picture, set_off: SetOff) -> None:
        self._agenda = agenda
        self._picture = picture
        self._set_off = set_off
        self._bound: Mapping[str, BoundRule] = {}
        self._edges: dict[AttributeKey, list[tuple[Callable[[Value, Value], bool], BoundRule, int, str, _Edge | None]]]
        self._edges = {}
        """Test, rule, trigger, name; and the edge where more is to be looked at than the test."""
        self.watched: dict[AttributeKey, list[_Edge]] = {}
        """Those of them that are held or deaf: every report counts for them, and not only changes."""
        self._signals: dict[SignalKey, list[tuple[BoundRule, int, BoundSignal]]] = {}
        self._times: list[tuple[BoundRule, int, Occurrence]] = []
        self._due: dict[int, float] = {}
        """When each of them is to be looked at next, in Unix seconds; all of them when the clock was set."""
        self._shift = 0.0
        """The wall's clock less the loop's."""
        self._holds: dict[str, _Hold] = {}
        self._deaf: dict[str, str] = {}
        """Edges that happened and wait for their values to go back, with their rules' hashes."""
        self._marks: dict[str, tuple[str, Mark]] = {}
        """By the record's key: the rule's hash, and up to where its times are settled."""
        self._ready = False

    def bind(self, bound: Mapping[str, BoundRule]) -> None:
        self._bound = bound
        self._edges, self._signals, self._times, self._due = {}, {}, [], {}
        for one in sorted(bound.values(), key=lambda rule: rule.order):
            for index, edge in one.edges:
                for key, cell in zip(edge.keys, edge.cells, strict=True):
                    ends = f"{index}:{one.rule.name}"
                    tied = _Edge(one, index, edge, cell.name, key, f"{HOLD}{ends}", f"{DEAF}{ends}")
                    more = tied if edge.held_s or edge.rearms is not None else None
                    self._edges.setdefault(key, []).append((edge.test, one, index, cell.name, more))
            for index, signal in one.signals:
                self._signals.setdefault(signal.key, []).append((one, index, signal))
            self._times += [(one, index, occurrence) for index, occurrence in one.times]
        self._watch()
        if self._ready:
            self._wake_holds()
            if self._times:
                self._agenda.timers.set("clock", self._agenda.now, lambda _now: self.look_at_clock())

    def _watch(self) -> None:
        self.watched = {}
        for key in self._edges:
            self._watch_one(key)

    def _watch_one(self, key: AttributeKey) -> None:
        special = (edge for *_, edge in self._edges.get(key, ()) if edge is not None)
        watched = [edge for edge in special if edge.hold_key in self._holds or edge.deaf_key in self._deaf]
        if watched:
            self.watched[key] = watched
        else:
            self.watched.pop(key, None)

    def forget_others(self, rules: Iterable[Rule]) -> None:
        """What was begun for rules that are not there any more, or are others now, is void."""
        hashes = {rule.name: rule.hash for rule in rules}
        for hold in list(self._holds.values()):
            if hashes.get(hold.rule) != hold.hash:
                self._drop(hold)
        for key, its_hash in list(self._deaf.items()):
            if hashes.get(_rule_of(key)) != its_hash:
                self._rearm(key)
        self._watch()
        for key, (its_hash, _) in list(self._marks.items()):
            if hashes.get(_rule_of(key)) != its_hash:
                del self._marks[key]
                self._agenda.forget(key)

    # Edges.

    def changed(
        self, device: DeviceId, name: str, before: Value, now: Value, received_at: float, depth: int, cause: int
    ) -> None:
        for test, bound, index, about, edge in self._edges.get((device, name), ()):
            if test(before, now):
                if edge is None:
                    self._set_off(bound, index, about, now, received_at, depth, cause)
                else:
                    self._happened(edge, now, received_at, depth, cause)

    def all_changed(
        self, device: DeviceId, changes: Iterable[Change], received_at: float, depth: int, cause: int
    ) -> None:
        """Several attributes of one report: the rules come in their order, whichever of them they wait for."""
        happened = [
            (bound, index, about, edge, now)
            for name, before, now in changes
            for test, bound, index, about, edge in self._edges.get((device, name), ())
            if test(before, now)
        ]
        for bound, index, about, edge, now in sorted(happened, key=lambda one: one[0].order):
            if edge is None:
                self._set_off(bound, index, about, now, received_at, depth, cause)
            else:
                self._happened(edge, now, received_at, depth, cause)

    def _happened(self, edge: _Edge, now: Value, received_at: float, depth: int, cause: int) -> None:
        if edge.deaf_key in self._deaf:
            return
        if edge.edge.held_s:
            self._hold(edge.bound, edge.index, edge.about, now, edge.edge.held_s, edge.hold_key)
            self._watch_one(edge.key)
            return
        if edge.edge.rearms is not None:
            self._deafen(edge)
        self._set_off(edge.bound, edge.index, edge.about, now, received_at, depth, cause)

    def _deafen(self, edge: _Edge) -> None:
        """It happened: not again before its value went back."""
        rule = edge.bound.rule
        self._deaf[edge.deaf_key] = rule.hash
        self._watch_one(edge.key)
        self._agenda.keep(edge.deaf_key, {"rule": rule.name, "hash": rule.hash, "index": edge.index})

    def look_at_values(self, device: DeviceId, values: Mapping[str, Value]) -> None:
        """Whether what is held still is so, and what is deaf hears again."""
        for name, value in values.items():
            for edge in self.watched.get((device, name), ()):
                hold = self._holds.get(edge.hold_key)
                if hold is not None and (value is None or not edge.edge.stays(hold.value, value)):
                    self._drop(hold)
                if edge.edge.rearms is not None and value is not None and edge.edge.rearms(value):
                    self._rearm(edge.deaf_key)
            if (device, name) in self.watched:
                self._watch_one((device, name))

    def _rearm(self, key: str) -> None:
        if self._deaf.pop(key, None) is not None:
            self._agenda.forget(key)

    # Signals.

    def signal(
        self,
        key: SignalKey,
        about: str,
        value: Value = None,
        *,
        received_at: float | None = None,
        depth: int = 0,
        cause: int = 0,
    ) -> None:
        for bound, index, signal in self._signals.get(key, ()):
            if not signal.held_s:
                self._set_off(bound, index, about, value, received_at, depth, cause)
            elif not self._holds_already(hold_key := f"{HOLD}{index}:{bound.rule.name}", bound.rule):
                # Who is found to be gone after a restart, and was before it, has been gone since then.
                self._hold(bound, index, about, value, signal.held_s, hold_key)

    def over(self, key: SignalKey) -> None:
        """What was signalled is not so any more."""
        for bound, index, _signal in self._signals.get(key, ()):
            hold = self._holds.get(f"{HOLD}{index}:{bound.rule.name}")
            if hold is not None:
                self._drop(hold)

    # What is held.

    def _holds_already(self, key: str, rule: Rule) -> bool:
        hold = self._holds.get(key)
        return hold is not None and hold.hash == rule.hash

    def _hold(self, bound: BoundRule, index: int, about: str, value: Value, held_s: float, key: str) -> None:
        until = self._agenda.at + held_s
        hold = _Hold(bound.rule.name, bound.rule.hash, index, about, value, until)
        if not self._agenda.timers.set(key, self._agenda.now + held_s, lambda _now: self._held(hold)):
            self._agenda.trace("blocked", hold.rule, 0, about, "too many timers")
            return
        self._holds[key] = hold
        self._agenda.keep(key, hold.record())

    def _held(self, hold: _Hold) -> None:
        """It has stayed so for long enough. That it is held is forgotten together with what is kept of the run."""
        bound = self._bound.get(hold.rule)
        # While a device of the rule was away, nobody saw whether it stayed so.
        counts = bound is not None and self._still(bound, hold)
        self._drop(hold)
        if bound is None or not counts:
            return
        edge = self._edge_of(bound, hold)
        if edge is not None:
            if edge.edge.rearms is not None:
                # Only now it counts: what did not stay so is no reason to be deaf when it comes and stays.
                self._deafen(edge)
            self._watch_one(edge.key)
        self._set_off(bound, hold.index, hold.about, hold.value, None, 0, 0)

    def _edge_of(self, bound: BoundRule, hold: _Hold) -> _Edge | None:
        keys = (key for index, edge in bound.edges if index == hold.index for key in edge.keys)
        edges = (edge for key in keys for *_, edge in self._edges[key] if edge is not None)
        return next((edge for edge in edges if edge.hold_key == hold.key), None)

    def _drop(self, hold: _Hold) -> None:
        self._holds.pop(hold.key, None)
        self._agenda.timers.cancel(hold.key)
        self._agenda.forget(hold.key)

    # Times.

    def look_at_clock(self) -> None:
        """Set off what is due, and see to it that the next is noticed, whatever the clock does."""
        if not self._times:
            return
        wall = self._agenda.at
        shift = wall - self._agenda.now
        if abs(shift - self._shift) > STEP_S:
            # The clock was set: what comes next is to be found anew.
            self._shift = shift
            self._due.clear()
        soonest = wall + LOOK_EVERY_S
        for number, (bound, index, occurrence) in enumerate(self._times):
            if self._due.get(number, wall) <= wall:
                self._due[number] = self._look(bound, index, occurrence, wall) or soonest
            soonest = min(soonest, self._due[number])
        self._agenda.timers.set("clock", self._agenda.now + max(0.0, soonest - wall), lambda _now: self.look_at_clock())

    def _look(self, bound: BoundRule, index: int, occurrence: Occurrence, wall: float) -> float | None:
        rule = bound.rule
        key = f"{TIME}{index}:{rule.name}"
        known = self._marks.get(key)
        mark = known[1] if known is not None and known[0] == rule.hash else None
        seen = look(occurrence, self._picture.where, mark, wall, missed_within_s=rule.missed_within_s)
        if seen.mark is not None and seen.mark != mark:
            self._marks[key] = (rule.hash, seen.mark)
            if seen.fire is not None or mark is None or seen.missed is not None:
                record = {"rule": rule.name, "hash": rule.hash, "seen": seen.mark.seen, "fired": seen.mark.fired}
                self._agenda.keep(key, record)
        about = next(iter(type(occurrence).FIELDS), "time")  # type: ignore[attr-defined]
        if seen.fire is not None:
            self._set_off(bound, index, about, None, None, 0, 0, seen.late_s)
        elif seen.missed is not None:
            self._agenda.trace("missed", rule.name, 0, about, seen.late_s)
        return seen.next_at

    # After a start.

    def restore(self, key: str, record: Mapping[str, Any]) -> None:
        """Raises KeyError, TypeError or ValueError where it is no record of ours."""
        if key.startswith(TIME):
            fired = None if record["fired"] is None else float(record["fired"])
            self._marks[key] = (str(record["hash"]), Mark(float(record["seen"]), fired))
        elif key.startswith(DEAF):
            self._deaf[key] = str(record["hash"])
        elif key.startswith(HOLD):
            hold = _Hold(
                str(record["rule"]),
                str(record["hash"]),
                int(record["index"]),
                str(record["about"]),
                record["value"],
                float(record["until"]),
            )
            if hold.key != key:
                raise ValueError(key)
            hold.dormant = True
            self._holds[key] = hold
        else:
            raise ValueError(key)

    def resume(self, rules: Iterable[Rule]) -> None:
        """The radios work: what is held goes on, or counts now, where its rule allows that and it is still so."""
        self._ready = True
        self.forget_others(rules)
        self._wake_holds()
        self.look_at_clock()

    def _wake_holds(self) -> None:
        for hold in [hold for hold in self._holds.values() if hold.dormant]:
            bound = self._bound.get(hold.rule)
            if bound is None:
                continue
            hold.dormant = False
            held_s = _held_s(bound, hold.index)
            if not same_clock(hold.until, self._agenda.at):
                hold.due_by_clock = hold.until if is_set(hold.until) else None
                hold.until = self._agenda.at + held_s
                if hold.due_by_clock is None:
                    # Begun anew, and once: a hub that starts again and again must not begin it each time.
                    self._agenda.keep(hold.key, hold.record())
            late_s = self._agenda.at - hold.until
            if not self._still(bound, hold):
                self._drop(hold)
            elif late_s > bound.rule.resumed_within_s:
                self._agenda.trace("missed", hold.rule, 0, hold.about, late_s)
                self._drop(hold)
            else:
                when = self._agenda.at_wall(hold.until)
                self._agenda.timers.set(hold.key, when, lambda _now, hold=hold: self._held(hold))  # type: ignore[misc]
        self._watch()

    def clock_stepped(self, seconds: float) -> None:
        """What is held goes on as long as it would have; what was due by a clock that is set only now is judged now."""
        for hold in [hold for hold in self._holds.values() if not hold.dormant]:
            if hold.due_by_clock is not None and is_set(self._agenda.at):
                hold.until, hold.due_by_clock, hold.dormant = hold.due_by_clock, None, True
                self._agenda.timers.cancel(hold.key)
                continue
            # By its deadline: that clock does not drift.
            hold.until = self._agenda.due_at(hold.key) or hold.until + seconds
            if hold.due_by_clock is None:
                self._agenda.keep(hold.key, hold.record())
        if self._ready:
            self._wake_holds()

    def _still(self, bound: BoundRule, hold: _Hold) -> bool:
        """As far as is known. A device that is silent stays so until it is heard."""
        if not 0 <= hold.index < len(bound.rule.when):
            return False
        for index, edge in bound.edges:
            if index == hold.index:
                return any(cell.value is not None and edge.stays(hold.value, cell.value) for cell in edge.cells)
        return True


def _rule_of(key: str) -> str:
    return key.split(":", 2)[2]


def _held_s(bound: BoundRule, index: int) -> float:
    """How long what this trigger says has to stay so."""
    tied: list[tuple[int, BoundEdge | BoundSignal]] = [*bound.edges, *bound.signals]
    return next((one.held_s for number, one in tied if number == index), 0.0)
