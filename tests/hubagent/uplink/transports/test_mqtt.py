"""The MQTT transport against a real mosquitto."""

from pathlib import Path

import pytest

from hubagent.uplink.message.channel import Down, Up
from tests.hubagent.uplink.transports.a_broker import a_broker
from tests.hubagent.uplink.transports.an_ear import FAREWELL, HUB, WritingEar

pytestmark = [pytest.mark.real_time, pytest.mark.interop]


async def test_frames_go_both_ways_through_mosquitto_with_tls_on_both_sides(tmp_path: Path) -> None:
    async with a_broker(tmp_path) as site, site.consumer() as (front, cloud):
        ear, transport = WritingEar(), site.transport()
        connection = await transport.connect(ear, FAREWELL)
        connection.send(Up.ALARM, b"smoke")
        assert await cloud.frames.get() == (HUB, "evt/alarm", b"smoke")
        assert front.send(HUB, Down.COMMAND, b"lamp on")
        assert await ear.frames.get() == ("cmd", b"lamp on")
        connection.close()
        await transport.closed()
        assert ear.ends.empty()


async def test_the_last_will_is_heard_when_the_hub_vanishes_and_not_when_it_says_goodbye(tmp_path: Path) -> None:
    async with a_broker(tmp_path) as site, site.consumer() as (_front, cloud):
        transport = site.transport()
        connection = await transport.connect(WritingEar(), FAREWELL)
        connection.send(Up.PRESENCE, b"goodbye")
        connection.close()
        await transport.closed()
        assert await cloud.frames.get() == (HUB, "presence", b"goodbye")
        vanishing = await transport.connect(WritingEar(), FAREWELL)
        vanishing.abort()  # type: ignore[attr-defined]
        await transport.closed()
        assert await cloud.frames.get() == (HUB, "presence", FAREWELL.payload)
        assert cloud.frames.empty()
