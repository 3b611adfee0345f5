"""What a page offers a hand can be done, all of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from simulators.cable import MemoryCable
from simulators.home import home_file, read_home
from simulators.live.looks import looks_of
from simulators.live.touch import touch_of
from simulators.world import World

DEMO = read_home(home_file("demo"))


@asynccontextmanager
async def a_demo() -> AsyncIterator[World]:
    world = World(DEMO, 1, still=True)
    async with world.running({radio: MemoryCable(f"sim://{radio}") for radio in world.dongles}):
        yield world


async def test_everything_that_is_offered_can_be_set() -> None:
    async with a_demo() as world:
        for name, placed in world.devices.items():
            for attribute, shape in touch_of(placed.device)["set"].items():
                values = {
                    "flag": ["false", "true"],
                    "choice": shape.get("values", []),
                    "text": ["1234"],
                    "number": [shape.get("lowest"), shape.get("highest")],
                }[shape["type"]]
                for value in values:
                    if attribute == "open" and value == "true" and placed.plan.kind == "lock":
                        world.do("set", name, "locked=false")
                    world.do("set", name, f"{attribute}={value}")


async def test_everything_that_is_offered_can_be_pressed() -> None:
    async with a_demo() as world:
        for name, placed in world.devices.items():
            touch = touch_of(placed.device)
            for button in touch["buttons"]:
                for gesture in touch["gestures"]:
                    world.do("press", name, button, gesture)


async def test_what_is_set_is_seen() -> None:
    async with a_demo() as world:
        world.do("set", "kitchen.light", "on=true")
        world.do("set", "hall.lock", "locked=false")
        world.do("set", "hall.lock", "open=true")
        world.do("press", "living.media", "2")
        world.do("set", "living.heating", "setpoint=23.5")
        assert looks_of(world.devices["kitchen.light"].device)["on"] is True
        assert looks_of(world.devices["hall.lock"].device)["open"] is True
        assert looks_of(world.devices["living.media"].device)["outlets"] == [False, True, False]
        assert looks_of(world.devices["living.heating"].device)["setpoint"] == 23.5
        assert looks_of(world.devices["living.lamp"].device)["color"] == "#ffc58f"
