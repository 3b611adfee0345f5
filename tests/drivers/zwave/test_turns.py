"""Turns: one at a time, by rank."""

import asyncio

from drivers.zwave.turns import Turns


async def _take(turns: Turns, rank: int, name: str, log: list[str]) -> None:
    async with turns.turn(rank):
        log.append(name)
        await asyncio.sleep(1)


async def test_the_most_urgent_goes_first_and_nobody_overtakes_within_a_rank() -> None:
    turns, log = Turns(), list[str]()
    async with asyncio.TaskGroup() as tasks:
        for rank, name in ((1, "first"), (2, "late"), (1, "a"), (1, "b"), (0, "urgent")):
            tasks.create_task(_take(turns, rank, name, log))
    assert log == ["first", "urgent", "a", "b", "late"]


async def test_one_that_gives_up_waiting_is_passed_over() -> None:
    turns, log = Turns(), list[str]()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_take(turns, 0, "first", log))
        given_up = tasks.create_task(_take(turns, 0, "given up", log))
        tasks.create_task(_take(turns, 0, "last", log))
        await asyncio.sleep(0.5)
        given_up.cancel()
    assert log == ["first", "last"]


async def test_a_turn_that_comes_while_its_taker_is_cancelled_is_passed_on() -> None:
    turns, log = Turns(), list[str]()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_take(turns, 0, "first", log))
        cancelled = tasks.create_task(_take(turns, 0, "cancelled", log))
        tasks.create_task(_take(turns, 0, "last", log))
        # Runs in the round in which the first one ends, after it passed its turn on.
        asyncio.get_running_loop().call_later(1, lambda: asyncio.get_running_loop().call_soon(cancelled.cancel))
    assert log in (["first", "last"], ["first", "cancelled", "last"])
    async with asyncio.timeout(5), turns.turn(0):
        pass
