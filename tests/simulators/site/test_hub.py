"""What may happen to a hub's process: it stands still, is killed between effects, ends in order, finds wrong bits."""

import asyncio
from collections.abc import Callable

import pytest

from hubagent.agent import Agent
from simulators.site.hub import in_a_dead_process
from simulators.site.life import Life, whose
from simulators.site.site import Site
from tests.helpers.a_site import a_site


async def test_a_process_that_stands_still_does_nothing_while_the_world_goes_on_and_everything_afterwards() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        await asyncio.sleep(5)
        go_on = site.hub.stall()
        lines = site.trace.lines
        site.world.do("set", "studio.motion", "occupied=true")
        await asyncio.sleep(2)
        assert site.trace.lines == lines
        assert _truth(site, "studio.light")["on"] is False
        go_on()
        await asyncio.sleep(1)
        assert _truth(site, "studio.light")["on"] is True
        assert site.hub.crashes == []


async def test_timers_of_a_process_that_stands_still_wait_and_those_of_the_world_do_not() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        loop = asyncio.get_running_loop()
        fired: list[tuple[str, float]] = []

        def fire(who: str) -> Callable[[], None]:
            return lambda: fired.append((who, loop.time() - began))

        def set_timer(_agent: Agent) -> None:
            loop.call_later(1.0, fire("process"))

        began = loop.time()
        site.hub.inside(set_timer)
        loop.call_later(1.5, fire("world"))
        go_on = site.hub.stall()
        await asyncio.sleep(3)
        go_on()
        await asyncio.sleep(0.1)
        assert [who for who, _ in fired] == ["world", "process"]
        assert [at for _, at in fired] == pytest.approx([1.5, 3.0])


async def test_a_process_that_stands_still_twice_goes_on_when_both_are_over() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        first, second = site.hub.stall(), site.hub.stall()
        first()
        first()
        lines = site.trace.lines
        site.world.do("set", "studio.motion", "occupied=true")
        await asyncio.sleep(2)
        assert site.trace.lines == lines
        second()
        await asyncio.sleep(1)
        assert _truth(site, "studio.light")["on"] is True


async def test_a_process_may_be_killed_while_it_stands_still() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        go_on = site.hub.stall()
        site.hub.kill(1.0)
        await site.hub.ready()
        go_on()
        assert site.hub.lives == 2
        assert site.hub.crashes == []


async def test_a_connection_that_comes_about_while_the_hub_stands_still_is_heard_in_order() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        await asyncio.sleep(5)
        assert site.net is not None
        assert site.cloud is not None
        for step in range(60):
            site.net.cut()
            await asyncio.sleep(0.05 * step)
            go_on = site.hub.stall()
            await asyncio.sleep(2)
            go_on()
            await asyncio.sleep(1)
        site.world.do("press", "studio.light")
        await asyncio.sleep(150)
        assert [it["capabilities"]["on_off"]["on"] for it in _cloud_lamps(site)] == [True]
        assert site.hub.crashes == []


@pytest.mark.parametrize("effect", [1, 2, 3, 5])
async def test_a_hub_is_killed_right_after_the_effect_that_was_chosen(effect: int) -> None:
    async with a_site(still=True) as site:
        await site.settle()
        await asyncio.sleep(5)
        lives: list[Life | None] = []
        site.hub.inside(lambda _agent: lives.append(whose()))
        (life,) = lives
        assert life is not None
        before = life.effects
        site.hub.kill_at(effect, 3.0)
        site.world.do("press", "studio.light")
        await asyncio.sleep(2)
        assert not site.hub.running
        assert life.effects == before + effect
        await site.hub.ready()
        await asyncio.sleep(30)
        assert site.picture()["studio.light"]["on"] is True
        assert site.hub.crashes == []


async def test_a_kill_that_was_called_off_does_not_come() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        call_off = site.hub.kill_at(1)
        call_off()
        site.world.do("press", "studio.light")
        await asyncio.sleep(2)
        assert site.hub.lives == 1


async def test_a_stick_that_takes_in_nothing_is_told_everything_afterwards() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        (gate,) = site.hub.gates.values()
        gate.set_shut(True)
        site.world.do("set", "studio.motion", "occupied=true")
        await asyncio.sleep(0.5)
        assert _truth(site, "studio.light")["on"] is False
        gate.set_shut(False)
        await asyncio.sleep(0.5)
        assert _truth(site, "studio.light")["on"] is True


async def test_a_process_that_died_before_a_stick_that_takes_in_nothing_says_nothing_to_it_any_more() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        (gate,) = site.hub.gates.values()
        gate.set_shut(True)
        site.world.do("set", "studio.motion", "occupied=true")
        await asyncio.sleep(0.1)
        site.hub.kill(None)
        gate.set_shut(False)
        await asyncio.sleep(1)
        assert _truth(site, "studio.light")["on"] is False


async def test_a_restart_in_order_is_a_new_life_that_knows_all() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        before = site.picture()
        site.hub.restart(2.0)
        assert site.picture() == {}
        await site.hub.ready()
        assert site.hub.lives == 2
        assert site.picture().keys() == before.keys()
        assert site.hub.crashes == site.hub.bad_ends == []


async def test_a_site_that_ends_during_a_restart_ends() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        site.hub.restart(2.0)
    assert site.hub.lives == 1


async def test_wrong_bits_in_the_store_cost_at_most_what_came_since_the_last_copy() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        site.hub.kill(2.0)
        for place in range(1, 40):
            site.hub.rot("hub.db", place / 40, place)
        await site.hub.ready()
        assert site.hub.rotten != []
        await asyncio.sleep(60)
        assert site.hub.crashes == []


async def test_what_rots_after_a_power_cut_is_what_the_next_life_finds() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        site.world.do("press", "studio.light")
        await asyncio.sleep(1.2)
        site.hub.cut_power(None)
        before = site.hub.disk.next_life(site.hub.disk.folder.with_name("before")).folder / "hub.db"
        site.hub.rot("hub.db", 0.0, 3)
        after = site.hub.disk.next_life(site.hub.disk.folder.with_name("after")).folder / "hub.db"
        assert before.read_bytes()[0] ^ after.read_bytes()[0] == 1 << 3
        assert before.read_bytes()[1:] == after.read_bytes()[1:]
        assert len(site.hub.rotten) == 1


async def test_a_disk_that_rots_while_the_hub_runs_is_left_alone() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        site.hub.rot("hub.db", 0.5, 1)
        assert site.hub.rotten == []


async def test_what_the_hub_schedules_is_known_for_its_own_and_what_the_world_does_at_its_asking_is_not() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        seen: list[bool] = []
        assert site.hub.agent is not None
        site.hub.agent.home.listen(lambda *_: seen.append(whose() is not None))
        acted: list[bool] = []
        site.world.devices["studio.light"].device.listen(lambda _: acted.append(whose() is None))
        # By the rule: the lamp is on because the hub said so, and it is the world's lamp all the same.
        site.world.do("set", "studio.motion", "occupied=true")
        await asyncio.sleep(2)
        assert seen
        assert acted
        assert all(seen)
        assert all(acted)
        assert not in_a_dead_process()


def _truth(site: Site, device: str) -> dict[str, object]:
    return next(it["state"] for it in site.world.state() if it["name"] == device)


def _cloud_lamps(site: Site) -> list[dict[str, dict[str, dict[str, object]]]]:
    return [it for it in site.cloud_picture().values() if it["name"] == "studio.light"]
