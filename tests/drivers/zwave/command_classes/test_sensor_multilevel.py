"""What a measured number means. The bytes themselves are in tests/vectors/zwave/sensor_multilevel.toml."""

import pytest

from drivers.zwave.command_classes.command import MalformedCommand
from drivers.zwave.command_classes.scaled_value import ScaledValue
from drivers.zwave.command_classes.sensor_multilevel import SENSOR_TYPES, SensorMultilevelReport, SensorType, unit


def test_every_sensor_type_has_units_for_at_most_four_scales() -> None:
    assert set(SENSOR_TYPES) == set(SensorType)
    assert all(1 <= len(units) <= 4 for units in SENSOR_TYPES.values())


@pytest.mark.parametrize(
    ("sensor_type", "scale", "expected"),
    [
        (SensorType.AIR_TEMPERATURE, 0, "°C"),
        (SensorType.AIR_TEMPERATURE, 1, "°F"),
        (SensorType.ILLUMINANCE, 1, "lx"),
        (SensorType.ULTRAVIOLET, 0, ""),
        (SensorType.HUMIDITY, 3, None),
        (0xEE, 0, None),
    ],
)
def test_the_scale_names_the_unit_and_an_unknown_one_names_none(
    sensor_type: int, scale: int, expected: str | None
) -> None:
    assert unit(sensor_type, scale) == expected


def test_a_report_says_its_value_in_its_unit() -> None:
    report = SensorMultilevelReport(SensorType.AIR_TEMPERATURE, ScaledValue.of(-0.25, scale=0, precision=2))
    assert (report.value, report.unit) == (-0.25, "°C")


def test_an_unknown_sensor_type_is_read_and_kept() -> None:
    assert SensorMultilevelReport.from_bytes(bytes.fromhex("3105ee012d")).sensor_type == 0xEE


def test_a_value_of_three_bytes_is_malformed() -> None:
    with pytest.raises(MalformedCommand):
        SensorMultilevelReport.from_bytes(bytes.fromhex("31050103000000"))
