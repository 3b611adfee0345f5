"""Where a home's file says that its devices hang, as radio needs it: the building, the hub's place, each device's."""

import random
from collections.abc import Callable

from simulators.building import Building, Outline, Spot
from simulators.dongle import Ground
from simulators.home import DevicePlan, HomePlan


def ground_of(plan: HomePlan) -> Ground | None:
    """None: no room is in the plan, and everybody hears everybody."""
    outlines = {room.name: _outline(room.plan, room.open_air) for room in plan.room if room.plan is not None}
    if not outlines:
        return None
    building = Building(outlines)
    return Ground(building, building.middle() if plan.hub is None else Spot(plan.hub[0], plan.hub[1]))


def _outline(rectangle: list[float], open_air: bool) -> Outline:
    west, north, width, depth = rectangle
    return Outline(west, north, width, depth, open_air)


def spot_of(ground: Ground | None, plan: DevicePlan, rng: Callable[[str], random.Random]) -> Spot | None:
    """Where its file says, or somewhere in its room; None: it is in no room of the plan."""
    if ground is None:
        return None
    if plan.at is not None:
        return Spot(plan.at[0], plan.at[1])
    return ground.building.spot_in(plan.place, rng(f"spot:{plan.name}"))
