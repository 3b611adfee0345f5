import pytest

from drivers.zwave.command_classes.command import MalformedCommand
from drivers.zwave.command_classes.time import ClockChange, DateReport, TimeOffset, TimeReport

NEVER = ClockChange(0, 0, 0)


@pytest.mark.parametrize("utc_min", [-720, -210, -1, 0, 345, 840])
def test_an_offset_from_utc_keeps_its_sign(utc_min: int) -> None:
    offset = TimeOffset(utc_min, -utc_min % 127, NEVER, NEVER)
    assert TimeOffset.from_bytes(offset.to_bytes()) == offset


def test_an_offset_of_more_than_14_hours_is_refused() -> None:
    with pytest.raises(ValueError, match="14 hours"):
        TimeOffset(14 * 60 + 1, 0, NEVER, NEVER).to_bytes()
    with pytest.raises(MalformedCommand, match="14:1"):
        TimeOffset.from_bytes(bytes((14, 1)) + bytes(7))


def test_a_month_that_is_none_is_malformed() -> None:
    with pytest.raises(MalformedCommand, match="month 13"):
        DateReport.from_bytes(bytes.fromhex("8a0407ea0d01"))


def test_an_hour_that_is_none_is_malformed() -> None:
    with pytest.raises(MalformedCommand, match="24:0:0"):
        TimeReport.from_bytes(bytes.fromhex("8a02180000"))
