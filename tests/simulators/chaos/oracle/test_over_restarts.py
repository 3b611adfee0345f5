"""Executor and oracle agree about rules of every kind while hosts fail: power, disks, processes, clocks.

Short runs of the flat with `rich.rules.toml`; people press, wish and command, and so does a webhook, a scene, a mode.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hubagent.http_call import CallFailed
from hubagent.rules.executor.items import Item, Loaded, ModeSet, RunWanted, SceneWanted, VariableSet, WebhookCalled
from hubagent.rules.executor.leases import Leases
from hubagent.rules.executor.runs import Runs
from hubagent.rules.executor.triggering import Triggering
from hubagent.rules.reading.rule_set import read_rule_set
from simulators.chaos import run as chaos
from simulators.chaos.checks.check import Check
from simulators.chaos.checks.rules import Rules
from simulators.chaos.fault import Fault
from simulators.chaos.plan import Targets, drawn, targets_of
from simulators.chaos.scenario import Scenario
from simulators.chaos.table import FAULTS
from simulators.home import home_file
from simulators.site.site import Setting

RULES = Path(__file__).parent / "rich.rules.toml"
SEEDS = range(8)
SECONDS = 600.0
HOST_FAULTS = 4
OTHER_FAULTS = 2
NUDGES_EVERY_S = 20.0
HOST = frozenset(("host", "disk", "clock"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The flat, with other rules beside it."""
    folder = tmp_path_factory.mktemp("rich")
    file = folder / "rich.toml"
    file.write_text(home_file("flat").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "rich.rules.toml").write_text(RULES.read_text(encoding="utf-8"), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def targets(home: Path) -> Targets:
    return targets_of(Scenario(str(home)).plan(), broker=True)


@pytest.fixture(autouse=True)
def net(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network on which every third call fails."""
    calls = 0

    async def call(*_args: object) -> int:
        nonlocal calls
        calls += 1
        fails = calls % 3 == 0
        await asyncio.sleep(0.4)
        if fails:
            raise CallFailed("500")
        return 200

    monkeypatch.setattr("hubagent.automation.call", call)
    allowed = {"HUBAGENT_RULES__ALLOW_HOSTS": "['example.org']"}
    monkeypatch.setattr(chaos, "Setting", partial(Setting, settings=allowed))


class Nudges(Check):
    """What else happens to rules: no check, but something beside the checks."""

    name = "nudges"

    def begin(self) -> None:
        rng = self.site.rng("nudges")
        at_s = rng.expovariate(1 / NUDGES_EVERY_S)
        while at_s < SECONDS:
            self.site.world.loop.call_later(at_s, self.site.hub.inside, _feeds(rng.choice(_NUDGES)))
            at_s += rng.expovariate(1 / NUDGES_EVERY_S)


def _feeds(item: Callable[[], Item]) -> Callable[[Any], None]:
    return lambda agent: agent.automation.feed(item())


def _other_rules() -> Item:
    """The same, with another lease in the hall."""
    rule_set = read_rule_set([RULES])
    rules = [
        replace(rule, lease_s=30.0, hash=f"{rule.hash}-") if "hand" in rule.name else rule for rule in rule_set.rules
    ]
    return Loaded(replace(rule_set, rules=tuple(rules)))


_NUDGES: tuple[Callable[[], Item], ...] = (
    *[lambda: WebhookCalled("a"), lambda: WebhookCalled("b"), lambda: WebhookCalled("c")] * 3,
    *[lambda: ModeSet("away", "somebody"), lambda: ModeSet("night", "somebody")] * 2,
    lambda: SceneWanted("evening", "somebody"),
    lambda: SceneWanted("nobody", "somebody"),
    lambda: RunWanted("the button", "somebody"),
    lambda: VariableSet("n", 39, "somebody"),
    lambda: Loaded(read_rule_set([RULES])),
    _other_rules,
)


def _faults(seed: int, targets: Targets) -> tuple[Fault, ...]:
    scenario = Scenario(seed=seed, seconds=SECONDS)
    rng = scenario.rng("rich")
    host = [name for name in FAULTS if name in targets and FAULTS[name].family in HOST]
    other = [name for name in FAULTS if name in targets and FAULTS[name].family not in HOST]
    names = [*rng.sample(host, HOST_FAULTS), *rng.sample(other, OTHER_FAULTS)]
    faults = [drawn(name, n, targets[name], SECONDS, rng) for n, name in enumerate(names)]
    return tuple(sorted(faults, key=lambda fault: fault.start_s))


def _problems(home: Path, seed: int, targets: Targets) -> list[str]:
    scenario = Scenario(str(home), seed, SECONDS, _faults(seed, targets))
    verdict = chaos.run(scenario, checks=(Rules, Nudges))
    return [str(problem) for problem in verdict.problems]


@pytest.mark.parametrize("seed", SEEDS)
def test_they_agree(home: Path, seed: int, targets: Targets) -> None:
    assert _problems(home, seed, targets) == []


# The comparison finds what is wrong over a restart: each of these is a fault of the executor.


def _runs_are_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Runs, "restore", lambda *_: None)


def _leases_are_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Leases, "restore", lambda *_: None)


def _times_are_forgotten(patch: pytest.MonkeyPatch) -> None:
    restore = Triggering.restore

    def forgetful(self: Triggering, key: str, record: Any) -> None:
        if not key.startswith("time:"):
            restore(self, key, record)

    patch.setattr(Triggering, "restore", forgetful)


@pytest.mark.parametrize(
    ("fault", "seed"), [(_runs_are_forgotten, 4), (_leases_are_forgotten, 1), (_times_are_forgotten, 1)]
)
def test_a_fault_of_the_executor_is_found(
    home: Path,
    targets: Targets,
    fault: Callable[[pytest.MonkeyPatch], None],
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each seed is one in which it matters."""
    fault(monkeypatch)
    assert any(problem.startswith("rules: ") for problem in _problems(home, seed, targets))
