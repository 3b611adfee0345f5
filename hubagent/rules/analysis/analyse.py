"""The analyser: each rule by itself, and all beside one another, in the home as its devices are known."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from hubagent.model.capability import Value
from hubagent.model.device import Device, DeviceId
from hubagent.rules.actions.set import SetAction
from hubagent.rules.analysis.cycles import cycles
from hubagent.rules.analysis.finding import Finding
from hubagent.rules.binding import CannotBind, compile_at
from hubagent.rules.dst import AS_PEOPLE_EXPECT, Dst, Repeated, Skipped
from hubagent.rules.executor.bound import BoundRule, bind_action, bind_rule, bind_scene
from hubagent.rules.executor.guard import Guard
from hubagent.rules.executor.picture import Picture
from hubagent.rules.expression.compile import Compiled
from hubagent.rules.expression.types import FLAG
from hubagent.rules.local_time import moments_of
from hubagent.rules.program import Await, Branch, Perform
from hubagent.rules.rule import Rule
from hubagent.rules.rule_set import RuleSet
from hubagent.rules.triggers.nature import Occurrence
from hubagent.rules.triggers.time import TimeTrigger
from hubagent.rules.where import Where
from hubagent.toml_lines import Mistake

PAIRS_MAX = 200
"""Findings about two rules, after which no more are looked for."""


def analyse(rule_set: RuleSet, devices: Iterable[Device], where: Where) -> list[Finding]:
    """Everything at once, in the order of the files. Nothing is known of how the devices are."""
    picture = Picture(where, lambda: 0.0)
    picture.set_up(rule_set.modes, rule_set.variables)
    for device in devices:
        picture.known(device)
    # What the mode and the variables are by now is nobody's business here.
    picture.mode.value = None
    guard = Guard(picture)
    guard.bind(rule_set.nevers)
    findings = [Finding("E-device", problem.mistake(), never.name) for never, problem in guard.unbound]
    findings += _scenes(rule_set, picture)
    bound: list[BoundRule] = []
    for number, rule in enumerate(rule_set.rules):
        problems = list(_unbound(rule, picture, rule_set))
        findings += problems
        if not problems:
            one = bind_rule(rule, number, picture, rule_set.scenes)
            bound.append(one)
            findings += [*_conditions(one), *_forbidden(one, guard), *_clock_changes(rule, where)]
    enabled = [one for one in bound if one.rule.enabled]
    return findings + _pairs(enabled) + cycles(enabled)


def _unbound(rule: Rule, picture: Picture, rule_set: RuleSet) -> Iterator[Finding]:
    """Each part of it by itself, so that all that is wrong is told."""
    for problem in _problems(rule, picture, rule_set):
        for one in (problem, *problem.others):
            yield Finding("E-device", one.mistake(), rule.name)


def _problems(rule: Rule, picture: Picture, rule_set: RuleSet) -> Iterator[CannotBind]:
    for trigger in rule.when:
        try:
            if not isinstance(trigger, Occurrence):
                trigger.bind(picture)
        except CannotBind as problem:
            yield problem
    try:
        if rule.condition is not None:
            compile_at(rule.condition, picture, FLAG, rule.place.below("if"))
    except CannotBind as problem:
        yield problem
    for instruction in rule.program.instructions:
        try:
            if isinstance(instruction, Perform):
                bind_action(instruction.action, picture, rule_set.scenes)
            elif isinstance(instruction, Await | Branch):
                compile_at(instruction.condition, picture, FLAG, instruction.place)
        except CannotBind as problem:
            yield problem


def _scenes(rule_set: RuleSet, picture: Picture) -> Iterator[Finding]:
    for scene in rule_set.scenes.values():
        try:
            bind_scene(scene, picture, None)
        except CannotBind as problem:
            yield Finding("E-scene", problem.mistake(), scene.name)
            continue
        wanted: dict[tuple[str, str], Value] = {}
        for setting in scene.settings:
            for device in setting.devices:
                for name, value in setting.values:
                    key = (device.casefold(), name)
                    if isinstance(value, bool | int | float | str) and wanted.setdefault(key, value) != value:
                        what = f"{device} is to have {name} = {wanted[key]} and {value}"
                        yield Finding("E-scene", setting.place.mistake(what), scene.name)


def _conditions(bound: BoundRule) -> Iterator[Finding]:
    rule = bound.rule
    conditions: list[tuple[Compiled, Mistake]] = []
    if bound.condition is not None:
        conditions.append((bound.condition, rule.place.below("if").mistake("")))
    for place, compiled in bound.conditions.items():
        instruction = rule.program.instructions[place]
        assert isinstance(instruction, Await | Branch)
        conditions.append((compiled, instruction.place.mistake("")))
    for compiled, at in conditions:
        always = compiled.always()
        if always is False:
            yield Finding("E-never-true", _said(at, f"{compiled.text!r} can never hold"), rule.name)
        elif always is True and compiled.text.strip() != "true":
            yield Finding("W-always-true", _said(at, f"{compiled.text!r} holds whatever happens"), rule.name)


def _forbidden(bound: BoundRule, guard: Guard) -> Iterator[Finding]:
    """With nothing known of the rest, an invariant is broken only where it would be so whatever the rest is."""
    for place, action in bound.actions.items():
        instruction = bound.program.instructions[place]
        assert isinstance(instruction, Perform)
        for one in action.sets:
            for command in one.ready or ():
                never = guard.judge(one.device, command.brings_about(), by_rule=True)
                if never is not None:
                    at = instruction.action.place.mistake(f"[[never]] {never!r} forbids this, always")
                    yield Finding("E-violates-never", at, bound.rule.name)


def _clock_changes(rule: Rule, where: Where) -> Iterator[Finding]:
    """Only where somebody might wonder: the clocks change at that time, and the rule does not say what then."""
    if rule.dst != AS_PEOPLE_EXPECT:
        return
    for trigger in rule.when:
        if isinstance(trigger, TimeTrigger):
            for time_s in trigger.times_s:
                if time_s < 4 * 3600 and _is_odd(time_s, where):
                    what = (
                        f"{_clock(time_s)} is skipped in spring and comes twice in autumn; say dst = "
                        '{ skipped = "run at gap end", repeated = "once" }, or what else is wanted'
                    )
                    yield Finding("W-dst", trigger.place.mistake(what), rule.name)


def _is_odd(time_s: float, where: Where) -> bool:
    plain = Dst(Skipped.SKIP, Repeated.TWICE)
    first = date(2026, 1, 1)
    return any(len(moments_of(first + timedelta(days=day), time_s, where, plain)) != 1 for day in range(365))


def _clock(time_s: float) -> str:
    return f"{int(time_s) // 3600:02}:{int(time_s) // 60 % 60:02}"


def _pairs(rules: list[BoundRule]) -> list[Finding]:
    """Rules with a trigger in common: what each of them wants at that moment."""
    findings: list[Finding] = []
    by_trigger: dict[object, list[BoundRule]] = {}
    for one in rules:
        for trigger in dict.fromkeys(one.rule.when):
            by_trigger.setdefault(trigger, []).append(one)
    told: set[tuple[int, int]] = set()
    for together in by_trigger.values():
        for index, one in enumerate(together):
            for other in together[index + 1 :]:
                if len(findings) >= PAIRS_MAX:
                    return findings
                if (one.number, other.number) not in told:
                    told.add((one.number, other.number))
                    findings += _pair(one, other)
    return findings


def _pair(one: BoundRule, other: BoundRule) -> Iterator[Finding]:
    if one.rule.do == other.rule.do and one.rule.condition in (None, other.rule.condition):
        what = f"does what {one.rule.name!r} does at the same moment anyway"
        yield Finding("W-shadowed", other.rule.place.mistake(what), other.rule.name)
        return
    if one.rule.condition is not None and other.rule.condition is not None:
        # They may exclude each other; who wrote conditions for both has thought of it.
        return
    mine, theirs = _at_once(one), _at_once(other)
    for key in mine:
        if key in theirs and mine[key] != theirs[key]:
            device = next(name for name in (*_names(other), key[0]))
            what = (
                f"sets {key[1]} of {device} to {theirs[key]}, and {one.rule.name!r} to {mine[key]} at the same moment"
            )
            yield Finding("W-opposite", other.rule.place.mistake(what), other.rule.name)


def _names(bound: BoundRule) -> Iterator[str]:
    for action in bound.rule.do:
        if isinstance(action, SetAction):
            yield from action.devices


def _at_once(bound: BoundRule) -> dict[tuple[DeviceId, str], Value]:
    """What it sets before it waits for anything."""
    found: dict[tuple[DeviceId, str], Value] = {}
    for place, instruction in enumerate(bound.program.instructions):
        if not isinstance(instruction, Perform):
            break
        for one in bound.actions[place].sets:
            for command in one.ready or ():
                found.update({(one.device, name): value for name, value in command.wanted().items()})
    return found


def _said(at: Mistake, what: str) -> Mistake:
    return Mistake(at.place, at.key, what)
