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


async def test_rules_cross_from_one_radio_to_the_other_and_back(tmp_path: Path) -> None:
    async with a_home("demo", tmp_path) as demo:
        await asyncio.sleep(60)
        demo.world.do("set", "nursery.smoke", "smoke=true")
        await asyncio.sleep(10)
        assert demo.truth("hall.light")["on"] is True
        demo.world.do("set", "living.lamp", "on=true")
        demo.world.do("press", "study.remote", "1")
        await asyncio.sleep(5)
        assert demo.truth("living.lamp")["on"] is False
        demo.world.do("set", "hall.motion", "occupied=true")
        await asyncio.sleep(2)
        assert demo.truth("porch.light")["on"] is True


_DIGEST = """
import tempfile, pathlib
from tests.journeys.test_demo_home import digest
with tempfile.TemporaryDirectory() as folder:
    print(digest(pathlib.Path(folder)))
"""


def digest(folder: Path) -> str:
    """Of every byte that the agent and the sticks exchange in two minutes, with its time."""

    async def two_minutes() -> str:
        async with a_home("demo", folder) as demo:
            await asyncio.sleep(120)
            assert all(cable.chunks > 500 for cable in demo.cables.values())
            return " ".join(cable.digest.hexdigest() for cable in demo.cables.values())

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
