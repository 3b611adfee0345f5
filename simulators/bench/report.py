"""What the figures say: medians and tails, ratios to the floor and to the peer, gates; as JSON and as tables.

Gates are ratios within one run and never times: a slow machine is no reason to fail.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from simulators.bench.measure import Pairing, Results, Speed, Start

VERSION: Final = 1
FIRST_RADIO: Final = "zwave"
"""Whose figures were there first, and are at the top of the JSON; those of another radio are under its name."""
AGENT: Final = "hubagent"
FLOOR: Final = "floor"

View = dict[str, Any]
Table = tuple[Sequence[str], Sequence[Sequence[str]]]


FLOOR_GATE: Final = 6.0
PEER_GATE: Final = 0.5
"""The agent's median may be at most so many times that of the other.

Far from the aims, so that only what was broken fails, not what a busy machine did meanwhile: there the caches are
cold at every report, which costs the agent several times what it costs the floor, that has next to no code. With few
runs and others at work, four times the floor have been seen."""


def quantile(values: Sequence[float], part: float) -> float:
    """The smallest value that at least this part of all values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-part * len(ordered) // 1) - 1)]


def view(all_results: Sequence[Results]) -> View:
    """Stable: it grows. Times in the unit that ends their names."""
    shown = {results.radio: _view(results) for results in all_results}
    first = shown.pop(FIRST_RADIO, None) or {"speed": {}, "ratios": {}, "start": {}, "pairing": {}, "missing": {}}
    return {
        "v": VERSION,
        **first,
        **shown,
        "failed_gates": [failed for results in all_results for failed in failed_gates(results)],
    }


def _view(results: Results) -> View:
    return {
        "speed": {name: _speed(speed) for name, speed in results.speeds.items()},
        "ratios": _ratios(results),
        "start": {name: _start(start) for name, start in results.starts.items()},
        "pairing": {name: _pairing(pairing) for name, pairing in results.pairings.items()},
        "missing": results.missing,
    }


def failed_gates(results: Results) -> list[str]:
    ratios = _ratios(results)
    return [
        f"{results.radio}: the median is {ratios[of]:.2f} times that of {of}; at most {most:g} times is allowed"
        for of, most in ((FLOOR, FLOOR_GATE), (results.aims.peer, PEER_GATE))
        if of in ratios and ratios[of] > most
    ]


def tables(results: Results) -> Iterator[Table]:
    """Those that have something in them."""
    for head, rows in (speed_table(results), start_table(results), pairing_table(results)):
        if rows:
            yield head, rows


def speed_table(results: Results) -> Table:
    head = (results.radio, "p50 µs", "p99 µs", "max µs", "of floor", "CPU µs/event", "reactions/s", "reports/s")
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
    head = (
        *(results.radio, "nodes", "cold: ready s", "all interviewed s", "warm: ready s", "memory MB"),
        *("burst: command waits ms", "whole ms"),
    )
    rows = [
        (
            name,
            str(start.nodes),
            f"{start.cold.ready_s:.2f}",
            "" if start.cold.interviewed_s is None else f"{start.cold.interviewed_s:.2f}",
            f"{start.warm.ready_s:.2f}",
            f"{start.memory_mb:.0f}",
            "" if not start.bursts else f"{_longest_ms(start):.1f}",
            "" if not start.bursts else f"{max(burst.whole_ns for burst in start.bursts) / 1e6:.1f}",
        )
        for name, start in results.starts.items()
    ]
    return head, rows


def pairing_table(results: Results) -> Table:
    head = (results.radio, "n", "paired and interviewed: p50 s", "max s")
    rows = [
        (
            name,
            str(len(pairing.interviewed_s)),
            f"{quantile(pairing.interviewed_s, 0.5):.2f}",
            f"{max(pairing.interviewed_s):.2f}",
        )
        for name, pairing in results.pairings.items()
    ]
    return head, rows


def remarks(results: Results) -> Iterator[str]:
    """What the figures amount to, a sentence a line."""
    aims, agent, floor = results.aims, results.speeds.get(AGENT), results.speeds.get(FLOOR)
    ratios = _ratios(results)
    if FLOOR in ratios:
        yield f"p50 {ratios[FLOOR]:.2f} times that of the floor (aim {aims.of_floor})"
    if agent:
        figures = _speed(agent)
        yield f"p99 {figures['p99_us'] / 1000:.2f} ms (aim {aims.p99_ms:g} ms)"
        if aims.cpu_ms is not None:
            yield f"CPU time {figures['cpu_us'] / 1000:.2f} ms a report (aim {aims.cpu_ms:g} ms)"
    if aims.peer in ratios:
        yield f"p50 1/{1 / ratios[aims.peer]:.0f} of that of {aims.peer} (aim 1/{1 / aims.of_peer:.0f})"
    if agent and floor:
        whole_us, floor_us = (quantile(speed.reactions_ns, 0.5) / 1000 for speed in (agent, floor))
        yield (
            f"of {whole_us:.0f} µs, {floor_us:.0f} µs are the wire, the kernel and the event loop, as for the floor; "
            f"{whole_us - floor_us:.0f} µs are decoding, the home, the rules and encoding"
        )
    if agent and agent.own_latencies_ms:
        own_us = quantile(agent.own_latencies_ms, 0.5) * 1000
        yield f"{own_us:.0f} µs by the agent's own measure, from bytes read to bytes written, all writes included"
    yield from _of_bursts(results)
    for name, speed in results.speeds.items():
        yield f"{name} wrote {speed.command.hex()}"
    for name, why in results.missing.items():
        yield f"{name} was not measured: {why}"


def _of_bursts(results: Results) -> Iterator[str]:
    agent, peer = results.starts.get(AGENT), results.starts.get(results.aims.peer)
    if agent is None or not agent.bursts or results.aims.burst_ms is None:
        return
    waits_ms = _longest_ms(agent)
    yield (
        f"{agent.nodes} devices report at once: a command waits for at most {waits_ms:.1f} ms "
        f"(aim {results.aims.burst_ms:g} ms)"
        + (f", 1/{_longest_ms(peer) / waits_ms:.0f} of {results.aims.peer}'s" if peer and peer.bursts else "")
    )


def _longest_ms(start: Start) -> float:
    return max(burst.command_ns for burst in start.bursts) / 1e6


def _ratios(results: Results) -> dict[str, float]:
    agent = results.speeds.get(AGENT)
    if agent is None:
        return {}
    p50 = quantile(agent.reactions_ns, 0.5)
    return {
        name: p50 / quantile(results.speeds[name].reactions_ns, 0.5)
        for name in (FLOOR, results.aims.peer)
        if name in results.speeds
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
    figures: View = {
        "nodes": start.nodes,
        "cold_ready_s": start.cold.ready_s,
        "cold_interviewed_s": start.cold.interviewed_s,
        "warm_ready_s": start.warm.ready_s,
        "memory_mb": start.memory_mb,
    }
    if start.bursts:
        figures["burst_command_max_ms"] = _longest_ms(start)
        figures["burst_whole_max_ms"] = max(burst.whole_ns for burst in start.bursts) / 1e6
    return figures


def _pairing(pairing: Pairing) -> View:
    return {
        "n": len(pairing.interviewed_s),
        "p50_s": quantile(pairing.interviewed_s, 0.5),
        "max_s": max(pairing.interviewed_s),
    }
