"""The agent: drivers, home, rules, store and API, put together and kept going. Drivers arrive as arguments.

The order of the end is the reverse of the beginning: first nobody can ask any more, then the radios close, and last
everything is on disk.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from importlib import metadata
from typing import Any

from hubagent.automation import Automation
from hubagent.config import Config
from hubagent.event_log import EventLog
from hubagent.home import Home, HomeRecords
from hubagent.idle_rules import idle_nevers, idle_rules
from hubagent.model.capability import Command
from hubagent.model.device import DeviceId, Presence
from hubagent.model.driver import Driver, DriverKind, DriverUnavailable, PairingStep, Record
from hubagent.model.event import (
    Cause,
    CommandAnswered,
    DeviceChanged,
    DeviceJoined,
    DriverCondition,
    DriverStatus,
    Event,
    Outcome,
)
from hubagent.pairing import Pairing
from hubagent.rule_files import RuleFiles
from hubagent.rules.rule_set import RuleSet
from hubagent.runtime import PortError, Runtime
from hubagent.store.store import Store, open_store
from hubagent.supervisor import keep_running
from hubagent.uplink.place import FOLDER as UPLINK_FOLDER
from hubagent.uplink.place import Link, UplinkPlace
from hubagent.wishes import Wishes

_log = logging.getLogger(__name__)

VERSION = metadata.version("hubagent")

SETTLE_MAX_S = 300.0
"""A rule's device that is unknown is told of after this time, even though interviews go on."""
SETTLE_QUIET_S = 30.0
"""So long without news of a device, and those that are still being interviewed sleep."""
SETTLE_EMPTY_S = 5.0
"""So long without any device, and there is none."""

Answered = Callable[[CommandAnswered], None]


class Radio:
    """One driver's place in the agent: filled by a new driver after each failure."""

    def __init__(self, name: str, make: Callable[[], Driver], home: Home) -> None:
        self.name = name
        self.condition = DriverCondition.STARTING
        self.detail = ""
        self.ready = asyncio.Event()
        """Set at the first time that it was ready, and for good."""
        self._make = make
        self._home = home
        self._driver: Driver | None = None
        self._open: dict[int, tuple[DeviceId, Command, Cause, Answered]] = {}
        self._next = 0

    async def run_once(self) -> None:
        """One driver's life."""
        self._driver = self._make()
        try:
            await self._driver.run(self._home.apply)
        finally:
            self._driver = None
            self._fail_open_commands()

    def stopped(self, reason: str) -> None:
        """It failed, and will be started again."""
        self._home.apply(DriverStatus(self.name, DriverCondition.TROUBLED, reason))

    def hear(self, event: Event) -> None:
        """Keep in mind how the driver is."""
        if not isinstance(event, DriverStatus) or event.driver != self.name:
            return
        if event.condition is DriverCondition.TROUBLED:
            _log.warning("driver %s is in trouble: %s", self.name, event.detail)
        elif event.condition is DriverCondition.READY and self.ready.is_set():
            _log.warning("driver %s is ready again", self.name)
        self.condition, self.detail = event.condition, event.detail
        if event.condition is DriverCondition.READY:
            self.ready.set()

    def send(self, device: DeviceId, command: Command, cause: Cause, answered: Answered) -> None:
        """Send; `answered` is called exactly once, even where the driver fails meanwhile."""
        if self._driver is None:
            answered(CommandAnswered(device, command, cause, Outcome.FAILED, f"the driver {self.name} is not running"))
            return
        number = self._next
        self._next += 1
        self._open[number] = (device, command, cause, answered)

        def close(answer: CommandAnswered) -> None:
            if self._open.pop(number, None) is not None:
                answered(answer)

        self._driver.send(device, command, cause, close)

    def is_commanding(self, device: DeviceId) -> bool:
        whole = device.partition("/")[0]
        return any(other.partition("/")[0] == whole for other, *_ in self._open.values())

    def driver(self) -> Driver:
        """Raises DriverUnavailable while there is none."""
        if self._driver is None:
            raise DriverUnavailable(f"the driver {self.name} is not running: {self.detail or 'it is being started'}")
        return self._driver

    def _fail_open_commands(self) -> None:
        opened, self._open = self._open, {}
        for device, command, cause, answered in opened.values():
            answered(CommandAnswered(device, command, cause, Outcome.FAILED, f"the driver {self.name} stopped"))


class Agent:
    """What the API may ask for. Made and run by `run_agent`."""

    def __init__(
        self,
        runtime: Runtime,
        config: Config,
        kinds: Mapping[str, DriverKind],
        rule_set: RuleSet,
        rule_files: RuleFiles,
        store: Store,
        link: Link | None = None,
    ) -> None:
        self.name = config.name
        self.runtime = runtime
        self.home = Home(
            runtime.wall,
            HomeRecords(store.shelf("devices"), store.shelf("names"), store.shelf("states", durable=False)),
        )
        self.home.restore(frozenset(config.drivers))
        self._devices = self.home.devices
        self.radios = {
            name: Radio(name, _maker(kinds[name], settings, runtime, store.shelf(f"driver.{name}")), self.home)
            for name, settings in config.drivers.items()
        }
        self.events = EventLog(runtime.wall)
        self.automation = Automation(
            runtime, config, self.home, store, self._send_for_rule, self._tell, rule_set, rule_files
        )
        # The rules come first: nothing that watches may stand between a report and the command that follows.
        self.home.listen(self.automation.hear)
        self.home.listen(lambda event, _previous: self._hear(event))
        self.home.listen(self.events.hear)
        self.home.listen(self.automation.hear_commands)
        self.uplink: UplinkPlace | None = None
        """None where there is no cloud, or the hub has no identity there yet."""
        if link is not None:
            wishes = Wishes(self.home, self.automation, self.send, "cloud")
            folder = config.state_dir / UPLINK_FOLDER
            software = f"hubagent {VERSION}"
            self.uplink = UplinkPlace(link, runtime, folder, self.home, wishes, self.is_commanded, software)
            self.home.listen(self.uplink.hear)
        self.pairing: Pairing
        self.devices_changed = asyncio.Event()
        """Set whenever a device came or is other than before."""
        self.started_at = 0.0
        """`loop.time()` of the start."""

    def send(self, device: DeviceId, command: Command, cause: Cause, answered: Answered) -> None:
        """Send to the driver that the device belongs to; the answer is told to everybody, too."""

        def tell(answer: CommandAnswered) -> None:
            self.home.apply(answer)
            answered(answer)

        self._radio_of(device).send(device, command, cause, tell)

    def is_commanded(self, device: DeviceId) -> bool:
        """Whether a command to it, or to another part of the same device, has no answer yet."""
        return any(radio.is_commanding(device) for radio in self.radios.values())

    def pair(self, protocol: str, options: Mapping[str, Any], timeout_s: float) -> int:
        """Begin to let a device join; returns the session's number. Raises PairingBusy, DriverUnavailable."""
        driver = self.radio(protocol).driver()

        def steps(limit_s: float) -> AsyncIterator[PairingStep]:
            return driver.pair(options, limit_s)

        return self.pairing.start(steps, timeout_s)

    def unpair(self, protocol: str, device: DeviceId | None, options: Mapping[str, Any], timeout_s: float) -> int:
        """Begin to let a device leave. Raises PairingBusy, DriverUnavailable."""
        driver = self.radio(protocol).driver()

        def steps(limit_s: float) -> AsyncIterator[PairingStep]:
            return driver.unpair(device, options, limit_s)

        return self.pairing.start(steps, timeout_s)

    async def act(self, action: str, device: DeviceId | None, protocol: str, arguments: Mapping[str, Any]) -> Record:
        """Raises DeviceUnreachable, DriverUnavailable or NotPossible."""
        return await self.radio(protocol).driver().act(action, device, arguments)

    def radio(self, protocol: str) -> Radio:
        """Raises DriverUnavailable where no such driver is configured."""
        if protocol not in self.radios:
            configured = ", ".join(self.radios) or "none"
            raise DriverUnavailable(f"there is no driver {protocol!r} in hub.toml; configured: {configured}")
        return self.radios[protocol]

    def _radio_of(self, device: DeviceId) -> Radio:
        return self.radios[self.home.devices[device].protocol]

    def _send_for_rule(self, device: DeviceId, command: Command, cause: Cause, answered: Answered) -> None:
        known = self._devices.get(device)
        if known is None:
            answered(CommandAnswered(device, command, cause, Outcome.FAILED, "the device is gone"))
        else:
            self.radios[known.protocol].send(device, command, cause, answered)

    def _tell(self, event: Event) -> None:
        """What rules have to say, which is no device's state."""
        self.events.append(event)
        if self.uplink is not None:
            self.uplink.hear(event, {})

    def _hear(self, event: Event) -> None:
        kind = type(event)
        if kind is DriverStatus:
            for radio in self.radios.values():
                radio.hear(event)
        elif kind is DeviceChanged or kind is DeviceJoined:
            self.devices_changed.set()


def _maker(kind: DriverKind, settings: Any, runtime: Runtime, records: Any) -> Callable[[], Driver]:
    return lambda: kind.make(settings, runtime, records)


async def run_agent(
    runtime: Runtime,
    config: Config,
    kinds: Mapping[str, DriverKind],
    ready: Callable[[float, Agent], None],
    link: Link | None = None,
    *,
    made: Callable[[Agent], None] = lambda _agent: None,
) -> None:
    """Run until cancelled. `ready` is called once every driver is up, with the seconds that it took; `made` before
    anything happens.

    Raises Mistakes (of a rule file), StoreUnusable, PortError (a port that was never usable), ApiUnavailable.
    """
    loop = asyncio.get_running_loop()
    started = loop.time()
    rule_files = RuleFiles(config.rule_files, config.http_hosts, config.state_dir)
    rule_set = rule_files.begin()
    async with AsyncExitStack() as closing:
        store = open_store(config.state_dir, runtime)
        closing.callback(store.close)
        agent = Agent(runtime, config, kinds, rule_set, rule_files, store, link)
        agent.started_at = started
        made(agent)
        store.keep_backup()
        try:
            async with asyncio.TaskGroup() as tasks:
                for radio in agent.radios.values():
                    tasks.create_task(_keep(radio, runtime), name=f"driver {radio.name}")
                await _serve(agent, config, started, ready)
        except BaseExceptionGroup as group:
            raise _first(group) from group


async def _serve(agent: Agent, config: Config, started: float, ready: Callable[[float, Agent], None]) -> None:
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as closing:
        # Pairing ends before the drivers do, and so does the API, which asks for it.
        pairings = await closing.enter_async_context(asyncio.TaskGroup())
        agent.pairing = Pairing(pairings, agent.events.append)
        if config.api is not None:
            # Imported here: a simulation without an API needs no sockets, nor the time that this takes.
            from hubagent.api.server import serve_api  # noqa: PLC0415

            await closing.enter_async_context(serve_api(agent, config.api))
        pairings.create_task(agent.automation.run(), name="rules")
        if agent.uplink is not None:
            pairings.create_task(agent.uplink.run(), name="cloud")
        for radio in agent.radios.values():
            await radio.ready.wait()
        agent.automation.ready()
        ready(loop.time() - started, agent)
        await _settled(agent)
        executor = agent.automation.executor
        for idle in (*idle_rules(executor), *idle_nevers(executor)):
            _log.error("%s", idle.text)
        await loop.create_future()


async def _settled(agent: Agent) -> None:
    """Until nobody is being interviewed any more: only then is a device that a rule names really unknown.

    A device that sleeps may keep its interview waiting for hours; when nothing has changed for a while, that is it.
    """
    latest = asyncio.get_running_loop().time() + SETTLE_MAX_S
    while asyncio.get_running_loop().time() < latest:
        presences = [device.presence for device in agent.home.devices.values()]
        if presences and Presence.INTERVIEWING not in presences:
            return
        agent.devices_changed.clear()
        try:
            async with asyncio.timeout(SETTLE_QUIET_S if presences else SETTLE_EMPTY_S):
                await agent.devices_changed.wait()
        except TimeoutError:
            return


async def _keep(radio: Radio, runtime: Runtime) -> None:
    await keep_running(
        radio.name, radio.run_once, radio.ready.is_set, radio.stopped, runtime.rng(f"supervisor.{radio.name}")
    )


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """What is to be shown of several failures: a port that cannot be used is what a person can mend."""
    leaves = list(_leaves(group))
    return next((error for error in leaves if isinstance(error, PortError)), leaves[0])


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    leaves: list[BaseException] = []
    for error in group.exceptions:
        leaves += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return leaves
