"""What is not sent, and not sent again: for an invariant, for a newer wish, for a hand at the switch."""

import pytest

from hubagent.rules.executor.items import SceneWanted
from tests.hubagent.rules import a_house
from tests.hubagent.rules.a_house import HOUSE, House
from tests.hubagent.rules.a_scope import device

BUTTON = '"sofa.remote button 1 single"'
SECOND = '"sofa.remote button 2 single"'
NOT_BOTH = '[[never]]\nname = "both"\nthat = "hall.light.on and porch.light.on"\n'
NOT_AWAY = '[[never]]\nname = "away"\nthat = "porch.light.on and home.mode == \'away\'"\n'
PORCH = '[[scene]]\nname = "s"\nset = [{ device = "porch.light", on = true }]\n'
BOTH = '[[scene]]\nname = "s"\nset = [{ device = "hall.light", on = true }, { device = "porch.light", on = true }]\n'


def rule(name: str, when: str, do: str, more: str = "") -> str:
    return f'[[rule]]\nname = "{name}"\nwhen = {when}\n{more}\ndo = {do}\n'


def dark(text: str, deaf: tuple[str, ...] = ()) -> House:
    house = House(text, deaf=deaf)
    house.says("hall.light", on=False)
    house.says("porch.light", on=False)
    return house


def names(house: House) -> list[str]:
    return [name for _, name, _ in house.did()]


def test_two_commands_of_one_step_do_not_bring_about_together_what_must_never_be() -> None:
    house = dark(
        NOT_BOTH + rule("a", BUTTON, '[{ set = "hall.light", on = true }, { set = "porch.light", on = true }]')
    )
    house.presses("sofa.remote")
    assert names(house) == ["hall.light"]
    assert house.told("refused") == [("a", "never: both")]


@pytest.mark.parametrize(("atomic", "sent"), [("false", ["hall.light"]), ("true", [])])
def test_a_scene_does_not_either(atomic: str, sent: list[str]) -> None:
    house = dark(BOTH + NOT_BOTH + rule("a", BUTTON, f'[{{ scene = "s", atomic = {atomic} }}]'))
    house.presses("sofa.remote")
    assert names(house) == sent


def test_a_command_that_nobody_followed_stands_in_nobodys_way_for_long() -> None:
    text = rule("a", BUTTON, '[{ set = "hall.light", on = true }]')
    text += rule("b", SECOND, '[{ set = "porch.light", on = true }]')
    house = dark(NOT_BOTH + text, deaf=("hall.light",))
    house.presses("sofa.remote")
    house.presses("sofa.remote", button=2)
    assert names(house) == ["hall.light"]
    house.wait(6)
    house.presses("sofa.remote", button=2)
    assert names(house) == ["hall.light", "porch.light"]


def test_a_mode_is_not_set_while_a_command_is_on_its_way_that_must_not_meet_it() -> None:
    house = dark(NOT_AWAY + rule("a", BUTTON, '[{ set = "porch.light", on = true }, { mode = "away" }]'))
    house.presses("sofa.remote")
    assert house.executor.picture.mode.value == "home"


def test_a_scene_is_not_told_once_more_what_must_not_be_any_more() -> None:
    house = dark(PORCH + NOT_AWAY + rule("a", BUTTON, '[{ scene = "s" }]'), deaf=("porch.light",))
    house.presses("sofa.remote")
    house.wait(10)
    house.mode("away")
    house.deaf = set()
    house.wait(100)
    assert len(house.sent) == 1
    assert ("a", "never: away") in house.told("refused")


def test_a_scene_is_not_told_once_more_where_somebody_wished_otherwise_since() -> None:
    text = rule("a", BUTTON, '[{ scene = "s" }]') + rule("b", SECOND, '[{ set = "porch.light", on = false }]')
    house = dark(PORCH + text, deaf=("porch.light",))
    house.presses("sofa.remote")
    house.wait(10)
    house.deaf = set()
    house.presses("sofa.remote", button=2)
    house.wait(100)
    assert [value for _, _, value in house.did()] == [True, False]


def test_a_retry_gives_way_to_a_newer_wish_and_to_what_must_never_be() -> None:
    text = rule("a", BUTTON, '[{ set = "porch.light", on = true, retry = 3 }]')
    text += rule("b", SECOND, '[{ set = "porch.light", on = false }]')
    house = dark(text, deaf=("porch.light",))
    house.presses("sofa.remote")
    house.deaf = set()
    house.presses("sofa.remote", button=2)
    house.wait(60)
    assert [value for _, _, value in house.did()] == [True, False]
    house = dark(NOT_AWAY + text, deaf=("porch.light",))
    house.presses("sofa.remote")
    house.mode("away")
    house.wait(60)
    assert len(house.sent) == 1


@pytest.mark.parametrize(
    ("first", "second", "did"),
    [("on = true", "level = 30", [True, 30, True]), ("level = 30", "on = false", [30, False])],
)
def test_a_retry_for_another_attribute_goes_on_unless_that_decides_it_otherwise(
    first: str, second: str, did: list[object]
) -> None:
    text = rule("a", BUTTON, f'[{{ set = "porch.light", {first}, retry = 3 }}]')
    text += rule("b", SECOND, f'[{{ set = "porch.light", {second} }}]')
    house = dark(text, deaf=("porch.light",))
    house.presses("sofa.remote")
    house.deaf = set()
    house.presses("sofa.remote", button=2)
    house.wait(60)
    assert [value for _, _, value in house.did()] == did


YIELDS = rule("a", BUTTON, '[{ set = "hall.light", on = true }]', 'yields_to = "manual"')


def test_a_hand_soon_after_a_command_is_one() -> None:
    house = dark(YIELDS)
    house.presses("sofa.remote")
    house.wait(2)
    house.says("hall.light", on=False)
    house.wait(2)
    house.presses("sofa.remote")
    assert len(house.sent) == 1
    assert house.told("lease") != []


def test_what_a_command_brings_with_it_is_no_hand() -> None:
    house = dark(YIELDS)
    house.says("hall.light", level=10)
    house.presses("sofa.remote")
    house.wait(2)
    house.says("hall.light", level=40)
    house.says("hall.light", level=80)
    house.presses("sofa.remote")
    assert len(house.sent) == 2
    assert house.told("lease") == []


def test_what_a_device_measures_is_no_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    plug = device("plug", "on_off", "electrical_power_measurement")
    monkeypatch.setattr(a_house, "HOUSE", (*HOUSE, plug))
    text = rule("a", BUTTON, '[{ set = "plug", on = true }]', 'yields_to = "manual"')
    house = House(text + rule("b", '"plug.power > 1000"', '[{ notify = "o", text = "p" }]'))
    monkeypatch.setattr(House, "find", lambda _self, name: next(one for one in a_house.HOUSE if one.name == name))
    house.says("plug", power=5.0)
    house.says("plug", power=7.0)
    house.obedient = False
    monkeypatch.setattr(a_house, "HOUSE", (*HOUSE, plug))
    house.presses("sofa.remote")
    assert len(house.sent) == 1


def test_a_scene_that_a_person_wants_is_a_hand() -> None:
    scene = '[[scene]]\nname = "s"\nset = [{ device = "hall.light", on = false }]\n'
    house = dark(scene + YIELDS)
    house.do(SceneWanted("s", "api"))
    house.wait(10)
    house.presses("sofa.remote")
    assert [value for _, _, value in house.did()] == [False]


def test_a_persons_scene_is_refused_only_where_nobody_may() -> None:
    for caused_by, sent in (("rules", 1), ("anybody", 0)):
        house = dark(PORCH + NOT_AWAY + f'caused_by = "{caused_by}"\n')
        house.mode("away")
        house.do(SceneWanted("s", "api"))
        assert len(house.sent) == sent
