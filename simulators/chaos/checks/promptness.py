"""I10: on a home that is well the hub is quick, in virtual time too.

A start with known devices takes less than 10 s, and 99 of 100 commands are at their device in less than 2 s. A start
or command counts where no fault was on from its beginning to its end, nor shortly before; but those of the way to the
cloud, which are nobody's excuse. What a device that sleeps is told waits until it wakes.
"""

from typing import Final

from hubagent.agent import Agent
from hubagent.model.event import Outcome
from simulators.chaos.checks.check import Check
from simulators.chaos.checks.errands import Effect, Errands, Sent
from simulators.chaos.fault import Fault
from simulators.chaos.uplink_faults import uplink_faults
from simulators.site.disk import Disk
from simulators.site.life import in_a_dead_process
from simulators.site.site import Site

START_S: Final = 10.0
COMMAND_S: Final = 2.0
CALM_S: Final = 120.0
"""So long after a fault things are as they were."""
KEPT_MAX: Final = 20_000
NO_EXCUSE: Final = frozenset(kind.name for kind in uplink_faults())
"""What is wrong on the way to the cloud slows nothing in the home."""
STARTS: Final = frozenset({"host.kill", "host.power", "host.restart"})
"""What is over as soon as the next life begins: it is why there is a start at all."""


class Promptness(Check):
    name = "promptness"

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self._loop = site.world.loop
        self._errands = Errands(site)
        self._powered_at: float | None = None
        self.counted = 0
        """Commands that counted."""
        self._slowest: list[tuple[float, str]] = []
        self._on: list[Fault] = []
        self._troubled_at = self._ill_at = float("-inf")

    def begin(self) -> None:
        self._errands.effects.append(self._had_effect)
        self._errands.listen()
        self.site.hub.on_power.append(self._power)
        self.site.hub.on_end.append(self._ends)
        self.site.hub.on_agent.append(self._ready)

    def end(self) -> list[str]:
        return self.told(self._slow())

    # --- starts

    def _power(self, _disk: Disk) -> None:
        self._powered_at = self._loop.time()

    def _ends(self, power: bool) -> None:  # noqa: ARG002 - however it ends
        self._powered_at = None

    def _ready(self, _agent: Agent) -> None:
        began, self._powered_at = self._powered_at, None
        if began is not None and self._loop.time() - began >= START_S and self._could_start(began):
            self.saw(
                f"life {self.site.hub.lives} took {self._loop.time() - began:.1f} s to start, from {began:.3f} s on"
            )

    # --- commands

    def _had_effect(self, effect: Effect) -> None:
        if in_a_dead_process():
            return
        commands = list(self._errands.of[effect.device])
        for place, sent in enumerate(commands, start=1):
            meant = any(sent.means(part, name, after) for (part, name), (_, after) in effect.changes.items())
            if meant and not sent.effects and sent.answered_at is None and not _overtaken(sent, commands[place:]):
                sent.effects.append(effect.at)
                self._count(sent, effect)
                return

    def _count(self, sent: Sent, effect: Effect) -> None:
        placed = self.site.world.devices[sent.device]
        assert placed.dongle is not None
        if placed.dongle.sleeps(sent.device) or sent.outcome is Outcome.WAITING or not self._was_calm(sent.at):
            return
        took_s = effect.at - sent.at
        self.counted += 1
        if took_s >= COMMAND_S and len(self._slowest) < KEPT_MAX:
            self._slowest.append((took_s, f"{sent} was there after {took_s:.3f} s"))

    def _slow(self) -> list[str]:
        count = self.counted
        allowed = max(1, count // 100)
        if count == 0 or len(self._slowest) <= allowed:
            return []
        slowest = sorted(self._slowest, reverse=True)
        return [f"{len(slowest)} of {count} commands took {COMMAND_S:g} s or more: {slowest[0][1]}"]

    # --- whether the home was well

    def struck(self, fault: Fault) -> None:
        if fault.name in NO_EXCUSE:
            return
        if fault.end_s > fault.start_s:
            self._on.append(fault)
        self._trouble(fault)

    def ended(self, fault: Fault) -> None:
        if fault in self._on:
            self._on.remove(fault)
            self._trouble(fault)

    def _trouble(self, fault: Fault) -> None:
        self._troubled_at = self._loop.time()
        if fault.name not in STARTS:
            self._ill_at = self._troubled_at

    def _was_calm(self, since: float) -> bool:
        return not self._on and self._troubled_at + CALM_S <= since

    def _could_start(self, since: float) -> bool:
        return all(it.name in STARTS for it in self._on) and self._ill_at + CALM_S <= since


def _overtaken(sent: Sent, later: list[Sent]) -> bool:
    """The opposite was asked for since: what comes now, comes of another command."""
    return any(
        it.part == sent.part and it.wanted.get(name, value) != value
        for it in later
        for name, value in sent.wanted.items()
    )
