from pathlib import Path
from typing import Any

from simulators.home import read_home
from simulators.recording.format import header_of
from simulators.recording.house import house_of, house_text
from tests.simulators.recording.a_recording import DEVICES, a_header

STRANGE: list[dict[str, Any]] = [
    {"name": "hall.strip", "kind": "power_strip", "options": {"outlets": 2}},
    {"name": "lamp", "kind": "dimmer", "room": "attic", "options": {"ramp_s": 0.25}},
    {"name": "outside.climate", "kind": "climate", "radio": "zigbee", "power": "battery"},
    {"name": "cellar.silent", "kind": "switch", "radio": "none"},
]


def test_the_house_file_says_what_the_house_is(tmp_path: Path) -> None:
    header = header_of(a_header(devices=[*DEVICES, *STRANGE], about="Two lines\nof text"))
    file = tmp_path / "house.toml"
    file.write_text(house_text(header), encoding="utf-8")
    assert read_home(file) == house_of(header)
    assert [room.name for room in house_of(header).room] == ["kitchen", "corner", "hall", "attic", "cellar"]
    place = house_of(header).place
    assert place is not None
    assert place.timezone == "Europe/Berlin"


def test_a_header_that_is_read_has_a_house_however_long_its_names_are(tmp_path: Path) -> None:
    # One letter that is two when it is small.
    header = header_of(a_header(home=64 * "\u0130", devices=[{"name": "behind_the_house.lamp", "kind": "dimmer"}]))
    file = tmp_path / "house.toml"
    file.write_text(house_text(header), encoding="utf-8")
    assert read_home(file) == house_of(header)


def test_a_name_that_is_none_becomes_one_and_text_from_elsewhere_stays_text(tmp_path: Path) -> None:
    header = header_of(a_header(home='Ünser "Haus"\n[[room]]', about='x\r\n[[room]]\u2028\x00"""', devices=[]))
    file = tmp_path / "house.toml"
    file.write_text(house_text(header), encoding="utf-8")
    plan = read_home(file)
    assert plan.name == "nser_haus_room"
    assert [room.name for room in plan.room] == ["home"]
