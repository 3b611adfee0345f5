"""When a value that came after another sets off, and what has to stay so."""

import pytest

from hubagent.model.capability import Value
from simulators.chaos.oracle.edges import Edge, happened, hears_again, place_of, stays
from tests.hubagent.rules.a_house import rules
from tests.simulators.chaos.oracle.a_scene import ON, rule, seen


def edge(when: str) -> Edge:
    [trigger] = rules(rule(when, ON)).rules[0].when
    assert isinstance(trigger, Edge)
    return trigger


@pytest.mark.parametrize(
    ("when", "before", "now", "is_one"),
    [
        ('"hall.motion becomes occupied"', False, True, True),
        ('"hall.motion becomes occupied"', True, False, False),
        ('"hall.motion becomes clear"', True, False, True),
        ('"hall.light.level becomes 40"', 30, 40, True),
        ('"hall.light.level becomes 40"', 40, 41, False),
        ('{ state = "hall.light.level", changes = true }', 30, 31, True),
        ('{ state = "hall.light.level", becomes = 40, from = 10 }', 10, 40, True),
        ('{ state = "hall.light.level", becomes = 40, from = 10 }', 20, 40, False),
        ('{ numeric = "hall.lux", above = 10 }', 9, 11, True),
        ('{ numeric = "hall.lux", above = 10 }', 10, 11, True),
        ('{ numeric = "hall.lux", above = 10 }', 9, 10, False),
        ('{ numeric = "hall.lux", above = 10 }', 11, 12, False),
        ('{ numeric = "hall.lux", above = 10, below = 20 }', 9, 21, False),
        ('{ numeric = "hall.lux", above = 10, below = 20 }', 25, 15, True),
        ('"hall.lux >= 10"', 9, 10, True),
        ('"hall.lux > 10"', 9, 10, False),
        ('"hall.lux < 10"', 10, 9, True),
    ],
)
def test_an_edge(when: str, before: Value, now: Value, is_one: bool) -> None:
    assert happened(edge(when), before, now, seen()) is is_one


def test_what_stays_so() -> None:
    assert stays(edge('{ numeric = "hall.lux", above = 10, for = "1m" }'), 12, 11)
    assert not stays(edge('{ numeric = "hall.lux", above = 10, for = "1m" }'), 12, 10)
    assert not stays(edge('{ state = "hall.light.level", changes = true, for = "1m" }'), 12, 11)
    assert not stays(edge('"hall.motion becomes clear for 1m"'), False, None)


def test_who_is_deaf_hears_again_behind_its_level() -> None:
    above = edge('{ numeric = "hall.lux", above = 10, rearm_below = 5 }')
    below = edge('{ numeric = "hall.lux", below = 10, rearm_above = 15 }')
    assert [hears_again(above, value) for value in (4, 5, 12)] == [True, False, False]
    assert [hears_again(below, value) for value in (4, 15, 16)] == [False, False, True]


def test_a_word_says_which_attribute_of_the_device_it_is_about() -> None:
    home = seen()
    assert place_of(edge('"hall.motion becomes occupied"'), home) == ("id-hall.motion", "occupied")
    assert place_of(edge('"garage.door becomes open"'), home) == ("id-garage.door", "open")
    assert place_of(edge('"hall.light.brightness becomes 3"'), home) == ("id-hall.light", "level")
    assert place_of(edge('"attic.door becomes open"'), home) is None
