"""What a button's notifications amount to."""

from drivers.zwave.capabilities.translation import Pressed
from drivers.zwave.command_classes.central_scene import RELEASE_TIMEOUT_S, SLOW_RELEASE_TIMEOUT_S
from drivers.zwave.presses import Presses
from hubagent.model.capabilities.switch import Press


def hold(sequence: int, held_for_s: float = RELEASE_TIMEOUT_S) -> Pressed:
    return Pressed(1, Press.HOLD, sequence, held_for_s)


def test_the_same_number_again_is_the_same_press() -> None:
    presses = Presses()
    assert presses.heard(Pressed(1, Press.SINGLE, 7), 0) is Press.SINGLE
    assert presses.heard(Pressed(1, Press.SINGLE, 7), 5) is None
    assert presses.heard(Pressed(1, Press.SINGLE, 8), 6) is Press.SINGLE


def test_presses_without_a_number_are_all_news() -> None:
    presses = Presses()
    assert [presses.heard(Pressed(1, Press.SINGLE), at) for at in (0, 1)] == [Press.SINGLE, Press.SINGLE]


def test_a_hold_is_told_once_and_then_repeats_until_it_is_released() -> None:
    presses = Presses()
    assert presses.heard(hold(1), 0) is Press.HOLD
    assert presses.heard(hold(2), 0.2) is Press.HOLD_REPEAT
    assert presses.heard(Pressed(1, Press.RELEASE, 3), 0.4) is Press.RELEASE
    assert presses.heard(hold(4), 0.5) is Press.HOLD


def test_a_hold_after_a_lost_release_is_a_new_one() -> None:
    presses = Presses()
    assert presses.heard(hold(1), 0) is Press.HOLD
    assert presses.heard(hold(2), 10) is Press.HOLD


def test_slow_refresh_leaves_a_minute_between_two_words_of_one_hold() -> None:
    presses = Presses()
    assert presses.heard(hold(1, SLOW_RELEASE_TIMEOUT_S), 0) is Press.HOLD
    assert presses.heard(hold(2, SLOW_RELEASE_TIMEOUT_S), 55) is Press.HOLD_REPEAT


def test_two_buttons_are_held_each_for_itself() -> None:
    presses = Presses()
    assert presses.heard(hold(1), 0) is Press.HOLD
    assert presses.heard(Pressed(2, Press.HOLD, 2, RELEASE_TIMEOUT_S), 0.1) is Press.HOLD
