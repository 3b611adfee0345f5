"""A `set`, bound to a home: its commands are ready, or worked out when the action is reached."""

import pytest

from hubagent.model.capabilities.color_control import MoveToHueSaturation
from hubagent.model.capabilities.level_control import MoveToLevel
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capability import InvalidValue
from hubagent.rules.actions.bound_set import UnknownValue
from hubagent.rules.actions.set import SetAction
from hubagent.rules.binding import CannotBind
from hubagent.rules.expression.parse import parse
from tests.hubagent.rules.a_scope import AScope


def test_constants_are_commands_before_anything_happens() -> None:
    [bound] = SetAction(("hall.light",), (("on", True), ("level", 40)), transition_s=2.0).bind(AScope())
    assert bound.device == "id-hall.light"
    assert bound.ready == (SwitchOnOff(on=True), MoveToLevel(40, transition_s=2.0))
    assert bound.commands() is bound.ready


def test_an_expression_of_constants_is_a_constant() -> None:
    [bound] = SetAction(("hall.light",), (("level", parse("20% + 20%")),)).bind(AScope())
    assert bound.ready == (MoveToLevel(40),)


def test_an_expression_is_worked_out_each_time() -> None:
    scope = AScope()
    level = parse("30% if home.mode == 'night' else 80%")
    [bound] = SetAction(("hall.light",), (("on", True), ("level", level))).bind(scope)
    assert bound.ready is None
    assert bound.commands() == (SwitchOnOff(on=True), MoveToLevel(80))
    scope.mode.value = "night"
    assert bound.commands() == (SwitchOnOff(on=True), MoveToLevel(30))


def test_what_is_unknown_is_named() -> None:
    [bound] = SetAction(("hall.light",), (("level", parse("min(100, hall.lux / 1lx * 1%)")),)).bind(AScope())
    with pytest.raises(UnknownValue, match=r"level: hall\.lux"):
        bound.commands()


def test_a_value_that_the_device_cannot_have_is_no_command() -> None:
    scope = AScope()
    [bound] = SetAction(("hall.light",), (("level", parse("var.guests * 1%")),)).bind(scope)
    scope.kept["guests"].value = 300
    with pytest.raises(InvalidValue, match="level is between 0 and 100"):
        bound.commands()


def test_every_device_has_its_own_commands() -> None:
    bound = SetAction(("hall.light", "living lamp"), (("on", False),)).bind(AScope())
    assert [one.device for one in bound] == ["id-hall.light", "id-living lamp"]


def test_two_attributes_may_be_one_command() -> None:
    [bound] = SetAction(("living lamp",), (("hue", 120), ("saturation", 50))).bind(AScope())
    assert bound.ready == (MoveToHueSaturation(120, 50),)


@pytest.mark.parametrize(
    ("action", "complaint"),
    [
        (SetAction(("hall.lite",), (("on", True),)), "did you mean 'hall.light'?"),
        (SetAction(("hall.light",), (("locked", True),)), "hall.light has no locked"),
        (SetAction(("hall.motion",), (("on", True),)), "nothing can be set on it"),
        (SetAction(("hall.light",), (("parameter_7", 3),)), "hall.light has no parameter_7"),
        (SetAction(("hall.light",), (("level", parse("hall.lx")),)), "hall.lx"),
        (SetAction(("hall.light",), (("level", parse("home.mode == 'night'")),)), ""),
        (SetAction(("hall.light",), (("level", parse("unknown")),)), ""),
    ],
)
def test_what_the_home_does_not_have_cannot_be_bound(action: SetAction, complaint: str) -> None:
    with pytest.raises(CannotBind) as caught:
        action.bind(AScope())
    assert complaint in str(caught.value)
