import pytest

from drivers.zwave.command_classes.door_lock import DoorLockConfiguration, DoorLockOperationReport


def _report(timeout: str) -> DoorLockOperationReport:
    return DoorLockOperationReport.from_bytes(bytes.fromhex("620301ff00" + timeout))


def test_the_longest_timeout_is_253_minutes_and_59_seconds() -> None:
    assert _report("fd3b").remaining_s == 253 * 60 + 59


@pytest.mark.parametrize("timeout", ["fefe", "fe00", "003c", "14ff"])
def test_bytes_that_are_no_time_are_no_timeout(timeout: str) -> None:
    assert _report(timeout).remaining_s is None


def test_no_timeout_is_written_as_two_bytes_of_0xfe() -> None:
    assert _report("003c").to_bytes().endswith(b"\xfe\xfe")


def test_a_timeout_of_254_minutes_is_refused() -> None:
    with pytest.raises(ValueError, match="15240"):
        DoorLockConfiguration(2, frozenset(), frozenset(), 254 * 60).to_bytes()


def test_a_fifth_handle_is_refused() -> None:
    with pytest.raises(ValueError, match="handles"):
        DoorLockConfiguration(1, frozenset((5,)), frozenset(), None).to_bytes()
