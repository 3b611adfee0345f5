"""World and agent end, and both start again from the same state folder."""

import asyncio
from pathlib import Path

import pytest

from hubagent.agent import Agent
from hubagent.model.device import Presence
from hubagent.model.event import InterviewProgressed
from tests.journeys.demo_home import DemoHome, a_home

INTERVIEWED_S = 120.0
MOTION = {
    "zwave": ("hall.motion", "hall.light"),
    "zwave, asleep": ("kitchen.motion", "kitchen.light"),
    "zigbee": ("study.motion", "study.lamp"),
    "zigbee, asleep": ("nursery.motion", "nursery.lamp"),
}
"""A sensor, and the lamp that a rule lets follow it."""


def _interviews(agent: Agent) -> list[InterviewProgressed]:
    entries = agent.events.since(1, agent.events.following).entries
    return [entry.event for entry in entries if isinstance(entry.event, InterviewProgressed)]


async def _lamp_after_motion(demo: DemoHome, sensor: str, lamp: str) -> bool:
    demo.world.do("set", lamp, "on=false")
    demo.world.do("set", sensor, "occupied=false")
    await asyncio.sleep(10)
    demo.world.do("set", sensor, "occupied=true")
    await asyncio.sleep(3)
    return bool(demo.truth(lamp)["on"])


async def test_nothing_is_interviewed_again_and_motion_still_switches_the_lamps(tmp_path: Path) -> None:
    async with a_home("demo", tmp_path, state=tmp_path) as demo:
        await asyncio.sleep(INTERVIEWED_S)
        assert _interviews(demo.agent)
        known = {device.name for device in demo.agent.home.devices.values()}
        assert known >= set(demo.world.devices)
    async with a_home("demo", tmp_path, state=tmp_path) as demo:
        await asyncio.sleep(INTERVIEWED_S)
        assert {device.name for device in demo.agent.home.devices.values()} == known
        presences = {device.presence for device in demo.agent.home.devices.values()}
        assert presences <= {Presence.READY, Presence.ASLEEP}
        switched = {radio: await _lamp_after_motion(demo, *pair) for radio, pair in MOTION.items()}
        assert switched == dict.fromkeys(MOTION, True)
        assert _interviews(demo.agent) == []


@pytest.mark.parametrize("radio", ["zwave", "zigbee"])
async def test_devices_whose_memory_was_lost_are_as_from_the_factory(radio: str, tmp_path: Path) -> None:
    """What the test above would be without their memory: an agent that rightly asks nothing hears nothing."""
    async with a_home("demo", tmp_path, state=tmp_path) as demo:
        await asyncio.sleep(INTERVIEWED_S)
    (tmp_path / f"{radio}-devices.json").unlink()
    async with a_home("demo", tmp_path, state=tmp_path) as demo:
        await asyncio.sleep(5)
        assert not await _lamp_after_motion(demo, *MOTION[radio])
