"""An agent and the development cloud, over real sockets and by both ways."""

from pathlib import Path
from typing import Any

import pytest

from hubagent.model.event import StateReported
from tests.helpers.an_agent import an_agent
from tests.helpers.fake_driver import FakeDriver, FakeKind
from tests.hubagent.uplink.a_cloud import WAYS, ACloud, a_cloud
from tests.hubagent.uplink.transports.an_ear import HUB

pytestmark = pytest.mark.real_time


def capabilities(cloud: ACloud, device: str) -> dict[str, Any]:
    """What the cloud believes of a device; empty where it knows none."""
    if HUB not in [hub.id for hub in cloud.service.consumer.hubs()]:
        return {}
    for view in cloud.service.consumer.devices(HUB):
        if view["id"] == device:
            found: dict[str, Any] = view["capabilities"]
            return found
    return {}


@pytest.mark.parametrize("way", WAYS)
async def test_a_tap_far_away_lights_the_lamp_and_the_cloud_sees_what_the_home_is(tmp_path: Path, way: str) -> None:
    driver = FakeDriver()
    async with a_cloud(tmp_path, way) as cloud, an_agent(tmp_path, FakeKind(driver), link=cloud.link()):
        await cloud.until(lambda: "on_off" in capabilities(cloud, "fake-1"))
        wish = cloud.service.command(HUB, "fake-1", {"on": True})
        await cloud.until(lambda: cloud.outcome(wish.id) == "confirmed")
        await cloud.until(lambda: capabilities(cloud, "fake-1")["on_off"] == {"on": True})
        driver.report(StateReported("fake-2", "occupancy_sensing", {"occupied": True}, 0.0))
        await cloud.until(lambda: capabilities(cloud, "fake-2")["occupancy_sensing"] == {"occupied": True})
