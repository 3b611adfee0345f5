"""The worst day: all of it happens, and a hub that goes through it believes at its end what is so."""

import asyncio
from typing import Any

import pytest

from simulators.cable import MemoryCable
from simulators.home import home_file, read_home
from simulators.world import World, physical_state
from tests.helpers.a_site import a_site

HOUR_S = 3600.0
CALLED = {"wet": "leak"}
"""What the hub calls an attribute."""
SAME = ("on", "open", "locked", "occupied", "smoke", "wet")


async def test_everything_in_its_script_can_be_done_but_to_leave_by_a_jammed_door() -> None:
    world = World(read_home(home_file("worst_day")), 1)
    happened: list[str] = []
    for name in ("hall.door", "living.window", "kitchen.smoke", "cellar.leak"):
        world.devices[name].device.listen(lambda attribute, name=name: happened.append(f"{name} {attribute}"))  # type: ignore[misc]
    async with world.running({radio: MemoryCable(f"sim://{radio}") for radio in world.dongles}):
        await asyncio.sleep(23.5 * HOUR_S)
    assert [trouble.split(": ", 1)[1] for trouble in world.troubles] == [
        "go_out eva: eva cannot get from hall to outside: the lock is jammed"
    ]
    assert world.whereabouts() == {"ida": "bedroom", "olof": "bedroom", "eva": "outside", "nils": "outside"}
    for once in ("kitchen.smoke smoke", "cellar.leak wet"):
        assert happened.count(once) == 2
    assert happened.count("living.window open") == 4


def _differs(state: dict[str, Any], believed: dict[str, Any]) -> list[str]:
    told = {name: state[name] for name in SAME if name in state}
    return [f"{name} is {value}" for name, value in told.items() if believed.get(CALLED.get(name, name)) != value]


@pytest.mark.parametrize("seed", [1])
async def test_a_hub_that_goes_through_it_believes_at_its_end_what_is_so(seed: int) -> None:
    async with a_site("worst_day", seed=seed, cuts=False) as site:
        await site.settle()
        await asyncio.sleep(24.5 * HOUR_S - asyncio.get_running_loop().time())
        believed = site.picture()
        wrong = {
            name: found
            for name, placed in site.world.devices.items()
            if placed.plan.kind != "siren" and (found := _differs(physical_state(placed.device), believed[name]))
        }
        assert wrong == {}
