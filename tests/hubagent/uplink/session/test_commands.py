"""Commands have an effect at most once, in time, and at the start that they are for."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubagent.uplink.message.down import Command, Job
from hubagent.uplink.session.commands import LIFETIME_MAX_S, REMEMBERED_MAX, CommandRefused, Commands

HUB, NOW = "hub-00000001", 1_800_000_000.0
COMMAND = Command(HUB, 3, "one", NOW, NOW + 30, "lamp", {"on": True})


def commands() -> Commands:
    return Commands(HUB, 3)


def reason(made: Commands, command: Command | Job, now: float = NOW) -> str:
    with pytest.raises(CommandRefused) as refused:
        made.take(command, now)
    return refused.value.reason


def test_a_new_one_is_to_be_carried_out() -> None:
    assert commands().take(COMMAND, NOW) is None
    assert commands().take(Job(HUB, 3, "two", NOW, NOW + 30, "report"), NOW) is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"hub": "hub-00000002"}, "wrong-hub"),
        ({"boot": 2}, "wrong-boot"),
        ({"boot": 4}, "wrong-boot"),
        ({"expires": NOW}, "expired"),
        ({"expires": NOW - 1}, "expired"),
        ({"issued": NOW + 61}, "malformed"),
        ({"expires": NOW + LIFETIME_MAX_S + 1}, "malformed"),
    ],
)
def test_what_is_not_for_now_and_here_is_refused_and_not_remembered(changes: dict[str, Any], why: str) -> None:
    made = commands()
    assert reason(made, replace(COMMAND, **changes)) == why
    assert made.take(COMMAND, NOW) is None


def test_the_same_again_is_refused_while_it_is_carried_out_and_answered_alike_afterwards() -> None:
    made = commands()
    made.take(COMMAND, NOW)
    assert reason(made, COMMAND) == "replayed"
    made.answered("one", b"done")
    assert made.take(COMMAND, NOW + 1) == b"done"
    assert made.take(COMMAND, NOW + 2) == b"done"


def test_one_that_was_done_is_not_called_expired_later() -> None:
    made = commands()
    made.take(COMMAND, NOW)
    assert reason(made, COMMAND, NOW + 100) == "replayed"
    made.answered("one", b"done")
    assert made.take(COMMAND, NOW + 100) == b"done"


def test_another_command_under_the_same_name_is_refused() -> None:
    made = commands()
    made.take(COMMAND, NOW)
    made.answered("one", b"done")
    assert reason(made, replace(COMMAND, device="door")) == "replayed"


def test_when_as_many_are_remembered_as_may_be_new_ones_are_refused_until_some_have_expired() -> None:
    made = commands()
    for number in range(REMEMBERED_MAX):
        assert made.take(replace(COMMAND, id=str(number)), NOW) is None
        made.answered(str(number), b"done")
    late = replace(COMMAND, id="late", expires=NOW + 60)
    assert reason(made, late, NOW + 29) == "busy"
    assert made.take(late, NOW + 31) is None


def test_those_that_are_being_carried_out_are_never_forgotten() -> None:
    made = commands()
    for number in range(REMEMBERED_MAX):
        made.take(replace(COMMAND, id=str(number)), NOW)
    assert reason(made, replace(COMMAND, id="late", expires=NOW + 60), NOW + 31) == "busy"
    assert reason(made, replace(COMMAND, id="7"), NOW + 31) == "replayed"


def test_a_clock_that_goes_back_brings_no_forgotten_command_back() -> None:
    made = commands()
    for number in range(REMEMBERED_MAX):
        made.take(replace(COMMAND, id=str(number)), NOW)
        made.answered(str(number), b"done")
    made.take(replace(COMMAND, id="late", expires=NOW + 60), NOW + 31)
    assert reason(made, replace(COMMAND, id="7"), NOW) == "replayed"


def test_an_answer_to_nothing_is_ignored() -> None:
    commands().answered("never asked", b"done")


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.floats(0, 120), st.booleans(), st.sampled_from([2, 3])), max_size=60
    )
)
def test_however_they_come_none_is_carried_out_twice_and_none_late(steps: list[tuple[str, float, bool, int]]) -> None:
    made, done = commands(), []
    for name, later, answered, boot in steps:
        command = replace(COMMAND, id=name, boot=boot)
        try:
            if made.take(command, NOW + later) is None:
                assert later < 30
                assert boot == 3
                done.append(name)
                if answered:
                    made.answered(name, name.encode())
        except CommandRefused:
            pass
    assert len(done) == len(set(done))
