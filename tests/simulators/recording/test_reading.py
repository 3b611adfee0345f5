import gzip
import json
import os
import tracemalloc
from pathlib import Path

import pytest

from simulators.recording.format import KIND, Became
from simulators.recording.reading import (
    HEADER_BYTES_MAX,
    LINE_BYTES_MAX,
    BadRecording,
    open_recording,
)

HEADER = json.dumps({"v": 1, "kind": KIND, "start": 0, "devices": [{"name": "a.light", "kind": "dimmer"}]})
EVENT = '{"t": %s, "device": "a.light", "set": {"level": %s}}'
BAD_FILES: list[tuple[bytes, str]] = [
    (b"", ":1: it is empty; a recording begins with its header"),
    (b"\n", ":1: it is no JSON"),
    (b"{", ":1: it is no JSON"),
    (b"\xff\xfe\n", ":1: it is not UTF-8"),
    (b"[" * 20_000 + b"\n", ":1: it is no JSON that anybody wrote"),
    (b'{"v": 1, "kind": "hubagent recording", "start": NaN}\n', ":1: it is no JSON: NaN is no number"),
    (b'{"v": 1, "kind": "hubagent recording", "start": ' + b"9" * 5_000 + b"}\n", ":1: it is no JSON that anybody"),
    (b" " * (HEADER_BYTES_MAX + 1), f":1: it has more than {HEADER_BYTES_MAX} bytes"),
    (EVENT.encode() % (b"0", b"1"), ":1: the first line of a recording is"),
    (f"{HEADER}\n{EVENT % (1, 1)}\n{EVENT % (0.5, 2)}\n".encode(), ":3: t 0.5 is before 1.0, which came first; sort"),
    (f"{HEADER}\n\n".encode(), ":2: it is no JSON"),
    (f'{HEADER}\n{EVENT % (1, 1)}\n{{"t": 2, "device": "b.light", "press": "1"}}'.encode(), ":3: there is no device"),
    (f'{HEADER}\n{{"t": 1, "device": "a.light", "press": "1", "t": 5}}\n'.encode(), ":2: the key 't' is there twice"),
    (f"{HEADER}\n".encode() + EVENT.encode() % (b"1", b'1, "level": 2'), ":2: the key 'level' is there twice"),
    (b'{"v": 1, "kind": "hubagent recording", "start": 0, "start": 9}\n', ":1: the key 'start' is there twice"),
    (f"{HEADER}\n".encode() + b" " * (LINE_BYTES_MAX + 1), f":2: it has more than {LINE_BYTES_MAX} bytes"),
    (b"\x1f\x8b" + b"nonsense" * 9, ":1: the gzip is damaged"),
    (gzip.compress(f"{HEADER}\n{EVENT % (1, 1)}\n".encode() * 50, mtime=0)[:60], ": the gzip is damaged"),
]


def _read(path: Path) -> list[Became]:
    with open_recording(path) as recording:
        return [event for event in recording.events if isinstance(event, Became)]


@pytest.mark.parametrize("packed", [False, True])
def test_events_come_in_order_plain_or_packed(tmp_path: Path, packed: bool) -> None:
    text = "\n".join((HEADER, EVENT % (0, 1), EVENT % (0, 2), EVENT % (7.5, 3))).encode()
    path = tmp_path / "recording"
    path.write_bytes(gzip.compress(text) if packed else text)
    assert [(event.t, event.set["level"]) for event in _read(path)] == [(0.0, 1), (0.0, 2), (7.5, 3)]


@pytest.mark.parametrize(("content", "complaint"), BAD_FILES)
def test_what_is_wrong_with_a_file_is_said_with_its_line(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadRecording) as refused:
        _read(path)
    assert complaint in str(refused.value)
    assert str(refused.value).startswith(f"{path}:")


@pytest.mark.parametrize(
    ("event", "wrong"),
    [
        ('"device": "a.light", "set": {"level": "much"}', 'a.light: level is a number, not "much"'),
        ('"device": "a.light", "set": {"level": true}', "a.light: level is a number, not true"),
        ('"device": "a.light", "set": {"on": 1}', "a.light: on is true or false, not 1"),
        ('"device": "a.light", "set": {"on:2": "yes"}', 'a.light: on:2 is true or false, not "yes"'),
        ('"device": "a.light", "set": {"mode": 3, "tone": 1.5}', "mode is a text, not 3; tone is a whole number, not"),
    ],
)
def test_a_value_of_another_type_than_its_attribute_is_wrong(tmp_path: Path, event: str, wrong: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(f'{HEADER}\n{{"t": 1, {event}}}\n')
    with pytest.raises(BadRecording) as refused:
        _read(path)
    assert str(refused.value).startswith(f"{path}:2: ")
    assert wrong in str(refused.value)


def test_so_it_is_in_the_header(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    device = {"name": "a.door", "kind": "door", "state": {"open": "yes"}}
    path.write_text(json.dumps({**json.loads(HEADER), "devices": [device]}))
    with pytest.raises(BadRecording, match=r'bad\.jsonl:1: a\.door: open is true or false, not "yes"'):
        _read(path)


def test_an_attribute_that_nobody_knows_may_be_anything(tmp_path: Path) -> None:
    """A later version's, say: what a home cannot do is counted."""
    path = tmp_path / "later.jsonl"
    path.write_text(f'{HEADER}\n{{"t": 1, "device": "a.light", "set": {{"scent": "rose"}}}}\n')
    assert [dict(event.set) for event in _read(path)] == [{"scent": "rose"}]


@pytest.mark.parametrize("packed", [False, True])
def test_a_pipe_is_read_as_a_file_is(packed: bool) -> None:
    text = f"{HEADER}\n{EVENT % (1, 40)}\n".encode()
    outlet, inlet = os.pipe()
    with os.fdopen(outlet, "rb"), os.fdopen(inlet, "wb") as writer:
        writer.write(gzip.compress(text) if packed else text)
        writer.close()
        assert [event.set["level"] for event in _read(Path(f"/dev/fd/{outlet}"))] == [40]


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BadRecording, match="cannot be read: No such file"):
        _read(tmp_path / "nothing")
    with pytest.raises(BadRecording, match="cannot be read: Is a directory"):
        _read(tmp_path)


def test_a_long_recording_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl.gz"
    with gzip.open(path, "wt") as file:
        file.write(HEADER + "\n")
        file.writelines(EVENT % (t, t % 100) + "\n" for t in range(30_000))
    tracemalloc.start()
    try:
        with open_recording(path) as recording:
            count = sum(1 for _ in recording.events)
            _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 30_000
    assert peak < 1_000_000


def test_a_line_that_unpacks_to_gigabytes_is_refused_before_it_is_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb") as file:
        for _ in range(64):
            file.write(b" " * (1 << 20))
    tracemalloc.start()
    try:
        with pytest.raises(BadRecording, match="more than"):
            _read(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * HEADER_BYTES_MAX
