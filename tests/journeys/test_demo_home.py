import asyncio
import os
import subprocess
import sys
from pathlib import Path

from hubagent.model.device import Presence
from simulators.virtual_time import run_virtual
from tests.journeys.demo_home import a_home


async def test_all_devices_of_the_demo_are_interviewed_the_sleeping_ones_too(tmp_path: Path) -> None:
    async with a_home("demo", tmp_path) as demo:
        await asyncio.sleep(60)
        states = {device.name: device.presence for device in demo.agent.home.devices.values()}
        assert set(demo.world.devices) <= set(states)
        assert set(states.values()) <= {Presence.READY, Presence.ASLEEP}


async def test_the_light_in_the_hall_follows_whoever_walks_through_it(tmp_path: Path) -> None:
    async with a_home("studio", tmp_path) as studio:
        await asyncio.sleep(3)
        studio.world.do("walk", "sam", "outside")
        await asyncio.sleep(15)
        assert studio.truth("studio.light") == {"on": False}
        studio.world.do("walk", "sam", "studio")
        await asyncio.sleep(5)
        assert studio.truth("studio.light") == {"on": True}


_DIGEST = """
import tempfile, pathlib
from tests.journeys.test_demo_home import digest
with tempfile.TemporaryDirectory() as folder:
    print(digest(pathlib.Path(folder)))
"""


def digest(folder: Path) -> str:
    """Of every byte that the agent and the stick exchange in two minutes, with its time."""

    async def two_minutes() -> str:
        async with a_home("demo", folder) as demo:
            await asyncio.sleep(120)
            assert demo.cable.chunks > 500
            return demo.cable.digest.hexdigest()

    return run_virtual(two_minutes)


def test_agent_and_world_exchange_the_same_bytes_whatever_the_hash_seed() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", _DIGEST],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(digests) == 1
