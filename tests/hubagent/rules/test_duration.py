"""Durations as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubagent.rules.duration import duration_text, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("500ms", 0.5),
        ("3s", 3),
        ("3m", 180),
        ("3 min", 180),
        ("1h30m", 5400),
        ("2d", 172800),
        ("-20m", -1200),
        ("1.5h", 5400),
    ],
)
def test_a_duration_is_read(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "3", "m", "3x", "3m3", "three minutes", "1e9s", "3m" * 30, "400d", "--3m"])
def test_what_is_no_duration_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|year"):
        parse_duration(text)


def test_a_number_alone_is_told_what_to_say() -> None:
    with pytest.raises(ValueError, match="say 3s, 3m or 3h"):
        parse_duration("3")


@given(st.integers(min_value=0, max_value=366 * 86400 * 1000))
def test_what_is_said_is_read_again(milliseconds: int) -> None:
    assert round(parse_duration(duration_text(milliseconds / 1000)) * 1000) == milliseconds
