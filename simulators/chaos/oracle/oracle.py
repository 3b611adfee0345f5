"""The oracle: it is told what an agent observed, at the moments at which it did, and says what its rules are to do.

It has no clock: `now` is the loop's time and `wall` what the hub's clock shows. When the agent looks at that clock is
observed too, because RULES.md does not say how soon one that was set is noticed.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from hubagent.model.capability import Value
from hubagent.model.device import Device, DeviceId, Presence
from hubagent.model.event import Outcome
from hubagent.rules.actions.scene import SceneAction
from hubagent.rules.rule import Priority, Rule
from hubagent.rules.rule_set import RuleSet
from hubagent.rules.triggers.outcome import OutcomeTrigger
from hubagent.rules.where import Where
from simulators.chaos.oracle.arming import Arming
from simulators.chaos.oracle.binding import can_be, can_be_told, targets
from simulators.chaos.oracle.commands import commands_of
from simulators.chaos.oracle.desk import CLOCK_SET_FROM, Desk, Did
from simulators.chaos.oracle.meaning import holds, reads
from simulators.chaos.oracle.runs import Runs
from simulators.chaos.oracle.seen import MODE, Cause, Seen
from simulators.chaos.oracle.state import Known, Run

DEPTH_MAX: Final = 16
READY_MAX_S: Final = 60.0
SETTLED_S: Final = 60.0
STEP_S: Final = 1.0
"""By less than this a clock does not step: it drifts."""
_PRIORITIES: Final = tuple(Priority)
_STORM: Final = (1000, 10.0)
_CHAINED: Final = (2000, 10.0)


class Oracle:
    def __init__(
        self,
        where: Where,
        rule_set: RuleSet,
        late: Callable[[str, float], None],
        clock_set_from: float = CLOCK_SET_FROM,
    ) -> None:
        self.desk = Desk(clock_set_from)
        self.seen = Seen(where)
        self.rule_set = rule_set
        self.runs = Runs(self.desk, self.seen, self)
        self.doing = self.runs.doing
        self.sending, self.calls = self.doing.sending, self.doing.calls
        self.arming = Arming(self.desk, self.seen, self._set_off, late)
        self.limits: dict[str, tuple[str, list[float]]] = {}
        """By rule: its hash, and when it ran (Unix seconds)."""
        self.ready = False
        self._shift: float | None = None
        self._storms: dict[str, list[float]] = {}
        self._told_silent: set[DeviceId] = set()
        self._bound: dict[str, Known] = {}
        self._set_up()

    # --- the beginning of a life

    def start(self, now: float, wall: float) -> None:
        """A process begins; what has to outlive a restart is there still."""
        self.desk.begin(now, wall)
        self.desk.clear()
        self.seen.start(wall)
        self.doing.start()
        self.ready = self.arming.ready = False
        self._shift = None
        self._storms = {}
        self._told_silent = set()
        for run in self.runs.active:
            run.waits, run.dormant = not run.queued, not run.queued
            run.unanswered, run.by_clock = 0, None
            if run.kept is not None:
                run.since, run.wake, run.held = run.kept
        for hold in self.arming.holds.values():
            if hold.by_clock is not None:
                hold.until = hold.by_clock
            hold.dormant, hold.by_clock = True, None
        for mark in self.arming.marks.values():
            mark.seen, mark.fired = mark.kept, mark.kept_fired
        self.desk.at("ready", now + READY_MAX_S, self.get_ready)

    def remember(self, device: Device, values: Mapping[str, tuple[Value, float, bool]]) -> None:
        self.seen.remember(device, values)
        if device.presence is Presence.DEAD:
            self._told_silent.add(device.id)

    def join(self, settled_at: float | None) -> None:
        """It was ready before anybody listened. `settled_at` is when it counts as settled; None: it does."""
        self.ready = True
        self.desk.cancel("ready")
        if settled_at is not None:
            self.desk.at("settled", settled_at, self.seen.settle)
        self.seen.settled = settled_at is None
        self.arming.get_ready(self._hashes())
        self.runs.resume()
        self.looks_for_a_step()

    def get_ready(self) -> None:
        if self.ready:
            return
        self.ready = True
        self.desk.cancel("ready")
        self.desk.at("settled", self.desk.now + SETTLED_S, self.seen.settle)
        self.looks_for_a_step()
        # RULES.md, Time: what was held, what was missed, what waits, and then what waits for the start.
        self.arming.get_ready(self._hashes())
        self.looks_at_clock()
        self.runs.resume()
        self.arming.signal(("start",))

    # --- what happens: `at` comes first

    def at(self, now: float, wall: float) -> None:
        self.desk.begin(now, wall)
        self.seen.wall = wall

    def time_passed(self) -> None:
        """What is due is done."""
        self.desk.do_what_is_due()

    def looks_for_a_step(self) -> None:
        """The agent looks whether its clock was set."""
        shift = self.desk.wall - self.desk.now
        stepped_s = 0.0 if self._shift is None else shift - self._shift
        if self._shift is None or abs(stepped_s) > STEP_S:
            self._shift = shift
        if abs(stepped_s) > STEP_S:
            self.seen.clock_stepped(stepped_s)
            self.sending.clock_stepped(stepped_s)
            self.arming.clock_stepped()
            self.runs.clock_stepped(stepped_s)

    def looks_at_clock(self) -> None:
        """The agent looks what is due by its clock."""
        self.arming.look_at_clock()

    def reported(self, device: DeviceId, values: Mapping[str, Value]) -> None:
        seen = self.seen
        if device in seen.silent:
            seen.silent.discard(device)
            self._back(device)
        said = {name: (*seen.report(device, name, value), value) for name, value in values.items()}
        self.arming.said(device, values)
        other = [(name, before, now) for name, (before, known, now) in said.items() if before != now]
        changes = [one for one in other if said[one[0]][1]]
        if changes:
            depth = self.sending.explained(device)
            self.sending.minded(device, [(name, now) for name, _, now in changes], explained=depth is not None)
            self.arming.changed(device, changes, 0 if depth is None else depth + 1)
        if other:
            self.runs.changed(frozenset((device, name) for name, _, _ in other))

    def pressed(self, device: DeviceId, button: int, press: Any) -> None:
        self.arming.signal(("press", device, button, press), press.value)

    def device(self, device: Device, *, joined: bool) -> None:
        new = device.id not in self.seen.devices
        if self.seen.know(device):
            self._bind()
        if device.presence in (Presence.READY, Presence.ASLEEP):
            self._back(device.id)
        if joined and new and self.ready:
            self.arming.signal(("joined", device.name))
            self.arming.signal(("joined", "any"))

    def fell_silent(self, device: DeviceId) -> None:
        gone = self.seen.fall_silent(device)
        self.arming.said(device, {name: None for _, name in gone})
        if device not in self._told_silent:
            self._told_silent.add(device)
            self.arming.signal(("silent", device))
        self.runs.changed(frozenset(gone))

    def left(self, device: DeviceId) -> None:
        self._told_silent.discard(device)
        # Nobody says any more that what is held stays so.
        self.arming.said(device, {name: None for _, name in self.seen.fall_silent(device)})
        self.seen.left(device)
        self._bind()

    def _back(self, device: DeviceId) -> None:
        self._told_silent.discard(device)
        self.arming.over(("silent", device))

    def webhook(self, name: str) -> None:
        self.arming.signal(("webhook", name))

    def scene_wanted(self, name: str) -> None:
        """By a person."""
        scene = self.rule_set.scenes.get(name)
        if scene is None or not all(can_be(setting, self.seen) for setting in scene.settings):
            return
        for device in dict.fromkeys(device for one in scene.settings for device, _ in commands_of(one, self.seen)):
            self.sending.by_hand(device)
        run = Run(f"scene:{name}", "", by_person=True)
        run.number = self.runs.next_number()
        self.doing.telling.activate(None, run, SceneAction(name), scene)

    def run_wanted(self, rule: str) -> None:
        known = self._bound.get(rule)
        if known is not None:
            self.runs.begin(known.rule, self.runs.new(known.rule))

    def loaded(self, rule_set: RuleSet) -> None:
        self.rule_set = rule_set
        self._set_up()
        self.arming.forget_others(self._hashes())

    # --- rules

    def _set_up(self) -> None:
        if self.seen.value(MODE) not in self.rule_set.modes:
            self.seen.set(MODE, self.rule_set.modes[0])
            self.desk.touch("mode")
        for name in self.seen.forget_variables(self.rule_set.variables):
            self.desk.touch("variable", name)
        for name, first in self.rule_set.variables.items():
            now = self.seen.value(("", f"var.{name}"))
            if now is None or not _same_type(now, first):
                self.seen.set(("", f"var.{name}"), first)
        self.doing.scenes = self.rule_set.scenes
        self._bind()

    def bind(self, rule_set: RuleSet) -> None:
        """After the devices of before the start are known, and what was kept."""
        self.rule_set = rule_set
        self._set_up()

    def _bind(self) -> None:
        seen, rules = self.seen, self.rule_set.rules
        ordered = sorted(
            (Known(rule, (_PRIORITIES.index(rule.priority), number)) for number, rule in enumerate(rules)),
            key=lambda known: known.order,
        )
        bound = [known for known in ordered if known.rule.enabled and can_be(known.rule, seen, self.rule_set.scenes)]
        self._bound = {known.rule.name: known for known in bound}
        nevers = [never for never in self.rule_set.nevers if can_be_told(never.that, seen)]
        self.sending.nevers = [(never, reads(never.that, seen)) for never in nevers]
        self.sending.yielding = {}
        for known in bound:
            for device in targets(known.rule, seen, self.rule_set.scenes) if known.rule.yields_to_manual else ():
                self.sending.yielding.setdefault(device, []).append(known.rule)
        self.doing.watched = frozenset(
            trigger.rule for known in bound for trigger in known.rule.when if isinstance(trigger, OutcomeTrigger)
        )
        self.arming.bind(bound)
        self.runs.bind(self._bound, self._hashes(), ready=self.ready)

    def _hashes(self) -> dict[str, str]:
        return {rule.name: rule.hash for rule in self.rule_set.rules}

    # --- setting off

    def _set_off(self, known: Known, index: int, value: Value, depth: int, late_s: float = 0.0) -> None:
        rule = known.rule
        trigger_id = rule.when[index].id if index >= 0 else None
        self.seen.cause = Cause(value, trigger_id, late_s)
        if rule.condition is not None and not holds(rule.condition, self.seen):
            return
        if depth > DEPTH_MAX or (depth and not self._may_run("", _CHAINED)) or not self._may_run(rule.name, _STORM):
            return
        # How often it runs at most: what its mode blocks is no run.
        if rule.limit is not None and not self.runs.is_blocked(rule) and not self._within_limit(rule):
            return
        run = self.runs.new(rule, value, trigger_id)
        run.late_s, run.depth = late_s, depth
        self.runs.begin(rule, run)

    def _may_run(self, who: str, limit: tuple[int, float]) -> bool:
        return _taken(self._storms.setdefault(who, []), *limit, self.desk.now)

    def _within_limit(self, rule: Rule) -> bool:
        assert rule.limit is not None
        its_hash, moments = self.limits.get(rule.name, (rule.hash, []))
        moments = moments if its_hash == rule.hash else []
        may = _taken(moments, rule.limit.runs, rule.limit.seconds, self.desk.wall)
        self.limits[rule.name] = (rule.hash, moments)
        if may:
            self.desk.touch("limit", rule.name)
        return may

    # --- what runs and people want (`runs.Home`)

    def set_mode(self, mode: str, run: Run | None) -> bool:
        if mode not in self.rule_set.modes:
            return False
        if mode == self.seen.value(MODE):
            return True
        if run is not None and not self.sending.may_be(MODE, mode):
            return False
        self.seen.set(MODE, mode)
        self.desk.touch("mode")
        self.desk.did.append(("mode", mode))
        self.arming.signal(("mode", mode), mode, 0 if run is None else run.depth + 1)
        self.runs.changed(frozenset((MODE,)))
        return True

    def set_variable(self, name: str, value: Value, run: Run | None) -> bool:
        place = ("", f"var.{name}")
        if name not in self.rule_set.variables or not _same_type(self.rule_set.variables[name], value):
            return False
        if run is not None and not self.sending.may_be(place, value):
            return False
        if self.seen.value(place) != value:
            self.seen.set(place, value)
            self.desk.touch("variable", name)
            self.desk.did.append(("variable", name, value))
            self.runs.changed(frozenset((place,)))
        return True

    def set_off(self, rule: str, run: Run) -> None:
        known = self._bound.get(rule)
        if known is not None:
            self._set_off(known, -1, None, run.depth + 1)

    def scene_activated(self, scene: str, run: Run) -> None:
        self.arming.signal(("scene", scene), depth=run.depth + 1)

    def outcome(self, run: Run, outcome: str) -> None:
        self.arming.signal(("rule", run.rule, outcome), depth=run.depth + 1)

    # --- what is asked

    def answered(self, token: int, outcome: Outcome) -> None:
        self.sending.was_answered(token, outcome)

    def take(self) -> list[Did]:
        did, self.desk.did = self.desk.did, []
        return did

    def next_deadline(self) -> float | None:
        """When something of it is due next; what its clock says comes on top."""
        return self.desk.next()


def _taken(moments: list[float], runs: int, seconds: float, at: float) -> bool:
    """Whether one more may be in this time; counts it if so."""
    if len(moments) == runs and 0 <= at - moments[0] < seconds:
        return False
    moments.append(at)
    del moments[:-runs]
    return True


def _same_type(one: Value, other: Value) -> bool:
    kinds = [
        "flag" if isinstance(it, bool) else "text" if isinstance(it, str) else "number" if it is not None else ""
        for it in (one, other)
    ]
    return kinds[0] == kinds[1]
