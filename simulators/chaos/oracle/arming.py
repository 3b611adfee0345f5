"""What sets rules off: values that come to be something, signals, times; and what has to stay so before it counts."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol

from hubagent.model.capability import Value
from hubagent.model.device import DeviceId
from hubagent.rules.triggers.button import ButtonTrigger
from hubagent.rules.triggers.joined import JoinedTrigger
from hubagent.rules.triggers.mode import ModeTrigger
from hubagent.rules.triggers.numeric import NumericTrigger
from hubagent.rules.triggers.offline import OfflineTrigger
from hubagent.rules.triggers.outcome import OutcomeTrigger
from hubagent.rules.triggers.scene import SceneTrigger
from hubagent.rules.triggers.start import StartTrigger
from hubagent.rules.triggers.state import StateTrigger
from hubagent.rules.triggers.table import Trigger
from hubagent.rules.triggers.webhook import WebhookTrigger
from simulators.chaos.oracle.desk import Desk
from simulators.chaos.oracle.edges import happened, hears_again, place_of, rearms, stays
from simulators.chaos.oracle.seen import Place, Seen
from simulators.chaos.oracle.state import Armed, Hold, Key, Known, Mark
from simulators.chaos.oracle.times import Timed, latest

ON_TIME_S: Final = 10.0
"""RULES.md, Time: less than this late is on time."""
_DAY_S: Final = 86_400.0
Change = tuple[str, Value, Value]
Signal = tuple[object, ...]


class SetOff(Protocol):
    def __call__(self, known: Known, index: int, value: Value, depth: int, late_s: float = 0.0) -> None: ...


class Arming:
    def __init__(self, desk: Desk, seen: Seen, set_off: SetOff, late: Callable[[str, float], None]) -> None:
        self._desk = desk
        self._seen = seen
        self._set_off = set_off
        self._late = late
        """Called with a rule whose time came so many seconds ago."""
        self.holds: dict[Key, Hold] = {}
        self.deaf: dict[Key, str] = {}
        """With the rules' hashes."""
        self.marks: dict[Key, Mark] = {}
        self.ready = False
        self._armed: dict[Key, Armed] = {}
        self._edges: dict[Place, list[Armed]] = {}
        self._signals: dict[Signal, list[Armed]] = {}
        self._times: list[tuple[Armed, Timed]] = []

    def bind(self, rules: Iterable[Known]) -> None:
        """These are the rules whose devices are there; those for safety first."""
        self._armed, self._edges, self._signals, self._times = {}, {}, {}, []
        for known in rules:
            for index, trigger in enumerate(known.rule.when):
                armed = Armed(known, index, trigger)
                self._armed[armed.key] = armed
                if isinstance(trigger, StateTrigger | NumericTrigger):
                    place = place_of(trigger, self._seen)
                    assert place is not None, "what names nobody is not bound"
                    self._edges.setdefault(place, []).append(armed)
                elif isinstance(trigger, Timed):
                    self._times.append((armed, trigger))
                else:
                    self._signals.setdefault(_signal_of(trigger, self._seen), []).append(armed)
        if self.ready:
            self._wake()

    def forget_others(self, hashes: Mapping[str, str]) -> None:
        """What was begun for rules that are others now, or gone, is void."""
        for key, hold in list(self.holds.items()):
            if hashes.get(key[0]) != hold.hash:
                self._drop(key)
        for key in [key for key, its in self.deaf.items() if hashes.get(key[0]) != its]:
            self._hear(key)
        for key in [key for key, mark in self.marks.items() if hashes.get(key[0]) != mark.hash]:
            del self.marks[key]

    # --- values

    def said(self, device: DeviceId, values: Mapping[str, Value]) -> None:
        """Whether what is held still is so, and what is deaf hears again: every report counts for that."""
        if not self.holds and not self.deaf:
            return
        for name, value in values.items():
            for armed in self._edges.get((device, name), ()):
                assert isinstance(armed.trigger, StateTrigger | NumericTrigger)
                hold = self.holds.get(armed.key)
                if hold is not None and not (value is not None and stays(armed.trigger, hold.value, value)):
                    self._drop(armed.key)
                if armed.key in self.deaf and hears_again(armed.trigger, value):
                    self._hear(armed.key)

    def changed(self, device: DeviceId, changes: Iterable[Change], depth: int) -> None:
        found = [
            (armed, now)
            for name, before, now in changes
            for armed in self._edges.get((device, name), ())
            if happened(armed.trigger, before, now, self._seen)  # type: ignore[arg-type]  # only such are in there
        ]
        for armed, now in sorted(found, key=lambda one: one[0].known.order):
            self._edge(armed, now, depth)

    def _edge(self, armed: Armed, value: Value, depth: int) -> None:
        assert isinstance(armed.trigger, StateTrigger | NumericTrigger)
        if armed.key in self.deaf:
            return
        if armed.trigger.held_s:
            self._hold(armed, value, armed.trigger.held_s)
            return
        if rearms(armed.trigger):
            self._deafen(armed)
        self._set_off(armed.known, armed.index, value, depth)

    def _deafen(self, armed: Armed) -> None:
        self.deaf[armed.key] = armed.known.rule.hash
        self._desk.touch("deaf", *armed.key)

    def _hear(self, key: Key) -> None:
        del self.deaf[key]
        self._desk.touch("deaf", *key)

    # --- signals

    def signal(self, signal: Signal, value: Value = None, depth: int = 0) -> None:
        for armed in self._signals.get(signal, ()):
            held_s = armed.trigger.held_s if isinstance(armed.trigger, OfflineTrigger) else 0.0
            hold = self.holds.get(armed.key)
            if not held_s:
                self._set_off(armed.known, armed.index, value, depth)
            elif hold is None or hold.hash != armed.known.rule.hash:
                # What was gone before a restart, and is found to be still, has been all the time.
                self._hold(armed, value, held_s)

    def over(self, signal: Signal) -> None:
        """What was signalled is not so any more."""
        for armed in self._signals.get(signal, ()):
            if armed.key in self.holds:
                self._drop(armed.key)

    # --- what is held

    def _hold(self, armed: Armed, value: Value, held_s: float) -> None:
        desk, key = self._desk, armed.key
        hold = Hold(armed.known.rule.hash, value, desk.wall + held_s, desk.now + held_s)
        self.holds.pop(key, None)
        self.holds[key] = hold
        desk.at(("hold", *key), hold.due, lambda: self._held(key))
        desk.touch("hold", *key)

    def _held(self, key: Key) -> None:
        hold, armed = self.holds[key], self._armed.get(key)
        counts = armed is not None and self._still(armed, hold)
        self._drop(key)
        if armed is None or not counts:
            return
        if isinstance(armed.trigger, NumericTrigger) and rearms(armed.trigger):
            self._deafen(armed)
        self._set_off(armed.known, armed.index, hold.value, 0)

    def _drop(self, key: Key) -> None:
        del self.holds[key]
        self._desk.cancel(("hold", *key))
        self._desk.touch("hold", *key)

    # --- the clock

    def look_at_clock(self) -> None:
        """Set off what has come since the last look, or say that it was missed."""
        if not self._desk.is_set(self._desk.wall):
            return
        for armed, trigger in self._times:
            self._look(armed, trigger)

    def _look(self, armed: Armed, trigger: Timed) -> None:
        wall, rule = self._desk.wall, armed.known.rule
        mark = self.marks.get(armed.key)
        if mark is None or mark.hash != rule.hash:
            # What is new has missed nothing.
            self.marks[armed.key] = Mark(rule.hash, wall, kept=wall)
            self._desk.touch("mark", *armed.key)
            return
        if mark.fired is not None and mark.fired > wall + _DAY_S:
            mark.fired = None
        mark.seen = min(mark.seen, wall)
        came = latest(trigger, max(mark.seen, mark.fired or 0.0), wall, self._seen.where)
        mark.seen = wall
        if came is None:
            return
        self._desk.touch("mark", *armed.key)
        late_s = wall - came
        fires = late_s < max(rule.missed_within_s, ON_TIME_S)
        if fires:
            mark.fired = came
        mark.kept, mark.kept_fired = wall, mark.fired
        if fires:
            self._late(rule.name, late_s)
            self._set_off(armed.known, armed.index, None, 0, late_s)

    def clock_stepped(self) -> None:
        """What is held goes on as long as it would have; what was due by a clock that is set only now is judged now."""
        desk = self._desk
        for key, hold in self.holds.items():
            if hold.dormant:
                continue
            if hold.by_clock is not None and desk.is_set(desk.wall):
                hold.until, hold.by_clock, hold.dormant = hold.by_clock, None, True
                desk.cancel(("hold", *key))
                continue
            hold.until = desk.wall + hold.due - desk.now
            desk.touch("hold", *key)
        if self.ready:
            self._wake()

    # --- after a start

    def get_ready(self, hashes: Mapping[str, str]) -> None:
        self.ready = True
        self.forget_others(hashes)
        self._wake()

    def _wake(self) -> None:
        """What is of before the start goes on, or counts now, where its rule allows that and it is still so."""
        desk = self._desk
        for key, hold in list(self.holds.items()):
            armed = self._armed.get(key)
            if not hold.dormant or armed is None:
                continue
            hold.dormant = False
            held_s = getattr(armed.trigger, "held_s", 0.0)
            if not desk.same_clock(hold.until, desk.wall):
                hold.by_clock = hold.until if desk.is_set(hold.until) else None
                hold.until = desk.wall + held_s
            late_s = desk.wall - hold.until
            if not self._still(armed, hold) or late_s > armed.known.rule.resumed_within_s:
                self._drop(key)
                continue
            hold.due = desk.now + max(0.0, -late_s)
            desk.at(("hold", *key), hold.due, lambda key=key: self._held(key))  # type: ignore[misc]

    def _still(self, armed: Armed, hold: Hold) -> bool:
        if not isinstance(armed.trigger, StateTrigger | NumericTrigger):
            return True
        place = place_of(armed.trigger, self._seen)
        value = None if place is None else self._seen.value(place)
        return value is not None and stays(armed.trigger, hold.value, value)


def _signal_of(trigger: Trigger, seen: Seen) -> Signal:
    match trigger:
        case ButtonTrigger(device=name, number=number, press=press):
            return ("press", _id(name, seen), number, press)
        case OfflineTrigger(device=name):
            return ("silent", _id(name, seen))
        case JoinedTrigger(device=name):
            return ("joined", name)
        case ModeTrigger(mode=mode):
            return ("mode", mode)
        case StartTrigger():
            return ("start",)
        case WebhookTrigger(name=name):
            return ("webhook", name)
        case SceneTrigger(scene=scene):
            return ("scene", scene)
        case OutcomeTrigger(rule=rule, outcome=outcome):
            return ("rule", rule, outcome.value)
    raise AssertionError(trigger)


def _id(name: str, seen: Seen) -> DeviceId:
    device = seen.find(name)
    assert device is not None, "what names nobody is not bound"
    return device.id
