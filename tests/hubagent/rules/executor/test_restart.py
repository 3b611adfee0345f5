"""A restart, a power cut at any write, a clock that steps: what was begun ends as its rule says, and never twice."""

import pytest

from hubagent.rules.executor.items import VariableSet
from tests.hubagent.rules.a_house import AMSTERDAM, House, PowerCut

WAIT = """
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
do = [
  { set = "hall.light", on = true },
  { wait = "3m" },
  { set = "hall.light", on = false },
  { notify = "o", text = "x" },
]
"""
UNTIL = """
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
do = [{ wait = "garage.door is closed", for = "2m", timeout = "1h" }, { notify = "o", text = "closed" }]
"""
HELD = """
[[rule]]
name = "a"
when = "garage.door becomes open for 5m"
do = [{ notify = "o", text = "open" }]
"""
DAILY = """
[[rule]]
name = "a"
when = { time = "07:30" }
do = [{ notify = "o", text = "morning" }]
"""
SLOW = """
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
mode = "queued"
do = [{ repeat = 3, do = [{ notify = "o", text = "x" }, { wait = "1m" }] }]
"""


@pytest.mark.parametrize("off_s", [1, 60, 170, 200, 7200])
def test_a_pause_goes_on_after_a_restart(off_s: float) -> None:
    house = House(WAIT)
    house.says("hall.light", on=False)
    house.presses("sofa.remote")
    house.wait(10)
    house.reboot(off_s)
    house.wait(400)
    at, name, value = house.did()[-1]
    assert (name, value) == ("hall.light", False)
    assert at == max(180, 10 + off_s)
    assert house.notes == ["x"]
    assert house.disk == {}


def test_a_rule_may_say_that_what_is_late_is_not_done() -> None:
    for policy, done in (
        ("stop", []),
        ("continue if less than 10m late", []),
        ("continue if less than 3h late", ["x"]),
    ):
        house = House(WAIT + f'resumed = "{policy}"\n')
        house.presses("sofa.remote")
        house.reboot(7200)
        house.wait(60)
        assert house.notes == done
        assert house.disk == {}


def test_a_wait_for_a_state_goes_on_after_a_restart() -> None:
    house = House(UNTIL)
    house.says("garage.door", open=True)
    house.presses("sofa.remote")
    house.wait(30)
    house.says("garage.door", open=False)
    house.wait(60)
    house.reboot(30)
    house.says("garage.door", open=False)
    house.wait(20)
    assert house.notes == []
    house.wait(20)
    assert house.notes == ["closed"]


def test_the_time_that_a_wait_may_take_counts_while_the_hub_is_off() -> None:
    house = House(UNTIL)
    house.says("garage.door", open=True)
    house.presses("sofa.remote")
    house.reboot(3000)
    house.wait(500)
    assert house.notes == []
    house.wait(200)
    assert house.notes == ["closed"]


def test_what_has_to_stay_so_goes_on_after_a_restart() -> None:
    house = House(HELD)
    house.says("garage.door", open=False)
    house.says("garage.door", open=True)
    house.wait(100)
    house.reboot(100)
    house.says("garage.door", open=True)
    house.wait(90)
    assert house.notes == []
    house.wait(20)
    assert house.notes == ["open"]


def test_what_did_not_stay_so_while_the_hub_was_off_does_not_count() -> None:
    house = House(HELD)
    house.says("garage.door", open=False)
    house.says("garage.door", open=True)
    house.reboot(100)
    house.says("garage.door", open=False)
    house.wait(1000)
    assert house.notes == []
    assert house.disk == {}


def test_queued_runs_wait_for_their_turn_over_a_restart() -> None:
    house = House(SLOW)
    house.presses("sofa.remote")
    house.presses("sofa.remote")
    house.wait(90)
    assert len(house.notes) == 2
    house.reboot(10)
    house.wait(600)
    assert len(house.notes) == 6
    assert house.disk == {}


@pytest.mark.parametrize("policy", ["skip", "run", "run if less than 30m late"])
@pytest.mark.parametrize("off_s", [1200, 3600])
def test_a_time_that_came_while_the_hub_was_off_is_made_up_for_as_the_rule_says(policy: str, off_s: float) -> None:
    house = House(DAILY + f'missed = "{policy}"\n')
    house.wait(7.4 * 3600)
    house.reboot(off_s)
    house.wait(60)
    late_s = off_s - 360
    expected = {"skip": 0, "run": 1, "run if less than 30m late": int(late_s < 1800)}[policy]
    assert len(house.notes) == expected
    house.wait(86400)
    assert len(house.notes) == expected + 1


def test_a_clock_that_starts_in_1970_sets_nothing_off_until_it_is_right() -> None:
    house = House(DAILY, start=100.0)
    house.wait(86400)
    assert house.notes == []
    house.clock_steps(1_767_225_600.0 - house.wall)
    house.wait(7.4 * 3600)
    assert house.notes == []
    house.wait(3600)
    assert house.notes == ["morning"]


def test_a_clock_that_is_put_back_sets_nothing_off_twice() -> None:
    house = House(DAILY)
    house.wait(7.6 * 3600)
    house.clock_steps(-1800)
    house.wait(3600)
    assert house.notes == ["morning"]


def test_the_day_without_half_past_two_and_the_day_with_two_of_it() -> None:
    house = House(DAILY.replace("07:30", "02:30"), where=AMSTERDAM, start=1_774_656_000.0)
    house.wait(3 * 86400)
    assert len(house.notes) == 3
    house = House(DAILY.replace("07:30", "02:30"), where=AMSTERDAM, start=1_792_800_000.0)
    house.wait(3 * 86400)
    assert len(house.notes) == 3


def _script(house: House, name: str) -> None:
    if name in ("wait", "slow"):
        house.says("hall.light", on=False)
        house.presses("sofa.remote")
        house.wait(100)
        house.wait(200)
    elif name == "until":
        house.says("garage.door", open=True)
        house.presses("sofa.remote")
        house.wait(10)
        house.says("garage.door", open=False)
        house.wait(130)
    elif name == "held":
        house.says("garage.door", open=False)
        house.says("garage.door", open=True)
        house.wait(400)
    else:
        house.wait(8 * 3600)
    house.wait(600)


@pytest.mark.parametrize("lost", [False, True], ids=["kept", "lost"])
@pytest.mark.parametrize(
    ("name", "text", "whole"),
    [
        ("wait", WAIT, 1),
        ("until", UNTIL, 1),
        ("held", HELD, 1),
        ("daily", DAILY + 'missed = "run"\n', 1),
        ("slow", SLOW, 3),
    ],
)
def test_the_power_fails_at_every_write_and_nothing_is_done_twice(name: str, text: str, whole: int, lost: bool) -> None:
    plain = House(text)
    _script(plain, name)
    assert len(plain.notes) == whole
    for cut in range(plain._effects):
        house = House(text)
        house.cut_at_effect = cut
        with pytest.raises(PowerCut):
            _script(house, name)
        house.cut_at_effect = None
        house.reboot(5, lost=lost)
        house.wait(9 * 3600)
        assert len(house.notes) <= whole, f"cut at {cut}"
        assert [value for _, _, value in house.did()].count(False) <= 2
        left = {key for key in house.disk if not key.startswith("time:")}
        assert left == set(), f"cut at {cut}"


def test_a_light_is_not_left_on_when_the_power_fails_while_it_is_switched_off() -> None:
    plain = House(WAIT)
    _script(plain, "wait")
    for cut in range(plain._effects):
        house = House(WAIT)
        house.cut_at_effect = cut
        with pytest.raises(PowerCut):
            _script(house, "wait")
        house.cut_at_effect = None
        # What was written is on disk; before the first write there is nothing that could be known.
        house.reboot(5)
        house.wait(3600)
        if cut > 0:
            assert house.states["id-hall.light"]["on"][0] is False, f"cut at {cut}"


ALARM = """
[[rule]]
name = "a"
when = ["kitchen.leak becomes wet", "garage.door becomes open"]
do = [{ notify = "o", text = "{trigger.value}" }]
"""


def test_a_leak_that_began_while_the_hub_was_off_is_told_of_and_a_door_is_not() -> None:
    house = House(ALARM)
    for name, value in (("kitchen.leak", "leak"), ("garage.door", "open")):
        house.says(name, **{value: False})
    house.reboot(100)
    house.says("garage.door", open=True)
    assert house.notes == []
    house.says("kitchen.leak", leak=True)
    assert house.notes == ["true"]


def test_a_sensor_that_sleeps_sets_a_rule_off_a_minute_after_a_restart() -> None:
    house = House(ALARM)
    house.says("garage.door", open=False)
    house.reboot(100)
    house.wait(61)
    house.says("garage.door", open=True)
    assert house.notes == ["true"]


@pytest.mark.parametrize("meanwhile", ["[variables]\nother = 1\n", '[variables]\nguests = "none"\n'])
@pytest.mark.parametrize("is_off", [True, False])
def test_a_variable_that_was_removed_or_was_another_comes_back_as_at_first(meanwhile: str, is_off: bool) -> None:
    text = "[variables]\nguests = 0\n"
    house = House(text)
    house.do(VariableSet("guests", 5, "api"))
    house.wait(1)
    if is_off:
        house.text = meanwhile
        house.reboot()
        house.text = text
        house.reboot()
    else:
        house.reload(meanwhile)
        house.reload(text)
    for _ in range(2):
        variable = house.executor.picture.variable("guests")
        assert variable is not None
        assert variable.value == 0
        house.wait(1)
        house.reboot()


def test_a_mode_that_was_removed_is_not_the_mode_after_a_restart() -> None:
    text = '[home]\nmodes = ["home", "away"]\n'
    house = House(text)
    house.mode("away")
    house.reload('[home]\nmodes = ["home", "night"]\n')
    house.reload(text)
    for _ in range(2):
        assert house.executor.picture.mode.value == "home"
        house.wait(1)
        house.reboot()
