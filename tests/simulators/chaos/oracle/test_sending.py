"""Commands of rules: safety, hands, invariants, and what is sent again. Each scene's outcome is stated by hand."""

import pytest

from hubagent.rules.executor.items import PersonActed, WebhookCalled
from tests.simulators.chaos.oracle.a_scene import GO, OFF, ON, note, rule
from tests.simulators.chaos.oracle.judged_house import JudgedHouse

FAILED = rule('{ rule = "r", outcome = "failed" }', note("failed"), name="failed")
DONE = rule('{ rule = "r" }', note("done"), name="done")
BY_HAND = 'yields_to = "manual"\nlease = "10m"'


def go(house: JudgedHouse) -> None:
    house.do(WebhookCalled("go"))


# --- what is sent


def test_several_devices_are_told_in_their_order() -> None:
    house = JudgedHouse(rule(GO, '{ set = ["porch.light", "hall.light"], on = true }'))
    go(house)
    assert house.said() == ["0 porch.light.on = True", "0 hall.light.on = True"]


def test_a_value_that_comes_out_unknown_is_not_sent_and_the_run_has_failed() -> None:
    house = JudgedHouse(
        rule(GO, '{ set = "hall.light", level = "hall.light.level + 10%" }', note("next")) + FAILED + DONE
    )
    go(house)
    assert house.said() == ["0 next", "0 failed"]


def test_a_value_is_worked_out_when_it_is_sent() -> None:
    house = JudgedHouse(
        rule(GO, '{ wait = "10s" }', '{ set = "hall.light", level = "clamp(100 - hall.lux / 1lx, 20%, 80%)" }')
    )
    house.says("hall.lux", illuminance=90)
    go(house)
    house.wait(5)
    house.says("hall.lux", illuminance=60)
    house.wait(6)
    assert house.said() == ["10 hall.light.level = 40"]


# --- safety


def test_safety_keeps_the_others_from_wishing_the_opposite_because_of_the_same_event() -> None:
    text = rule(GO, ON, note("failed?"), name="r") + rule(GO, OFF, name="s", more='priority = "safety"') + FAILED
    house = JudgedHouse(text)
    go(house)
    assert house.said() == ["0 hall.light.on = False", "0 failed?", "0 failed"]
    house.wait(10)
    house = JudgedHouse(text.replace(ON, '{ set = "hall.light", level = 40 }'))
    go(house)
    assert house.said() == ["0 hall.light.on = False", "0 failed?", "0 failed"], "it would go on with its level"
    house = JudgedHouse(text.replace("failed?", "x"))
    go(house)
    house.presses("sofa.remote")
    assert house.said("send") == ["0 hall.light.on = False"]


def test_all_that_comes_at_a_start_is_one_event() -> None:
    text = rule('{ time = "00:10" }', OFF, name="s", more='priority = "safety"\nmissed = "run"') + rule(
        "{ start = true }", ON, name="o"
    )
    house = JudgedHouse(text)
    house.wait(60)
    house.reboot(3600)
    assert house.said() == ["0 hall.light.on = True", "3660 hall.light.on = False"]


def test_of_other_rules_the_last_wish_is_what_comes() -> None:
    house = JudgedHouse(rule(GO, ON, name="a") + rule(GO, OFF, name="b", more='priority = "high"'))
    go(house)
    assert house.said() == ["0 hall.light.on = False", "0 hall.light.on = True"]


# --- a person's hand


def test_a_rule_leaves_alone_what_a_person_set_for_as_long_as_its_lease() -> None:
    house = JudgedHouse(rule(GO, ON, more=BY_HAND) + FAILED)
    house.do(PersonActed("id-hall.light"))
    go(house)
    assert house.said() == ["0 failed"]
    house.wait(599)
    go(house)
    house.wait(2)
    go(house)
    assert house.said("send") == ["601 hall.light.on = True"]


def test_a_hand_at_the_device_itself_is_noticed_by_what_it_reports() -> None:
    house = JudgedHouse(rule(GO, ON, more=BY_HAND))
    house.says("hall.light", on=True)
    house.says("hall.light", on=False)
    go(house)
    assert house.said() == []


def test_what_follows_from_a_rules_command_is_no_hand() -> None:
    text = rule('{ webhook = "off" }', OFF, name="off") + rule(GO, ON, more=BY_HAND)
    house = JudgedHouse(text)
    house.says("hall.light", on=True)
    house.do(WebhookCalled("off"))
    house.wait(4)
    go(house)
    assert house.said() == ["0 hall.light.on = False", "4 hall.light.on = True"]


def test_the_opposite_of_what_was_just_told_is_a_hand() -> None:
    house = JudgedHouse(rule(GO, ON, more=BY_HAND))
    house.says("hall.light", on=False)
    go(house)
    house.wait(2)
    house.says("hall.light", on=False)
    house.wait(10)
    go(house)
    assert house.said() == ["0 hall.light.on = True"]


def test_a_lease_outlives_a_restart_and_goes_over_a_clock_that_is_set() -> None:
    house = JudgedHouse(rule(GO, ON, more=BY_HAND))
    house.do(PersonActed("id-hall.light"))
    house.wait(60)
    house.reboot(60)
    house.clock_steps(3600)
    go(house)
    house.wait(470)
    go(house)
    assert house.said() == []
    house.wait(15)
    go(house)
    assert len(house.said()) == 1


def test_safety_goes_over_leases() -> None:
    house = JudgedHouse(rule(GO, ON, more=BY_HAND + '\npriority = "safety"'))
    house.do(PersonActed("id-hall.light"))
    go(house)
    assert house.said() == ["0 hall.light.on = True"]


def test_a_rule_that_does_not_yield_sets_what_a_person_set() -> None:
    house = JudgedHouse(rule(GO, ON))
    house.do(PersonActed("id-hall.light"))
    go(house)
    assert house.said() == ["0 hall.light.on = True"]


# --- what must never be

NEVER = """
[[never]]
name = "never both"
that = "hall.light is on and porch.light is on"
"""


def test_a_command_that_would_make_it_so_is_refused() -> None:
    house = JudgedHouse(rule(GO, ON) + FAILED + NEVER)
    house.says("porch.light", on=False)
    go(house)
    house.says("porch.light", on=True)
    house.says("hall.light", on=False)
    go(house)
    assert house.said() == ["0 hall.light.on = True", "0 failed"]


def test_what_is_on_its_way_counts_as_well() -> None:
    """Neither has reported: the first is sent, and the second would be too much."""
    house = JudgedHouse(rule(GO, ON, '{ set = "porch.light", on = true }') + NEVER)
    for name in ("hall.light", "porch.light"):
        house.says(name, on=False)
        house.mute.add(name)
    go(house)
    assert house.said() == ["0 hall.light.on = True"]


@pytest.mark.parametrize(("level", "said"), [(40, ["0 failed"]), (0, ["0 hall.light.level = 0"])])
def test_a_lamp_that_is_told_a_level_goes_on_with_it(level: int, said: list[str]) -> None:
    house = JudgedHouse(rule(GO, f'{{ set = "hall.light", level = {level} }}') + FAILED + NEVER)
    house.says("porch.light", on=True)
    house.says("hall.light", on=False)
    go(house)
    assert house.said() == said


def test_a_level_that_is_on_its_way_puts_its_lamp_on() -> None:
    house = JudgedHouse(rule(GO, '{ set = "hall.light", level = 40 }', '{ set = "porch.light", on = true }') + NEVER)
    for name in ("hall.light", "porch.light"):
        house.says(name, on=False)
        house.mute.add(name)
    go(house)
    assert house.said() == ["0 hall.light.level = 40"]


def test_it_is_asked_of_modes_and_variables_too() -> None:
    never = '[[never]]\nname = "n"\nthat = "hall.light is on and home.mode == \'away\'"\n'
    modes = '[home]\nmodes = ["home", "away"]\n'
    house = JudgedHouse(modes + rule(GO, '{ mode = "away" }') + FAILED + never)
    house.says("hall.light", on=True)
    go(house)
    assert house.said() == ["0 failed"]
    house.mode("away")
    assert house.said()[1:] == ["0 mode away"], "a person may"


@pytest.mark.parametrize(("value", "sent"), [(7, 1), (8, 0)])
def test_an_invariant_over_a_variable(value: int, sent: int) -> None:
    never = '[[never]]\nname = "n"\nthat = "var.n > 7"\n'
    house = JudgedHouse("[variables]\nn = 0\n" + rule(GO, f'{{ variable = "n", to = {value} }}') + never)
    go(house)
    assert len(house.said()) == sent


# --- what is sent again


def test_what_nobody_answers_is_sent_again_after_half_a_second_and_then_twice_as_long() -> None:
    house = JudgedHouse(rule(GO, '{ set = "hall.light", on = true, retry = 3 }') + FAILED, deaf=("hall.light",))
    go(house)
    house.wait(60)
    assert house.said("send") == [f"{at:g} hall.light.on = True" for at in (0, 0.5, 1.5, 3.5)]
    assert house.said("notify") == ["3.5 failed"]


def test_it_is_not_sent_again_where_something_else_was_wished_since() -> None:
    text = rule(GO, '{ set = "hall.light", on = true, retry = 3 }') + rule('{ webhook = "off" }', OFF, name="off")
    house = JudgedHouse(text, deaf=("hall.light",))
    go(house)
    house.wait(0.6)
    house.do(WebhookCalled("off"))
    house.wait(10)
    assert house.said() == ["0 hall.light.on = True", "0.5 hall.light.on = True", "0.6 hall.light.on = False"]


def test_nor_where_a_person_switched_it_since() -> None:
    house = JudgedHouse(rule(GO, '{ set = "hall.light", on = true, retry = 3 }'), deaf=("hall.light",))
    go(house)
    house.do(PersonActed("id-hall.light"))
    house.wait(10)
    assert house.said() == ["0 hall.light.on = True"]


def test_what_is_not_confirmed_within_its_time_has_failed() -> None:
    house = JudgedHouse(rule(GO, '{ set = "hall.light", on = true, within = "2s" }') + FAILED + DONE)
    house.mute.add("hall.light")
    go(house)
    house.wait(10)
    house.speaks("hall.light")
    assert house.said("notify") == ["2 failed"]
    go(house)
    assert house.said("notify") == ["2 failed", "10 done"]


def test_the_outcome_is_told_when_all_was_answered() -> None:
    house = JudgedHouse(rule(GO, ON) + DONE)
    house.mute.add("hall.light")
    go(house)
    house.wait(10)
    house.speaks("hall.light")
    assert house.said("notify") == ["10 done"]


def test_of_a_run_that_was_cut_short_nothing_is_sent_again() -> None:
    text = rule(GO, '{ set = "hall.light", on = true, retry = 3 }', '{ wait = "1h" }', more='mode = "restart"')
    house = JudgedHouse(text, deaf=("hall.light",))
    go(house)
    house.deaf.clear()
    go(house)
    house.wait(10)
    assert len(house.said()) == 2
