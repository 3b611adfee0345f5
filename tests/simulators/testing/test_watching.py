import asyncio
from collections.abc import Awaitable, Callable

import pytest

from simulators.testing.watched_loop import WatchedLoop
from simulators.testing.watching import comes_true


def on_a_watched_loop(main: Callable[[WatchedLoop], Awaitable[None]]) -> WatchedLoop:
    loop = WatchedLoop(1)

    async def run() -> None:
        await main(loop)

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(run())
        assert loop.unretrieved() == []
    return loop


def test_what_becomes_so_is_seen_in_the_instant_in_which_it_does() -> None:
    async def main(loop: WatchedLoop) -> None:
        lit: list[int] = []
        loop.call_later(0.123, lit.append, 1)
        assert await comes_true(loop, lambda: bool(lit), 1.0)
        assert loop.time() == 0.123

    on_a_watched_loop(main)


def test_the_last_instant_counts_and_what_comes_after_does_not() -> None:
    async def main(loop: WatchedLoop) -> None:
        lit: list[int] = []
        # In this order, so that time is up before it becomes so, in the same instant.
        waiting = comes_true(loop, lambda: bool(lit), 1.0)
        loop.call_later(0.0, lambda: loop.call_later(1.0, lit.append, 1))
        assert await waiting
        assert not await comes_true(loop, lambda: len(lit) > 1, 1.0)
        assert loop.time() == 2.0

    on_a_watched_loop(main)


def test_what_somebody_does_who_wakes_up_in_the_last_instant_counts() -> None:
    async def main(loop: WatchedLoop) -> None:
        lit: list[int] = []

        async def lights() -> None:
            await asyncio.sleep(1.0)
            lit.append(1)

        task = loop.create_task(lights())
        assert await comes_true(loop, lambda: bool(lit), 1.0)
        assert loop.time() == 1.0
        await task

    on_a_watched_loop(main)


def test_what_moves_evenly_is_looked_at_though_nothing_happens() -> None:
    async def main(loop: WatchedLoop) -> None:
        loop.call_later(10.0, lambda: None)
        assert await comes_true(loop, lambda: loop.time() >= 0.5, 10.0, moving=lambda: True)
        assert loop.time() == pytest.approx(0.5, abs=0.01)

    on_a_watched_loop(main)


def test_an_error_of_what_is_asked_is_raised_where_somebody_waits() -> None:
    async def main(loop: WatchedLoop) -> None:
        asked = []

        def fails() -> bool:
            asked.append(1)
            if len(asked) > 1:
                raise LookupError("no such thing")
            return False

        with pytest.raises(LookupError):
            await comes_true(loop, fails, 1.0)

    on_a_watched_loop(main)


def test_nobody_looks_any_more_when_the_wait_is_over() -> None:
    async def main(loop: WatchedLoop) -> None:
        asked: list[float] = []

        def ask() -> bool:
            asked.append(loop.time())
            return False

        assert not await comes_true(loop, ask, 0.5)
        count = len(asked)
        await asyncio.sleep(1.0)
        assert len(asked) == count

    on_a_watched_loop(main)


def test_a_run_that_is_watched_is_the_run_that_is_not() -> None:
    def order(seed: int, *, watched: bool) -> list[int]:
        loop = WatchedLoop(seed)
        done: list[int] = []

        async def one(number: int) -> None:
            for _ in range(3):
                await asyncio.sleep(0.1)
                done.append(number)

        async def main() -> None:
            if watched:
                loop.watch(lambda: None)
            async with asyncio.TaskGroup() as tasks:
                for number in range(5):
                    tasks.create_task(one(number))

        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(main())
        return done

    assert order(3, watched=True) == order(3, watched=False) != order(4, watched=False)
