"""Which home a test has, and how it begins: what the mark, the ini file and the command line say, put together."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from hubagent.rules.duration import parse_duration
from hubagent.table_words import words
from hubagent.toml_lines import Mistakes, did_you_mean
from simulators.climate.plan import OUTSIDE, PlacePlan
from simulators.home import HomePlan, NoSuchHome, bundled_homes, read_home, rules_file, with_devices_only
from simulators.testing.fault_plan import NONE, USUAL_S, WantedFaults, wanted_faults
from simulators.testing.hub_settings import BadHubSetting, as_environment
from simulators.testing.moments import BadMoment, Said, said
from simulators.zones import wrong_with_zone

USUAL_HOME: Final = "studio"
NO_FAULTS: Final = WantedFaults()
PATIENCE_S: Final = 86_400.0


class BadSettings(ValueError):
    """What a test says of its home cannot be; says what can."""


class People(StrEnum):
    """What those who live there do."""

    AWAY = "away"
    """Nobody is there at the beginning, and nobody does anything but what the test says: appliances stand still, and
    nothing happens by a script."""
    HOME = "home"
    """The same, but everybody is where the home's file says at first."""
    LIVE = "live"
    """They live by their habits, and all else happens that the home's file says."""


@dataclass(frozen=True, slots=True)
class HomeSettings:
    plan: HomePlan
    file: Path
    rules: tuple[Path, ...]
    rules_text: str | None
    seed: int
    begins: Said
    devices: tuple[str, ...] = ()
    """Of all its rooms."""
    people: People = People.AWAY
    cloud: bool = True
    broker: bool = False
    radio_time: bool = True
    settings: Mapping[str, str] = field(default_factory=dict)
    sticks: Mapping[str, asyncio.Protocol] = field(default_factory=dict)
    """For drivers of other makers: by the driver's name, what is at the far side of its port."""
    faults: WantedFaults = NO_FAULTS
    """Those that the test did not ask for."""
    patience_s: float = PATIENCE_S
    """How long the test may wait for what does not come."""

    @property
    def zone(self) -> ZoneInfo:
        """Of the home's clock, and of its hub's."""
        return ZoneInfo("UTC" if self.plan.place is None else self.plan.place.timezone)


MARK_KEYS: Final = (
    "rules",
    "rules_text",
    "seed",
    "start",
    "place",
    "people",
    "rooms",
    "cloud",
    "broker",
    "radio_time",
    "settings",
    "faults",
    "faults_for",
    "patience",
)
"""What the mark has."""


def checked_keys(keys: Mapping[str, Any]) -> Mapping[str, Any]:
    """Raises BadSettings for a key that the mark does not have."""
    for key in keys:
        if key not in (*MARK_KEYS, "given_faults"):
            raise BadSettings(
                f"@pytest.mark.home has no {key!r}{did_you_mean(key, MARK_KEYS) or f'; it has {MARK_KEYS}'}"
            )
    return keys


def home_settings(
    home: str | Path,
    keys: Mapping[str, Any],
    seed: int,
    folders: Sequence[Path],
    sticks: Mapping[str, asyncio.Protocol] | None = None,
) -> HomeSettings:
    """`home` is the name of one that comes along or a file's; paths are looked for in `folders`, one after the other.

    Raises BadSettings, with everything that is wrong with the home's file.
    """
    checked_keys(keys)
    file = _home(home, folders)
    try:
        plan = read_home(file)
    except Mistakes as wrong:
        raise BadSettings("\n".join(map(str, wrong.mistakes))) from None
    people = _people(keys.get("people", People.AWAY))
    plan = _placed(plan, keys.get("place"))
    devices = tuple(device.name for device in plan.device)
    if (rooms := keys.get("rooms")) is not None:
        plan = only_in(plan, _texts("rooms", rooms))
    return HomeSettings(
        plan=plan if people is People.LIVE else by_hand(plan),
        file=file,
        rules=_rules(keys, file, folders),
        rules_text=_rules_text(keys.get("rules_text")),
        seed=seed,
        begins=_begins(keys.get("start")),
        devices=devices,
        people=people,
        cloud=_flag("cloud", keys, usual=True),
        broker=_flag("broker", keys, usual=False),
        radio_time=_flag("radio_time", keys, usual=True),
        settings=_hub_settings(keys.get("settings", {})),
        sticks=sticks or {},
        faults=_faults(keys),
        patience_s=_seconds("patience", keys.get("patience")) or PATIENCE_S,
    )


def by_hand(plan: HomePlan) -> HomePlan:
    """The same home, in which nobody does anything of his own accord."""
    residents = []
    for resident in plan.resident:
        bed = resident.habits.bed if resident.habits is not None else None
        residents.append(resident.model_copy(update={"routine": [], "habits": None, "room": bed or resident.room}))
    return plan.model_copy(update={"resident": residents, "appliance": [], "event": []})


def only_in(plan: HomePlan, rooms: Sequence[str]) -> HomePlan:
    """The same home with the devices of these rooms only: it is there sooner. Raises BadSettings."""
    known = [room.name for room in plan.room]
    for room in rooms:
        if room not in (*known, OUTSIDE):
            raise BadSettings(f"there is no room {room!r} in {plan.name}{did_you_mean(room, known)}")
    return with_devices_only(plan, [device.name for device in plan.device if device.place in rooms])


def _home(home: object, folders: Sequence[Path]) -> Path:
    if not isinstance(home, str | Path):
        raise BadSettings(f"a home is a name or a file, not {home!r}")
    if isinstance(home, str) and home in (homes := bundled_homes()):
        return homes[home]
    return _file(home, folders, NoSuchHome(f"there is no home {str(home)!r}: {', '.join(bundled_homes())} come along"))


def _file(name: str | Path, folders: Sequence[Path], error: Exception) -> Path:
    tried = [folder / name for folder in folders]
    for path in tried:
        if path.is_file():
            return path
    looked = "".join(f"\n  there is no {path}" for path in tried)
    raise BadSettings(f"{error}{looked}")


def _rules(keys: Mapping[str, Any], home: Path, folders: Sequence[Path]) -> tuple[Path, ...]:
    wanted = keys.get("rules")
    if wanted is None:
        beside = None if keys.get("rules_text") is not None else rules_file(home)
        return () if beside is None else (beside,)
    names = [wanted] if isinstance(wanted, str | Path) else _texts("rules", wanted)
    return tuple(_file(name, folders, BadSettings(f"there is no rule file {str(name)!r}")) for name in names)


def _placed(plan: HomePlan, place: object) -> HomePlan:
    if place is None:
        return plan
    if not isinstance(place, Mapping):
        raise BadSettings("place is a table, as {'latitude': 52.37, 'longitude': 4.9, 'timezone': 'Europe/Amsterdam'}")
    try:
        found = PlacePlan.model_validate(dict(place))
    except ValidationError as invalid:
        raise BadSettings("\n".join(_of_place(it) for it in invalid.errors(include_url=False))) from invalid
    if wrong := wrong_with_zone(found.timezone):
        raise BadSettings(f"place: {wrong}")
    return plan.model_copy(update={"place": found})


def _of_place(problem: Mapping[str, Any]) -> str:
    return f"place: {'.'.join(map(str, problem['loc']))}: {words(PlacePlan, problem)}"


def _people(wanted: object) -> People:
    if wanted not in tuple(People):
        raise BadSettings(f"people is one of {', '.join(People)}, not {wanted!r}")
    return People(str(wanted))


def _begins(start: object) -> Said:
    try:
        return Said() if start is None else said(str(start))
    except BadMoment as error:
        raise BadSettings(f"start: {error}") from error


def _faults(keys: Mapping[str, Any]) -> WantedFaults:
    """`given_faults` are written down one by one, on the command line."""
    words = ",".join(_texts("faults", keys.get("faults", NONE)))
    seconds = _seconds("faults_for", keys.get("faults_for")) or USUAL_S
    try:
        return wanted_faults(words, keys.get("given_faults", ()), seconds)
    except ValueError as error:
        raise BadSettings(f"faults: {error}") from error


def _seconds(key: str, said: object) -> float | None:
    if said is None:
        return None
    if isinstance(said, int | float) and not isinstance(said, bool):
        seconds = float(said)
    else:
        try:
            seconds = parse_duration(str(said))
        except ValueError as error:
            raise BadSettings(f"{key}: {error}") from error
    if not 0 < seconds < math.inf:
        raise BadSettings(f"{key} is more than nothing, not {said!r}")
    return seconds


def _flag(key: str, keys: Mapping[str, Any], *, usual: bool) -> bool:
    """What is not empty is true in Python, "no" too."""
    value = keys.get(key, usual)
    if not isinstance(value, bool):
        raise BadSettings(f"{key} is True or False, not {value!r}")
    return value


def _hub_settings(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(it, str) for it in value):
        raise BadSettings(f"settings is a table, as {{'rules': {{'allow_hosts': ['example.org']}}}}, not {value!r}")
    try:
        return as_environment(value)
    except BadHubSetting as error:
        raise BadSettings(f"settings: {error}") from error


def _rules_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise BadSettings(f"rules_text is what a rule file says, not {value!r}")


def _texts(key: str, value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Sequence):
        return [str(it) for it in value]
    raise BadSettings(f"{key} is a list of names, not {value!r}")
