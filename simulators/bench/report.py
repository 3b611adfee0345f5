"""What the figures say: medians and tails, ratios to the floor and to the peer, gates; as JSON and as tables.

Gates are ratios within one run and never times: a slow machine is no reason to fail.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from simulators.bench.measure import Results, Speed, Start

VERSION: Final = 1
AGENT: Final = "hubagent"
FLOOR: Final = "floor"
PEER: Final = "zwave-js"
AIM_OF_FLOOR: Final = 1.5
AIM_OF_PEER: Final = 0.2
AIM_P99_MS: Final = 2.0

View = dict[str, Any]
Table = tuple[Sequence[str], Sequence[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Gate:
    """The agent's median may be at most so many times that of another."""

    of: str
    most: float


GATES: Final = (Gate(FLOOR, 4.0), Gate(PEER, 0.5))
"""Far from the aims, so that only what was broken fails, not what a busy machine did meanwhile: there the caches are
cold at every report, which costs the agent several times what it costs the floor, that has next to no code."""


def quantile(values: Sequence[float], part: float) -> float:
    """The smallest value that at least this part of all values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-part * len(ordered) // 1) - 1)]


def view(results: Results) -> View:
    """Stable: it grows. Times in the unit that ends their names."""
    return {
        "v": VERSION,
        "speed": {name: _speed(speed) for name, speed in results.speeds.items()},
        "ratios": _ratios(results),
        "start": {name: _start(start) for name, start in results.starts.items()},
        "missing": results.missing,
        "failed_gates": failed_gates(results),
    }


def failed_gates(results: Results) -> list[str]:
    ratios = _ratios(results)
    return [
        f"the median is {ratios[gate.of]:.2f} times that of {gate.of}; at most {gate.most:g} times is allowed"
        for gate in GATES
        if gate.of in ratios and ratios[gate.of] > gate.most
    ]


def speed_table(results: Results) -> Table:
    head = ("", "p50 µs", "p99 µs", "max µs", "of floor", "CPU µs/event", "reactions/s", "reports/s")
    floor = results.speeds.get(FLOOR)
    rows = []
    for name, speed in results.speeds.items():
        figures = _speed(speed)
        of_floor = figures["p50_us"] / _speed(floor)["p50_us"] if floor else None
        rows.append(
            (
                name,
                f"{figures['p50_us']:.0f}",
                f"{figures['p99_us']:.0f}",
                f"{figures['max_us']:.0f}",
                "" if of_floor is None else f"{of_floor:.2f}",
                f"{figures['cpu_us']:.0f}",
                f"{figures['reactions_a_second']:.0f}",
                f"{figures['reports_a_second']:.0f}",
            )
        )
    return head, rows


def start_table(results: Results) -> Table:
    head = ("", "nodes", "cold: ready s", "all interviewed s", "warm: ready s", "memory MB")
    rows = [
        (
            name,
            str(start.nodes),
            f"{start.cold.ready_s:.2f}",
            "" if start.cold.interviewed_s is None else f"{start.cold.interviewed_s:.2f}",
            f"{start.warm.ready_s:.2f}",
            f"{start.memory_mb:.0f}",
        )
        for name, start in results.starts.items()
    ]
    return head, rows


def remarks(results: Results) -> Iterator[str]:
    """What the figures amount to, a sentence a line."""
    agent, floor = results.speeds.get(AGENT), results.speeds.get(FLOOR)
    ratios = _ratios(results)
    if agent and FLOOR in ratios:
        p99_ms = _speed(agent)["p99_us"] / 1000
        yield f"p50 {ratios[FLOOR]:.2f} times that of the floor (aim {AIM_OF_FLOOR})"
        yield f"p99 {p99_ms:.2f} ms (aim {AIM_P99_MS:g} ms)"
    if PEER in ratios:
        yield f"p50 1/{1 / ratios[PEER]:.0f} of that of {PEER} (aim 1/{1 / AIM_OF_PEER:.0f})"
    if agent and floor:
        whole_us, floor_us = (quantile(speed.reactions_ns, 0.5) / 1000 for speed in (agent, floor))
        yield (
            f"of {whole_us:.0f} µs, {floor_us:.0f} µs are the wire, the kernel and the event loop, as for the floor; "
            f"{whole_us - floor_us:.0f} µs are decoding, the home, the rules and encoding"
        )
    if agent and agent.own_latencies_ms:
        own_us = quantile(agent.own_latencies_ms, 0.5) * 1000
        yield f"{own_us:.0f} µs by the agent's own measure, from bytes read to bytes written, both writes included"
    for name, speed in results.speeds.items():
        yield f"{name} wrote {speed.command.hex()}"
    for name, why in results.missing.items():
        yield f"{name} was not measured: {why}"


def _ratios(results: Results) -> dict[str, float]:
    agent = results.speeds.get(AGENT)
    if agent is None:
        return {}
    p50 = quantile(agent.reactions_ns, 0.5)
    return {
        name: p50 / quantile(results.speeds[name].reactions_ns, 0.5) for name in (FLOOR, PEER) if name in results.speeds
    }


def _speed(speed: Speed) -> View:
    figures: View = {
        "n": len(speed.reactions_ns),
        "p50_us": quantile(speed.reactions_ns, 0.5) / 1000,
        "p99_us": quantile(speed.reactions_ns, 0.99) / 1000,
        "max_us": max(speed.reactions_ns) / 1000,
        "cpu_us": speed.cpu_ns / len(speed.reactions_ns) / 1000,
        "reactions_a_second": speed.reactions_a_second,
        "reports_a_second": speed.reports_a_second,
    }
    if speed.own_latencies_ms:
        figures["own_p50_us"] = quantile(speed.own_latencies_ms, 0.5) * 1000
    return figures


def _start(start: Start) -> View:
    return {
        "nodes": start.nodes,
        "cold_ready_s": start.cold.ready_s,
        "cold_interviewed_s": start.cold.interviewed_s,
        "warm_ready_s": start.warm.ready_s,
        "memory_mb": start.memory_mb,
    }
