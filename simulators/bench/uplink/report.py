"""What came of the uplink's measurements: as tables, and as JSON whose shape is stable and grows."""

from collections.abc import Sequence
from typing import Any, Final

from simulators.bench.measure import Results
from simulators.bench.report import AGENT, FLOOR, Table, quantile
from simulators.bench.uplink.comeback import Comeback
from simulators.bench.uplink.local import ALONE
from simulators.bench.uplink.tap import Taps

_COMEBACKS: Final = {
    "back_s": "back after a restart",
    "noticed_s": "silence noticed",
    "herd_s": "hubs at once",
    "spread_s": "hubs over 8 s",
}


def taps_table(taps: Sequence[Taps]) -> Table:
    head = ("a tap far away", "added ms", "p50 ms", "p99 ms", "max ms", "of floor")
    rows = []
    for case in taps:
        figures = _taps(case, taps)
        of_floor = figures["of_floor"]
        times = [f"{figures[key]:.2f}" for key in ("p50_ms", "p99_ms", "max_ms")]
        name = f"{case.way} {case.subject}"
        rows.append((name, f"{case.added_ms:g}", *times, "" if of_floor is None else f"{of_floor:.1f}"))
    return head, rows


def comebacks_table(comebacks: Sequence[Comeback]) -> Table:
    head = ("", "times", "p50 s", "p99 s", "max s")
    rows = []
    for case in comebacks:
        for key, text in _COMEBACKS.items():
            seconds: list[float] = getattr(case, key)
            if seconds:
                figures = (quantile(seconds, 0.5), quantile(seconds, 0.99), max(seconds))
                rows.append((f"{case.way}: {text}", str(len(seconds)), *(f"{it:.2f}" for it in figures)))
    return head, rows


def local_table(results: Results) -> Table:
    """A report's reaction at home, by how the uplink is meanwhile."""
    head = ("local reaction", "p50 ms", "p99 ms", "max ms", "p99 of that without", "CPU ms/event")
    rows = []
    for name, figures in _local(results).items():
        cells = [f"{figures[key]:.2f}" for key in ("p50_ms", "p99_ms", "max_ms", "p99_of_alone", "cpu_ms")]
        rows.append((name, *cells))
    return head, rows


def view(taps: Sequence[Taps], comebacks: Sequence[Comeback], local: Sequence[Results]) -> dict[str, Any]:
    return {
        "taps": [
            {"way": case.way, "subject": case.subject, "added_ms": case.added_ms, **_taps(case, taps)} for case in taps
        ],
        "comebacks": [
            {"way": case.way, **{key: _seconds(getattr(case, key)) for key in _COMEBACKS}} for case in comebacks
        ],
        "local": {results.radio: _local(results) for results in local},
    }


def _taps(case: Taps, all_taps: Sequence[Taps]) -> dict[str, Any]:
    ms = [it / 1e6 for it in case.ns]
    floor = next((it for it in all_taps if it.way == case.way and it.subject == FLOOR), None)
    p50 = quantile(ms, 0.5)
    comparable = floor is not None and case.subject == AGENT and case.added_ms == 0
    return {
        "p50_ms": round(p50, 3),
        "p99_ms": round(quantile(ms, 0.99), 3),
        "max_ms": round(max(ms), 3),
        "of_floor": round(p50 / (quantile(floor.ns, 0.5) / 1e6), 2) if floor is not None and comparable else None,
    }


def _local(results: Results) -> dict[str, dict[str, float]]:
    alone_ms = quantile(results.speeds[ALONE].reactions_ns, 0.99) / 1e6
    found = {}
    for name, speed in results.speeds.items():
        ms = [it / 1e6 for it in speed.reactions_ns]
        p99 = quantile(ms, 0.99)
        found[name] = {
            "p50_ms": round(quantile(ms, 0.5), 3),
            "p99_ms": round(p99, 3),
            "max_ms": round(max(ms), 3),
            "p99_of_alone": round(p99 / alone_ms, 2),
            "cpu_ms": round(speed.cpu_ns / len(ms) / 1e6, 3),
        }
    return found


def _seconds(values: Sequence[float]) -> dict[str, float] | None:
    if not values:
        return None
    return {"times": len(values), "p50": quantile(values, 0.5), "p99": quantile(values, 0.99), "max": max(values)}
