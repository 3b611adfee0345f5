"""What hangs on a plug and works in turns by itself: a fridge, a freezer, a pump."""

import asyncio
import random
from typing import Annotated

from pydantic import Field

from simulators.devices.metering_plug import MeteringPlug
from simulators.house_table import HouseTable

Turn = Annotated[list[Annotated[float, Field(ge=0, le=10_000)]], Field(min_length=2, max_length=2)]
"""Minutes, and W."""
_SHORTEST_S = 1.0
_VARIES = 0.12
"""By how much of itself a turn's length differs, and by a third of that its power."""


class AppliancePlan(HouseTable):
    plug: str = Field(description="the device of kind `plug` that it hangs on")
    turns: list[Turn] = Field(min_length=1, max_length=20, description="[minutes, W] of each turn, over and over again")


async def work(plan: AppliancePlan, plug: MeteringPlug, rng: random.Random) -> None:
    """From somewhere in a turn on."""
    waited = rng.random()
    while True:
        for minutes, watts in plan.turns:
            plug.load(watts * rng.uniform(1 - _VARIES / 3, 1 + _VARIES / 3))
            seconds = minutes * 60 * rng.uniform(1 - _VARIES, 1 + _VARIES) * waited
            waited = 1.0
            await asyncio.sleep(max(_SHORTEST_S, seconds))
