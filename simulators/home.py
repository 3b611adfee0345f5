"""A home as a TOML file describes it: rooms, devices, residents. Only read and checked here; `world` builds it.

[[room]]
name = "hall"
neighbours = ["kitchen", "outside"]

[[device]]
name = "hall.light"                 # the room is what stands before the dot, unless `room` says otherwise
kind = "dimmer"
options = { ramp_s = 0.5 }

[[resident]]
name = "alex"
room = "hall"
routine = [{ after = 10, do = "walk kitchen" }, { at = "22:30", do = "press bedroom.remote 1" }]
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from hubagent.toml_lines import Document, Key, Mistake, Mistakes, read_document
from simulators.action import BadAction, parse_action
from simulators.kinds import CAPTURED, KINDS

OUTSIDE: Final = "outside"
"""The room that every home has without saying so."""
RADIOS: Final = ("zwave", "zigbee")
NAME: Final = r"^[a-z0-9_]+(\.[a-z0-9_]+)?$"
_AT = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")


class NoSuchHome(Exception):
    """Neither a bundled home nor a file."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class RoomPlan(_Table):
    name: str = Field(pattern=NAME, max_length=16)
    neighbours: list[str] = Field(default_factory=list, description="rooms with a way between")
    temperature: float = Field(20.0, ge=-20, le=40, description="°C at the start")


class DevicePlan(_Table):
    name: str = Field(pattern=NAME, max_length=33)
    kind: str
    room: str | None = Field(None, description="default: what stands before the dot of the name")
    radio: Literal["zwave", "zigbee", "none"] = Field("zwave", description="how it speaks to the hub, if it does")
    joined: bool = Field(True, description="is in the stick's network already")
    power: str | None = Field(None, pattern="^(mains|battery)$")
    wake_up_s: int = Field(600, ge=30, le=86_400, description="wake-up interval of one that sleeps")
    between: list[str] = Field(default_factory=list, description="of a door: the two rooms")
    options: dict[str, Any] = Field(default_factory=dict, description="what the kind has to choose")

    @property
    def place(self) -> str:
        """The room it is in; the name's first part unless the plan says otherwise."""
        return self.room or self.name.partition(".")[0]


class StepPlan(_Table):
    do: str = Field(min_length=1, description="what `sim do` does, without the resident's own name")
    after: float | None = Field(None, ge=0, le=86_400, description="seconds after the step before")
    at: str | None = Field(None, description="a time of day, HH:MM in UTC")

    @field_validator("at")
    @classmethod
    def _is_a_time(cls, value: str | None) -> str | None:
        if value is not None and not _AT.match(value):
            raise ValueError("is a time of day: HH:MM")
        return value

    def words(self, resident: str) -> list[str]:
        """The action's words, with the resident where a walk needs one."""
        words = self.do.split()
        return ["walk", resident, *words[1:]] if words[0] == "walk" else words


class ResidentPlan(_Table):
    name: str = Field(pattern=NAME, max_length=16)
    room: str
    routine: list[StepPlan] = Field(default_factory=list, description="done over and over again")


class HomePlan(_Table):
    name: str = "home"
    outside_temperature: float = Field(8.0, ge=-30, le=45, description="°C, the mean of the day")
    room: list[RoomPlan] = Field(min_length=1)
    device: list[DevicePlan] = Field(default_factory=list)
    resident: list[ResidentPlan] = Field(default_factory=list)

    def radios_with(self, more: Iterable[str] = ()) -> tuple[str, ...]:
        """The radios that its devices have, and `more`; Z-Wave where that is none, so that a device can join."""
        have = {device.radio for device in self.device} | set(more)
        return tuple(radio for radio in RADIOS if radio in have) or RADIOS[:1]


def bundled_homes() -> dict[str, Path]:
    """The homes that come along, by name."""
    folder = resources.files("simulators") / "homes"
    files = sorted(Path(str(entry)) for entry in folder.iterdir())
    return {file.stem: file for file in files if file.suffix == ".toml" and not file.name.endswith(".rules.toml")}


def home_file(home: str) -> Path:
    """The file of a bundled home by its name, or of any by its path. Raises NoSuchHome."""
    homes = bundled_homes()
    if home in homes:
        return homes[home]
    if Path(home).is_file():
        return Path(home)
    raise NoSuchHome(f"there is no home {home!r}: neither a file nor one of {', '.join(homes)}")


def rules_file(home: Path) -> Path | None:
    """The rules that lie beside a home's file, demo.rules.toml beside demo.toml; None where there are none."""
    file = home.with_name(f"{home.stem}.rules.toml")
    return file if file.is_file() else None


def read_home(path: Path) -> HomePlan:
    """Raises Mistakes, with everything that is wrong, each with its line and key."""
    document = read_document(path)
    try:
        plan = HomePlan.model_validate(document.tables)
    except ValidationError as invalid:
        raise Mistakes([_mistake(document, (), problem) for problem in invalid.errors(include_url=False)]) from invalid
    mistakes = [*_names_twice(document, plan), *_unknown_rooms(document, plan), *_kinds(document, plan)]
    mistakes += _routines(document, plan)
    if mistakes:
        raise Mistakes(mistakes)
    return plan


def with_snapshots(plan: HomePlan, files: Sequence[Path]) -> HomePlan:
    """The home with a device for each snapshot of a real one, in the first room, waiting to be paired."""
    taken = {device.name for device in plan.device}
    more = []
    for file in files:
        name = _free_name(re.sub(r"[^a-z0-9]+", "_", file.stem.lower()).strip("_")[:28] or "device", taken)
        taken.add(name)
        device = {"name": name, "kind": CAPTURED, "room": plan.room[0].name, "radio": "zigbee", "joined": False}
        more.append(DevicePlan.model_validate({**device, "options": {"file": str(file)}}))
    return plan.model_copy(update={"device": [*plan.device, *more]})


def _free_name(wish: str, taken: set[str]) -> str:
    names = [wish, *(f"{wish}_{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _mistake(document: Document, prefix: Key, problem: Any) -> Mistake:
    what = "there is no such key" if problem["type"] == "extra_forbidden" else problem["msg"].lower()
    return document.mistake((*prefix, *problem["loc"]), what)


def _names_twice(document: Document, plan: HomePlan) -> Iterator[Mistake]:
    for table, names in (
        ("room", [room.name for room in plan.room]),
        ("device", [device.name for device in plan.device]),
        ("resident", [resident.name for resident in plan.resident]),
    ):
        for index, name in enumerate(names):
            if name in names[:index] or (table == "room" and name == OUTSIDE):
                yield document.mistake((table, index, "name"), f"{name!r} is taken")


def _unknown_rooms(document: Document, plan: HomePlan) -> Iterator[Mistake]:
    rooms = {OUTSIDE, *(room.name for room in plan.room)}
    named: list[tuple[Key, str]] = []
    for index, room in enumerate(plan.room):
        named += [(("room", index, "neighbours"), name) for name in room.neighbours]
    for index, device in enumerate(plan.device):
        named.append((("device", index, "room" if device.room else "name"), device.place))
        named += [(("device", index, "between"), name) for name in device.between]
        if device.between and len(device.between) != 2:
            yield document.mistake(("device", index, "between"), "names two rooms")
    named += [(("resident", index, "room"), resident.room) for index, resident in enumerate(plan.resident)]
    for key, name in named:
        if name not in rooms:
            yield document.mistake(key, f"there is no room {name!r}; there are {', '.join(sorted(rooms))}")


def _kinds(document: Document, plan: HomePlan) -> Iterator[Mistake]:
    for index, device in enumerate(plan.device):
        kind = KINDS.get(device.kind)
        if kind is None:
            what = f"there is no kind {device.kind!r}; there are {', '.join(KINDS)}"
            yield document.mistake(("device", index, "kind"), what)
            continue
        if device.power == "battery" and not kind.may_sleep:
            yield document.mistake(("device", index, "power"), f"a {device.kind} does not run on a battery")
        if device.kind == CAPTURED and device.radio != "zigbee":
            yield document.mistake(("device", index, "radio"), "a captured device speaks zigbee")
        try:
            kind.options.model_validate(device.options)
        except ValidationError as invalid:
            for problem in invalid.errors(include_url=False):
                yield _mistake(document, ("device", index, "options"), problem)


def _routines(document: Document, plan: HomePlan) -> Iterator[Mistake]:
    rooms = {OUTSIDE, *(room.name for room in plan.room)}
    devices = {device.name for device in plan.device}
    for number, resident in enumerate(plan.resident):
        for step_number, step in enumerate(resident.routine):
            key: Key = ("resident", number, "routine", step_number)
            if (step.after is None) == (step.at is None):
                yield document.mistake(key, "has either `after` or `at`")
            try:
                action = parse_action(step.words(resident.name))
            except BadAction as error:
                yield document.mistake((*key, "do"), str(error))
                continue
            if action.room is not None and action.room not in rooms:
                yield document.mistake((*key, "do"), f"there is no room {action.room!r}")
            if action.device is not None and action.device not in devices:
                yield document.mistake((*key, "do"), f"there is no device {action.device!r}")
        if resident.routine and not any(step.after or step.at for step in resident.routine):
            yield document.mistake(("resident", number, "routine"), "takes no time at all")
