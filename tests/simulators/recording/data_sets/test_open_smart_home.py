"""The reader of the data set, on rows made up here in its shape; and what the data themselves are, where they lie."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from simulators.home import read_home
from simulators.recording.data_sets.open_smart_home import BadDataSet, open_data_set
from simulators.recording.format import table_of
from simulators.recording.house import house_of, house_text

FOLDER: Final = Path(__file__).parents[4].parent / "shared" / "data" / "open_smart_home"
START: Final = 1_489_017_600


def _folder(tmp_path: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def _rows(*rows: tuple[int, float]) -> str:
    return "".join(f"{START + t}\t{value}\n" for t, value in rows)


def test_series_are_merged_by_time_and_what_was_first_is_how_it_was(tmp_path: Path) -> None:
    data = open_data_set(
        _folder(
            tmp_path,
            {
                "Kitchen_Temperature.csv": _rows((600, 20.5), (1200, 21)),
                "Kitchen_Brightness.csv": _rows((0, 12.82), (900, 0)),
                "Kitchen_SetpointHistory.csv": _rows((700, 20)),
            },
        )
    )
    assert data.header.start == START
    assert [table_of(event) for event in data.events()] == [
        {"t": 0.0, "device": "kitchen.climate", "set": {"illuminance": 12.82}},
        {"t": 600.0, "device": "kitchen.climate", "set": {"temperature": 20.5}},
        {"t": 700.0, "device": "kitchen.thermostat", "set": {"setpoint": 20.0}},
        {"t": 900.0, "device": "kitchen.climate", "set": {"illuminance": 0.0}},
        {"t": 1200.0, "device": "kitchen.climate", "set": {"temperature": 21.0}},
    ]
    assert data.header.by_name["kitchen.climate"].state == {"illuminance": 12.82, "temperature": 20.5}
    assert data.header.by_name["kitchen.thermostat"].state == {"setpoint": 20.0}


def test_a_thermostat_hangs_where_it_is_warmer_than_the_room(tmp_path: Path) -> None:
    data = open_data_set(
        _folder(
            tmp_path,
            {
                "Room3_Temperature.csv": _rows((0, 20)),
                "Room3_left_ThermostatTemperature.csv": _rows((0, 24)),
                "Room3_right_ThermostatTemperature.csv": _rows((0, 25)),
                "Room3_SetpointHistory.csv": _rows((0, 18)),
            },
        )
    )
    plan = house_of(data.header)
    assert {device.name: device.place for device in plan.device} == {
        "room3.climate": "room3",
        "room3.thermostat_left": "room3_l",
        "room3.thermostat_right": "room3_r",
    }


def test_what_is_wrong_with_rows_is_left_out_and_said(tmp_path: Path) -> None:
    rows = (
        _rows((0, 40), (600, 41), (600, 42), (500, 43), (1200, 140), (1800, -1), (2400, 41))
        + "nonsense\n1489017600\n\n1489017600\t\t5\n1489030000\tnan\n1e30\t5\n"
        + _rows((30_000, 45))
    )
    data = open_data_set(_folder(tmp_path, {"Kitchen_Humidity.csv": rows}))
    assert [(event.t, event.set["humidity"]) for event in data.events()] == [
        (0.0, 40.0),
        (600.0, 41.0),
        (2400.0, 41.0),
        (30_000.0, 45.0),
    ]
    found = data.series[0].found
    assert (found.rows, found.unchanged, found.duplicates, found.disordered) == (14, 1, 1, 1)
    assert (found.out_of_range, found.unreadable, found.gaps, found.longest_gap_s) == (2, 6, 1, 27_600.0)
    [remark] = data.remarks()
    assert remark.startswith("Kitchen_Humidity.csv: 14 rows, 1 unchanged; 1 silences of over 2 h, the longest 7.7 h; ")
    assert remark.endswith(
        "6 unreadable, 1 earlier than the one before, 1 at the time of the one before, 2 out of range"
    )


def test_a_line_without_end_is_read_in_pieces(tmp_path: Path) -> None:
    data = open_data_set(_folder(tmp_path, {"Kitchen_Humidity.csv": "9" * 1_000_000 + "\n" + _rows((0, 40))}))
    assert [event.t for event in data.events()] == [0.0]


def test_of_the_same_outdoor_temperature_in_several_files_one_is_taken(tmp_path: Path) -> None:
    outdoor = _rows((0, 6.2), (1800, 6.4))
    data = open_data_set(
        _folder(
            tmp_path,
            {
                "Kitchen_Virtual_OutdoorTemperature.csv": outdoor,
                "Room1_OutdoorTemperature.csv": outdoor,
                "Kitchen_Notes.csv": "",
                "README.md": "",
            },
        )
    )
    assert [event.device for event in data.events()] == ["outside.climate"] * 2
    assert data.left_out == ("Kitchen_Notes.csv", "Room1_OutdoorTemperature.csv")
    assert data.header.rooms == []


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({}, "has no file like Kitchen_Temperature.csv"),
        ({"Notes.csv": ""}, "has no file like Kitchen_Temperature.csv"),
        ({"Kitchen_Humidity.csv": "nothing\n"}, "its files have no row that can be read"),
        ({f"R{n}_Humidity.csv": _rows((0, 1)) for n in range(31)}, "more than 30 rooms: 31"),
    ],
)
def test_a_folder_that_is_not_this_data_set_is_refused_in_words(
    tmp_path: Path, files: Mapping[str, str], complaint: str
) -> None:
    with pytest.raises(BadDataSet) as refused:
        open_data_set(_folder(tmp_path, files))
    assert complaint in str(refused.value)


def test_no_folder_is_none_of_it(tmp_path: Path) -> None:
    with pytest.raises(BadDataSet):
        open_data_set(tmp_path / "nothing")


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the data set is not at {FOLDER}")
def test_the_data_set_is_what_recording_md_says_it_is(tmp_path: Path) -> None:
    data = open_data_set(FOLDER)
    count = sum(1 for _ in data.events())
    wrong = sum(
        series.found.unreadable + series.found.disordered + series.found.duplicates + series.found.out_of_range
        for series in data.series
    )
    assert (count, wrong) == (sum(series.found.rows for series in data.series), 0)
    assert data.left_out == ("Room1_Virtual_OutdoorTemperature.csv", "Room2_OutdoorTemperature.csv")
    assert len(data.series) == 16
    file = tmp_path / "flat.toml"
    file.write_text(house_text(data.header), encoding="utf-8")
    plan = read_home(file)
    assert plan.radios_with() == ("zwave", "zigbee")
    assert [device.name for device in plan.device] == [
        "kitchen.climate",
        "kitchen.thermostat",
        "outside.climate",
        "room1.climate",
        "room1.thermostat",
        "room2.climate",
        "room2.thermostat",
    ]
