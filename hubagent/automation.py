"""The rules on the agent's loop: what happens goes into the executor, and what it wants done is done.

Sending comes first and is synchronous; everything else that the executor wants, disk and network and people, comes
after. Rule files are read again when they change; files with mistakes change nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol, get_args

from hubagent.config import Config, Place
from hubagent.home import Home, Previous
from hubagent.http_call import BadUrl, CallFailed, Request, call
from hubagent.idle_rules import idle_nevers, idle_rules, rules_text
from hubagent.machine import RunningMachine, run_machine
from hubagent.model.capability import Command, Value
from hubagent.model.device import DeviceId
from hubagent.model.event import (
    Cause,
    CommandAnswered,
    CommandSent,
    Event,
    ModeChanged,
    Notified,
    VariableChanged,
)
from hubagent.rule_files import RuleFiles
from hubagent.rules.executor import effects
from hubagent.rules.executor.bound import lasts_s
from hubagent.rules.executor.executor import RuleExecutor
from hubagent.rules.executor.items import (
    Answered,
    Happened,
    HttpAnswered,
    Item,
    Loaded,
    PersonActed,
    Ready,
    Remembered,
    Restored,
)
from hubagent.rules.executor.sending import EXPLAINED_S
from hubagent.rules.rule_set import RuleSet
from hubagent.rules.traces import Traces
from hubagent.rules.where import Where, machine_zone, zone_named
from hubagent.runtime import Runtime
from hubagent.store.errors import StoreFailed
from hubagent.store.store import Store
from hubagent.toml_lines import Mistakes

_log = logging.getLogger(__name__)

LOOK_S: Final = 2.0
"""How often the rule files are looked at."""
DULL_KEPT_S: Final = 60.0
_HEARD: Final = frozenset(get_args(Happened))

Answer = Callable[[CommandAnswered], None]


class Send(Protocol):
    def __call__(self, device: DeviceId, command: Command, cause: Cause, answered: Answer) -> None: ...


class Automation:
    def __init__(
        self,
        runtime: Runtime,
        config: Config,
        home: Home,
        store: Store,
        send: Send,
        tell: Callable[[Event], None],
        rule_set: RuleSet,
        files: RuleFiles,
    ) -> None:
        self._runtime = runtime
        self._config = config
        self._home = home
        self._send = send
        self._tell = tell
        self._records = store.shelf("rules")
        self._tasks: asyncio.TaskGroup | None = None
        self._files = files
        files.keep()
        self.executor = RuleExecutor(rule_set, where_of(config.place), runtime.wall)
        self.traces = Traces(store.shelf("traces", durable=False), lambda: self.executor.dull)
        self._performers: Final[dict[type[Any], Callable[[Any], None]]] = {
            effects.Keep: lambda effect: self._records.put(effect.key, effect.record),
            effects.Forget: lambda effect: self._records.remove(effect.key),
            effects.Sync: lambda _effect: self._sync(),
            effects.Traced: lambda effect: self.traces.add(*effect),
            effects.Notify: lambda effect: tell(Notified(effect.to, effect.text, f"rule:{effect.rule}")),
            effects.CallHttp: self._call,
            effects.ModeChanged: lambda effect: tell(ModeChanged(effect.mode, effect.who)),
            effects.VariableChanged: lambda effect: tell(VariableChanged(effect.name, effect.value, effect.who)),
        }
        self._machine: RunningMachine[Item, effects.Effect] = run_machine(self.executor, self._perform)
        self._begin()

    def _begin(self) -> None:
        """What was before the start."""
        for device in self._home.devices.values():
            state = self._home.state(device.id)
            values = {
                name: (reading.value, reading.as_of)
                for readings in state.values()
                for name, reading in readings.items()
            }
            self.feed(Remembered(device, values))
        self.feed(Restored(self._records.load()))

    def feed(self, item: Item) -> None:
        self._machine.feed(item)

    def hear(self, event: Event, _previous: Previous) -> None:
        """Listen to a home."""
        if type(event) in _HEARD:
            happened: Any = event
            self._machine.feed(happened)

    def hear_commands(self, event: Event, _previous: Previous) -> None:
        """Listen to a home, behind everybody who is in a hurry: what was sent, and what became of it."""
        if isinstance(event, CommandSent):
            detail: dict[str, Any] = {"wanted": dict(event.command.wanted()), "command": type(event.command).__name__}
            detail["latency_ms"] = None if event.latency_s is None else round(event.latency_s * 1000, 3)
            self._trace_command("sent", event, detail)
        elif isinstance(event, CommandAnswered):
            self._trace_command("answered", event, {"outcome": event.outcome.value, "detail": event.detail})

    def _trace_command(self, kind: str, event: CommandSent | CommandAnswered, detail: dict[str, Any]) -> None:
        who = event.cause.who
        detail["who"] = who
        rule = who.removeprefix("rule:") if who.startswith("rule:") else ""
        self.traces.add(kind, self._runtime.wall(), rule, event.cause.run or 0, event.device, detail, 0)

    # What people may ask.

    def judge(self, device: DeviceId, values: Mapping[str, Value]) -> str | None:
        """The invariant that a person's command would break; None where it breaks none."""
        return self.executor.guard.judge(device, values, by_rule=False)

    def person_acted(self, device: DeviceId, commands: Sequence[Command]) -> None:
        """What is on its way to a device counts for invariants, whoever sent it."""
        self.feed(PersonActed(device))
        if self.executor.guard.judges:
            for command in commands:
                self.executor.guard.sent(device, command.brings_about(), EXPLAINED_S + lasts_s(command))

    def ready(self) -> None:
        """The radios work."""
        self.feed(Ready())

    # What the executor wants.

    def _perform(self, effect: effects.Effect) -> None:
        if type(effect) is not effects.Send:
            self._performers[type(effect)](effect)
        elif effect.token:
            self._send(effect.device, effect.command, effect.cause, self._answered(effect.token))
        else:
            self._send(effect.device, effect.command, effect.cause, self._home.apply)

    def _answered(self, token: int) -> Answer:
        def answered(answer: CommandAnswered) -> None:
            self._home.apply(answer)
            self.feed(Answered(token, answer))

        return answered

    def _sync(self) -> None:
        try:
            self._records.flush()
        except StoreFailed as failed:
            # What is due is done all the same: a lamp that goes off twice is better than one that stays on.
            _log.error("%s; after a power cut a step of a rule may be done twice", failed)

    def _call(self, effect: effects.CallHttp) -> None:
        if self._tasks is None:
            self.feed(HttpAnswered(effect.token, ok=False, detail="the hub is starting"))
            return
        self._tasks.create_task(self._calling(effect), name=f"call {effect.url}")

    async def _calling(self, effect: effects.CallHttp) -> None:
        request = Request(effect.method, effect.url, effect.body)
        try:
            await call(self._runtime.connect, request, self._config.http_hosts, effect.timeout_s)
        except (BadUrl, CallFailed) as problem:
            self.feed(HttpAnswered(effect.token, ok=False, detail=str(problem)))
        else:
            self.feed(HttpAnswered(effect.token, ok=True, detail=""))

    # Files that change.

    async def run(self) -> None:
        """Carry out what takes time, and look at the files, until cancelled."""
        loop = asyncio.get_running_loop()
        self._dull_kept_at = loop.time()
        self._looks = loop.call_later(LOOK_S, self._look)
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                await loop.create_future()
        finally:
            self._tasks = None
            self._looks.cancel()
            self._machine.close()
            self.traces.keep_dull()

    def _look(self) -> None:
        """By a timer: a task that sleeps costs more than a look that finds nothing."""
        loop = asyncio.get_running_loop()
        self._looks = loop.call_later(LOOK_S, self._look)
        if self._files.have_changed():
            self.reload()
        if loop.time() >= self._dull_kept_at + DULL_KEPT_S:
            self._dull_kept_at = loop.time()
            self.traces.keep_dull()

    def reload(self) -> list[str]:
        """Read the files again; what is wrong with them.

        Mistakes of reading change nothing. Who reads well and cannot be tied to the home is left out alone.
        """
        try:
            rule_set = self._files.read()
        except Mistakes as wrong:
            self._files.complain(wrong, "the rules are not read again before that is mended; those of before go on")
            return self.problems
        self._files.keep()
        self.feed(Loaded(rule_set))
        idle = [*idle_rules(self.executor), *idle_nevers(self.executor)]
        for one in idle:
            _log.error("%s", one.text)
        _log.warning("the rule files were read again: %s from now on", self.rules_text())
        return [one.text for one in idle if not one.waits]

    @property
    def problems(self) -> list[str]:
        """What is wrong with the files as they are now; the rules are those of before."""
        return self._files.problems

    def rules_text(self) -> str:
        """How many rules there are, and how many of them do nothing as the home is."""
        return rules_text(
            len(self.executor.rule_set.rules), [one.problem.device is not None for one in self.executor.unbound]
        )


def where_of(place: Place) -> Where:
    """Where hub.toml says that the home is; its time zone is else the machine's."""
    zone = machine_zone(_machine_zone_text()) if place.timezone is None else zone_named(place.timezone)
    return Where(zone, place.latitude, place.longitude)


def _machine_zone_text() -> str | None:
    link = Path("/etc/localtime")
    return str(link.resolve()) if link.is_symlink() else None
