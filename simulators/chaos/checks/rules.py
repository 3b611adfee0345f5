"""I3 and I12: rules fired exactly when the oracle says, from what the agent observed; those of the clock by RULES.md.

What rules are told, and what they want done of it, is compared step by step, both ways. Over a restart the oracle keeps
its own account of what RULES.md says survives. What changed in the 100 ms before a restart, or while the disk refused,
may have been written down or not (store.py): of that, and of nothing else, the new life's records are taken for true.
"""

from collections.abc import Hashable
from typing import Final, get_args

from hubagent.agent import Agent
from hubagent.home import Previous
from hubagent.model.capability import Value
from hubagent.model.device import DeviceId
from hubagent.model.event import Event
from hubagent.rules.executor.items import Happened, Item
from hubagent.store.store import RECORD_DELAY_S
from simulators.chaos.checks.check import Check
from simulators.chaos.checks.refusals import NEVER, SLACK_S, Refusals
from simulators.chaos.checks.rule_ear import RuleEar
from simulators.chaos.oracle.oracle import Oracle
from simulators.chaos.oracle.records import take_up
from simulators.site.life import in_a_dead_process
from simulators.site.site import Site

_HEARD: Final = frozenset(get_args(Happened))


class Rules(Check):
    name = "rules"

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self._loop = site.world.loop
        self._oracle: Oracle | None = None
        self._ear: RuleEar | None = None
        self._untold: list[Event] = []
        """What the home told everybody, and the rules have not been told yet."""
        self._refusals = Refusals(site)
        self._promised = NEVER
        """What changed at that time or later may be lost."""
        self._rotten = 0

    def begin(self) -> None:
        hub = self.site.hub
        hub.on_made.append(self._made)
        hub.on_end.append(self._ends)
        self._refusals.listen()
        if hub.agent is not None:
            self._joins(hub.agent)

    def end(self) -> list[str]:
        if self._ear is not None and self.site.hub.agent is not None:
            self._ear.end(self._loop.time())
        return super().end()

    # --- a life

    def _joins(self, agent: Agent) -> None:
        """In the middle of one, before anything went wrong: what it knows of rules is taken for right."""
        executor, now, wall = agent.automation.executor, self._loop.time(), agent.runtime.wall()
        oracle = self._oracle = Oracle(executor.picture.where, executor.rule_set, self._late)
        oracle.start(now, wall)
        self._remember(oracle, agent)
        oracle.seen.began = executor.picture._began
        for (device, name), said in oracle.seen.said.items():
            cell = executor.picture._cells.get(device, {}).get(name)
            if cell is not None and cell.changed_at is not None:
                said.changed_at = cell.changed_at
        take_up(oracle, agent.automation._records.load(), lambda _key: True)
        oracle.bind(executor.rule_set)
        settled_at = None
        if not executor.picture._settled:
            heap = executor._agenda.timers._heap
            settled_at = max(when for when, _, key in heap if key == "settled")
        oracle.join(settled_at)
        self._listen(agent, oracle)

    def _made(self, agent: Agent) -> None:
        oracle = self._oracle
        if oracle is None:
            return
        executor = agent.automation.executor
        oracle.start(self._loop.time(), agent.runtime.wall())
        self._remember(oracle, agent)
        rotten, self._rotten = len(self.site.hub.rotten) > self._rotten, len(self.site.hub.rotten)
        doubted_from = self._promised - RECORD_DELAY_S - SLACK_S
        touched = oracle.desk.touched

        def doubtful(key: tuple[Hashable, ...]) -> bool:
            return rotten or touched.get(key, NEVER) >= doubted_from

        take_up(oracle, agent.automation._records.load(), doubtful)
        touched.clear()
        oracle.bind(executor.rule_set)
        self._listen(agent, oracle)

    def _remember(self, oracle: Oracle, agent: Agent) -> None:
        for device in agent.home.devices.values():
            oracle.remember(device, self._values(agent, device.id))

    @staticmethod
    def _values(agent: Agent, device: DeviceId) -> dict[str, tuple[Value, float, bool]]:
        return {
            name: (reading.value, reading.as_of, reading.fresh)
            for readings in agent.home.state(device).values()
            for name, reading in readings.items()
        }

    def _listen(self, agent: Agent, oracle: Oracle) -> None:
        machine = agent.automation.executor
        self._untold = []
        receive = machine.receive

        def told(item: Item, now: float) -> None:
            """The rules hear everything that the home tells, once and in order."""
            if type(item) in _HEARD and not in_a_dead_process():
                if not self._untold or self._untold[0] is not item:
                    self.saw(f"the rules were told at {now:.3f} s what the home does not tell: {item}")
                else:
                    del self._untold[0]
            receive(item, now)

        machine.receive = told  # type: ignore[method-assign]  # an ear at its slot
        # The oracle's ear is outside of this one.
        self._ear = RuleEar(
            machine, oracle, agent.runtime.wall, self.saw, is_gone=in_a_dead_process, excused=self._stood_still
        )

        def hear(event: Event, _previous: Previous) -> None:
            if type(event) in _HEARD and not in_a_dead_process():
                self._look_at_untold()
                self._untold.append(event)

        # Before the rules hear it.
        agent.home._listeners.insert(0, hear)

    def _look_at_untold(self) -> None:
        if self._untold:
            self.saw(f"the rules were not told of {self._untold[0]}, by {self._loop.time():.3f} s")
            self._untold = []

    def _late(self, rule: str, late_s: float) -> None:
        if self._ear is not None:
            self._ear.late(rule, late_s)

    # --- how it ends

    def _ends(self, _power: bool) -> None:
        promised = self._refusals.promised_before()
        # One that ended before it had made an agent changed nothing of what the one before it left behind.
        self._promised = promised if self._ear is not None else min(promised, self._promised)
        self._ear = None

    def _stood_still(self, since: float) -> bool:
        process = self.site.hub._process
        return process is not None and process.life.stood_still(since)
