"""Levels that are none. The bytes of good ones are in tests/vectors/zwave/battery.toml."""

import pytest

from drivers.zwave.command_classes.battery import BatteryHealthReport, BatteryReport
from drivers.zwave.command_classes.command import MalformedCommand


@pytest.mark.parametrize("level", [101, 254])
def test_a_level_between_100_percent_and_the_low_warning_is_malformed(level: int) -> None:
    with pytest.raises(MalformedCommand):
        BatteryReport.from_bytes(bytes((0x80, 0x03, level)))


@pytest.mark.parametrize("capacity", [101, 254])
def test_a_capacity_between_100_percent_and_unknown_is_malformed(capacity: int) -> None:
    with pytest.raises(MalformedCommand):
        BatteryHealthReport.from_bytes(bytes((0x80, 0x05, capacity, 0x00)))


def test_half_a_condition_is_none() -> None:
    assert BatteryReport.from_bytes(bytes.fromhex("80033760")) == BatteryReport(55)
