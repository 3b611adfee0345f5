"""A rule, tied to the home: its triggers as edges, signals and times; its conditions and actions ready to be used."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from hubagent.model.capability import Command
from hubagent.model.device import DeviceId
from hubagent.rules.actions.bound_set import BoundSet
from hubagent.rules.actions.http import HttpAction
from hubagent.rules.actions.notify import NotifyAction
from hubagent.rules.actions.scene import SceneAction
from hubagent.rules.actions.set import SetAction
from hubagent.rules.actions.table import PlainAction
from hubagent.rules.actions.variable import VariableAction
from hubagent.rules.binding import CannotBind, compile_at, compile_template_at
from hubagent.rules.executor.limits import STORM, Window
from hubagent.rules.executor.mentions import expressions_of
from hubagent.rules.executor.picture import Picture
from hubagent.rules.expression.compile import Compiled
from hubagent.rules.expression.template import CompiledTemplate
from hubagent.rules.expression.tree import Expression
from hubagent.rules.expression.types import FLAG
from hubagent.rules.program import Await, Branch, Perform, Program
from hubagent.rules.rule import Priority, Rule
from hubagent.rules.scene import Scene
from hubagent.rules.triggers.nature import BoundEdge, BoundSignal, Occurrence
from hubagent.rules.triggers.sun import SunTrigger

ORDER: Final = {Priority.SAFETY: 0, Priority.HIGH: 1, Priority.NORMAL: 2, Priority.LOW: 3}


@dataclass(slots=True, eq=False)
class BoundAction:
    """One `Perform`, with what it needs."""

    action: PlainAction
    sets: tuple[BoundSet, ...] = ()
    text: CompiledTemplate | None = None
    value: Compiled | None = None


@dataclass(slots=True, eq=False)
class BoundRule:
    rule: Rule
    number: int
    """Where it stands among all rules."""
    who: str
    edges: list[tuple[int, BoundEdge]] = field(default_factory=list)
    """With the trigger's number in `when`."""
    signals: list[tuple[int, BoundSignal]] = field(default_factory=list)
    times: list[tuple[int, Occurrence]] = field(default_factory=list)
    condition: Compiled | None = None
    conditions: dict[int, Compiled] = field(default_factory=dict)
    """Of the instructions that have one, by their place in the program."""
    actions: dict[int, BoundAction] = field(default_factory=dict)
    plain: tuple[tuple[DeviceId, Command], ...] | None = None
    """All that it does, where that is to send commands that are known already."""
    quick: tuple[tuple[DeviceId, Command, float], ...] | None = None
    """The same with the time that each takes, where nothing has to be looked at before: the shortest way."""
    reads_trigger: bool = False
    observed: bool = False
    """Another rule waits for how its runs end."""
    storm: Window = field(default_factory=lambda: Window(STORM))
    limit: Window | None = None
    targets: frozenset[DeviceId] = frozenset()
    """Devices that it may set."""

    @property
    def order(self) -> tuple[int, int]:
        return ORDER[self.rule.priority], self.number

    def known_commands(self) -> tuple[tuple[DeviceId, Command, float], ...] | None:
        """What `quick` can be, as far as the rule itself is concerned."""
        rule = self.rule
        if self.plain is None or self.observed or rule.yields_to_manual or rule.limit is not None:
            return None
        if rule.priority is Priority.SAFETY:
            return None
        return tuple((device, command, lasts_s(command)) for device, command in self.plain)

    @property
    def program(self) -> Program:
        return self.rule.program


def bind_rule(rule: Rule, number: int, picture: Picture, scenes: Mapping[str, Scene]) -> BoundRule:
    """Raises CannotBind, with the first that is wrong."""
    bound = BoundRule(rule, number, f"rule:{rule.name}")
    for index, trigger in enumerate(rule.when):
        if hasattr(trigger, "next_after"):
            _check_sun(trigger, picture)
            bound.times.append((index, trigger))
            continue
        tied = trigger.bind(picture)
        if isinstance(tied, BoundEdge):
            bound.edges.append((index, tied))
        else:
            bound.signals.append((index, tied))
    if rule.condition is not None:
        bound.condition = compile_at(rule.condition, picture, FLAG, rule.place.below("if"))
    for place, instruction in enumerate(rule.program.instructions):
        if isinstance(instruction, Perform):
            bound.actions[place] = bind_action(instruction.action, picture, scenes)
        elif isinstance(instruction, Await | Branch):
            bound.conditions[place] = compile_at(instruction.condition, picture, FLAG, instruction.place)
    bound.targets = frozenset(one.device for action in bound.actions.values() for one in action.sets)
    bound.plain = _plain(bound)
    bound.reads_trigger = _reads_trigger(rule)
    if rule.limit is not None:
        bound.limit = Window(rule.limit)
    return bound


def bind_action(action: PlainAction, picture: Picture, scenes: Mapping[str, Scene]) -> BoundAction:
    """Raises CannotBind."""
    match action:
        case SetAction():
            return BoundAction(action, sets=action.bind(picture))
        case SceneAction():
            return BoundAction(action, sets=bind_scene(scenes[action.scene], picture, action.fade_s))
        case NotifyAction():
            return BoundAction(action, text=compile_template_at(action.text, picture, action.place.below("text")))
        case HttpAction(body=body):
            text = None if body is None else compile_template_at(body, picture, action.place.below("body"))
            return BoundAction(action, text=text)
        case VariableAction(to=to) if isinstance(to, Expression):
            return BoundAction(action, value=compile_at(to, picture, None, action.place.below("to")))
        case _:
            return BoundAction(action)


def bind_scene(scene: Scene, picture: Picture, fade_s: float | None) -> tuple[BoundSet, ...]:
    """Raises CannotBind."""
    found: list[BoundSet] = []
    for setting in scene.settings:
        fades = fade_s is not None and setting.transition_s is None
        found += (replace(setting, transition_s=fade_s) if fades else setting).bind(picture)
    return tuple(found)


def _plain(bound: BoundRule) -> tuple[tuple[DeviceId, Command], ...] | None:
    commands: list[tuple[DeviceId, Command]] = []
    for place, instruction in enumerate(bound.rule.program.instructions):
        if not isinstance(instruction, Perform) or not isinstance(instruction.action, SetAction):
            return None
        for one in bound.actions[place].sets:
            if one.ready is None or one.is_tracked:
                return None
            commands += [(one.device, command) for command in one.ready]
    return tuple(commands)


def _reads_trigger(rule: Rule) -> bool:
    """Whether anything that it does may depend on what set it off."""
    return any("trigger." in expression.text for expression in expressions_of(rule))


def _check_sun(trigger: Occurrence, picture: Picture) -> None:
    if isinstance(trigger, SunTrigger) and not picture.has_place:
        what = "it is not known where the home is; say latitude and longitude under [hub] in hub.toml"
        raise CannotBind(what, trigger.place.below("sun"))


def lasts_s(command: Command) -> float:
    """How long what it asks for takes."""
    return getattr(command, "transition_s", None) or 0.0
