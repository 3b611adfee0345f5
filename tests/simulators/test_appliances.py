import asyncio
import random

import pytest

from simulators.appliances import AppliancePlan, work
from simulators.devices.metering_plug import MeteringPlug

FRIDGE = AppliancePlan.model_validate({"plug": "kitchen.fridge", "turns": [[15.0, 90.0], [30.0, 2.0]]})


async def test_a_fridge_works_in_turns_that_are_never_quite_alike_and_uses_what_it_uses() -> None:
    loop = asyncio.get_running_loop()
    plug = MeteringPlug(loop, on=True)
    turns: list[tuple[float, float]] = []
    plug.listen(lambda _: turns.append((loop.time(), plug.power_w)))
    life = loop.create_task(work(FRIDGE, plug, random.Random(1)))
    await asyncio.sleep(24 * 3600)
    life.cancel()
    await asyncio.wait((life,))
    assert 60 <= len(turns) <= 68
    assert {round(watts, -1) for _, watts in turns} == {90, 0}
    assert len({watts for _, watts in turns}) == len(turns)
    assert plug.energy_kwh == pytest.approx(24 * (90 + 2 * 2) / 3 / 1000, rel=0.1)


async def test_not_everything_begins_at_the_same_time() -> None:
    async def turns(seed: int) -> list[float]:
        loop = asyncio.get_running_loop()
        plug, began = MeteringPlug(loop, on=True), loop.time()
        times: list[float] = []
        plug.listen(lambda _: times.append(loop.time() - began))
        life = loop.create_task(work(FRIDGE, plug, random.Random(seed)))
        await asyncio.sleep(3600)
        life.cancel()
        await asyncio.wait((life,))
        return times

    assert (await turns(1))[1] != (await turns(2))[1] < 15 * 60 * 1.2
