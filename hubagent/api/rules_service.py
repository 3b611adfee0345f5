"""What the API says of rules and does with them: what they are, what they did and why, and what people want of them."""

from typing import TYPE_CHECKING, Any

from hubagent.api.problem import INVALID, UNKNOWN_DEVICE, UNKNOWN_RULE, Problem
from hubagent.api.views import VERSION, View
from hubagent.home import UnknownDevice
from hubagent.rules.executor.items import Item, ModeSet, RunWanted, SceneWanted, VariableSet, WebhookCalled
from hubagent.rules.executor.mentions import names_in
from hubagent.rules.executor.picture import Picture
from hubagent.rules.names import ROOTS, UnknownName, is_of, resolve
from hubagent.rules.reading.form import plain_value
from hubagent.rules.reading.wrong import Wrong
from hubagent.rules.rule import Rule
from hubagent.rules.traces import Trace
from hubagent.rules.variables import same_type
from hubagent.toml_lines import did_you_mean

if TYPE_CHECKING:
    from hubagent.agent import Agent

TRACES_MAX = 100
"""Of one answer, the latest."""
CHAIN_MAX = 10


class RulesService:
    def __init__(self, agent: "Agent") -> None:
        self._agent = agent
        self._automation = agent.automation
        self._executor = agent.automation.executor

    def rules(self) -> View:
        """The rules that the agent runs; of those that do nothing why, and who they wait for where it is that."""
        idle = {unbound.rule.name: unbound.problem for unbound in self._executor.unbound}
        running: dict[str, int] = {}
        for run in self._executor.waiting:
            running[run.rule] = running.get(run.rule, 0) + 1
        rule_set = self._executor.rule_set
        return {
            "v": VERSION,
            "mode": self._executor.picture.mode.value,
            "modes": list(rule_set.modes),
            "variables": {name: self._value(name) for name in rule_set.variables},
            "scenes": list(rule_set.scenes),
            "problems": self._automation.problems,
            "rules": [
                {
                    "name": rule.name,
                    "place": str(rule.place),
                    "enabled": rule.enabled,
                    "devices": names_in(rule),
                    "running": running.get(rule.name, 0),
                    "waits_for": idle[rule.name].device if rule.name in idle else None,
                    "why": str(idle[rule.name]) if rule.name in idle else None,
                }
                for rule in rule_set.rules
            ],
        }

    def waiting_for(self, device: str) -> View:
        """The rules and invariants that say a name that nobody has (any more), or one of something of it."""
        rules = [one.rule.name for one in self._executor.unbound if self._lacks(device, names_in(one.rule))]
        nevers = [
            never.name
            for never, _ in self._executor.guard.unbound
            if self._lacks(device, [reference.name for reference in never.that.references])
        ]
        return {"rules_waiting": rules, "nevers_waiting": nevers}

    def act(self, body: Any) -> View:
        """`{"action": "run", "name": RULE}`; likewise `mode`, `scene`, `webhook`, `variable` with `value`, `reload`."""
        if not isinstance(body, dict) or not isinstance(body.get("action"), str):
            raise Problem(INVALID, "say the action: run, mode, scene, webhook, variable or reload")
        if body["action"] == "reload":
            return {"v": VERSION, "problems": self._automation.reload()}
        name = body.get("name")
        if not isinstance(name, str):
            raise Problem(INVALID, f"say which: the name for {body['action']}")
        self._automation.feed(self._item(body["action"], name, body.get("value")))
        return {"v": VERSION, "mode": self._executor.picture.mode.value}

    def traces(self, rule: str) -> View:
        """What a rule did, and why it did not: the latest last."""
        known = self._rule(rule)
        traces = self._automation.traces.of_rule(known.name)[-TRACES_MAX:]
        return {"v": VERSION, "rule": known.name, "traces": [self._trace(trace) for trace in traces]}

    def explain(self, text: str) -> View:
        """Why a device is as it is: what was sent to it last, by whom, and what led to that."""
        try:
            device = self._agent.home.resolve(text)
        except UnknownDevice as error:
            raise Problem(UNKNOWN_DEVICE, str(error)) from error
        traces = self._automation.traces
        sent = next(iter(traces.commands_to(device.id)), None)
        chain = traces.chain(sent.run)[:CHAIN_MAX] if sent is not None else []
        state = {
            name: {"value": reading.value, "as_of": reading.as_of}
            for readings in self._agent.home.state(device.id).values()
            for name, reading in readings.items()
        }
        return {
            "v": VERSION,
            "id": device.id,
            "name": device.name,
            "state": state,
            "sent": None if sent is None else self._trace(sent),
            "chain": [[self._trace(trace) for trace in run] for run in chain],
        }

    def _item(self, action: str, name: str, value: Any) -> Item:
        rule_set = self._executor.rule_set
        match action:
            case "run":
                return RunWanted(self._bound(name), "api")
            case "mode":
                _check_known("mode", name, rule_set.modes)
                return ModeSet(name, "api")
            case "scene":
                _check_known("scene", name, rule_set.scenes)
                return SceneWanted(name, "api")
            case "webhook":
                return WebhookCalled(name)
            case "variable":
                _check_known("variable", name, rule_set.variables)
                first = rule_set.variables[name]
                try:
                    plain_value(value)
                except Wrong as wrong:
                    raise Problem(INVALID, f"{name} {wrong}") from wrong
                if not same_type(first, value):
                    raise Problem(INVALID, f"{name} is like {first!r}, not {value!r}")
                return VariableSet(name, value, "api")
            case _:
                near = did_you_mean(action, ("run", "mode", "scene", "webhook", "variable", "reload"))
                raise Problem(INVALID, f"there is no action {action!r}{near}")

    def _bound(self, name: str) -> str:
        rule = self._rule(name)
        waits = next((unbound for unbound in self._executor.unbound if unbound.rule.name == rule.name), None)
        if waits is not None:
            raise Problem(INVALID, f"{rule.name!r} cannot run: {waits.problem}")
        if not rule.enabled:
            raise Problem(INVALID, f"{rule.name!r} is not enabled")
        return rule.name

    def _rule(self, name: str) -> Rule:
        rules = {rule.name: rule for rule in self._executor.rule_set.rules}
        if name not in rules:
            raise Problem(UNKNOWN_RULE, f"there is no rule {name!r}{did_you_mean(name, rules)}")
        return rules[name]

    def _lacks(self, device: str, names: list[str]) -> bool:
        return any(is_of(name, device) and not _is_known(name, self._executor.picture) for name in names)

    def _value(self, name: str) -> Any:
        cell = self._executor.picture.variable(name)
        return None if cell is None else cell.value

    def _trace(self, trace: Trace) -> View:
        known = self._agent.home.devices.get(trace.about)
        return {
            "kind": trace.kind,
            "t": trace.at,
            "rule": trace.rule,
            "run": trace.run,
            "about": trace.about if known is None else known.name,
            "detail": trace.detail,
        }


def _check_known(what: str, name: str, known: Any) -> None:
    if name not in known:
        there_are = ", ".join(known) or "none"
        raise Problem(INVALID, f"there is no {what} {name!r}{did_you_mean(name, known) or f'; there are: {there_are}'}")


def _is_known(name: str, picture: Picture) -> bool:
    try:
        resolve(name, picture)
    except UnknownName:
        return picture.find(name.rpartition(".")[0]) is not None or name.partition(".")[0] in ROOTS
    return True
