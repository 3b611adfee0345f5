"""Ways between rooms and windows: what residents open, contacts tell, locks hold shut, and air goes through."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from simulators.climate.plan import FACINGS, WindowPlan
from simulators.devices.lock import Lock
from simulators.devices.sensors import DoorSensor

Sides = frozenset[str]
"""The two rooms of a way."""


@dataclass(slots=True)
class Passage:
    """A way between two rooms. Each of its `contacts` tells of a door in it; one without a door is nowhere told."""

    contacts: list[DoorSensor] = field(default_factory=list)
    locks: list[Lock] = field(default_factory=list)
    stands_open: bool = False
    """Its door without a contact."""

    @property
    def open(self) -> bool:
        return self.stands_open or any(contact.open for contact in self.contacts)

    def set_open(self, is_open: bool) -> None:
        """By hand. A door with a contact is that door: there is no other beside it."""
        if self.contacts:
            for contact in self.contacts:
                contact.set_open(is_open)
        else:
            self.stands_open = is_open

    @property
    def locked(self) -> bool:
        return any(lock.locked for lock in self.locks)

    def turn_locks(self, locked: bool) -> None:
        """By hand, or with a key. One that is jammed stays as it is."""
        for lock in self.locks:
            if lock.locked != locked:
                lock.turn(locked)


class Window:
    def __init__(self, plan: WindowPlan) -> None:
        self.facing: Final = FACINGS[plan.faces]
        """Degrees from north over east."""
        self.area_m2: Final = plan.area
        self.contact: DoorSensor | None = None
        """What tells whether it is open, if anything does."""
        self._open = False

    @property
    def open(self) -> bool:
        return self._open if self.contact is None else self.contact.open

    def set_open(self, is_open: bool) -> None:
        if self.contact is None:
            self._open = is_open
        else:
            self.contact.set_open(is_open)


class Passages:
    """Of a home, by the rooms on both sides."""

    def __init__(self, pairs: Iterable[Sequence[str]]) -> None:
        self._passages: dict[Sides, Passage] = {frozenset(pair): Passage() for pair in pairs}

    def make(self, pair: Sequence[str]) -> Passage:
        """The one between two rooms, made if it is not there: a door may be where no way was said to be."""
        return self._passages.setdefault(frozenset(pair), Passage())

    def between(self, room: str, other: str) -> Passage | None:
        return self._passages.get(frozenset((room, other)))

    def each(self) -> Iterator[tuple[tuple[str, ...], Passage]]:
        """With the two rooms, by name."""
        for sides, passage in self._passages.items():
            yield tuple(sorted(sides)), passage

    def beside(self, room: str) -> list[str]:
        """The rooms that one can go to from here, by name."""
        found = {other for sides in self._passages if room in sides for other in sides - {room}}
        return sorted(found)
