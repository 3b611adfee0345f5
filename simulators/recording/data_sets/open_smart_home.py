"""The Open Smart Home Data Set as a recording: a flat in Nürnberg, Germany, in the spring of 2017.

G. F. Schneider, M. H. Rasmussen, P. Bonsma, J. Oraskari, P. Pauwels: Linked building data for modular building
information modelling of a smart home, ECPPM 2018; (c) Fraunhofer Institute for Building Physics, CC BY-SA 4.0; GitHub
TechnicalBuildingSystems/OpenSmartHomeData, folder Measurements.

A file is a series, named after its room and what it is of; a line is a UNIX time, a tab and a value. The flat has a
sensor in each room, and radiators with thermostats that measure where they hang, which is not as warm or cold as the
sensor's place: here each hangs in a corner of its own, a room of the house file. The same outdoor temperature stands
in several files; one is taken.

That UNIX times are meant is said by the publisher's own RDF of the same lines (2017-03-09T01:00:18+01:00 for
1489017618), and so is the zone.
"""

import heapq
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from simulators.climate.plan import OUTSIDE
from simulators.devices.thermostat import HIGHEST_C, LOWEST_C
from simulators.house_table import wrong_on_zigbee
from simulators.recording.format import KIND, UNIX_MAX, VERSION, Became, Header

PLACE: Final = {"latitude": 49.45, "longitude": 11.08, "timezone": "Europe/Berlin"}
"""Of the publisher's institute; where exactly the flat is stands nowhere."""
ABOUT: Final = (
    "From the Open Smart Home Data Set, (c) 2018 Fraunhofer Institute for Building Physics, Nürnberg, CC BY-SA 4.0: "
    "https://github.com/TechnicalBuildingSystems/OpenSmartHomeData"
)
LINE_MAX: Final = 200
ROOMS_MAX: Final = 30
GAP_S: Final = 2 * 3600.0
"""Sensors spoke every ten minutes; two hours of silence are worth a word."""
_FILE: Final = re.compile(
    r"(?P<room>[A-Za-z0-9]{1,12})_(?:(?P<side>left|right)_)?(?P<of>[A-Za-z]+|Virtual_OutdoorTemperature)\.csv"
)


class BadDataSet(Exception):
    """A folder that is not this data set, or a file in it that cannot be read."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a kind of file is of: an attribute of a device, and between what its sensor can say anything at all."""

    device: str
    attribute: str
    lowest: float
    highest: float


# By the end of a file's name. The ranges are those of the simulated devices that are to have the values.
QUANTITIES: Final[Mapping[str, Quantity]] = {
    "Temperature": Quantity("climate", "temperature", -40.0, 80.0),
    "Humidity": Quantity("climate", "humidity", 0.0, 100.0),
    "Brightness": Quantity("climate", "illuminance", 0.0, 100_000.0),
    "ThermostatTemperature": Quantity("thermostat", "temperature", -40.0, 80.0),
    "SetpointHistory": Quantity("thermostat", "setpoint", LOWEST_C, HIGHEST_C),
    "OutdoorTemperature": Quantity("climate", "temperature", -40.0, 80.0),
    "Virtual_OutdoorTemperature": Quantity("climate", "temperature", -40.0, 80.0),
}
_OUTDOORS: Final = ("OutdoorTemperature", "Virtual_OutdoorTemperature")


@dataclass(slots=True)
class Found:
    """What was found in one file."""

    rows: int = 0
    unchanged: int = 0
    """Rows that say once more what was so."""
    duplicates: int = 0
    """The same time twice."""
    disordered: int = 0
    """Earlier than what stands before them; left out, like what follows."""
    out_of_range: int = 0
    unreadable: int = 0
    gaps: int = 0
    longest_gap_s: float = 0.0

    def text(self) -> str:
        wrong = {
            "unreadable": self.unreadable,
            "earlier than the one before": self.disordered,
            "at the time of the one before": self.duplicates,
            "out of range": self.out_of_range,
        }
        left_out = ", ".join(f"{count} {what}" for what, count in wrong.items() if count)
        gaps = f"{self.gaps} silences of over {GAP_S / 3600:.0f} h, the longest {self.longest_gap_s / 3600:.1f} h"
        return f"{self.rows} rows, {self.unchanged} unchanged; {gaps}" + (f"; left out: {left_out}" if left_out else "")


@dataclass(slots=True)
class Series:
    """One file, for one or more attributes of devices."""

    path: Path
    quantity: Quantity
    devices: tuple[str, ...]
    found: Found = field(default_factory=Found)

    def rows(self) -> Iterator[tuple[float, float]]:
        """Times in order, with their values; what is wrong with the others is counted."""
        found = self.found = Found()
        latest, said = -math.inf, math.nan
        for line in _lines(self.path):
            found.rows += 1
            row = _row(line)
            if row is None:
                found.unreadable += 1
                continue
            unix, value = row
            if unix == latest:
                found.duplicates += 1
            elif unix < latest:
                found.disordered += 1
            elif not self.quantity.lowest <= value <= self.quantity.highest:
                found.out_of_range += 1
            else:
                found.unchanged += value == said
                gap_s = unix - latest if latest > -math.inf else 0.0
                found.gaps += gap_s > GAP_S
                found.longest_gap_s = max(found.longest_gap_s, gap_s)
                latest, said = unix, value
                yield unix, value


@dataclass(frozen=True, slots=True)
class DataSet:
    """What a folder has. `left_out` are files that say nothing new, or nothing that a device could."""

    series: tuple[Series, ...]
    left_out: tuple[str, ...]
    header: Header

    def events(self) -> Iterator[Became]:
        """Of all series together, in the order of their times."""
        start = self.header.start
        rows = heapq.merge(*(_numbered(number, series) for number, series in enumerate(self.series)))
        for unix, number, value in rows:
            series = self.series[number]
            for device in series.devices:
                yield Became(t=unix - start, device=device, set={series.quantity.attribute: value}, by=None)

    def remarks(self) -> list[str]:
        """What was found in the rows, for people; after `events`."""
        lines = [f"{name} left out: another file says the same, or no device could" for name in self.left_out]
        return lines + [f"{series.path.name}: {series.found.text()}" for series in self.series]


def open_data_set(folder: Path) -> DataSet:
    """Raises BadDataSet."""
    series: list[Series] = []
    left_out: list[str] = []
    files = sorted(folder.glob("*.csv")) if folder.is_dir() else []
    matches = [(path, match) for path in files if (match := _FILE.fullmatch(path.name)) and match["of"] in QUANTITIES]
    sides = _sides(matches)
    outdoors = min((path for path, match in matches if match["of"] in _OUTDOORS), default=None)
    for path, match in matches:
        if match["of"] in _OUTDOORS and path != outdoors:
            left_out.append(path.name)
        else:
            series.append(Series(path, QUANTITIES[match["of"]], _devices(match, sides)))
    if not series:
        raise BadDataSet(
            f"{folder} has no file like Kitchen_Temperature.csv; give the folder Measurements of the data set"
        )
    left_out += [path.name for path in files if path not in [match[0] for match in matches]]
    return DataSet(tuple(series), tuple(sorted(left_out)), _header(series))


def _sides(matches: list[tuple[Path, re.Match[str]]]) -> Mapping[str, tuple[str, ...]]:
    """By room: the thermostats it has, where it has several."""
    sides: dict[str, tuple[str, ...]] = {}
    for _, match in matches:
        if match["side"]:
            sides[match["room"]] = (*sides.get(match["room"], ()), match["side"])
    if len(rooms := {match["room"] for _, match in matches}) > ROOMS_MAX:
        raise BadDataSet(f"there are more than {ROOMS_MAX} rooms: {len(rooms)}")
    return sides


def _devices(match: re.Match[str], sides: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    room, quantity = match["room"].lower(), QUANTITIES[match["of"]]
    if match["of"] in _OUTDOORS:
        return (f"{OUTSIDE}.climate",)
    if match["side"]:
        return (f"{room}.{quantity.device}_{match['side']}",)
    if quantity.device == "thermostat":
        return tuple(f"{room}.thermostat_{side}" for side in sides.get(match["room"], ())) or (f"{room}.thermostat",)
    return (f"{room}.climate",)


def _header(series: list[Series]) -> Header:
    """With every series' first value as what was so when the recording began."""
    firsts = [(one, next(one.rows(), None)) for one in series]
    known = [(one, first) for one, first in firsts if first is not None]
    if not known:
        raise BadDataSet("its files have no row that can be read")
    states: dict[str, dict[str, float]] = {}
    for one, (_, value) in known:
        for device in one.devices:
            states.setdefault(device, {})[one.quantity.attribute] = value
    return Header.model_validate(
        {
            "v": VERSION,
            "kind": KIND,
            "start": min(unix for _, (unix, _) in known),
            "home": "open_smart_home",
            "place": PLACE,
            "about": ABOUT,
            "devices": [_device(name, states[name], number) for number, name in enumerate(sorted(states))],
        }
    )


def _device(name: str, state: dict[str, float], number: int) -> dict[str, Any]:
    room, _, what = name.partition(".")
    device: dict[str, Any] = {
        "name": name,
        "kind": what.partition("_")[0],
        # Both radios have their part of it; but Zigbee would keep only the beginning of a long name.
        "radio": "zigbee" if number % 2 == 0 and not wrong_on_zigbee(name) else "zwave",
        "state": state,
    }
    if device["kind"] == "thermostat":
        # Its corner: of the heater, or of the left or right one.
        device["room"] = f"{room}_{what.partition('_')[2][:1] or 'h'}"
    return device


def _numbered(number: int, series: Series) -> Iterator[tuple[float, int, float]]:
    return ((unix, number, value) for unix, value in series.rows())


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while line := file.readline(LINE_MAX):
                yield line
    except OSError as error:
        raise BadDataSet(f"{path} cannot be read: {error.strerror or error}") from error


def _row(line: bytes) -> tuple[float, float] | None:
    try:
        unix, value = map(float, line.split(b"\t"))
    except ValueError:
        return None
    return (unix, value) if 0 <= unix <= UNIX_MAX and math.isfinite(value) else None
