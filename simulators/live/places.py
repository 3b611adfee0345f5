"""Where devices hang in their rooms, so that each can be seen and none covers another."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Final

from simulators.live.rectangle import Point, Rectangle

APART_M: Final = 0.85
"""As wide as a device is drawn."""
DEEPER: Final = 1.3
"""So many times as deep: beneath it stands what it is called."""
MARGIN_M: Final = 0.42
HEAD_M: Final = 1.1
HEAD_WIDTH_M: Final = 2.7
"""In the north-west corner of a room stands what that is called."""
ROUNDS: Final = 300
BENDS: Final = 0.3
STEP_M: Final = 0.25


class Places:
    def __init__(self, rooms: Mapping[str, Rectangle]) -> None:
        self._rooms = rooms
        self._inside: dict[str, str] = {}
        self._wanted: dict[str, Point | None] = {}

    def put(self, device: str, room: str, wanted: Point | None) -> None:
        """None: anywhere in the room."""
        self._inside[device] = room
        self._wanted[device] = wanted

    def settled(self) -> dict[str, Point]:
        """All of them, each as near to where it was wanted as the others in its room let it be."""
        found: dict[str, Point] = {}
        for name, room in self._rooms.items():
            found |= _settled(room, {it: self._wanted[it] for it in self._wanted if self._inside[it] == name})
        return {device: found[device] for device in self._wanted}


def _settled(room: Rectangle, wanted: Mapping[str, Point | None]) -> dict[str, Point]:
    found: dict[str, Point] = {}
    for device, point in wanted.items():
        found[device] = _held(room, point or _free_slot(room, list(found.values())))
    for _ in range(ROUNDS):
        if not _push_apart(room, found):
            break
    return found


def _push_apart(room: Rectangle, found: dict[str, Point]) -> bool:
    """One round; whether any were too near to each other."""
    any_near = False
    for number, (one, other) in enumerate(itertools.combinations(found, 2)):
        a, b = found[one], found[other]
        lacks = APART_M - _apart(a, b)
        if lacks <= 0.01:
            continue
        any_near = True
        # Two at one place go apart in a direction that differs from pair to pair; a row along a wall is to bend.
        angle = math.atan2(b.y - a.y, b.x - a.x) + BENDS if a != b else number % 8 * math.pi / 4
        dx, dy = math.cos(angle) * lacks / 2, math.sin(angle) * lacks / 2 * DEEPER
        found[one] = _held(room, Point(a.x - dx, a.y - dy))
        found[other] = _held(room, Point(b.x + dx, b.y + dy))
    return any_near


def stand(room: Rectangle, taken: Sequence[Point]) -> Point:
    """Where somebody stands: as far as can be from everything and from the walls, and rather in the middle."""
    middle = room.middle

    def how_good(point: Point) -> tuple[float, float]:
        return round(_clearance(room, point, taken), 1), -math.dist((point.x, point.y), (middle.x, middle.y))

    return max(_points(room), key=how_good)


def _free_slot(room: Rectangle, taken: Sequence[Point]) -> Point:
    """The first place, as one reads, that nothing is at; the roomiest where all are taken."""
    points = [it for it in _points(room) if it.y >= min(room.y + HEAD_M, room.middle.y)]
    free = (it for it in points if all(_apart(it, at) >= APART_M for at in taken))
    return next(free, None) or max(points, key=lambda it: _clearance(room, it, taken))


def _held(room: Rectangle, point: Point) -> Point:
    """The nearest point that is well inside, and not where the room's name stands."""
    inside = room.held(point, MARGIN_M)
    if inside.x > room.x + HEAD_WIDTH_M or inside.y > room.y + HEAD_M:
        return inside
    return room.held(Point(inside.x, room.y + HEAD_M), MARGIN_M)


def _apart(one: Point, other: Point) -> float:
    return math.hypot(one.x - other.x, (one.y - other.y) / DEEPER)


def _points(room: Rectangle) -> list[Point]:
    """A grid over the room; its middle where it is too small for one."""
    columns = int((room.width - 2 * MARGIN_M) / STEP_M) + 1
    rows = int((room.depth - 2 * MARGIN_M) / STEP_M) + 1
    points = [
        Point(room.x + MARGIN_M + column * STEP_M, room.y + MARGIN_M + row * STEP_M)
        for row in range(rows)
        for column in range(columns)
    ]
    return points or [room.middle]


def _clearance(room: Rectangle, point: Point, taken: Sequence[Point]) -> float:
    walls = min(point.x - room.x, room.east - point.x, point.y - room.y - HEAD_M / 2, room.south - point.y)
    return min([walls, *(math.dist((point.x, point.y), (it.x, it.y)) for it in taken)])
