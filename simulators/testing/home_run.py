"""One test's home: its loop, its site and what is written down of it, from the first wait to the last word.

The home begins when it is first waited for, at the moment that the test says: a home that begins at half past seven is
sooner there than one that has to wait for it.
"""

import asyncio
import contextlib
import logging
import warnings
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO, TypeVar

from hubagent.runtime import PortError
from hubagent.store.errors import StoreFailed, StoreUnusable
from hubagent.toml_lines import Mistakes
from simulators.chaos.fault import Fault
from simulators.climate.plan import OUTSIDE
from simulators.home_rules import never_running
from simulators.scratch import scratch_folder
from simulators.site.hub import in_a_dead_process
from simulators.site.site import SETTLE_MAX_S, Setting, Site, running_site
from simulators.testing.beliefs import CloudBelief, HubBelief, Truth
from simulators.testing.hidden import BecauseOf, speaks_for_itself
from simulators.testing.moments import Said
from simulators.testing.patience import Patience
from simulators.testing.recorder.recorder import Recorder
from simulators.testing.settings import BadSettings, HomeSettings, People
from simulators.testing.stepped import Stepped
from simulators.testing.to_await import HINT, NotAwaited, ToAwait
from simulators.testing.watched_loop import WatchedLoop
from simulators.virtual_time import check_nothing_left
from simulators.zigbee.snapshot import SnapshotError
from simulators.zones import zones_of_the_package

__tracebackhide__ = speaks_for_itself

_T = TypeVar("_T")

LEAD_S: Final = SETTLE_MAX_S + 60.0
"""So long before the first moment of a test everything is switched on: by then every device is known."""
STIRS_S: Final = (1.5, 3.0)
"""Whoever does only what a test says is seen wherever he is: every sensor waits longer for the next movement."""
MAY_END_IT: Final = (PortError, StoreFailed, StoreUnusable)
"""A hub that starts without its stick or its disk ends, and the service manager tries again, as any host's does."""
_LAST_STEPS: Final = 1_000_000


class NotBegun(RuntimeError):
    """Something was asked of a home that is not there yet."""


class HomeGone(BecauseOf, RuntimeError):
    """The home ended, or what runs in it failed, while the test waited; the cause says why."""


class HubCrashed(BecauseOf, AssertionError):
    """The hub's process ended without anybody's doing; the cause says why."""


class RuleNeverRuns(UserWarning):
    """A rule names a device that the home does not have, so that what it does not do proves nothing."""


@dataclass(frozen=True, slots=True)
class Running:
    """What there is as soon as the home has begun."""

    site: Site
    truth: Truth
    hub: HubBelief
    cloud: CloudBelief
    recorder: Recorder


class HomeRun:
    """`call` runs a test in it, `end` ends it. All of it happens on a loop of its own, and in virtual time.

    Every crossing of a seam is written to `trace`.
    """

    def __init__(self, settings: HomeSettings, max_steps: int | None = None, trace: TextIO | None = None) -> None:
        self.settings = settings
        self.loop = WatchedLoop(settings.seed, max_steps)
        self.running: Running | None = None
        self.planned: tuple[Fault, ...] = ()
        """The faults that the seed has drawn for it, or somebody has written down."""
        self.to_await = ToAwait()
        self._trace = trace
        self._runner = asyncio.Runner(loop_factory=lambda: self.loop)
        self._quiet = _OnlyTheLiving()
        self._life: asyncio.Task[None] | None = None
        self._ending: asyncio.Event | None = None
        self._patience = Patience(self.loop, settings.patience_s)

    @property
    def site(self) -> Site:
        """Raises NotBegun."""
        return self.there.site

    @property
    def struck(self) -> int:
        """How many of the planned faults the test has lived to see."""
        if self.running is None:
            return 0
        record = self.running.recorder.record
        lasted_s = (record.ended or self.loop.time()) - record.began
        return sum(fault.start_s <= lasted_s for fault in self.planned)

    @property
    def there(self) -> Running:
        """Raises NotBegun."""
        if self.running is None:
            raise NotBegun(
                'the home has not begun yet; begin with the time, as in: await home.at("07:30"), or: await home.begin()'
            )
        return self.running

    def call(self, main: Coroutine[Any, Any, _T]) -> _T:
        """Raises whatever `main` raises, and HomeGone where the home does not outlive it."""
        with self._quiet, zones_of_the_package():
            return self._runner.run(self._guarded(main))

    async def begin(self, at: Said | None = None) -> None:
        """At the first such moment; by default at the one that the settings say. Does nothing where it has begun.

        Raises BadSettings with what is wrong with the rules, NotSettled, or what ended the hub.
        """
        if self.running is not None:
            return
        first = (self.settings.begins if at is None else at).first(self.settings.zone)
        there: asyncio.Future[Running] = self.loop.create_future()
        self._ending = asyncio.Event()
        # Nobody's child: it lives from one call to the next, while the loop stands still between them.
        self._life = self.loop.create_task(self._live(first - LEAD_S, there, self._ending), name="home")
        self._life.add_done_callback(self._gone)
        try:
            self.running = await there
        except BaseException:
            # Nobody waits for this one any more: its beginning is not to go on, nor to be told to anybody.
            self._life.cancel()
            raise
        self._look_at_rules()
        await asyncio.sleep(first - self.site.wall())
        self.running.recorder.begin()

    def _look_at_rules(self) -> None:
        agent = self.site.hub.agent
        # What is behind sticks of the test's own is written down nowhere.
        if agent is not None and not self.settings.sticks:
            for text in never_running(agent.automation.executor.unbound, self.settings.devices):
                warnings.warn(RuleNeverRuns(text.removeprefix(f"{self.site.setting.folder.parent}/")), stacklevel=1)

    def check(self) -> None:
        """At the end of a test. Raises HubCrashed where the hub ended by itself meanwhile, and never should, and
        NotAwaited where a line of the test did nothing."""
        crashes = () if self.running is None else self.running.site.hub.crashes
        for crash in crashes:
            if not isinstance(crash, MAY_END_IT):
                raise HubCrashed(f"the hub ended by itself: {crash!r}") from crash
        if forgotten := self.to_await.forgotten():
            raise NotAwaited("\n".join((*forgotten, HINT)))

    def end(self, *, failed: bool) -> list[str]:
        """End everything; what was left behind, in words. A test that failed may leave what it likes."""
        self.loop.grant(_LAST_STEPS)
        if self.running is not None:
            self.running.recorder.end()
        problems = []
        try:
            # One that failed has been told of where the test waited.
            if self._life is not None and self._ending is not None and not self._life.done():
                self._ending.set()
                with contextlib.suppress(asyncio.CancelledError), self._quiet:
                    self.loop.run_until_complete(self._life)
            problems = [] if failed else check_nothing_left(self.loop).splitlines()
            if not failed and (forgotten := self.to_await.forgotten()):
                problems += [*forgotten, HINT]
        finally:
            self.to_await.close()
            self._runner.close()
            # The runner closes what it ran; a test that never waited for its home ran nothing.
            self.loop.close()
        return problems

    async def _guarded(self, main: Coroutine[Any, Any, _T]) -> _T:
        before, self._patience.test = self._patience.test, (test := Stepped(main, self._patience.anew))
        try:
            return await test
        finally:
            self._patience.test = before

    @property
    def _is_ending(self) -> bool:
        return self._ending is None or self._ending.is_set()

    def _gone(self, life: "asyncio.Task[None]") -> None:
        # Whoever waits for its beginning is told otherwise.
        test = self._patience.test
        if self.running is not None and test is not None and not self._is_ending:
            cause = None if life.cancelled() else life.exception()
            gone = HomeGone("the home ended" if cause is None else f"what runs in the home failed: {cause!r}")
            gone.__cause__ = cause
            test.interrupt(gone)

    async def _live(self, start: float, there: "asyncio.Future[Running]", ending: asyncio.Event) -> None:
        with scratch_folder("home-") as made:
            try:
                async with running_site(self._setting(Path(made), start)) as site:
                    self._people(site)
                    await site.settle()
                    truth, cloud = Truth(site), CloudBelief(site)
                    there.set_result(Running(site, truth, HubBelief(site), cloud, Recorder(site, truth, cloud)))
                    await ending.wait()
            except Exception as error:
                if there.cancelled():
                    return  # whoever waited for it knows already why it does not come
                if there.done():
                    raise
                there.set_exception(_in_words(error, f"{made}/"))

    def _people(self, site: Site) -> None:
        for resident in site.world.residents.values():
            if self.settings.people is not People.LIVE:
                resident.restless_s = STIRS_S
            if self.settings.people is People.AWAY:
                resident.appear(OUTSIDE, asleep=False)

    def _setting(self, folder: Path, start: float) -> Setting:
        settings = self.settings
        disk = folder / "hub"
        disk.mkdir()
        rules = settings.rules
        if settings.rules_text is not None:
            written = folder / "rules.toml"
            written.write_text(settings.rules_text, encoding="utf-8")
            rules = (*rules, written)
        return Setting(
            settings.plan,
            disk,
            seed=settings.seed,
            rules=rules,
            start=start - self.loop.time(),
            cloud=settings.cloud,
            broker=settings.broker,
            radio_time=settings.radio_time,
            settings=settings.settings,
            sticks=settings.sticks,
            trace=self._trace,
        )


class _OnlyTheLiving(logging.Filter):
    """In force while its context lasts: what the hub's killed processes still log did not happen."""

    def filter(self, _record: logging.LogRecord) -> bool:
        return not in_a_dead_process()

    def __enter__(self) -> None:
        self._handlers = tuple(logging.getLogger().handlers)
        for handler in self._handlers:
            handler.addFilter(self)

    def __exit__(self, *_: object) -> None:
        for handler in self._handlers:
            handler.removeFilter(self)


def _in_words(error: Exception, folder: str) -> Exception:
    """What is wrong with the rules, each with its line; those of `rules_text` are in no folder that anybody knows. What
    is wrong with a snapshot that the home's file names."""
    if isinstance(error, SnapshotError):
        return BadSettings(str(error))
    if isinstance(error, Mistakes):
        return BadSettings("\n".join(str(mistake).replace(folder, "") for mistake in error.mistakes))
    return error
