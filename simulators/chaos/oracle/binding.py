"""Whether a rule can be: whether every device that it names is there, and can say or be told what the rule wants."""

from collections.abc import Iterator, Mapping

from hubagent.model.capabilities.switch import SWITCH
from hubagent.model.device import DeviceId
from hubagent.rules.actions.http import HttpAction
from hubagent.rules.actions.notify import NotifyAction
from hubagent.rules.actions.scene import SceneAction
from hubagent.rules.actions.set import SetAction
from hubagent.rules.actions.table import PlainAction
from hubagent.rules.actions.variable import VariableAction
from hubagent.rules.expression import tree
from hubagent.rules.expression.template import Template
from hubagent.rules.expression.tree import Expression
from hubagent.rules.program import Await, Branch, Perform
from hubagent.rules.rule import Rule
from hubagent.rules.scene import Scene
from hubagent.rules.triggers.button import ButtonTrigger
from hubagent.rules.triggers.numeric import NumericTrigger
from hubagent.rules.triggers.offline import OfflineTrigger
from hubagent.rules.triggers.state import StateTrigger
from hubagent.rules.triggers.sun import SunTrigger
from hubagent.rules.triggers.table import Trigger
from simulators.chaos.oracle.edges import can_happen
from simulators.chaos.oracle.fitting import FLAG, Sort, fits, sort_of
from simulators.chaos.oracle.seen import CLOCK_NAMES, Seen, has

_NO_SCENES: Mapping[str, Scene] = {}


def can_be(what: Rule | SetAction, seen: Seen, scenes: Mapping[str, Scene] = _NO_SCENES) -> bool:
    if isinstance(what, SetAction):
        return _can_set(what, seen)
    return (
        all(_can_happen(trigger, seen) for trigger in what.when)
        and all(_can_set(one, seen) for one in _sets(what, scenes))
        and _expressions_fit(what, seen)
    )


def targets(rule: Rule, seen: Seen, scenes: Mapping[str, Scene]) -> list[DeviceId]:
    """The devices that it may set."""
    devices = (seen.find(name) for one in _sets(rule, scenes) for name in one.devices)
    return sorted({device.id for device in devices if device is not None})


def can_be_told(expression: Expression, seen: Seen, wanted: Sort = FLAG) -> bool:
    """Whether everything that it names is there, and says something of the kind."""
    names = (node for node in tree.walk(expression.root) if isinstance(node, tree.Name))
    return all(_resolves(name, seen) for name in names) and fits(expression, seen, wanted)


def _expressions_fit(rule: Rule, seen: Seen) -> bool:
    return all(can_be_told(expression, seen, wanted) for expression, wanted in _expressions(rule))


def _resolves(node: tree.Name, seen: Seen) -> bool:
    if node.device is None and (node.text in CLOCK_NAMES or node.text.startswith("trigger.")):
        return not node.text.startswith("sun.") or seen.where.latitude is not None
    return seen.place(node) is not None


def _can_happen(trigger: Trigger, seen: Seen) -> bool:
    match trigger:
        case StateTrigger() | NumericTrigger():
            return can_happen(trigger, seen)
        case ButtonTrigger(device=name):
            device = seen.find(name)
            return device is not None and SWITCH.name in device.capabilities
        case OfflineTrigger(device=name):
            return seen.find(name) is not None
        case SunTrigger():
            return seen.where.latitude is not None
    return True


def _can_set(action: SetAction, seen: Seen) -> bool:
    devices = [seen.find(name) for name in action.devices]
    return all(
        device is not None and all(has(device, name) for name, _ in action.values) for device in devices
    ) and all(can_be_told(value, seen, sort_of(name)) for name, value in action.values if isinstance(value, Expression))


def _performed(rule: Rule) -> Iterator[PlainAction]:
    return (one.action for one in rule.program.instructions if isinstance(one, Perform))


def _sets(rule: Rule, scenes: Mapping[str, Scene]) -> Iterator[SetAction]:
    for action in _performed(rule):
        if isinstance(action, SetAction):
            yield action
        elif isinstance(action, SceneAction):
            yield from scenes[action.scene].settings


def _expressions(rule: Rule) -> Iterator[tuple[Expression, Sort]]:
    """Each with what it is to be worth; but for what devices are set to."""
    if rule.condition is not None:
        yield rule.condition, FLAG
    for instruction in rule.program.instructions:
        if isinstance(instruction, Await | Branch):
            yield instruction.condition, FLAG
    for action in _performed(rule):
        match action:
            case VariableAction(to=Expression() as to):
                yield to, None
            case NotifyAction(text=text):
                yield from _in(text)
            case HttpAction(body=Template() as body):
                yield from _in(body)


def _in(template: Template) -> Iterator[tuple[Expression, Sort]]:
    return ((part, None) for _, part in template.parts if isinstance(part, Expression))
