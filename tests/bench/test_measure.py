"""The bench on real processes and real wires: it has to see a difference that is there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.zwave.serial_frame import DataFrame
from simulators.bench.measure import Results, measure_speed, measure_starts
from simulators.bench.report import quantile
from simulators.bench.subjects import Agent, Floor, ZwaveJs
from simulators.bench.wire import WIRES, PtyWire, TcpWire, Wire

DELAY_S = 0.05
RUNS = 4

pytestmark = pytest.mark.real_time


def ignore(_text: str) -> None:
    pass


class SlowFloor(Floor):
    name = "slow"


@pytest.mark.parametrize("make_wire", WIRES.values(), ids=WIRES)
async def test_a_floor_that_waits_is_measured_slower_by_its_wait(tmp_path: Path, make_wire: Callable[[], Wire]) -> None:
    results = Results()
    subjects = [Floor(tmp_path / "floor"), SlowFloor(tmp_path / "slow", DELAY_S)]
    await measure_speed(subjects, make_wire, RUNS, results, ignore, warm_up=2)
    slow, fast = results.speeds["slow"], results.speeds["floor"]
    assert min(slow.reactions_ns) >= DELAY_S * 1e9
    assert quantile(slow.reactions_ns, 0.5) - quantile(fast.reactions_ns, 0.5) > DELAY_S * 1e9 / 2
    assert slow.reactions_a_second < fast.reactions_a_second


@pytest.mark.parametrize("make_wire", [TcpWire, PtyWire])
async def test_the_agent_reacts_on_the_wire_as_the_floor_does(tmp_path: Path, make_wire: Callable[[], Wire]) -> None:
    results = Results()
    await measure_speed([Floor(tmp_path / "floor"), Agent(tmp_path / "agent")], make_wire, RUNS, results, ignore, 2)
    floor, agent = results.speeds["floor"], results.speeds["hubagent"]
    assert len(floor.reactions_ns) == len(agent.reactions_ns) == RUNS
    assert agent.cpu_ns > floor.cpu_ns > 0
    assert len(agent.own_latencies_ms) == RUNS
    written = [DataFrame.from_bytes(speed.command) for speed in (floor, agent)]
    assert written[0].function == written[1].function
    assert len(written[0].payload) == len(written[1].payload)


async def test_a_warm_start_asks_no_node_anew(tmp_path: Path) -> None:
    results = Results()
    await measure_starts([Agent(tmp_path / "agent")], TcpWire, 4, results, ignore)
    start = results.starts["hubagent"]
    assert start.cold.interviewed_s is not None
    assert start.warm.interviewed_s is not None
    assert start.cold.interviewed_s > start.cold.ready_s
    assert start.memory_mb > 10


async def test_a_subject_that_is_not_installed_is_reported_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    results = Results()
    await measure_speed([ZwaveJs(tmp_path / "peer")], TcpWire, RUNS, results, ignore)
    assert "Node.js" in results.missing["zwave-js"]
    assert not results.speeds
