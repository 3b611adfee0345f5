from simulators.bench.measure import Results, Speed
from simulators.bench.report import failed_gates, quantile, speed_table, view


def results(agent_us: int, floor_us: int, peer_us: int | None = None) -> Results:
    speeds = {"floor": floor_us, "hubagent": agent_us, "zwave-js": peer_us}
    return Results(
        {name: Speed([us * 1000] * 10, cpu_ns=10 * us * 1000) for name, us in speeds.items() if us is not None}
    )


def test_a_quantile_is_the_smallest_value_that_so_many_do_not_exceed() -> None:
    values = list(range(100, 0, -1))
    assert quantile(values, 0.5) == 50
    assert quantile(values, 0.99) == 99
    assert quantile(values, 1.0) == 100
    assert quantile([7], 0.5) == 7


def test_ratios_are_of_medians_within_the_run() -> None:
    shown = view(results(agent_us=150, floor_us=100, peer_us=1500))
    assert shown["ratios"] == {"floor": 1.5, "zwave-js": 0.1}
    assert shown["speed"]["hubagent"]["p50_us"] == 150
    assert shown["speed"]["hubagent"]["cpu_us"] == 150


def test_a_gate_fails_on_a_ratio_and_not_on_a_time() -> None:
    assert not failed_gates(results(agent_us=150_000, floor_us=100_000, peer_us=1_500_000))
    assert len(failed_gates(results(agent_us=1000, floor_us=100, peer_us=1500))) == 2


def test_a_peer_that_is_missing_fails_no_gate() -> None:
    assert not failed_gates(results(agent_us=150, floor_us=100))


def test_the_table_has_a_row_for_each_subject() -> None:
    head, rows = speed_table(results(agent_us=150, floor_us=100, peer_us=1500))
    assert [row[0] for row in rows] == ["floor", "hubagent", "zwave-js"]
    assert all(len(row) == len(head) for row in rows)
    assert rows[1][4] == "1.50"
