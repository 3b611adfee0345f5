"""That the home does not notice its uplink: the rules' reaction beside clouds that are dead, slow, flapping or flood.

The same scene and the same turns as in the first measurement: one agent without an uplink, one for each mood, each with
its cloud in a process of its own.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from simulators.bench.household import Household
from simulators.bench.measure import Results, Tell, measure_speed
from simulators.bench.scene import Scene
from simulators.bench.subjects import START_S, Agent, Known, Subject, SubjectBroken
from simulators.bench.uplink.bad_cloud import MOODS
from simulators.bench.wire import WIRES, Wire

ALONE: Final = "no uplink"


class AgentWithUplink(Agent):
    """`hubagent run` with a cloud of a mood."""

    def __init__(self, folder: Path, radio: str, mood: str) -> None:
        super().__init__(folder, radio)
        self.name = f"uplink {mood}"
        self._mood = mood
        self._uplink = ""

    @asynccontextmanager
    async def running(self, wire: Wire, household: Household) -> AsyncIterator[Known]:
        cloud = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "simulators.bench.uplink.bad_cloud",
            self._mood,
            str(self._folder / "cloud"),
            str(self._folder / "state"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            assert cloud.stdout is not None
            async with asyncio.timeout(START_S):
                words = (await cloud.stdout.readline()).decode().split()
            if words[:1] != ["ready"]:
                raise SubjectBroken(f"the {self._mood} cloud did not start")
            self._uplink = f'[uplink]\nurl = "{words[1]}"\n[identity]\nseal = "file:{words[2]}"\n'
            async with super().running(wire, household) as known:
                yield known
        finally:
            if cloud.returncode is None:
                cloud.terminate()
            await cloud.communicate()

    def _toml(self, wire: Wire) -> str:
        return super()._toml(wire) + self._uplink


class AgentAlone(Agent):
    name = ALONE


async def measure_local(scene: Scene, folder: Path, runs: int, tell: Tell) -> Results:
    """Raises SubjectBroken, NoReaction."""
    results = Results(scene.radio, scene.aims)
    for name in ("alone", *MOODS):
        (folder / name).mkdir(parents=True)
    subjects: list[Subject] = [AgentAlone(folder / "alone", scene.radio)]
    subjects += [AgentWithUplink(folder / mood, scene.radio, mood) for mood in MOODS]
    await measure_speed(scene, subjects, WIRES["tcp"], runs, results, tell)
    return results
