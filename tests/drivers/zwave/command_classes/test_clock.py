import pytest

from drivers.zwave.command_classes.clock import ClockReport, ClockSet, Weekday
from drivers.zwave.command_classes.command import MalformedCommand


@pytest.mark.parametrize("data", ["81061800", "8106003c"])
def test_what_is_no_time_of_day_is_malformed(data: str) -> None:
    with pytest.raises(MalformedCommand, match="not a time"):
        ClockReport.from_bytes(bytes.fromhex(data))


def test_an_hour_that_would_spill_into_the_weekday_is_refused() -> None:
    with pytest.raises(ValueError, match="not a time"):
        ClockSet(Weekday.MONDAY, 33, 0).to_bytes()
