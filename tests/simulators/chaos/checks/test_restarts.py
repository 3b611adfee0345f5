"""A store that loses, changes, keeps back or brings back what was put into it is found at the next start."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hubagent.home import Home
from hubagent.model.event import StateReported
from hubagent.rules.executor import effects
from hubagent.rules.executor.items import ModeSet
from hubagent.store.store import Store
from simulators.chaos.checks.restarts import Restarts
from simulators.site.disk import Failing
from simulators.site.site import Site
from tests.simulators.chaos.checks.watched import found, watched

LIGHT = "studio.light"


async def rename(site: Site, name: str = "lamp") -> None:
    agent = await site.hub.ready()
    device = agent.home.named(LIGHT)
    assert device is not None
    agent.home.rename(device.id, name)


async def mode(site: Site, mode: str) -> None:
    (await site.hub.ready()).automation.feed(ModeSet(mode, "somebody"))


async def again(site: Site, after_s: float = 3.0) -> None:
    await asyncio.sleep(after_s)
    site.hub.kill(2.0)
    await site.hub.ready()


async def begins_on_a_sound_disk(site: Site) -> None:
    site.hub.kill(None)
    site.hub.disk.failing = None
    site.hub.power_on()
    await site.hub.ready()


async def test_kills_and_power_cuts_at_any_moment_lose_nothing() -> None:
    async with watched(Restarts, seed=9) as (site, check):
        for number in range(12):
            site.world.do("press", LIGHT)
            await mode(site, ("home", "away", "night")[number % 3])
            await asyncio.sleep(0.01 * number)
            how: Callable[[], None] = (
                lambda: site.hub.kill(2.0),
                lambda: site.hub.cut_power(2.0),
                lambda number=number: site.hub.cut_power_at(1 + number % 4, 2.0),
                lambda: site.hub.restart(2.0),
            )[number % 4]
            how()
            await asyncio.sleep(30)
        await rename(site)
        await again(site)
        assert await found(check) == []


async def test_what_the_disk_refused_is_not_missed() -> None:
    async with watched(Restarts, still=True) as (site, check):
        site.hub.disk.failing = Failing.FULL
        await mode(site, "night")
        await asyncio.sleep(3)
        await begins_on_a_sound_disk(site)
        assert await found(check) == []


async def test_what_the_disk_refused_before_the_process_stood_still_is_not_missed() -> None:
    """The store tries again five seconds later by a clock that stood still as well."""
    async with watched(Restarts, still=True) as (site, check):
        site.hub.disk.failing = Failing.BROKEN
        site.hub.inside(lambda agent: agent.automation.feed(ModeSet("night", "somebody")))
        await asyncio.sleep(3)
        go_on = site.hub.stall()
        await asyncio.sleep(20)
        go_on()
        await asyncio.sleep(3)
        await begins_on_a_sound_disk(site)
        assert await found(check) == []


async def test_what_kills_it_before_the_store_hears_of_a_report_is_not_missed() -> None:
    """Rules hear first: the process can be dead by what they do, and the state has changed in its memory only."""
    async with watched(Restarts, still=True) as (site, check):
        site.world.do("press", LIGHT)
        await asyncio.sleep(3)
        agent = await site.hub.ready()
        agent.home.listen(lambda event, _: site.hub.kill(2.0) if isinstance(event, StateReported) else None)
        site.world.do("press", LIGHT)
        await asyncio.sleep(1)
        assert site.hub.agent is None
        assert await found(check) == []


async def test_a_rotten_bit_is_no_fault_of_the_hubs() -> None:
    async with watched(Restarts, still=True) as (site, check):
        await mode(site, "night")
        await asyncio.sleep(3)
        site.hub.cut_power(None)
        for number in range(8):
            site.hub.rot("hub.db", number / 8, number)
        site.hub.power_on()
        await site.hub.ready()
        assert await found(check) == []


async def test_what_is_rotten_on_a_disk_that_nobody_can_write_is_no_record_that_got_lost() -> None:
    async with watched(Restarts, still=True) as (site, check):
        await site.hub.stop()
        content = (site.hub.disk.folder / "hub.db").read_bytes()
        site.hub.rot("hub.db", (content.index(b'"battery"') + 1.5) / len(content), 0)
        site.hub.disk.failing = Failing.BROKEN
        site.hub.power_on()
        await asyncio.sleep(60)
        assert site.hub.crashes
        site.hub.disk.failing = None
        await site.hub.ready()
        await again(site)
        assert await found(check) == []


async def test_a_store_that_leaves_out_a_record_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    write = Store._write

    def leaves_out(self: Store, pending: dict[Any, Any], *, durable: bool) -> None:
        pending.pop(("rules", "mode"), None)
        write(self, pending, durable=durable)

    monkeypatch.setattr(Store, "_write", leaves_out)
    async with watched(Restarts, still=True) as (site, check):
        await mode(site, "night")
        await again(site)
        assert any('rules/mode was {"mode":"night"}' in problem for problem in await found(check))


async def test_a_store_that_takes_its_time_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    later = Store._write_later
    monkeypatch.setattr(
        Store, "_write_later", lambda self, *, durable, delay_s: later(self, durable=durable, delay_s=60)
    )
    async with watched(Restarts, still=True) as (site, check):
        await mode(site, "night")
        site.world.do("press", LIGHT)
        await again(site)
        problems = await found(check)
        assert any("rules/mode was" in problem for problem in problems)
        assert any("states/" in problem for problem in problems)


async def test_a_store_that_syncs_no_states_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "_sync_later", lambda *_: None)
    async with watched(Restarts, seed=4, still=True) as (site, check):
        for _ in range(6):
            site.world.do("press", LIGHT)
            await asyncio.sleep(60)
            site.hub.cut_power(2.0)
            await site.hub.ready()
        assert any("states/" in problem and "a power cut" in problem for problem in await found(check))


def _forgets_at_the_end(patch: pytest.MonkeyPatch) -> None:
    close = Store.close

    def forgetful(self: Store) -> None:
        self._relaxed.clear()
        self._durable.clear()
        close(self)

    patch.setattr(Store, "close", forgetful)


async def test_a_store_that_does_not_write_the_last_words_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    _forgets_at_the_end(monkeypatch)
    async with watched(Restarts, still=True) as (site, check):
        site.world.do("press", LIGHT)
        await asyncio.sleep(0.2)
        await mode(site, "night")
        site.hub.restart(2.0)
        await site.hub.ready()
        problems = await found(check)
        assert any("rules/mode was" in problem and "its orderly end" in problem for problem in problems)
        assert any("states/" in problem and "its orderly end" in problem for problem in problems)


@pytest.mark.parametrize("how", ["killed", "disk"])
async def test_last_words_are_not_missed_where_it_did_not_end_in_order(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if how == "killed":
        _forgets_at_the_end(monkeypatch)
    async with watched(Restarts, still=True) as (site, check):
        await mode(site, "night")
        site.hub.disk.failing = Failing.FULL if how == "disk" else None
        site.hub.restart(2.0)
        if how == "killed":
            site.hub.kill(2.0)
        await asyncio.sleep(1)
        site.hub.disk.failing = None
        await site.hub.ready()
        assert await found(check) == []


async def test_what_the_power_takes_from_who_writes_its_last_words_is_not_missed() -> None:
    # Of this seed the power takes what was written last.
    async with watched(Restarts, still=True, seed=2) as (site, check):
        site.world.do("press", LIGHT)
        # Written, and not synced yet.
        await asyncio.sleep(3)
        site.hub.cut_power_at(1, 2.0)
        site.hub.restart(2.0)
        await asyncio.sleep(1)
        assert site.hub.disk.dead
        await site.hub.ready()
        assert await found(check) == []


async def test_a_step_that_is_done_before_it_is_on_disk_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async with watched(Restarts, still=True) as (site, check):
        automation = (await site.hub.ready()).automation
        for works in (True, False):
            automation._perform(effects.Keep("something", {"works": works}))
            with monkeypatch.context() as patch:
                if not works:
                    patch.setattr(type(automation), "_sync", lambda _: None)
                automation._perform(effects.Sync())
            if works:
                site.hub.kill(2.0)
                automation = (await site.hub.ready()).automation
                assert check.end() == []
        site.hub.kill(2.0)
        assert any("rules/something was" in problem for problem in await found(check))


async def test_a_store_that_does_not_remove_what_is_gone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    write = Store._write

    def keeps(self: Store, pending: dict[Any, Any], *, durable: bool) -> None:
        for place in [place for place, record in pending.items() if record is None]:
            del pending[place]
        write(self, pending, durable=durable)

    async with watched(Restarts, still=True) as (site, check):
        agent = await site.hub.ready()
        agent.automation._records.put("something", {"a": 1})
        await asyncio.sleep(1)
        monkeypatch.setattr(Store, "_write", keeps)
        agent.automation._records.remove("something")
        await again(site)
        assert any("rules/something was nothing" in problem for problem in await found(check))


async def test_an_agent_that_forgets_names_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async with watched(Restarts, still=True) as (site, check):
        await rename(site)
        restore = Home.restore

        def forgetful(self: Home, protocols: frozenset[str]) -> None:
            restore(self, protocols)
            for device in list(self.devices.values()):
                self._place(replace(device, name=device.id))

        monkeypatch.setattr(Home, "restore", forgetful)
        await again(site)
        assert any("was called 'lamp'" in problem for problem in await found(check))


async def test_an_agent_that_takes_up_another_mode_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async with watched(Restarts, still=True) as (site, check):
        await mode(site, "night")
        executor = type((await site.hub.ready()).automation.executor)
        monkeypatch.setattr(executor, "_restore", lambda *_: None)
        await again(site)
        assert any("mode is 'night' on disk, and 'home' to life 2" in problem for problem in await found(check))


async def test_a_damaged_file_that_no_fault_damaged_is_found() -> None:
    async with watched(Restarts, still=True) as (site, check):
        site.hub.kill(None)
        path = site.hub.disk.folder / "hub.db"
        data = bytearray(path.read_bytes())
        data[100:4092] = b"nonsense" * 499
        path.write_bytes(data)
        path.with_name("hub.db-wal").unlink(missing_ok=True)
        site.hub.power_on()
        await site.hub.ready()
        assert any("finds hub.db" in problem for problem in await found(check))
