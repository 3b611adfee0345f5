"""`hubagent bench fleet`: how many live homes one machine holds, and how late its loops are then."""

import asyncio
import json
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from simulators.scratch import scratch_folder
from simulators.world import alone_as_itself

HOMES: Final = 100
SECONDS: Final = 30.0
BRIEF_HOMES: Final = 3
BRIEF_S: Final = 2.0
LAG_P99_S: Final = 0.005
"""The aim: a timer of a home's is not later than that, 99 times of 100."""
GROWTH: Final = 2.0
HOMES_MAX: Final = 1600
"""Where the search for what a machine holds ends."""


@dataclass(frozen=True, slots=True)
class Fleet:
    homes: int
    processes: int
    lag_p50_s: float
    lag_p99_s: float
    lag_max_s: float
    cpu_share: float
    """Of one core, all processes together."""
    kb_per_home: float
    reports_per_s: float

    @property
    def in_time(self) -> bool:
        return self.lag_p99_s < LAG_P99_S


async def measure_fleets(processes: int, tell: Callable[[str], None], *, brief: bool) -> list[Fleet]:
    """A hundred homes; then ever more, until their timers are late."""
    homes, seconds = (BRIEF_HOMES, BRIEF_S) if brief else (HOMES, SECONDS)
    fleets = [await measure_fleet(homes, processes, seconds, tell)]
    while not brief and fleets[-1].in_time and fleets[-1].homes < HOMES_MAX:
        fleets.append(await measure_fleet(math.ceil(fleets[-1].homes * GROWTH), processes, seconds, tell))
    return fleets


async def measure_fleet(homes: int, processes: int, seconds: float, tell: Callable[[str], None]) -> Fleet:
    """So many homes, dealt out to `processes`, which all live while any of them is measured."""
    processes = min(processes, homes)
    tell(f"{homes} live homes in {processes} processes")
    counts = [homes // processes + (number < homes % processes) for number in range(processes)]
    with scratch_folder("hubagent-fleet-") as folder:
        async with alone_as_itself(), asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(_shard(count, seconds, f"{folder}/{number}")) for number, count in enumerate(counts)
            ]
        shards = [task.result() for task in running]
    lags = sorted(lag for shard in shards for lag in shard["lags"])
    fleet = Fleet(
        homes,
        processes,
        lags[len(lags) // 2],
        lags[min(len(lags) - 1, int(len(lags) * 0.99))],
        lags[-1],
        sum(shard["cpu_share"] for shard in shards),
        sum(shard["kb_per_home"] * shard["homes"] for shard in shards) / homes,
        sum(shard["reports"] / shard["seconds"] for shard in shards),
    )
    # The next size takes minutes, and whoever ends it meanwhile keeps what is known.
    tell(f"{homes} live homes: a timer is {fleet.lag_p99_s * 1000:.2f} ms late (p99), {fleet.cpu_share:.2f} cores")
    return fleet


async def _shard(homes: int, seconds: float, folder: str) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "simulators.bench.fleet.shard", str(homes), str(seconds), folder),
        stdout=asyncio.subprocess.PIPE,
        limit=2**24,
    )
    try:
        told, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise ConnectionError(f"a process with {homes} homes ended with {process.returncode}")
    found: dict[str, Any] = json.loads(told)
    return found


def view(fleets: list[Fleet]) -> list[dict[str, Any]]:
    return [
        {
            "homes": it.homes,
            "processes": it.processes,
            "lag_p50_ms": it.lag_p50_s * 1000,
            "lag_p99_ms": it.lag_p99_s * 1000,
            "lag_max_ms": it.lag_max_s * 1000,
            "cpu_share": it.cpu_share,
            "kb_per_home": it.kb_per_home,
            "reports_per_s": it.reports_per_s,
        }
        for it in fleets
    ]


def table(fleets: list[Fleet]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    rows: list[tuple[str, ...]] = [
        (
            str(it.homes),
            str(it.processes),
            f"{it.lag_p50_s * 1000:.2f} ms",
            f"{it.lag_p99_s * 1000:.2f} ms",
            f"{it.lag_max_s * 1000:.1f} ms",
            f"{it.cpu_share:.2f}",
            f"{it.kb_per_home / 1024:.1f} MB",
            f"{it.reports_per_s:.0f}",
        )
        for it in fleets
    ]
    return ("live homes", "processes", "lag p50", "p99", "max", "cores", "a home", "reports/s"), rows
