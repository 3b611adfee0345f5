import asyncio
from collections.abc import AsyncIterator

import pytest

from simulators import virtual_time
from simulators.virtual_time import (
    Deadlock,
    LeftBehind,
    OutsideTheSimulation,
    TooManySteps,
    VirtualTimeLoop,
    run_virtual,
)


async def test_a_sleep_takes_exactly_its_seconds_of_the_loops_clock() -> None:
    loop = asyncio.get_running_loop()
    before = loop.time()
    await asyncio.sleep(86_400)
    assert isinstance(loop, VirtualTimeLoop)
    assert loop.time() - before == 86_400


@pytest.mark.real_time
async def test_a_test_marked_real_time_runs_on_the_real_loop() -> None:
    assert not isinstance(asyncio.get_running_loop(), VirtualTimeLoop)


async def test_timers_of_one_instant_fire_in_the_order_of_their_making() -> None:
    loop = asyncio.get_running_loop()
    fired: list[int] = []
    for number in range(20):
        loop.call_at(loop.time() + 1, fired.append, number)
    await asyncio.sleep(1)
    assert fired == list(range(20))


async def test_a_cancelled_timer_never_fires_even_after_the_heap_was_swept() -> None:
    loop = asyncio.get_running_loop()
    fired: list[int] = []
    timers = [loop.call_later(number + 1, fired.append, number) for number in range(1000)]
    for timer in timers[:-1]:
        timer.cancel()
    await asyncio.sleep(2000)
    assert fired == [999]


def test_tasks_that_wait_for_one_another_are_a_deadlock_that_names_them() -> None:
    async def main() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Deadlock, match=r"main at .*test_virtual_time\.py:\d+|wait at .*locks\.py"):
        run_virtual(main)


def test_a_run_that_goes_nowhere_is_stopped_by_its_bound() -> None:
    async def main() -> None:
        for _ in range(2000):
            await asyncio.sleep(0)

    with pytest.raises(TooManySteps):
        run_virtual(main, max_steps=1000)


def test_the_longer_a_run_lasts_the_more_callbacks_it_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virtual_time, "STEPS_MAX", 100)

    async def every(seconds: float) -> None:
        for _ in range(200):
            await asyncio.sleep(seconds)

    run_virtual(lambda: every(10))
    with pytest.raises(TooManySteps):
        run_virtual(lambda: every(1e-6))


def test_nothing_is_asked_of_a_loop_that_is_closed() -> None:
    loop = VirtualTimeLoop()
    loop.close()
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_soon(print)
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_later(1, print)


async def test_what_is_cancelled_before_its_turn_is_not_called() -> None:
    loop = asyncio.get_running_loop()
    called: list[int] = []
    loop.call_soon(called.append, 1)
    loop.call_soon(called.append, 2).cancel()
    loop.call_soon(called.append, 3)
    await asyncio.sleep(1)
    assert called == [1, 3]


async def test_two_timers_alike_are_two() -> None:
    loop = asyncio.get_running_loop()
    fired: list[int] = []
    timers = {loop.call_at(5, fired.append, 1), loop.call_at(5, fired.append, 1)}
    assert len(timers) == 2
    await asyncio.sleep(5)
    assert fired == [1, 1]


def test_a_task_left_alive_at_the_end_fails_the_run() -> None:
    async def main() -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(asyncio.sleep(5), name="straggler")

    with pytest.raises(LeftBehind, match="straggler"):
        run_virtual(main)


def test_an_exception_that_nobody_retrieved_fails_the_run() -> None:
    async def fail() -> None:
        raise ValueError("nobody looks at me")

    async def main() -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(fail())
        await asyncio.sleep(1)
        return task

    with pytest.raises(LeftBehind, match="nobody looks at me"):
        run_virtual(main)


def test_a_future_whose_exception_nobody_retrieved_fails_the_run_however_many_came_after_it() -> None:
    async def main() -> asyncio.Future[None]:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.set_exception(ValueError("nobody looks at me"))
        for _ in range(10_000):
            asyncio.get_running_loop().create_future()
        return future

    with pytest.raises(LeftBehind, match="nobody looks at me"):
        run_virtual(main)


def test_a_generator_that_is_left_to_the_collector_fails_the_run() -> None:
    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(1)

    async def main() -> None:
        async for number in numbers():
            assert number == 1
            break
        await asyncio.sleep(10)

    with pytest.raises(LeftBehind, match="numbers was not closed"):
        run_virtual(main)


def test_an_exception_in_a_callback_fails_the_run() -> None:
    async def main() -> None:
        asyncio.get_running_loop().call_soon(int, "no number")
        await asyncio.sleep(1)

    with pytest.raises(LeftBehind, match="no number"):
        run_virtual(main)


async def test_an_executor_runs_its_function_here_and_now() -> None:
    loop = asyncio.get_running_loop()
    assert await loop.run_in_executor(None, divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await loop.run_in_executor(None, divmod, 7, 0)


async def test_sockets_resolvers_and_readers_are_outside_the_simulation() -> None:
    loop = asyncio.get_running_loop()
    with pytest.raises(OutsideTheSimulation):
        loop.add_reader(0, print)
    with pytest.raises(OutsideTheSimulation):
        loop.add_writer(0, print)
    with pytest.raises(OutsideTheSimulation):
        await loop.create_connection(asyncio.Protocol, "localhost", 1)


async def test_another_thread_is_outside_the_simulation() -> None:
    from concurrent.futures import ThreadPoolExecutor  # noqa: TID251 - it is what is outside

    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as pool, pytest.raises(OutsideTheSimulation):
        pool.submit(loop.call_soon_threadsafe, print).result()


def _order_of_ten_tasks(seed: object) -> list[int]:
    async def main() -> list[int]:
        order: list[int] = []

        async def note(number: int) -> None:
            await asyncio.sleep(1)
            order.append(number)

        async with asyncio.TaskGroup() as tasks:
            for number in range(10):
                tasks.create_task(note(number))
        return order

    return run_virtual(main, seed=seed)


def test_without_a_seed_tasks_run_in_the_order_of_their_making() -> None:
    assert _order_of_ten_tasks(None) == list(range(10))


def test_a_seed_shuffles_the_tasks_and_another_seed_shuffles_them_otherwise() -> None:
    orders = {tuple(_order_of_ten_tasks(seed)) for seed in range(5)}
    assert len(orders) == 5
    assert _order_of_ten_tasks(3) == _order_of_ten_tasks(3)


def test_a_seed_leaves_plain_callbacks_in_their_order() -> None:
    async def main() -> list[int]:
        order: list[int] = []
        for number in range(20):
            asyncio.get_running_loop().call_soon(order.append, number)
        await asyncio.sleep(0.1)
        return order

    assert run_virtual(main, seed=1) == list(range(20))


def test_a_group_cancels_its_tasks_in_the_order_of_their_making() -> None:
    """asyncio keeps them in a set: with tasks hashed by address the order would change from run to run."""

    async def main() -> list[int]:
        cancelled: list[int] = []

        async def wait(number: int) -> None:
            try:
                await asyncio.sleep(1000)
            finally:
                cancelled.append(number)

        async def fail() -> None:
            await asyncio.sleep(1)
            raise LookupError

        async def group() -> None:
            async with asyncio.TaskGroup() as tasks:
                for number in range(50):
                    tasks.create_task(wait(number))
                tasks.create_task(fail())

        with pytest.raises(ExceptionGroup):
            await group()
        return cancelled

    assert run_virtual(main) == list(range(50))


def test_a_task_is_named_by_its_number_in_the_run() -> None:
    async def main() -> str:
        async with asyncio.TaskGroup() as tasks:
            return tasks.create_task(asyncio.sleep(0)).get_name()

    assert run_virtual(main) == run_virtual(main) == "Task-2"
