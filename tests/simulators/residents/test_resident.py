import asyncio
import random
from itertools import pairwise

import pytest

from simulators.devices.device import CannotDo
from simulators.devices.sensors import DoorSensor, MotionSensor
from simulators.openings import Passages
from simulators.residents.resident import Resident
from simulators.residents.walking import NoWay, Surroundings

WAYS = [("hall", "kitchen"), ("hall", "living"), ("kitchen", "garden"), ("living", "garden")]


def _surroundings(*sensors: MotionSensor, door: DoorSensor | None = None) -> Surroundings:
    """The sensors are in the hall, the door is between it and the kitchen."""
    passages = Passages(WAYS)
    if door is not None:
        passages.make(("hall", "kitchen")).contacts.append(door)
    return Surroundings(passages, {"hall": sensors})


def test_the_way_is_the_shortest_and_of_two_the_same_each_time() -> None:
    surroundings = _surroundings()
    assert surroundings.way("hall", "garden") == ["kitchen", "garden"]
    assert surroundings.way("hall", "hall") == []


def test_where_no_way_leads_to_is_said_with_what_may_have_been_meant() -> None:
    surroundings = _surroundings()
    with pytest.raises(NoWay, match=r"no room 'island' to walk to; there are garden, hall, kitchen, living$"):
        surroundings.way("hall", "island")
    with pytest.raises(NoWay, match=r"no room 'kitchn' to walk to; did you mean 'kitchen'\? there are garden, hall"):
        surroundings.way("hall", "kitchn")
    with pytest.raises(NoWay, match="no way from hall to outside"):
        surroundings.way("hall", "outside")
    apart = Surroundings(Passages([("hall", "kitchen"), ("shed", "garden")]), {})
    with pytest.raises(NoWay, match="no way from hall to garden"):
        apart.way("hall", "garden")
    with pytest.raises(NoWay, match=r"no room 'kitchn' to walk to; there are studio$"):
        Surroundings(Passages([]), {}).way("studio", "kitchn")


async def test_two_walks_follow_one_another() -> None:
    resident = Resident("alex", "hall", _surroundings(), random.Random(1))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(resident.walk("garden"))
        tasks.create_task(resident.walk("living"))
    assert resident.room == "living"


async def test_somebody_who_sits_still_is_noticed_now_and_then() -> None:
    sensor = MotionSensor(asyncio.get_running_loop(), clear_after_s=10)
    seen: list[bool] = []
    sensor.listen(lambda _: seen.append(sensor.occupied))
    resident = Resident("alex", "hall", _surroundings(sensor), random.Random(1))
    life = asyncio.get_running_loop().create_task(resident.live([]))
    await asyncio.sleep(600)
    assert seen == [True]
    life.cancel()
    with pytest.raises(asyncio.CancelledError):
        await life


async def test_a_door_on_the_way_is_opened_and_closed() -> None:
    door = DoorSensor()
    positions: list[bool] = []
    door.listen(lambda _: positions.append(door.open))
    await Resident("alex", "kitchen", _surroundings(door=door), random.Random(1)).walk("hall")
    assert positions == [True, False]


@pytest.mark.parametrize("after_s", [0.5, 1.5, 3.0])
async def test_who_is_put_somewhere_else_on_the_way_stays_there_and_the_door_falls_shut(after_s: float) -> None:
    """Into a room from which no way leads to the one that was next."""
    door = DoorSensor()
    alex = Resident("alex", "kitchen", _surroundings(door=door), random.Random(1))
    walks = asyncio.get_running_loop().create_task(alex.walk("living"))
    follows = asyncio.get_running_loop().create_task(alex.walk("kitchen"))
    await asyncio.sleep(after_s)
    alex.step_into("garden")
    for walk in (walks, follows):
        with pytest.raises(CannotDo, match=r"alex walks to (living|kitchen) no more, and is in garden"):
            await walk
    assert (alex.room, door.open) == ("garden", False)
    await alex.walk("kitchen")
    assert alex.room == "kitchen"


async def test_a_routine_is_done_over_and_over_again_with_pauses_that_are_not_exact() -> None:
    loop = asyncio.get_running_loop()
    times: list[float] = []

    async def note() -> None:
        times.append(loop.time())

    resident = Resident("alex", "hall", _surroundings(), random.Random(1))
    life = loop.create_task(resident.live([(lambda: resident.pause(10), note)]))
    await asyncio.sleep(100)
    life.cancel()
    with pytest.raises(asyncio.CancelledError):
        await life
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert all(8 <= pause <= 12 for pause in pauses)
    assert len(set(pauses)) == len(pauses) >= 7
