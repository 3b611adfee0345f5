"""What a recording says, line by line: a header, then what happened, in the order in which it did. RECORDING.md
describes it for people, `recording_schema` for programs.

{"v": 1, "kind": "hubagent recording", "start": 1489017438.0, "home": "flat", "devices": [{"name": ...}, ...]}
{"t": 0.0, "device": "kitchen.climate", "set": {"temperature": 21.5}}
{"t": 4.2, "device": "hall.remote", "press": "1", "gesture": "double"}
{"t": 9.0, "do": "fault air.loss rate=0.2"}
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError, field_validator, model_validator

from simulators.action import WINDOW, Action, BadAction, parse_action
from simulators.climate.plan import OUTSIDE, PlacePlan
from simulators.devices.remote import GESTURES, SINGLE
from simulators.house_table import NAME, ROOM_NAME_MAX, ROOMS_MAX, HouseTable, wrong_on_zigbee
from simulators.kinds import CAPTURED, KINDS
from simulators.recording.hands import wrong_types
from simulators.zones import wrong_with_zone

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
KIND: Final = "hubagent recording"
VERSION: Final = 1
"""Counted up when a reader of before would misunderstand."""
DEVICES_MAX: Final = 1000
SETTINGS_MAX: Final = 32
TEXT_MAX: Final = 200
NUMBER_MAX: Final = 10**12
T_MAX_S: Final = 10 * 366 * 86_400.0
UNIX_MAX: Final = 4_102_444_800.0
"""2100-01-01: what is later is a mistake."""

_Attribute = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(:[0-9]{1,2})?$", max_length=40)]
_Whole = Annotated[int, Field(ge=-NUMBER_MAX, le=NUMBER_MAX)]
_Number = Annotated[float, Field(ge=-NUMBER_MAX, le=NUMBER_MAX, allow_inf_nan=False)]
_Text = Annotated[str, Field(max_length=TEXT_MAX)]
# In this order: a flag is not taken for a number, nor 21 for 21.0.
Settings = Annotated[dict[_Attribute, bool | _Whole | _Number | _Text], Field(max_length=SETTINGS_MAX)]
"""By attribute of a simulated device, what it is."""
_Name = Annotated[str, Field(pattern=NAME, max_length=33)]


class RecordedDevice(HouseTable):
    """A device that took part, as a house file has it, and how it was when the recording began."""

    name: _Name
    kind: str = Field(description="as in house files")
    room: str | None = Field(
        default=None, pattern=NAME, max_length=ROOM_NAME_MAX, description="default: the name up to its dot"
    )
    radio: Literal["zwave", "zigbee", "none"] = "zwave"
    power: Literal["mains", "battery"] | None = Field(default=None, description="default: the kind's own")
    options: dict[str, Any] = Field(default_factory=dict, max_length=SETTINGS_MAX, description="of the kind")
    state: Settings = Field(default_factory=dict, description="how it was at the start")

    @property
    def place(self) -> str:
        """The room it is in."""
        return self.room or self.name.partition(".")[0]

    @model_validator(mode="after")
    def _is_of_a_kind(self) -> "RecordedDevice":
        # One that names a file of this machine is nothing that a file from elsewhere may do.
        known = [name for name in KINDS if name != CAPTURED]
        if self.kind not in known:
            raise ValueError(f"there is no kind {self.kind!r}; there are {', '.join(known)}")
        if self.radio == "zigbee" and (wrong := wrong_on_zigbee(self.name)):
            raise ValueError(wrong)
        if len(self.place) > ROOM_NAME_MAX:
            raise ValueError(f"{self.place!r} is no room: those have {ROOM_NAME_MAX} letters at most; give it a `room`")
        if self.place == WINDOW:
            raise ValueError(f"{WINDOW!r} is no room; give it a `room`")
        kind = KINDS[self.kind]
        if self.power == "battery" and not kind.may_sleep:
            raise ValueError(f"a {self.kind} does not run on a battery")
        try:
            kind.options.model_validate(self.options)
        except ValidationError as invalid:
            raise ValueError(f"options: {said(invalid)}") from invalid
        return self


class Header(HouseTable):
    """The first line."""

    v: Literal[1]
    kind: Literal["hubagent recording"]
    start: float = Field(ge=0, le=UNIX_MAX, allow_inf_nan=False, description="Unix seconds at t = 0")
    home: str = Field(default="recorded", min_length=1, max_length=64)
    place: PlacePlan | None = Field(default=None, description="where the home stands; default: Greenwich, on UTC")
    about: str = Field(default="", max_length=2000, description="where it is from, whose it is, for people")
    devices: list[RecordedDevice] = Field(default_factory=list, max_length=DEVICES_MAX)

    @field_validator("place")
    @classmethod
    def _is_in_a_zone(cls, place: PlacePlan | None) -> PlacePlan | None:
        if place is not None and (wrong := wrong_with_zone(place.timezone)):
            raise ValueError(wrong)
        return place

    @field_validator("devices")
    @classmethod
    def _each_once(cls, devices: list[RecordedDevice]) -> list[RecordedDevice]:
        names = [device.name for device in devices]
        twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
        if twice:
            raise ValueError(f"{', '.join(twice)}: there more than once")
        rooms = len({device.place for device in devices} - {OUTSIDE})
        if rooms > ROOMS_MAX:
            raise ValueError(f"a home has {ROOMS_MAX} rooms at most, not {rooms}; give devices a `room`")
        return devices

    @cached_property
    def by_name(self) -> Mapping[str, RecordedDevice]:
        return {device.name: device for device in self.devices}

    @property
    def rooms(self) -> list[str]:
        """In the order in which devices name them, without the one that every home has."""
        return list(dict.fromkeys(device.place for device in self.devices if device.place != OUTSIDE))


class _Event(HouseTable):
    t: float = Field(
        ge=0, le=T_MAX_S, allow_inf_nan=False, description="seconds after the start; never less than before"
    )


class Became(_Event):
    """Attributes of a device changed."""

    device: _Name
    set: Annotated[Settings, Field(min_length=1)]
    by: Literal["hub"] | None = Field(default=None, description="the hub did it, not somebody in the home")


class Pressed(_Event):
    """A finger on a button."""

    device: _Name
    press: str = Field(pattern=r"^[a-z0-9_]+$", max_length=16, description="the button")
    gesture: str = Field(default=SINGLE, pattern=f"^({'|'.join(GESTURES)})$")


class Done(_Event):
    """Anything that `sim do` does: faults, walks, weather."""

    do: str = Field(min_length=1, max_length=500)

    @field_validator("do")
    @classmethod
    def _is_an_action(cls, do: str) -> str:
        try:
            parse_action(do.split())
        except BadAction as error:
            raise ValueError(str(error)) from error
        return do

    @property
    def action(self) -> Action:
        return parse_action(self.do.split())


Event = Became | Pressed | Done
_BY_KEY: Final[Mapping[str, type[Became] | type[Pressed] | type[Done]]] = {
    "set": Became,
    "press": Pressed,
    "do": Done,
}
"""An event is what it is by the one of these keys that it has."""


class BadLine(ValueError):
    """What a line is instead of a header or an event."""


def header_of(table: object) -> Header:
    """Raises BadLine."""
    if not isinstance(table, dict) or table.get("kind") != KIND:
        raise BadLine('the first line of a recording is {"v": 1, "kind": "hubagent recording", "start": ...}')
    if table.get("v") != VERSION:
        raise BadLine(f"it is of version {table.get('v')!r}; this program reads version {VERSION}")
    try:
        header = Header.model_validate(table)
    except ValidationError as invalid:
        raise BadLine(said(invalid)) from invalid
    for device in header.devices:
        if wrong := wrong_types(device.state):
            raise BadLine(f"{device.name}: {wrong}")
    return header


def event_of(table: object) -> Event:
    """Raises BadLine."""
    if not isinstance(table, dict):
        raise BadLine("an event is a JSON object")
    kinds = [kind for key, kind in _BY_KEY.items() if key in table]
    if len(kinds) != 1:
        raise BadLine(f"an event has one of {', '.join(_BY_KEY)}; this one has {'several' if kinds else 'none'}")
    try:
        event = kinds[0].model_validate(table)
    except ValidationError as invalid:
        raise BadLine(said(invalid)) from invalid
    if isinstance(event, Became) and (wrong := wrong_types(event.set)):
        raise BadLine(f"{event.device}: {wrong}")
    return event


def table_of(line: Header | Event) -> dict[str, Any]:
    """As JSON has it, without what goes without saying."""
    return line.model_dump(exclude_defaults=True)


def recording_schema() -> dict[str, Any]:
    """The JSON Schema of one line."""
    schema = TypeAdapter(Header | Became | Pressed | Done).json_schema()
    return {"$schema": DIALECT, **_tidied(schema), "title": "a line of a recording"}


def _tidied(part: Any) -> Any:
    """Names of another pattern are none; titles that say a key's name once more say nothing."""
    if isinstance(part, list):
        return [_tidied(one) for one in part]
    if not isinstance(part, dict):
        return part
    tidy = {key: _tidied(value) for key, value in part.items() if not (key == "title" and isinstance(value, str))}
    return {**tidy, "additionalProperties": False} if "patternProperties" in tidy else tidy


def said(invalid: ValidationError) -> str:
    """All that is wrong, in one line."""
    problems = []
    for problem in invalid.errors(include_url=False, include_context=False):
        # Which of the types of a value did not fit is said once, for all of them.
        where = ".".join(str(part) for part in problem["loc"] if part not in _TYPES)
        if problem["type"] == "extra_forbidden":
            what = "there is no such key"
        elif problem["type"] == "value_error":
            what = problem["msg"].removeprefix("Value error, ")
        elif problem["loc"][-1:] and problem["loc"][-1] in _TYPES:
            what = "is neither a flag, a number of reasonable size nor a short text"
        else:
            what = problem["msg"].lower()
        if (one := f"{where}: {what}" if where else what) not in problems:
            problems.append(one)
    return "; ".join(problems[:_SAID_MAX]) + ("; and more" if len(problems) > _SAID_MAX else "")


_TYPES: Final = ("bool", "int", "float", "str")
_SAID_MAX: Final = 5
