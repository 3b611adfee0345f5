"""The executor of rules: a machine (`hubagent.machine`) that is told what happens and says what is to be done.

All of it is synchronous: when it has been told of a report, the commands that follow are among its effects, before
anything that is to be written down. A report touches only the rules that wait for that attribute of that device, and
only a change sets one off.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from hubagent.model.capability import Value
from hubagent.model.device import Device, DeviceId, Presence
from hubagent.model.event import (
    ButtonPressed,
    Cause,
    DeviceChanged,
    DeviceJoined,
    DeviceLeft,
    DeviceSilent,
    StateReported,
)
from hubagent.rules.actions.scene import SceneAction
from hubagent.rules.binding import CannotBind
from hubagent.rules.cells import Cell
from hubagent.rules.executor.agenda import Agenda, Dull
from hubagent.rules.executor.bound import BoundRule, bind_action
from hubagent.rules.executor.calls import Calls
from hubagent.rules.executor.clock import Clock
from hubagent.rules.executor.effects import Effect, ModeChanged, Traced, VariableChanged
from hubagent.rules.executor.guard import Guard
from hubagent.rules.executor.items import (
    Answered,
    HttpAnswered,
    Item,
    Loaded,
    ModeSet,
    PersonActed,
    Ready,
    Remembered,
    Restored,
    RunWanted,
    SceneWanted,
    VariableSet,
    WebhookCalled,
)
from hubagent.rules.executor.leases import LEASE, Leases
from hubagent.rules.executor.limits import CHAINED, STORM, Window
from hubagent.rules.executor.modes import Verdict
from hubagent.rules.executor.picture import Change, Picture
from hubagent.rules.executor.registry import Registry, Unbound
from hubagent.rules.executor.run import RUN, Run
from hubagent.rules.executor.runs import TURN_STEPS_MAX, Runs
from hubagent.rules.executor.scenes import Scenes
from hubagent.rules.executor.sending import Sending
from hubagent.rules.executor.triggering import Triggering
from hubagent.rules.missed import LOOK_EVERY_S
from hubagent.rules.rule_set import RuleSet
from hubagent.rules.variables import same_type, type_text
from hubagent.rules.where import Where

DEPTH_MAX: Final = 16
"""So many rules may set one another off, one by what the other's command did: then the chain is cut."""
READY_MAX_S: Final = 60.0
"""So long after the start, what came due is done though a radio does not work."""
SETTLED_S: Final = 60.0
"""So long after the radios work, what was remembered and nobody contradicted is taken for what is."""
MODE: Final = "mode"
VARIABLE: Final = "var:"
LIMIT: Final = "limit:"


class RuleExecutor:
    def __init__(self, rule_set: RuleSet, where: Where, wall: Callable[[], float]) -> None:
        self._agenda = Agenda(wall)
        self.picture = Picture(where, wall)
        self.guard = Guard(self.picture)
        self._leases = Leases(self._agenda, self.picture)
        self._sending = Sending(self._agenda, self.picture, self.guard, self._leases)
        self._scenes = Scenes(self._agenda, self.picture, self._sending, self._scene_activated)
        self._calls = Calls(self._agenda)
        self._runs = Runs(self._agenda, self.picture, self._sending, self._scenes, self._calls, self)
        self._registry = Registry(self.picture)
        self._begun = False
        """Devices, and what was before the start, are known: before that no rule can be tied to anything."""
        self._triggers = Triggering(self._agenda, self.picture, self._set_off_by)
        # What is known comes first: the others ask it.
        stepped = (self.picture, self._leases, self._triggers, self._runs)
        self._clock = Clock(self._agenda, tuple(one.clock_stepped for one in stepped))
        self._rule_set = rule_set
        self._chained = Window(CHAINED)
        self._ready = False
        self._told_silent: set[DeviceId] = set()
        """Devices that are silent, and of which that was said."""
        self._handlers: Final[dict[type[Any], Callable[[Any], object]]] = {
            StateReported: self._reported,
            ButtonPressed: self._pressed,
            DeviceJoined: lambda event: self._device(event.device, joined=True),
            DeviceChanged: lambda event: self._device(event.device, joined=False),
            DeviceSilent: lambda event: self._silent(event.device),
            DeviceLeft: lambda event: self._left(event.device),
            Remembered: self._remembered,
            Restored: lambda item: self._restored(item.records),
            Ready: lambda _item: self._durably(self._is_ready),
            Loaded: lambda item: self._loaded(item.rule_set),
            ModeSet: lambda item: self.set_mode(item.mode, item.who, None),
            VariableSet: lambda item: self.set_variable(item.name, item.value, item.who, None),
            WebhookCalled: lambda item: self._triggers.signal(("webhook", item.name), item.name),
            SceneWanted: self._scene_wanted,
            RunWanted: self._run_wanted,
            PersonActed: lambda item: self._by_hand(item.device),
            Answered: lambda item: self._durably(lambda: self._sending.answered(item.token, item.answer)),
            HttpAnswered: lambda item: self._durably(lambda: self._calls.answered(item.token, item.ok, item.detail)),
        }
        self.picture.heard_again = self._back
        self.picture.set_up(rule_set.modes, rule_set.variables)

    # The machine.

    def receive(self, item: Item, now: float) -> None:
        agenda = self._agenda
        agenda.now = now
        agenda.at = self.picture.at = agenda.wall()
        self._runs.steps_left = TURN_STEPS_MAX
        # What begins now is timed by the clock as it is; what began before is put right first.
        self._clock.look()
        self._handlers[type(item)](item)
        if agenda.careful:
            self._sending.item_ended()

    def _durably(self, act: Callable[[], None]) -> None:
        """Nobody waits for it: what follows is on disk before it is done."""
        self._agenda.begin_durable()
        act()
        self._sending.item_ended()
        self._agenda.end_durable()

    def handle_timeout(self, now: float) -> None:
        agenda = self._agenda
        agenda.now = now
        agenda.at = self.picture.at = agenda.wall()
        self._runs.steps_left = TURN_STEPS_MAX
        agenda.begin_durable()
        self._clock.look()
        for act in agenda.timers.due(now):
            act(now)
            self._sending.item_ended()
            if self._runs.steps_left <= 0:
                # What else is due is so still, and has its turn after what happened meanwhile.
                break
        agenda.end_durable()

    def next_deadline(self) -> float | None:
        return self._agenda.timers.next()

    def take_effects(self) -> list[Effect]:
        agenda = self._agenda
        taken, agenda.effects = agenda.effects, []
        if agenda.behind:
            taken += agenda.take_behind()
        return taken

    # What others may ask.

    @property
    def rule_set(self) -> RuleSet:
        return self._rule_set

    @property
    def unbound(self) -> list[Unbound]:
        """The rules that wait for a device, and why."""
        return self._registry.unbound

    @property
    def dull(self) -> Iterable[Dull]:
        """What was set off and came to nothing because its condition did not hold; the oldest first."""
        return self._agenda.dull

    @property
    def waiting(self) -> list[Run]:
        return self._runs.waiting

    # Rules.

    def _load(self, rule_set: RuleSet) -> None:
        self._rule_set = rule_set
        mode = self.picture.mode.value
        for name in self.picture.set_up(rule_set.modes, rule_set.variables):
            # Else it would come back at the next restart, when files name the variable again.
            self._agenda.forget(f"{VARIABLE}{name}")
        if self.picture.mode.value != mode:
            self._agenda.forget(MODE)
        if self._begun:
            self._registry.load(rule_set)
            self._rebound()

    def _loaded(self, rule_set: RuleSet) -> None:
        self._load(rule_set)
        self._triggers.forget_others(rule_set.rules)
        if self._ready:
            self._triggers.look_at_clock()

    def _rebound(self) -> None:
        bound = self._registry.bound
        self.guard.bind(self._rule_set.nevers)
        for one in bound.values():
            one.quick = None if self.guard.judges else one.known_commands()
        self._leases.bind(list(bound.values()))
        self._triggers.bind(bound)
        self._runs.bind(bound, {rule.name: rule.hash for rule in self._rule_set.rules})

    # Events.

    def _reported(self, event: StateReported) -> None:
        device = event.device
        changes, firsts = self.picture.reported(device, event.values)
        if self._triggers.watched:
            self._triggers.look_at_values(device, event.values)
        if not changes:
            if firsts:
                self._cells_changed(firsts)
            return
        depth, cause = 0, 0
        explained = self._sending.explained(device) if device in self._sending.sent else None
        if explained is not None:
            depth, cause = explained[0] + 1, explained[1]
        if device in self._leases.yielding:
            self._minded(device, changes, explained=explained is not None)
        if len(changes) == 1:
            name, before, now = changes[0]
            self._triggers.changed(device, name, before, now, event.received_at, depth, cause)
        else:
            self._triggers.all_changed(device, changes, event.received_at, depth, cause)
        if self.guard.judges or self._runs.waits.awaiting:
            self._cells_changed([*firsts, *(self.picture.cell(device, name) for name, _, _ in changes)])

    def _minded(self, device: DeviceId, changes: list[Change], *, explained: bool) -> None:
        """Whether a hand did that, which rules leave the device to."""
        names = [name for name, _, now in changes if not explained or self._sending.contradicts(device, name, now)]
        if self._leases.by_hand(names):
            self._by_hand(device)

    def _by_hand(self, device: DeviceId) -> None:
        self._leases.touched(device)
        self._sending.by_hand(device)

    def _cells_changed(self, cells: list[Cell]) -> None:
        for never in self.guard.newly_broken(cells):
            self._agenda.trace("broken", never, 0, ", ".join(cell.name for cell in cells))
        self._runs.waits.cells_changed(cells)

    def _pressed(self, event: ButtonPressed) -> None:
        key = ("press", event.device, event.button, event.press)
        self._triggers.signal(key, self.picture.name_of(event.device), event.press.value, received_at=event.received_at)

    def _device(self, device: Device, *, joined: bool) -> None:
        before = self.picture.device(device.id)
        names = {device.name, device.name if before is None else before.name}
        if self.picture.known(device) and self._begun and self._registry.device_changed(device.id, names):
            self._rebound()
        if device.presence in (Presence.READY, Presence.ASLEEP):
            self._back(device.id)
        if joined and before is None and self._ready:
            self._triggers.signal(("joined", device.name), device.name)
            self._triggers.signal(("joined", "any"), device.name)

    def _silent(self, device: DeviceId) -> None:
        changes = self.picture.silent(device)
        self._triggers.look_at_values(device, {name: None for name, _, _ in changes})
        if device not in self._told_silent:
            self._told_silent.add(device)
            self._triggers.signal(("silent", device), self.picture.name_of(device))
        self._cells_changed([self.picture.cell(device, name) for name, _, _ in changes])

    def _back(self, device: DeviceId) -> None:
        """It answers again, whether it says so or is heard."""
        self._told_silent.discard(device)
        self._triggers.over(("silent", device))

    def _left(self, device: DeviceId) -> None:
        self._told_silent.discard(device)
        name = self.picture.name_of(device)
        # Nobody says any more that it stays so.
        self._triggers.look_at_values(device, {attribute: None for attribute, _, _ in self.picture.silent(device)})
        self.picture.left(device)
        if self._begun and self._registry.device_changed(device, {name}):
            self._rebound()

    # Setting off.

    def _set_off_by(
        self,
        bound: BoundRule,
        index: int,
        about: str,
        value: Value,
        received_at: float | None,
        depth: int,
        cause: int,
        late_s: float = 0.0,
    ) -> None:
        """A trigger says so: now its condition counts, and how often it may run."""
        rule = bound.rule
        trigger_id = rule.when[index].id if index >= 0 else None
        if bound.reads_trigger:
            self.picture.trigger.set(value, trigger_id, late_s)
        if bound.condition is not None:
            holds = bound.condition.evaluate()
            if holds is not True:
                if holds is None:
                    unknown = ", ".join(bound.condition.unknowns())
                    self._agenda.trace("unknown", rule.name, 0, about, unknown, cause)
                else:
                    self._agenda.dull.append((self._agenda.at, rule.name, about, value))
                return
        if not self._may_run(bound, about, depth, cause):
            return
        if bound.limit is not None and not self._within(bound, bound.limit, about, cause):
            return
        run_id = next(self._runs.ids)
        because = Cause(bound.who, received_at, run_id)
        if bound.quick is not None and not self._agenda.careful:
            self._sending.send_known(bound.quick, because, depth, run_id)
            self._agenda.effects.append(Traced("fired", self._agenda.at, rule.name, run_id, about, value, cause))
            return
        run = Run(run_id, rule.name, rule.hash, about, value, trigger_id)
        run.late_s, run.depth, run.caused_by, run.cause = late_s, depth, cause, because
        self._runs.begin(bound, run, self._runs.verdict(bound))

    def _may_run(self, bound: BoundRule, about: str, depth: int, cause: int) -> bool:
        if depth > DEPTH_MAX:
            self._agenda.trace("loop", bound.rule.name, 0, about, f"cut after {DEPTH_MAX} rules", cause)
            return False
        if depth and not self._chained.take(self._agenda.now):
            if self._chained.to_tell():
                what = f"more than {CHAINED.runs} runs in {CHAINED.seconds:g} s were set off by others"
                self._agenda.trace("blocked", bound.rule.name, 0, about, what, cause)
            return False
        if not bound.storm.take(self._agenda.now):
            if bound.storm.to_tell():
                what = f"more than {STORM.runs} runs in {STORM.seconds:g} s"
                self._agenda.trace("blocked", bound.rule.name, 0, about, what, cause)
            return False
        return True

    def _within(self, bound: BoundRule, limit: Window, about: str, cause: int) -> bool:
        """How often it runs at most: what its mode blocks is no run."""
        if self._runs.verdict(bound) is Verdict.BLOCK:
            return True
        rule = bound.rule
        if not limit.take(self._agenda.at):
            self._agenda.trace("blocked", rule.name, 0, about, "its limit is reached", cause)
            return False
        # Kept before what it does, so that both are on disk at the same time.
        self._agenda.keep(f"{LIMIT}{rule.name}", {"hash": rule.hash, **limit.record()})
        return True

    # What runs and people want of the home.

    def set_mode(self, mode: str, who: str, run: Run | None) -> str | None:
        cell = self.picture.mode
        if mode not in self.picture.modes:
            return f"there is no mode {mode!r}"
        if mode == cell.value:
            return None
        refused = None if run is None else self.guard.judge_cell(cell, mode)
        if refused is not None:
            return f"never: {refused}"
        cell.value, cell.as_of, cell.changed_at = mode, self._agenda.at, self._agenda.at
        self._agenda.effects.append(ModeChanged(mode, who))
        self._agenda.keep(MODE, {"mode": mode})
        self._triggers.signal(("mode", mode), mode, mode, depth=_deeper(run), cause=_id(run))
        self._cells_changed([cell])
        return None

    def set_variable(self, name: str, value: Value, who: str, run: Run | None) -> str | None:
        cell = self.picture.variable(name)
        if cell is None:
            return f"there is no variable {name!r}"
        first = self._rule_set.variables[name]
        if not same_type(first, value):
            return f"{name} is {type_text(first)}, not {value!r}"
        refused = None if run is None else self.guard.judge_cell(cell, value)
        if refused is not None:
            return f"never: {refused}"
        if cell.value != value:
            cell.value, cell.changed_at = value, self._agenda.at
            self._agenda.effects.append(VariableChanged(name, value, who))
            self._agenda.keep(f"{VARIABLE}{name}", {"value": value})
            self._cells_changed([cell])
        return None

    def set_off(self, rule: str, run: Run) -> None:
        bound = self._registry.bound.get(rule)
        if bound is None:
            self._agenda.trace("blocked", rule, 0, f"rule {run.rule}", "it waits for a device, or is not enabled")
            return
        self._set_off_by(bound, -1, f"rule {run.rule}", None, run.cause.received_at, run.depth + 1, run.id)

    def outcome(self, run: Run, outcome: str) -> None:
        key = ("rule", run.rule, outcome)
        self._triggers.signal(key, f"rule {run.rule} {outcome}", depth=run.depth + 1, cause=run.id)

    def _run_wanted(self, item: RunWanted) -> None:
        bound = self._registry.bound.get(item.rule)
        if bound is None:
            return
        run = Run(next(self._runs.ids), item.rule, bound.rule.hash, item.who)
        run.cause = Cause(bound.who, None, run.id)
        self._runs.begin(bound, run, self._runs.verdict(bound))

    def _scene_wanted(self, item: SceneWanted) -> None:
        if item.scene not in self._rule_set.scenes:
            return
        run = Run(next(self._runs.ids), f"scene:{item.scene}", "", item.who)
        run.cause = Cause(item.who, None, run.id)
        try:
            action = bind_action(SceneAction(item.scene), self.picture, self._rule_set.scenes)
        except CannotBind as problem:
            self._agenda.trace("failed", run.rule, run.id, item.scene, str(problem))
            return
        self._agenda.trace("fired", run.rule, run.id, item.who)
        for device in dict.fromkeys(one.device for one in action.sets):
            self._by_hand(device)
        problem_text = self._scenes.activate(None, run, action, lambda: None, lambda _run: None)
        if problem_text:
            self._agenda.trace("failed", run.rule, run.id, item.scene, problem_text)

    def _scene_activated(self, scene: str, run: Run) -> None:
        self._triggers.signal(("scene", scene), scene, depth=run.depth + 1, cause=run.id)

    # The start.

    def _remembered(self, item: Remembered) -> None:
        self.picture.remember(item.device.id, item.values)
        self.picture.known(item.device)
        if item.device.presence is Presence.DEAD:
            self._told_silent.add(item.device.id)
            self.picture.silent(item.device.id)

    def _restored(self, records: Mapping[str, Mapping[str, Any]]) -> None:
        """What makes no sense is dropped, and said to have been."""
        self._begun = True
        self._registry.load(self._rule_set)
        for key, record in records.items():
            try:
                self._restore(key, record)
            except (KeyError, TypeError, ValueError):
                self._agenda.forget(key)
                self._agenda.trace("ended", "", 0, key, "its record makes no sense")
        self._runs.begin_ids(int(self._agenda.at * 1000))
        self._rebound()
        self._agenda.timers.set("ready", self._agenda.now + READY_MAX_S, lambda _now: self._is_ready())

    def _restore(self, key: str, record: Mapping[str, Any]) -> None:
        self._agenda.known_kept(key)
        if key == MODE:
            if record["mode"] in self.picture.modes:
                self.picture.mode.value = record["mode"]
        elif key.startswith(VARIABLE):
            cell = self.picture.variable(key.removeprefix(VARIABLE))
            if cell is not None and same_type(cell.value, record["value"]):
                cell.value = record["value"]
            else:
                self._agenda.forget(key)
        elif key.startswith(LIMIT):
            self._registry.restore_limit(key.removeprefix(LIMIT), record["hash"], [float(at) for at in record["at"]])
        elif key.startswith(LEASE):
            self._leases.restore(record["rule"], record["device"], float(record["until"]))
        elif key.startswith(RUN):
            self._runs.restore(key, record)
        else:
            self._triggers.restore(key, record)

    def _is_ready(self) -> None:
        if self._ready:
            return
        self._ready = True
        self._agenda.timers.cancel("ready")
        self._agenda.timers.set("settled", self._agenda.now + SETTLED_S, lambda _now: self.picture.settle())
        self._watch_clock()
        self._triggers.resume(self._rule_set.rules)
        self._runs.resume()
        self._triggers.signal(("start",), "start")

    def _watch_clock(self) -> None:
        """The clock is looked at whenever a deadline passes, and this is one."""
        self._clock.look()
        self._agenda.timers.set("watch", self._agenda.now + LOOK_EVERY_S, lambda _now: self._watch_clock())


def _deeper(run: Run | None) -> int:
    return 0 if run is None else run.depth + 1


def _id(run: Run | None) -> int:
    return 0 if run is None else run.id
