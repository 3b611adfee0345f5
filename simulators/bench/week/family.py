"""A whole site of a home that comes along: people, weather, both radios, rules, uplink and cloud, for so long."""

import asyncio
import cProfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hubagent.model.event import Event, StateReported
from simulators.bench.week.took import Took
from simulators.home import home_file, read_home, rules_file
from simulators.site.site import Setting, running_site

HOME: Final = "family_house"
CALM_S: Final = 600.0
"""After the last interview, until the ordinary day begins."""


@dataclass(frozen=True, slots=True)
class Family:
    took: Took
    hash: str
    """Of everything that crossed a seam."""
    settled_s: float
    """Virtual seconds until every device was known."""


async def live(folder: Path, seconds: float, *, still: bool, profile: cProfile.Profile | None = None) -> Family:
    """`folder` is empty, and in memory if possible. In a `still` house nobody lives, and there is no weather."""
    file = home_file(HOME)
    rules = rules_file(file)
    assert rules is not None
    plan = read_home(file)
    # Nothing of a power cut is prepared here: it would cost a look at the disk for each write.
    setting = Setting(plan, folder, rules=(rules,), still=still, cuts=False)
    loop = asyncio.get_running_loop()
    reports = 0

    def heard(event: Event, _previous: object) -> None:
        nonlocal reports
        reports += isinstance(event, StateReported)

    async with running_site(setting) as site:
        agent = await site.settle()
        settled_s = loop.time()
        await asyncio.sleep(CALM_S)
        agent.home.listen(heard)
        began = time.perf_counter()
        if profile is not None:
            profile.enable()
        await asyncio.sleep(seconds)
        if profile is not None:
            profile.disable()
        took_s = time.perf_counter() - began
        how = "nobody at home" if still else "an ordinary week"
        what = f"{len(plan.device)} devices, rules, uplink; {how}"
        return Family(Took("hubagent", what, seconds, took_s, reports), site.trace.hash, settled_s)
