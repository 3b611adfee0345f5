"""Which rules there are, and which of them are tied to devices; the others wait until theirs are there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hubagent.model.device import DeviceId
from hubagent.rules.actions.scene import SceneAction
from hubagent.rules.binding import CannotBind
from hubagent.rules.executor.bound import BoundRule, bind_rule
from hubagent.rules.executor.limits import Window
from hubagent.rules.executor.mentions import mentioned
from hubagent.rules.executor.picture import Picture
from hubagent.rules.many_objects import nothing_collected
from hubagent.rules.program import Perform
from hubagent.rules.rule import Rule
from hubagent.rules.rule_set import RuleSet
from hubagent.rules.triggers.outcome import OutcomeTrigger


@dataclass(frozen=True, slots=True)
class Unbound:
    """A rule that cannot happen yet: a device that it names is not known, or is not able to do that."""

    rule: Rule
    problem: CannotBind


class Registry:
    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._rule_set = RuleSet()
        self._by_name: dict[str, set[int]] | None = None
        """By each name that rules mention: their numbers. Made when somebody comes or goes: mostly never."""
        self._in_nevers: frozenset[str] = frozenset()
        """The names that invariants mention."""
        self._problems: dict[int, Unbound] = {}
        self._limits: dict[str, tuple[str, list[float]]] = {}
        self.bound: dict[str, BoundRule] = {}
        """By the rule's name, in the order of the files."""

    @property
    def unbound(self) -> list[Unbound]:
        return [self._problems[number] for number in sorted(self._problems)]

    def load(self, rule_set: RuleSet) -> None:
        self._rule_set = rule_set
        self._by_name = None
        self._in_nevers = frozenset(name for never in rule_set.nevers for name in mentioned(never))
        before, self.bound = self.bound, {}
        self._problems = {}
        with nothing_collected():
            self._bind(range(len(rule_set.rules)), before)

    def device_changed(self, device: DeviceId, names: Iterable[str]) -> bool:
        """It came, left, or has another name or other abilities; whether that concerns any rule or invariant.

        `names` are those that it has and had.
        """
        folded = {name.casefold() for name in {device, *names}}
        by_name = self._mentioned()
        numbers = {
            *(number for name in folded for number in by_name.get(name, ())),
            *(one.number for one in self.bound.values() if self._knows(one, device)),
        }
        if numbers:
            self._bind(sorted(numbers), dict(self.bound))
        return bool(numbers) or not folded.isdisjoint(self._in_nevers)

    def restore_limit(self, rule: str, its_hash: str, moments: list[float]) -> None:
        self._limits[rule] = (its_hash, moments)
        bound = self.bound.get(rule)
        if bound is not None and bound.rule.limit is not None and bound.rule.hash == its_hash:
            bound.limit = Window(bound.rule.limit, moments)

    def _bind(self, numbers: Iterable[int], before: Mapping[str, BoundRule]) -> None:
        rules = self._rule_set.rules
        for number in numbers:
            rule = rules[number]
            self._problems.pop(number, None)
            self.bound.pop(rule.name, None)
            if not rule.enabled:
                continue
            try:
                bound = bind_rule(rule, number, self._picture, self._rule_set.scenes)
            except CannotBind as problem:
                self._problems[number] = Unbound(rule, problem)
                continue
            self._take_over(bound, before.get(rule.name))
            self.bound[rule.name] = bound
        observed = {
            trigger.rule
            for one in self.bound.values()
            for trigger in one.rule.when
            if isinstance(trigger, OutcomeTrigger)
        }
        for one in self.bound.values():
            one.observed = one.rule.name in observed
        self.bound = dict(sorted(self.bound.items(), key=lambda item: item[1].number))

    def _take_over(self, bound: BoundRule, before: BoundRule | None) -> None:
        """How often it ran stays known, whoever came or left."""
        rule = bound.rule
        if before is not None:
            bound.storm = before.storm
            if before.rule.hash == rule.hash and before.limit is not None:
                bound.limit = before.limit
                return
        kept = self._limits.get(rule.name)
        if kept is not None and kept[0] == rule.hash and rule.limit is not None:
            bound.limit = Window(rule.limit, kept[1])

    def _mentioned(self) -> dict[str, set[int]]:
        if self._by_name is None:
            self._by_name = {}
            for number, rule in enumerate(self._rule_set.rules):
                for name in sorted(self._mentions(rule)):
                    self._by_name.setdefault(name, set()).add(number)
        return self._by_name

    def _mentions(self, rule: Rule) -> frozenset[str]:
        found = mentioned(rule)
        for instruction in rule.program.instructions:
            if isinstance(instruction, Perform) and isinstance(instruction.action, SceneAction):
                scene = self._rule_set.scenes.get(instruction.action.scene)
                found |= mentioned(scene) if scene is not None else frozenset()
        return found

    def _knows(self, bound: BoundRule, device: DeviceId) -> bool:
        """It is tied to this device, by whatever name."""
        return device in bound.targets or any(key[0] == device for _, edge in bound.edges for key in edge.keys)
