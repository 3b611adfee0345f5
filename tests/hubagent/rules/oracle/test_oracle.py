"""The executor does what the obvious implementation does, at the same moments and in the same order.

HUBAGENT_SEEDS sets how many rule sets there are (thousands before a release); HUBAGENT_SEED runs one again.
"""

import math
import os
from typing import Any

import pytest

from hubagent.model.capabilities.switch import Press
from hubagent.rules.executor.effects import Effect, ModeChanged, Notify, Send, Traced, VariableChanged
from hubagent.rules.executor.items import VariableSet, WebhookCalled
from tests.hubagent.rules.a_house import START, House
from tests.hubagent.rules.oracle.made_up import Happening, MadeUp, made_up
from tests.hubagent.rules.oracle.oracle import Ambiguous, Oracle

ONE = os.environ.get("HUBAGENT_SEED")
SEEDS = [int(ONE)] if ONE else list(range(int(os.environ.get("HUBAGENT_SEEDS", "150"))))
GROUPS = 10
FIRST_S = 0.5
"""Of the day: what happens by the clock, at whole minutes, is then not also something else's moment."""


class LoggedHouse(House):
    """`log` is as the oracle's."""

    def __init__(self, text: str) -> None:
        self.log: list[tuple[object, ...]] = []
        self.too_much_at = math.inf
        """When a bound was reached that the oracle does not know: of commands whose answers are waited for."""
        super().__init__(text, start=START + FIRST_S)

    def _one(self, effect: Effect) -> None:
        moment = self.wall - START - FIRST_S
        match effect:
            case Send(device=device, command=command):
                self.log += [(moment, "send", device.removeprefix("id-"), *one) for one in command.wanted().items()]
            case Traced(detail=detail) if "too many commands" in str(detail):
                self.too_much_at = min(self.too_much_at, moment)
            case Notify(text=text):
                self.log.append((moment, "notify", text))
            case ModeChanged(mode=mode):
                self.log.append((moment, "mode", mode))
            case VariableChanged(name=name, value=value):
                self.log.append((moment, "variable", name, value))
        super()._one(effect)

    def happens(self, happening: Happening) -> None:
        match happening.kind, happening.what:
            case "report", (device, attribute, value):
                self.says(device, **{attribute: value})
            case "press", (device, press):
                self.presses(device, Press(press))
            case "mode", (mode,):
                self.mode(mode)
            case "variable", (name, value):
                self.do(VariableSet(name, value, "somebody"))
            case "webhook", (name,):
                self.do(WebhookCalled(name))
            case "silent", (device,):
                self.silent(device)
            case "back", (device,):
                self.back(device)
            case "reboot", (off_s,):
                self.reboot(off_s)
            case _:
                raise AssertionError(happening)


def logs_of(one: MadeUp) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The executor's and the oracle's, up to where the language leaves the order open."""
    house, oracle = LoggedHouse(one.text), Oracle(one.text, FIRST_S)
    assert house.executor.unbound == []
    for happening in one.stream:
        house.wait(happening.after_s)
        try:
            oracle.wait(happening.after_s)
        except Ambiguous:
            return until(oracle.now, house.log), oracle.log
        oracle.happens(happening.kind, happening.what)
        house.happens(happening)
        if house.log != oracle.log:
            break
    return until(house.too_much_at, house.log), until(house.too_much_at, oracle.log)


def until(moment: float, log: list[Any]) -> list[Any]:
    return [entry for entry in log if entry[0] < moment]


@pytest.mark.parametrize("group", range(GROUPS))
def test_made_up_rules_do_what_they_obviously_should(group: int) -> None:
    for seed in SEEDS[group::GROUPS]:
        one = made_up(seed)
        found, expected = logs_of(one)
        same = next((n for n, (a, b) in enumerate(zip(found, expected, strict=False)) if a != b), len(found))
        assert found == expected, (
            f"{one}\nafter {found[:same][-5:]}\nfound {found[same:][:3]}, not {expected[same:][:3]}"
        )


def test_what_is_made_up_is_about_everything() -> None:
    """Not only sets in which nothing happens."""
    logs = [logs_of(made_up(seed))[1] for seed in range(60)]
    assert {entry[1] for log in logs for entry in log} == {"send", "notify", "mode", "variable"}
    assert sum(len(log) > 5 for log in logs) > 30
