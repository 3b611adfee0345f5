"""A key in a log, an event, a trace, a message or an agent's last word is found; a healthy home has none."""

import asyncio
import logging

import cbor2
import pytest

from drivers.zigbee.driver import ZigbeeDriver
from hubagent.model.event import Notified
from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.codec import encode_content
from simulators.chaos.checks.secrets import Secrets
from simulators.site.site import Site
from simulators.zigbee.dongle import ZigbeeDongle
from tests.simulators.chaos.checks.watched import found, watched

_log = logging.getLogger("drivers.zigbee.somewhere")
HOME = "flat"


def key(site: Site) -> bytes:
    dongle = site.world.dongles["zigbee"]
    assert isinstance(dongle, ZigbeeDongle)
    network = dongle.network.memory.network
    assert network is not None
    return network.network_key


async def say_to_the_cloud(site: Site, detail: str) -> None:
    agent = await site.hub.ready()
    assert agent.uplink is not None
    uplink = agent.uplink._uplink
    assert uplink is not None
    uplink._say(0.0, (MessageClass.EVENT, "driver", {"detail": detail}))


async def test_a_home_in_trouble_says_nothing_of_its_keys() -> None:
    async with watched(Secrets, HOME, seed=3) as (site, check):
        for fault in ("wire.garbage", "stick.asserts", "stick.resets"):
            heal = site.world.strike(fault, "zigbee")
            await asyncio.sleep(120)
            heal()
        site.hub.kill(2.0)
        assert await found(check, 600) == []
        assert check._log.lines > 0


async def test_a_key_in_a_log_is_found_however_unimportant_the_line() -> None:
    async with watched(Secrets, HOME, still=True) as (site, check):
        _log.debug("network %s", key(site).hex(":").upper())
        [problem] = await found(check, 1)
        assert "the network key is in the log of drivers.zigbee.somewhere" in problem


async def test_a_key_in_the_text_of_an_exception_is_found() -> None:
    async with watched(Secrets, HOME, still=True) as (site, check):
        _log.error("it failed", exc_info=ValueError(key(site)))
        assert any("the network key is in the log" in problem for problem in await found(check, 1))


async def test_a_key_in_an_event_and_in_what_rules_did_is_found() -> None:
    async with watched(Secrets, HOME, still=True) as (site, check):
        agent = await site.hub.ready()
        agent.home.apply(Notified("owner", f"the key is {list(key(site))}", "rule:x"))
        agent.automation.traces.add("failed", 0.0, "x", 1, "y", {"key": key(site).hex()}, 0)
        problems = await found(check, 1)
        assert any("is in an event" in problem for problem in problems)
        assert any("is in what rules did" in problem for problem in problems)


async def test_a_key_that_doctor_is_told_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async with watched(Secrets, HOME, still=True) as (site, check):
        shown = key(site)[::-1].hex()
        monkeypatch.setattr(ZigbeeDriver, "status", lambda _self: {"network": {"key": shown}})
        assert any("what doctor is told" in problem for problem in await found(check, 1))


async def test_a_key_that_leaves_the_house_is_found() -> None:
    async with watched(Secrets, HOME, still=True) as (site, check):
        await say_to_the_cloud(site, key(site).hex())
        assert encode_content(0.0, "x", {}) == cbor2.dumps([0.0, "x", {}])
        assert any("to the cloud" in problem for problem in await found(check, 5))


async def test_a_place_on_the_hubs_disk_that_leaves_the_house_is_found() -> None:
    async with watched(Secrets, HOME, still=True) as (site, check):
        await say_to_the_cloud(site, f"{site.hub.disk.folder / 'hub.db'}: it is read-only")
        [problem] = await found(check, 5)
        assert "where the hub has its files is in a message 'driver' to the cloud" in problem


async def test_a_key_in_what_ended_an_agent_is_found() -> None:
    async with watched(Secrets, HOME, still=True) as (site, check):
        site.hub.crashes.append(RuntimeError(f"no network with {key(site)!r}"))
        assert any("what ended an agent" in problem for problem in await found(check, 1))


async def test_a_key_that_is_new_is_looked_for_as_well() -> None:
    async with watched(Secrets, HOME, still=True) as (site, check):
        dongle = site.world.dongles["zigbee"]
        assert isinstance(dongle, ZigbeeDongle)
        assert dongle.network.memory.network is not None
        dongle.network.memory.network.next_key = b"the next network"
        await asyncio.sleep(1900)
        _log.warning("soon: %r", b"the next network")
        assert any("the next network key" in problem for problem in await found(check, 1))


async def test_the_log_is_as_it_was_afterwards() -> None:
    root = logging.getLogger()
    before = root.level, list(root.handlers)
    async with watched(Secrets, HOME, still=True) as (_, check):
        assert root.level == logging.DEBUG
        await found(check, 1)
    assert (root.level, list(root.handlers)) == before
