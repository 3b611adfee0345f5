"""All who live in a home: how they do what `sim do` says, alone or because of their habits."""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from simulators.action import Action
from simulators.climate.plan import OUTSIDE
from simulators.climate.rooms import PEOPLE_W_G_S
from simulators.home_clock import HomeClock
from simulators.residents.activities import ACTIVITIES
from simulators.residents.day import Rooms, draw_day, whereabouts_after
from simulators.residents.lamp_hands import LampHands
from simulators.residents.plan import HabitsPlan
from simulators.residents.resident import Resident
from simulators.residents.television import Television
from simulators.residents.walking import NoWay, Surroundings

_NO_HABITS: Final = HabitsPlan.model_validate({})


@dataclass(frozen=True, slots=True)
class Member:
    resident: Resident
    rooms: Rooms
    habits: HabitsPlan | None
    television: Television | None

    @property
    def ways(self) -> HabitsPlan:
        """How this one does things, habits or not."""
        return self.habits or _NO_HABITS


class Household:
    """`attempt` does what is no resident's own action, and notes down what cannot be done."""

    def __init__(
        self,
        members: Sequence[Member],
        surroundings: Surroundings,
        lamps: LampHands,
        clock: HomeClock,
        attempt: Callable[[Sequence[str]], Awaitable[None]],
        seed: object,
    ) -> None:
        self._members = {member.resident.name: member for member in members}
        self._surroundings = surroundings
        self._lamps = lamps
        self._clock = clock
        self._attempt = attempt
        self._seed = seed

    def people(self) -> Mapping[str, PEOPLE_W_G_S]:
        """The heat and the vapour that they are to each room."""
        found: dict[str, PEOPLE_W_G_S] = {}
        for member in self._members.values():
            resident = member.resident
            heat, vapour = found.get(resident.room, (0.0, 0.0))
            activity = resident.activity
            found[resident.room] = heat + activity.heat_w, vapour + activity.vapour_g_h / 3600
        return found

    def begin(self) -> None:
        """From now on those with habits see to the light."""
        for member in self._members.values():
            if member.habits is not None:
                member.resident.on_move = self._moved

    def end(self) -> None:
        self._lamps.stop()

    # --- what they do

    def check(self, action: Action) -> None:
        """Raises NoWay where it cannot be done from here."""
        member = self._members[str(action.resident)]
        self._surroundings.way(member.resident.room, self._goal(member, action))

    async def do(self, action: Action) -> None:
        """Raises NoWay, CannotDo."""
        member = self._members[str(action.resident)]
        resident = member.resident
        if action.verb == "wake":
            resident.fall_asleep(False)
            return
        if action.verb == "sleep" and member.habits is not None and self._last_to_bed(resident):
            await self._look_round(member)
        await resident.walk(self._goal(member, action))
        match action.verb:
            case "sleep":
                if member.ways.lights:
                    self._lamps.switch_off(resident.room)
                resident.fall_asleep()
            case "go_out":
                if member.ways.locks:
                    self._leave_locked()
            case "cook" | "shower" | "watch":
                await self._be_busy(member, action)

    async def _be_busy(self, member: Member, action: Action) -> None:
        activity = ACTIVITIES[action.verb]
        seconds = (action.minutes or activity.minutes) * 60
        television = member.television if action.verb == "watch" else None
        if television is not None:
            television.begin()
        try:
            await member.resident.be_busy(activity, seconds)
        finally:
            if television is not None:
                television.end()

    def _goal(self, member: Member, action: Action) -> str:
        """The room where it is done."""
        rooms, resident = member.rooms, member.resident
        match action.verb:
            case "walk":
                return str(action.room)
            case "wake":
                return resident.room
            case "sleep":
                return rooms.bed
            case "go_out":
                return OUTSIDE
            case "come_home":
                return self.way_in(member) if resident.room == OUTSIDE else resident.room
        goal = {"cook": rooms.kitchen, "shower": rooms.bath, "watch": rooms.television}[action.verb]
        if goal is None:
            raise NoWay(f"{resident.name} has no room to {action.verb} in; `habits` names it")
        return goal

    def way_in(self, member: Member) -> str:
        """The room behind the door by which one comes home; for a guest, whose bed is elsewhere, behind any. NoWay."""
        if member.rooms.bed != OUTSIDE:
            return self._surroundings.way(OUTSIDE, member.rooms.bed)[0]
        doors = self._surroundings.ways_out(OUTSIDE)
        if not doors:
            raise NoWay("nobody comes in: no room has outside among its neighbours")
        return doors[0][0]

    def _way_in_if_any(self, member: Member) -> str | None:
        try:
            return self.way_in(member)
        except NoWay:
            return None

    # --- the house is looked after

    def _moved(self, resident: Resident, left: str) -> None:
        member = self._members[resident.name]
        if member.ways.lights:
            self._lamps.left(resident, left)
            self._lamps.entered(resident)

    def _last_to_bed(self, resident: Resident) -> bool:
        others = [member.resident for member in self._members.values() if member.resident is not resident]
        return all(other.asleep or other.room == OUTSIDE for other in others)

    async def _look_round(self, member: Member) -> None:
        """Before the last one goes to bed: lamps that were forgotten, and the doors."""
        if member.ways.lights:
            for room in self._lamps.lit_rooms():
                await member.resident.walk(room)
                self._lamps.switch_off(room)
        if member.ways.locks:
            for room, passage in self._surroundings.ways_out(OUTSIDE):
                if passage.locks and not passage.locked:
                    await member.resident.walk(room)
                    passage.turn_locks(True)

    def _leave_locked(self) -> None:
        if all(member.resident.room == OUTSIDE for member in self._members.values()):
            for _, passage in self._surroundings.ways_out(OUTSIDE):
                passage.turn_locks(True)

    # --- their days

    async def live_by_habit(self, name: str) -> None:
        """From wherever the day has led to by now; day after day."""
        member = self._members[name]
        habits, resident = member.habits, member.resident
        assert habits is not None
        start, first = self._clock.wall(), self._clock.today() - timedelta(days=1)
        self._appear(member, start)
        for days in range(10**9):
            day = first + timedelta(days=days)
            resident.rng = random.Random(f"{self._seed}:resident:{name}:{day.isoformat()}:stirs")  # noqa: S311 - a simulation's
            for doing in draw_day(name, habits, member.rooms, day, self._seed):
                moment = self._clock.unix(day, doing.at_s)
                if moment <= start:
                    continue
                await self._clock.until(moment)
                await self._attempt(doing.words)

    def _appear(self, member: Member, now: float) -> None:
        """Where somebody is who did all that was to be done so far."""
        assert member.habits is not None
        name, today = member.resident.name, self._clock.today()
        done = []
        for day in (today - timedelta(days=1), today):
            doings = draw_day(name, member.habits, member.rooms, day, self._seed)
            done += [doing for doing in doings if self._clock.unix(day, doing.at_s) <= now]
        way_in = self._way_in_if_any(member)
        if way_in is None:
            # Nor is there one out.
            done = [doing for doing in done if doing.words[0] not in ("go_out", "come_home")]
        found = whereabouts_after(done, member.rooms, OUTSIDE, lambda: str(way_in))
        member.resident.appear(found.room, asleep=found.asleep)
