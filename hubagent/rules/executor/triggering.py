"""What sets rules off: edges of values, signals and times, and what has to stay so for a while before it counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from hubagent.model.capability import Value
from hubagent.model.device import DeviceId
from hubagent.rules.executor.agenda import Agenda
from hubagent.rules.executor.bound import BoundRule
from hubagent.rules.executor.effects import Sync
from hubagent.rules.executor.picture import Picture
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
class _Hold:
    """Something began, and has to stay so until it counts."""

    rule: str
    hash: str
    index: int
    about: str
    value: Value
    until: float
    """Unix seconds."""

    @property
    def key(self) -> str:
        return f"{HOLD}{self.index}:{self.rule}"

    def record(self, *, acting: bool = False) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "hash": self.hash,
            "index": self.index,
            "about": self.about,
            "value": self.value,
            "until": self.until,
            "acting": acting,
        }


class Triggering:
    def __init__(self, agenda: Agenda, picture: Picture, set_off: SetOff) -> None:
        self._agenda = agenda
        self._picture = picture
        self._set_off = set_off
        self._bound: Mapping[str, BoundRule] = {}
        self._edges: dict[AttributeKey, list[tuple[BoundRule, int, BoundEdge, str]]] = {}
        self._signals: dict[SignalKey, list[tuple[BoundRule, int, BoundSignal]]] = {}
        self._times: list[tuple[BoundRule, int, Occurrence]] = []
        self._due: dict[int, float] = {}
        """When each of them is to be looked at next, in Unix seconds; all of them when the clock was set."""
        self._shift = 0.0
        """The wall's clock less the loop's."""
        self._holds: dict[str, _Hold] = {}
        self._deaf: set[str] = set()
        """Edges that happened and wait for their values to go back."""
        self._marks: dict[str, tuple[str, Mark]] = {}
        """By the record's key: the rule's hash, and up to where its times are settled."""
        self._ready = False
        self.attentive = False
        """Every report counts, not only changes: something is held, or deaf."""

    def bind(self, bound: Mapping[str, BoundRule]) -> None:
        self._bound = bound
        self._edges, self._signals, self._times, self._due = {}, {}, [], {}
        for one in sorted(bound.values(), key=lambda rule: rule.order):
            for index, edge in one.edges:
                for key, cell in zip(edge.keys, edge.cells, strict=True):
                    self._edges.setdefault(key, []).append((one, index, edge, cell.name))
            for index, signal in one.signals:
                self._signals.setdefault(signal.key, []).append((one, index, signal))
            self._times += [(one, index, occurrence) for index, occurrence in one.times]

    def forget_others(self, rules: Iterable[Rule]) -> None:
        """What was begun for rules that are not there any more, or are others now, is void."""
        hashes = {rule.name: rule.hash for rule in rules}
        for hold in list(self._holds.values()):
            if hashes.get(hold.rule) != hold.hash:
                self._drop(hold)
        for key, (its_hash, _) in list(self._marks.items()):
            if hashes.get(_rule_of(key)) != its_hash:
                del self._marks[key]
                self._agenda.forget(key)

    # Edges.

    def changed(
        self, device: DeviceId, name: str, before: Value, now: Value, received_at: float, depth: int, cause: int
    ) -> None:
        for bound, index, edge, about in self._edges.get((device, name), ()):
            if not edge.test(before, now):
                continue
            if edge.rearms is not None and not self._hears(bound, index):
                continue
            if edge.held_s:
                self._hold(bound, index, about, now, edge.held_s)
            else:
                self._set_off(bound, index, about, now, received_at, depth, cause)

    def _hears(self, bound: BoundRule, index: int) -> bool:
        """False while it is deaf; deaf from now on."""
        key = f"{DEAF}{index}:{bound.rule.name}"
        if key in self._deaf:
            return False
        self._deaf.add(key)
        self.attentive = True
        self._agenda.keep(key, {"rule": bound.rule.name, "hash": bound.rule.hash, "index": index})
        return True

    def look_at_values(self, device: DeviceId, values: Mapping[str, Value]) -> None:
        """Whether what is held still is so, and what is deaf hears again."""
        for name, value in values.items():
            for bound, index, edge, _about in self._edges.get((device, name), ()):
                hold = self._holds.get(f"{HOLD}{index}:{bound.rule.name}")
                if hold is not None and (value is None or not edge.stays(hold.value, value)):
                    self._drop(hold)
                if edge.rearms is not None and value is not None and edge.rearms(value):
                    self._rearm(f"{DEAF}{index}:{bound.rule.name}")
        self.attentive = bool(self._holds or self._deaf)

    def _rearm(self, key: str) -> None:
        if key in self._deaf:
            self._deaf.discard(key)
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
            if signal.held_s:
                self._hold(bound, index, about, value, signal.held_s)
            else:
                self._set_off(bound, index, about, value, received_at, depth, cause)

    def over(self, key: SignalKey) -> None:
        """What was signalled is not so any more."""
        for bound, index, _signal in self._signals.get(key, ()):
            hold = self._holds.get(f"{HOLD}{index}:{bound.rule.name}")
            if hold is not None:
                self._drop(hold)

    # What is held.

    def _hold(self, bound: BoundRule, index: int, about: str, value: Value, held_s: float) -> None:
        until = self._agenda.at + held_s
        hold = _Hold(bound.rule.name, bound.rule.hash, index, about, value, until)
        if not self._agenda.timers.set(hold.key, self._agenda.now + held_s, lambda _now: self._held(hold)):
            self._agenda.trace("blocked", hold.rule, 0, about, "too many timers")
            return
        self._holds[hold.key] = hold
        self.attentive = True
        self._agenda.keep(hold.key, hold.record())

    def _held(self, hold: _Hold) -> None:
        """It has stayed so for long enough: written down as begun, on disk, before anything is done."""
        bound = self._bound.get(hold.rule)
        if bound is None:
            self._drop(hold)
            return
        self._agenda.keep(hold.key, hold.record(acting=True))
        self._agenda.effects.append(Sync())
        self._set_off(bound, hold.index, hold.about, hold.value, None, 0, 0)
        self._drop(hold)

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
            self._agenda.effects.append(Sync())
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
            self._deaf.add(key)
            self.attentive = True
        elif key.startswith(HOLD):
            hold = _Hold(
                str(record["rule"]),
                str(record["hash"]),
                int(record["index"]),
                str(record["about"]),
                record["value"],
                float(record["until"]),
            )
            if record["acting"]:
                # What it set off is a run of its own, or was done; it is not done again.
                self._agenda.trace("in doubt", hold.rule, 0, hold.about, "the hub stopped while it was set off")
                self._agenda.forget(key)
            else:
                self._holds[key] = hold
                self.attentive = True
        else:
            raise ValueError(key)

    def resume(self, rules: Iterable[Rule]) -> None:
        """The radios work: what is held goes on, or counts now, where its rule allows that and it is still so."""
        self.forget_others(rules)
        for hold in list(self._holds.values()):
            bound = self._bound.get(hold.rule)
            if bound is None:
                continue
            late_s = self._agenda.at - hold.until
            if not self._still(bound, hold):
                self._drop(hold)
            elif late_s > bound.rule.resumed_within_s:
                self._agenda.trace("missed", hold.rule, 0, hold.about, late_s)
                self._drop(hold)
            else:
                when = self._agenda.at_wall(hold.until)
                self._agenda.timers.set(hold.key, when, lambda _now, hold=hold: self._held(hold))  # type: ignore[misc]
        self.look_at_clock()

    def _still(self, bound: BoundRule, hold: _Hold) -> bool:
        """As far as is known. A device that is silent stays so until it is heard."""
        for index, edge in bound.edges:
            if index == hold.index:
                return any(cell.value is not None and edge.stays(hold.value, cell.value) for cell in edge.cells)
        return True


def _rule_of(key: str) -> str:
    return key.split(":", 2)[2]
