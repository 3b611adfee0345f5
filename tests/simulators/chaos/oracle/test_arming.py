"""What sets rules off: RULES.md, Triggers. Each scene's outcome is stated by hand."""

import pytest

from hubagent.model.capabilities.switch import Press
from hubagent.rules.executor.items import WebhookCalled
from tests.simulators.chaos.oracle.a_scene import GO, OFF, note, rule
from tests.simulators.chaos.oracle.judged_house import JudgedHouse

NOTE = note("{trigger.value}")


def temperatures(house: JudgedHouse, *values: float, every_s: float = 60.0) -> None:
    for value in values:
        house.says("garage.freezer", temperature=value)
        house.wait(every_s)


# --- edges


def test_an_edge_is_a_change_from_one_known_value_to_another() -> None:
    house = JudgedHouse(rule('"hall.motion becomes occupied"', NOTE))
    house.says("hall.motion", occupied=True)
    assert house.said() == [], "nobody knows when that changed"
    house.says("hall.motion", occupied=True)
    house.says("hall.motion", occupied=False)
    house.says("hall.motion", occupied=True)
    assert house.said() == ["0 true"]


def test_what_is_reported_first_after_silence_sets_nothing_off() -> None:
    house = JudgedHouse(rule('"hall.motion becomes occupied"', NOTE))
    house.says("hall.motion", occupied=False)
    house.silent("hall.motion")
    house.says("hall.motion", occupied=True)
    assert house.said() == []


def test_within_a_minute_after_a_start_what_was_remembered_is_no_edge_and_later_it_is() -> None:
    house = JudgedHouse(rule('"hall.motion becomes occupied"', NOTE))
    house.says("hall.motion", occupied=False)
    house.reboot(5)
    house.wait(59)
    house.says("hall.motion", occupied=True)
    assert house.said() == []
    house.says("hall.motion", occupied=False)
    house.reboot(5)
    house.wait(61)
    house.says("hall.motion", occupied=True)
    assert house.said() == ["130 true"]


def test_from_says_what_it_must_have_been() -> None:
    when = '{ state = "hall.light.level", becomes = 40, from = 10 }'
    house = JudgedHouse(rule(when, NOTE))
    for level in (10, 40, 20, 40):
        house.says("hall.light", level=level)
    assert house.said() == ["0 40"]


def test_changes_is_any_other_value() -> None:
    house = JudgedHouse(rule('{ state = "hall.light.level", changes = true }', NOTE))
    for level in (10, 40, 40, 10):
        house.says("hall.light", level=level)
    assert house.said() == ["0 40", "0 10"]


def test_a_number_sets_off_when_it_passes_its_bound() -> None:
    house = JudgedHouse(rule('{ numeric = "garage.freezer.temp", above = -12 }', NOTE))
    temperatures(house, -13, -12, -11, -10, -12, -11)
    assert house.said() == ["120 -11", "300 -11"]


def test_below_is_likewise_and_the_short_form_can_include_the_bound() -> None:
    house = JudgedHouse(
        rule('{ numeric = "hall.lux", below = 20 }', note("below"), name="a") + rule('"hall.lux <= 20"', NOTE, name="b")
    )
    for lux in (30, 20, 10):
        house.says("hall.lux", illuminance=lux)
    assert house.said() == ["0 20", "0 below"]


def test_with_a_level_to_rearm_a_value_that_flaps_sets_off_once() -> None:
    when = '{ numeric = "garage.freezer.temp", above = -12, rearm_below = -15 }'
    house = JudgedHouse(rule(when, NOTE))
    temperatures(house, -16, -11, -13, -11, -15, -11, -15.5, -11)
    assert house.said() == ["60 -11", "420 -11"]


def test_what_did_not_stay_so_for_long_enough_does_not_count_as_once() -> None:
    when = '{ numeric = "garage.freezer.temp", above = -12, rearm_below = -15, for = "10m" }'
    house = JudgedHouse(rule(when, NOTE))
    temperatures(house, -16, -11, -13, -11)
    house.wait(540)
    # Above since 180 s; dropped once at 120 s, without having been below -15.
    assert house.said() == ["780 -11"]


def test_being_deaf_outlives_a_restart() -> None:
    when = '{ numeric = "garage.freezer.temp", above = -12, rearm_below = -15 }'
    house = JudgedHouse(rule(when, NOTE))
    temperatures(house, -16, -11, -13)
    house.reboot(10)
    house.wait(70)
    temperatures(house, -11, -16, -11)
    assert house.said() == ["60 -11", "380 -11"]


# --- what has to stay so


def test_with_for_it_is_set_off_when_it_has_stayed_so_all_the_time() -> None:
    house = JudgedHouse(rule('"hall.motion becomes clear for 3m"', OFF))
    house.says("hall.motion", occupied=True)
    house.says("hall.motion", occupied=False)
    house.wait(170)
    house.says("hall.motion", occupied=True)
    house.says("hall.motion", occupied=False)
    house.wait(60)
    house.says("hall.motion", occupied=False)
    house.wait(130)
    assert house.said() == ["350 hall.light.on = False"]


def test_what_is_held_outlives_a_restart_and_counts_at_the_start_when_it_came_meanwhile() -> None:
    for off_s, at in ((30, 180), (600, 700)):
        house = JudgedHouse(rule('"hall.motion becomes clear for 3m"', OFF))
        house.says("hall.motion", occupied=True)
        house.says("hall.motion", occupied=False)
        house.wait(100)
        house.reboot(off_s)
        house.wait(200)
        assert house.said() == [f"{at} hall.light.on = False"]


def test_what_is_held_is_void_where_its_rule_does_not_resume() -> None:
    house = JudgedHouse(rule('"hall.motion becomes clear for 3m"', OFF, more='resumed = "stop"'))
    house.says("hall.motion", occupied=True)
    house.says("hall.motion", occupied=False)
    house.wait(100)
    house.reboot(600)
    house.wait(600)
    assert house.said() == []


def test_what_is_held_goes_on_as_long_as_it_would_have_when_the_clock_is_set() -> None:
    for step_s in (3600.0, -3600.0):
        house = JudgedHouse(rule('"hall.motion becomes clear for 3m"', OFF))
        house.says("hall.motion", occupied=True)
        house.says("hall.motion", occupied=False)
        house.wait(100)
        house.clock_steps(step_s)
        house.wait(79)
        assert house.said() == []
        house.wait(2)
        assert house.said() == [f"{180 + step_s:g} hall.light.on = False"]


# --- signals


def test_a_button_its_number_and_how_it_is_pressed() -> None:
    when = '[{ button = "sofa.remote", number = 2, press = "double" }, "sofa.remote button 1 single"]'
    house = JudgedHouse(rule(when, NOTE, more='mode = "parallel"'))
    house.presses("sofa.remote", Press.DOUBLE, 2)
    house.presses("sofa.remote", Press.SINGLE, 2)
    house.presses("sofa.remote", Press.DOUBLE, 1)
    house.presses("sofa.remote", Press.SINGLE, 1)
    assert house.said() == ["0 double", "0 single"]


def test_a_mode_that_is_there_already_is_no_change() -> None:
    house = JudgedHouse(rule('{ mode = "night" }', NOTE))
    house.mode("night")
    house.mode("night")
    house.mode("home")
    assert house.said() == ["0 mode night", "0 night", "0 mode home"]


def test_start_is_each_start() -> None:
    house = JudgedHouse(rule("{ start = true }", note("hello")))
    house.reboot(10)
    assert house.said() == ["0 hello", "10 hello"]


def test_a_webhook_by_its_name() -> None:
    house = JudgedHouse(rule('{ webhook = "go", id = "w" }', note("{trigger.id} {trigger.value}")))
    house.do(WebhookCalled("stop"))
    house.do(WebhookCalled("go"))
    assert house.said() == ["0 w unknown"]


def test_offline_counts_when_it_has_been_so_long_enough_and_not_when_it_is_back() -> None:
    house = JudgedHouse(rule('{ offline = "garage.freezer", for = "1h" }', note("gone")))
    house.says("garage.freezer", temperature=-18)
    house.silent("garage.freezer")
    house.wait(1800)
    house.back("garage.freezer")
    house.wait(3600)
    assert house.said() == []
    house.silent("garage.freezer")
    house.wait(1800)
    house.says("garage.freezer", temperature=-18)
    house.silent("garage.freezer")
    house.wait(3601)
    assert house.said() == ["10800 gone"]


def test_offline_goes_on_over_a_restart_where_the_device_is_found_to_be_gone_again() -> None:
    house = JudgedHouse(rule('{ offline = "garage.freezer", for = "1h" }', note("gone")))
    house.silent("garage.freezer")
    house.wait(1800)
    house.reboot(60)
    house.wait(60)
    house.silent("garage.freezer")
    house.wait(3000)
    assert house.said() == ["3600 gone"]


@pytest.mark.parametrize(
    ("leaves", "closes", "said"),
    [("garage.door", False, []), ("hall.light", True, []), ("hall.light", False, ["300 open"])],
)
def test_what_is_held_is_void_where_nobody_knows_that_it_stayed_so(leaves: str, closes: bool, said: list[str]) -> None:
    house = JudgedHouse(rule('"garage.door becomes open for 5m"', note("open"), '{ set = "hall.light", on = true }'))
    house.says("garage.door", open=False)
    house.says("garage.door", open=True)
    house.left(leaves)
    if closes:
        house.says("garage.door", open=False)
    house.joins(house.find(leaves))
    house.wait(600)
    assert house.said("notify") == said


def test_joined_is_a_device_that_was_not_there() -> None:
    house = JudgedHouse(
        rule('{ joined = "porch.light" }', note("the porch"), name="a") + rule('{ joined = "any" }', note("any"))
    )
    house.joins(house.find("porch.light"))
    assert house.said() == []
    house.left("porch.light")
    house.joins(house.find("porch.light"))
    assert house.said() == ["0 the porch", "0 any"]


def test_a_rule_waits_for_how_another_one_ended() -> None:
    text = (
        rule(GO, '{ variable = "n", to = "var.n + hall.lux" }', name="a", more='mode = "single"')
        + rule('{ rule = "a" }', note("done"), name="b")
        + rule('{ rule = "a", outcome = "failed" }', note("failed"), name="c")
    )
    house = JudgedHouse("[variables]\nn = 0\n" + text)
    house.do(WebhookCalled("go"))
    assert house.said() == ["0 failed"], "the light was unknown"
    house.says("hall.lux", illuminance=3)
    house.do(WebhookCalled("go"))
    assert house.said()[1:] == ["0 n = 3", "0 done"]


def test_the_condition_counts_at_that_moment_and_an_unknown_one_does_not_hold() -> None:
    house = JudgedHouse(rule(GO, NOTE, more='if = "hall.lux < 30"'))
    house.do(WebhookCalled("go"))
    house.says("hall.lux", illuminance=40)
    house.do(WebhookCalled("go"))
    house.says("hall.lux", illuminance=20)
    house.do(WebhookCalled("go"))
    assert len(house.ran()) == 1


# --- who comes first


def test_whom_one_event_sets_off_come_in_the_order_of_priority_and_then_of_the_files() -> None:
    text = "".join(
        rule(GO, note(name), name=name, more=f'priority = "{priority}"')
        for name, priority in (("d", "low"), ("b", "normal"), ("c", "normal"), ("e", "safety"), ("a", "high"))
    )
    house = JudgedHouse(text)
    house.do(WebhookCalled("go"))
    assert house.said() == ["0 e", "0 a", "0 b", "0 c", "0 d"]


def test_a_changed_rule_forgets_what_was_held_and_another_one_does_not() -> None:
    held = '"hall.motion becomes clear for 3m"'
    text = rule(held, note("a"), name="a") + rule(held, note("b"), name="b")
    house = JudgedHouse(text)
    house.says("hall.motion", occupied=True)
    house.says("hall.motion", occupied=False)
    house.wait(60)
    house.reload("# A comment is no change.\n" + text.replace('text = "a"', 'text = "other"'))
    house.wait(300)
    assert house.said() == ["180 b"]


@pytest.mark.parametrize(("limit", "count"), [("1/30m", 2), ("2/30m", 4), ("3/10s", 6)])
def test_a_limit_is_how_often_it_runs_at_most(limit: str, count: int) -> None:
    house = JudgedHouse(rule(GO, note("x"), more=f'limit = "{limit}"'))
    for _ in range(2):
        for _ in range(3):
            house.do(WebhookCalled("go"))
        house.wait(1801)
    assert len(house.said()) == count


def test_a_limit_outlives_a_restart() -> None:
    house = JudgedHouse(rule(GO, note("x"), more='limit = "1/30m"'))
    house.do(WebhookCalled("go"))
    house.wait(1)
    house.reboot(10)
    house.do(WebhookCalled("go"))
    assert house.said() == ["0 x"]


def test_what_the_mode_blocks_is_no_run_of_the_limit() -> None:
    house = JudgedHouse(rule(GO, note("x"), '{ wait = "50m" }', more='limit = "1/30m"'))
    for minutes in (31, 24, 0):
        house.do(WebhookCalled("go"))
        house.wait(minutes * 60)
    assert house.said() == ["0 x", "3300 x"]
