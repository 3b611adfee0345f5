"""What runs do: RULES.md, Actions, and the modes of rules. Each scene's outcome is stated by hand."""

import pytest

from hubagent.rules.executor.items import RunWanted, VariableSet, WebhookCalled
from tests.simulators.chaos.oracle.a_scene import GO, OFF, ON, note, rule
from tests.simulators.chaos.oracle.judged_house import JudgedHouse

WAITS = '{ wait = "10s" }'
SAYS = note("{var.n} {home.mode}")
N = "[variables]\nn = 0\nflag = false\n"


def go(house: JudgedHouse, times: int = 1, every_s: float = 0.0) -> None:
    for _ in range(times):
        house.do(WebhookCalled("go"))
        house.wait(every_s)


# --- modes


@pytest.mark.parametrize(
    ("more", "began", "ended"),
    [
        ('mode = "single"', [0], [10]),
        ('mode = "restart"', [0, 1, 2, 3], [13]),
        ('mode = "queued"', [0, 10, 20, 30], [10, 20, 30, 40]),
        ('mode = "queued"\nmax = 1', [0, 10], [10, 20]),
        ('mode = "parallel"', [0, 1, 2, 3], [10, 11, 12, 13]),
        ('mode = "parallel"\nmax = 2', [0, 1], [10, 11]),
    ],
)
def test_a_rule_that_is_set_off_while_it_runs(more: str, began: list[int], ended: list[int]) -> None:
    house = JudgedHouse(rule(GO, WAITS, note("end"), more=more))
    go(house, times=4, every_s=1)
    house.wait(60)
    assert [at for at, _ in house.ran()] == began
    assert house.said() == [f"{at} end" for at in ended]


@pytest.mark.parametrize(("mode", "blocked"), [("single", 2), ("restart", 0), ("queued", 1), ("parallel", 2)])
def test_what_is_blocked_can_set_off_another_rule(mode: str, blocked: int) -> None:
    text = rule(GO, WAITS, more=f'mode = "{mode}"\nmax = 1') + rule(
        '{ rule = "r", outcome = "blocked" }', note("blocked"), name="b"
    )
    house = JudgedHouse(text)
    go(house, times=3)
    assert len(house.said()) == blocked


def test_one_that_was_cut_short_says_nothing_to_other_rules() -> None:
    text = rule(GO, WAITS, more='mode = "restart"') + "".join(
        rule(f'{{ rule = "r", outcome = "{outcome}" }}', note(outcome), name=outcome)
        for outcome in ("done", "failed", "blocked")
    )
    house = JudgedHouse(text)
    go(house, times=2, every_s=5)
    house.wait(20)
    assert house.said() == ["15 done"]


# --- waits


def test_a_wait_is_as_long_as_it_says() -> None:
    house = JudgedHouse(rule(GO, ON, '{ wait = "3m" }', OFF))
    go(house)
    house.wait(200)
    assert house.said() == ["0 hall.light.on = True", "180 hall.light.on = False"]


def test_a_condition_that_holds_already_is_not_waited_for() -> None:
    house = JudgedHouse(rule(GO, '{ wait = "hall.motion is clear" }', note("x")))
    house.says("hall.motion", occupied=False)
    go(house)
    assert house.said() == ["0 x"]


def test_a_condition_has_to_hold_and_an_unknown_one_does_not() -> None:
    house = JudgedHouse(rule(GO, '{ wait = "hall.lux < 10" }', note("dark")))
    go(house)
    house.wait(5)
    house.says("hall.lux", illuminance=20)
    house.wait(5)
    house.says("hall.lux", illuminance=9)
    assert house.said() == ["10 dark"]


def test_for_is_how_long_it_must_hold_without_a_break() -> None:
    house = JudgedHouse(rule(GO, '{ wait = "hall.motion is clear", for = "1m" }', note("x")))
    house.says("hall.motion", occupied=False)
    go(house)
    house.wait(50)
    house.says("hall.motion", occupied=True)
    house.says("hall.motion", occupied=False)
    house.wait(70)
    assert house.said() == ["110 x"]


@pytest.mark.parametrize(("on_timeout", "said"), [("continue", ["20 x"]), ("stop", [])])
def test_after_the_timeout_it_goes_on_or_stops(on_timeout: str, said: list[str]) -> None:
    wait = f'{{ wait = "hall.motion is clear", timeout = "20s", on_timeout = "{on_timeout}" }}'
    house = JudgedHouse(rule(GO, wait, note("x")))
    go(house)
    house.wait(60)
    assert house.said() == said


def test_one_that_stops_at_its_timeout_has_failed() -> None:
    wait = '{ wait = "hall.motion is clear", timeout = "20s", on_timeout = "stop" }'
    text = rule(GO, wait) + rule('{ rule = "r", outcome = "failed" }', note("failed"), name="f")
    house = JudgedHouse(text)
    go(house)
    house.wait(60)
    assert house.said() == ["20 failed"]


def test_where_for_and_timeout_end_together_the_timeout_counts() -> None:
    wait = '{ wait = "hall.motion is clear", for = "20s", timeout = "20s", on_timeout = "stop" }'
    house = JudgedHouse(rule(GO, wait, note("x")))
    house.says("hall.motion", occupied=False)
    go(house)
    house.wait(60)
    assert house.said() == []


def test_a_wait_for_a_time_of_day_ends_within_half_a_minute_of_it() -> None:
    house = JudgedHouse(rule(GO, """{ wait = "time >= '00:02'" }""", note("x")))
    house.wait(5)
    go(house)
    house.wait(300)
    assert house.said() == ["125 x"]


# --- over restarts


@pytest.mark.parametrize(
    ("resumed", "off_s", "at"),
    [
        ("continue", 30, 180),
        ("continue", 600, 700),
        ("stop", 30, 180),
        ("stop", 600, None),
        ("continue if less than 30s late", 105, 205),
        ("continue if less than 30s late", 115, None),
    ],
)
def test_a_wait_over_a_restart(resumed: str, off_s: float, at: float | None) -> None:
    house = JudgedHouse(rule(GO, '{ wait = "3m" }', OFF, more=f'resumed = "{resumed}"'))
    go(house)
    house.wait(100)
    house.reboot(off_s)
    house.wait(600)
    assert house.said() == ([] if at is None else [f"{at} hall.light.on = False"])


def test_a_condition_is_waited_for_over_a_restart() -> None:
    house = JudgedHouse(rule(GO, '{ wait = "hall.motion is clear", for = "1m" }', note("x")))
    house.says("hall.motion", occupied=True)
    go(house)
    house.wait(10)
    house.reboot(5)
    house.wait(5)
    house.says("hall.motion", occupied=False)
    house.wait(70)
    assert house.said() == ["80 x"]


def test_those_that_are_queued_have_their_turn_after_a_restart() -> None:
    house = JudgedHouse(rule(GO, WAITS, note("x"), more='mode = "queued"'))
    go(house, times=3)
    house.wait(5)
    house.reboot(2)
    house.wait(60)
    assert house.said() == ["10 x", "20 x", "30 x"]


def test_waits_count_real_time_also_when_the_clock_is_put_right() -> None:
    for step_s in (3600.0, -3600.0):
        house = JudgedHouse(rule(GO, '{ wait = "3m" }', OFF))
        go(house)
        house.wait(100)
        house.clock_steps(step_s)
        house.wait(79)
        assert house.said() == []
        house.wait(2)
        assert len(house.said()) == 1


def test_a_changed_rule_ends_its_runs_and_another_one_does_not() -> None:
    text = rule(GO, WAITS, note("a"), name="a") + rule(GO, WAITS, note("b"), name="b")
    house = JudgedHouse(text)
    go(house)
    house.reload("# only a comment\n" + text.replace('text = "a"', 'text = "c"'))
    house.wait(20)
    assert house.said() == ["10 b"]


@pytest.mark.parametrize("off", [False, True])
def test_one_that_failed_while_it_waited_has_failed_over_a_restart_too(off: bool) -> None:
    text = rule(GO, ON, '{ http = "https://example.org/bad" }', WAITS) + "".join(
        rule(f'{{ rule = "r", outcome = "{outcome}" }}', note(outcome), name=outcome) for outcome in ("done", "failed")
    )
    house = JudgedHouse(text, deaf=("hall.light",))
    go(house)
    house.wait(5)
    if off:
        house.reboot(1)
    house.wait(10)
    assert house.said("notify") == ["10 failed"]


def test_a_changed_rule_ends_those_that_are_queued_too() -> None:
    text = rule(GO, WAITS, note("x"), more='mode = "queued"')
    house = JudgedHouse(text)
    go(house, times=3)
    house.reload(text.replace("10s", "20s"))
    house.wait(60)
    assert house.said() == []


# --- loops and choices


def test_if_and_else() -> None:
    choice = """{ if = "var.n > 0", do = [{ mode = "home" }], else = [{ mode = "night" }] }"""
    house = JudgedHouse(N + rule(GO, choice))
    go(house)
    assert house.said() == ["0 mode night"]


def test_an_unknown_if_is_otherwise() -> None:
    choice = f"""{{ if = "hall.lux > 0", do = [{note("yes")}], else = [{note("no")}] }}"""
    house = JudgedHouse(rule(GO, choice))
    go(house)
    assert house.said() == ["0 no"]


def test_choose_takes_the_first_that_holds() -> None:
    options = ", ".join(f'{{ if = "var.n >= {n}", do = [{note(str(n))}] }}' for n in (2, 1))
    house = JudgedHouse(
        N + rule(GO, f"{{ choose = [{options}], else = [{note('none')}] }}", '{ variable = "n", to = "var.n + 1" }')
    )
    go(house, times=4)
    assert house.said("notify") == ["0 none", "0 1", "0 2", "0 2"]


def test_repeat_and_while() -> None:
    count = '{ variable = "n", to = "var.n + 1" }'
    house = JudgedHouse(
        N + rule(GO, f'{{ repeat = 3, do = [{{ repeat = 2, do = [{count}] }}, {{ wait = "1s" }}] }}', note("{var.n}"))
    )
    go(house)
    house.wait(10)
    assert house.said("notify") == ["3 6"]
    house = JudgedHouse(N + rule(GO, f'{{ while = "var.n < 4", at_most = 10, do = [{count}] }}', note("{var.n}")))
    go(house)
    assert house.said("notify") == ["0 4"]
    house = JudgedHouse(N + rule(GO, f'{{ while = "true", at_most = 10, do = [{count}] }}', note("{var.n}")))
    go(house)
    assert house.said("notify") == ["0 10"]


def test_stop_ends_it_and_that_is_done() -> None:
    text = rule(GO, '{ repeat = 3, do = [{ stop = "enough" }] }', note("x")) + rule(
        '{ rule = "r" }', note("done"), name="d"
    )
    house = JudgedHouse(text)
    go(house)
    assert house.said() == ["0 done"]


# --- variables, texts, other rules


def test_a_variable_that_would_be_unknown_is_not_set_and_the_others_go_on() -> None:
    house = JudgedHouse(N + rule(GO, '{ variable = "n", to = "hall.lux" }', '{ variable = "flag", to = true }'))
    go(house)
    assert house.said() == ["0 flag = True"]


def test_variables_and_modes_outlive_a_restart() -> None:
    house = JudgedHouse(
        N + rule(GO, '{ variable = "n", to = 7 }', '{ mode = "night" }') + rule("{ start = true }", SAYS, name="s")
    )
    go(house)
    house.wait(1)
    house.reboot(1)
    assert house.said("notify") == ["0 0 home", "2 7 night"]


def test_a_variable_that_was_removed_comes_back_as_at_first() -> None:
    text = "[variables]\nn = 0\n" + rule(GO, note("{var.n}"))
    house = JudgedHouse(text)
    house.do(VariableSet("n", 5, "api"))
    house.wait(1)
    house.reload("[variables]\nm = 0\n")
    house.reload(text)
    house.do(WebhookCalled("go"))
    house.wait(1)
    house.reboot()
    house.do(WebhookCalled("go"))
    assert house.said("notify") == ["1 0", "2 0"]


def test_run_does_another_rules_actions_where_its_condition_holds() -> None:
    text = rule(GO, '{ run = "b" }', note("a"), name="a") + rule(
        '{ webhook = "never" }', note("b"), name="b", more='if = "var.n == 0"'
    )
    house = JudgedHouse(N + text)
    go(house)
    assert house.said() == ["0 b", "0 a"]


def test_a_person_who_wants_a_rule_run_is_not_asked_for_its_condition() -> None:
    house = JudgedHouse(rule(GO, note("x"), more='if = "false"'))
    house.do(RunWanted("r", "somebody"))
    assert house.said() == ["0 x"]


def test_what_set_a_run_off_is_what_its_expressions_see_to_the_end() -> None:
    when = '{ state = "hall.light.level", changes = true, id = "level" }'
    house = JudgedHouse(rule(when, WAITS, note("{trigger.id} {trigger.value}"), more='mode = "parallel"'))
    for level in (1, 2, 3):
        house.says("hall.light", level=level)
        house.wait(1)
    house.wait(20)
    assert house.said() == ["11 level 2", "12 level 3"]


def test_a_disabled_rule_does_nothing() -> None:
    house = JudgedHouse(rule(GO, note("x"), more="enabled = false"))
    go(house)
    assert house.said() == []


# --- bounds


def test_a_chain_of_rules_is_cut_after_sixteen() -> None:
    text = rule('"hall.light becomes on"', OFF, name="a") + rule('"hall.light becomes off"', ON, name="b")
    house = JudgedHouse(text)
    house.says("hall.light", on=False)
    house.says("hall.light", on=True)
    assert len(house.said()) == 17, "sixteen in a row behind the first"


def test_a_rule_that_sets_itself_off_runs_so_often_and_no_oftener() -> None:
    house = JudgedHouse(rule(GO, note("x"), more='mode = "parallel"'))
    for _ in range(1100):
        house.do(WebhookCalled("go"))
    assert len(house.said()) == 1000
    house.wait(11)
    house.do(WebhookCalled("go"))
    assert len(house.said()) == 1001


def test_a_run_of_many_steps_lets_others_have_their_turn_and_does_them_all() -> None:
    count = '{ variable = "n", to = "var.n + 1" }'
    house = JudgedHouse(N + rule(GO, f"{{ repeat = 900, do = [{count}] }}"))
    house.do(WebhookCalled("go"))
    assert 0 < len(house.said()) < 900
    house.wait(1)
    assert len(house.said()) == 900


def test_a_thousand_runs_wait_and_no_more() -> None:
    text = "".join(
        rule(GO, '{ wait = "hall.motion is occupied" }', note("x"), name=f"r{n}", more='mode = "parallel"\nmax = 100')
        for n in range(11)
    )
    house = JudgedHouse(text)
    go(house, times=95)
    house.says("hall.motion", occupied=True)
    assert len(house.said()) == 1000


# --- a power cut


def test_a_step_that_was_begun_when_the_power_went_is_not_done_twice() -> None:
    """The wish is on disk as begun; the device reports what was wanted, so nothing is sent again."""
    house = JudgedHouse(rule(GO, WAITS, OFF, note("off"), WAITS, note("end")))
    house.says("hall.light", on=True)
    go(house)
    house.wait(10)
    assert house.said() == ["10 hall.light.on = False", "10 off"]
    house.reboot(1, lost=True)
    house.wait(30)
    assert house.said("send", "notify") == ["10 hall.light.on = False", "10 off", "21 end"]


def test_what_a_report_set_off_and_was_not_on_disk_is_forgotten() -> None:
    """The light is on already, and nobody will switch it off: RULES.md, Power cuts and restarts."""
    house = JudgedHouse(rule('"hall.motion becomes occupied"', ON, '{ wait = "1m" }', OFF))
    house.says("hall.motion", occupied=False)
    house.says("hall.motion", occupied=True)
    house.reboot(1, lost=True)
    house.wait(300)
    assert house.said() == ["0 hall.light.on = True"]


def test_who_is_queued_has_its_turn_when_a_device_of_the_rule_is_back() -> None:
    house = JudgedHouse(rule(GO, ON, WAITS, note("end"), more='mode = "queued"'))
    light = house.find("hall.light")
    go(house, times=3)
    house.left("hall.light")
    house.wait(20)
    house.joins(light)
    house.wait(60)
    assert house.said() == [
        "0 hall.light.on = True",
        "20 hall.light.on = True",
        "30 end",
        "30 hall.light.on = True",
        "40 end",
    ]


def test_what_the_clock_ended_at_the_very_moment_is_waited_for_anew() -> None:
    house = JudgedHouse(rule(GO, '{ wait = "age(hall.lux) < 60s", for = "2m" }', note("x")))
    go(house)
    for seconds in (10, 59, 65, 30, 30, 30, 30):
        house.wait(seconds)
        house.says("hall.lux", illuminance=seconds + house.now)
    assert house.said() == ["254 x"]
