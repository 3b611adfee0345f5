"""The bench on real processes and real wires: it has to see a difference that is there."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.zigbee.ash import Data, Parser
from drivers.zwave.serial_frame import DataFrame
from simulators.bench.household import Household
from simulators.bench.measure import Results, measure_pairing, measure_speed, measure_starts
from simulators.bench.report import quantile
from simulators.bench.scene import Scene
from simulators.bench.subjects import Agent, Floor, Pairs, SubjectBroken
from simulators.bench.table import SCENES
from simulators.bench.wire import WIRES, TcpWire, Wire
from simulators.bench.zwave.zwave_js import ZwaveJs

DELAY_S = 0.05
RUNS = 4

pytestmark = pytest.mark.real_time

each_radio = pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
each_wire = pytest.mark.parametrize("make_wire", WIRES.values(), ids=WIRES)


def ignore(_text: str) -> None:
    pass


def empty(scene: Scene) -> Results:
    return Results(scene.radio, scene.aims)


def floor_module(scene: Scene) -> str:
    return f"simulators.bench.{scene.radio}.floor"


class SlowFloor(Floor):
    name = "slow"


@each_radio
@each_wire
async def test_a_floor_that_waits_is_measured_slower_by_its_wait(
    tmp_path: Path, make_wire: Callable[[], Wire], scene: Scene
) -> None:
    results, module = empty(scene), floor_module(scene)
    subjects = [Floor(tmp_path / "floor", module), SlowFloor(tmp_path / "slow", module, DELAY_S)]
    await measure_speed(scene, subjects, make_wire, RUNS, results, ignore, warm_up=2)
    slow, fast = results.speeds["slow"], results.speeds["floor"]
    assert min(slow.reactions_ns) >= DELAY_S * 1e9
    assert quantile(slow.reactions_ns, 0.5) - quantile(fast.reactions_ns, 0.5) > DELAY_S * 1e9 / 2
    assert slow.reactions_a_second < fast.reactions_a_second


@each_radio
@each_wire
async def test_the_agent_reacts_on_the_wire_as_the_floor_does(
    tmp_path: Path, make_wire: Callable[[], Wire], scene: Scene
) -> None:
    results = empty(scene)
    subjects = [Floor(tmp_path / "floor", floor_module(scene)), Agent(tmp_path / "agent", scene.radio)]
    await measure_speed(scene, subjects, make_wire, RUNS, results, ignore, 2)
    floor, agent = results.speeds["floor"], results.speeds["hubagent"]
    assert len(floor.reactions_ns) == len(agent.reactions_ns) == RUNS
    assert agent.cpu_ns > floor.cpu_ns > 0
    assert len(agent.own_latencies_ms) == RUNS
    assert what_it_asks(scene, floor.command) == what_it_asks(scene, agent.command)


def what_it_asks(scene: Scene, command: bytes) -> tuple[bytes, int]:
    """The function or frame identifier, and how long the whole is."""
    if scene.radio == "zwave":
        frame = DataFrame.from_bytes(command)
        return bytes((frame.function,)), len(frame.payload)
    (data,) = Parser().feed(command)
    assert isinstance(data, Data)
    return data.payload[1:5], len(data.payload)


@each_radio
async def test_a_warm_start_asks_no_node_anew(tmp_path: Path, scene: Scene) -> None:
    results = empty(scene)
    await measure_starts(scene, [Agent(tmp_path / "agent", scene.radio)], TcpWire, 4, results, ignore)
    start = results.starts["hubagent"]
    assert start.cold.interviewed_s is not None
    assert start.warm.interviewed_s is not None
    assert start.cold.interviewed_s > start.cold.ready_s
    assert start.memory_mb > 10


async def test_in_a_burst_the_agent_finds_the_report_of_motion(tmp_path: Path) -> None:
    scene, nodes = SCENES["zigbee"], 12
    results = empty(scene)
    await measure_starts(scene, [Agent(tmp_path / "agent", scene.radio)], TcpWire, nodes, results, ignore)
    bursts = results.starts["hubagent"].bursts
    assert bursts
    assert all(0 < burst.command_ns <= burst.whole_ns for burst in bursts)


async def test_a_device_that_is_paired_is_timed_from_its_coming_in(tmp_path: Path) -> None:
    scene = SCENES["zigbee"]
    results = empty(scene)
    await measure_pairing(scene, [Agent(tmp_path / "agent", scene.radio)], TcpWire, 1, results, ignore)
    (interviewed_s,) = results.pairings["hubagent"].interviewed_s
    assert 0 < interviewed_s < 30


async def test_a_subject_that_is_not_installed_is_reported_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    scene = SCENES["zwave"]
    results = empty(scene)
    await measure_speed(scene, [ZwaveJs(tmp_path / "peer")], TcpWire, RUNS, results, ignore)
    assert "Node.js" in results.missing["zwave-js"]
    assert not results.speeds


class Breaking(Pairs):
    name = "breaking"

    def _command(self, wire: Wire, household: Household) -> list[str]:
        return [sys.executable, "-c", "raise SystemExit('it was not made for this')"]

    async def pair(self, press: Callable[[], None]) -> None:
        raise NotImplementedError


async def test_a_peer_that_breaks_is_told_of_and_the_others_are_measured(tmp_path: Path) -> None:
    scene = SCENES["zigbee"]
    results = empty(scene)
    chosen = [Breaking(tmp_path / "peer"), Agent(tmp_path / "agent", scene.radio)]
    await measure_pairing(scene, chosen, TcpWire, 1, results, ignore)
    assert results.missing == {"breaking": "breaking did not become ready: it was not made for this"}
    assert list(results.pairings) == ["hubagent"]


class GivingUp(Agent):
    name = "giving up"

    async def pair(self, press: Callable[[], None]) -> None:
        raise SubjectBroken("it gave up")


async def test_an_agent_that_breaks_ends_the_measurement(tmp_path: Path) -> None:
    scene = SCENES["zigbee"]
    with pytest.raises(SubjectBroken, match="it gave up"):
        await measure_pairing(scene, [GivingUp(tmp_path / "agent", "zigbee")], TcpWire, 1, empty(scene), ignore)
