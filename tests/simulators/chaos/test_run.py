"""One run: its faults come at their times, what is wrong is told, and the same scenario is the same run."""

import os
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest

from hubagent.home import Home
from simulators.chaos.checks.check import Check
from simulators.chaos.fault import Fault, parse_fault
from simulators.chaos.run import run
from simulators.chaos.scenario import Scenario
from tests.simulators.chaos.a_check import HubIsKilled

KILL = "host.kill@20-30:on=hub"
LOSS = "air.loss@5-25:on=zigbee,rate=0.4"


def a_scenario(*words: str, seed: int = 5, seconds: float = 40.0) -> Scenario:
    return Scenario("flat", seed, seconds, tuple(parse_fault(word, number) for number, word in enumerate(words)))


def test_a_fault_strikes_at_its_time_and_ends_at_its_time() -> None:
    verdict = run(a_scenario(KILL, LOSS), checks=())
    assert verdict.ok, verdict.problems
    assert verdict.lives == 2
    told = [line.split() for line in verdict.log if "air.loss" in line or "host.kill" in line]
    times = {(words[1].partition("@")[0], words[-1]): float(words[0]) for words in told}
    begin = times["air.loss", "strikes"] - 5
    assert times == pytest.approx(
        {
            ("air.loss", "strikes"): begin + 5,
            ("host.kill", "strikes"): begin + 20,
            ("air.loss", "ended"): begin + 25,
            ("host.kill", "ended"): begin + 30,
        }
    )


def test_a_python_that_is_doubtful_is_remarked_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(a_scenario(seconds=1.0), checks=()).remarks == ()
    monkeypatch.setattr("simulators.chaos.run.doubt", lambda: "its JIT is on")
    (remark,) = run(a_scenario(seconds=1.0), checks=()).remarks
    assert remark.startswith("its JIT is on; start it without")


def test_a_check_that_complains_is_a_problem_of_that_name() -> None:
    (problem,) = run(a_scenario(KILL), checks=(HubIsKilled,)).problems
    assert str(problem) == "never_killed: there were 2 lives"
    assert run(a_scenario(LOSS), checks=(HubIsKilled,)).ok


def test_checks_are_asked_once_all_is_well_and_after_their_time() -> None:
    asked: list[tuple[str, float, bool]] = []

    class Asked(Check):
        name = "asked"
        patience_s = 200.0

        def begin(self) -> None:
            self.note("begin")

        def healed(self) -> None:
            self.note("healed")

        def end(self) -> list[str]:
            self.note("end")
            return []

        def note(self, what: str) -> None:
            asked.append((what, self.site.world.loop.time(), self.site.hub.agent is not None))

    assert run(a_scenario("host.kill@39-40:on=hub,back=30"), checks=(Asked,)).ok
    (begin, healed, end) = asked
    assert [begin[0], healed[0], end[0]] == ["begin", "healed", "end"]
    assert healed[1] - begin[1] >= 40
    assert end[1] - healed[1] == pytest.approx(200)
    assert all(up for _, _, up in asked)


class _LongSuffering(Check):
    """Well after six minutes, and might have waited for an hour."""

    name = "long_suffering"
    patience_s = 3600.0
    waited: ClassVar[list[float]] = []

    def healed(self) -> None:
        self._since = self.site.world.loop.time()

    def is_done(self, waited_s: float) -> bool:
        assert waited_s == pytest.approx(self.site.world.loop.time() - self._since)
        return waited_s >= 360

    def end(self) -> list[str]:
        self.waited.append(self.site.world.loop.time() - self._since)
        return []


@pytest.mark.parametrize("patient", [False, True])
def test_a_run_ends_as_soon_as_nobody_waits_any_more_but_for_one_that_is_patient(
    patient: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Quick(Check):
        name = "quick"
        patience_s = 100.0

    monkeypatch.setattr(_LongSuffering, "waited", [])
    seed = next(seed for seed in range(100) if Scenario(seed=seed).is_patient is patient)
    assert run(a_scenario(seed=seed, seconds=5), checks=(Quick, _LongSuffering)).ok
    assert _LongSuffering.waited == pytest.approx([3600 if patient else 360])


def test_a_check_that_is_never_done_is_asked_at_the_end_of_its_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_LongSuffering, "waited", [])
    monkeypatch.setattr(_LongSuffering, "is_done", lambda _self, _waited_s: False)
    monkeypatch.setattr(_LongSuffering, "patience_s", 500.0)
    assert run(a_scenario(seconds=5), checks=(_LongSuffering,)).ok
    assert _LongSuffering.waited == pytest.approx([500])


def test_an_agent_that_ends_by_itself_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    restore = Home.restore

    def broken(self: Home, drivers: frozenset[str]) -> None:
        restore(self, drivers)
        if self.devices:
            raise RuntimeError("it knows somebody already")

    monkeypatch.setattr(Home, "restore", broken)
    problems = [str(it) for it in run(a_scenario(KILL), checks=()).problems]
    assert any("the agent ended by itself: RuntimeError: it knows somebody already" in it for it in problems)
    assert any("the hub is not up 300 s after the last fault" in it for it in problems)


def test_whatever_a_check_raises_is_told_and_ends_the_run() -> None:
    class Broken(Check):
        name = "broken"

        def begin(self) -> None:
            raise ZeroDivisionError("nobody looked")

    (problem,) = run(a_scenario(), checks=(Broken,)).problems
    assert problem.check == "run"
    assert "ZeroDivisionError: nobody looked" in problem.text


def test_a_fault_that_cannot_strike_there_is_noted_and_nothing_else() -> None:
    verdict = run(a_scenario("broker.down@5-10:on=nobody"), checks=())
    assert verdict.ok
    assert any("could not strike" in line for line in verdict.log)


def test_the_same_scenario_is_the_same_run_and_another_one_is_not() -> None:
    first = run(a_scenario(KILL, LOSS))
    assert run(a_scenario(KILL, LOSS)) == first
    assert run(a_scenario(LOSS)).hash != first.hash
    assert run(a_scenario(KILL, LOSS, seed=6)).hash != first.hash


def test_checks_change_nothing() -> None:
    assert run(a_scenario(KILL, LOSS), checks=()).hash == run(a_scenario(KILL, LOSS), checks=(HubIsKilled,)).hash


def test_the_same_scenario_is_the_same_run_in_another_process_with_other_hashes() -> None:
    code = (
        "from tests.simulators.chaos.test_run import KILL, LOSS, a_scenario\n"
        "from simulators.chaos.run import run\n"
        "print(run(a_scenario(KILL, LOSS), checks=()).hash)"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert elsewhere.stdout.strip() == run(a_scenario(KILL, LOSS), checks=()).hash


class WithoutPower(Check):
    name = "without_power"

    def end(self) -> list[str]:
        world = self.site.world
        return [name for name, it in world.devices.items() if it.dongle is not None and not it.dongle.has_power(name)]


def test_whose_plug_was_pulled_has_no_power_when_the_checks_are_asked() -> None:
    seeds = [seed for seed in range(6) if a_scenario(seed=seed).pulls_a_plug]
    assert seeds
    for seed in seeds:
        (dead,) = run(a_scenario(seed=seed, seconds=2.0), checks=(WithoutPower,)).problems
        assert dead.text in {"hall.light", "kitchen.plug", "living.lamp", "living.blind", "bath.light"}


def test_a_date_comes_when_the_fault_says() -> None:
    verdict = run(a_scenario("clock.spring@20:on=hub"), checks=())
    assert verdict.ok
    assert verdict.hash != run(a_scenario(), checks=()).hash


def test_checks_are_told_of_faults_and_closed_however_the_run_ends() -> None:
    told: list[str] = []

    class Told(Check):
        name = "told"

        def struck(self, fault: Fault) -> None:
            told.append(f"{fault.name} struck")

        def ended(self, fault: Fault) -> None:
            told.append(f"{fault.name} ended")

        def healed(self) -> None:
            raise ZeroDivisionError("it cannot go on")

        def close(self) -> None:
            told.append("closed")

    assert not run(a_scenario(LOSS, "host.stall@30:on=hub,seconds=1"), checks=(Told,)).ok
    assert told == ["air.loss struck", "air.loss ended", "host.stall struck", "closed"]
