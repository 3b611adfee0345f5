"""What every part of a home's API stands on: the run, its site, and the words for them."""

import asyncio
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from hubagent.agent import Agent
from hubagent.model.capability import Value
from hubagent.rules.duration import parse_duration
from hubagent.rules.expression.types import FLAG, Type
from hubagent.rules.where import Where
from simulators.site.site import Site
from simulators.testing.beliefs import CLOUD, HUB, TRUTH, Belief
from simulators.testing.expressions import BadExpectation, Condition, Surroundings
from simulators.testing.hidden import speaks_for_itself
from simulators.testing.home_run import HomeRun, Running
from simulators.testing.moments import clock_text
from simulators.testing.record import Kind, Record
from simulators.testing.watched_loop import WatchedLoop
from simulators.testing.watching import comes_true

__tracebackhide__ = speaks_for_itself


_T = TypeVar("_T")


class HubIsOff(RuntimeError):
    """There is nobody to ask."""


Duration = str | float
"""`"500ms"`, `"10m"`, or seconds."""


class BadDuration(ValueError):
    """What is no length of time, or a negative one where time only goes on; says how one is written."""


def seconds_of(duration: Duration, *, back_too: bool = False) -> float:
    """With `back_too` also negative ones. Raises BadDuration."""
    if isinstance(duration, bool) or not isinstance(duration, str | int | float):
        raise BadDuration(f'{duration!r} is no duration: say "500ms", "3m", "1h30m", or a number of seconds')
    try:
        seconds = parse_duration(duration) if isinstance(duration, str) else float(duration)
    except ValueError as error:
        raise BadDuration(str(error)) from None
    if not math.isfinite(seconds) or (seconds < 0 and not back_too):
        raise BadDuration(f"{duration!r} is no duration: time goes on, and ends")
    return seconds


async def _step(what: Callable[[], _T]) -> _T:
    return what()


class Context:
    def __init__(self, run: HomeRun) -> None:
        self.run = run

    @property
    def there(self) -> Running:
        """Raises NotBegun."""
        return self.run.there

    @property
    def site(self) -> Site:
        """Raises NotBegun."""
        return self.run.there.site

    @property
    def loop(self) -> WatchedLoop:
        return self.run.loop

    @property
    def record(self) -> Record:
        return self.there.recorder.record

    @property
    def zone(self) -> ZoneInfo:
        return self.run.settings.zone

    @property
    def agent(self) -> Agent:
        """Raises HubIsOff."""
        if self.site.hub.agent is None:
            raise HubIsOff("the hub is off, or starts; wait for it with: await home.hub.ready()")
        return self.site.hub.agent

    def local(self, at: float) -> datetime:
        """A moment of the loop on the home's clock."""
        return datetime.fromtimestamp(self.unix(at), self.zone)

    def clock_text(self, at: float) -> str:
        return clock_text(self.unix(at), self.zone, self.unix(self.record.began))

    def unix(self, at: float) -> float:
        return self.site.setting.start + at

    def did(self, about: str, text: str) -> None:
        """Somebody did something to the home."""
        self.there.recorder.happened(Kind.HAND, about, text)

    def on_the_loop(self, what: Callable[[], _T]) -> _T:
        """What needs a loop that runs: this one does nothing else, where it stands still."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return self.run.call(_step(what))
        return what()

    async def sleep(self, seconds: float) -> None:
        self.loop.be_patient(seconds)
        await asyncio.sleep(seconds)

    async def comes_true(self, is_so: Callable[[], bool], seconds: float | None) -> bool:
        return await comes_true(self.loop, is_so, seconds)

    # --- conditions

    def belief(self, of: str) -> Belief:
        """Raises BadExpectation."""
        beliefs: Mapping[str, Belief] = {TRUTH: self.there.truth, HUB: self.there.hub, CLOUD: self.there.cloud}
        if of not in beliefs:
            raise BadExpectation(f"of is one of {', '.join(beliefs)}, not {of!r}")
        if of == CLOUD and self.site.cloud is None:
            raise BadExpectation("this home has no cloud that could believe anything: its mark says cloud=False")
        return beliefs[of]

    def condition(self, text: str, of: str, expected: Type | None = FLAG) -> Condition:
        """Raises BadExpectation."""
        return Condition(text, self.belief(of), self.surroundings(self.site.wall), expected)

    def surroundings(self, wall: Callable[[], float]) -> Surroundings:
        place = self.run.settings.plan.place
        where = Where(self.zone) if place is None else Where(self.zone, place.latitude, place.longitude)
        return Surroundings(where, wall, self._mode, self._modes, self._variables)

    def _mode(self) -> str | None:
        agent = self.site.hub.agent
        return None if agent is None else str(agent.automation.executor.picture.mode.value)

    def _modes(self) -> tuple[str, ...]:
        agent = self.site.hub.agent
        return () if agent is None else agent.automation.executor.picture.modes

    def _variables(self) -> Mapping[str, Value]:
        agent = self.site.hub.agent
        if agent is None:
            return {}
        picture = agent.automation.executor.picture
        cells: dict[str, Any] = {name: picture.variable(name) for name in picture.variables()}
        return {name: cell.value for name, cell in cells.items() if cell is not None}
