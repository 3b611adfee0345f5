"""The consumer on a loop: timers, fronts and listeners."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from hubagent.uplink.message.channel import Down
from hubagent.uplink.message.codec import channel_of, decode_down, encode
from hubagent.uplink.message.down import Ack, Command, Welcome
from simulators.cloud.items import Changed
from simulators.cloud.service import Door
from tests.simulators.cloud.a_cloud import HUB, LAMP, OTHER, batch, hello, lamp, reported
from tests.simulators.cloud.a_service import FakeFront, Site, a_service


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with a_service() as made:
        yield made


async def test_frames_of_one_round_are_acknowledged_together_within_two_milliseconds(site: Site) -> None:
    await site.with_a_hub()
    for number in range(1, 4):
        site.hear(batch([number]))
    (ack,) = await site.said(0.0021)
    assert isinstance(ack, Ack)
    assert ack.arrived[0].seq == 3


async def test_a_hub_is_answered_by_the_way_that_it_came_last(site: Site) -> None:
    other = site.service.door()
    other.front = FakeFront()
    site.hear(hello())
    other.received(HUB, "presence", encode(hello()))
    await asyncio.sleep(0.01)
    assert len(site.front.sent) == 0
    assert len(other.front.sent) == 2


async def test_a_connection_that_ends_after_the_hub_came_another_way_says_nothing(site: Site) -> None:
    other = site.service.door()
    other.front = FakeFront()
    site.hear(hello())
    other.received(HUB, "presence", encode(hello()))
    site.door.gone(HUB)
    assert site.service.consumer.hub(HUB).online
    other.gone(HUB)
    assert not site.service.consumer.hub(HUB).online


async def test_listeners_hear_of_every_change_until_they_have_enough(site: Site) -> None:
    heard: list[Changed] = []
    end = site.service.listen(heard.append)
    await site.with_a_hub()
    site.hear(reported(2, 1, {"zwave-2": lamp(on=True)}))
    assert [it.what for it in heard] == ["hub", "devices", "devices"]
    end()
    site.hear(reported(3, 2, {"zwave-2": LAMP}))
    assert len(heard) == 3


async def test_a_command_for_a_hub_that_its_front_cannot_reach_waits(site: Site) -> None:
    site.door.received(OTHER, "presence", encode(hello(OTHER)))
    wish = site.service.command(OTHER, "zwave-2", {"on": True})
    await asyncio.sleep(0.01)
    found = site.service.consumer.commands.find(wish.id)
    assert found is not None
    assert found.state == "queued"


async def test_a_front_that_answers_while_it_is_sent_to_is_heard_afterwards(site: Site) -> None:
    class Echo(FakeFront):
        def __init__(self, door: Door) -> None:
            super().__init__()
            self._door = door

        def send(self, hub: str, channel: Down, payload: bytes) -> bool:
            message = decode_down(channel.value, payload)
            if isinstance(message, Welcome):
                report = reported(1, 0, {"zwave-2": LAMP})
                self._door.received(hub, channel_of(report).value, encode(report))
            elif isinstance(message, Command):
                report = reported(2, 1, {"zwave-2": lamp(on=True)})
                self._door.received(hub, channel_of(report).value, encode(report))
            return super().send(hub, channel, payload)

    site.door.front = Echo(site.door)
    site.hear(hello())
    await asyncio.sleep(0.01)
    wish = site.service.command(HUB, "zwave-2", {"on": True})
    await asyncio.sleep(0.01)
    found = site.service.consumer.commands.find(wish.id)
    assert found is not None
    assert found.lamp_ms == 0.0


async def test_a_closed_service_hears_nothing(site: Site) -> None:
    site.service.close()
    site.hear(hello())
    await asyncio.sleep(1)
    assert site.front.sent == []
