"""A rule waits until every device that it names is there. Stated by hand."""

import pytest

from hubagent.rules.executor.items import WebhookCalled
from hubagent.rules.where import Where
from simulators.chaos.oracle.binding import can_be, targets
from tests.hubagent.rules.a_house import HOUSE, UTC, rules
from tests.simulators.chaos.oracle.a_scene import GO, OFF, ON, note, rule, seen
from tests.simulators.chaos.oracle.judged_house import JudgedHouse


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
    "do",
    [
        '{ set = "attic.light", on = true }',
        '{ set = "hall.motion", on = true }',
        '{ set = ["porch.light", "attic.light"], on = true }',
        '{ wait = "attic.motion is clear" }',
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
