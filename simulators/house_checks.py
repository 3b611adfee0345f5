"""What can be wrong with a house file beyond the shape of its tables: names of nothing, actions that are none."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ValidationError

from hubagent.table_words import words
from hubagent.toml_lines import Document, Key, Mistake, did_you_mean
from simulators.action import TARGET, WINDOW, Action, BadAction, parse_action
from simulators.climate.plan import OUTSIDE
from simulators.climate.weather import held
from simulators.house_table import DAY, DAY_NAMES, HOME_NAME, NAME, POWER, wrong_on_zigbee
from simulators.kinds import CAPTURED, KINDS
from simulators.residents.plan import OCCASION, HabitsPlan, ResidentPlan, words_of
from simulators.zones import wrong_with_zone

if TYPE_CHECKING:
    # Only named here: `home` has its plans checked.
    from simulators.home import HomePlan

RESERVED: Final = (OUTSIDE, WINDOW)
RADIOS: Final = ("zwave", "zigbee")
_ROOM_KEYS: Final = ("bed", "bath", "kitchen", "dining")


_PATTERNS: Final = {
    HOME_NAME: "is made of letters that can be seen, without /",
    NAME: "is made of small letters, digits and _, with one dot at most",
    POWER: "is mains or battery",
    DAY: f"is one of {', '.join(DAY_NAMES)}",
    OCCASION: "is wakes, sleeps, leaves or returns",
}


def shape_mistakes(document: Document, prefix: Key, invalid: ValidationError, model: type[BaseModel]) -> list[Mistake]:
    """Of a table that `model` should have read."""
    return [
        document.mistake((*prefix, *problem["loc"]), words(model, problem, _PATTERNS))
        for problem in invalid.errors(include_url=False)
    ]


def by_line(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """As one reads the file; what stands nowhere in it comes first."""
    return sorted(mistakes, key=lambda it: int(line) if (line := it.place.rpartition(":")[2]).isdecimal() else 0)


def checked(document: Document, plan: "HomePlan") -> Iterator[Mistake]:
    """Everything that is wrong with a plan of the right shape."""
    return _Checks(document, plan).all()


class _Checks:
    def __init__(self, document: Document, plan: "HomePlan") -> None:
        self._document = document
        self._plan = plan
        self._rooms = [OUTSIDE, *(room.name for room in plan.room)]
        self._devices = {device.name: device for device in plan.device}
        pairs = [[room.name, other] for room in plan.room for other in room.neighbours]
        pairs += [door.between for door in plan.door] + [device.between for device in plan.device]
        self._ways = frozenset(frozenset(pair) for pair in pairs)
        self._residents = [resident.name for resident in plan.resident]

    def all(self) -> Iterator[Mistake]:
        yield from self._place()
        yield from self._names_twice()
        yield from self._rooms_named()
        yield from self._windows()
        for index, room in enumerate(self._plan.room):
            if room.plan is not None and min(room.plan[2:]) <= 0:
                yield self._mistake(("room", index, "plan"), "has a width and a depth of more than 0")
        yield from self._kinds()
        for index, appliance in enumerate(self._plan.appliance):
            yield from self._device_of(("appliance", index, "plug"), appliance.plug, "plug")
        for number, resident in enumerate(self._plan.resident):
            yield from self._routine(number, resident)
            if resident.habits is not None:
                yield from self._habits(("resident", number, "habits"), resident.name, resident.habits)
        yield from self._events()

    def _mistake(self, key: Key, what: str) -> Mistake:
        return self._document.mistake(key, what)

    def _place(self) -> Iterator[Mistake]:
        if self._plan.place is None:
            return
        if wrong := wrong_with_zone(self._plan.place.timezone):
            yield self._mistake(("place", "timezone"), wrong)

    def _names_twice(self) -> Iterator[Mistake]:
        for table, names in (
            ("room", self._rooms[1:]),
            ("device", [device.name for device in self._plan.device]),
            ("resident", self._residents),
        ):
            for index, name in enumerate(names):
                if name in names[:index] or (table == "room" and name in RESERVED):
                    yield self._mistake((table, index, "name"), f"{name!r} is taken")

    def _rooms_named(self) -> Iterator[Mistake]:
        plan = self._plan
        named: list[tuple[Key, str]] = []
        for index, room in enumerate(plan.room):
            named += [(("room", index, "neighbours"), name) for name in room.neighbours]
            if room.name in room.neighbours:
                yield self._mistake(("room", index, "neighbours"), f"{room.name} is no neighbour of its own")
        for index, device in enumerate(plan.device):
            named.append((("device", index, "room" if device.room else "name"), device.place))
            named += [(("device", index, "between"), name) for name in device.between]
            if device.between:
                yield from self._two_sides(("device", index, "between"), device.between)
        for index, door in enumerate(plan.door):
            named += [(("door", index, "between"), name) for name in door.between]
            yield from self._two_sides(("door", index, "between"), door.between)
        named += [(("resident", index, "room"), resident.room) for index, resident in enumerate(plan.resident)]
        for key, name in named:
            yield from self._room(key, name)

    def _two_sides(self, key: Key, rooms: Sequence[str]) -> Iterator[Mistake]:
        if len(rooms) != 2 or rooms[0] == rooms[1]:
            yield self._mistake(key, "names two rooms")

    def _room(self, key: Key, name: str) -> Iterator[Mistake]:
        if name not in self._rooms:
            there = did_you_mean(name, self._rooms) or f"; there are {', '.join(sorted(self._rooms))}"
            yield self._mistake(key, f"there is no room {name!r}{there}")

    def _windows(self) -> Iterator[Mistake]:
        for index, room in enumerate(self._plan.room):
            for number, window in enumerate(room.windows):
                key: Key = ("room", index, "windows", number, "contact")
                if window.contact is not None:
                    yield from self._device_of(key, window.contact, "door")

    def _device_of(self, key: Key, name: str, kind: str) -> Iterator[Mistake]:
        device = self._devices.get(name)
        if device is None:
            yield self._mistake(key, f"there is no device {name!r}{did_you_mean(name, self._devices)}")
        elif device.kind != kind:
            yield self._mistake(key, f"{name} is a {device.kind}, and a {kind} is meant")

    def _kinds(self) -> Iterator[Mistake]:
        for index, device in enumerate(self._plan.device):
            kind = KINDS.get(device.kind)
            if kind is None:
                there = did_you_mean(device.kind, KINDS) or f"; there are {', '.join(KINDS)}"
                what = f"there is no kind {device.kind!r}{there}"
                yield self._mistake(("device", index, "kind"), what)
                continue
            if device.power == "battery" and not kind.may_sleep:
                yield self._mistake(("device", index, "power"), f"a {device.kind} does not run on a battery")
            if device.kind == CAPTURED and device.radio != "zigbee":
                yield self._mistake(("device", index, "radio"), "a captured device speaks zigbee")
            if device.kind != CAPTURED and device.radio == "zigbee" and (wrong := wrong_on_zigbee(device.name)):
                # The hub would know it by what fits, and rules and tests by its whole name.
                yield self._mistake(("device", index, "name"), wrong)
            try:
                kind.options.model_validate(device.options)
            except ValidationError as invalid:
                yield from shape_mistakes(self._document, ("device", index, "options"), invalid, kind.options)

    def _routine(self, number: int, resident: ResidentPlan) -> Iterator[Mistake]:
        for step_number, step in enumerate(resident.routine):
            key: Key = ("resident", number, "routine", step_number)
            if (step.after is None) == (step.at is None):
                yield self._mistake(key, "has either `after` or `at`")
            yield from self._action((*key, "do"), step.words(resident.name))
        if resident.routine and not any(step.after or step.at for step in resident.routine):
            yield self._mistake(("resident", number, "routine"), "takes no time at all")
        if resident.routine and resident.habits is not None:
            yield self._mistake(("resident", number, "routine"), "is one way to live, and `habits` another")

    def _habits(self, key: Key, name: str, habits: HabitsPlan) -> Iterator[Mistake]:
        for place in _ROOM_KEYS:
            if (room := getattr(habits, place)) is not None:
                yield from self._room((*key, place), room)
        if habits.television is not None:
            yield from self._device_of((*key, "television"), habits.television, "plug")
        for where, day in ((key, habits), ((*key, "weekend"), habits.weekend)):
            if day is None:
                continue
            for room in day.spends:
                yield from self._room((*where, "spends", room), room)
            for number, errand in enumerate(day.does):
                if (errand.at is None) == (errand.when is None):
                    yield self._mistake((*where, "does", number), "has either `at` or `when`")
                yield from self._action((*where, "does", number, "do"), words_of(errand.do, name))
            for span in (day.works, day.watches, *day.out):
                if span is not None and span[0] >= span[1]:
                    yield self._mistake(where, f"{span[0]} is not before {span[1]}")

    def _events(self) -> Iterator[Mistake]:
        for number, event in enumerate(self._plan.event):
            key: Key = ("event", number)
            if (event.after is None) == (event.at is None):
                yield self._mistake(key, "has either `after` or `at`")
            elif event.at is None and (event.daily or event.day is not None):
                yield self._mistake(key, "`day` and `daily` belong to `at`")
            elif event.daily and event.day is not None:
                yield self._mistake(key, "has either `day` or `daily`")
            yield from self._action((*key, "do"), event.words())

    def _action(self, key: Key, words: list[str]) -> Iterator[Mistake]:
        try:
            action = parse_action(words)
        except BadAction as error:
            yield self._mistake(key, str(error))
            return
        mistakes = list(self._names_in(key, action))
        yield from mistakes
        if not mistakes:
            yield from self._openings_in(key, action)

    def _names_in(self, key: Key, action: Action) -> Iterator[Mistake]:
        of_fault = action.verb in ("fault", "heal")
        for room in () if of_fault else (action.room, None if action.other == WINDOW else action.other):
            if room is not None and room not in self._rooms:
                yield self._mistake(key, f"there is no room {room!r}{did_you_mean(room, self._rooms)}")
        if action.fault is not None and (hint := _no_such_fault(action.fault)) is not None:
            yield self._mistake(key, f"there is no fault {action.fault!r}{hint}")
        struck = action.other if action.verb == "heal" else action.settings.get("device", action.settings.get(TARGET))
        named = struck if of_fault else action.device
        # What a fault strikes may be a radio as well.
        if named is not None and named not in (*self._devices, *(RADIOS if of_fault else ())):
            yield self._mistake(key, f"there is no device {named!r}{did_you_mean(named, self._devices)}")
        if action.resident is not None and action.resident not in self._residents:
            hint = did_you_mean(action.resident, self._residents)
            yield self._mistake(key, f"nobody is called {action.resident!r}{hint}")

    def _openings_in(self, key: Key, action: Action) -> Iterator[Mistake]:
        if action.verb == "weather":
            try:
                held(action.settings)
            except ValueError as error:
                yield self._mistake(key, str(error))
        if action.verb not in ("open", "close"):
            return
        room, other = str(action.room), str(action.other)
        if other != WINDOW:
            if frozenset((room, other)) not in self._ways:
                yield self._mistake(key, f"there is no door between {room} and {other}")
        elif not any(it.windows for it in self._plan.room if it.name == room):
            yield self._mistake(key, f"there is no window in {room}")


def _no_such_fault(name: str) -> str | None:
    """A hint, where nothing is called so in full or by what comes after the dot."""
    # Imported here: it knows the sticks, and most homes have no faults in their files.
    from simulators.world_faults.table import WORLD_FAULTS  # noqa: PLC0415

    if any(name in (full, full.partition(".")[2]) for full in WORLD_FAULTS):
        return None
    return did_you_mean(name, WORLD_FAULTS) or f"; there are {', '.join(WORLD_FAULTS)}"
