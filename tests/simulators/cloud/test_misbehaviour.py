"""Each misbehaviour by its name: what leaves, what does not, and that it ends."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import pytest

from hubagent.uplink.message.codec import decode_down
from hubagent.uplink.message.down import Ack, Bye, Command, Desired
from hubagent.uplink.message.fields import MalformedMessage
from simulators.cloud.bad_frames import BAD_FRAMES
from simulators.cloud.misbehaviour import CannotMisbehave
from tests.simulators.cloud.a_cloud import HUB, WALL, batch, hello, result
from tests.simulators.cloud.a_service import Site, a_service

UNTIMELY: Final = frozenset({"expired", "wrong-boot", "wrong-hub", "replayed", "stale-wish"})
"""Those that are written as they should be."""


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with a_service() as made:
        yield made


async def test_forgotten_acks_leave_everything_stored(site: Site) -> None:
    await site.with_a_hub()
    site.misbehaviour.do("forget-acks", {})
    site.hear(batch([1]))
    assert await site.said() == []
    assert len(site.service.consumer.history.since(HUB, 0, 10)) == 1
    site.misbehaviour.do("behave", {})
    site.hear(batch([1]))
    assert len(await site.said()) == 1


async def test_acks_that_are_slow_come_late(site: Site) -> None:
    await site.with_a_hub()
    site.misbehaviour.do("slow-acks", {"late": 2})
    site.hear(batch([1]))
    assert await site.said(1.9) == []
    assert len(await site.said(0.2)) == 1


async def test_a_stalled_cloud_hears_and_says_nothing(site: Site) -> None:
    await site.with_a_hub()
    site.misbehaviour.do("stall", {"seconds": 10})
    site.hear(batch([1]))
    site.service.command(HUB, "zwave-2", {"on": True})
    assert await site.said() == []
    assert site.service.consumer.history.since(HUB, 0, 10) == []
    await asyncio.sleep(10)
    assert site.misbehaviour.active == []
    site.hear(batch([1]))
    assert len(await site.said()) == 1


async def test_duplicated_commands_are_the_same_command(site: Site) -> None:
    await site.with_a_hub()
    site.misbehaviour.do("duplicate", {"times": 3})
    site.service.command(HUB, "zwave-2", {"on": True})
    first, second, third = await site.said()
    assert isinstance(first, Command)
    assert first == second == third


async def test_lost_commands_never_arrive(site: Site) -> None:
    await site.with_a_hub()
    site.misbehaviour.do("lose-commands", {})
    site.service.command(HUB, "zwave-2", {"on": True})
    assert await site.said() == []


async def test_a_cloud_that_forgets_asks_its_hubs_who_they_are(site: Site) -> None:
    await site.with_a_hub()
    site.misbehaviour.do("forget", {})
    assert site.service.consumer.hubs() == []
    site.hear(batch([2]))
    (ack,) = await site.said()
    assert isinstance(ack, Ack)
    assert ack.boot == 0


async def test_refusing_and_going_away_are_the_fronts_to_do(site: Site) -> None:
    site.misbehaviour.do("refuse", {"seconds": 5})
    site.misbehaviour.do("away", {})
    assert (site.front.refusing, site.front.listening) == (True, False)
    await asyncio.sleep(5.1)
    assert (site.front.refusing, site.front.listening) == (False, False)
    site.misbehaviour.do("behave", {})
    assert site.front.listening


async def test_a_front_that_cannot_go_away_is_said_not_to(site: Site) -> None:
    site.door.front = None
    with pytest.raises(CannotMisbehave, match="can away"):
        site.misbehaviour.do("away", {})


async def test_kick_and_bye_are_for_one_hub(site: Site) -> None:
    await site.with_a_hub()
    site.misbehaviour.do("kick", {"hub": HUB})
    assert site.front.kicked == [HUB]
    site.misbehaviour.do("bye", {"retry_after": 7})
    assert await site.said() == [Bye(HUB, 3, "the cloud wants it so", 7.0)]
    with pytest.raises(CannotMisbehave, match=f"say which hub with hub=ID; there is {HUB}"):
        site.misbehaviour.do("kick", {"hub": "hub-0000009"})


async def spoilt(site: Site, name: str) -> tuple[str, bytes]:
    """What is sent under that name, after a command that has ended and a wish that was taken up."""
    await site.with_a_hub()
    wish = site.service.command(HUB, "zwave-2", {"on": False})
    site.hear(result(1, wish.id))
    site.service.desire(HUB, {"zwave-2": {"on": False}})
    await site.said()
    site.misbehaviour.do(name, {})
    ((_, channel, payload),) = site.front.sent
    return channel.value, payload


@pytest.mark.parametrize("name", sorted(set(BAD_FRAMES) - UNTIMELY))
async def test_a_frame_that_no_hub_can_read_is_refused_for_what_it_is(site: Site, name: str) -> None:
    with pytest.raises(MalformedMessage) as raised:
        decode_down(*await spoilt(site, name))
    assert raised.value.reason == {"without-device": "malformed", "nested": "malformed"}.get(name, name)


@pytest.mark.parametrize("name", sorted(UNTIMELY))
async def test_a_frame_that_can_be_read_is_wrong_in_one_way(site: Site, name: str) -> None:
    message = decode_down(*await spoilt(site, name))
    if isinstance(message, Desired):
        assert (name, message.version) == ("stale-wish", 0)
        return
    assert isinstance(message, Command)
    latest = site.service.consumer.commands.latest(HUB, 1)[0]
    wrong = {
        "expired": message.expires < WALL + asyncio.get_running_loop().time(),
        "wrong-boot": message.boot != 3,
        "wrong-hub": message.hub != HUB,
        "replayed": message.id == latest.id and message.set != latest.wanted,
    }
    assert [it for it, so in wrong.items() if so] == [name]


async def test_what_there_is_not_is_said_with_what_there_is(site: Site) -> None:
    with pytest.raises(CannotMisbehave) as raised:
        site.misbehaviour.do("explode", {})
    assert all(name in str(raised.value) for name in site.misbehaviour.there_is)


@pytest.mark.parametrize("settings", [{"seconds": -1}, {"seconds": "x"}, {"seconds": True}, {"seconds": 1e9}])
async def test_settings_are_held_to_their_bounds(site: Site, settings: dict[str, float]) -> None:
    with pytest.raises(CannotMisbehave, match="seconds is no number"):
        site.misbehaviour.do("stall", settings)


async def test_a_hub_without_a_lamp_can_be_sent_no_spoilt_command(site: Site) -> None:
    site.hear(hello())
    with pytest.raises(CannotMisbehave, match="no device that can be switched on"):
        site.misbehaviour.do("expired", {})
