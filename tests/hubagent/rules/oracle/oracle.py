"""The language once more, slow and obvious: at each event all rules are walked over, and everything is worked out anew.

It takes a file's tables as TOML has them. What it shares with the executor is how expressions are parsed.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.hubagent.rules.oracle.meaning import (
    FOREVER,
    edge_of,
    full,
    happened,
    names_in,
    parsed,
    read_trigger,
    resumed_within,
    said_of,
    seconds_of,
    stays,
    time_of_day,
    within,
    worth,
)

PRIORITIES = ("safety", "high", "normal", "low")
DEPTH_MAX = 16
EXPLAINED_S = 5
RESTS_S = 10
ON_TIME_S = 10


class Ambiguous(Exception):
    """Two things come at the same moment, and the language does not say which is first."""


class Stopped(Exception):
    """By `stop`."""


@dataclass(eq=False)
class Run:
    rule: dict[str, Any]
    value: Any
    id: str | None
    depth: int
    number: int = 0
    steps: Iterator[Any] = field(init=False)
    waits: Any = None
    """Seconds, or (condition, for, timeout, stop at the timeout)."""
    queued: bool = False
    since: float = 0
    wake: float = FOREVER
    held_since: float | None = None
    failed: bool = False
    unanswered: int = 0
    ended: bool = False
    outcome: str | None = None


@dataclass
class Oracle:
    """`log` is what was sent, told and changed: (second, kind, ..)."""

    text: str
    first_s: float
    """Of the day, at the start."""
    now: float = 0
    log: list[tuple[Any, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        tables = tomllib.loads(self.text)
        self.mode = tables["home"]["modes"][0]
        self.variables: dict[str, Any] = tables["variables"]
        self.scenes = {scene["name"]: scene["set"] for scene in tables["scene"]}
        enabled = [rule for rule in tables["rule"] if rule.get("enabled", True)]
        self.rules = sorted(enabled, key=lambda rule: PRIORITIES.index(rule.get("priority", "normal")))
        self.remembered: dict[str, Any] = {}
        self.ran: dict[tuple[str, str], list[float]] = {}
        self.deaf: set[tuple[str, int]] = set()
        self.holds: dict[tuple[str, int], tuple[Any, float]] = {}
        self.runs: list[Run] = []
        self.settled: dict[tuple[str, int], float] = {}
        self.count = 0
        self.outputs: list[tuple[Any, ...]] = []
        self.by_safety: dict[tuple[str, str], Any] = {}
        self.fresh: set[str] = set()
        self.changed: list[set[str]] = []
        self.boot()
        self.perform()

    # What happens.

    def wait(self, seconds: float) -> None:
        end = self.now + seconds
        while True:
            times = [time for rule, index, trigger in self.triggers() for time in self.times(rule, index, trigger)]
            due = min([when for when, _, _ in self.deadlines.values()] + times, default=FOREVER)
            if due > end:
                break
            self.now = max(due, self.now)
            batch = sorted((entry[0], entry[1], key) for key, entry in self.deadlines.items() if entry[0] <= self.now)
            if due in times and batch:
                raise Ambiguous(self.now)
            if due in times:
                self.look_at_clock()
            for _, number, key in batch:
                entry = self.deadlines.get(key)
                if entry is not None and entry[1] == number:
                    del self.deadlines[key]
                    entry[2]()
                    self.by_safety = {}
            self.perform()
        self.now = end

    def happens(self, kind: str, what: tuple[Any, ...]) -> None:
        match kind, what:
            case "report", (device, attribute, value):
                self.report(device, attribute, value)
            case "press", (_, press):
                self.signal("button", (1, press), press)
            case "mode", (mode,):
                self.set_mode(mode, 0)
            case "variable", (name, value):
                self.set_variable(name, value)
            case "webhook", (name,):
                self.signal("webhook", name)
            case "silent", (device,):
                self.silent(device)
            case "back", (_,):
                for key, trigger in self.held_by("offline"):
                    self.drop(key, trigger)
            case "reboot", (off_s,):
                self.now += off_s
                self.boot()
        self.by_safety = {}
        self.perform()

    def perform(self) -> None:
        """What was wanted is done, in order; devices do what they are told, and say so."""
        while self.outputs:
            kind, *what = self.outputs.pop(0)
            if kind != "send":
                self.log.append((self.now, kind, *what))
                continue
            run, device, attribute, value = what
            self.log.append((self.now, kind, device, attribute, value))
            run.unanswered -= 1
            self.say_outcome(run)
            self.by_safety = {}
            self.report(device, attribute, value)
            self.by_safety = {}

    def report(self, device: str, attribute: str, value: Any) -> None:
        name = f"{device}.{attribute}"
        before, was_fresh = self.values.get(name), name in self.fresh
        self.values[name] = self.remembered[name] = value
        self.fresh.add(name)
        self.look_at_holds(name, value)
        if before == value:
            return
        if before is not None and (was_fresh or attribute in ("smoke", "co", "gas", "leak")):
            until, depth = self.told.get(device, (-1, 0))
            depth = depth + 1 if until >= self.now else 0
            for rule, index, trigger in self.triggers():
                if edge_of(trigger) == name and happened(trigger, before, value):
                    self.edge(rule, index, trigger, value, depth)
        self.look_at_waits({name})

    def silent(self, device: str) -> None:
        gone = {name for name in self.values if name.startswith(f"{device}.")}
        for name in gone:
            del self.values[name]
            self.fresh.discard(name)
            self.look_at_holds(name, None)
        self.signal("offline", device)
        self.look_at_waits(gone)

    def settle(self) -> None:
        """What was remembered is what was: the next report is a change."""
        self.fresh = {name for name, value in self.values.items() if value is not None}

    def boot(self) -> None:
        self.values = dict(self.remembered)
        self.fresh = set()
        self.told: dict[str, tuple[float, int]] = {}
        self.deadlines: dict[Any, tuple[float, int, Callable[[], None]]] = {}
        self.at("settled", self.now + 60, self.settle)
        for run in self.runs:
            run.since = self.now
        for key, (value, until) in list(self.holds.items()):
            rule = next(rule for rule in self.rules if rule["name"] == key[0])
            trigger = read_trigger(rule, key[1])
            name = edge_of(trigger)
            if (
                name is not None and not stays(trigger, value, self.values.get(name))
            ) or self.now - until > resumed_within(rule):
                del self.holds[key]
            else:
                self.at(("hold", *key), until, lambda key=key: self.held(key))  # type: ignore[misc]
        self.look_at_clock()
        for run in sorted(self.runs, key=lambda run: run.number):
            if not run.ended and not run.queued:
                self.resume(run)
        for name in dict.fromkeys(run.rule["name"] for run in self.runs):
            self.next_in_line(name)
        self.signal("start", True)

    def resume(self, run: Run) -> None:
        if run.wake != FOREVER and self.now - run.wake > resumed_within(run.rule):
            self.end(run, None)
        else:
            self.attend(run)
            if isinstance(run.waits, tuple):
                self.look(run)

    # Triggers.

    def triggers(self) -> Iterator[tuple[dict[str, Any], int, dict[str, Any]]]:
        for rule in self.rules:
            for index in range(len(rule["when"])):
                yield rule, index, read_trigger(rule, index)

    def signal(self, kind: str, what: Any, value: Any = None, depth: int = 0) -> None:
        for rule, index, trigger in self.triggers():
            if kind not in trigger:
                continue
            wanted = trigger[kind]
            if kind == "button":
                wanted = (trigger.get("number", 1), trigger.get("press", "single"))
            if kind == "rule":
                wanted = (trigger["rule"], trigger.get("outcome", "done"))
            if wanted == what and "for" in trigger:
                self.hold(rule, index, trigger, value)
            elif wanted == what:
                self.set_off(rule, index, value, depth)

    def edge(self, rule: dict[str, Any], index: int, trigger: dict[str, Any], value: Any, depth: int) -> None:
        key = (rule["name"], index)
        if key in self.deaf:
            return
        if "for" in trigger:
            self.hold(rule, index, trigger, value)
        else:
            self.deafen(key, trigger)
            self.set_off(rule, index, value, depth)

    def deafen(self, key: tuple[str, int], trigger: dict[str, Any]) -> None:
        if "rearm_above" in trigger or "rearm_below" in trigger:
            self.deaf.add(key)

    def hold(self, rule: dict[str, Any], index: int, trigger: dict[str, Any], value: Any) -> None:
        key = (rule["name"], index)
        until = self.now + seconds_of(trigger["for"])
        self.holds.pop(key, None)
        self.holds[key] = (value, until)
        self.at(("hold", *key), until, lambda: self.held(key))

    def held(self, key: tuple[str, int]) -> None:
        value, _ = self.holds[key]
        rule = next(rule for rule in self.rules if rule["name"] == key[0])
        self.deafen(key, read_trigger(rule, key[1]))
        self.set_off(rule, key[1], value, 0)
        self.holds.pop(key, None)

    def held_by(self, kind: str) -> list[tuple[tuple[str, int], dict[str, Any]]]:
        held = [((rule["name"], index), trigger) for rule, index, trigger in self.triggers() if kind in trigger]
        return [(key, trigger) for key, trigger in held if key in self.holds]

    def drop(self, key: tuple[str, int], _trigger: dict[str, Any]) -> None:
        del self.holds[key]
        self.deadlines.pop(("hold", *key), None)

    def look_at_holds(self, name: str, value: Any) -> None:
        for rule, index, trigger in self.triggers():
            key = (rule["name"], index)
            if edge_of(trigger) != name:
                continue
            if key in self.holds and not stays(trigger, self.holds[key][0], value):
                self.drop(key, trigger)
            low, high = trigger.get("rearm_below", -FOREVER), trigger.get("rearm_above", FOREVER)
            if value is not None and key in self.deaf and (value < low or value > high):
                self.deaf.discard(key)

    def times(self, rule: dict[str, Any], index: int, trigger: dict[str, Any]) -> list[float]:
        """When it is due next, in a list, if it ever is."""
        said = trigger.get("time", [])
        settled = self.settled.get((rule["name"], index), self.now)
        days = [day * 86400 - self.first_s for day in range(3)]
        moments = [day + time_of_day(one) for day in days for one in (said if isinstance(said, list) else [said])]
        return [moment for moment in [min((one for one in moments if one > settled), default=FOREVER)] if said]

    def look_at_clock(self) -> None:
        for rule, index, trigger in self.triggers():
            if "time" not in trigger:
                continue
            key = (rule["name"], index)
            latest = None
            self.settled.setdefault(key, self.now)
            while (due := self.times(rule, index, trigger)[0]) <= self.now:
                latest = self.settled[key] = due
            if latest is not None and self.now - latest < max(ON_TIME_S, within(rule.get("missed", "skip"))):
                self.set_off(rule, index, None, 0)
        self.by_safety = {}

    def set_off(self, rule: dict[str, Any], index: int | None, value: Any, depth: int) -> None:
        run = Run(rule, value, None if index is None else read_trigger(rule, index).get("id"), depth)
        if "if" in rule and self.worth(rule["if"], run) is not True:
            return
        if depth > DEPTH_MAX or (depth and not self.may_run("any", "chained", "2000/10s")):
            return
        if not self.may_run(rule["name"], "storm", "1000/10s"):
            return
        if "limit" in rule and not self.may_run(rule["name"], "limit", rule["limit"]):
            return
        self.count += 1
        run.number = self.count
        self.begin(run)

    def may_run(self, rule: str, why: str, limit: str) -> bool:
        runs, seconds = limit.split("/")
        ran = self.ran.setdefault((rule, why), [])
        if sum(self.now - at < seconds_of(seconds) for at in ran) >= int(runs):
            return False
        ran.append(self.now)
        return True

    # Runs.

    def begin(self, run: Run) -> None:
        active = [one for one in self.runs if one.rule is run.rule]
        mode, most = run.rule.get("mode", "single"), run.rule.get("max", 10)
        queued = sum(one.queued for one in active)
        if (
            (active and mode == "single")
            or (mode == "parallel" and len(active) >= most)
            or (active and mode == "queued" and queued >= most)
        ):
            self.signal("rule", (run.rule["name"], "blocked"), None, run.depth + 1)
        elif active and mode == "queued":
            run.queued = True
            self.runs.append(run)
        else:
            for other in active if mode == "restart" else []:
                self.end(other, None)
            self.start(run)

    def start(self, run: Run) -> None:
        self.runs.append(run)
        run.steps = self.do(run, run.rule["do"])
        self.advance(run)

    def advance(self, run: Run) -> None:
        try:
            run.waits = next(run.steps)
        except (StopIteration, Stopped):
            self.end(run, "failed" if run.failed else "done")
            return
        run.since = self.now
        run.wake, run.held_since = FOREVER, None
        if not isinstance(run.waits, tuple):
            run.wake = self.now + run.waits
        else:
            condition, _, timeout, _ = run.waits
            run.wake = self.now + timeout
            run.held_since = self.now if self.worth(condition, run) is True else None
        self.attend(run)

    def attend(self, run: Run) -> None:
        if run.wake != FOREVER:
            self.at(("wake", run.number), run.wake, lambda: self.woken(run))
        if run.held_since is not None:
            self.at(("held", run.number), run.held_since + run.waits[1], lambda: self.held_enough(run))

    def woken(self, run: Run) -> None:
        if isinstance(run.waits, tuple) and run.waits[3]:
            self.end(run, "failed")
        else:
            self.go_on(run)

    def held_enough(self, run: Run) -> None:
        if self.worth(run.waits[0], run) is True:
            self.go_on(run)

    def go_on(self, run: Run) -> None:
        if self.now - run.since >= RESTS_S:
            run.depth = 0
        self.rest(run)
        self.advance(run)

    def rest(self, run: Run) -> None:
        run.waits = None
        self.deadlines.pop(("wake", run.number), None)
        self.deadlines.pop(("held", run.number), None)

    def look_at_waits(self, changed: set[str]) -> None:
        """What one that was woken changes is looked at when all have been woken."""
        self.changed.append(changed)
        if len(self.changed) > 1:
            return
        while self.changed:
            for run in sorted(self.runs, key=lambda run: run.number):
                if isinstance(run.waits, tuple) and not run.ended and names_in(run.waits[0]) & self.changed[0]:
                    self.look(run)
            del self.changed[0]

    def look(self, run: Run) -> None:
        condition, held_s, _, _ = run.waits
        if self.worth(condition, run) is not True:
            run.held_since = None
            self.deadlines.pop(("held", run.number), None)
        elif held_s == 0:
            self.go_on(run)
        elif run.held_since is None:
            run.held_since = self.now
            self.at(("held", run.number), self.now + held_s, lambda: self.held_enough(run))

    def end(self, run: Run, outcome: str | None) -> None:
        if run.ended:
            return
        run.ended, run.outcome = True, outcome
        self.runs.remove(run)
        self.rest(run)
        self.say_outcome(run)
        self.next_in_line(run.rule["name"])

    def say_outcome(self, run: Run) -> None:
        """Once all that it sent was answered."""
        if run.ended and run.outcome is not None and run.unanswered == 0:
            outcome, run.outcome = run.outcome, None
            self.signal("rule", (run.rule["name"], outcome), None, run.depth + 1)

    def next_in_line(self, name: str) -> None:
        active = [run for run in self.runs if run.rule["name"] == name]
        if active and all(run.queued for run in active):
            active[0].queued = False
            self.runs.remove(active[0])
            self.start(active[0])

    # Actions.

    def do(self, run: Run, actions: list[dict[str, Any]]) -> Iterator[Any]:
        """Each step that waits is yielded."""
        for action in actions:
            if run.ended:
                return
            match action:
                case {"set": devices, **values}:
                    for device in devices if isinstance(devices, list) else [devices]:
                        self.send(run, device, values)
                case {"scene": name}:
                    self.activate(run, name)
                case {"wait": what, **more}:
                    yield from self.waits(run, what, more)
                case {"choose": options, **more}:
                    holding = (one["do"] for one in options if self.worth(one["if"], run) is True)
                    yield from self.do(run, next(holding, more.get("else", [])))
                case {"if": condition, "do": then, **more}:
                    yield from self.do(run, then if self.worth(condition, run) is True else more.get("else", []))
                case {"repeat": times, "do": body}:
                    for _ in range(times):
                        yield from self.do(run, body)
                case {"while": condition, "at_most": most, "do": body}:
                    for _ in range(most):
                        if run.ended or self.worth(condition, run) is not True:
                            break
                        yield from self.do(run, body)
                case {"variable": name, "to": to}:
                    value = self.worth(to, run) if isinstance(to, str) else to
                    run.failed |= value is None
                    if value is not None:
                        self.set_variable(name, value)
                case {"mode": mode}:
                    self.set_mode(mode, run.depth + 1)
                case {"notify": _, "text": text}:
                    said = re.sub(r"\{(.*?)\}", lambda part: said_of(self.worth(part[1], run)), text)
                    self.outputs.append(("notify", said))
                case {"run": name}:
                    for rule in self.rules:
                        if rule["name"] == name:
                            self.set_off(rule, None, None, run.depth + 1)
                case {"stop": _}:
                    raise Stopped
                case _:
                    raise AssertionError(action)

    def waits(self, run: Run, what: str, more: dict[str, Any]) -> Iterator[Any]:
        if re.fullmatch(r"\d+[sm]", what):
            yield seconds_of(what)
            return
        held_s = seconds_of(more.get("for", "0s"))
        if held_s or self.worth(what, run) is not True:
            timeout = seconds_of(more["timeout"]) if "timeout" in more else FOREVER
            yield what, held_s, timeout, more.get("on_timeout") == "stop"

    def send(self, run: Run, device: str, values: dict[str, Any], *, in_scene: bool = False) -> None:
        [(attribute, value)] = values.items()
        if isinstance(value, str):
            value = self.worth(value, run)
        safe = run.rule.get("priority") == "safety"
        if value is None or (not safe and self.by_safety.get((device, attribute), value) != value):
            run.failed |= not in_scene
            return
        if safe:
            self.by_safety[device, attribute] = value
        self.told[device] = (self.now + EXPLAINED_S, run.depth)
        run.unanswered += 1
        self.outputs.append(("send", run, device, attribute, value))

    def activate(self, run: Run, name: str) -> None:
        for setting in self.scenes[name]:
            values = {key: value for key, value in setting.items() if key != "device"}
            self.send(run, setting["device"], values, in_scene=True)
        self.signal("scene", name, None, run.depth + 1)

    def set_mode(self, mode: str, depth: int) -> None:
        if mode != self.mode:
            self.mode = mode
            self.outputs.append(("mode", mode))
            self.signal("mode", mode, mode, depth)
            self.look_at_waits({"home.mode"})

    def set_variable(self, name: str, value: Any) -> None:
        if self.variables[name] != value:
            self.variables[name] = value
            self.outputs.append(("variable", name, value))
            self.look_at_waits({f"var.{name}"})

    def at(self, key: Any, when: float, act: Callable[[], None]) -> None:
        self.count += 1
        self.deadlines[key] = (max(when, self.now), self.count, act)

    # Values.

    def worth(self, text: str, run: Run) -> Any:
        return worth(parsed(text), lambda name: self.value_of(name, run))

    def value_of(self, name: str, run: Run) -> Any:
        if name in ("home.mode", "trigger.value", "trigger.id"):
            return {"home.mode": self.mode, "trigger.value": run.value, "trigger.id": run.id}[name]
        if name.startswith("var."):
            return self.variables[name.removeprefix("var.")]
        return self.values.get(full(name))
