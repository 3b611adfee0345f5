"""What a change would do now, without doing it: a second executor is told how all is, then the change, and its effects
are read instead of carried out.

Every command is taken to be followed at once, so that what one rule's commands set off in others is seen too. What the
agent's own runs and timers are waiting for is not known here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from hubagent.model.capabilities.table import ATTRIBUTES
from hubagent.model.capability import Command, InvalidValue, Value
from hubagent.model.device import Device, Presence
from hubagent.model.event import ButtonPressed, CommandAnswered, Outcome, StateReported
from hubagent.rules.binding import CannotBind
from hubagent.rules.cells import Cell
from hubagent.rules.executor import effects
from hubagent.rules.executor.executor import MODE, VARIABLE, RuleExecutor
from hubagent.rules.executor.items import Answered, HttpAnswered, Item, ModeSet, Remembered, Restored, VariableSet
from hubagent.rules.executor.registry import Unbound
from hubagent.rules.expression.values import values_in
from hubagent.rules.names import UnknownName, resolve
from hubagent.rules.reading.trials import EVENT
from hubagent.rules.reading.wrong import Wrong
from hubagent.rules.rule_set import RuleSet
from hubagent.rules.triggers.button import ButtonTrigger
from hubagent.rules.triggers.meaning import has, meaning
from hubagent.rules.triggers.text import read_text_trigger
from hubagent.rules.variables import same_type, type_text
from hubagent.rules.where import Where
from hubagent.toml_lines import NOWHERE, did_you_mean

STEPS_MAX: Final = 2000
"""Effects that are looked at. The executor cuts chains of rules, but before that they may be many."""
WHO: Final = "try"
_TOLD: Final = ("blocked", "unknown", "refused", "loop", "failed", "broken", "queued", "scene", "step")
_HOLD: Final = "hold:"


class NoChange(Exception):
    """What was said is no change that can be tried; the text says why."""


@dataclass(frozen=True, slots=True)
class Now:
    """How all is."""

    devices: Sequence[tuple[Device, Mapping[str, Value]]]
    mode: str
    variables: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that would be done, or not be done."""

    kind: str
    """`same` (no change), `command`, `notify`, `http`, `mode`, `variable`, `waits`, `condition`, or a trace's kind."""
    rule: str
    about: str
    detail: Any
    values: Mapping[str, str] = field(default_factory=dict)
    """Of a condition that did not hold: what its names were worth."""


class Rehearsal:
    """Of a home as it is now; each change is on top of those before."""

    def __init__(self, rule_set: RuleSet, where: Where, wall: float, now: Now) -> None:
        self._executor = RuleExecutor(rule_set, where, lambda: wall)
        self._wall = wall
        self._variables = rule_set.variables
        self._rules = {rule.name: rule for rule in rule_set.rules}
        self._names = {device.id: device.name for device, _ in now.devices}
        self._items: list[Item] = []
        self._happenings: list[Happening] = []
        self._handlers: Final[dict[type[Any], Callable[[Any], None]]] = {
            effects.Send: self._sent,
            effects.Notify: lambda one: self._add("notify", one.rule, one.to, one.text),
            effects.CallHttp: self._called,
            effects.ModeChanged: lambda one: self._changed("mode", one.who, "home.mode", one.mode),
            effects.VariableChanged: lambda one: self._changed("variable", one.who, f"var.{one.name}", one.value),
            effects.Keep: self._kept,
            effects.Traced: self._traced,
        }
        self._begin(now)

    @property
    def unbound(self) -> Sequence[Unbound]:
        return self._executor.unbound

    def change(self, text: str) -> list[Happening]:
        """`hall.motion = occupied`, `home.mode = night`, `var.guests = 2` or `sofa.remote button 1 double`, and all
        that follows. Raises NoChange."""
        self._happenings = []
        self._feed(self._item(text))
        return self._happenings

    def _begin(self, now: Now) -> None:
        for device, values in now.devices:
            self._executor.receive(
                Remembered(device, {name: (value, self._wall) for name, value in values.items()}), 0.0
            )
        records: dict[str, Mapping[str, Any]] = {MODE: {"mode": now.mode}}
        records.update({f"{VARIABLE}{name}": {"value": value} for name, value in now.variables.items()})
        self._executor.receive(Restored(records), 0.0)
        for device, values in now.devices:
            # Said again, so that what comes next is a change.
            for name, value in values.items() if device.presence is not Presence.DEAD else ():
                self._executor.receive(_report(device, name, value), 0.0)
        self._executor.take_effects()

    def _item(self, text: str) -> Item:
        picture = self._executor.picture
        if " button " in text:
            try:
                trigger = read_text_trigger(text, NOWHERE)
            except Wrong as wrong:
                raise NoChange(f"{text!r} {wrong}") from wrong
            assert isinstance(trigger, ButtonTrigger)
            device = picture.find(trigger.device)
            if device is None:
                raise NoChange(f"there is no device {trigger.device!r}{did_you_mean(trigger.device, picture.names())}")
            return ButtonPressed(device.id, trigger.number, trigger.press, 0.0)
        try:
            said = EVENT.read(text)
            return self._state(said.subject, said.value)
        except Wrong as wrong:
            raise NoChange(str(wrong)) from wrong
        except (UnknownName, CannotBind, InvalidValue) as problem:
            raise NoChange(f"{text!r}: {problem}") from problem

    def _state(self, name: str, value: Value) -> Item:
        picture = self._executor.picture
        root, _, rest = name.partition(".")
        if name == "home.mode":
            if value not in picture.modes:
                raise NoChange(f"there is no mode {value!r}; there are: {', '.join(picture.modes)}")
            self._same(name, picture.mode, value)
            return ModeSet(str(value), WHO)
        if root == "var":
            cell = picture.variable(rest)
            if cell is None:
                raise NoChange(f"there is no variable {rest!r}{did_you_mean(rest, picture.variables())}")
            first = self._variables[rest]
            if not same_type(first, value):
                raise NoChange(f"{rest} is {type_text(first)}, not {value!r}")
            self._same(name, cell, value)
            return VariableSet(rest, value, WHO)
        subject = resolve(name, picture)
        attribute, meant = meaning(subject, value, NOWHERE)
        self._same(f"{subject.device.name}.{attribute.name}", picture.cell(subject.device.id, attribute.name), meant)
        return _report(subject.device, attribute.name, meant)

    def _same(self, about: str, cell: Cell, value: Value) -> None:
        if cell.value == value:
            self._add("same", "", about, value)

    def _feed(self, first: Item) -> None:
        items = self._items = [first]
        steps = 0
        dull = len(list(self._executor.dull))
        while items and steps < STEPS_MAX:
            self._executor.receive(items.pop(0), 0.0)
            for effect in self._executor.take_effects():
                steps += 1
                handler = self._handlers.get(type(effect))
                if handler is not None:
                    handler(effect)
            came_to_nothing = list(self._executor.dull)
            for _at, rule, about, _value in came_to_nothing[dull:]:
                self._condition(rule, about)
            dull = len(came_to_nothing)
        if items:
            self._add("loop", "", "", f"more than {STEPS_MAX} steps: the rest was not tried")

    def _add(self, kind: str, rule: str, about: str, detail: Any, values: Mapping[str, str] | None = None) -> None:
        self._happenings.append(Happening(kind, rule, about, detail, values or {}))

    def _condition(self, rule: str, about: str) -> None:
        condition = self._rules[rule].condition
        assert condition is not None
        self._add("condition", rule, about, condition.text, values_in(condition, self._executor.picture))

    # What would be done.

    def _sent(self, sent: effects.Send) -> None:
        device = self._executor.picture.device(sent.device)
        name = self._names.get(sent.device, sent.device)
        wanted = dict(sent.command.wanted())
        self._add("command", _rule_of(sent.cause.who), name, wanted or type(sent.command).__name__)
        if sent.token:
            self._items.append(
                Answered(sent.token, CommandAnswered(sent.device, sent.command, sent.cause, Outcome.CONFIRMED))
            )
        if device is not None:
            self._items += [_report(device, name, value) for name, value in _followed(device, sent.command).items()]

    def _called(self, called: effects.CallHttp) -> None:
        self._add("http", "", called.url, called.method)
        self._items.append(HttpAnswered(called.token, ok=True, detail=""))

    def _changed(self, kind: str, who: str, name: str, value: Value) -> None:
        if who != WHO:
            self._add(kind, _rule_of(who), name, value)

    def _kept(self, kept: effects.Keep) -> None:
        record = kept.record
        if kept.key.startswith(_HOLD):
            self._add("waits", str(record["rule"]), str(record["about"]), round(float(record["until"]) - self._wall, 3))
        elif kept.key.startswith("run:") and not record["acting"]:
            wake = record["wake"]
            until = None if wake is None else round(float(wake) - self._wall, 3)
            self._add("waits", str(record["rule"]), str(record["about"]), until)

    def _traced(self, traced: effects.Traced) -> None:
        if traced.kind in _TOLD:
            self._add(traced.kind, traced.rule, self._names.get(traced.about, traced.about), traced.detail)


def _followed(device: Device, command: Command) -> dict[str, Value]:
    """What a device says that did what it was told: what was wanted, and what follows from that. A lamp that is told
    a level goes on with it."""
    wanted = command.wanted()
    return {name: value for name, value in command.brings_about().items() if name in wanted or has(device, name)}


def _report(device: Device, attribute: str, value: Value) -> StateReported:
    capability = ATTRIBUTES[attribute][0].name if attribute in ATTRIBUTES else "configuration"
    return StateReported(device.id, capability, {attribute: value}, 0.0)


def _rule_of(who: str) -> str:
    return who.removeprefix("rule:") if who.startswith("rule:") else ""
