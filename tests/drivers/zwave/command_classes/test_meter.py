"""What a meter says, and its scale in three places. The bytes themselves are in tests/vectors/zwave/meter.toml."""

import pytest

from drivers.zwave.command_classes.command import MalformedCommand
from drivers.zwave.command_classes.meter import (
    DELTA_TIME_UNKNOWN,
    UNITS,
    MeterGet,
    MeterReading,
    MeterReport,
    MeterSupportedReport,
    MeterType,
    RateType,
    unit,
)
from drivers.zwave.command_classes.scaled_value import ScaledValue


def _reading(scale: int) -> MeterReading:
    return MeterReading(MeterType.ELECTRIC, scale, ScaledValue.of(230.1), RateType.IMPORT)


@pytest.mark.parametrize("scale", [*range(9), 7 + 255])
def test_every_scale_comes_back_with_and_without_a_previous_value(scale: int) -> None:
    reading = _reading(scale)
    for report in (
        MeterReport(reading),
        MeterReport(reading, 0),
        MeterReport(reading, 300, ScaledValue.of(229.9)),
        MeterReport(reading, DELTA_TIME_UNKNOWN, ScaledValue.of(229.9)),
    ):
        assert MeterReport.from_bytes(report.to_bytes()) == report


def test_every_meter_type_has_units() -> None:
    assert set(UNITS) == set(MeterType)


def test_the_scale_names_the_unit_and_an_unknown_one_names_none() -> None:
    assert [unit(MeterType.GAS, scale) for scale in range(4)] == ["m³", "ft³", None, "pulses"]
    assert unit(MeterType.ELECTRIC, 6) == ""
    assert unit(0x1F, 0) is None


def test_a_previous_value_that_the_delta_time_announces_may_be_absent() -> None:
    report = MeterReport.from_bytes(bytes.fromhex("3202212208fd012c"))
    assert (report.delta_time_s, report.previous) == (300, None)


@pytest.mark.parametrize("data", ["320138", "3202a13908", "3202a12b08fd00"])
def test_a_second_byte_of_scale_or_a_size_that_is_not_there_is_malformed(data: str) -> None:
    kind = MeterGet if data.startswith("3201") else MeterReport
    with pytest.raises(MalformedCommand):
        kind.from_bytes(bytes.fromhex(data))


def test_the_first_eight_scales_need_only_one_byte_more_once_there_are_more_than_seven() -> None:
    report = MeterSupportedReport(MeterType.ELECTRIC, True, frozenset(range(9)), RateType.BOTH)
    assert report.to_bytes().hex() == "3204e1ff0103"
    assert MeterSupportedReport.from_bytes(report.to_bytes()) == report
