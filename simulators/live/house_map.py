"""Where everything of a home is on paper: rooms, doors, windows, devices, and where people stand.

What the home's file says of it counts. The rest is put somewhere sensible, the same each time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from simulators.climate.plan import OUTSIDE
from simulators.home import DevicePlan, HomePlan
from simulators.live.layout import APART_M, lay_out
from simulators.live.places import Places, stand
from simulators.live.rectangle import Point, Rectangle
from simulators.live.walls import Opening, between, nearest, outer_pieces

OUTSIDE_DEPTH_M: Final = 1.6
OUTSIDE_APART_M: Final = 0.5
_FACING_ORDER: Final = ("south", "west", "east", "north")

Pair = tuple[str, str]
"""The rooms on both sides of a door, by name."""
Spots = Callable[[DevicePlan], Point | None]
"""Where a device really is, if it is somewhere."""


@dataclass(frozen=True, slots=True)
class HouseMap:
    bounds: Rectangle
    rooms: Mapping[str, Rectangle]
    """With the outside, a strip south of the house."""
    doors: Mapping[Pair, Opening]
    windows: Mapping[str, Sequence[Opening | None]]
    """By room, in the order of the home's file; None where there is no wall for one."""
    devices: Mapping[str, Point]
    people: Mapping[str, Point]
    """By room."""

    def to_json(self) -> dict[str, Any]:
        return {
            "bounds": self.bounds.to_json(),
            "rooms": {name: it.to_json() for name, it in self.rooms.items()},
            "doors": {door_name(pair): opening_json(it) for pair, it in self.doors.items()},
            "windows": {
                room: [None if it is None else opening_json(it) for it in windows]
                for room, windows in self.windows.items()
            },
            "devices": {name: it.to_json() for name, it in self.devices.items()},
            "people": {room: it.to_json() for room, it in self.people.items()},
        }


def door_name(pair: Sequence[str]) -> str:
    """Names of rooms have no hyphen."""
    return "-".join(sorted(pair))


def opening_json(opening: Opening) -> dict[str, Any]:
    return {"at": opening.at.to_json(), "along": opening.along}


def house_map(plan: HomePlan, spots: Spots) -> HouseMap:
    indoors = _rooms(plan)
    house = Rectangle.around(indoors.values())
    strip = Rectangle(house.x, house.south + OUTSIDE_APART_M, house.width, OUTSIDE_DEPTH_M)
    rooms = {**indoors, OUTSIDE: strip}
    doors = _doors(plan, indoors)
    windows = {room.name: _windows(plan, room.name, indoors, doors) for room in plan.room}
    places = Places(rooms)
    for device in plan.device:
        places.put(device.name, device.place, _wanted(plan, device, doors, windows, spots))
    devices = places.settled()
    openings = [it.at for it in doors.values()]
    people = {name: stand(room, [*devices.values(), *openings]) for name, room in rooms.items()}
    return HouseMap(Rectangle.around([house, strip]), rooms, doors, windows, devices, people)


def _rooms(plan: HomePlan) -> dict[str, Rectangle]:
    known = {room.name: Rectangle(*room.plan) for room in plan.room if room.plan is not None}
    unknown = [room.name for room in plan.room if room.plan is None]
    if not unknown:
        return known
    ways: dict[str, list[str]] = {room.name: [] for room in plan.room}
    for one, other in _pairs(plan):
        if OUTSIDE not in (one, other):
            ways[one].append(other)
            ways[other].append(one)
    house = Rectangle.around(known.values()) if known else None
    corner = (0.0, 0.0) if house is None else (house.east + APART_M, house.y)
    laid = lay_out(unknown, ways, *corner)
    return {room.name: known.get(room.name) or laid[room.name] for room in plan.room}


def _pairs(plan: HomePlan) -> Iterator[Pair]:
    """Every way of the home once, in the order of its file."""
    seen = set()
    told = [(room.name, other) for room in plan.room for other in room.neighbours]
    told += [(door.between[0], door.between[1]) for door in plan.door]
    told += [(device.between[0], device.between[1]) for device in plan.device if device.between]
    for one, other in told:
        pair = (one, other) if one < other else (other, one)
        if pair not in seen:
            seen.add(pair)
            yield pair


def _doors(plan: HomePlan, rooms: Mapping[str, Rectangle]) -> dict[Pair, Opening]:
    found: dict[Pair, Opening] = {}
    for pair in _pairs(plan):
        inside = next(name for name in pair if name != OUTSIDE)
        hangs = [device.at for device in plan.device if device.at is not None and sorted(device.between) == [*pair]]
        if hangs:
            found[pair] = nearest(rooms[inside], Point(*hangs[0]))
        elif OUTSIDE not in pair:
            found[pair] = between(rooms[pair[0]], rooms[pair[1]])
    for pair in _pairs(plan):
        if pair not in found:
            inside = next(name for name in pair if name != OUTSIDE)
            found[pair] = _door_out(plan, inside, rooms, [it.at for it in found.values()])
    return {pair: found[pair] for pair in _pairs(plan)}


def _door_out(plan: HomePlan, room: str, rooms: Mapping[str, Rectangle], taken: Sequence[Point]) -> Opening:
    """Through a wall behind which there is nothing, or else a garden."""
    walled = {it.name: rooms[it.name] for it in plan.room if not it.open_air or it.name == room}
    for others in (rooms, walled):
        pieces = outer_pieces(room, others, taken)
        for facing in _FACING_ORDER:
            if pieces[facing]:
                return max(pieces[facing], key=lambda it: it.length).opening()
    return Opening(rooms[room].middle, None)


def _windows(
    plan: HomePlan, name: str, rooms: Mapping[str, Rectangle], doors: Mapping[Pair, Opening]
) -> list[Opening | None]:
    room = next(it for it in plan.room if it.name == name)
    found: list[Opening | None] = []
    contacts = {device.name: device.at for device in plan.device}
    for window in room.windows:
        hangs = contacts.get(window.contact or "")
        if hangs is not None:
            found.append(nearest(rooms[name], Point(*hangs)))
            continue
        taken = [*doors.values(), *(it for it in found if it is not None)]
        pieces = outer_pieces(name, rooms, [it.at for it in taken])
        facings = sorted(_FACING_ORDER, key=lambda it: it not in window.faces)
        piece = next((max(pieces[it], key=lambda it: it.length) for it in facings if pieces[it]), None)
        found.append(None if piece is None else piece.opening())
    return found


def _wanted(
    plan: HomePlan,
    device: DevicePlan,
    doors: Mapping[Pair, Opening],
    windows: Mapping[str, Sequence[Opening | None]],
    spots: Spots,
) -> Point | None:
    """Where it is as far as anybody knows, or where it makes sense."""
    if device.at is not None:
        return Point(*device.at)
    if device.between:
        one, other = sorted(device.between)
        return doors[one, other].at
    for room in plan.room:
        for window, opening in zip(room.windows, windows[room.name], strict=True):
            if window.contact == device.name and opening is not None:
                return opening.at
    return spots(device)
