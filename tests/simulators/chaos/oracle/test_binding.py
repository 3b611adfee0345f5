"""A rule waits until every device that it names is there. Stated by hand."""

import random
from dataclasses import replace
from typing import Final

import pytest

from hubagent.rules.executor.items import WebhookCalled
from hubagent.rules.where import Where
from simulators.chaos.oracle.binding import can_be, targets
from tests.hubagent.rules.a_house import HOUSE, UTC, rules
from tests.simulators.chaos.oracle.a_scene import GO, OFF, ON, note, rule, seen
from tests.simulators.chaos.oracle.judged_house import JudgedHouse
from tests.simulators.chaos.oracle.made_up_richly import made_up_richly


def can(when: str, *do: str, more: str = "", scenes: str = "", where: Where = UTC) -> bool:
    rule_set = rules("[variables]\nn = 0\n" + scenes + rule(when, *do, more=more))
    return can_be(rule_set.rules[0], seen(where=where), rule_set.scenes)


@pytest.mark.parametrize(
    "when",
    [
        '"hall.motion becomes occupied"',
        '"hall.motion.occupied becomes occupied"',
        '"garage.freezer.temp > 5"',
        '"sofa.remote button 1 single"',
        '{ offline = "garage.freezer" }',
        '{ joined = "somebody" }',
        '{ sun = "sunset" }',
        '{ time = "07:30" }',
    ],
)
def test_what_can_set_off_here(when: str) -> None:
    assert can(when, ON)


@pytest.mark.parametrize(
    "when",
    [
        '"attic.motion becomes occupied"',
        '"hall.motion.level becomes 4"',
        '"hall.lux.temp > 5"',
        '"hall.motion button 1 single"',
        '{ offline = "attic.freezer" }',
    ],
)
def test_what_names_nobody_waits(when: str) -> None:
    assert not can(when, ON)


@pytest.mark.parametrize(
    ("abilities", "waits"), [(("occupancy_sensing",), True), (("boolean_state",), False), ((), True)]
)
@pytest.mark.parametrize(
    "text",
    [
        rule('"kitchen.leak becomes wet"', ON),
        rule('{ state = "kitchen.leak", becomes = "dry", from = "wet" }', ON),
        rule(GO, ON, more='if = "kitchen.leak is not wet"'),
        rule(GO, ON, more="if = \"not (home.mode == 'home' and kitchen.leak in ('wet', 'dry'))\""),
        rule(GO, '{ set = "hall.light", on = "kitchen.leak is wet" }'),
        rule(GO, "{ wait = \"kitchen.leak == 'dry'\" }", ON),
    ],
)
def test_a_device_that_does_not_say_yet_what_the_rule_means_is_waited_for(
    text: str, abilities: tuple[str, ...], waits: bool
) -> None:
    """Its interview is not over, and it stands for something else until it is."""
    house = JudgedHouse(text)
    house.joins(replace(house.find("kitchen.leak"), capabilities=abilities))
    assert can_be(house.oracle.rule_set.rules[0], house.oracle.seen) is not waits
    assert (house.executor.unbound != []) is waits


SWAPPED: Final = range(60)


def test_executor_and_oracle_agree_about_what_can_be_where_devices_turn_out_to_be_others() -> None:
    """Two devices of the house have each other's abilities."""
    waiting = 0
    for seed in SWAPPED:
        house = JudgedHouse(made_up_richly(seed).text)
        one, other = random.Random(seed).sample(HOUSE, 2)
        house.joins(replace(one, capabilities=other.capabilities))
        house.joins(replace(other, capabilities=one.capabilities))
        oracle, unbound = house.oracle, {it.rule.name for it in house.executor.unbound}
        rules, scenes = (rule for rule in oracle.rule_set.rules if rule.enabled), oracle.rule_set.scenes
        assert {rule.name for rule in rules if not can_be(rule, oracle.seen, scenes)} == unbound, seed
        waiting += len(unbound)
    assert waiting > len(SWAPPED)


@pytest.mark.parametrize(
    "do",
    [
        '{ set = "attic.light", on = true }',
        '{ set = "hall.motion", on = true }',
        '{ set = ["porch.light", "attic.light"], on = true }',
        '{ wait = "attic.light is off" }',
        f'{{ if = "attic.lux > 3", do = [{ON}] }}',
        f'{{ repeat = 2, do = [{{ while = "attic.lux > 3", at_most = 2, do = [{ON}] }}] }}',
        '{ variable = "n", to = "attic.lux" }',
        note("{attic.lux}"),
        '{ http = "https://example.org/", method = "POST", body = "{attic.lux}" }',
        '{ scene = "s" }',
    ],
)
def test_whatever_it_does_counts(do: str) -> None:
    scene = '[[scene]]\nname = "s"\nset = [{ device = "attic.light", on = true }]\n'
    assert not can(GO, do, scenes=scene)
    assert can(
        GO, do.replace("attic", "hall").replace("hall.motion", "porch.light"), scenes=scene.replace("attic", "hall")
    )


def test_a_condition_counts_and_the_sun_needs_a_place() -> None:
    assert not can(GO, ON, more='if = "attic.lux > 3"')
    assert can(GO, ON, more='if = "sun.up"')
    assert not can(GO, ON, more='if = "sun.up"', where=Where())
    assert not can('{ sun = "sunset" }', ON, where=Where())


def test_what_a_rule_may_set() -> None:
    scene = '[[scene]]\nname = "s"\nset = [{ device = "porch.light", on = true }]\n'
    rule_set = rules(scene + rule(GO, ON, f'{{ if = "hall.lux > 3", do = [{OFF}] }}', '{ scene = "s" }'))
    assert targets(rule_set.rules[0], seen(), rule_set.scenes) == ["id-hall.light", "id-porch.light"]


def test_a_rule_that_waited_for_a_device_does_what_it_says_when_it_is_there() -> None:
    house = JudgedHouse(rule(GO, '{ set = "porch.light", on = true }'))
    house.left("porch.light")
    house.do(WebhookCalled("go"))
    assert house.said() == []
    house.joins(next(one for one in HOUSE if one.name == "porch.light"))
    house.do(WebhookCalled("go"))
    assert house.said() == ["0 porch.light.on = True"]


def test_a_run_whose_wait_was_over_while_its_device_was_gone_goes_on_when_it_is_there_again() -> None:
    house = JudgedHouse(
        rule(GO, '{ wait = "hall.motion is clear", for = "10s" }', '{ set = "porch.light", on = true }')
    )
    house.says("hall.motion", occupied=False)
    house.do(WebhookCalled("go"))
    house.left("porch.light")
    house.wait(60)
    assert house.said() == []
    house.joins(next(one for one in HOUSE if one.name == "porch.light"))
    house.wait(1)
    assert house.said() == ["60 porch.light.on = True"]


def test_a_run_whose_pause_is_over_while_its_device_is_gone_ends() -> None:
    house = JudgedHouse(rule(GO, '{ wait = "10s" }', '{ set = "porch.light", on = true }'))
    house.do(WebhookCalled("go"))
    house.left("porch.light")
    house.wait(60)
    house.joins(next(one for one in HOUSE if one.name == "porch.light"))
    house.wait(60)
    assert house.said() == []


def test_a_run_that_waits_goes_on_when_its_device_is_there_again() -> None:
    house = JudgedHouse(rule(GO, '{ wait = "10s" }', '{ set = "porch.light", on = true }'))
    house.do(WebhookCalled("go"))
    house.wait(5)
    house.renamed("porch.light", "attic.light")
    house.renamed("porch.light", "porch.light")
    house.wait(10)
    assert house.said() == ["10 porch.light.on = True"]
