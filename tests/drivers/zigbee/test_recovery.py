import pytest

from drivers.zigbee.exchange import Timing
from drivers.zigbee.recovery import Recovery


@pytest.fixture
def recovery() -> Recovery:
    return Recovery(Timing(reopen_first_s=1.0, reopen_max_s=5.0, settled_s=30.0))


def test_an_ncp_is_given_up_at_its_second_silence_in_a_row(recovery: Recovery) -> None:
    assert [recovery.silent(), recovery.silent()] == [False, True]
    recovery.responded()
    assert not recovery.silent()


def test_it_is_reset_three_times_in_a_row(recovery: Recovery) -> None:
    assert [recovery.may_restart(0.0) for _ in range(4)] == [True, True, True, False]


def test_a_short_while_in_use_does_not_make_up_for_what_went_wrong(recovery: Recovery) -> None:
    for now in (0.0, 10.0, 20.0):
        assert recovery.may_restart(now)
        recovery.in_use(now + 1.0)
    assert not recovery.may_restart(30.0)


def test_a_long_while_in_use_does(recovery: Recovery) -> None:
    for now in range(0, 1000, 40):
        assert recovery.may_restart(float(now))
        recovery.in_use(now + 1.0)


def test_the_port_is_opened_less_and_less_often_until_the_ncp_was_in_use_for_a_while(recovery: Recovery) -> None:
    assert [recovery.next_reopening_s(0.0) for _ in range(5)] == [1.0, 2.0, 4.0, 5.0, 5.0]
    for _ in range(2000):
        recovery.next_reopening_s(0.0)
    recovery.in_use(0.0)
    assert recovery.next_reopening_s(29.0) == 5.0
    recovery.in_use(50.0)
    recovery.in_use(70.0)
    assert recovery.next_reopening_s(80.0) == 1.0


def test_a_new_port_deserves_new_resets(recovery: Recovery) -> None:
    for _ in range(4):
        recovery.may_restart(0.0)
    recovery.next_reopening_s(0.0)
    assert [recovery.may_restart(0.0) for _ in range(4)] == [True, True, True, False]
