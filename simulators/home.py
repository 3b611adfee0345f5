"""A home as a TOML file describes it: rooms, devices, residents. Only read and checked here; `world` builds it.

HOMES.md describes the file.

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
from collections.abc import Collection, Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from hubagent.toml_lines import Mistakes, read_document
from simulators.appliances import AppliancePlan
from simulators.climate.plan import DoorPlan, Metre, PlacePlan, RoomPlan
from simulators.house_checks import RADIOS, by_line, checked, shape_mistakes
from simulators.house_table import HOME_NAME, HOME_NAME_MAX, NAME, POWER, ROOMS_MAX, HouseTable, TimeOfDay
from simulators.kinds import CAPTURED
from simulators.residents.plan import ResidentPlan


class NoSuchHome(Exception):
    """Neither a bundled home nor a file."""


class DevicePlan(HouseTable):
    name: str = Field(pattern=NAME, max_length=33, description="ROOM.WORD; on Zigbee of 16 letters at most")
    kind: str = Field(description="what it is")
    room: str | None = Field(None, description="default: what stands before the dot of the name")
    radio: Literal["zwave", "zigbee", "none"] = Field("zwave", description="how it speaks to the hub, if it does")
    joined: bool = Field(True, description="is in the stick's network already")
    power: str | None = Field(None, pattern=POWER, description="mains or battery, where the kind lets one choose")
    wake_up_s: int = Field(600, ge=30, le=86_400, description="wake-up interval of one that sleeps")
    between: list[str] = Field(default_factory=list, description="of a door or its lock: the two rooms")
    at: Annotated[list[Metre], Field(min_length=2, max_length=2)] | None = Field(
        None, description="[x, y] where it hangs, in the metres of the rooms' `plan`"
    )
    options: dict[str, Any] = Field(default_factory=dict, description="what the kind has to choose")

    @property
    def place(self) -> str:
        """The room it is in; the name's first part unless the plan says otherwise."""
        return self.room or self.name.partition(".")[0]


class EventPlan(HouseTable):
    """Something that happens to the home, whoever lives in it."""

    do: str = Field(min_length=1, description="what `sim do` does")
    at: TimeOfDay | None = Field(None, description="a time of day, HH:MM on the home's clock")
    after: float | None = Field(None, ge=0, le=31_536_000, description="or seconds after the world began")
    day: int | None = Field(None, ge=1, le=366, description="with `at`: on which day, 1 the first; default: the next")
    daily: bool = Field(False, description="with `at`: every day")

    def words(self) -> list[str]:
        return self.do.split()


class HomePlan(HouseTable):
    name: str = Field(
        "home",
        pattern=HOME_NAME,
        max_length=HOME_NAME_MAX,
        description="what the home is called; of 64 letters at most, without /",
    )
    place: PlacePlan | None = Field(None, description="where it stands; default: Greenwich, on UTC")
    outside_temperature: float | None = Field(
        None, ge=-30, le=45, description="°C, the mean of every day; default: what the place has at that date"
    )
    hub: Annotated[list[Metre], Field(min_length=2, max_length=2)] | None = Field(
        None, description="[x, y] where the hub and its sticks are, in the metres of `plan`; default: in the middle"
    )
    room: list[RoomPlan] = Field(min_length=1, max_length=ROOMS_MAX, description="its rooms")
    door: list[DoorPlan] = Field(default_factory=list, max_length=500, description="doors without a sensor")
    device: list[DevicePlan] = Field(
        default_factory=list, max_length=2000, description="what hangs, stands and lies in them"
    )
    appliance: list[AppliancePlan] = Field(
        default_factory=list, max_length=200, description="what works in turns on a plug"
    )
    resident: list[ResidentPlan] = Field(
        default_factory=list, max_length=50, description="who lives in them, and guests"
    )
    event: list[EventPlan] = Field(default_factory=list, max_length=2000, description="what happens by a script")

    def hub_settings(self) -> dict[str, str]:
        """What hub.toml would say of the place, as HUBAGENT_ variables; nothing where the home's file says nothing."""
        if self.place is None:
            return {}
        return {
            "HUBAGENT_HUB__TIMEZONE": self.place.timezone,
            "HUBAGENT_HUB__LATITUDE": str(self.place.latitude),
            "HUBAGENT_HUB__LONGITUDE": str(self.place.longitude),
        }

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
        raise Mistakes(by_line(shape_mistakes(document, (), invalid, HomePlan))) from invalid
    if mistakes := list(checked(document, plan)):
        raise Mistakes(by_line(mistakes))
    return plan


def with_devices_only(plan: HomePlan, names: Collection[str]) -> HomePlan:
    """The home without its other devices, and without the appliances that hang on them. Whose television is left out
    sits there all the same, in front of none."""
    return plan.model_copy(
        update={
            "device": [it for it in plan.device if it.name in names],
            "appliance": [it for it in plan.appliance if it.plug in names],
            "resident": [_without_television(it, names) for it in plan.resident],
        },
    )


def _without_television(resident: ResidentPlan, devices: Collection[str]) -> ResidentPlan:
    habits = resident.habits
    if habits is None or habits.television is None or habits.television in devices:
        return resident
    return resident.model_copy(update={"habits": habits.model_copy(update={"television": None})})


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
