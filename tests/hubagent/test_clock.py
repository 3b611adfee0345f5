"""The clock that certificates are judged by: a floor that only rises, and the cloud's word."""

import math
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubagent import clock as clock_module
from hubagent.clock import BUILT, TOLERANCE_S, TrustedClock

NOW = 1_800_000_000.0
HOUR_S = 3600.0


class Machine:
    """Its wall clock starts in 1970."""

    def __init__(self) -> None:
        self.up = 0.0
        self.wall = 0.0

    def clock(self, kept: Path | None = None, built: float = 0.0) -> TrustedClock:
        return TrustedClock(lambda: self.wall + self.up, lambda: self.up, kept, built)


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_it_is_not_before_this_program_was_made(machine: Machine) -> None:
    """Fault 11: the clock is wrong at boot."""
    clock = TrustedClock(lambda: 0.0, lambda: 0.0, None)
    assert clock.floor == BUILT
    assert clock.now() == (BUILT, False)


def test_the_release_is_not_of_the_future() -> None:
    assert datetime(2026, 1, 1, tzinfo=UTC).timestamp() < BUILT < datetime(2030, 1, 1, tzinfo=UTC).timestamp()


def test_an_images_own_date_counts_above_the_releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source_date = tmp_path / "SOURCE_DATE"
    monkeypatch.setattr(clock_module, "SOURCE_DATE", source_date)
    source_date.write_text(f"{BUILT + 5:.0f}\n")
    assert TrustedClock(lambda: 0.0, lambda: 0.0, None).floor == BUILT + 5
    source_date.write_text("5\n")
    assert TrustedClock(lambda: 0.0, lambda: 0.0, None).floor == BUILT


def test_a_clock_that_starts_in_1970_is_not_believed(machine: Machine) -> None:
    """Fault 11: the clock is wrong at boot."""
    clock = machine.clock(built=NOW)
    assert clock.now() == (NOW, False)


def test_a_clock_that_is_ahead_is_shown_and_proves_nothing(machine: Machine) -> None:
    machine.wall = NOW + 100 * HOUR_S
    clock = machine.clock(built=NOW)
    assert clock.now() == (NOW + 100 * HOUR_S, False)
    assert clock.floor == NOW


def test_the_floor_moves_with_the_monotonic_clock(machine: Machine) -> None:
    clock = machine.clock(built=NOW)
    machine.up = 5 * HOUR_S
    assert clock.floor == NOW + 5 * HOUR_S


@pytest.mark.parametrize("confirmed_by", ["the machine's clock", "the cloud again", "nobody"])
def test_what_was_confirmed_is_known_after_a_power_cut(machine: Machine, tmp_path: Path, confirmed_by: str) -> None:
    """Fault 11: the last good time is written down."""
    clock = machine.clock(tmp_path / "clock", built=NOW)
    machine.up = 5 * HOUR_S
    if confirmed_by == "the machine's clock":
        machine.wall = NOW + 45 * HOUR_S + 30
    clock.learned(NOW + 50 * HOUR_S)
    assert clock.now() == (NOW + 50 * HOUR_S, True)
    if confirmed_by == "the cloud again":
        machine.up += HOUR_S
        clock.learned(NOW + 51 * HOUR_S + 20)
    clock.save()
    machine.up = 0.0
    again = machine.clock(tmp_path / "clock", built=NOW)
    assert not again.sure
    assert (
        again.floor
        == {
            "the machine's clock": NOW + 50 * HOUR_S,
            "the cloud again": NOW + 51 * HOUR_S + 20,
            "nobody": NOW + 5 * HOUR_S,
        }[confirmed_by]
    )


def test_a_cloud_that_is_wrong_once_is_corrected_and_leaves_nothing_behind(machine: Machine) -> None:
    """Fault 11: one server whose clock is months ahead does not cost a fleet its connections for months."""
    clock = machine.clock(built=NOW)
    clock.vouched_until(NOW + 2000 * HOUR_S)
    clock.learned(NOW + 1900 * HOUR_S)
    machine.up = 2 * HOUR_S
    clock.learned(NOW + 2 * HOUR_S)
    assert clock.now() == (NOW + 2 * HOUR_S, True)
    assert clock.floor == NOW + 2 * HOUR_S
    machine.up = 4 * HOUR_S
    clock.learned(NOW + 1904 * HOUR_S)
    assert clock.floor == NOW + 4 * HOUR_S


def test_words_that_do_not_agree_confirm_nothing(machine: Machine) -> None:
    clock = machine.clock(built=NOW)
    for hour in range(1, 20):
        machine.up = hour * HOUR_S
        clock.learned(NOW + 100 * hour * HOUR_S)
    assert clock.floor == NOW + 19 * HOUR_S


def test_the_machines_own_clock_never_raises_what_is_written_down(machine: Machine, tmp_path: Path) -> None:
    """Fault 11: a forged NTP answer or Date header of today does not expire every certificate for ever."""
    machine.wall = NOW + 1e9
    machine.clock(tmp_path / "clock", built=NOW).save()
    assert machine.clock(tmp_path / "clock", built=0.0).floor == NOW


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff", b"nan", b"inf", b"-5", b"1e300", b"9" * 5000, b"99999999999", b"17x"]
)
def test_a_damaged_file_is_no_floor(machine: Machine, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "clock").write_bytes(content)
    assert machine.clock(tmp_path / "clock", built=NOW).floor == NOW


def test_the_clouds_word_makes_it_sure_and_goes_on(machine: Machine) -> None:
    clock = machine.clock(built=NOW)
    machine.up = 10.0
    clock.learned(NOW + 1000.0, 10.0)
    machine.up = 25.0
    assert clock.now() == (NOW + 1015.0, True)
    assert clock.wall_off_s == pytest.approx(25.0 - NOW - 1015.0)


def test_who_waits_for_a_sure_time_is_told_once(machine: Machine) -> None:
    clock = machine.clock(built=NOW)
    told: list[bool] = []
    clock.on_sure = lambda: told.append(clock.sure)
    clock.learned(NOW + 1.0)
    clock.learned(NOW + 2.0)
    assert told == [True]


def test_a_cloud_that_says_an_earlier_time_is_not_believed(machine: Machine) -> None:
    clock = machine.clock(built=NOW)
    clock.learned(NOW - TOLERANCE_S - 1)
    assert clock.now()[1] is False


def test_a_cloud_that_is_a_little_slow_is_right_and_the_floor_stays(machine: Machine) -> None:
    clock = machine.clock(built=NOW)
    clock.learned(NOW - TOLERANCE_S + 1)
    assert clock.now() == (NOW, True)


def test_a_cloud_cannot_vouch_for_a_time_after_its_own_certificate(machine: Machine) -> None:
    """A cloud that is wrong, or taken over, for a day does not make the hub refuse everybody for ever."""
    clock = machine.clock(built=NOW)
    clock.vouched_until(NOW + 24 * HOUR_S)
    clock.learned(NOW + 25 * HOUR_S)
    assert clock.now()[1] is False
    assert clock.floor == NOW
    clock.learned(NOW + 23 * HOUR_S)
    assert clock.now() == (NOW + 23 * HOUR_S, True)


@pytest.mark.parametrize("unix", [math.nan, math.inf, -math.inf, 1e300, 0.0, -5.0])
def test_nonsense_is_no_time(machine: Machine, unix: float) -> None:
    clock = machine.clock(built=NOW)
    clock.learned(unix)
    clock.not_before(unix)
    assert (clock.floor, clock.sure) == (NOW, False)


def test_a_disk_that_fails_is_told_of_and_stops_nothing(
    machine: Machine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    machine.clock(tmp_path / "nowhere" / "clock", built=NOW).save()
    assert "the time could not be written down" in caplog.text


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["learn", "wait", "step", "restart", "certificate"]),
            st.floats(min_value=-1e10, max_value=1e10),
        ),
        max_size=30,
    )
)
def test_the_floor_never_goes_back_whatever_happens(happenings: list[tuple[str, float]]) -> None:
    import tempfile

    machine = Machine()
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "clock"
        clock = machine.clock(kept, built=NOW)
        floor = clock.floor
        for what, value in happenings:
            if what == "learn":
                clock.learned(NOW + value)
            elif what == "wait":
                machine.up += abs(value) / 1e6
            elif what == "step":
                machine.wall += value
            elif what == "certificate":
                clock.not_before(NOW + value)
            else:
                clock.save()
                machine.up = 0.0
                clock = machine.clock(kept, built=NOW)
                floor -= 1.0  # it is written down in whole seconds
            assert clock.floor >= floor
            floor = clock.floor
