"""What the clock sets off, whatever the clock does: RULES.md, Time. Each scene's outcome is stated by hand."""

import pytest

from hubagent.rules.executor.items import WebhookCalled
from tests.hubagent.rules.a_house import AMSTERDAM, START
from tests.simulators.chaos.oracle.a_scene import GO, ON, note, rule
from tests.simulators.chaos.oracle.judged_house import JudgedHouse

DAY_S = 86_400.0


def test_a_time_of_day_by_the_homes_clock() -> None:
    house = JudgedHouse(rule('{ time = "07:30" }', note("good morning")), where=AMSTERDAM)
    house.wait(DAY_S)
    assert house.said() == ["23400 good morning"]


def test_a_cron_line() -> None:
    house = JudgedHouse(rule('{ cron = "*/20 1 * * thu" }', note("x")))
    house.wait(2 * DAY_S)
    assert house.said() == ["3600 x", "4800 x", "6000 x"]


@pytest.mark.parametrize(
    ("missed", "off_s", "made_up_for"),
    [
        ("skip", 600, False),
        ("skip", 309, True),  # 9 s late: on time.
        ("run", 30_000, True),
        ("run if less than 30m late", 2000, True),
        ("run if less than 30m late", 2200, False),
    ],
)
def test_a_time_that_came_while_the_hub_was_off(missed: str, off_s: float, made_up_for: bool) -> None:
    house = JudgedHouse(rule('{ time = "00:10" }', note("{trigger.late_s}"), more=f'missed = "{missed}"'))
    house.wait(300)
    house.reboot(off_s)
    house.wait(60)
    late_s = off_s - 300
    assert len(house.said()) == made_up_for
    assert house.ran() == ([(600 + late_s, "r")] if made_up_for else [])


def test_of_several_that_were_missed_only_the_latest_counts() -> None:
    house = JudgedHouse(rule('{ cron = "0 * * * *" }', note("{trigger.late_s}"), more='missed = "run"'))
    house.wait(60)
    house.reboot(3 * 3600)
    assert house.said() == ["10860 1m"]


def test_a_clock_put_forward_over_a_time_has_missed_it() -> None:
    for missed, count in (("skip", 0), ("run", 1)):
        house = JudgedHouse(rule('{ time = "00:10" }', note("x"), more=f'missed = "{missed}"'))
        house.wait(60)
        house.clock_steps(3600)
        house.wait(60)
        assert len(house.said()) == count


def test_a_clock_put_back_does_not_let_it_come_again() -> None:
    house = JudgedHouse(rule('{ time = "00:10" }', note("x")))
    house.wait(660)
    house.clock_steps(-600)
    house.wait(1200)
    assert house.said() == ["600 x"]
    house.wait(DAY_S)
    assert len(house.said()) == 2


def test_that_a_clock_was_put_back_is_forgotten_at_a_restart() -> None:
    """The rule is new at 00:30, the clock shows 00:05 for a while, and is right again after the restart."""
    for off_s, count in ((60, 0), (None, 1)):
        house = JudgedHouse(rule('{ time = "00:10" }', note("x"), more='missed = "run"'), start=START + 1800)
        house.wait(60)
        house.clock_steps(-1560)
        house.wait(60)
        house.clock_steps(1560)
        if off_s is not None:
            house.reboot(off_s)
        house.wait(60)
        assert len(house.said()) == count


def test_a_clock_put_back_by_more_than_a_day_counts_anew() -> None:
    house = JudgedHouse(rule('{ time = "00:10" }', note("x")))
    house.wait(660)
    house.clock_steps(-3 * DAY_S)
    house.wait(DAY_S)
    assert len(house.said()) == 2


def test_that_it_counts_anew_is_forgotten_at_a_restart_as_well() -> None:
    """It fires by a clock that is hours ahead, is put back by more than a day, and is right before a restart."""
    house = JudgedHouse(rule('{ cron = "0 * * * *" }', note("x")))
    house.clock_steps(10 * 3600)
    house.wait(3600)
    fired = ["39600 x"]
    assert house.said() == fired
    house.clock_steps(-3 * DAY_S)
    house.wait(60)
    house.clock_steps(3 * DAY_S - 10 * 3600)
    house.reboot()
    house.wait(9 * 3600)
    assert house.said() == fired
    house.wait(2 * 3600)
    assert len(house.said()) > 1


def test_a_hub_that_does_not_know_the_time_holds_back_what_is_by_the_clock() -> None:
    house = JudgedHouse(
        rule('{ cron = "* * * * *" }', note("x")) + rule(GO, '{ wait = "2m" }', ON, name="w"), start=1000.0
    )
    house.do(WebhookCalled("go"))
    house.wait(600)
    assert house.said() == ["120 hall.light.on = True"], "waits count real time"
    house.clock_steps(START)
    # Within half a minute it is noticed that the clock was set.
    house.wait(31)
    before = len(house.said("notify"))
    house.wait(120)
    assert len(house.said("notify")) == before + 2


def test_at_the_start_missed_times_come_before_what_waits_for_the_start() -> None:
    text = rule("{ start = true }", note("start"), name="a") + rule(
        '{ time = "00:10" }', note("missed"), name="b", more='missed = "run"'
    )
    house = JudgedHouse(text)
    house.wait(60)
    house.reboot(3600)
    assert house.said() == ["0 start", "3660 missed", "3660 start"]


def test_a_time_that_came_while_a_device_was_not_there_is_not_noticed_late() -> None:
    text = rule('{ time = "00:10" }', ON) + rule('{ cron = "0 3 * * *" }', note("x"), name="other")
    house = JudgedHouse(text)
    light = house.find("hall.light")
    house.wait(597)
    house.left("hall.light")
    house.wait(5)
    house.joins(light)
    house.wait(60)
    assert house.ran() == [(602.0, "r")]
