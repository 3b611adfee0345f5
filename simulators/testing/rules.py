"""What the home's rules did since the test began, and why others did not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from hubagent.agent import Agent
from hubagent.rules.actions.scene import SceneAction
from hubagent.rules.actions.set import SetAction
from hubagent.rules.executor.items import RunWanted
from hubagent.rules.executor.mentions import names_in
from hubagent.rules.names import is_of
from hubagent.rules.program import Perform
from hubagent.rules.rule import Rule as ReadRule
from hubagent.rules.scene import Scene
from hubagent.rules.traces import Trace
from hubagent.toml_lines import did_you_mean
from simulators.testing.context import Context
from simulators.testing.hidden import speaks_for_itself
from simulators.testing.hub import WHO
from simulators.testing.record import Kind
from simulators.testing.recorder.hub import words_of

__tracebackhide__ = speaks_for_itself

_TRACES_TOLD = 5


class NoSuchRule(LookupError):
    """No rule of this home is called so."""


@dataclass(frozen=True, slots=True)
class Run:
    at: datetime
    by: str
    """What set it off: `hall.motion.occupied = true`."""


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    runs: tuple[Run, ...]
    """The oldest first. What its condition kept from running is none."""

    @property
    def fired(self) -> int:
        """How often it ran."""
        return len(self.runs)


class Rules(Mapping[str, Rule]):
    """By name. Empty while the hub is off and nothing is known of them."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._read: tuple[ReadRule, ...] = ()
        self._scenes: Mapping[str, Scene] = {}

    def __getitem__(self, name: str) -> Rule:
        """Raises NoSuchRule."""
        names = [rule.name for rule in self._rules()]
        if name not in names:
            raise NoSuchRule(f"there is no rule {name!r}{did_you_mean(name, names)}")
        runs = self._context.there.recorder.hub.runs.get(name, ())
        return Rule(name, tuple(Run(self._context.local(run.at), run.by) for run in runs))

    def __iter__(self) -> Iterator[str]:
        return iter([rule.name for rule in self._rules()])

    def __len__(self) -> int:
        return len(self._rules())

    @property
    def fired(self) -> list[str]:
        """The names of those that ran, in the order of the files."""
        return [name for name in self if self[name].fired]

    @property
    def never_fired(self) -> list[str]:
        return [name for name in self if not self[name].fired]

    @property
    def waiting(self) -> Mapping[str, str]:
        """Those that cannot run here, and why: by name. Raises HubIsOff."""
        return {it.rule.name: str(it.problem) for it in self._context.agent.automation.executor.unbound}

    def run(self, name: str) -> None:
        """Do what it does, whatever its condition. Raises NoSuchRule, HubIsOff."""
        self._context.agent.automation.feed(RunWanted(self[name].name, WHO))
        self._context.did(name, f"rule {name!r} is run by hand")

    def told(self, name: str) -> list[str]:
        """What it did and why it did not, in words, the latest last. Raises NoSuchRule."""
        rule, record = self[name].name, self._context.record
        said = [
            (it.at, it.text.removeprefix(f"rule {rule!r} "))
            for it in record.happenings
            if (it.about == rule and it.kind is Kind.RULE) or (it.kind is Kind.COMMAND and f"(rule:{rule})" in it.text)
        ]
        said += [(at, words_of(trace, trace.about)) for at, trace in self._dull(rule) if at >= record.began]
        return [f"{self._context.clock_text(at)}  {text}" for at, text in sorted(said, key=lambda it: it[0])]

    def _dull(self, rule: str) -> Iterator[tuple[float, Trace]]:
        """What set it off while its condition did not hold; the agent keeps that apart, by its own clock."""
        agent = self._context.site.hub.agent
        if agent is not None:
            off_s = self._context.site.clock.off_s + self._context.site.setting.start
            yield from ((it.at - off_s, it) for it in agent.automation.traces.of_rule(rule) if it.kind == "condition")

    def about(self, device: str) -> list[str]:
        """The rules that set this device, or at least speak of it: those first that set it."""
        setting = [rule.name for rule in self._rules() if device in self._set_by(rule)]
        speaking = [rule.name for rule in self._rules() if any(is_of(name, device) for name in names_in(rule))]
        return list(dict.fromkeys((*setting, *speaking)))

    def devices_of(self, name: str) -> set[str]:
        """The devices that a rule speaks of."""
        known = self._context.there.truth.devices()
        rule = next(rule for rule in self._rules() if rule.name == name)
        return {device for device in known for word in names_in(rule) if is_of(word, device)}

    def why(self, device: str) -> list[str]:
        """What every rule that sets this device did last, or why it did not, in words."""
        lines = []
        for name in self.about(device):
            if name in (waiting := self.waiting):
                lines.append(f"{name!r} cannot run here: {waiting[name]}")
                continue
            told = self.told(name)[-_TRACES_TOLD:]
            lines.append(f"{name!r} was not set off" if not told else f"{name!r}:")
            lines += [f"  {line}" for line in told]
        return lines

    def _rules(self) -> tuple[ReadRule, ...]:
        agent: Agent | None = self._context.site.hub.agent
        if agent is not None:
            self._read = tuple(agent.automation.executor.rule_set.rules)
            self._scenes = agent.automation.executor.rule_set.scenes
        return self._read

    def _set_by(self, rule: ReadRule) -> set[str]:
        """By the rule itself, and by the scenes that it calls up."""
        actions = [it.action for it in rule.program.instructions if isinstance(it, Perform)]
        settings = [action for action in actions if isinstance(action, SetAction)]
        for action in actions:
            if isinstance(action, SceneAction) and action.scene in self._scenes:
                settings += self._scenes[action.scene].settings
        return {device for setting in settings for device in setting.devices}
