"""Messages that are lost, doubled, invented or changed on their way are each found; those of a hub in trouble are not
missed where nobody promised anything."""

import asyncio
import sqlite3
from typing import Any

import pytest

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.outbox.disk import Disk as OutboxDisk
from hubagent.uplink.outbox.outbox import Outbox
from hubagent.uplink.outbox.saving import Saving
from simulators.chaos.checks.messages import Messages
from simulators.cloud import replies
from simulators.cloud.consumer import Consumer
from simulators.site.disk import Failing
from simulators.site.site import Site
from tests.simulators.chaos.checks.watched import found, watched


def database(site: Site) -> sqlite3.Connection:
    assert site.cloud is not None
    return site.cloud.databases[-1]


def _outbox(site: Site) -> Outbox:
    agent = site.hub.agent
    assert agent is not None
    outbox: Outbox = agent.uplink._uplink._parts.outbox  # type: ignore[union-attr]
    return outbox


async def press(site: Site, times: int = 5) -> None:
    for _ in range(times):
        site.world.do("press", "studio.light")
        await asyncio.sleep(1)


async def test_a_hub_that_is_killed_and_cut_off_all_the_time_loses_nothing() -> None:
    async with watched(Messages, seed=4) as (site, check):
        assert site.cloud is not None
        assert site.net is not None
        for number in range(6):
            await press(site)
            (site.hub.kill if number % 2 else site.hub.cut_power)(3.0)
            await asyncio.sleep(20)
            await press(site, 2)
            site.hub.cut_power_at(1 + number, 5.0)
            site.net.cut()
            await press(site, 2)
            site.cloud.crash()
            await asyncio.sleep(30)
            site.cloud.start()
        site.cloud.forget()
        site.cloud.start()
        site.hub.disk.stay_powered()
        await press(site)
        assert await found(check) == []


async def test_what_a_disk_did_not_take_is_not_missed_after_a_kill() -> None:
    async with watched(Messages, still=True) as (site, check):
        assert site.cloud is not None
        site.cloud.crash()
        site.hub.disk.failing = Failing.FULL
        await press(site)
        site.hub.kill(3.0)
        site.hub.disk.failing = None
        site.cloud.start()
        await press(site)
        assert await found(check) == []


async def test_a_bit_that_changed_by_itself_explains_a_loss() -> None:
    async with watched(Messages, still=True) as (site, check):
        assert site.cloud is not None
        site.cloud.crash()
        await press(site)
        site.hub.cut_power(None)
        for place in (0.1, 0.5, 0.9):
            site.hub.rot("uplink/outbox.db", place, 3)
        site.hub.power_on()
        await asyncio.sleep(30)
        site.cloud.start()
        assert await found(check) == []


async def test_what_an_earlier_life_has_sent_is_not_taken_for_what_another_numbers_anew() -> None:
    async with watched(Messages, still=True) as (site, check):
        said: list[tuple[MessageClass, bytes]] = []
        outbox = _outbox(site)
        put = outbox.put

        def heard(message_class: MessageClass, content: bytes) -> int:
            said.append((message_class, content))
            return put(message_class, content)

        outbox.put = heard  # type: ignore[method-assign]  # an ear at its slot
        await press(site, 2)
        site.hub.kill(3.0)
        await site.hub.ready()
        outbox = _outbox(site)
        assert outbox.outrun(outbox.epoch)
        for message_class, content in said:
            outbox.put(message_class, content)
        # What follows is sent by who finds it there.
        site.hub.restart(3.0)
        await asyncio.sleep(1)
        assert said
        assert await found(check) == []


async def test_a_message_that_the_cloud_lost_is_missed() -> None:
    async with watched(Messages, still=True) as (site, check):
        await press(site, 1)
        database(site).execute("DELETE FROM history WHERE n = (SELECT max(n) FROM history)")
        [problem] = await found(check)
        assert "1 event messages did not arrive" in problem


async def test_a_message_that_the_cloud_has_twice_is_found() -> None:
    async with watched(Messages, still=True) as (site, check):
        await press(site, 1)
        columns = "hub, incarnation, class, epoch, seq, at, kind, content, received"
        database(site).execute(f"INSERT INTO history ({columns}) SELECT {columns} FROM history ORDER BY n DESC LIMIT 1")
        assert any("came twice" in problem for problem in await found(check))


async def test_a_message_that_nobody_put_is_found() -> None:
    async with watched(Messages, still=True) as (site, check):
        await press(site, 1)
        columns = "hub, incarnation, class, epoch, at, kind, content, received"
        copied = f"INSERT INTO history (seq, {columns}) SELECT seq + 50, {columns} FROM history ORDER BY n DESC LIMIT 1"
        database(site).execute(copied)
        assert any("nobody had put it" in problem for problem in await found(check))


async def test_a_message_that_was_changed_on_its_way_is_found() -> None:
    async with watched(Messages, still=True) as (site, check):
        await press(site, 1)
        database(site).execute("UPDATE history SET content = x'f6' WHERE n = (SELECT max(n) FROM history)")
        [problem] = await found(check)
        assert "arrived as another" in problem


async def test_a_cloud_that_acknowledges_before_it_commits_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    batch, hurries = Consumer._batch, asyncio.Event()

    def hasty(consumer: Consumer, hub: Any, message: Any) -> None:
        batch(consumer, hub, message)
        consumer._effects.append(replies.ack(hub, consumer.bounds))
        hurries.set()

    monkeypatch.setattr(Consumer, "_batch", hasty)
    # A broker passes on what it has, whatever became of who said it.
    async with watched(Messages, still=True, broker=True) as (site, check):
        assert site.cloud is not None
        hurries.clear()
        site.world.do("press", "studio.light")
        await hurries.wait()
        # The broker has heard by then that it was taken, and the commit is still a millisecond away.
        await asyncio.sleep(0.001)
        site.cloud.crash()
        await asyncio.sleep(5)
        site.cloud.start()
        await press(site, 3)
        assert any("did not arrive" in problem for problem in await found(check))


async def test_an_outbox_that_commits_less_than_it_says_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    insert = OutboxDisk.insert
    monkeypatch.setattr(OutboxDisk, "insert", lambda self, name, epoch, rows: insert(self, name, epoch, rows[:-1]))
    async with watched(Messages, still=True) as (site, check):
        assert site.cloud is not None
        site.cloud.crash()
        await press(site)
        site.hub.kill(3.0)
        await asyncio.sleep(20)
        site.cloud.start()
        assert any("did not arrive" in problem for problem in await found(check))


async def test_an_outbox_that_takes_its_time_to_commit_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Saving, "commit_later", lambda self: self._later(self._save_due, 60.0))
    async with watched(Messages, still=True) as (site, check):
        assert site.cloud is not None
        site.cloud.crash()
        await press(site)
        site.hub.kill(3.0)
        await asyncio.sleep(20)
        site.cloud.start()
        assert any("did not arrive" in problem for problem in await found(check))
