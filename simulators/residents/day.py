"""A day of somebody's habits, drawn up front: what is done when, in the words of `sim do`.

The same seed, name and date give the same day, whatever happened before: so a day can be looked at, and played again.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from simulators.home_clock import DAY_S
from simulators.house_table import DAY_NAMES, seconds_of
from simulators.residents.plan import DayPlan, ErrandPlan, HabitsPlan, Span, words_of

_MINUTE_S: Final = 60.0
_HOUR_S: Final = 3600.0
_AIRING_S: Final = 10 * _MINUTE_S
_PUT_OFF_MAX_S: Final = 50 * _MINUTE_S
"""What would begin later than this because of what goes on before is not done that day."""
_STAYS_S: Final = 35 * _MINUTE_S
"""How long one stays in a room without a reason, on average; and at least:"""
_STAYS_AT_LEAST_S: Final = 6 * _MINUTE_S
_TO_THE_BATH: Final = 0.15
"""How often that ends in the bath."""


@dataclass(frozen=True, slots=True)
class Doing:
    at_s: float
    """After midnight on the home's clock; more than a day's seconds are of the night after."""
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rooms:
    """Where somebody does what; None: nowhere, so that it is not done."""

    bed: str
    bath: str | None
    dining: str | None
    kitchen: str | None
    television: str | None


_Words = list[tuple[float, tuple[str, ...]]]
"""What is done, each so many seconds after a start."""


@dataclass(slots=True)
class _Engagement:
    start_s: float
    end_s: float
    words: _Words
    fixed_end: bool = False
    """It ends when it ends, however late it began."""


def draw_day(name: str, habits: HabitsPlan, rooms: Rooms, day: date, seed: object) -> list[Doing]:
    """In order of time. Begins in bed and ends there."""
    rng = random.Random(f"{seed}:resident:{name}:{day.isoformat()}")  # noqa: S311 - a simulation's
    return _Drawing(name, habits, habits.on(DAY_NAMES[day.weekday()]), rooms, rng).draw()


class _Drawing:
    def __init__(self, name: str, habits: HabitsPlan, day: DayPlan, rooms: Rooms, rng: random.Random) -> None:
        self._name = name
        self._habits = habits
        self._day = day
        self._rooms = rooms
        self._rng = rng
        self._doings: list[Doing] = []

    def draw(self) -> list[Doing]:
        wakes = self._about(self._day.wakes)
        sleeps = self._about(self._day.sleeps)
        if sleeps < wakes + _HOUR_S:
            sleeps += DAY_S
        self._night(wakes)
        self._do(wakes, "wake", self._name)
        self._errands("wakes", wakes + _MINUTE_S)
        here = wakes + 2 * _MINUTE_S
        for engagement in self._one_after_the_other(wakes, sleeps - 10 * _MINUTE_S):
            self._idle(here, engagement.start_s)
            for after_s, words in engagement.words:
                self._do(engagement.start_s + after_s, *words)
            here = engagement.end_s
        self._idle(here, sleeps - 2 * _MINUTE_S)
        for errand in self._day.does:
            if errand.at is not None:
                self._errand(errand, self._about(errand.at, 0.3))
        self._errands("sleeps", sleeps - _MINUTE_S)
        self._do(sleeps, "sleep", self._name)
        # A stable order: what was drawn first is done first.
        return sorted(self._doings, key=lambda doing: doing.at_s)

    def _night(self, wakes: float) -> None:
        begin, end = 2 * _HOUR_S, wakes - _HOUR_S
        if self._rooms.bath is None or end <= begin or self._rng.random() >= self._habits.up_at_night:
            return
        up = self._rng.uniform(begin, end)
        self._do(up, "wake", self._name)
        self._walk(up + 10, self._rooms.bath)
        self._do(up + self._rng.uniform(3, 7) * _MINUTE_S, "sleep", self._name)

    def _one_after_the_other(self, wakes: float, sleeps: float) -> Iterator[_Engagement]:
        free_from = wakes + 3 * _MINUTE_S
        for engagement in sorted(self._engagements(), key=lambda it: it.start_s):
            late_s = free_from - engagement.start_s
            if late_s > 0:
                if late_s > _PUT_OFF_MAX_S:
                    continue
                engagement.start_s += late_s
                if not engagement.fixed_end:
                    engagement.end_s += late_s
            if engagement.end_s >= sleeps or engagement.end_s <= engagement.start_s:
                continue
            free_from = engagement.end_s + 2 * _MINUTE_S
            yield engagement

    def _engagements(self) -> Iterator[_Engagement]:
        day, rooms = self._day, self._rooms
        if day.showers is not None and rooms.bath is not None:
            yield self._lasting(day.showers, "shower", 6, 11)
        if day.airs is not None:
            start = self._about(day.airs)
            opens, closes = (("open", rooms.bed, "window"), ("close", rooms.bed, "window"))
            words: _Words = [(0.0, ("walk", self._name, rooms.bed)), (20.0, opens), (_AIRING_S, closes)]
            yield _Engagement(start, start + _AIRING_S + 5, words)
        for time in day.cooks if rooms.kitchen is not None else ():
            yield self._lasting(time, "cook", 22, 40)
        for time in day.meals if rooms.dining is not None else ():
            start = self._about(time, 0.3)
            ends = start + self._rng.uniform(13, 25) * _MINUTE_S
            yield _Engagement(start, ends, [(0.0, ("walk", self._name, str(rooms.dining)))])
        if day.watches is not None and rooms.television is not None:
            start, end = self._about(day.watches[0], 0.5), self._about(day.watches[1])
            minutes = max(5.0, (end - start) / _MINUTE_S)
            yield _Engagement(start, start + minutes * _MINUTE_S, [(0.0, ("watch", self._name, f"{minutes:.0f}"))])
        if day.works is not None:
            yield self._away(day.works)
        for span in day.out:
            if self._rng.random() < day.out_chance:
                yield self._away(span)

    def _lasting(self, time: str, verb: str, shortest: float, longest: float) -> _Engagement:
        start, minutes = self._about(time), round(self._rng.uniform(shortest, longest))
        words = (verb, self._name, str(minutes))
        return _Engagement(start, start + (minutes + 1) * _MINUTE_S, [(0.0, words)])

    def _away(self, span: Span) -> _Engagement:
        leaves, returns = self._about(span[0]), self._about(span[1])
        words: _Words = []
        words += [(-30.0, said) for said in self._on("leaves")]
        words += [(0.0, ("go_out", self._name)), (returns - leaves, ("come_home", self._name))]
        words += [(returns - leaves + 40.0, said) for said in self._on("returns")]
        return _Engagement(leaves, returns + _MINUTE_S, words, fixed_end=True)

    def _idle(self, start: float, end: float) -> None:
        """From room to room, by how much each is liked."""
        weights = self._day.spends or {self._rooms.bed: 1.0}
        at = start
        while end - at > _STAYS_AT_LEAST_S:
            room = self._rng.choices(list(weights), list(weights.values()))[0]
            self._walk(at, room)
            stays_s = _STAYS_AT_LEAST_S + self._rng.expovariate(1 / _STAYS_S)
            at += min(stays_s, end - at)
            if self._rooms.bath is not None and end - at > _STAYS_AT_LEAST_S and self._rng.random() < _TO_THE_BATH:
                self._walk(at, self._rooms.bath)
                at += self._rng.uniform(2, 6) * _MINUTE_S

    def _errands(self, occasion: str, at_s: float) -> None:
        for words in self._on(occasion):
            self._do(at_s, *words)

    def _on(self, occasion: str) -> list[tuple[str, ...]]:
        wanted = [it for it in self._day.does if it.when == occasion and self._rng.random() < it.chance]
        return [tuple(words_of(errand.do, self._name)) for errand in wanted]

    def _errand(self, errand: ErrandPlan, at_s: float) -> None:
        if self._rng.random() < errand.chance:
            self._do(at_s, *words_of(errand.do, self._name))

    def _walk(self, at_s: float, room: str) -> None:
        self._do(at_s, "walk", self._name, room)

    def _do(self, at_s: float, *words: str) -> None:
        self._doings.append(Doing(at_s, words))

    def _about(self, time: str, share: float = 1.0) -> float:
        """Nobody is on time to the minute."""
        spread_s = self._habits.varies * _MINUTE_S * share
        return max(0.0, seconds_of(time) + self._rng.triangular(-spread_s, spread_s, 0.0))


_OUT, _HOME = "go_out", "come_home"


@dataclass(slots=True)
class Whereabouts:
    """Where somebody is who did what a day says."""

    room: str
    asleep: bool


def whereabouts_after(doings: list[Doing], rooms: Rooms, outside: str, way_in: Callable[[], str]) -> Whereabouts:
    """From bed on."""
    found = Whereabouts(rooms.bed, asleep=True)
    places = {"cook": rooms.kitchen, "shower": rooms.bath, "watch": rooms.television}
    for doing in doings:
        verb = doing.words[0]
        if verb == "sleep":
            found.room, found.asleep = rooms.bed, True
        elif verb == "wake":
            found.asleep = False
        elif verb == "walk":
            found.room = doing.words[2]
        elif verb == _OUT:
            found.room = outside
        elif verb == _HOME:
            found.room = way_in()
        elif (place := places.get(verb)) is not None:
            found.room = place
    return found
