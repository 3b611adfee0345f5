"""The path of a report, counted: what is called between the bytes of a report and the bytes of its command.

Times differ from machine to machine and from moment to moment; the calls do not. The path is cold in a home, where
minutes lie between two reports: then every function on it costs its way from memory.
"""

import asyncio
import sys
from pathlib import Path
from types import FrameType

import pytest

from drivers.zwave.controller import Controller
from drivers.zwave.kind import KIND
from hubagent.agent import Agent, run_agent
from hubagent.config import load_config
from hubagent.model.device import Presence
from hubagent.model.driver import DriverKind
from simulators.bench.household import RULES
from simulators.bench.zwave.household import ZwaveHousehold
from simulators.bench.zwave.reports import motion_report
from simulators.cable import MemoryCable
from simulators.runtime import simulated_runtime

PORT = "sim://home"
CALLS_MAX = 130
SETTLED_S = 60.0
OUT_OF_PLACE = (
    "asyncio/tasks.py",
    "asyncio/taskgroups.py",
    "asyncio/queues.py",
    "sqlite3",
    "logging",
    "json",
    "tomllib",
)


class Watch:
    """Python functions called since `data_received` began, up to each write to the port."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.calls_at_write: list[int] = []

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        if event != "call":
            return
        code = frame.f_code
        self.calls.append(f"{code.co_filename}:{code.co_name}")
        if code is Controller._write.__code__:
            self.calls_at_write.append(len(self.calls))


@pytest.fixture
async def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Of one report of motion to an agent that has heard and done the same before."""
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    environment = {
        "HUBAGENT_HUB__STATE_DIR": str(tmp_path / "state"),
        "HUBAGENT_DRIVERS__ZWAVE__PORT": PORT,
        "HUBAGENT_RULES__FILES": f"[{str(tmp_path / 'rules.toml')!r}]",
        "HUBAGENT_API__LISTEN": "off",
    }
    kinds: dict[str, DriverKind] = {"zwave": KIND}
    stick, cable, seen = ZwaveHousehold().stick, MemoryCable(PORT), Watch()
    await cable.plug(stick)
    original = Controller.data_received

    def watched(self: Controller, data: bytes) -> None:
        if data != motion_report(occupied=True):
            original(self, data)
            return
        seen.calls, seen.calls_at_write = [], []
        sys.setprofile(seen)
        try:
            original(self, data)
        finally:
            sys.setprofile(None)

    monkeypatch.setattr(Controller, "data_received", watched)
    async with asyncio.TaskGroup() as tasks:
        started: asyncio.Future[Agent] = asyncio.get_running_loop().create_future()
        runtime = simulated_runtime(1, {PORT: cable})
        config = load_config(None, environment, kinds)
        running = tasks.create_task(run_agent(runtime, config, kinds, lambda _s, agent: started.set_result(agent)))
        agent = await started
        await asyncio.sleep(SETTLED_S)
        assert all(device.presence is Presence.READY for device in agent.home.devices.values())
        for occupied in (True, False, True, False, True):
            cable._to_host(motion_report(occupied))
            await asyncio.sleep(SETTLED_S)
        running.cancel()
    await cable.close()
    return seen


async def test_a_report_is_acknowledged_before_anything_is_made_of_it(watch: Watch) -> None:
    before = watch.calls[: watch.calls_at_write[0]]
    assert not [call for call in before if "command_received" in call]


async def test_the_command_leaves_within_the_call_that_brought_the_report(watch: Watch) -> None:
    assert len(watch.calls_at_write) == 2


async def test_no_task_queue_log_or_disk_stands_between_a_report_and_its_command(watch: Watch) -> None:
    path = watch.calls[: watch.calls_at_write[1]]
    assert [call for call in path if any(where in call for where in OUT_OF_PLACE)] == []


async def test_the_path_of_a_report_is_short(watch: Watch) -> None:
    assert watch.calls_at_write[1] <= CALLS_MAX
