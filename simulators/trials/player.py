"""Plays one test: a whole agent in a house, in virtual time, step by step, until one fails.

The house is there, and known to the agent, before the rules are: what is given sets nothing off. The rules come
EARLY_S before the first step.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from hubagent.agent import Agent, run_agent
from hubagent.automation import where_of
from hubagent.config import Config, Place
from hubagent.model.capability import InvalidValue, Value
from hubagent.model.device import Device
from hubagent.rules.binding import CannotBind, compile_at
from hubagent.rules.executor.items import Loaded, ModeSet, SceneWanted, VariableSet, WebhookCalled
from hubagent.rules.executor.picture import Picture
from hubagent.rules.expression.types import FLAG
from hubagent.rules.expression.values import values_in
from hubagent.rules.names import UnknownName
from hubagent.rules.rule_set import RuleSet
from hubagent.rules.trial import (
    ActivateScene,
    CallWebhook,
    Expect,
    Happening,
    Outage,
    PressButton,
    Reboot,
    Report,
    SetMode,
    Step,
    Trial,
)
from hubagent.runtime import Runtime
from hubagent.toml_lines import Spot
from simulators.runtime import simulated_runtime
from simulators.trials.house import SETTLE_MAX_S, CannotPlay, House, MakeHouse
from simulators.trials.meaning import subject_and_value
from simulators.trials.moments import moments_of_steps
from simulators.trials.result import Failed, Failure, Result, Waiting, latest_traces
from simulators.world import alone_as_itself

LEAD_S: Final = SETTLE_MAX_S + 60.0
"""So long before the first step the house is built and the agent started."""
EARLY_S: Final = 1.0
GIVEN_WITHIN_S: Final = 30.0
"""A device that sleeps, or dims slowly, takes a while to say what it was told to be."""
LATE_S: Final = 5.0
"""An expectation that fails is watched for so long: to come to hold a moment later is another mistake than never to."""
WHO: Final = "test"


@dataclass(frozen=True, slots=True)
class Setting:
    """What is the same for all tests."""

    config: Config
    """Its rule files are those of the rule set."""
    rule_set: RuleSet
    make_house: MakeHouse


async def play(trial: Trial, setting: Setting, state: Path, seed: object = 1) -> Result:
    """`state` is an empty folder. What the agent itself raises comes out; CannotPlay where it cannot even begin."""
    place = setting.config.place
    if trial.timezone is not None:
        place = replace(place, timezone=trial.timezone)
    if trial.latitude is not None:
        place = Place(place.timezone, trial.latitude, trial.longitude)
    moments = moments_of_steps(trial, where_of(place))
    loop = asyncio.get_running_loop()
    start = moments[0] - LEAD_S - loop.time()
    house = setting.make_house(lambda: start + loop.time())
    runtime = simulated_runtime(seed, house.ports, state=state, start=start)
    config = replace(
        setting.config, state_dir=state, drivers=house.drivers, rule_files=(), place=place, api=None, uplink=None
    )
    async with house.running(), alone_as_itself(), asyncio.TaskGroup() as tasks:
        hub = _Hub(runtime, config, house, tasks)
        player = _Player(trial, setting.rule_set, hub, house, runtime)
        try:
            return await player.play(moments, replace(config, rule_files=setting.config.rule_files))
        finally:
            await hub.stop()


class _Hub:
    """The agent's power switch."""

    def __init__(self, runtime: Runtime, config: Config, house: House, tasks: asyncio.TaskGroup) -> None:
        self.config = config
        self.agent: Agent | None = None
        self._runtime = runtime
        self._house = house
        self._tasks = tasks
        self._life: asyncio.Task[None] | None = None
        self._coming: asyncio.Task[None] | None = None

    async def start(self) -> None:
        is_ready: asyncio.Future[Agent] = asyncio.get_running_loop().create_future()

        def ready(_seconds: float, agent: Agent) -> None:
            is_ready.set_result(agent)

        life = self._life = self._tasks.create_task(
            run_agent(self._runtime, self.config, self._house.kinds, ready), name="agent"
        )
        await asyncio.wait((life, is_ready), return_when=asyncio.FIRST_COMPLETED)
        if life.done():
            is_ready.cancel()
            life.result()
        else:
            self.agent = is_ready.result()

    async def stop(self) -> None:
        self.agent = None
        for task in (self._coming, self._life):
            if task is not None:
                task.cancel()
                await asyncio.wait((task,))
        self._coming = self._life = None

    async def reboot(self, off_s: float) -> None:
        """Off at once, and back after so long; what happens meanwhile happens without it."""
        await self.stop()
        self._coming = self._tasks.create_task(self._come_back(off_s), name="power")

    async def _come_back(self, off_s: float) -> None:
        await asyncio.sleep(off_s)
        await self.start()


class _Player:
    def __init__(self, trial: Trial, rule_set: RuleSet, hub: _Hub, house: House, runtime: Runtime) -> None:
        self._trial = trial
        self._rule_set = rule_set
        self._hub = hub
        self._house = house
        self._runtime = runtime
        self._known: dict[str, Device] = {}

    async def play(self, moments: list[float], config: Config) -> Result:
        """With `config` the agent starts again after a reboot."""
        waiting: tuple[Waiting, ...] = ()
        try:
            await self._prepare()
            await self._until(moments[0] - EARLY_S)
            agent = self._agent()
            agent.automation.feed(Loaded(self._rule_set))
            waiting = tuple(
                Waiting(str(one.rule.place), one.rule.name, str(one.problem))
                for one in agent.automation.executor.unbound
            )
            self._hub.config = config
            for step, moment in zip(self._trial.steps, moments, strict=True):
                await self._until(moment)
                await self._step(step)
        except Failed as failed:
            return Result(self._trial, failed.failure, waiting)
        return Result(self._trial, None, waiting)

    async def _until(self, moment: float) -> None:
        await asyncio.sleep(max(0.0, moment - self._runtime.wall()))

    def _agent(self) -> Agent:
        if self._hub.agent is None:
            raise CannotPlay("the hub is off, or still starts")
        return self._hub.agent

    # What is given.

    async def _prepare(self) -> None:
        await self._hub.start()
        agent = self._agent()
        await self._house.settle(agent)
        # Modes and variables come first, and the rules later: nothing may be set off by what is given.
        agent.automation.feed(Loaded(RuleSet(modes=self._rule_set.modes, variables=self._rule_set.variables)))
        wanted: list[tuple[Spot, Device, str, Value]] = []
        for name, value in self._trial.given:
            place = self._trial.place.below("given")
            try:
                self._give(agent, name, value, place, wanted)
            except (CannotPlay, UnknownName, InvalidValue) as problem:
                raise self._failed(place, f"{name} = {value!r} is given", str(problem)) from problem
        latest = self._runtime.wall() + GIVEN_WITHIN_S
        while not_yet := [one for one in wanted if _told(agent, one[1], one[2]) != one[3]]:
            if self._runtime.wall() > latest:
                place, device, attribute, value = not_yet[0]
                says = f"{device.name} says {_told(agent, device, attribute)!r}"
                raise self._failed(place, f"{device.name}.{attribute} = {value!r} is given", says)
            await asyncio.sleep(0.1)

    def _give(
        self, agent: Agent, name: str, value: Value, place: Spot, wanted: list[tuple[Spot, Device, str, Value]]
    ) -> None:
        picture = agent.automation.executor.picture
        root, _, rest = name.partition(".")
        if name == "home.mode":
            if value not in picture.modes:
                raise CannotPlay(f"there is no mode {value!r}; there are {', '.join(picture.modes)}")
            agent.automation.feed(ModeSet(str(value), WHO))
        elif root == "var":
            if picture.variable(rest) is None:
                raise CannotPlay(f"there is no variable {rest!r}")
            agent.automation.feed(VariableSet(rest, value, WHO))
        else:
            device, attribute, meant = subject_and_value(name, value, picture)
            self._house.becomes(device, attribute, meant)
            wanted.append((place, device, attribute, meant))

    # Steps.

    async def _step(self, step: Step) -> None:
        try:
            if isinstance(step.what, Expect):
                await self._expect(step.what, step.place.below("expect"))
            elif isinstance(step.what, Reboot):
                self._remember_devices()
                await self._hub.reboot(step.what.seconds)
            else:
                self._happen(step.what)
        except (CannotPlay, UnknownName, InvalidValue) as problem:
            raise self._failed(step.place, _said(step.what), str(problem)) from problem

    def _happen(self, what: Happening) -> None:
        match what:
            case Report(subject, value):
                device, attribute, meant = subject_and_value(subject, value, self._picture())
                self._house.becomes(device, attribute, meant)
            case PressButton(name, number, kind):
                self._house.press(self._device(name), number, kind)
            case Outage(name, seconds):
                self._house.out_of_reach(self._device(name), seconds)
            case CallWebhook(name):
                self._agent().automation.feed(WebhookCalled(name))
            case SetMode(mode):
                self._agent().automation.feed(ModeSet(mode, WHO))
            case ActivateScene(scene):
                self._agent().automation.feed(SceneWanted(scene, WHO))
            case _:
                raise AssertionError(what)

    async def _expect(self, expect: Expect, place: Spot) -> None:
        picture = self._agent().automation.executor.picture
        try:
            compiled = compile_at(expect.condition, picture, FLAG, place)
        except CannotBind as problem:
            raise self._failed(place, expect.condition.text, str(problem)) from problem
        # Between two items the picture's clock stands still.
        picture.at = self._runtime.wall()
        if compiled.evaluate() is True:
            return
        unknown = compiled.unknowns()
        values = values_in(expect.condition, picture)
        failed = self._failed(
            place,
            expect.condition.text,
            f"it is unknown: {', '.join(unknown)}" if unknown else "it does not hold",
            values=values,
        )
        late_s = await self._comes_to_hold(compiled.evaluate)
        raise Failed(replace(failed.failure, held_after_s=late_s))

    async def _comes_to_hold(self, evaluate: object) -> float | None:
        assert callable(evaluate)
        begin = self._runtime.wall()
        while self._hub.agent is not None and self._runtime.wall() - begin < LATE_S:
            await asyncio.sleep(0.01)
            if evaluate() is True:
                return self._runtime.wall() - begin
        return None

    # Names, while the hub is off too.

    def _picture(self) -> "Picture | _Remembered":
        return _Remembered(self._known) if self._hub.agent is None else self._hub.agent.automation.executor.picture

    def _device(self, name: str) -> Device:
        picture = self._picture()
        device = picture.find(name)
        if device is None:
            raise CannotPlay(f"there is no device {name!r}; there are {', '.join(picture.names())}")
        return device

    def _remember_devices(self) -> None:
        self._known = {device.name.casefold(): device for device in self._agent().home.devices.values()}

    def _failed(self, place: Spot, expected: str, found: str, values: Mapping[str, str] | None = None) -> Failed:
        where = where_of(self._hub.config.place)
        at = where.local(self._runtime.wall())
        agent = self._hub.agent
        traces = () if agent is None else latest_traces(agent, where)
        return Failed(Failure(str(place), at, expected, found, dict(values or {}), traces))


@dataclass(frozen=True, slots=True)
class _Remembered:
    """The devices as the agent last knew them."""

    by_name: Mapping[str, Device]

    def find(self, name: str) -> Device | None:
        return self.by_name.get(name.casefold())

    def names(self) -> list[str]:
        return [device.name for device in self.by_name.values()]


def _told(agent: Agent, device: Device, attribute: str) -> Value:
    for readings in agent.home.state(device.id).values():
        if attribute in readings:
            return readings[attribute].value
    return None


def _said(what: Happening) -> str:
    match what:
        case Report(subject, value):
            return f"event = {subject} = {value}"
        case PressButton(name, number, kind):
            return f"press = {name}, button {number}, {kind.value}"
        case Outage(name):
            return f"outage = {name}"
        case CallWebhook(name) | SetMode(name) | ActivateScene(name):
            return f"{type(what).__name__} {name}"
        case Expect(condition):
            return condition.text
        case Reboot():
            return "reboot"
