"""An agent under a cloud that misbehaves: nothing happens at home that must not, and all is well afterwards."""

import asyncio
from pathlib import Path

import pytest

from simulators.cloud.bad_frames import BAD_FRAMES
from simulators.cloud.misbehaviour import Misbehaviour
from tests.helpers.an_agent import an_agent
from tests.helpers.fake_driver import FakeDriver, FakeKind
from tests.hubagent.uplink.a_cloud import ACloud, a_cloud
from tests.hubagent.uplink.transports.an_ear import HUB

pytestmark = pytest.mark.real_time

LAMP = "fake-1"
WITHOUT_A_WORD = ("replayed", "oversized")
"""The first is answered with the result that there was, the other by CoAP's own 4.13."""
REASONS = {"without-device": "malformed", "nested": "malformed", "stale-wish": "stale"}


def sees_lamp(cloud: ACloud) -> bool:
    consumer = cloud.service.consumer
    return consumer.is_known(HUB) and consumer.has_device(HUB, LAMP)


def is_on(cloud: ACloud) -> bool | None:
    views = {view["id"]: view for view in cloud.service.consumer.devices(HUB)}
    on: bool | None = views[LAMP]["capabilities"].get("on_off", {}).get("on")
    return on


async def tapped(cloud: ACloud, *, on: bool) -> None:
    """A tap, until the cloud has its outcome."""
    wish = cloud.service.command(HUB, LAMP, {"on": on})
    await cloud.until(lambda: cloud.outcome(wish.id) == "confirmed")
    await cloud.until(lambda: is_on(cloud) is on)


async def wished(cloud: ACloud) -> None:
    """That the lamp be off, until the hub has taken it up."""
    before = wishes_taken_up(cloud)
    cloud.service.desire(HUB, {LAMP: {"on": False}})
    await cloud.until(lambda: wishes_taken_up(cloud) > before)


def wishes_taken_up(cloud: ACloud) -> int:
    return sum(it["kind"] == "desired" for it in cloud.service.consumer.history.latest(HUB, 100))


@pytest.mark.parametrize("name", sorted(BAD_FRAMES))
async def test_a_bad_frame_is_refused_with_a_reason_and_changes_nothing(tmp_path: Path, name: str) -> None:
    driver = FakeDriver()
    async with a_cloud(tmp_path, "coap") as cloud, an_agent(tmp_path, FakeKind(driver), link=cloud.link()):
        misbehaviour = Misbehaviour(cloud.service)
        await cloud.until(lambda: sees_lamp(cloud))
        await tapped(cloud, on=False)
        hub = cloud.service.consumer.hub(HUB)
        # Twice, so that there is an older version to come again.
        await wished(cloud)
        await wished(cloud)
        sent, refusals = len(driver.sent), hub.counts["refusals"]
        misbehaviour.do(name, {"device": LAMP})
        if name not in WITHOUT_A_WORD:
            await cloud.until(lambda: hub.counts["refusals"] > refusals)
            assert any(it["reason"].startswith(f"refused:{REASONS.get(name, name)}") for it in hub.complaints)
        await asyncio.sleep(0.05)
        assert (len(driver.sent), is_on(cloud)) == (sent, False)
        await tapped(cloud, on=True)
        misbehaviour.close()


@pytest.mark.parametrize("times", [2, 5])
async def test_a_command_that_comes_several_times_is_done_once(tmp_path: Path, times: int) -> None:
    driver = FakeDriver()
    async with a_cloud(tmp_path, "coap") as cloud, an_agent(tmp_path, FakeKind(driver), link=cloud.link()):
        misbehaviour = Misbehaviour(cloud.service)
        await cloud.until(lambda: sees_lamp(cloud))
        misbehaviour.do("duplicate", {"times": times})
        await tapped(cloud, on=True)
        await tapped(cloud, on=False)
        assert len(driver.sent) == 2
        misbehaviour.close()


@pytest.mark.parametrize("fault", ["forget-acks", "slow-acks", "stall"])
async def test_nothing_is_lost_and_nothing_is_there_twice_after_a_cloud_that_did_not_answer(
    tmp_path: Path, fault: str
) -> None:
    driver = FakeDriver()
    async with a_cloud(tmp_path, "coap") as cloud, an_agent(tmp_path, FakeKind(driver), link=cloud.link()):
        misbehaviour = Misbehaviour(cloud.service)
        await cloud.until(lambda: sees_lamp(cloud))
        misbehaviour.do(fault, {"seconds": 1.0})
        for number in range(20):
            driver.says("fake-2", "occupancy_sensing", occupied=number % 2 == 0)
        await cloud.until(lambda: len(occupied(cloud)) >= 20)
        await tapped(cloud, on=True)
        assert occupied(cloud) == [number % 2 == 0 for number in range(20)]
        misbehaviour.close()


async def test_a_cloud_that_forgot_everything_learns_it_again(tmp_path: Path) -> None:
    driver = FakeDriver()
    async with a_cloud(tmp_path, "coap") as cloud, an_agent(tmp_path, FakeKind(driver), link=cloud.link()):
        misbehaviour = Misbehaviour(cloud.service)
        await cloud.until(lambda: sees_lamp(cloud))
        misbehaviour.do("forget", {})
        assert not sees_lamp(cloud)
        driver.says("fake-2", "occupancy_sensing", occupied=True)
        await cloud.until(lambda: sees_lamp(cloud))
        await tapped(cloud, on=True)
        misbehaviour.close()


def occupied(cloud: ACloud) -> list[bool]:
    """What the motion sensor said, as the cloud has it."""
    messages = cloud.service.consumer.history.latest(HUB, 1000)
    return [
        it["body"]["values"]["occupied"]
        for it in messages
        if it["body"].get("device") == "fake-2" and "values" in it["body"]
    ]
