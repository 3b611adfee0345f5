"""The measurements: which subject does what, how often and in which order.

All subjects are up at the same time, each on a wire of its own, and take turns in short blocks, so that whatever else
the machine does falls on all of them alike. One is active at a time; between two reports there is a pause, as there is
in a home, in which what a subject puts off until after its command can be done.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Final

from simulators.bench.far_side import Burst, FarSide, NoReaction
from simulators.bench.household import Newcomer
from simulators.bench.scene import Aims, Scene
from simulators.bench.subjects import Agent, Floor, Known, Pairs, Subject, SubjectBroken, SubjectMissing
from simulators.bench.wire import Wire

BLOCK: Final = 25
"""Reports in a row to one subject."""
WARM_UP: Final = 100
QUIET_S: Final = 0.005
"""Between the end of one exchange and the next report."""
FLOOD: Final = 500
AFTER_START_S: Final = 0.5
"""For what a subject still does when it has told that it is up."""
BURSTS: Final = 10
FEW_BURSTS: Final = 3
LARGE: Final = 50
"""In a home of fewer nodes a burst is none, and few are enough to see that it works."""
BURST_PAUSE_S: Final = 0.3
"""Between two bursts, for what a subject puts off until it has time."""
_LOOK_S: Final = 0.001

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
    bursts: list[Burst] = field(default_factory=list)
    """All nodes report at once, one of them motion."""


@dataclass(slots=True)
class Pairing:
    """From when a device has the network's key to when a subject knows it, once for each device."""

    interviewed_s: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Results:
    """Of one radio, by the names of the subjects."""

    radio: str
    aims: Aims
    speeds: dict[str, Speed] = field(default_factory=dict)
    starts: dict[str, Start] = field(default_factory=dict)
    pairings: dict[str, Pairing] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    """Subjects that could not be measured, and why."""


async def measure_speed(
    scene: Scene,
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
            household = scene.household()
            try:
                with wire.plugged(household.stick):
                    await ending.enter_async_context(subject.running(wire, household))
                    await asyncio.sleep(AFTER_START_S)
                    sides[subject] = await scene.take_over(household, wire)
            except (SubjectMissing, SubjectBroken) as error:
                _excuse(subject, error, results)
                continue
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
    scene: Scene, chosen: Sequence[Subject], make_wire: Callable[[], Wire], nodes: int, results: Results, tell: Tell
) -> None:
    """Cold and warm starts on a home of so many nodes, the memory it takes, and what happens when all of them report
    at once. Raises SubjectBroken, NoReaction."""
    for subject in chosen:
        tell(f"starting {subject.name} twice on {nodes} nodes")
        wire = make_wire()
        household = scene.household(nodes)
        try:
            with wire.plugged(household.stick):
                async with subject.running(wire, household) as cold:
                    await asyncio.sleep(AFTER_START_S)
                    memory_mb = subject.memory_mb()
            async with AsyncExitStack() as ending:
                with wire.plugged(household.stick):
                    warm = await ending.enter_async_context(subject.running(wire, household))
                    await asyncio.sleep(AFTER_START_S)
                    side = await scene.take_over(household, wire)
                bursts = _bursts(side, BURSTS if nodes >= LARGE else FEW_BURSTS)
                results.starts[subject.name] = Start(nodes, cold, warm, memory_mb, bursts)
        except (SubjectMissing, SubjectBroken, NoReaction) as error:
            _excuse(subject, error, results)
        finally:
            wire.close()


async def measure_pairing(
    scene: Scene, chosen: Sequence[Pairs], make_wire: Callable[[], Wire], count: int, results: Results, tell: Tell
) -> None:
    """So many devices let in, one after the other. Raises SubjectBroken."""
    for subject in chosen:
        tell(f"pairing {count} with {subject.name}")
        wire = make_wire()
        household = scene.household(newcomers=count)
        try:
            with wire.plugged(household.stick):
                async with subject.running(wire, household):
                    paired = [await _pair(subject, newcomer) for newcomer in household.newcomers]
            results.pairings[subject.name] = Pairing(paired)
        except (SubjectMissing, SubjectBroken) as error:
            _excuse(subject, error, results)
        finally:
            wire.close()


async def _pair(subject: Pairs, newcomer: Newcomer) -> float:
    """The seconds from its coming in to its being known."""
    loop = asyncio.get_running_loop()
    came_in_at = 0.0

    async def watch() -> None:
        nonlocal came_in_at
        while not newcomer.is_in():  # noqa: ASYNC110 - devices have no event for it
            await asyncio.sleep(_LOOK_S)
        came_in_at = loop.time()

    broken: SubjectBroken | None = None
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(watch())
        try:
            await subject.pair(newcomer.press)
        except SubjectBroken as error:
            # Not through the group, which would wrap it.
            broken = error
        known_at = loop.time()
        watching.cancel()
    if broken is not None:
        raise broken
    return known_at - came_in_at


def _excuse(subject: Subject, error: Exception, results: Results) -> None:
    """A peer that fails is a finding, and no reason to lose the others."""
    if isinstance(subject, Agent | Floor) and not isinstance(error, SubjectMissing):
        raise error
    lines = str(error).splitlines()
    results.missing[subject.name] = " ... ".join(dict.fromkeys((lines[0], lines[-1])))


def _bursts(side: FarSide, count: int) -> list[Burst]:
    """That of motion is in the middle; none where the far side has no others."""
    found: list[Burst] = []
    side.settle(BURST_PAUSE_S)
    for number in range(count):
        others = side.reports_of_others()
        if not others:
            break
        half = len(others) // 2
        found.append(side.flood(others[:half], number % 2 == 0, others[half:]))
        side.settle(BURST_PAUSE_S)
    return found


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
    speed.reports_a_second = (count + 1) * 1e9 / side.flood(side.lamp_reports(count), occupied).whole_ns
    side.settle(4 * QUIET_S)
