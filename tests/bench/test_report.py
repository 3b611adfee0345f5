from simulators.bench.far_side import Burst
from simulators.bench.measure import Pairing, Results, Speed, Start
from simulators.bench.report import failed_gates, quantile, remarks, speed_table, tables, view
from simulators.bench.scene import Aims
from simulators.bench.subjects import Known

AIMS = Aims(peer="peer", of_peer=0.1, cpu_ms=0.3, burst_ms=10)


def results(agent_us: int, floor_us: int, peer_us: int | None = None, radio: str = "zwave") -> Results:
    speeds = {"floor": floor_us, "hubagent": agent_us, "peer": peer_us}
    return Results(
        radio,
        AIMS,
        {name: Speed([us * 1000] * 10, cpu_ns=10 * us * 1000) for name, us in speeds.items() if us is not None},
    )


def start(waits_ms: int) -> Start:
    bursts = [Burst(waits_ms * 500_000, 40_000_000), Burst(waits_ms * 1_000_000, 30_000_000)]
    return Start(100, Known(1.0, 3.0), Known(0.5, 0.6), 60.0, bursts)


def test_a_quantile_is_the_smallest_value_that_so_many_do_not_exceed() -> None:
    values = list(range(100, 0, -1))
    assert quantile(values, 0.5) == 50
    assert quantile(values, 0.99) == 99
    assert quantile(values, 1.0) == 100
    assert quantile([7], 0.5) == 7


def test_ratios_are_of_medians_within_the_run() -> None:
    shown = view([results(agent_us=150, floor_us=100, peer_us=1500)])
    assert shown["ratios"] == {"floor": 1.5, "peer": 0.1}
    assert shown["speed"]["hubagent"]["p50_us"] == 150
    assert shown["speed"]["hubagent"]["cpu_us"] == 150


def test_the_first_radio_is_at_the_top_and_another_under_its_name() -> None:
    shown = view([results(100, 100), results(150, 50, radio="zigbee")])
    assert shown["speed"]["hubagent"]["p50_us"] == 100
    assert shown["zigbee"]["speed"]["hubagent"]["p50_us"] == 150
    assert shown["zigbee"]["ratios"] == {"floor": 3.0}


def test_without_the_first_radio_its_places_are_there_and_empty() -> None:
    shown = view([results(150, 50, radio="zigbee")])
    assert shown["speed"] == shown["ratios"] == shown["start"] == shown["missing"] == {}
    assert shown["zigbee"]["speed"]


def test_a_gate_fails_on_a_ratio_and_not_on_a_time() -> None:
    assert not failed_gates(results(agent_us=150_000, floor_us=100_000, peer_us=1_500_000))
    assert len(failed_gates(results(agent_us=1000, floor_us=100, peer_us=1500))) == 2


def test_gates_of_every_radio_are_in_one_list() -> None:
    shown = view([results(100, 100), results(1000, 100, radio="zigbee")])
    assert len(shown["failed_gates"]) == 1
    assert shown["failed_gates"][0].startswith("zigbee: ")


def test_a_peer_that_is_missing_fails_no_gate() -> None:
    assert not failed_gates(results(agent_us=150, floor_us=100))


def test_the_table_has_a_row_for_each_subject() -> None:
    head, rows = speed_table(results(agent_us=150, floor_us=100, peer_us=1500))
    assert [row[0] for row in rows] == ["floor", "hubagent", "peer"]
    assert all(len(row) == len(head) for row in rows)
    assert rows[1][4] == "1.50"


def test_only_what_was_measured_has_a_table() -> None:
    only_pairing = Results("zigbee", AIMS, pairings={"hubagent": Pairing([0.5, 0.7])})
    ((head, rows),) = tables(only_pairing)
    assert head[0] == "zigbee"
    assert rows == [("hubagent", "2", "0.50", "0.70")]


def test_of_many_bursts_the_worst_is_told() -> None:
    measured = Results("zigbee", AIMS, starts={"hubagent": start(8), "peer": start(80)})
    assert view([measured])["zigbee"]["start"]["hubagent"]["burst_command_max_ms"] == 8
    assert any("waits for at most 8.0 ms (aim 10 ms), 1/10 of peer's" in line for line in remarks(measured))
