"""What happens at the same moment, or because of one another, keeps apart."""

import pytest

from hubagent.rules.executor.timers import DEAD_MAX, Timers
from tests.hubagent.rules.a_house import House


def test_a_wait_that_ends_at_its_deadline_ends_once() -> None:
    house = House(
        """
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
do = [
  { wait = "garage.door is open", for = "1m", timeout = "1m" },
  { notify = "owner", text = "open" },
  { wait = "hall.motion is occupied" },
  { notify = "owner", text = "occupied" },
]
"""
    )
    house.says("garage.door", open=True)
    house.presses("sofa.remote")
    house.wait(3600)
    assert house.notes == ["open"]
    assert len(house.executor.waiting) == 1


def test_what_one_deadline_ends_another_of_the_same_moment_does_not_do() -> None:
    house = House(
        """
[variables]
n = 0
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
do = [{ wait = "1m" }, { run = "b" }]
[[rule]]
name = "b"
when = "sofa.remote button 1 single"
mode = "restart"
do = [{ wait = "1m" }, { notify = "owner", text = "b" }]
"""
    )
    house.presses("sofa.remote")
    house.wait(119)
    assert house.notes == []
    house.wait(2)
    assert house.notes == ["b"]


def test_a_run_sees_what_set_it_off_whatever_it_sets_off_itself() -> None:
    house = House(
        """
[[rule]]
name = "a"
when = { state = "hall.light.level", changes = true, id = "first" }
mode = "parallel"
do = [
  { mode = "night" },
  { notify = "owner", text = "{trigger.value} {trigger.id}" },
  { wait = "hall.lux > trigger.value" },
  { notify = "owner", text = "{trigger.value} waited" },
]
[[rule]]
name = "b"
when = { mode = "night", id = "second" }
do = [{ notify = "owner", text = "{trigger.value} {trigger.id}" }]
"""
    )
    house.says("hall.lux", illuminance=0)
    for level in (9, 10, 20):
        house.says("hall.light", level=level)
    assert house.notes == ["night second", "10 first", "20 first"]
    house.notes.clear()
    house.says("hall.lux", illuminance=15)
    assert house.notes == ["10 waited"]
    house.says("hall.lux", illuminance=25)
    assert house.notes == ["10 waited", "20 waited"]


def test_a_rule_that_another_runs_was_set_off_by_none_of_its_own_triggers() -> None:
    house = House(
        """
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
do = [{ run = "b" }]
[[rule]]
name = "b"
when = { mode = "night", id = "night" }
if = "trigger.id is unknown"
do = [{ notify = "owner", text = "b" }]
"""
    )
    house.presses("sofa.remote")
    assert house.notes == ["b"]


def test_deadlines_that_are_set_again_and_again_take_no_room() -> None:
    timers = Timers()
    for moment in range(100_000):
        timers.set("a", 1e9 + moment, lambda _now: None)
        timers.set("b", 1e9, lambda _now: None)
    assert len(timers._heap) <= 2 * len(timers) + DEAD_MAX
    assert timers.next() == 1e9


OUTCOMES = """
[[scene]]
name = "evening"
set = [{ device = "hall.light", level = 20 }, { device = "porch.light", on = true }]
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
do = [ACTIONS]
[[rule]]
name = "b"
when = [{ rule = "a", outcome = "done", id = "done" }, { rule = "a", outcome = "failed", id = "failed" }]
mode = "parallel"
do = [{ notify = "owner", text = "{trigger.id}" }]
"""
SCENE = '{ scene = "evening", on_failure = "stop" }'


@pytest.mark.parametrize(
    ("actions", "deaf", "expected"),
    [
        (SCENE, (), "done"),
        (SCENE, ("porch.light",), "failed"),
        (f'{SCENE}, {{ wait = "1s" }}', ("hall.light", "porch.light"), "failed"),
        ('{ set = "porch.light", on = true }, { stop = "enough" }', (), "done"),
        ('{ set = "porch.light", on = true }, { stop = "enough" }', ("porch.light",), "failed"),
        (
            '{ set = "porch.light", level = "hall.light.level" }, { stop = "enough" }',
            (),
            "failed",
        ),
        ('{ wait = "hall.motion is occupied", timeout = "1s", on_timeout = "stop" }', (), "failed"),
    ],
)
def test_how_a_run_ended_is_told_once(actions: str, deaf: tuple[str, ...], expected: str) -> None:
    house = House(OUTCOMES.replace("ACTIONS", actions), deaf=deaf)
    house.presses("sofa.remote")
    house.wait(10)
    assert house.notes == [expected]


@pytest.mark.parametrize("before", range(494, 502))
def test_a_run_that_rests_where_it_is_to_wait_waits(before: int) -> None:
    """A run gives way after some steps, also where the next one is a wait."""
    rounds, more = divmod(before, 7)
    step = '{ variable = "n", to = 1 }'
    loop = f"{{ repeat = {rounds}, do = [{', '.join([step] * 5)}] }}"
    actions = ", ".join([loop, *[step] * more, '{ wait = "10s" }', '{ notify = "owner", text = "end" }'])
    rule = f'[[rule]]\nname = "a"\nwhen = "sofa.remote button 1 single"\ndo = [{actions}]\n'
    house = House(f"[variables]\nn = 0\n{rule}")
    house.presses("sofa.remote")
    house.wait(5)
    assert house.notes == []
    house.reboot()
    house.wait(6)
    assert house.notes == ["end"]
