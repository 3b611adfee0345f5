"""All that `hubagent bench` measures: which parts, in which order, and what came of them."""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from simulators.bench import report, rules
from simulators.bench.cli import FEW_NODES, SHORT_RUNS
from simulators.bench.fleet import fleet
from simulators.bench.loss import loss
from simulators.bench.measure import Results, measure_pairing, measure_speed, measure_starts
from simulators.bench.rules import RuleCase
from simulators.bench.scene import Scene
from simulators.bench.table import SCENES
from simulators.bench.uplink import uplink
from simulators.bench.uplink.uplink import UplinkResults
from simulators.bench.week import week
from simulators.bench.wire import WIRES

OF_RADIOS: Final = ("speed", "start", "pairing")
REPETITIONS: Final = 20
"""Of the loss of messages, where it is asked for by name; else it is one short one for each way."""
PAIRED: Final = 5

Tell = Callable[[str], None]
Table = tuple[tuple[str, ...], list[tuple[str, ...]], list[str]]
"""Its head, its rows, and remarks below it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`name` is one part; None: all. `radio` is one radio; None: both, and what has no radio."""

    name: str | None
    radio: str | None
    runs: int
    wire: str
    nodes: int | None

    @property
    def brief(self) -> bool:
        return self.runs < SHORT_RUNS

    def has(self, part: str) -> bool:
        """A part that is about no radio."""
        return self.radio is None and self.name in (None, part)

    @property
    def of_radios(self) -> tuple[str, ...]:
        if self.name is None:
            return OF_RADIOS
        return (self.name,) if self.name in OF_RADIOS else ()


@dataclass(slots=True)
class Measured:
    radios: list[Results] = field(default_factory=list)
    rules: list[RuleCase] | None = None
    uplink: UplinkResults | None = None
    losses: list[loss.Loss] = field(default_factory=list)
    weeks: week.WeekResults | None = None
    fleets: list[fleet.Fleet] = field(default_factory=list)

    def failed_gates(self, *, complete: bool) -> list[str]:
        """What is worse than it may be; of a `complete` bench also what was not measured."""
        failed = loss.failed_gates(self.losses)
        failed += [gate for results in self.radios for gate in report.failed_gates(results)]
        if complete:
            missing = [results.missing for results in self.radios]
            missing += [self.weeks.missing] if self.weeks is not None else []
            failed += [f"{who} was not measured: {why}" for them in missing for who, why in them.items()]
        return failed


def measure(wanted: Wanted, folder: Path, tell: Tell) -> Measured:
    """`folder` is empty. Raises NoReaction, SubjectBroken, NoBroker, TimeoutError, ConnectionError."""
    measured = Measured()
    if wanted.has("rules"):
        measured.rules = rules.measure_rules(wanted.runs, tell)
    for scene in SCENES.values():
        if wanted.of_radios and wanted.radio in (None, scene.radio):
            results = Results(scene.radio, scene.aims)
            asyncio.run(_measure_radio(scene, results, folder, wanted, tell))
            measured.radios.append(results)
    if wanted.has("uplink"):
        measured.uplink = asyncio.run(uplink.measure_uplink(folder / "uplink", wanted.runs, tell, brief=wanted.brief))
        uplink.measure_alone(measured.uplink, tell, brief=wanted.brief)
    if wanted.has("loss"):
        repeats, messages = (REPETITIONS, loss.MESSAGES) if wanted.name else (1, loss.FEW)
        measured.losses = asyncio.run(loss.measure_losses(folder, repeats, messages, tell))
    if wanted.has("week"):
        measured.weeks = week.measure_weeks(tell, brief=wanted.brief)
    if wanted.has("fleet"):
        measured.fleets = asyncio.run(fleet.measure_fleets(os.cpu_count() or 1, tell, brief=wanted.brief))
    return measured


def view(measured: Measured) -> dict[str, Any]:
    return {
        **report.view(measured.radios),
        "rules": None if measured.rules is None else rules.view(measured.rules),
        "uplink": None if measured.uplink is None else uplink.view(measured.uplink),
        "loss": loss.view(measured.losses),
        "week": None if measured.weeks is None else week.view(measured.weeks),
        "fleet": fleet.view(measured.fleets),
    }


def tables(measured: Measured) -> Iterator[Table]:
    if measured.rules is not None:
        yield _table(*rules.table(measured.rules))
    for results in measured.radios:
        of_radio = [_table(*it) for it in report.tables(results)]
        yield from of_radio[:-1]
        for head, rows, _ in of_radio[-1:]:
            yield head, rows, list(report.remarks(results))
    if measured.uplink is not None:
        yield from (_table(*it) for it in uplink.tables(measured.uplink))
    if measured.losses:
        yield _table(*loss.table(measured.losses))
    if measured.weeks is not None:
        yield _table(*week.table(measured.weeks), week.remarks(measured.weeks))
    if measured.fleets:
        yield _table(*fleet.table(measured.fleets))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], remarks: Sequence[str] = ()) -> Table:
    return tuple(head), [tuple(row) for row in rows], list(remarks)


async def _measure_radio(scene: Scene, results: Results, folder: Path, wanted: Wanted, tell: Tell) -> None:
    make_wire = WIRES[wanted.wire]
    folders = {part: folder / scene.radio / part for part in wanted.of_radios}
    for part in folders.values():
        part.mkdir(parents=True)
    tell(f"on {scene.radio}")
    if "speed" in folders:
        await measure_speed(scene, scene.subjects(folders["speed"]), make_wire, wanted.runs, results, tell)
    if "start" in folders:
        count = wanted.nodes or (FEW_NODES if wanted.brief else scene.large)
        await measure_starts(scene, scene.subjects(folders["start"])[1:], make_wire, count, results, tell)
    if "pairing" in folders:
        count = 1 if wanted.brief else PAIRED
        await measure_pairing(scene, scene.pairing(folders["pairing"]), make_wire, count, results, tell)
