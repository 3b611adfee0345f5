"""The measurements: which subject does what, how often and in which order.

All subjects are up at the same time, each on a wire of its own, and take turns in short blocks, so that whatever else
the machine does falls on all of them alike. One is active at a time; between two reports there is a pause, as there is
in a home, in which what a subject puts off until after its command can be done.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from simulators.bench.far_side import FarSide
from simulators.bench.household import a_stick, lamp_report
from simulators.bench.subjects import Agent, Floor, Known, Subject, SubjectMissing, ZwaveJs
from simulators.bench.wire import Wire

BLOCK: Final = 25
"""Reports in a row to one subject."""
WARM_UP: Final = 100
QUIET_S: Final = 0.005
"""Between the end of one exchange and the next report."""
FLOOD: Final = 500
AFTER_START_S: Final = 0.5
"""For what a subject still does when it has told that it is up."""

Tell = Callable[[str], None]


@dataclass(slots=True)
class Speed:
    """One subject's figures, as they were taken."""

    reactions_ns: list[int] = field(default_factory=list)
    """From a report's first byte written to the command's last byte read."""
    cpu_ns: int = 0
    """Over all these reports and all that belongs to them."""
    reactions_a_second: float = 0.0
    """Without any pause: each report as soon as everything about the one before is over."""
    reports_a_second: float = 0.0
    """Reports that no rule waits for."""
    command: bytes = b""
    """The frame that it wrote last."""
    own_latencies_ms: list[float] = field(default_factory=list)
    """What the agent says of itself."""


@dataclass(slots=True)
class Start:
    """How a subject comes up on a home of so many nodes."""

    nodes: int
    cold: Known
    """With nothing kept: every node is interviewed."""
    warm: Known
    memory_mb: float
    """Resident, when all nodes are known."""


@dataclass(slots=True)
class Results:
    speeds: dict[str, Speed] = field(default_factory=dict)
    starts: dict[str, Start] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    """Subjects that could not be measured, and why."""


def subjects(folder: Path) -> list[Subject]:
    return [Floor(folder / "floor"), Agent(folder / "hubagent"), ZwaveJs(folder / "zwave_js")]


async def measure_speed(
    chosen: Sequence[Subject],
    make_wire: Callable[[], Wire],
    runs: int,
    results: Results,
    tell: Tell,
    warm_up: int = WARM_UP,
) -> None:
    """Latency, CPU time and what is sustained, of `runs` reports to each. Raises SubjectBroken, NoReaction."""
    async with AsyncExitStack() as ending:
        sides: dict[Subject, FarSide] = {}
        for subject in chosen:
            wire = make_wire()
            ending.callback(wire.close)
            tell(f"starting {subject.name}")
            try:
                with wire.plugged(a_stick()):
                    await ending.enter_async_context(subject.running(wire))
                    await asyncio.sleep(AFTER_START_S)
            except SubjectMissing as missing:
                results.missing[subject.name] = str(missing)
                continue
            sides[subject] = FarSide(wire)
            results.speeds[subject.name] = Speed()
        for side in sides.values():
            _warm_up(side, warm_up)
        tell(f"{runs} reports to each, in turns of {BLOCK}")
        for done in range(0, runs, BLOCK):
            for subject, side in sides.items():
                side.settle(4 * QUIET_S)
                _measured_block(subject, side, min(BLOCK, runs - done), results.speeds[subject.name])
        for subject in sides:
            if isinstance(subject, Agent):
                results.speeds[subject.name].own_latencies_ms = (await subject.latencies_ms())[-runs:]
        tell("as fast as they can")
        for subject, side in sides.items():
            _sustain(side, min(FLOOD, runs), results.speeds[subject.name])


async def measure_starts(
    chosen: Sequence[Subject], make_wire: Callable[[], Wire], nodes: int, results: Results, tell: Tell
) -> None:
    """Cold and warm starts on a home of so many nodes, and the memory it takes. Raises SubjectBroken."""
    for subject in chosen:
        tell(f"starting {subject.name} twice on {nodes} nodes")
        wire = make_wire()
        try:
            with wire.plugged(a_stick(nodes)):
                async with subject.running(wire) as cold:
                    await asyncio.sleep(AFTER_START_S)
                    memory_mb = subject.memory_mb()
                async with subject.running(wire) as warm:
                    pass
            results.starts[subject.name] = Start(nodes, cold, warm, memory_mb)
        except SubjectMissing as missing:
            results.missing[subject.name] = str(missing)
        finally:
            wire.close()


def _warm_up(side: FarSide, count: int) -> None:
    """The loop stands still meanwhile, and is meant to: nothing else of ours may run."""
    for _ in range(0, count, 2):
        for occupied in (True, False):
            side.react(occupied)
            side.settle(QUIET_S)


def _measured_block(subject: Subject, side: FarSide, count: int, speed: Speed) -> None:
    cpu_ns = subject.cpu_ns()
    for _ in range(count):
        reaction = side.react(len(speed.reactions_ns) % 2 == 0)
        speed.reactions_ns.append(reaction.ns)
        speed.command = reaction.command
        side.settle(QUIET_S)
    speed.cpu_ns += subject.cpu_ns() - cpu_ns


def _sustain(side: FarSide, count: int, speed: Speed) -> None:
    side.settle(4 * QUIET_S)
    occupied = len(speed.reactions_ns) % 2 == 0
    began = side.now_ns()
    for _ in range(count):
        side.react(occupied)
        side.settle()
        occupied = not occupied
    speed.reactions_a_second = count * 1e9 / (side.now_ns() - began)
    side.settle(4 * QUIET_S)
    reports = [lamp_report(number % 2 == 0) for number in range(count)]
    speed.reports_a_second = (count + 1) * 1e9 / side.flood(reports, occupied)
    side.settle(4 * QUIET_S)
