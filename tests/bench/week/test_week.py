"""The bench of virtual time: what it counts is what happened."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from simulators.bench.week import week
from simulators.bench.week.agent_virtual import on_sensors
from simulators.bench.week.family import live
from simulators.bench.week.sensors import EVERY_S, SENSORS
from simulators.bench.week.shares import ROOT
from simulators.bench.week.took import Took
from simulators.virtual_time import run_virtual
from tests.interop.peers import peers_python

QUARTER_S = 900.0
HOUR_S = 3600.0


def test_each_sensor_reports_once_a_minute_to_the_agent_and_then_seldom(tmp_path: Path) -> None:
    busy, idle = run_virtual(lambda: on_sensors(tmp_path, 10 * EVERY_S, 10 * EVERY_S))
    assert busy.events == 10 * SENSORS
    assert idle.events < SENSORS


@pytest.mark.interop
def test_bellows_hears_as_many_on_the_same_task() -> None:
    paths = [str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))]
    script = ROOT / "simulators" / "bench" / "week" / "bellows_virtual.py"
    done = subprocess.run(
        [peers_python(), str(script), str(5 * EVERY_S), str(2 * HOUR_S), *paths],
        capture_output=True,
        text=True,
        check=True,
    )
    busy, idle = (Took("bellows", **told) for told in json.loads(done.stdout))
    assert busy.events == 5 * SENSORS
    assert idle.events == 2 * SENSORS


def test_the_familys_house_is_the_same_each_time(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    first, second = (run_virtual(lambda it=it: live(it, QUARTER_S, still=False)) for it in folders)  # type: ignore[misc]
    assert first.hash == second.hash
    assert first.took.events == second.took.events > 0


def test_a_table_says_how_much_faster_than_real_time_it_was() -> None:
    results = week.WeekResults([Took("hubagent", "a home", 7200.0, 3.6, 1000)], {}, "", [("drivers.zigbee", 0.25)])
    assert week.table(results)[1] == [("hubagent", "a home", "2.0 h", "3.6 s", "1,000", "3600 us", "2,000")]
    assert week.remarks(results) == ["where the time of the family's house goes (by the profiler): drivers.zigbee 25%"]


def test_the_command_measures_a_little_of_each() -> None:
    command = [sys.executable, "-m", "hubagent", "bench", "week", "--runs", "20", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)["week"]
    assert [run["virtual_s"] for run in told["runs"] if run["who"] == "hubagent"] == [week.BRIEF_S] * 4
    assert all(run["times_real"] > 1 for run in told["runs"])
    assert sum(told["limits"].values()) == pytest.approx(1, abs=0.2)
