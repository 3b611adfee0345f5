import pytest

from drivers.zwave.command_classes.configuration import (
    ConfigurationPropertiesReport,
    ConfigurationSet,
    Limits,
    as_signed,
    as_unsigned,
)


def test_a_value_read_as_signed_can_be_taken_for_unsigned_and_back() -> None:
    assert as_unsigned(-1, 1) == 255
    assert as_signed(255, 1) == -1
    assert as_signed(100, 1) == 100


@pytest.mark.parametrize(("size", "value"), [(1, 128), (2, -32769), (3, 0)])
def test_a_value_that_does_not_fit_its_size_is_refused(size: int, value: int) -> None:
    with pytest.raises(ValueError, match=r"fit|size"):
        ConfigurationSet(1, size, value).to_bytes()


def test_limits_of_an_unsigned_parameter_go_up_to_the_whole_byte() -> None:
    report = ConfigurationPropertiesReport(1, 1, Limits(1, 0, 255, 0), 0)
    assert ConfigurationPropertiesReport.from_bytes(report.to_bytes()) == report
