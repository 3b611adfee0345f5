"""Walls, and how much of a radio signal they leave: a floor plan, places in it, and what is lost between two of them.

The multi-wall model of COST 231 (Digital mobile radio towards future generation systems, final report, 4.7): free
space, and so many decibels for each wall on the straight way. On top each two places have a shadow of their own, for
furniture and reflections, which the seed knows. Whoever stands in between is left out.
"""

import itertools
import math
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

_SAME_WALL_M: Final = 0.05
"""Two rooms' edges that are no farther apart are the two sides of one wall."""
_NEAREST_M: Final = 0.3
_SHADOW_DB: Final = 4.0
"""Standard deviation; measured in homes it is 2 to 6 dB."""


@dataclass(frozen=True, slots=True)
class Spot:
    """In metres: to the east, and to the south, of the plan's corner."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Outline:
    """A room as the plan has it."""

    west: float
    north: float
    width: float
    depth: float
    open_air: bool = False
    """It has a place and no walls: a terrace, a garden."""

    def contains(self, x: float, y: float) -> bool:
        return self.west <= x <= self.west + self.width and self.north <= y <= self.north + self.depth


@dataclass(frozen=True, slots=True)
class Between:
    """What is on the straight way from one place to another."""

    metres: float
    inner_walls: int
    outer_walls: int


@dataclass(frozen=True, slots=True)
class Band:
    """A radio's: how it weakens, and how weak it may be."""

    megahertz: float
    inner_wall_db: float
    outer_wall_db: float
    sent_dbm: float
    """With what an antenna within a device loses."""
    half_lost_dbm: float
    """So weak, one frame of two is lost."""
    slope_db: float
    """How far from there one frame of four is lost, or three."""


ZIGBEE_BAND: Final = Band(2440.0, 6.9, 12.0, 4.0, -94.0, 1.5)
ZWAVE_BAND: Final = Band(868.4, 4.5, 9.0, -3.0, -97.0, 1.5)
"""A house of brick: COST 231 has 6.9 dB for a heavy wall (3.4 dB for a light one) near 2 GHz; lower bands lose less.
What is sent and heard: data sheets of EFR32MG21 and ZGM130S, less 4 to 6 dB for antennas on small boards."""


class Building:
    def __init__(self, rooms: Mapping[str, Outline]) -> None:
        self._rooms = dict(rooms)

    def between(self, one: Spot, other: Spot) -> Between:
        """Crossing from room to room is an inner wall, into the open an outer one."""
        metres = math.dist((one.x, one.y), (other.x, other.y))
        inner = outer = 0
        cuts = self._cuts(one, other, _SAME_WALL_M / metres if metres else 1.0)
        for before, after in itertools.pairwise(cuts):
            here = self._inside(one, other, before)
            there = self._inside(one, other, after)
            if here != there:
                inner += here is not None and there is not None
                outer += here is None or there is None
        return Between(metres, inner, outer)

    def spot_in(self, room: str, rng: random.Random) -> Spot | None:
        """Somewhere in that room; None: it is not in the plan."""
        outline = self._rooms.get(room)
        if outline is None:
            return None
        # Not in a corner, and not in a wall.
        return Spot(
            outline.west + outline.width * rng.uniform(0.1, 0.9), outline.north + outline.depth * rng.uniform(0.1, 0.9)
        )

    def middle(self) -> Spot:
        """Of all that has walls."""
        rooms = [it for it in self._rooms.values() if not it.open_air] or list(self._rooms.values())
        west, east = min(it.west for it in rooms), max(it.west + it.width for it in rooms)
        north, south = min(it.north for it in rooms), max(it.north + it.depth for it in rooms)
        return Spot((west + east) / 2, (north + south) / 2)

    def _cuts(self, one: Spot, other: Spot, apart: float) -> list[float]:
        """One point of each stretch between two edges, as parts of the way from `one` to `other`."""
        crossed = sorted({0.0, 1.0, *self._edges(one, other)})
        ends = [crossed[0]]
        for at in crossed[1:]:
            if at - ends[-1] > apart:
                ends.append(at)
        ends[-1] = max(ends[-1], 1.0)
        return [0.0, *((a + b) / 2 for a, b in itertools.pairwise(ends)), 1.0]

    def _edges(self, one: Spot, other: Spot) -> Iterable[float]:
        dx, dy = other.x - one.x, other.y - one.y
        for room in self._rooms.values():
            if room.open_air:
                continue
            at = [(edge - one.x) / dx for edge in (room.west, room.west + room.width) if dx]
            at += [(edge - one.y) / dy for edge in (room.north, room.north + room.depth) if dy]
            yield from (it for it in at if 0.0 < it < 1.0)

    def _inside(self, one: Spot, other: Spot, at: float) -> str | None:
        """The room with walls that is there; None: the open."""
        x, y = one.x + (other.x - one.x) * at, one.y + (other.y - one.y) * at
        return next((name for name, it in self._rooms.items() if not it.open_air and it.contains(x, y)), None)


class Links:
    """How well those who stand in a building hear each other on one band."""

    def __init__(self, building: Building, band: Band, hub: Spot, seed: object) -> None:
        """`hub` is where the stick is; in the calls its name is empty."""
        self._building = building
        self._band = band
        self._spots: dict[str, Spot] = {"": hub}
        self._seed = seed
        self._pair = cache(self._computed)

    def put(self, name: str, spot: Spot) -> None:
        """There it stands, before anybody asks."""
        self._spots[name] = spot

    def rssi_dbm(self, one: str, other: str) -> float:
        """The same in both directions. One whose place nobody knows stands beside everybody."""
        return self._pair(*sorted((one, other)))[0]

    def loss(self, one: str, other: str) -> float:
        """The chance that one frame between the two is lost."""
        return self._pair(*sorted((one, other)))[1]

    def _computed(self, one: str, other: str) -> tuple[float, float]:
        band = self._band
        if one not in self._spots or other not in self._spots:
            return band.sent_dbm - free_space_db(band, 1.0), 0.0
        way = self._building.between(self._spots[one], self._spots[other])
        walls_db = way.inner_walls * band.inner_wall_db + way.outer_walls * band.outer_wall_db
        shadow_db = random.Random(f"{self._seed}:shadow:{one}:{other}").gauss(0.0, _SHADOW_DB)  # noqa: S311
        rssi_dbm = band.sent_dbm - free_space_db(band, way.metres) - walls_db - shadow_db
        return rssi_dbm, lost_at(band, rssi_dbm)


def free_space_db(band: Band, metres: float) -> float:
    """Friis: 20 log10(d) + 20 log10(f) - 27.55, in metres and megahertz."""
    return 20 * math.log10(max(metres, _NEAREST_M)) + 20 * math.log10(band.megahertz) - 27.55


def lost_at(band: Band, rssi_dbm: float) -> float:
    """The chance that a frame that is so weak is lost; nearly none, or nearly all, are certain."""
    margin = (rssi_dbm - band.half_lost_dbm) / band.slope_db
    lost = 1 / (1 + math.exp(min(50.0, margin * math.log(3))))
    return 0.0 if lost < _CERTAIN else 1.0 if lost > 1 - _CERTAIN else lost


_CERTAIN: Final = 0.0005
Loss = Callable[[str, str], float]
"""The chance that one frame between two, by their names, is lost."""
