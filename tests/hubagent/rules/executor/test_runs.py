"""What rules do: their triggers, conditions, actions and modes."""

import pytest

from hubagent.model.capabilities.switch import Press
from hubagent.rules.executor.limits import STORM
from tests.hubagent.rules.a_house import House
from tests.hubagent.rules.a_scope import device

HALL = """
[[rule]]
name = "hall light"
when = "hall.motion becomes occupied"
if = "home.mode != 'away' and hall.lux < 30"
do = [
  { set = "hall.light", on = true },
  { wait = "hall.motion is clear", for = "3m" },
  { set = "hall.light", on = false },
]
mode = "restart"
"""


def one(when: str) -> str:
    """A rule that switches the light in the hall on."""
    return f'[[rule]]\nname = "a"\nwhen = {when}\ndo = [{{ set = "hall.light", on = true }}]'


def _levels(house: House) -> None:
    house.says("hall.light", level=10)
    house.says("hall.light", level=20)


def _darkness(house: House) -> None:
    for lux in (20, 5, 4, 3):
        house.says("hall.lux", illuminance=lux)


def test_the_light_goes_on_and_three_quiet_minutes_later_off() -> None:
    house = House(HALL)
    house.says("hall.lux", illuminance=12)
    house.says("hall.motion", occupied=False)
    house.says("hall.motion", occupied=True)
    assert house.did() == [(0, "hall.light", True)]
    house.wait(30)
    house.says("hall.motion", occupied=False)
    house.wait(100)
    house.says("hall.motion", occupied=True)
    house.wait(10)
    house.says("hall.motion", occupied=False)
    house.wait(1000)
    assert house.did() == [(0, "hall.light", True), (130, "hall.light", True), (320, "hall.light", False)]
    assert house.disk == {}


def test_what_is_unknown_does_not_fire_and_is_named() -> None:
    house = House(HALL)
    house.says("hall.motion", occupied=False)
    house.says("hall.motion", occupied=True)
    assert house.sent == []
    assert house.told("unknown") == [("hall light", "hall.lux.illuminance")]


def test_a_condition_that_does_not_hold_is_remembered_apart() -> None:
    house = House(HALL)
    house.says("hall.lux", illuminance=100)
    house.says("hall.motion", occupied=False)
    house.says("hall.motion", occupied=True)
    assert [(rule, about) for _, rule, about, _ in house.executor.dull] == [("hall light", "hall.motion.occupied")]
    assert house.traces == []


def test_first_reports_and_what_was_remembered_set_nothing_off() -> None:
    text = '[[rule]]\nname = "a"\nwhen = "hall.motion becomes occupied"\ndo = [{ set = "hall.light", on = true }]'
    house = House(text)
    house.says("hall.motion", occupied=True)
    house.reboot()
    house.says("hall.motion", occupied=True)
    assert house.sent == []
    house.says("hall.motion", occupied=False)
    house.reboot()
    house.says("hall.motion", occupied=True)
    assert house.sent == []
    house.says("hall.motion", occupied=False)
    house.says("hall.motion", occupied=True)
    assert len(house.sent) == 1


def test_a_device_that_returns_from_silence_has_not_changed() -> None:
    text = '[[rule]]\nname = "a"\nwhen = "hall.light becomes on"\ndo = [{ set = "porch.light", on = true }]'
    house = House(text)
    house.says("hall.light", on=False)
    house.silent("hall.light")
    house.says("hall.light", on=True)
    assert house.sent == []


@pytest.mark.parametrize(
    ("when", "happens"),
    [
        ('{ button = "sofa.remote", press = "double" }', lambda house: house.presses("sofa.remote", Press.DOUBLE)),
        ('"sofa.remote button 2 hold"', lambda house: house.presses("sofa.remote", Press.HOLD, 2)),
        ('{ mode = "night" }', lambda house: house.mode("night")),
        ('{ offline = "garage.freezer" }', lambda house: house.silent("garage.freezer")),
        ('{ time = "00:01" }', lambda house: house.wait(61)),
        ('{ cron = "*/5 * * * *" }', lambda house: house.wait(299 + 2)),
        ('{ sun = "sunrise" }', lambda house: house.wait(8.5 * 3600)),
        ('{ joined = "any" }', lambda house: house.joins(device("new.lamp", "on_off"))),
        ('{ state = "hall.light.level", changes = true }', _levels),
        ('{ numeric = "hall.lux", below = 10 }', _darkness),
        ('"hall.lux < 10"', _darkness),
    ],
)
def test_every_trigger_sets_a_rule_off_once(when: str, happens: object) -> None:
    house = House(f'[[rule]]\nname = "a"\nwhen = {when}\ndo = [{{ set = "porch.light", on = true }}]')
    house.obedient = False
    assert callable(happens)
    happens(house)
    assert [name for _, name, _ in house.did()] == ["porch.light"]


def test_the_start_sets_off_a_rule_once_the_radios_work() -> None:
    house = House('[[rule]]\nname = "a"\nwhen = { start = true }\ndo = [{ set = "porch.light", on = true }]')
    assert len(house.sent) == 1


def test_a_level_to_rearm_keeps_a_flapping_value_quiet() -> None:
    house = House(
        """
[[rule]]
name = "freezer"
when = { numeric = "garage.freezer.temp", above = -12, rearm_below = -15, for = "10m" }
do = [{ notify = "owner", text = "freezer {garage.freezer.temp} °C" }]
"""
    )
    for temperature in (-18, -11, -12.5, -11, -12.5):
        house.says("garage.freezer", temperature=temperature)
        house.wait(60)
    assert house.notes == []
    house.says("garage.freezer", temperature=-11)
    house.wait(601)
    assert house.notes == ["freezer -11 °C"]
    for temperature in (-12.5, -10, -12.5, -10):
        house.says("garage.freezer", temperature=temperature)
        house.wait(601)
    assert house.notes == ["freezer -11 °C"]
    house.says("garage.freezer", temperature=-16)
    house.says("garage.freezer", temperature=-10)
    house.wait(700)
    assert house.notes == ["freezer -11 °C", "freezer -10 °C"]


def test_a_state_that_does_not_stay_does_not_count() -> None:
    house = House(
        '[[rule]]\nname = "a"\nwhen = "garage.door becomes open for 5m"\ndo = [{ set = "hall.light", on = true }]'
    )
    house.says("garage.door", open=False)
    house.says("garage.door", open=True)
    house.wait(290)
    house.says("garage.door", open=False)
    house.wait(60)
    assert house.sent == []
    house.says("garage.door", open=True)
    house.wait(301)
    assert len(house.sent) == 1


MODES = """
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
mode = "{mode}"
max = 2
do = [{{ set = "hall.light", on = true }}, {{ wait = "10s" }}, {{ set = "hall.light", on = false }}]
"""


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("single", [(0, True), (10, False)]),
        ("restart", [(0, True), (4, True), (8, True), (18, False)]),
        ("queued", [(0, True), (10, False), (10, True), (20, False), (20, True), (30, False)]),
        ("parallel", [(0, True), (4, True), (10, False), (14, False)]),
    ],
)
def test_what_happens_when_a_rule_is_set_off_while_it_runs(mode: str, expected: list[tuple[float, bool]]) -> None:
    house = House(MODES.format(mode=mode))
    for _ in range(3):
        house.presses("sofa.remote")
        house.wait(4)
    house.wait(60)
    assert [(at, value) for at, _, value in house.did()] == expected
    assert house.executor.waiting == []


def test_a_limit_holds_and_outlives_a_restart() -> None:
    house = House(one('"sofa.remote button 1 single"') + '\nlimit = "1/30m"')
    house.presses("sofa.remote")
    house.wait(60)
    house.reboot(60)
    house.presses("sofa.remote")
    assert len(house.sent) == 1
    assert house.told("blocked") == [("a", "its limit is reached")]
    house.wait(1800)
    house.presses("sofa.remote")
    assert len(house.sent) == 2


def test_actions_of_every_kind() -> None:
    house = House(
        """
[variables]
guests = 0
[[scene]]
name = "evening"
set = [{ device = "hall.light", level = 20 }, { device = "porch.light", on = true }]
[[rule]]
name = "other"
when = { webhook = "never" }
do = [{ notify = "owner", text = "other" }]
[[rule]]
name = "all"
when = "sofa.remote button 1 single"
do = [
  { variable = "guests", to = "var.guests + 2" },
  { if = "var.guests > 1", do = [{ notify = "o", text = "{var.guests} guests" }], else = [{ stop = "nobody" }] },
  { choose = [{ if = "home.mode == 'night'", do = [{ stop = "night" }] }], else = [{ notify = "o", text = "day" }] },
  { repeat = 3, do = [{ notify = "owner", text = "again" }] },
  { while = "var.guests > 0", at_most = 10, do = [{ variable = "guests", to = "var.guests - 1" }] },
  { notify = "owner", text = "{var.guests} left" },
  { mode = "night" },
  { notify = "owner", text = "{home.mode}" },
  { scene = "evening" },
  { http = "https://example.org/x", body = "{var.guests}" },
  { run = "other" },
  { stop = "enough" },
  { notify = "owner", text = "never" },
]
"""
    )
    house.presses("sofa.remote")
    assert house.notes == ["2 guests", "day", "again", "again", "again", "0 left", "night", "other"]
    assert house.did() == [(0, "hall.light", 20), (0, "porch.light", True)]
    assert house.calls == ["https://example.org/x"]
    house.reboot()
    assert house.executor.picture.mode.value == "night"


def test_one_action_that_fails_does_not_stop_the_rest() -> None:
    house = House(
        """
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
do = [
  { set = "hall.light", level = "porch.light.level" },
  { set = "porch.light", on = true, retry = 2 },
  { notify = "owner", text = "end" },
]
[[rule]]
name = "b"
when = { rule = "a", outcome = "failed" }
do = [{ notify = "owner", text = "a failed" }]
""",
        deaf=("porch.light",),
    )
    house.presses("sofa.remote")
    assert house.notes == ["end"]
    house.wait(10)
    assert house.did() == [(0, "porch.light", True), (0.5, "porch.light", True), (1.5, "porch.light", True)]
    assert house.notes == ["end", "a failed"]


def test_a_rule_hears_how_another_one_ended() -> None:
    house = House(
        """
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
do = [{ set = "porch.light", on = true }, { wait = "5s" }]
[[rule]]
name = "b"
when = { rule = "a", outcome = "done" }
do = [{ notify = "owner", text = "done" }]
[[rule]]
name = "c"
when = { rule = "a", outcome = "blocked" }
do = [{ notify = "owner", text = "blocked" }]
"""
    )
    house.presses("sofa.remote")
    house.presses("sofa.remote")
    assert house.notes == ["blocked"]
    house.wait(6)
    assert house.notes == ["blocked", "done"]


def test_a_scene_names_who_did_not_follow_and_tells_them_once_more() -> None:
    house = House(
        """
[[scene]]
name = "evening"
set = [{ device = "hall.light", level = 20 }, { device = "porch.light", on = true }]
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
do = [{ scene = "evening" }]
""",
        deaf=("porch.light",),
    )
    house.presses("sofa.remote")
    assert house.told("scene") == [("a", "not followed by porch.light (unreachable)")]
    house.deaf = set()
    house.wait(100)
    assert house.did()[2:] == [(60, "porch.light", True)]
    house.wait(1000)
    assert len(house.sent) == 3


def test_a_scenes_device_is_told_as_often_as_its_setting_says_also_where_the_scene_fades() -> None:
    house = House(
        """
[[scene]]
name = "evening"
set = [{ device = "porch.light", on = true, retry = 2 }]
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
do = [{ scene = "evening", fade = "1s" }]
""",
        deaf=("porch.light",),
    )
    house.presses("sofa.remote")
    house.wait(10)
    assert house.did() == [(0, "porch.light", True), (0.5, "porch.light", True), (1.5, "porch.light", True)]


def test_a_scene_that_is_all_or_none_goes_back() -> None:
    house = House(
        """
[[scene]]
name = "evening"
set = [{ device = "hall.light", on = true }, { device = "porch.light", on = true }]
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
do = [
  { scene = "evening", atomic = true, on_failure = "stop" },
  { wait = "1s" },
  { notify = "owner", text = "never" },
]
""",
        deaf=("porch.light",),
    )
    house.says("hall.light", on=False)
    house.presses("sofa.remote")
    house.wait(10)
    assert house.did() == [(0, "hall.light", True), (0, "porch.light", True), (0, "hall.light", False)]
    assert house.notes == []
    house.silent("porch.light")
    house.presses("sofa.remote")
    assert len(house.sent) == 3


# Safety.


def test_rules_that_set_one_another_off_are_cut() -> None:
    house = House(
        """
[[rule]]
name = "a"
when = "hall.light becomes on"
do = [{ set = "hall.light", on = false }]
[[rule]]
name = "b"
when = "hall.light becomes off"
do = [{ set = "hall.light", on = true }]
"""
    )
    house.says("hall.light", on=False)
    house.says("hall.light", on=True)
    assert 10 < len(house.sent) < 30
    assert [rule for rule, _ in house.told("loop")] in (["a"], ["b"])


def test_a_rule_that_never_rests_lets_others_have_their_turn() -> None:
    house = House(
        """
[variables]
n = 0
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
do = [{ repeat = 1000, do = [{ variable = "n", to = "var.n + 1" }] }]
"""
    )
    house.presses("sofa.remote")
    first = house.executor.picture.variable("n")
    assert first is not None
    assert isinstance(first.value, int)
    assert 100 < first.value < 500
    house.wait(1)
    assert first.value == 1000


def test_a_hand_at_the_switch_wins_for_a_while() -> None:
    house = House(
        """
[[rule]]
name = "a"
when = "hall.motion becomes occupied"
yields_to = "manual"
lease = "30m"
do = [{ set = "hall.light", on = true }]
[[rule]]
name = "smoke"
when = "kitchen.leak becomes wet"
priority = "safety"
do = [{ set = "hall.light", on = true }]
"""
    )
    house.says("hall.motion", occupied=False)
    house.says("hall.light", on=False)
    house.says("hall.motion", occupied=True)
    assert len(house.sent) == 1
    house.wait(60)
    house.says("hall.light", on=False)
    house.says("hall.motion", occupied=False)
    house.says("hall.motion", occupied=True)
    assert len(house.sent) == 1
    house.reboot(60)
    house.says("hall.motion", occupied=True)
    house.says("hall.motion", occupied=False)
    house.says("hall.motion", occupied=True)
    assert len(house.sent) == 1
    house.says("kitchen.leak", leak=False)
    house.says("kitchen.leak", leak=True)
    assert len(house.sent) == 2
    house.wait(1900)
    house.says("hall.motion", occupied=False)
    house.says("hall.motion", occupied=True)
    assert len(house.sent) == 3


def test_safety_comes_first_and_others_do_not_undo_it() -> None:
    house = House(
        """
[[rule]]
name = "dark"
when = "hall.motion becomes occupied"
do = [{ set = "hall.light", on = false }]
[[rule]]
name = "light"
when = "hall.motion becomes occupied"
priority = "safety"
do = [{ set = "hall.light", on = true }]
"""
    )
    house.says("hall.motion", occupied=False)
    house.says("hall.motion", occupied=True)
    assert house.did() == [(0, "hall.light", True)]


def test_what_must_never_be_is_not_done() -> None:
    house = House(
        """
[[rule]]
name = "open"
when = "sofa.remote button 1 single"
do = [{ set = "garage.opener", position = 100 }]
[[rule]]
name = "leave"
when = "sofa.remote button 2 single"
do = [{ mode = "away" }]
[[never]]
name = "open while away"
that = "garage.opener.position > 0 and home.mode == 'away'"
"""
    )
    house.says("garage.opener", position=0)
    house.presses("sofa.remote", button=2)
    assert house.executor.picture.mode.value == "away"
    house.presses("sofa.remote")
    assert house.sent == []
    assert house.told("refused") == [("open", "never: open while away")]
    house.says("garage.opener", position=50)
    assert [trace.rule for trace in house.traces if trace.kind == "broken"] == ["open while away"]
    house.mode("home")
    house.presses("sofa.remote", button=2)
    assert house.executor.picture.mode.value == "home"
    house.presses("sofa.remote")
    assert house.did() == [(0, "garage.opener", 100)]


def test_a_storm_is_held() -> None:
    house = House('[[rule]]\nname = "a"\nwhen = "sofa.remote button 1 single"\ndo = [{ notify = "owner", text = "x" }]')
    for _ in range(STORM.runs + 200):
        house.presses("sofa.remote")
    assert len(house.notes) == STORM.runs
    house.wait(STORM.seconds + 1)
    house.presses("sofa.remote")
    assert len(house.notes) == STORM.runs + 1


# Devices that come, go and are renamed.


def test_a_rule_waits_for_its_device_and_begins_when_it_is_there() -> None:
    house = House('[[rule]]\nname = "a"\nwhen = "attic.lamp becomes on"\ndo = [{ set = "hall.light", on = true }]')
    [unbound] = house.executor.unbound
    assert str(unbound.problem) == "there is no device 'attic.lamp'"
    house.joins(device("attic.lamp", "on_off"))
    assert house.executor.unbound == []


def test_a_rule_whose_device_has_another_name_waits_for_the_old_one() -> None:
    house = House(HALL)
    house.renamed("hall.lux", "hall.brightness")
    [unbound] = house.executor.unbound
    assert "there is no device 'hall.lux'" in str(unbound.problem)
    house.renamed("hall.lux", "hall.lux")
    assert house.executor.unbound == []
    house.left("hall.light")
    assert len(house.executor.unbound) == 1


def test_reading_the_files_anew_keeps_the_timers_of_rules_that_did_not_change() -> None:
    when = 'when = "sofa.remote button 1 single"\n'
    first = f'[[rule]]\nname = "a"\n{when}do = [{{ wait = "1m" }}, {{ notify = "owner", text = "a" }}]\n'
    second = f'[[rule]]\nname = "b"\n{when}do = [{{ wait = "1m" }}, {{ notify = "owner", text = "%s" }}]\n'
    house = House(first + second % "b")
    house.presses("sofa.remote")
    house.wait(30)
    house.reload("# a comment\n" + first + second % "other")
    house.wait(60)
    assert house.notes == ["a"]
