"""Scenes: told at once, all or none, and what comes after one that did not come about. Stated by hand."""

import pytest

from hubagent.rules.executor.items import PersonActed, SceneWanted, WebhookCalled
from tests.simulators.chaos.oracle.a_scene import GO, OFF, note, rule
from tests.simulators.chaos.oracle.judged_house import JudgedHouse

SCENE = """
[[scene]]
name = "evening"
set = [{ device = "hall.light", level = 30 }, { device = "porch.light", on = true }]
"""
FAILED = rule('{ rule = "r", outcome = "failed" }', note("failed"), name="failed")
ACTIVATED = rule('{ scene = "evening" }', note("activated"), name="activated")
BOTH = ["0 hall.light.level = 30", "0 porch.light.on = True"]


def house(options: str = "", *, more: str = "", deaf: tuple[str, ...] = (), text: str = "") -> JudgedHouse:
    scene = f'{{ scene = "evening"{options} }}'
    return JudgedHouse(SCENE + rule(GO, scene, note("next"), more=more) + FAILED + ACTIVATED + text, deaf=deaf)


def go(here: JudgedHouse) -> None:
    here.do(WebhookCalled("go"))


@pytest.mark.parametrize("options", ["", ", atomic = true", ', on_failure = "stop"'])
def test_all_its_devices_are_told_and_who_waits_for_it_is_set_off(options: str) -> None:
    here = house(options)
    go(here)
    here.wait(120)
    assert sorted(here.said()) == sorted([*BOTH, "0 next", "0 activated"])


def test_who_did_not_follow_is_told_once_more_after_a_minute() -> None:
    here = house(deaf=("porch.light",))
    go(here)
    here.wait(300)
    assert here.said("send") == [*BOTH, "60 porch.light.on = True"]
    assert here.said("notify") == ["0 activated", "0 next", "0 failed"]


def test_not_where_something_else_was_wished_meanwhile_or_it_is_so() -> None:
    here = house(deaf=("porch.light",), text=rule('{ webhook = "off" }', OFF.replace("hall", "porch"), name="off"))
    go(here)
    here.wait(30)
    here.do(WebhookCalled("off"))
    here.wait(60)
    assert here.said("send") == [*BOTH, "30 porch.light.on = False"]
    here = house(deaf=("porch.light",))
    go(here)
    here.wait(30)
    here.says("porch.light", on=True)
    here.wait(60)
    assert here.said("send") == BOTH
    here = house(deaf=("porch.light",))
    go(here)
    here.do(PersonActed("id-porch.light"))
    here.wait(90)
    assert here.said("send") == BOTH


def test_nor_where_it_was_wished_before_it_was_known_that_one_does_not_follow() -> None:
    here = house(text=rule('{ webhook = "off" }', OFF.replace("hall", "porch"), name="off"))
    here.mute.add("porch.light")
    go(here)
    here.wait(3)
    here.do(WebhookCalled("off"))
    here.wait(3)
    here.speaks("porch.light", well=False)
    here.wait(120)
    assert here.said("send") == [*BOTH, "3 porch.light.on = False"]


def test_a_run_that_was_cut_short_tells_nobody_once_more() -> None:
    text = SCENE + rule(GO, '{ scene = "evening" }', '{ wait = "40s" }')
    here = JudgedHouse(text, deaf=("porch.light",))
    go(here)
    here.wait(30)
    here.reload(text.replace("40s", "41s"))
    here.wait(120)
    assert here.said("send") == BOTH


def test_on_failure_stop_ends_the_run() -> None:
    here = house(', on_failure = "stop"', deaf=("porch.light",))
    here.mute.add("porch.light")
    go(here)
    # It has gone on by the time that the answer is there.
    assert "0 next" in here.said()
    text = SCENE + rule(GO, '{ scene = "evening", on_failure = "stop" }', '{ wait = "1m" }', note("after")) + FAILED
    here = JudgedHouse(text)
    here.mute.add("porch.light")
    go(here)
    here.wait(10)
    here.speaks("porch.light", well=False)
    here.wait(120)
    assert here.said("notify") == ["10 failed"]
    assert here.said("send") == [*BOTH, "70 porch.light.on = True"]


def test_all_or_none_takes_back_those_that_followed() -> None:
    here = house(", atomic = true", deaf=("porch.light",))
    here.says("hall.light", level=80)
    go(here)
    here.wait(300)
    assert here.said("send") == [*BOTH, "0 hall.light.level = 80"]
    assert "0 failed" in here.said()


def test_what_was_unknown_before_is_not_taken_back() -> None:
    here = house(", atomic = true", deaf=("porch.light",))
    go(here)
    here.wait(300)
    assert here.said("send") == BOTH


def test_all_or_none_sends_nothing_where_one_is_silent() -> None:
    here = house(", atomic = true")
    here.silent("porch.light")
    go(here)
    assert here.said() == ["0 next", "0 failed"]


def test_all_or_none_sends_nothing_where_one_may_not_be_set() -> None:
    here = house(", atomic = true", more='yields_to = "manual"')
    here.do(PersonActed("id-porch.light"))
    go(here)
    assert here.said() == ["0 next", "0 failed"]
    here = house("", more='yields_to = "manual"')
    here.do(PersonActed("id-porch.light"))
    go(here)
    assert here.said() == ["0 hall.light.level = 30", "0 activated", "0 next"], "else only that one is left out"


def test_all_or_none_sends_nothing_where_all_together_must_never_be() -> None:
    never = '[[never]]\nname = "n"\nthat = "hall.light.level > 20 and porch.light is on"\n'
    here = house(", atomic = true", text=never)
    here.says("porch.light", on=False)
    here.says("hall.light", level=10)
    go(here)
    assert here.said() == ["0 next", "0 failed"]
    here = house(text=never)
    here.says("porch.light", on=False)
    here.says("hall.light", level=10)
    go(here)
    assert here.said("send") == BOTH[:1]


@pytest.mark.parametrize("why", ["silent", "unknown"])
def test_on_failure_stop_ends_a_run_whose_scene_could_not_be_told_at_all(why: str) -> None:
    text = SCENE.replace("level = 30", 'level = "hall.light.level + 10%"') if why == "unknown" else SCENE
    scene = '{ scene = "evening", atomic = true, on_failure = "stop" }'
    here = JudgedHouse(text + rule(GO, scene, note("next")) + FAILED)
    if why == "silent":
        here.silent("porch.light")
    go(here)
    assert here.said() == ["0 failed"]


def test_fade_is_how_long_the_change_takes() -> None:
    """For so long, and five seconds more, what the device reports is no hand's doing."""
    yields = 'yields_to = "manual"'
    for fade, sent in (("", 0), (', fade = "20s"', 1)):
        here = house(fade, text=rule('{ webhook = "off" }', OFF, name="off", more=yields))
        here.says("hall.light", level=80)
        go(here)
        here.wait(15)
        here.says("hall.light", level=31)
        here.do(WebhookCalled("off"))
        assert len([did for did in here.said("send") if did == "15 hall.light.on = False"]) == sent


def test_a_scene_that_a_person_wants_is_no_rules_doing_and_sets_off_who_waits_for_it() -> None:
    here = house()
    here.do(SceneWanted("evening", "somebody"))
    assert here.said() == ["0 activated"]
    assert len(here.sent) == 2


def test_a_scene_that_a_person_wants_keeps_rules_off_its_devices() -> None:
    here = house(text=rule('{ webhook = "off" }', OFF, name="off", more='yields_to = "manual"'))
    here.do(SceneWanted("evening", "somebody"))
    here.do(WebhookCalled("off"))
    assert here.said("send") == []
