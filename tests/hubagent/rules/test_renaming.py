"""Rule files follow a device that has another name, and keep everything else."""

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
