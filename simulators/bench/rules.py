"""What the rules themselves cost, in this process and without any radio: from a report to the commands that follow.

The floor is what a rule engine cannot do without: the report's rules found in a table, a compiled condition asked, and
a tuple that says what happened. The peer is Home Assistant, where it is installed, with automations that mean the same;
its memory is looked at in a new process for each case, ours in this one.
"""

import gc
import os
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from hubagent.cli.drivers import open_serial
from hubagent.model.device import Device, Presence
from hubagent.model.event import StateReported
from hubagent.rules.binding import compile_at
from hubagent.rules.executor.executor import RuleExecutor
from hubagent.rules.executor.items import Ready, Remembered, Restored
from hubagent.rules.executor.picture import Picture
from hubagent.rules.expression.parse import parse
from hubagent.rules.expression.types import FLAG
from hubagent.rules.reading.rule_set import rule_set_of
from hubagent.rules.rule_set import RuleSet
from hubagent.rules.where import Where
from hubagent.runtime import real_runtime
from hubagent.toml_lines import NOWHERE, Document, Source
from simulators.bench.home_assistant.automations import automations
from simulators.bench.home_assistant.peer import PeerCase, measure_home_assistant
from simulators.bench.subjects import SubjectBroken, SubjectMissing

Measure = Callable[[str, int, int], PeerCase]
"""The automations' text, how many reports, and how many before that to warm up."""

UNRELATED: Final = (0, 1000, 10_000)
HOT: Final = (100, 1000)
FEW: Final = (0, 100)
"""Where a short run only shows that it works."""
SHORT_RUNS: Final = 100
WARM_UP: Final = 50
AWAY: Final = "home.mode == 'away' and hall.lux < 30"
CONDITION: Final = "home.mode != 'away' and hall.lux < 30"
_wall: Final = real_runtime(open_serial).wall
"""What it costs to read is a part of what is measured."""
_PAGE_B: Final = os.sysconf("SC_PAGESIZE")


def _device(name: str, capability: str) -> Device:
    return Device(f"bench-{name}", name, "bench", 1, (capability,), Presence.READY)


MOTION: Final = _device("hall.motion", "occupancy_sensing")
DEVICES: Final = (
    MOTION,
    _device("hall.lux", "illuminance_measurement"),
    _device("hall.light", "on_off"),
    _device("attic.motion", "occupancy_sensing"),
)


@dataclass(frozen=True, slots=True)
class RuleCase:
    """What one report cost beside so many other rules."""

    name: str
    floor_ns: list[int]
    reactions_ns: list[int]
    load_s: float
    """Reading the text, checking it and tying it to the devices."""
    memory_mb: float
    peer: PeerCase | None = None


class _Peer:
    """Said once why it is not measured, and not asked again."""

    def __init__(self, measure: Measure, tell: Callable[[str], None]) -> None:
        self._measure: Measure | None = measure
        self._tell = tell

    def beside(self, case: RuleCase, *, unrelated: int, hot: int) -> RuleCase:
        if self._measure is None:
            return case
        try:
            peer = self._measure(automations(unrelated, hot), len(case.reactions_ns), WARM_UP)
        except (SubjectMissing, SubjectBroken) as error:
            self._measure = None
            self._tell(str(error))
            return case
        return replace(case, peer=peer)


def measure_rules(
    runs: int, tell: Callable[[str], None], measure_peer: Measure = measure_home_assistant
) -> list[RuleCase]:
    cases: list[RuleCase] = []
    peer = _Peer(measure_peer, tell)
    brief = runs < SHORT_RUNS
    for count in FEW if brief else UNRELATED:
        tell(f"one rule beside {count} unrelated ones")
        case = _case(f"{count} unrelated", _rule("hall") + _others(count, "attic.motion"), runs, hot=0)
        cases.append(peer.beside(case, unrelated=count, hot=0))
    for count in FEW[1:] if brief else HOT:
        tell(f"one rule beside {count} on the same trigger, whose conditions do not hold")
        others = _others(count, "hall.motion", AWAY)
        case = _case(f"{count} on the same trigger", _rule("hall") + others, runs, hot=count)
        cases.append(peer.beside(case, unrelated=0, hot=count))
    return cases


def _rule(name: str, device: str = "hall.motion", condition: str = CONDITION) -> str:
    when = f'when = "{device} becomes occupied"\nif = "{condition}"\n'
    return f'[[rule]]\nname = "{name}"\n{when}do = [{{ set = "hall.light", on = true }}]\n'


def _others(count: int, device: str, condition: str | None = None) -> str:
    """Each with a condition of its own, as a home's rules have."""
    return "".join(_rule(f"other {n}", device, condition or f"hall.lux < {n}") for n in range(count))


def _read(text: str) -> RuleSet:
    path = Path("bench.toml")
    return rule_set_of([Document(path, tomllib.loads(text), Source(path, text))])


def _case(name: str, text: str, runs: int, *, hot: int) -> RuleCase:
    floor_ns = _floor(max(runs, WARM_UP), hot)
    gc.collect()
    memory = _memory_b()
    began = time.perf_counter()
    executor = RuleExecutor(_read(text), Where(), _wall)
    for device in DEVICES:
        executor.receive(Remembered(device, {"illuminance": (12, 0.0)} if device.name == "hall.lux" else {}), 0.0)
    executor.receive(Restored({}), 0.0)
    executor.receive(Ready(), 0.0)
    executor.take_effects()
    load_s = time.perf_counter() - began
    memory_mb = (_memory_b() - memory) / 1e6
    gc.freeze()
    try:
        return RuleCase(name, floor_ns, _reactions(executor, runs), load_s, memory_mb)
    finally:
        gc.unfreeze()


def _reactions(executor: RuleExecutor, runs: int) -> list[int]:
    """Every second report sets the rule off; they are far enough apart to be no storm."""
    found: list[int] = []
    for number in range(2 * (runs + WARM_UP)):
        occupied = number % 2 == 1
        now = 20.0 * number
        report = StateReported(MOTION.id, "occupancy_sensing", {"occupied": occupied}, now)
        began = time.perf_counter_ns()
        executor.receive(report, now)
        effects = executor.take_effects()
        spent = time.perf_counter_ns() - began
        if occupied:
            assert effects, "the rule was set off"
            if number > 2 * WARM_UP:
                found.append(spent)
    return found


def _floor(runs: int, hot: int) -> list[int]:
    picture = Picture(Where(), _wall)
    picture.set_up(("home", "away"), {})
    for device in DEVICES:
        picture.known(device)
    picture.remember("bench-hall.lux", {"illuminance": (12, 0.0)})
    conditions = [compile_at(parse(text), picture, FLAG, NOWHERE).evaluate for text in (CONDITION, *[AWAY] * hot)]
    waiting = {(MOTION.id, "occupied"): [(f"rule {number}", one) for number, one in enumerate(conditions)]}
    found: list[int] = []
    for number in range(runs):
        told: list[tuple[str, float, str, int]] = []
        began = time.perf_counter_ns()
        for name, condition in waiting.get((MOTION.id, "occupied"), ()):
            told.append(("fired" if condition() is True else "blocked", 0.0, name, number))
        found.append(time.perf_counter_ns() - began)
        assert told[0][0] == "fired", "the condition held"
    return found


def _memory_b() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * _PAGE_B


def table(cases: Sequence[RuleCase]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Home Assistant has its columns where it was measured."""
    measured = any(case.peer for case in cases)
    head = ["rules", *(_heading(key) for key in _SHOWN)]
    if measured:
        head += [f"HA {_heading(key)}" for key in _PEER_SHOWN]
    rows = []
    for case in cases:
        row = [case.name, *_cells(_figures(case), _SHOWN)]
        if measured:
            row += _cells(_peer_figures(case, case.peer), _PEER_SHOWN) if case.peer else [""] * len(_PEER_SHOWN)
        rows.append(row)
    return head, rows


def view(cases: Sequence[RuleCase]) -> list[dict[str, object]]:
    """Times in the unit that ends their names. `home_assistant` is null where it was not measured."""
    return [
        {"name": case.name, **_figures(case), "home_assistant": _peer_view(case, case.peer) if case.peer else None}
        for case in cases
    ]


_SHOWN: Final = {
    "floor_us": ".2f",
    "p50_us": ".2f",
    "p99_us": ".1f",
    "of_floor": ".1f",
    "load_s": ".2f",
    "memory_mb": ".0f",
}
_PEER_SHOWN: Final = {
    "p50_us": ".0f",
    "p99_us": ".0f",
    "times_ours": ".0f",
    "p99_times_ours": ".0f",
    "load_s": ".2f",
    "memory_mb": ".0f",
}


def _heading(key: str) -> str:
    return key.replace("_us", " µs").replace("_", " ")


def _cells(figures: dict[str, float], shown: dict[str, str]) -> list[str]:
    return [f"{figures[key]:{how}}" for key, how in shown.items()]


def _figures(case: RuleCase) -> dict[str, float]:
    floor = _quantile_us(case.floor_ns, 0.5)
    p50 = _quantile_us(case.reactions_ns, 0.5)
    return {
        "floor_us": floor,
        "p50_us": p50,
        "p99_us": _quantile_us(case.reactions_ns, 0.99),
        "of_floor": p50 / floor,
        "load_s": round(case.load_s, 3),
        "memory_mb": round(case.memory_mb, 1),
    }


def _peer_view(case: RuleCase, peer: PeerCase) -> dict[str, object]:
    return {"version": peer.version, **_peer_figures(case, peer)}


def _peer_figures(case: RuleCase, peer: PeerCase) -> dict[str, float]:
    p50, p99 = (_quantile_us(peer.reactions_ns, part) for part in (0.5, 0.99))
    return {
        "p50_us": p50,
        "p99_us": p99,
        "times_ours": p50 / _quantile_us(case.reactions_ns, 0.5),
        "p99_times_ours": p99 / _quantile_us(case.reactions_ns, 0.99),
        "load_s": round(peer.load_s, 3),
        "memory_mb": round(peer.memory_mb, 1),
    }


def _quantile_us(values_ns: Sequence[int], part: float) -> float:
    from simulators.bench.report import quantile  # noqa: PLC0415 - it knows the radios too

    return quantile(values_ns, part) / 1000
