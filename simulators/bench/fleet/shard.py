"""So many live homes in this process, on the real clock: agents, sticks, devices, people, uplinks and clouds.

    python -m simulators.bench.fleet.shard HOMES SECONDS FOLDER

One line of JSON on stdout: how late the loop was, what a home takes of memory and CPU, and what the homes heard.
"""

import asyncio
import gc
import json
import logging
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

from hubagent.model.event import Event, StateReported
from simulators.bench.fleet.small_home import RULES, small_home
from simulators.site.site import Setting, Site, running_site
from simulators.virtual_time import seldom_collected

PROBE_S: Final = 0.01
SETTLE_S: Final = 30.0
"""After the last interview, until it is measured."""
AT_ONCE: Final = 10
"""Homes that come up at the same time."""


async def lags(seconds: float) -> list[float]:
    """By how many seconds a timer was late, each time."""
    loop = asyncio.get_running_loop()
    found: list[float] = []
    over: asyncio.Future[None] = loop.create_future()
    ends_at = loop.time() + seconds

    def probe(due: float) -> None:
        now = loop.time()
        found.append(now - due)
        if now >= ends_at:
            over.set_result(None)
        else:
            loop.call_at(now + PROBE_S, probe, now + PROBE_S)

    probe(loop.time())
    await over
    return found


async def measure(homes: int, seconds: float, folder: Path) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)  # noqa: ASYNC240 - before anything lives
    rules = folder / "rules.toml"
    rules.write_text(RULES)
    reports = 0

    def heard(event: Event, _previous: object) -> None:
        nonlocal reports
        reports += isinstance(event, StateReported)

    async with AsyncExitStack() as living:
        before_kb = _resident_kb()
        for first in range(0, homes, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, homes))
            sites = [await living.enter_async_context(running_site(_setting(it, folder, rules))) for it in numbers]
            await asyncio.gather(*(_settled(site) for site in sites))
            for site in sites:
                assert site.hub.agent is not None
                site.hub.agent.home.listen(heard)
        # As the agent does it: what is there stays, and is not looked through again.
        gc.collect()
        gc.freeze()
        await asyncio.sleep(SETTLE_S if seconds > SETTLE_S else 0)
        reports, cpu_s = 0, time.process_time()
        found = await lags(seconds)
        cpu_s = time.process_time() - cpu_s
        return {
            "homes": homes,
            "seconds": seconds,
            "lags": found,
            "cpu_share": cpu_s / seconds,
            "kb_per_home": (_resident_kb() - before_kb) / homes,
            "kb": _resident_kb(),
            "reports": reports,
        }


async def _settled(site: Site) -> None:
    await site.settle()


def _setting(number: int, folder: Path, rules: Path) -> Setting:
    disk = folder / f"home{number}"
    disk.mkdir()
    return Setting(small_home(number), disk, seed=number, rules=(rules,), cuts=False)


def _resident_kb() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    logging.disable()
    with seldom_collected():
        told = asyncio.run(measure(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3])))
    print(json.dumps(told))  # noqa: T201 - the parent reads it
