import pytest

from hubagent.model.capability import Value
from hubagent.rules.rehearsal import Happening, NoChange, Now, Rehearsal
from tests.hubagent.rules.a_house import HOUSE, START, UTC, rules

RULES = """
[variables]
guests = 0

[[rule]]
name = "light"
when = "hall.motion becomes occupied"
if = "hall.lux < 30"
do = [{ set = "hall.light", on = true }]

[[rule]]
name = "porch too"
when = "hall.light becomes on"
do = [
  { set = "porch.light", on = true }, { notify = "owner", text = "lux {hall.lux}" }, { wait = "3m" }, { mode = "night" }
]

[[rule]]
name = "dark"
when = "hall.motion becomes clear for 2m"
do = [{ set = "hall.light", on = false }]

[[rule]]
name = "remote"
when = ["sofa.remote button 1 double", { mode = "away" }]
do = [{ variable = "guests", to = "var.guests + 1" }, { set = "front.lock", locked = false }]

[[rule]]
name = "to and fro"
when = "radiator.mode becomes heat"
do = [{ set = "radiator", mode = "off" }]

[[rule]]
name = "fro and to"
when = "radiator.mode becomes off"
do = [{ set = "radiator", mode = "heat" }]

[[never]]
name = "open to strangers"
that = "not front.lock.locked and home.mode == 'away'"
"""
STATES: dict[str, dict[str, Value]] = {
    "hall.motion": {"occupied": False},
    "hall.lux": {"illuminance": 12},
    "hall.light": {"on": False, "level": 0},
    "porch.light": {"on": False},
    "front.lock": {"locked": True},
    "radiator": {"mode": "off"},
}


def rehearsal(mode: str = "home", **states: dict[str, Value]) -> Rehearsal:
    known = {**STATES, **{name.replace("_", "."): values for name, values in states.items()}}
    devices = [(device, known.get(device.name, {})) for device in HOUSE]
    return Rehearsal(rules(RULES), UTC, START, Now(devices, mode, {"guests": 2}))


def short(found: list[Happening]) -> list[tuple[str, str, str, object]]:
    return [(one.kind, one.rule, one.about, one.detail) for one in found]


def test_commands_and_what_they_set_off_in_turn_are_said() -> None:
    assert short(rehearsal().change("hall.motion = occupied")) == [
        ("command", "light", "hall.light", {"on": True}),
        ("command", "porch too", "porch.light", {"on": True}),
        ("notify", "porch too", "owner", "lux 12"),
        ("waits", "porch too", "hall.light.on", 180.0),
    ]


def test_a_lamp_goes_on_and_off_with_its_level() -> None:
    text = """
[[rule]]
name = "dimmed"
when = "hall.motion becomes occupied"
do = [{ set = "hall.light", level = 40 }]
[[rule]]
name = "porch too"
when = "hall.light becomes on"
do = [{ set = "porch.light", on = true }, { set = "hall.light", level = 0 }]
[[rule]]
name = "all off"
when = "hall.light becomes off"
do = [{ set = "porch.light", on = false }]
"""
    devices = [(device, STATES.get(device.name, {})) for device in HOUSE]
    tried = Rehearsal(rules(text), UTC, START, Now(devices, "home", {}))
    assert short(tried.change("hall.motion = occupied")) == [
        ("command", "dimmed", "hall.light", {"level": 40}),
        ("command", "porch too", "porch.light", {"on": True}),
        ("command", "porch too", "hall.light", {"level": 0}),
        ("command", "all off", "porch.light", {"on": False}),
    ]


def test_a_condition_that_does_not_hold_is_told_with_what_its_names_are_worth() -> None:
    [found] = rehearsal(hall_lux={"illuminance": 80}).change("hall.motion = occupied")
    assert (found.kind, found.rule, found.detail) == ("condition", "light", "hall.lux < 30")
    assert found.values == {"hall.lux": "80"}


def test_what_is_unknown_is_named() -> None:
    [found] = rehearsal(hall_lux={}).change("hall.motion = occupied")
    assert (found.kind, found.rule, found.detail) == ("unknown", "light", "hall.lux.illuminance")


def test_changes_come_one_after_the_other() -> None:
    tried = rehearsal()
    tried.change("hall.motion = occupied")
    assert short(tried.change("hall.motion = clear")) == [("waits", "dark", "hall.motion.occupied", 120.0)]


def test_what_is_so_already_changes_nothing() -> None:
    assert short(rehearsal().change("hall.motion = clear")) == [("same", "", "hall.motion.occupied", False)]
    assert short(rehearsal().change("home.mode = home")) == [("same", "", "home.mode", "home")]
    assert short(rehearsal().change("var.guests = 2")) == [("same", "", "var.guests", 2)]


def test_a_button_or_a_mode_can_be_tried_and_an_invariant_refuses() -> None:
    found = short(rehearsal().change("sofa.remote button 1 double"))
    assert found == [
        ("variable", "remote", "var.guests", 3),
        ("command", "remote", "front.lock", {"locked": False}),
    ]
    found = short(rehearsal().change("home.mode = away"))
    assert ("refused", "remote", "front.lock", "never: open to strangers") in found
    assert all(kind != "command" for kind, *_ in found)


def test_rules_that_set_each_other_off_for_ever_are_cut_and_said_to_be() -> None:
    found = rehearsal().change("radiator.mode = heat")
    assert found[-1].kind == "loop"
    assert len(found) < 50


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("hall.lihgt = on", "did you mean 'hall.light'?"),
        ("hall.light = wet", "on is true or false, not 'wet'"),
        ("home.mode = party", "there are: home, away, night"),
        ("var.gusts = 1", "did you mean 'guests'?"),
        ("var.guests = many", "guests is a number, not 'many'"),
        ("var.guests = unknown", "guests is a number, not None"),
        ("nonsense", "is what a device says"),
        ("sofa.remot button 1 single", "did you mean 'sofa.remote'?"),
        ("sofa.remote button x single", "a button is a number"),
    ],
)
def test_what_is_no_change_is_said_to_be_none(change: str, why: str) -> None:
    with pytest.raises(NoChange) as raised:
        rehearsal().change(change)
    assert why in str(raised.value)
