"""What a `set` wants of its devices at that moment."""

from collections.abc import Mapping

from hubagent.model.capability import Value
from hubagent.rules.actions.set import SetAction
from simulators.chaos.oracle.commands import commands_of
from tests.hubagent.rules.a_house import rules
from tests.simulators.chaos.oracle.a_scene import GO, rule, seen

Told = list[tuple[dict[str, Value], object]]
"""What each command wants, and how long it takes."""


def wanted(do: str, fade_s: float | None = None, said: Mapping[str, Value] | None = None) -> dict[str, Told]:
    """By device."""
    [action] = rules(rule(GO, do)).rules[0].do
    assert isinstance(action, SetAction)
    return {
        device.removeprefix("id-"): [
            (dict(command.wanted()), getattr(command, "transition_s", "no")) for command in commands
        ]
        for device, commands in commands_of(action, seen(said), fade_s)
    }


def test_each_device_is_told_the_same() -> None:
    found = wanted('{ set = ["hall.light", "porch.light"], on = true }')
    assert [(name, [values for values, _ in told]) for name, told in found.items()] == [
        ("hall.light", [{"on": True}]),
        ("porch.light", [{"on": True}]),
    ]


def test_a_transition_is_of_those_commands_that_know_one() -> None:
    assert wanted('{ set = "hall.light", level = 30, transition = "2s" }') == {"hall.light": [({"level": 30}, 2.0)]}
    assert wanted('{ set = "front.lock", locked = true, transition = "2s" }') == {
        "front.lock": [({"locked": True}, "no")]
    }


def test_a_scenes_fade_counts_where_a_device_has_no_transition_of_its_own() -> None:
    assert wanted('{ set = "hall.light", level = 30 }', 5.0) == {"hall.light": [({"level": 30}, 5.0)]}
    assert wanted('{ set = "hall.light", level = 30, transition = "1s" }', 5.0) == {
        "hall.light": [({"level": 30}, 1.0)]
    }


def test_what_is_unknown_or_cannot_be_is_not_wanted() -> None:
    up = '{ set = "hall.light", level = "hall.light.level + 10%" }'
    assert wanted(up) == {"hall.light": []}
    assert [told for told, _ in wanted(up, said={"hall.light.level": 40})["hall.light"]] == [{"level": 50}]
    assert wanted(up, said={"hall.light.level": 95}) == {"hall.light": []}


def test_people_say_on() -> None:
    word = """{ set = "hall.light", on = "'on' if hall.motion is occupied else 'off'" }"""
    [(told, _)] = wanted(word, said={"hall.motion.occupied": False})["hall.light"]
    assert told == {"on": False}
