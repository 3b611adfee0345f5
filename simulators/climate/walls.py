"""What separates rooms, by their rectangles: how long the walls are that they share, and which look outside.

Without a plan, a room is one of middling size with as much outer wall as such a room has.
"""

from math import fsum
from typing import Final

from simulators.climate.plan import RoomPlan

HEIGHT_M: Final = 2.5
INNER_W_PER_M2K: Final = 1.5
"""Light walls between rooms."""
OUTER_W_PER_M2K: Final = 0.35
ROOF_W_PER_M2K: Final = 0.25
GLASS_W_PER_M2K: Final = 1.3
UNPLANNED_INNER_W_PER_K: Final = 15.0
UNPLANNED_OUTER_W_PER_K: Final = 40.0
_TOUCH_M: Final = 0.3
"""As thick as a wall is that a plan may leave between two rooms."""


def shared_m(one: RoomPlan, other: RoomPlan) -> float | None:
    """The length of the wall between two rooms; None where a plan is missing."""
    if one.plan is None or other.plan is None:
        return None
    left, top, width, depth = one.plan
    left2, top2, width2, depth2 = other.plan
    across = _overlap(left, width, left2, width2)
    along = _overlap(top, depth, top2, depth2)
    if along > 0 and min(abs(left + width - left2), abs(left2 + width2 - left)) <= _TOUCH_M:
        return along
    if across > 0 and min(abs(top + depth - top2), abs(top2 + depth2 - top)) <= _TOUCH_M:
        return across
    return 0.0


def inner_w_per_k(one: RoomPlan, other: RoomPlan) -> float:
    """Through the wall between them, whether there is a door in it or not."""
    length = shared_m(one, other)
    if length is None:
        joined = other.name in one.neighbours or one.name in other.neighbours
        return UNPLANNED_INNER_W_PER_K if joined else 0.0
    return length * HEIGHT_M * INNER_W_PER_M2K


def outer_w_per_k(room: RoomPlan, others: list[RoomPlan]) -> float:
    """Through outer walls, roof and windows, with everything shut."""
    if room.plan is None:
        return UNPLANNED_OUTER_W_PER_K
    _, _, width, depth = room.plan
    indoors = fsum(shared_m(room, other) or 0.0 for other in others if not other.open_air)
    glass_m2 = fsum(window.area for window in room.windows)
    wall_m2 = max(0.0, max(0.0, 2 * (width + depth) - indoors) * HEIGHT_M - glass_m2)
    return wall_m2 * OUTER_W_PER_M2K + room.area_m2 * ROOF_W_PER_M2K + glass_m2 * GLASS_W_PER_M2K


def _overlap(start: float, length: float, start2: float, length2: float) -> float:
    return min(start + length, start2 + length2) - max(start, start2)
