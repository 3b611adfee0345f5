"""Rule files follow a device that has another name, and keep everything else."""

import tomllib
from pathlib import Path

import pytest

from hubagent.rules.renaming import CannotRename, Renamed, renamed
from hubagent.toml_lines import read_document

FILE = """\
# The light in the hall: hall.light is near the door.
[[rule]]
name = "hall.light on motion"          # people's words
when = ["hall.motion becomes occupied", { state = "hall.light.level", changes = true }]
if = "hall.light is off and not hall.lights.on and big.hall.light.on"
do = [
  { set = "Hall.Light", on = true },   # hall.light
  { notify = "owner", text = "hall.light is {hall.light.level} %" },
  { wait = "hall.light.on", for = "3m" },
]
[[test]]
name = "x"
given = { "hall.light.on" = false }
steps = [{ at = "22:00", expect = "hall.light.on" }]
"""


def change(tmp_path: Path, text: str, new: str) -> Renamed:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return renamed(read_document(path), "hall.light", new)


def test_only_the_device_has_another_name(tmp_path: Path) -> None:
    found = change(tmp_path, FILE, "corridor.lamp")
    assert found.places == 6
    assert found.left == ()
    before, after = FILE.splitlines(), found.text.splitlines()
    assert [number for number, (one, other) in enumerate(zip(before, after, strict=True), 1) if one != other] == [
        4,
        5,
        7,
        8,
        9,
        14,
    ]
    assert after[4] == 'if = "corridor.lamp is off and not hall.lights.on and big.hall.light.on"'
    assert after[7] == '  { notify = "owner", text = "hall.light is {corridor.lamp.level} %" },'
    assert after[6] == '  { set = "corridor.lamp", on = true },   # hall.light'


def test_a_name_that_is_no_word_is_refused_where_an_expression_would_need_it(tmp_path: Path) -> None:
    with pytest.raises(CannotRename, match=r"rules.toml:4: 'the lamp' is no word"):
        change(tmp_path, FILE, "the lamp")
    assert change(tmp_path, 'x = [{ set = "hall.light" }]\n', "the lamp").text == 'x = [{ set = "the lamp" }]\n'


def test_texts_of_several_lines_are_left_to_people(tmp_path: Path) -> None:
    found = change(tmp_path, 'if = """\nhall.light is on\n"""\n', "lamp")
    assert (found.places, found.left) == (0, (1,))


def of(tmp_path: Path, text: str, old: str, new: str, *others: str) -> Renamed:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return renamed(read_document(path), old, new, others)


def test_a_device_whose_name_begins_with_it_keeps_its_own(tmp_path: Path) -> None:
    text = (
        'if = "hall is on and hall.light.level > 3 and hall.light is on and hall.level > 3 and hall.parameter_7 == 1"\n'
    )
    found = of(tmp_path, text, "hall", "corridor")
    assert found.text == text.replace("hall is", "corridor is").replace("hall.level", "corridor.level").replace(
        "hall.parameter", "corridor.parameter"
    )


def test_names_of_others_are_left_as_they_are_where_they_are_known(tmp_path: Path) -> None:
    text = """\
when = ["hall.motion becomes occupied", "hall.level becomes 40"]
if = "device('hall lamp') is on and device('small hall').on"
do = [{ set = ["hall", "hall lamp"], on = true }]
"""
    found = of(tmp_path, text, "hall", "corridor", "hall.motion", "Hall Lamp", "small hall", "hall")
    assert found.places == 2
    assert found.text == text.replace('"hall.level', '"corridor.level').replace('["hall",', '["corridor",')


def test_keys_that_name_it_are_told(tmp_path: Path) -> None:
    text = """\
[[test]]
name = "x"
given = { "hall.light.on" = false, hall.light.level = 3, "hall.lights.on" = true }
steps = [{ at = "22:00", expect = "hall.light.on" }]
"""
    found = change(tmp_path, text, "lamp")
    assert (found.places, found.left, found.keys) == (1, (), (3,))


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ('set = "hall.light"', 'the "big" lamp'),
        ("set = 'hall.light'", "anna's lamp"),
        ('set = "hall.light"', "C:\\new"),
    ],
)
def test_a_name_that_means_something_else_between_these_quotes_is_refused(tmp_path: Path, text: str, new: str) -> None:
    with pytest.raises(CannotRename, match=r":1: .* cannot stand there: its quotes or backslashes mean something"):
        change(tmp_path, text, new)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("set = 'hall.light'", 'the "big" lamp'),
        ('set = "hall.light"', "anna's lamp"),
        ("set = 'hall.light'", "C:\\new"),
    ],
)
def test_a_name_that_may_stand_between_these_quotes_is_what_the_file_says(tmp_path: Path, text: str, new: str) -> None:
    assert tomllib.loads(change(tmp_path, text, new).text) == {"set": new}


def test_a_name_with_a_quote_is_refused_between_quotes_of_an_expression(tmp_path: Path) -> None:
    with pytest.raises(CannotRename, match="is no word"):
        change(tmp_path, "if = \"device('hall.light') is on\"\n", "anna's lamp")
    assert "device('anna lamp')" in change(tmp_path, "if = \"device('hall.light') is on\"\n", "anna lamp").text
