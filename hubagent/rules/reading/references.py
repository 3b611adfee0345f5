"""What rules say of one another: scenes, modes, variables, rules by name, and hosts. Devices are another matter."""

from collections.abc import Iterable, Iterator
from typing import Final

from hubagent.rules.actions.choice import ChooseAction
from hubagent.rules.actions.http import HttpAction
from hubagent.rules.actions.loop import RepeatAction, WhileAction
from hubagent.rules.actions.mode import ModeAction
from hubagent.rules.actions.run import RunAction
from hubagent.rules.actions.scene import SceneAction
from hubagent.rules.actions.table import Action
from hubagent.rules.actions.variable import VariableAction
from hubagent.rules.reading.wrong import Findings, shown
from hubagent.rules.rule_set import RuleSet
from hubagent.rules.trial import ActivateScene, SetMode, Trial
from hubagent.rules.triggers.mode import ModeTrigger
from hubagent.rules.triggers.outcome import OutcomeTrigger
from hubagent.rules.triggers.scene import SceneTrigger
from hubagent.rules.triggers.table import Trigger
from hubagent.toml_lines import Spot, did_you_mean


def all_actions(actions: Iterable[Action]) -> Iterator[Action]:
    """These, and those below them."""
    for action in actions:
        yield action
        match action:
            case ChooseAction():
                for option in action.options:
                    yield from all_actions(option.do)
                yield from all_actions(action.otherwise)
            case RepeatAction() | WhileAction():
                yield from all_actions(action.do)


def check_references(rule_set: RuleSet, http_hosts: frozenset[str] | None, findings: Findings) -> None:
    check = _References(rule_set, http_hosts, findings)
    for rule in rule_set.rules:
        for trigger in rule.when:
            check.trigger(trigger)
        for action in all_actions(rule.do):
            check.action(action)
    for trial in rule_set.tests:
        check.trial(trial)


_LENGTHS_APART_MAX: Final = 4
_NEAR_MAX: Final = 500
"""Names that are compared with one that there is not: there may be thousands of both."""


class _References:
    def __init__(self, rule_set: RuleSet, http_hosts: frozenset[str] | None, findings: Findings) -> None:
        self._scenes = rule_set.scenes
        self._variables = rule_set.variables
        self._modes = dict.fromkeys(rule_set.modes)
        self._rules = {rule.name: rule for rule in rule_set.rules}
        self._hosts = http_hosts
        self._findings = findings

    def trigger(self, trigger: Trigger) -> None:
        match trigger:
            case ModeTrigger():
                self._known(trigger.mode, self._modes, "mode", trigger.place.below("mode"))
            case SceneTrigger():
                self._known(trigger.scene, self._scenes, "scene", trigger.place.below("scene"))
            case OutcomeTrigger():
                self._known(trigger.rule, self._rules, "rule", trigger.place.below("rule"))
            case _:
                pass

    def action(self, action: Action) -> None:
        match action:
            case SceneAction():
                self._known(action.scene, self._scenes, "scene", action.place.below("scene"))
            case ModeAction():
                self._known(action.mode, self._modes, "mode", action.place.below("mode"))
            case RunAction():
                self._known(action.rule, self._rules, "rule", action.place.below("run"))
            case VariableAction():
                self._known(action.name, self._variables, "variable", action.place.below("variable"))
            case HttpAction() if self._hosts is not None and action.host not in self._hosts:
                what = f"{action.host} is none of the hosts that hub.toml allows: [rules] allow_hosts"
                self._findings.say(action.place.below("http"), f"{what}{did_you_mean(action.host, self._hosts)}")
            case _:
                pass

    def trial(self, trial: Trial) -> None:
        for step in trial.steps:
            match step.what:
                case SetMode(mode):
                    self._known(mode, self._modes, "mode", step.place.below("mode"))
                case ActivateScene(scene):
                    self._known(scene, self._scenes, "scene", step.place.below("scene"))
                case _:
                    pass

    def _known(self, name: str, known: Iterable[str], what: str, place: Spot) -> None:
        if name not in known and not self._findings.are_full:
            alike = [other for other in known if abs(len(other) - len(name)) <= _LENGTHS_APART_MAX]
            near = did_you_mean(name, alike[:_NEAR_MAX])
            self._findings.say(place, f"there is no {what} {shown(name)}{near}")
