"""What people say devices of another hub are called here."""

import pytest

from hubagent.rules.importers.device_map import BadMap, read_map


def test_lines_are_read_with_comments_left_out() -> None:
    lines = ["# of the hall", "light.hall = hall.lamp   # the one above", "", "a=b c"]
    assert read_map(lines, "map") == {"light.hall": "hall.lamp", "a": "b c"}


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (["light.hall"], "map:1: is no mapping"),
        (["", "light.hall ="], "map:2: is no mapping"),
        (["a = b", "a = c"], "map:2: a is mapped twice, to 'b' and 'c'"),
        (["a = " + "x" * 121], "map:1: is longer"),
    ],
)
def test_a_line_that_maps_nothing_is_named(lines: list[str], complaint: str) -> None:
    with pytest.raises(BadMap, match=complaint):
        read_map(lines, "map")
