"""Rooms of which nobody said where they are, put beside those to which they have a way.

The room with the most ways is the hall: its neighbours stand north and south of it, theirs behind them, as wide as
everything that is behind them needs. So whoever is behind a room shares a wall with it. Ways that close a circle may
end up without a wall in common. What has no way to the rest, but through the open, stands apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from simulators.live.rectangle import Rectangle

ROOM_WIDTH_M: Final = 4.0
ROOM_DEPTH_M: Final = 3.5
HALL_DEPTH_M: Final = 2.5
APART_M: Final = 1.5

Ways = Mapping[str, Sequence[str]]
"""By room: those to which there is a way, in the order of the home's file."""


def lay_out(rooms: Sequence[str], ways: Ways, x: float = 0.0, y: float = 0.0) -> dict[str, Rectangle]:
    """A rectangle for each room, from the corner at `x`, `y` on."""
    found: dict[str, Rectangle] = {}
    for first in rooms:
        if first in found:
            continue
        together = _reached(first, rooms, ways)
        block = _block(together, ways)
        around = Rectangle.around(block.values())
        for name, it in block.items():
            found[name] = Rectangle(it.x - around.x + x, it.y - around.y + y, it.width, it.depth)
        x += around.width + APART_M
    return {name: found[name] for name in rooms}


@dataclass(slots=True)
class _Branch:
    """A room, and what is behind it."""

    room: str
    behind: "list[_Branch]" = field(default_factory=list)

    @property
    def width(self) -> float:
        return max(ROOM_WIDTH_M, sum(it.width for it in self.behind))


def _reached(first: str, rooms: Sequence[str], ways: Ways) -> list[str]:
    reached, waiting = {first}, [first]
    while waiting:
        for other in ways.get(waiting.pop(), ()):
            if other in rooms and other not in reached:
                reached.add(other)
                waiting.append(other)
    return [room for room in rooms if room in reached]


def _block(rooms: Sequence[str], ways: Ways) -> dict[str, Rectangle]:
    """Of rooms that have a way to each other."""
    inside = {room: [other for other in ways.get(room, ()) if other in rooms] for room in rooms}
    hall = max(rooms, key=lambda room: len(inside[room]))
    north, south = _halves(_beside_each_other(_tree(hall, inside).behind, inside))
    width = max(ROOM_WIDTH_M, _width(north), _width(south))
    depth = HALL_DEPTH_M if width > ROOM_WIDTH_M else ROOM_DEPTH_M
    found = {hall: Rectangle(0.0, 0.0, width, depth)}
    _put(north, Rectangle(0.0, -ROOM_DEPTH_M, width, ROOM_DEPTH_M), -ROOM_DEPTH_M, found)
    _put(south, Rectangle(0.0, depth, width, ROOM_DEPTH_M), ROOM_DEPTH_M, found)
    return found


def _tree(hall: str, ways: Ways) -> _Branch:
    root = _Branch(hall)
    known, waiting = {hall}, [root]
    while waiting:
        branch = waiting.pop(0)
        for other in ways[branch.room]:
            if other not in known:
                known.add(other)
                branch.behind.append(_Branch(other))
        waiting += branch.behind
    return root


def _beside_each_other(branches: Sequence[_Branch], ways: Ways) -> list[_Branch]:
    """In an order in which one that has a way to another comes next to it, as far as that goes."""
    left = list(branches)
    ordered: list[_Branch] = []
    while left:
        last = ordered[-1].room if ordered else None
        following = next((it for it in left if last is not None and it.room in ways[last]), left[0])
        left.remove(following)
        ordered.append(following)
    return ordered


def _halves(branches: Sequence[_Branch]) -> tuple[list[_Branch], list[_Branch]]:
    first: list[_Branch] = []
    for number, branch in enumerate(branches):
        if first and _width(first) + branch.width / 2 > _width(branches) / 2:
            return first, list(branches[number:])
        first.append(branch)
    return first, []


def _width(branches: Sequence[_Branch]) -> float:
    return sum(it.width for it in branches)


def _put(branches: Sequence[_Branch], row: Rectangle, step: float, found: dict[str, Rectangle]) -> None:
    """Fill the row with them, and the rows behind it with what is behind them."""
    x = row.x
    for branch in branches:
        width = row.width * branch.width / _width(branches)
        found[branch.room] = Rectangle(x, row.y, width, row.depth)
        _put(branch.behind, Rectangle(x, row.y + step, width, row.depth), step, found)
        x += width
