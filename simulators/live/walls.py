"""Where there is room in the walls of a floor plan: for the doors between rooms, and for those and windows outwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from simulators.live.rectangle import TOUCH_M, Point, Rectangle

DOOR_M: Final = 0.9
EAST_WEST: Final = "x"
NORTH_SOUTH: Final = "y"


@dataclass(frozen=True, slots=True)
class Opening:
    """A place for a door or a window: its middle, and how the wall runs that it is in; None where there is no wall."""

    at: Point
    along: str | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of wall, `along` from `start` to `end`; `across` is its other coordinate."""

    along: str
    across: float
    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start

    def opening(self, part: float = 0.5) -> Opening:
        """In that part of its length, 0 to 1."""
        middle = self.start + self.length * part
        at = Point(middle, self.across) if self.along == EAST_WEST else Point(self.across, middle)
        return Opening(at, self.along)


def between(one: Rectangle, other: Rectangle) -> Opening:
    """Where the door is from one room to another."""
    shared = _shared(one, other)
    if shared is not None:
        return shared.opening()
    a, b = one.middle, other.middle
    return Opening(Point((a.x + b.x) / 2, (a.y + b.y) / 2), None)


def sides(room: Rectangle) -> dict[str, Stretch]:
    """By where they look."""
    return {
        "south": Stretch(EAST_WEST, room.south, room.x, room.east),
        "west": Stretch(NORTH_SOUTH, room.x, room.y, room.south),
        "east": Stretch(NORTH_SOUTH, room.east, room.y, room.south),
        "north": Stretch(EAST_WEST, room.y, room.x, room.east),
    }


def outer_pieces(room: str, rooms: Mapping[str, Rectangle], taken: Sequence[Point] = ()) -> dict[str, list[Stretch]]:
    """By where they look: the pieces of each wall behind which there is no room, and where nothing `taken` is."""
    found = {}
    for facing, side in sides(rooms[room]).items():
        beyond = [it for name, it in rooms.items() if name != room and _stands_at(it, side)]
        doors = [_around(it) for it in taken if _stands_at(_around(it), side)]
        found[facing] = [piece for piece in _without(side, [*beyond, *doors]) if piece.length >= DOOR_M]
    return found


def nearest(room: Rectangle, point: Point) -> Opening:
    """In the wall of the room that is nearest to the point."""
    side = min(sides(room).values(), key=lambda it: abs(_across(it, point) - it.across))
    middle = max(side.start, min(side.end, point.x if side.along == EAST_WEST else point.y))
    return Opening(Point(middle, side.across) if side.along == EAST_WEST else Point(side.across, middle), side.along)


def _shared(one: Rectangle, other: Rectangle) -> Stretch | None:
    """The longest piece of wall that both have, where a door fits into it."""
    found = []
    for near, far in ((one, other), (other, one)):
        if abs(near.south - far.y) <= TOUCH_M:
            found.append(Stretch(EAST_WEST, (near.south + far.y) / 2, max(one.x, other.x), min(one.east, other.east)))
        if abs(near.east - far.x) <= TOUCH_M:
            found.append(
                Stretch(NORTH_SOUTH, (near.east + far.x) / 2, max(one.y, other.y), min(one.south, other.south))
            )
    wide = [it for it in found if it.length >= DOOR_M]
    return max(wide, key=lambda it: it.length) if wide else None


def _around(point: Point) -> Rectangle:
    """As wide as a door."""
    return Rectangle(point.x - DOOR_M / 2, point.y - DOOR_M / 2, DOOR_M, DOOR_M)


def _across(side: Stretch, point: Point) -> float:
    return point.y if side.along == EAST_WEST else point.x


def _stands_at(room: Rectangle, side: Stretch) -> bool:
    """Whether it is on the wall's line, on either side of it."""
    low, high = (room.y, room.south) if side.along == EAST_WEST else (room.x, room.east)
    return low - TOUCH_M <= side.across <= high + TOUCH_M


def _without(side: Stretch, rooms: Sequence[Rectangle]) -> list[Stretch]:
    """What is left of it where those rooms do not stand."""
    left, start = [], side.start
    taken = [(it.x, it.east) if side.along == EAST_WEST else (it.y, it.south) for it in rooms]
    for low, high in sorted(taken):
        left.append(Stretch(side.along, side.across, start, min(low, side.end)))
        start = max(start, high)
    left.append(Stretch(side.along, side.across, start, side.end))
    return [it for it in left if it.length > 0]
