"""How exact a radio can be with what a device is set to is what the checks ask for, and no more."""

from drivers.zwave.capabilities.switches import percent_of
from simulators.chaos.checks.settings import same
from simulators.zwave.reactions.switch_multilevel import to_wire


def test_a_level_between_two_steps_is_told_within_the_tolerance() -> None:
    levels = [number / 50 for number in range(5001)]
    assert [level for level in levels if not same("level", level, percent_of(to_wire(level)))] == []


def test_the_next_but_one_step_is_another_level() -> None:
    assert not same("level", 50, 52)
