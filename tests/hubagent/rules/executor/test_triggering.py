"""What sets rules off, and when it counts."""

from typing import Any

import pytest

from hubagent.model.event import StateReported
from hubagent.rules.executor.executor import RuleExecutor
from hubagent.rules.executor.items import Ready, Remembered, Restored
from tests.hubagent.rules.a_house import HOUSE, START, UTC, House, rules
from tests.hubagent.rules.a_scope import device


def rule(name: str, when: str, do: str, more: str = "") -> str:
    return f'[[rule]]\nname = "{name}"\nwhen = {when}\n{more}\ndo = {do}\n'


NOTE = '[{ notify = "o", text = "x" }]'


def test_a_level_to_rearm_belongs_to_what_the_rule_says_now() -> None:
    text = rule("a", '{ numeric = "hall.lux", above = 100, rearm_below = 50 }', NOTE)
    house = House(text)
    house.says("hall.lux", illuminance=60)
    house.says("hall.lux", illuminance=110)
    house.reload(text.replace("100", "200").replace("50", "10"))
    house.says("hall.lux", illuminance=90)
    house.says("hall.lux", illuminance=210)
    assert house.notes == ["x", "x"]


def test_a_device_that_is_said_to_be_silent_again_has_been_silent_since_the_first_time() -> None:
    house = House(rule("a", '{ offline = "garage.freezer", for = "1h" }', NOTE))
    house.silent("garage.freezer")
    house.wait(3000)
    house.silent("garage.freezer")
    house.wait(700)
    assert house.notes == ["x"]


def test_a_device_that_reports_is_not_silent_any_more() -> None:
    house = House(rule("a", '{ offline = "garage.freezer", for = "1h" }', NOTE))
    house.silent("garage.freezer")
    house.wait(60)
    house.says("garage.freezer", temperature=-18)
    house.wait(4000)
    assert house.notes == []


def test_the_wait_until_a_device_has_been_gone_for_long_goes_on_over_restarts() -> None:
    house = House(rule("a", '{ offline = "garage.freezer", for = "1h" }', NOTE))
    for _ in range(2):
        house.silent("garage.freezer")
        house.wait(1500)
        house.reboot(60)
        house.wait(60)
    house.silent("garage.freezer")
    house.wait(300)
    assert house.notes == []
    house.wait(120)
    assert house.notes == ["x"]


def test_a_changed_rule_begins_the_wait_for_a_silent_device_anew() -> None:
    house = House(rule("a", '{ offline = "garage.freezer", for = "1h" }', NOTE))
    house.silent("garage.freezer")
    house.wait(1800)
    house.text = house.text.replace("1h", "2h")
    house.reboot()
    house.silent("garage.freezer")
    house.wait(7100)
    assert house.notes == []
    house.wait(200)
    assert house.notes == ["x"]


def open_for_a_while(more: str = "") -> House:
    house = House(rule("a", '"garage.door becomes open for 5m"', f'[{{ notify = "o", text = "x" }}{more}]'))
    house.says("garage.door", open=False)
    house.says("garage.door", open=True)
    house.wait(60)
    return house


@pytest.mark.parametrize("says", [None, True])
def test_nobody_knows_that_it_stayed_so_of_a_device_that_left(says: bool | None) -> None:
    house = open_for_a_while()
    house.left("garage.door")
    house.wait(10)
    house.joins(house.find("garage.door"))
    if says is not None:
        house.says("garage.door", open=says)
    house.wait(400)
    assert house.notes == []


@pytest.mark.parametrize("closes", [True, False])
def test_what_is_held_counts_only_where_it_is_still_so_after_another_device_of_the_rule_was_away(closes: bool) -> None:
    house = open_for_a_while(', { set = "hall.light", on = true }')
    house.left("hall.light")
    if closes:
        house.says("garage.door", open=False)
    house.wait(10)
    house.joins(house.find("hall.light"))
    house.wait(400)
    assert house.notes == ([] if closes else ["x"])


def test_a_time_sets_off_a_rule_whose_device_came_later() -> None:
    do = '[{ notify = "o", text = "x" }, { set = "attic.lamp", on = true, retry = 0 }]'
    house = House(rule("a", '{ time = "00:10" }', do))
    house.obedient = False
    house.joins(device("hall.lamp", "on_off"))
    house.reload(house.text.replace("attic.lamp", "hall.light"))
    house.wait(3600)
    assert house.notes == ["x"]
    house = House(rule("a", '{ time = "00:10" }', '[{ notify = "o", text = "x" }]', 'if = "attic.lamp.on is unknown"'))
    house.joins(device("attic.lamp", "on_off"))
    house.wait(3600)
    assert house.notes == ["x"]


def test_safety_comes_first_whichever_attribute_of_a_report_sets_it_off() -> None:
    house = House(
        rule("n", '"hall.light becomes on"', '[{ set = "porch.light", on = true }]')
        + rule("s", '"hall.light.level > 50"', '[{ set = "porch.light", on = false }]', 'priority = "safety"')
    )
    house.says("hall.light", on=False)
    house.says("hall.light", level=10)
    house.do(StateReported("id-hall.light", "level_control", {"on": True, "level": 80}, house.now))
    assert [(name, value) for _, name, value in house.did()] == [("porch.light", False)]


@pytest.mark.parametrize(
    ("key", "value"),
    [("wake", "x"), ("wake", None), ("pc", -3), ("pc", 99), ("held", []), ("slots", [1, 2, 3]), ("slots", 3)],
)
def test_records_that_make_no_sense_are_dropped(key: str, value: object) -> None:
    text = rule("a", '"garage.door becomes open for 5m"', '[{ wait = "10m" }, { notify = "o", text = "x" }]')
    rule_set = rules(text)
    its_hash = rule_set.rules[0].hash
    run: dict[str, Any] = {"rule": "a", "hash": its_hash, "about": "", "value": None, "trigger": None, "late": 0}
    run |= {"depth": 0, "pc": 0, "slots": [], "wake": START + 5, "held": None, "queued": False, "failures": []}
    run |= {"acting": False, key: value}
    hold = {"rule": "a", "hash": its_hash, "index": 7, "about": "", "value": None, "until": 3.0}
    executor = RuleExecutor(rule_set, UTC, lambda: START)
    for one in HOUSE:
        executor.receive(Remembered(one, {}), 0)
    executor.receive(Restored({"run:1": run, "hold:7:a": hold}), 0)
    executor.receive(Ready(), 0)
    executor.handle_timeout(1e9)
    assert executor.waiting == []
