"""Executor and oracle agree about everything that rules can say, over restarts, lost records and clocks that are set.

HUBAGENT_SEEDS sets how many rule sets there are; HUBAGENT_SEED runs one again.
"""

import os
from collections.abc import Callable
from functools import cache

import pytest

from hubagent.rules.executor.acting import Acting
from hubagent.rules.executor.calls import Calls
from hubagent.rules.executor.clock import Clock
from hubagent.rules.executor.guard import Guard
from hubagent.rules.executor.items import PersonActed, RunWanted, SceneWanted
from hubagent.rules.executor.leases import Leases
from hubagent.rules.executor.scenes import Scenes
from tests.hubagent.rules.a_house import START
from tests.hubagent.rules.oracle.made_up import Happening, MadeUp
from tests.hubagent.rules.oracle.test_made_up import happens
from tests.simulators.chaos.oracle.judged_house import JudgedHouse
from tests.simulators.chaos.oracle.made_up_richly import made_up_richly

ONE = os.environ.get("HUBAGENT_SEED")
SEEDS = [int(ONE)] if ONE else list(range(int(os.environ.get("HUBAGENT_SEEDS", "120"))))
GROUPS = 10
FIRST_S = 0.5
MODES = ("single", "restart", "queued", "parallel")


class RoughHouse(JudgedHouse):
    """In which clocks are set as well, so that times of day and other deadlines can come at the same moment."""

    in_order = False
    skew_s = 0.0

    def happens(self, happening: Happening) -> None:
        match happening.kind, happening.what:
            case "deaf", (device,):
                self.deaf.add(device)
            case "hears", (device,):
                self.deaf.discard(device)
            case "mute", (device,):
                self.mute.add(device)
            case "speaks", (device,):
                self.speaks(device, well=device not in self.deaf)
            case "hand", (device,):
                self.do(PersonActed(self.find(device).id))
            case "clock", (seconds,):
                self._set_clock(0 if seconds == 0 else self.skew_s + seconds)
            case "lost", (off_s,):
                self.reboot(off_s, lost=True)
            case "scene", (scene,):
                self.do(SceneWanted(scene, "somebody"))
            case "run", (rule,):
                self.do(RunWanted(rule, "somebody"))
            case "reload", (rule,):
                self.reload(_changed(self.text, rule))
            case "reboot", (off_s, skew_s):
                # Nobody sees how the clock is lost, or set, while the hub is off.
                self._set_clock(skew_s)
                self.reboot(off_s)
            case "left", (device,):
                self.left(device)
            case "joins", (device,):
                self.joins(self.find(device))
            case _:
                happens(self, happening)

    def _set_clock(self, skew_s: float) -> None:
        self.clock_steps(skew_s - self.skew_s)
        self.skew_s = skew_s


def _changed(text: str, rule: str) -> str:
    """The file with another mode of that rule."""
    before, name, after = text.partition(f'[[rule]]\nname = "{rule}"\n')
    begin, key, rest = after.partition("\nmode = ")
    mode = rest.partition("\n")[0]
    following = MODES[(MODES.index(mode.strip('"')) + 1) % len(MODES)]
    return f'{before}{name}{begin}{key}"{following}"{rest[len(mode) :]}'


def judged(one: MadeUp) -> RoughHouse:
    """Up to the first moment at which executor and oracle do not agree."""
    house = RoughHouse(one.text, start=START + FIRST_S)
    assert house.executor.unbound == []
    for happening in one.stream:
        house.wait(happening.after_s)
        house.happens(happening)
        house.judge()
        if house.problems:
            break
    return house


@cache
def of_seed(seed: int) -> RoughHouse:
    return judged(made_up_richly(seed))


@pytest.mark.parametrize("group", range(GROUPS))
def test_executor_and_oracle_agree(group: int) -> None:
    for seed in SEEDS[group::GROUPS]:
        house = of_seed(seed)
        assert house.problems == [], f"{made_up_richly(seed)}\nafter {house.oracle.noted[-5:]}"


@pytest.mark.skipif(len(SEEDS) < 100, reason="one seed has not all of it")
def test_all_of_it_happens() -> None:
    """Calls, scenes that are taken back, leases that keep rules off, safety, invariants."""
    houses = [of_seed(seed) for seed in SEEDS]
    kinds = {did[1] for house in houses for did in house.oracle.noted}
    assert kinds == {"fired", "send", "notify", "mode", "variable", "call"}
    whys = {str(trace.detail).partition(":")[0] for house in houses for trace in house.traces}
    assert {"taken back", "somebody switched it by hand", "a rule for safety wants the opposite", "never"} <= whys
    assert {trace.kind for house in houses for trace in house.traces} >= {"missed", "again", "blocked", "lease", "loop"}


# The comparison finds what is wrong: each of these is a fault of the executor.


def _nothing_is_left_to_a_hand(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Leases, "holds_off", lambda *_: False)


def _nothing_is_refused(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Guard, "judge", lambda *_args, **_options: None)


def _nothing_is_taken_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Scenes, "_take_back", lambda *_: None)


def _calls_are_not_tried_again(patch: pytest.MonkeyPatch) -> None:
    answered = Calls.answered
    patch.setattr(Calls, "answered", lambda self, token, _ok, detail: answered(self, token, ok=True, detail=detail))


def _no_scene_stops_its_run(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Acting, "_stop_for_scene", lambda *_: None)


def _a_clock_that_was_set_is_not_noticed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Clock, "look", lambda _self: None)


FAULTS = [
    _nothing_is_left_to_a_hand,
    _nothing_is_refused,
    _nothing_is_taken_back,
    _calls_are_not_tried_again,
    _no_scene_stops_its_run,
    _a_clock_that_was_set_is_not_noticed,
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_executor_is_found(
    fault: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(monkeypatch)
    assert any(judged(made_up_richly(seed)).problems for seed in range(60))
