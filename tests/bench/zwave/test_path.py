"""The path of a report from a Z-Wave node."""

from pathlib import Path

import pytest

from drivers.zwave.controller import Controller
from drivers.zwave.kind import KIND
from simulators.bench.zwave.household import ZwaveHousehold
from simulators.bench.zwave.reports import motion_report
from tests.bench.path import Watch, agent_at, reported

CALLS_MAX = 145
"""Of Python functions, the simulated clock among them; some twenty are the rules: what set one off, its condition, how
often it may run, whose hand was at the device, and the trace."""


@pytest.fixture
async def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Of one report of motion to an agent that has heard and done the same before."""
    seen = Watch(Controller._write.__code__)
    original = Controller.data_received

    def watched(self: Controller, data: bytes) -> None:
        if data != motion_report(occupied=True):
            original(self, data)
            return
        with seen.watching():
            original(self, data)

    monkeypatch.setattr(Controller, "data_received", watched)
    async with agent_at(ZwaveHousehold(), KIND, tmp_path) as cable:
        await reported(lambda occupied: cable._to_host(motion_report(occupied)))
    return seen


async def test_a_report_is_acknowledged_before_anything_is_made_of_it(watch: Watch) -> None:
    before = watch.calls[: watch.calls_at_write[0]]
    assert not [call for call in before if "command_received" in call]


async def test_the_command_leaves_within_the_call_that_brought_the_report(watch: Watch) -> None:
    assert len(watch.calls_at_write) == 2


async def test_no_task_queue_log_or_disk_stands_between_a_report_and_its_command(watch: Watch) -> None:
    assert watch.out_of_place() == []


async def test_the_path_of_a_report_is_short(watch: Watch) -> None:
    assert watch.calls_at_write[1] <= CALLS_MAX
