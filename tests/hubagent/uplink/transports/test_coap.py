"""The CoAP transport against the cloud's front, over mutual TLS 1.3."""

from pathlib import Path

import pytest

from hubagent.uplink.message.channel import Down, Up
from tests.hubagent.uplink.transports.a_coap_front import HUB, a_coap_front
from tests.hubagent.uplink.transports.an_ear import FAREWELL, WritingEar

pytestmark = pytest.mark.real_time


async def test_frames_go_both_ways_over_the_one_connection_that_the_hub_made(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site:
        ear, transport = WritingEar(), site.transport()
        connection = await transport.connect(ear, FAREWELL)
        connection.send(Up.ALARM, b"smoke")
        assert await site.cloud.frames.get() == (HUB, "evt/alarm", b"smoke")
        assert site.front.send(HUB, Down.COMMAND, b"lamp on")
        assert await ear.frames.get() == ("cmd", b"lamp on")
        connection.close()
        await transport.closed()
        assert await site.cloud.ends.get() == HUB
        assert ear.ends.empty()
