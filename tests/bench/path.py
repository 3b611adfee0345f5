"""The path of a report, counted: what is called between the bytes of a report and the bytes of its command.

Times differ from machine to machine and from moment to moment; the calls do not. The path is cold in a home, where
minutes lie between two reports: then every function on it costs its way from memory.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import CodeType, FrameType

from hubagent.agent import Agent, run_agent
from hubagent.config import load_config
from hubagent.model.device import Presence
from hubagent.model.driver import DriverKind
from simulators.bench.household import RULES, Household
from simulators.cable import MemoryCable
from simulators.runtime import simulated_runtime

PORT = "sim://home"
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
    """Python functions called since a port's `data_received` began, up to each write to the port."""

    def __init__(self, write: CodeType) -> None:
        self.calls: list[str] = []
        self.calls_at_write: list[int] = []
        self._write = write

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        if event != "call":
            return
        code = frame.f_code
        self.calls.append(f"{code.co_filename}:{code.co_name}")
        if code is self._write:
            self.calls_at_write.append(len(self.calls))

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Anew."""
        self.calls, self.calls_at_write = [], []
        sys.setprofile(self)
        try:
            yield
        finally:
            sys.setprofile(None)

    def out_of_place(self) -> list[str]:
        """What is called before the last write and has no business there."""
        path = self.calls[: self.calls_at_write[-1]]
        return [call for call in path if any(where in call for where in OUT_OF_PLACE)]


@asynccontextmanager
async def agent_at(household: Household, kind: DriverKind, folder: Path) -> AsyncIterator[MemoryCable]:
    """An agent with the bench's rules that knows every device of the household. The cable of its stick."""
    (folder / "rules.toml").write_text(RULES, encoding="utf-8")
    environment = {
        "HUBAGENT_HUB__STATE_DIR": str(folder / "state"),
        f"HUBAGENT_DRIVERS__{kind.name.upper()}__PORT": PORT,
        "HUBAGENT_RULES__FILES": f"[{str(folder / 'rules.toml')!r}]",
        "HUBAGENT_API__LISTEN": "off",
    }
    kinds = {kind.name: kind}
    cable = MemoryCable(PORT)
    await cable.plug(household.stick)
    async with asyncio.TaskGroup() as tasks:
        started: asyncio.Future[Agent] = asyncio.get_running_loop().create_future()
        runtime = simulated_runtime(1, {PORT: cable})
        config = load_config(None, environment, kinds)
        running = tasks.create_task(run_agent(runtime, config, kinds, lambda _s, agent: started.set_result(agent)))
        agent = await started
        await asyncio.sleep(SETTLED_S)
        presences = [device.presence for device in agent.home.devices.values()]
        assert presences == [Presence.READY] * household.nodes
        yield cable
        running.cancel()
    await cable.close()


async def reported(report: Callable[[bool], None]) -> None:
    """Motion and none, again and again, and motion at last: the agent has heard and done the same before."""
    for occupied in (True, False, True, False, True):
        report(occupied)
        await asyncio.sleep(SETTLED_S)
