"""`hubagent bench week`: how much faster than real time simulated homes run, beside bellows and zigpy."""

import cProfile
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from simulators.bench.subjects import PEERS
from simulators.bench.week.agent_virtual import on_sensors
from simulators.bench.week.family import Family, live
from simulators.bench.week.shares import ROOT, shares
from simulators.bench.week.took import Took
from simulators.scratch import scratch_folder
from simulators.virtual_time import run_virtual

HOUR_S: Final = 3600.0
DAY_S: Final = 24 * HOUR_S
WEEK_S: Final = 7 * DAY_S
STEPS_MAX: Final = 10**10
SENSORS_S: Final = 4 * HOUR_S
IDLE_S: Final = DAY_S
BRIEF_S: Final = 0.25 * HOUR_S
"""Of each, where it is only to be shown that it works."""
BELLOWS: Final = "bellows+zigpy"
_PYTHON: Final = PEERS / "venv" / "bin" / "python"
_PEER: Final = Path(__file__).with_name("bellows_virtual.py")
_PEER_TIMEOUT_S: Final = 600


@dataclass(slots=True)
class WeekResults:
    times: list[Took] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    hash: str = ""
    limits: list[tuple[str, float]] = field(default_factory=list)
    """Of the family's house: the share of each folder."""


def measure_weeks(tell: Callable[[str], None], *, brief: bool) -> WeekResults:
    results = WeekResults()
    sensors_s, idle_s = (BRIEF_S, BRIEF_S) if brief else (SENSORS_S, IDLE_S)
    tell("a hundred sensors in virtual time")
    with scratch_folder("hubagent-week-") as folder:
        results.times += run_virtual(lambda: on_sensors(Path(folder), sensors_s, idle_s), max_steps=STEPS_MAX)
    if _PYTHON.exists():
        results.times += _bellows(sensors_s, idle_s)
    else:
        results.missing[BELLOWS] = "it is not installed (make peers)"
    # Each task's beside each other.
    results.times.sort(key=lambda it: it.what)
    for still, seconds in ((True, DAY_S), (False, WEEK_S)):
        tell(f"the family's house, {'empty' if still else 'lived in'}, in virtual time")
        family = _family(BRIEF_S if brief else seconds, still=still)
        results.times.append(family.took)
        results.hash = family.hash
    profile = cProfile.Profile()
    _family(BRIEF_S if brief else DAY_S, still=False, profile=profile)
    results.limits = shares(profile)
    return results


def view(results: WeekResults) -> dict[str, Any]:
    return {
        "runs": [
            {
                "who": it.who,
                "what": it.what,
                "virtual_s": it.virtual_s,
                "took_s": it.took_s,
                "events": it.events,
                "times_real": it.times_real,
            }
            for it in results.times
        ],
        "missing": results.missing,
        "hash": results.hash,
        "limits": dict(results.limits),
    }


def table(results: WeekResults) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    rows: list[tuple[str, ...]] = [
        (
            it.who,
            it.what,
            f"{it.virtual_s / HOUR_S:.1f} h",
            f"{it.took_s:.1f} s",
            f"{it.events:,}",
            "-" if it.us_per_event is None else f"{it.us_per_event:.0f} us",
            f"{it.times_real:,.0f}",
        )
        for it in results.times
    ]
    return ("who", "in virtual time", "virtual", "took", "reports", "each", "times real time"), rows


def remarks(results: WeekResults) -> list[str]:
    limits = ", ".join(f"{name} {share:.0%}" for name, share in results.limits)
    return [
        *(f"{who} was not measured: {why}" for who, why in results.missing.items()),
        f"where the time of the family's house goes (by the profiler): {limits}",
    ]


def _family(seconds: float, *, still: bool, profile: cProfile.Profile | None = None) -> Family:
    with scratch_folder("hubagent-week-") as folder:
        return run_virtual(lambda: live(Path(folder), seconds, still=still, profile=profile), max_steps=STEPS_MAX)


def _bellows(seconds: float, idle_s: float) -> list[Took]:
    paths = [str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))]
    done = subprocess.run(  # noqa: S603 - our own script
        [str(_PYTHON), str(_PEER), str(seconds), str(idle_s), *paths],
        capture_output=True,
        text=True,
        check=True,
        timeout=_PEER_TIMEOUT_S,
        env={"PYTHONHASHSEED": "0"},
    )
    return [Took(BELLOWS, **told) for told in json.loads(done.stdout)]
