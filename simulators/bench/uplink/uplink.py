"""All of the uplink's measurements, one after the other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from simulators.bench.herd import HerdCase, measure_herd
from simulators.bench.herd import table as herd_table
from simulators.bench.herd import view as herd_view
from simulators.bench.measure import Results
from simulators.bench.outbox import Backlog, OutboxCase, backlog_table, measure_backlog, measure_outbox
from simulators.bench.outbox import table as outbox_table
from simulators.bench.outbox import view as outbox_view
from simulators.bench.report import Table
from simulators.bench.table import SCENES
from simulators.bench.uplink import report
from simulators.bench.uplink.comeback import HERD, Comeback, measure_comeback
from simulators.bench.uplink.local import measure_local
from simulators.bench.uplink.site import WAYS
from simulators.bench.uplink.tap import DELAYS_MS, FEW_DELAYS_MS, Taps, measure_taps

RESTARTS: Final = 20
FEW_RESTARTS: Final = 2
FEW_HUBS: Final = 50


@dataclass(slots=True)
class UplinkResults:
    taps: list[Taps] = field(default_factory=list)
    comebacks: list[Comeback] = field(default_factory=list)
    local: list[Results] = field(default_factory=list)
    outbox: list[OutboxCase] = field(default_factory=list)
    backlog: Backlog | None = None
    herd: list[HerdCase] = field(default_factory=list)


async def measure_uplink(folder: Path, runs: int, tell: Callable[[str], None], *, brief: bool) -> UplinkResults:
    """What needs sockets and a loop. `brief`: that it works, not what it finds. Raises NoBroker, SubjectBroken."""
    results = UplinkResults()
    for way in WAYS:
        delays_ms = FEW_DELAYS_MS if brief else DELAYS_MS
        results.taps += await measure_taps(way, folder / f"taps-{way}", runs, tell, delays_ms)
    for scene in list(SCENES.values())[: 1 if brief else None]:
        tell(f"the home beside its uplink, on {scene.radio}")
        results.local.append(await measure_local(scene, folder / f"local-{scene.radio}", runs, tell))
    for way in WAYS:
        restarts, hubs = (FEW_RESTARTS, FEW_HUBS) if brief else (RESTARTS, HERD)
        results.comebacks.append(await measure_comeback(way, folder / f"comeback-{way}", restarts, hubs, tell))
    return results


def measure_alone(results: UplinkResults, tell: Callable[[str], None], *, brief: bool) -> None:
    """What has a loop of its own, or none."""
    results.outbox = measure_outbox(tell, brief=brief)
    results.backlog = measure_backlog(tell, brief=brief)
    results.herd = measure_herd(tell, brief=brief)


def tables(results: UplinkResults) -> list[Table]:
    found = [report.taps_table(results.taps)]
    found += [report.local_table(it) for it in results.local]
    found += [report.comebacks_table(results.comebacks), outbox_table(results.outbox)]
    if results.backlog is not None:
        found.append(backlog_table(results.backlog))
    return [*found, herd_table(results.herd)]


def view(results: UplinkResults) -> dict[str, Any]:
    return {
        **report.view(results.taps, results.comebacks, results.local),
        "outbox": outbox_view(results.outbox),
        "herd": herd_view(results.herd),
    }
