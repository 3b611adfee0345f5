import pytest

from drivers.zwave.exchange import Timing
from drivers.zwave.recovery import Recovery


@pytest.fixture
def recovery() -> Recovery:
    return Recovery(Timing(reopen_first_s=1.0, reopen_max_s=5.0, jammed_attempts=4))


def test_a_reset_is_tried_once_until_the_controller_responds(recovery: Recovery) -> None:
    assert [recovery.may_reset(), recovery.may_reset()] == [True, False]
    recovery.responded()
    assert recovery.may_reset()


def test_only_three_refused_frames_in_a_row_ask_for_a_reset(recovery: Recovery) -> None:
    assert [recovery.refused(), recovery.refused()] == [False, False]
    recovery.acknowledged()
    assert [recovery.refused() for _ in range(4)] == [False, False, True, False]


def test_a_missed_callback_asks_for_a_reset_once_until_one_has_come(recovery: Recovery) -> None:
    assert [recovery.callback_missed(), recovery.callback_missed()] == [True, False]
    recovery.responded()
    assert not recovery.callback_missed()
    recovery.transmitted()
    assert recovery.callback_missed()


def test_on_a_radio_that_a_reset_did_not_free_a_transmission_is_tried_once(recovery: Recovery) -> None:
    assert recovery.jammed_attempts() == 4
    assert [recovery.stayed_jammed(), recovery.stayed_jammed()] == [True, False]
    assert recovery.jammed_attempts() == 1
    recovery.transmitted()
    assert recovery.jammed_attempts() == 4


def test_the_port_is_opened_less_and_less_often_until_the_controller_responds(recovery: Recovery) -> None:
    assert [recovery.next_reopening_s() for _ in range(5)] == [1.0, 2.0, 4.0, 5.0, 5.0]
    for _ in range(2000):
        recovery.next_reopening_s()
    assert recovery.next_reopening_s() == 5.0
    recovery.responded()
    assert recovery.next_reopening_s() == 1.0
