"""Rules that set one another off: found by what each sets, and what each waits for."""

from collections.abc import Iterator

from hubagent.model.capability import Value
from hubagent.model.device import DeviceId
from hubagent.rules.actions.mode import ModeAction
from hubagent.rules.actions.run import RunAction
from hubagent.rules.actions.scene import SceneAction
from hubagent.rules.analysis.finding import Finding
from hubagent.rules.executor.bound import BoundRule
from hubagent.rules.program import Perform
from hubagent.rules.triggers.nature import BoundEdge

CYCLES_MAX = 50


def cycles(rules: list[BoundRule]) -> list[Finding]:
    """One finding for each knot of rules, at the first of them."""
    leads_to = _leads_to(rules)
    findings: list[Finding] = []
    told: set[int] = set()
    for start in range(len(rules)):
        if start in told or len(findings) >= CYCLES_MAX:
            continue
        circle = _circle(start, leads_to)
        if circle is not None:
            told.update(circle)
            names = " → ".join(repr(rules[number].rule.name) for number in (*circle, circle[0]))
            what = f"sets itself off again: {names}; it is cut after some rounds"
            findings.append(Finding("W-cycle", rules[start].rule.place.mistake(what), rules[start].rule.name))
    return findings


def _circle(start: int, leads_to: list[list[int]]) -> list[int] | None:
    """The shortest way from a rule to itself."""
    before: dict[int, int] = {}
    edge = [start]
    while edge:
        following: list[int] = []
        for number in edge:
            for other in leads_to[number]:
                if other == start:
                    return _way(start, number, before)
                if other not in before:
                    before[other] = number
                    following.append(other)
        edge = following
    return None


def _way(start: int, end: int, before: dict[int, int]) -> list[int]:
    way = [end]
    while way[-1] != start:
        way.append(before[way[-1]])
    return way[::-1]


def _leads_to(rules: list[BoundRule]) -> list[list[int]]:
    edges: dict[tuple[DeviceId, str], list[tuple[int, BoundEdge]]] = {}
    signals: dict[tuple[object, ...], list[int]] = {}
    numbers = {one.rule.name: number for number, one in enumerate(rules)}
    for number, one in enumerate(rules):
        for _, edge in one.edges:
            for key in edge.keys:
                edges.setdefault(key, []).append((number, edge))
        for _, signal in one.signals:
            signals.setdefault(signal.key, []).append(number)
    found: list[list[int]] = []
    for itself, one in enumerate(rules):
        set_off: dict[int, None] = {}
        for device, name, value in _writes(one):
            for number, edge in edges.get((device, name), ()):
                # What it sets is the same each time, so by that alone it changes something only once.
                if number != itself and _happens(edge, value):
                    set_off[number] = None
        for action in one.actions.values():
            if isinstance(action.action, ModeAction):
                set_off.update(dict.fromkeys(signals.get(("mode", action.action.mode), ())))
            elif isinstance(action.action, SceneAction):
                set_off.update(dict.fromkeys(signals.get(("scene", action.action.scene), ())))
            elif isinstance(action.action, RunAction) and action.action.rule in numbers:
                set_off[numbers[action.action.rule]] = None
        for outcome in ("done", "failed", "blocked"):
            set_off.update(dict.fromkeys(signals.get(("rule", one.rule.name, outcome), ())))
        found.append(list(set_off))
    return found


def _writes(bound: BoundRule) -> Iterator[tuple[DeviceId, str, Value]]:
    for place, instruction in enumerate(bound.program.instructions):
        if isinstance(instruction, Perform):
            for one in bound.actions[place].sets:
                for command in one.ready or ():
                    # A lamp goes on and off with its level, and so sets off what waits for that.
                    for name, value in command.brings_about().items():
                        yield one.device, name, value


def _happens(edge: BoundEdge, value: Value) -> bool:
    """Whether there is a value from which this one is what the trigger waits for."""
    before: tuple[Value, ...]
    if isinstance(value, bool):
        before = (not value,)
    elif isinstance(value, int | float):
        before = (value - 1, value + 1, -1e6, 1e6)
    else:
        before = ("\0",)
    return any(edge.test(one, value) for one in before)
