"""Triggers bound to a home: which attribute they hear, and what counts as an edge."""

from typing import Any

import pytest

from hubagent.model.capabilities.switch import Press
from hubagent.rules.binding import CannotBind
from hubagent.rules.triggers.button import ButtonTrigger
from hubagent.rules.triggers.joined import JoinedTrigger
from hubagent.rules.triggers.mode import ModeTrigger
from hubagent.rules.triggers.numeric import NumericTrigger
from hubagent.rules.triggers.offline import OfflineTrigger
from hubagent.rules.triggers.outcome import OutcomeTrigger, RuleOutcome
from hubagent.rules.triggers.scene import SceneTrigger
from hubagent.rules.triggers.start import StartTrigger
from hubagent.rules.triggers.state import StateTrigger
from hubagent.rules.triggers.webhook import WebhookTrigger
from tests.hubagent.rules.a_scope import AScope


@pytest.mark.parametrize(
    ("trigger", "key"),
    [
        (StateTrigger("hall.motion", "occupied"), ("id-hall.motion", "occupied")),
        (StateTrigger("HALL.MOTION", "clear"), ("id-hall.motion", "occupied")),
        (StateTrigger("front.lock", "open"), ("id-front.lock", "door_open")),
        (StateTrigger("front.lock", "locked"), ("id-front.lock", "locked")),
        (StateTrigger("hall.light.level", 40), ("id-hall.light", "level")),
        (StateTrigger("hall.light", changes=True), ("id-hall.light", "on")),
        (StateTrigger("radiator.mode", "heat"), ("id-radiator", "mode")),
        (StateTrigger("living lamp.level", 40), ("id-living lamp", "level")),
        (NumericTrigger("hall.lux", above=30), ("id-hall.lux", "illuminance")),
        (NumericTrigger("garage.freezer.temp", above=-12), ("id-garage.freezer", "temperature")),
    ],
)
def test_an_edge_hears_the_attribute_that_is_meant(trigger: Any, key: tuple[str, str]) -> None:
    scope = AScope()
    bound = trigger.bind(scope)
    assert bound.keys == (key,)
    assert bound.cells == (scope.cell(*key),)


@pytest.mark.parametrize(
    ("trigger", "complaint"),
    [
        (StateTrigger("hall.moton", "occupied"), "there is no device 'hall.moton'; did you mean 'hall.motion'?"),
        (StateTrigger("hall.light.temperature", 3), "hall.light has no 'temperature'"),
        (StateTrigger("hall.light.level", "bright"), "level is a number"),
        (StateTrigger("hall.light", "open"), "on is true or false, not 'open'"),
        (StateTrigger("hall.motion", "open"), "occupied is true or false, not 'open'$"),
        (StateTrigger("hall.motion", "ocupied"), "occupied is true or false, not 'ocupied'; did you mean 'occupied'?"),
        (StateTrigger("hall.motion", "occupied", "on"), "occupied is true or false, not 'on'"),
        (NumericTrigger("hall.motion", above=3), "occupied is true or false, not a number with bounds"),
        (NumericTrigger("hall.light.level", above=130), "level is between 0 and 100"),
        (ButtonTrigger("hall.light"), "hall.light has no buttons"),
        (ButtonTrigger("hall.lite"), "there is no device 'hall.lite'; did you mean 'hall.light'?"),
        (OfflineTrigger("hall.lite"), "did you mean 'hall.light'?"),
    ],
)
def test_what_the_home_does_not_have_cannot_be_bound(trigger: Any, complaint: str) -> None:
    with pytest.raises(CannotBind, match=complaint):
        trigger.bind(AScope())


def test_it_becomes_so_only_when_it_was_not_before() -> None:
    test = StateTrigger("hall.motion", "occupied").bind(AScope()).test
    assert test(False, True)
    assert not test(True, True)
    assert not test(True, False)


def test_with_from_the_value_before_counts() -> None:
    test = StateTrigger("hall.light.level", 40, 10).bind(AScope()).test
    assert test(10, 40)
    assert not test(20, 40)


def test_any_change_is_one_but_not_to_what_is_unknown() -> None:
    test = StateTrigger("hall.light.level", changes=True).bind(AScope()).test
    assert test(10, 40)
    assert not test(10, 10)
    assert not test(10, None)


def test_what_changed_stays_so_while_it_does_not_change_again() -> None:
    bound = StateTrigger("hall.light.level", changes=True, held_s=60).bind(AScope())
    assert bound.held_s == 60
    assert bound.stays(40, 40)
    assert not bound.stays(40, 41)


def test_a_bound_is_crossed_once() -> None:
    bound = NumericTrigger("hall.lux", above=30).bind(AScope())
    assert bound.test(30, 31)
    assert not bound.test(31, 32)
    assert not bound.test(29, 30)
    assert bound.rearms is None


def test_inclusive_bounds_count_themselves() -> None:
    test = NumericTrigger("hall.lux", below=30, inclusive=True).bind(AScope()).test
    assert test(31, 30)
    assert not test(30, 29)


def test_with_a_level_to_rearm_it_is_deaf_until_then() -> None:
    rearms = NumericTrigger("hall.lux", above=30, rearm_below=20).bind(AScope()).rearms
    assert rearms is not None
    assert rearms(19.9)
    assert not rearms(20)
    assert not rearms(None)
    upward = NumericTrigger("hall.lux", below=30, rearm_above=40).bind(AScope()).rearms
    assert upward is not None
    assert upward(41)
    assert not upward(29)


def test_what_is_above_stays_so_while_it_is_above() -> None:
    stays = NumericTrigger("hall.lux", above=30, rearm_below=20).bind(AScope()).stays
    assert stays(31, 50)
    assert not stays(31, 25)


@pytest.mark.parametrize(
    ("trigger", "key"),
    [
        (OfflineTrigger("hall.light"), ("silent", "id-hall.light")),
        (JoinedTrigger("any"), ("joined", "any")),
        (ModeTrigger("night"), ("mode", "night")),
        (StartTrigger(), ("start",)),
        (WebhookTrigger("evening"), ("webhook", "evening")),
        (SceneTrigger("evening"), ("scene", "evening")),
        (OutcomeTrigger("a", RuleOutcome.FAILED), ("rule", "a", "failed")),
    ],
)
def test_a_signal_is_known_by_its_key(trigger: Any, key: tuple[object, ...]) -> None:
    assert trigger.bind(AScope()).key == key


def test_a_silence_must_last() -> None:
    assert OfflineTrigger("hall.light", 3600).bind(AScope()).held_s == 3600


def test_a_press_is_of_a_button_and_a_kind() -> None:
    assert ButtonTrigger("remote", 2, Press.DOUBLE).press is Press.DOUBLE
