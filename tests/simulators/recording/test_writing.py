import gzip
from pathlib import Path

import pytest

from simulators.recording.format import KIND, Event, event_of, header_of
from simulators.recording.reading import HEADER_BYTES_MAX, open_recording
from simulators.recording.writing import CannotWrite, spooling

DEVICE = {"name": "a.light", "kind": "dimmer"}
HEADER = header_of({"v": 1, "kind": KIND, "start": 5, "home": "Küche", "devices": [DEVICE]})
EVENTS: list[Event] = [
    event_of({"t": 0.125, "device": "a.light", "set": {"level": 0.1}, "by": "hub"}),
    event_of({"t": 1.0, "device": "a.light", "press": "1"}),
    event_of({"t": 2.0, "do": "fault air.loss rate=0.2"}),
]


def _write(path: Path) -> None:
    with spooling(path) as spool:
        for event in EVENTS:
            spool.add(event)
        spool.finish(HEADER)


@pytest.mark.parametrize("name", ["one.jsonl", "one.jsonl.gz"])
def test_what_was_recorded_is_what_is_played(tmp_path: Path, name: str) -> None:
    _write(tmp_path / name)
    with open_recording(tmp_path / name) as recording:
        assert recording.header == HEADER
        assert list(recording.events) == EVENTS
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_packed_recording_is_packed_and_the_same_file_each_time(tmp_path: Path) -> None:
    _write(tmp_path / "one.gz")
    _write(tmp_path / "two.gz")
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()
    assert gzip.decompress((tmp_path / "one.gz").read_bytes()).count(b"\n") == 4


def test_a_recording_that_is_not_finished_leaves_the_one_before_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text("before")
    with spooling(path) as spool:
        spool.add(EVENTS[0])
    assert path.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["one.jsonl"]


def test_where_nothing_can_be_written_that_is_said_before_anything_is_recorded(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="cannot be written: No such file"), spooling(tmp_path / "no" / "such"):
        pass
    taken = tmp_path / "taken"
    taken.mkdir()
    with pytest.raises(CannotWrite, match="cannot be written"):
        _write(taken)
    assert [one.name for one in tmp_path.iterdir()] == ["taken"]


def test_a_header_that_nobody_could_read_is_not_written(tmp_path: Path) -> None:
    state = {f"a{n}": "x" * 199 for n in range(32)}
    devices = [{"name": f"a.n{n}", "kind": "remote", "state": state} for n in range(200)]
    header = header_of({"v": 1, "kind": KIND, "start": 5, "devices": devices})
    with pytest.raises(CannotWrite, match=f"more than {HEADER_BYTES_MAX} bytes"), spooling(tmp_path / "one") as spool:
        spool.finish(header)
