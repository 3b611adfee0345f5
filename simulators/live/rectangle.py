"""Rectangles on a floor plan: x to the east, y to the south, in metres."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

TOUCH_M: Final = 0.3
"""As thick as a wall is that a plan may leave between two rooms."""


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float

    def to_json(self) -> list[float]:
        return [round(self.x, 2), round(self.y, 2)]


@dataclass(frozen=True, slots=True)
class Rectangle:
    x: float
    y: float
    width: float
    depth: float

    @property
    def east(self) -> float:
        return self.x + self.width

    @property
    def south(self) -> float:
        return self.y + self.depth

    @property
    def middle(self) -> Point:
        return Point(self.x + self.width / 2, self.y + self.depth / 2)

    def held(self, point: Point, margin: float) -> Point:
        """The nearest point inside that keeps away from the walls, as far as the room is wide enough for it."""
        return Point(
            _between(point.x, self.x, self.east, min(margin, self.width / 2)),
            _between(point.y, self.y, self.south, min(margin, self.depth / 2)),
        )

    def to_json(self) -> list[float]:
        return [round(it, 2) for it in (self.x, self.y, self.width, self.depth)]

    @classmethod
    def around(cls, rectangles: Iterable[Self]) -> "Rectangle":
        """All of them, of which there is one at least."""
        every = list(rectangles)
        x, y = min(it.x for it in every), min(it.y for it in every)
        return Rectangle(x, y, max(it.east for it in every) - x, max(it.south for it in every) - y)


def _between(value: float, start: float, end: float, margin: float) -> float:
    return max(start + margin, min(end - margin, value))
