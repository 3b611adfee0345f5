"""One run: a site in virtual time, its faults at their times, then time to heal, and what was not as it must be."""

import asyncio
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, TextIO

from hubagent.interpreter import REMEDY, doubt
from hubagent.runtime import PortError
from hubagent.store.errors import StoreFailed, StoreUnusable
from simulators.chaos.calendar import DATES, change_in
from simulators.chaos.checks.check import Check, patience_s
from simulators.chaos.checks.table import CHECKS
from simulators.chaos.doings import Doing, do, draw_doings, wish_for
from simulators.chaos.fault import Fault
from simulators.chaos.log import KeptLog, kept_log
from simulators.chaos.scenario import Scenario
from simulators.chaos.table import strike
from simulators.chaos.verdict import Problem, Verdict
from simulators.devices.device import CannotDo
from simulators.fault_kind import Heal
from simulators.home_rules import never_running
from simulators.runtime import START
from simulators.scratch import scratch_disk
from simulators.site.site import Setting, Site, running_site
from simulators.virtual_time import Deadlock, LeftBehind, TooManySteps, run_virtual
from simulators.world import CannotBe

HEALED_S: Final = 60.0
"""So long at least it is left alone before the checks are asked."""
AGAIN_S: Final = 300.0
"""Then they are asked so often whether all is well."""
READY_S: Final = 300.0
"""After everything is well again the hub is up within this time."""
SETTLED_S: Final = 10.0
"""About how long a home takes to settle, for those faults that are a date."""
STEPS_MAX: Final = 20_000_000
"""Some minutes of a computer's time: somebody is busy going nowhere."""
TRIES_SHARE: Final = 0.5
TRIES_AFTER_S: Final = 30.0
RUN: Final = "run"
"""The name by which the run itself complains."""
_ALLOWED: Final = (PortError, StoreFailed, StoreUnusable)
"""What may end an agent: somebody has to see to the host, and the service manager tries again."""
Checks = Sequence[type[Check]]


@dataclass(slots=True)
class _Outcome:
    """What is known of the run so far, however it ends."""

    problems: list[Problem] = field(default_factory=list)
    hash: str = ""
    steps: int = 0
    virtual_s: float = 0.0
    lives: int = 0
    remarks: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def verdict(self, scenario: Scenario) -> Verdict:
        # Said by the process that ran it, wherever that was.
        of_python = [] if (text := doubt()) is None else [f"{text}; {REMEDY}"]
        return Verdict(
            scenario,
            tuple(self.problems),
            self.hash,
            self.steps,
            self.virtual_s,
            self.lives,
            (*of_python, *self.remarks),
            tuple(self.log),
        )

    def complain(self, text: str, check: str = RUN) -> None:
        self.problems.append(Problem(check, text))


def run(scenario: Scenario, *, checks: Checks = CHECKS, trace: TextIO | None = None) -> Verdict:
    """Raises NoSuchHome or Mistakes of the home; whatever goes wrong in the run itself is a problem of it.

    `trace` gets every crossing of a seam.
    """
    setting = partial(_setting, scenario, trace)
    outcome = _Outcome()
    try:
        run_virtual(lambda: _live(scenario, setting, checks, outcome), seed=scenario.seed, max_steps=STEPS_MAX)
    except LeftBehind as left:
        for line in str(left).splitlines():
            outcome.complain(f"left behind: {line}")
    except (Deadlock, TooManySteps) as stuck:
        outcome.complain(f"{type(stuck).__name__}: {stuck}")
    except Exception as error:  # noqa: BLE001 - a bug of whoever is tried out is what is looked for
        outcome.complain("".join(traceback.format_exception(error)).strip())
    return outcome.verdict(scenario)


def _setting(scenario: Scenario, trace: TextIO | None) -> Callable[..., Setting]:
    return partial(
        Setting,
        scenario.plan(),
        seed=scenario.seed,
        rules=scenario.rule_files(),
        start=_start(scenario),
        broker=scenario.broker,
        still=not scenario.people,
        trace=trace,
    )


def _start(scenario: Scenario) -> float:
    """When the run begins, in Unix seconds: so that a date among its faults comes at its time."""
    for fault in scenario.faults:
        family, _, date = fault.name.partition(".")
        if family == "clock" and date in DATES and (at := change_in(scenario.plan(), date)) is not None:
            return at - fault.start_s - SETTLED_S
    return START


async def _live(
    scenario: Scenario, setting: Callable[[], Callable[..., Setting]], kinds: Checks, outcome: _Outcome
) -> None:
    loop = asyncio.get_running_loop()
    with scratch_disk("hubagent-chaos-") as folder, kept_log(loop.time) as log:
        try:
            async with running_site(setting()(folder)) as site:
                try:
                    await _Run(scenario, site, log, outcome).live(kinds)
                finally:
                    outcome.hash, outcome.lives = site.trace.hash, site.hub.lives
        finally:
            outcome.virtual_s = loop.time()
            outcome.steps = getattr(loop, "steps", 0)
            outcome.log = list(log.lines)


class _Run:
    def __init__(self, scenario: Scenario, site: Site, log: KeptLog, outcome: _Outcome) -> None:
        self._scenario = scenario
        self._site = site
        self._log = log
        self._outcome = outcome
        self._heals: list[Heal] = []
        self._checks: list[Check] = []

    async def live(self, kinds: Checks) -> None:
        site = self._site
        await site.settle()
        self._look_at_rules()
        self._checks = checks = [kind(site) for kind in kinds]
        try:
            await self._watched(checks)
        finally:
            for check in checks:
                check.close()
        self._look_at_ends()

    def _look_at_rules(self) -> None:
        agent = self._site.hub.agent
        unbound = () if agent is None else agent.automation.executor.unbound
        if unbound:
            # The whole home's file is read once more, for which most runs have no need.
            devices = [device.name for device in replace(self._scenario, without=()).plan().device]
            self._outcome.remarks += never_running(unbound, devices)

    async def _watched(self, checks: Sequence[Check]) -> None:
        site, scenario = self._site, self._scenario
        loop = asyncio.get_running_loop()
        for check in checks:
            check.begin()
        began = loop.time()
        for fault in scenario.faults:
            loop.call_at(began + fault.start_s, self._strike, fault)
        for doing in draw_doings(scenario, site.setting.plan):
            loop.call_at(began + doing.at_s, self._do, doing)
        await asyncio.sleep(scenario.seconds)
        if await self._heal():
            self._pull_a_plug()
            for check in checks:
                check.healed()
            await self._be_patient(checks)
            for check in checks:
                for text in check.end():
                    self._outcome.complain(text, check.name)

    def _strike(self, fault: Fault) -> None:
        loop = asyncio.get_running_loop()
        try:
            heal = strike(self._site, fault.name, fault.target, fault.options)
        except (CannotBe, CannotDo) as error:
            self._log.note(f"{fault} could not strike: {error}")
            return
        self._log.note(f"{fault} strikes")
        self._heals.append(heal)
        for check in self._checks:
            check.struck(fault)
        if fault.end_s > fault.start_s:
            loop.call_later(fault.end_s - fault.start_s, self._end, fault, heal)

    def _end(self, fault: Fault, heal: Heal) -> None:
        heal()
        for check in self._checks:
            check.ended(fault)
        self._log.note(f"{fault} has ended")

    def _do(self, doing: Doing) -> None:
        try:
            do(self._site, doing)
        except (CannotBe, CannotDo) as error:
            self._log.note(f"{doing} could not be done: {error}")

    async def _heal(self) -> bool:
        """Every fault has ended by its plan; what one leaves to others is seen to. False: the hub stays away."""
        site = self._site
        for heal in self._heals:
            heal()
        site.world.faults.heal()
        # Nobody moves any more: hours of waiting for what devices say by themselves cost next to nothing.
        site.world.rest()
        if site.cloud is not None:
            site.cloud.start()
        if not site.hub.running:
            # One that was told to end shortly before may be ending still; it is started when it has.
            await asyncio.sleep(HEALED_S)
        site.hub.power_on()
        self._log.note("all faults have ended")
        try:
            async with asyncio.timeout(READY_S):
                await site.hub.ready()
        except TimeoutError:
            self._outcome.complain(f"the hub is not up {READY_S:g} s after the last fault")
            return False
        return True

    async def _be_patient(self, checks: Sequence[Check]) -> None:
        """Until all is well and has been looked at; in a patient run as long as any check may have to wait."""
        longest_s = max(HEALED_S, patience_s(checks))
        waited_s = longest_s if self._scenario.is_patient else HEALED_S
        await asyncio.sleep(waited_s)
        while waited_s < longest_s and not all(check.is_done(waited_s) for check in checks):
            more_s = min(AGAIN_S, longest_s - waited_s)
            await asyncio.sleep(more_s)
            waited_s += more_s

    def _pull_a_plug(self) -> None:
        """That a device has no power any more is to be found out, too; whether somebody tries to use it or not."""
        world = self._site.world
        on_mains = [name for name, it in world.devices.items() if it.dongle is not None and it.device.battery is None]
        if not self._scenario.pulls_a_plug or not on_mains:
            return
        # Each has a number of its own: which it is does not change when others are left out.
        name = min(on_mains, key=lambda name: self._scenario.rng(f"pull:{name}").random())
        try:
            world.strike("device.dead", name)
        except (CannotBe, CannotDo) as error:
            self._log.note(f"{name} could not lose its power: {error}")
            return
        self._log.note(f"{name} has no power from now on")
        rng = self._scenario.rng("tries")
        wish = wish_for(world.devices[name].plan, rng)
        if wish is not None and rng.random() < TRIES_SHARE:
            asyncio.get_running_loop().call_later(TRIES_AFTER_S, self._do, wish)

    def _look_at_ends(self) -> None:
        hub = self._site.hub
        for error in (*hub.crashes, *hub.bad_ends):
            if not isinstance(error, _ALLOWED):
                self._outcome.complain(f"the agent ended by itself: {type(error).__name__}: {error}")
