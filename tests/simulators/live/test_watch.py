"""An eye on a world: what it tells whom, and how often."""

import asyncio
from typing import Any

from simulators.live.view import Views
from simulators.live.watch import LOOKS_EVERY_S, Watch, Watcher


class Sight:
    """What there is to see, and how often somebody looked."""

    def __init__(self) -> None:
        self.devices: dict[str, Any] = {"lamp": {"on": False}, "plug": {"on": False}}
        self.struck: list[str] = []
        self.looks = 0
        self.watch = Watch(self.look, lambda: {"home": "demo"}, lambda: {"now": 1})

    def look(self) -> Views:
        self.looks += 1
        return {"devices": {name: dict(it) for name, it in self.devices.items()}, "struck": list(self.struck)}


async def next_of(watcher: Watcher) -> tuple[str, Any]:
    await watcher.woken.wait()
    (event,) = watcher.take()
    return event


async def test_a_listener_begins_with_everything() -> None:
    sight = Sight()
    with sight.watch.watching() as watcher:
        assert await next_of(watcher) == (
            "snapshot",
            {"now": 1, "home": "demo", "devices": sight.devices, "struck": []},
        )


async def test_only_what_is_different_is_told() -> None:
    sight = Sight()
    with sight.watch.watching() as watcher:
        await next_of(watcher)
        sight.devices["lamp"]["on"] = True
        assert await next_of(watcher) == ("changed", {"now": 1, "devices": {"lamp": {"on": True}}})
        sight.struck.append("silent")
        assert await next_of(watcher) == ("changed", {"now": 1, "struck": ["silent"]})


async def test_many_changes_are_told_ten_times_a_second_at_most() -> None:
    sight = Sight()
    told = 0
    with sight.watch.watching() as watcher:
        await next_of(watcher)
        for number in range(1000):
            sight.devices["lamp"]["level"] = number
            await asyncio.sleep(0.001)
            if watcher.woken.is_set():
                watcher.take()
                told += 1
    assert 9 <= told <= 11


async def test_who_does_not_read_keeps_one_view_of_each_thing() -> None:
    sight = Sight()
    with sight.watch.watching() as slow, sight.watch.watching() as swift:
        await next_of(slow)
        await next_of(swift)
        for number in range(500):
            sight.devices["lamp"]["level"] = number
            await next_of(swift)
        assert slow.take() == [("changed", {"now": 1, "devices": {"lamp": {"on": False, "level": 499}}})]


async def test_what_was_undone_between_two_looks_is_not_left_as_it_was_in_the_snapshot() -> None:
    sight = Sight()
    with sight.watch.watching() as first:
        await next_of(first)
        sight.devices["lamp"]["on"] = True
        with sight.watch.watching() as second:
            _, snapshot = await next_of(second)
            assert snapshot["devices"]["lamp"] == {"on": True}
            sight.devices["lamp"]["on"] = False
            assert await next_of(second) == ("changed", {"now": 1, "devices": {"lamp": {"on": False}}})


async def test_nobody_looks_while_nobody_listens() -> None:
    sight = Sight()
    with sight.watch.watching() as watcher:
        await next_of(watcher)
    before = sight.looks
    await asyncio.sleep(100 * LOOKS_EVERY_S)
    assert sight.looks == before
