"""The hub's notes: what is written comes back, and a damaged file is no notes."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from hubagent.identity.files import IdentityFiles
from hubagent.identity.notes import Notes, read_notes, write_notes


@pytest.fixture
def files(tmp_path: Path) -> IdentityFiles:
    files = IdentityFiles(tmp_path)
    files.prepare()
    return files


def test_what_is_noted_is_read_again(files: IdentityFiles) -> None:
    notes = Notes("https://cloud.example", 1_800_000_000.5, {"ab": 1.0}, 3, "no route to host")
    write_notes(files, notes)
    assert read_notes(files) == notes


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("failures", "1e999"),
        ("failures", "NaN"),
        ("failures", "1.5"),
        ("failures", "true"),
        ("failures", "-1"),
        ("failures", "1" + "0" * 400),
        ("refreshed", "1e999"),
        ("refreshed", "NaN"),
        ("refreshed", "false"),
        ("refreshed", '"1"'),
        ("refreshed", "1" + "0" * 400),
        ("absent", '{"ab": Infinity}'),
        ("absent", '{"ab": NaN}'),
        ("absent", '{"ab": 1' + "0" * 400 + "}"),
        ("absent", '{"\\ud800": 1}'),
        ("cloud", "[]"),
        ("cloud", '"https://\\ud800"'),
        ("failed", "{}"),
        ("failed", "[" * 100_000),
        ("failures", "1" * 5000),
    ],
)
def test_a_value_that_is_none_makes_no_notes(files: IdentityFiles, key: str, value: str) -> None:
    good = asdict(Notes("https://cloud.example", 1.0, {}, 3, "no route to host"))
    others = json.dumps({name: it for name, it in good.items() if name != key})
    files.write(files.notes, f'{others[:-1]}, "{key}": {value}}}'.encode())
    assert read_notes(files) == Notes()
