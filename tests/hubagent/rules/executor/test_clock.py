"""A clock that starts in 1970, and one that is put right while rules wait."""

import pytest

from tests.hubagent.rules.a_house import START, House

WAIT = """
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
do = [{ wait = "10m" }, { notify = "o", text = "x" }]
"""
HELD_WAIT = """
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
do = [{ wait = "garage.door is open", for = "10m" }, { notify = "o", text = "x" }]
"""
HOLD = """
[[rule]]
name = "a"
when = "garage.door becomes open for 10m"
do = [{ notify = "o", text = "x" }]
"""
ALL = pytest.mark.parametrize("text", [WAIT, HELD_WAIT, HOLD], ids=["pause", "wait", "hold"])


def begin(house: House) -> None:
    house.says("garage.door", open=False)
    house.says("garage.door", open=True)
    house.presses("sofa.remote")


def without_a_clock(house: House) -> None:
    """The power fails for a moment, and the clock starts in 1970."""
    house._to_disk()
    house.wall, house.now = 100.0, 0.0
    house.boot()


@ALL
@pytest.mark.parametrize("by_s", [-7200, 7200, 40_000_000])
def test_what_waits_counts_real_time_while_the_clock_is_put_right(text: str, by_s: float) -> None:
    house = House(text)
    begin(house)
    house.wait(300)
    house.clock_steps(by_s)
    house.wait(290)
    assert house.notes == []
    house.wait(20)
    assert house.notes == ["x"]


@ALL
@pytest.mark.parametrize("off_s", [0, 100, 7200])
def test_what_began_before_the_clock_was_set_goes_on_after_a_restart(text: str, off_s: float) -> None:
    house = House(text + 'resumed = "continue if less than 10m late"\n', start=100.0)
    begin(house)
    house.wait(60)
    house.clock_steps(START)
    house.wait(60)
    house.reboot(off_s)
    if off_s < 470:
        house.wait(470 - off_s)
        assert house.notes == []
    house.wait(600)
    late = text is not HELD_WAIT and off_s > 1080
    assert house.notes == ([] if late else ["x"])


@ALL
@pytest.mark.parametrize(
    ("off_s", "resumed", "at_s"),
    [
        (60, "continue", 590 - 120 - 60 - 60),
        (7200, "continue", 0),
        (7200, "stop", None),
        (60, "stop", 590 - 120 - 60 - 60),
    ],
)
def test_a_hub_without_a_clock_judges_what_waits_when_it_is_set(
    text: str, off_s: float, resumed: str, at_s: float | None
) -> None:
    house = House(text + f'resumed = "{resumed}"\n')
    begin(house)
    house.wait(120)
    right = house.wall + off_s
    without_a_clock(house)
    house.wait(60)
    assert house.notes == []
    house.clock_steps(right + 60 - house.wall)
    if at_s is None:
        house.wait(9000)
        # A wait for a state has no time at which it is due, but for what it waits for.
        assert house.notes == (["x"] if text is HELD_WAIT else [])
        return
    if at_s:
        house.wait(at_s)
        assert house.notes == []
    house.wait(60)
    assert house.notes == ["x"]


@ALL
def test_a_clock_that_is_never_set_holds_nobody_up_for_ever(text: str) -> None:
    house = House(text)
    begin(house)
    house.wait(120)
    without_a_clock(house)
    house.wait(470)
    assert house.notes == []
    house.wait(200)
    assert house.notes == ["x"]


def test_how_long_ago_something_was_is_real_time_too() -> None:
    text = '[[rule]]\nname = "a"\nwhen = "sofa.remote button 1 single"\nif = "since(hall.motion) < 1m"\n'
    house = House(text + 'do = [{ notify = "o", text = "x" }]', start=100.0)
    house.says("hall.motion", occupied=True)
    house.clock_steps(START)
    house.wait(31)
    house.presses("sofa.remote")
    assert house.notes == ["x"]
    house.wait(31)
    house.presses("sofa.remote")
    assert house.notes == ["x"]


def test_a_lease_lasts_its_time_whatever_the_clock_does() -> None:
    text = '[[rule]]\nname = "a"\nwhen = "sofa.remote button 1 single"\nyields_to = "manual"\nlease = "30m"\n'
    text += 'do = [{ set = "hall.light", on = true }]'
    house = House(text)
    house.says("hall.light", on=True)
    house.says("hall.light", on=False)
    house.wait(60)
    house.clock_steps(86400)
    house.wait(60)
    house.presses("sofa.remote")
    assert house.sent == []
    without_a_clock(house)
    house.presses("sofa.remote")
    assert house.sent == []


@ALL
def test_what_began_in_1970_is_begun_anew_once_however_often_the_hub_starts(text: str) -> None:
    house = House(text, start=100.0)
    begin(house)
    house.wait(60)
    house._to_disk()
    house.wall, house.now = START, 0.0
    house.boot()
    for _ in range(5):
        house.wait(100)
        house.reboot(0)
    house.wait(95)
    assert house.notes == []
    house.wait(10)
    assert house.notes == ["x"]


@ALL
@pytest.mark.parametrize("by_s", [-7200, 7200])
def test_what_begins_while_the_clock_is_wrong_for_a_moment_ends_in_time_after_a_restart(text: str, by_s: float) -> None:
    house = House(text)
    house.wait(60)
    house.wall += by_s
    begin(house)
    house.wait(5)
    house.wall -= by_s
    house.wait(100)
    house.reboot(0)
    house.wait(490)
    assert house.notes == []
    house.wait(10)
    assert house.notes == ["x"]


def test_who_was_in_line_behind_a_wait_that_is_judged_waits_by_the_clock_as_it_is_then() -> None:
    house = House(WAIT + 'mode = "queued"\nresumed = "stop"\n')
    begin(house)
    begin(house)
    house.wait(120)
    right = house.wall + 3600
    without_a_clock(house)
    house.clock_steps(right - house.wall)
    house.wait(1)
    house.reboot(0)
    house.wait(590)
    assert house.notes == []
    house.wait(20)
    assert house.notes == ["x"]


@pytest.mark.parametrize("was_open", [True, False])
def test_what_came_to_be_so_while_the_clock_was_not_set_is_so_since_then(*, was_open: bool) -> None:
    house = House(HELD_WAIT)
    house.says("garage.door", open=was_open)
    house.presses("sofa.remote")
    house.wait(120)
    right = house.wall
    without_a_clock(house)
    if was_open:
        house.says("garage.door", open=False)
    house.says("garage.door", open=True)
    house.wait(60)
    house.clock_steps(right + 60 - house.wall)
    house.wait(530)
    assert house.notes == []
    house.wait(20)
    assert house.notes == ["x"]


def test_how_long_a_wait_has_lasted_is_known_at_each_start() -> None:
    """So that a start without a clock does not begin it anew."""
    house = House(WAIT)
    begin(house)
    for _ in range(3):
        house.wait(100)
        house.reboot(0)
    without_a_clock(house)
    house.wait(290)
    assert house.notes == []
    house.wait(20)
    assert house.notes == ["x"]


@ALL
def test_a_clock_that_drifts_and_then_steps_moves_nothing_by_its_drift(text: str) -> None:
    house = House(text)
    house.wall += 0.9
    begin(house)
    house.wait(60)
    house.wall += 0.9
    house.wait(60)
    house.clock_steps(3600)
    house.wait(60)
    house.reboot(0)
    house.wait(419.9)
    assert house.notes == []
    house.wait(0.2)
    assert house.notes == ["x"]
