"""The executor does what the oracle says, at the same moments and in the same order, whatever the rules are.

HUBAGENT_SEEDS sets how many rule sets there are (thousands before a release); HUBAGENT_SEED runs one again.
"""

import os
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from hubagent.model.capabilities.switch import Press
from hubagent.rules.executor.bound import BoundRule
from hubagent.rules.executor.items import VariableSet, WebhookCalled
from hubagent.rules.executor.runs import Runs
from hubagent.rules.executor.triggering import Triggering
from hubagent.rules.executor.waits import Waits
from tests.hubagent.rules.a_house import START, House
from tests.hubagent.rules.oracle.made_up import Happening, MadeUp, made_up
from tests.simulators.chaos.oracle.judged_house import JudgedHouse

ONE = os.environ.get("HUBAGENT_SEED")
SEEDS = [int(ONE)] if ONE else list(range(int(os.environ.get("HUBAGENT_SEEDS", "150"))))
GROUPS = 10
FIRST_S = 0.5
"""Of the day: what happens by the clock, at whole minutes, is then not also something else's moment."""


def happens(house: House, happening: Happening) -> None:
    match happening.kind, happening.what:
        case "report", (device, attribute, value):
            house.says(device, **{attribute: value})
        case "press", (device, press):
            house.presses(device, Press(press))
        case "mode", (mode,):
            house.mode(mode)
        case "variable", (name, value):
            house.do(VariableSet(name, value, "somebody"))
        case "webhook", (name,):
            house.do(WebhookCalled(name))
        case "silent", (device,):
            house.silent(device)
        case "back", (device,):
            house.back(device)
        case "reboot", (off_s,):
            house.reboot(off_s)
        case _:
            raise AssertionError(happening)


def judged(one: MadeUp) -> JudgedHouse:
    """Up to the first moment at which executor and oracle do not agree."""
    house = JudgedHouse(one.text, start=START + FIRST_S)
    assert house.executor.unbound == []
    for happening in one.stream:
        house.wait(happening.after_s)
        happens(house, happening)
        house.judge()
        if house.problems:
            break
    return house


@cache
def of_seed(seed: int) -> JudgedHouse:
    return judged(made_up(seed))


@pytest.mark.parametrize("group", range(GROUPS))
def test_made_up_rules_do_what_they_obviously_should(group: int) -> None:
    for seed in SEEDS[group::GROUPS]:
        house = of_seed(seed)
        assert house.problems == [], f"{made_up(seed)}\nafter {house.oracle.noted[-5:]}"


def test_what_is_made_up_is_about_everything() -> None:
    """Not only sets in which nothing happens."""
    houses = [of_seed(seed) for seed in range(60)]
    assert {did[1] for house in houses for did in house.oracle.noted} == {"fired", "send", "notify", "mode", "variable"}
    assert sum(len(house.said()) > 5 for house in houses) > 30


# The comparison finds what is wrong: each of these is a fault of the executor.


def _late_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has to stay so does for a second longer."""
    hold = Triggering._hold

    def longer(self: Triggering, bound: Any, index: int, about: str, value: Any, held_s: float, key: str) -> None:
        hold(self, bound, index, about, value, held_s + 1.0, key)

    monkeypatch.setattr(Triggering, "_hold", longer)


def _never_deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that flaps around its bound sets a rule off each time."""
    monkeypatch.setattr(Triggering, "_deafen", lambda *_args: None)


def _unknown_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait whose condition is unknown goes on."""
    begin = Waits.begin

    def hasty(self: Waits, bound: Any, run: Any, instruction: Any) -> bool:
        if bound.conditions[run.pc].evaluate() is None and instruction.held_s == 0:
            run.pc += 1
            return True
        return begin(self, bound, run, instruction)

    monkeypatch.setattr(Waits, "begin", hasty)


def _priority_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom one event sets off come in the order of the files alone."""
    monkeypatch.setattr(BoundRule, "order", property(lambda self: (0, self.number)))


def _forgets_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that waits does not outlive a restart."""
    monkeypatch.setattr(Runs, "restore", lambda *_args: None)


@pytest.mark.parametrize("fault", [_late_hold, _never_deaf, _unknown_holds, _priority_is_not_asked, _forgets_runs])
def test_a_fault_of_the_executor_is_found(
    fault: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(monkeypatch)
    assert any(judged(made_up(seed)).problems for seed in range(60))
