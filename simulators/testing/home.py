"""A simulated home, as a test has it: the `home` fixture.

await home.at("07:30")
home.resident("anna").enters("hall")
await home.expect("hall.light.on", within="500ms")
"""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, TypeVar

from hubagent.model.capability import Value
from hubagent.toml_lines import did_you_mean
from simulators.devices.device import Value as HandValue
from simulators.site.site import Site
from simulators.testing import latency
from simulators.testing.beliefs import TRUTH
from simulators.testing.cloud import Cloud
from simulators.testing.context import Context, Duration, seconds_of
from simulators.testing.devices import Device
from simulators.testing.doing import Doing
from simulators.testing.events import Events, Notification
from simulators.testing.expectations import Expectations
from simulators.testing.failure import Unexpected, last_of_all
from simulators.testing.fault_plan import plan_of
from simulators.testing.faults import Fault, Faults
from simulators.testing.hidden import speaks_for_itself
from simulators.testing.home_run import HomeRun
from simulators.testing.hub import Hub
from simulators.testing.latency import Latency
from simulators.testing.moments import Said, said
from simulators.testing.on_the_loop import on_the_loop
from simulators.testing.radios import Radio
from simulators.testing.residents import Resident
from simulators.testing.rules import Rules
from simulators.testing.to_await import check_no_loop_runs, to_be_awaited
from simulators.testing.watching import asked_of
from simulators.world import CannotBe

__tracebackhide__ = speaks_for_itself

_T = TypeVar("_T")


class Home:
    """Everything a test does and expects. What takes time is awaited, and takes virtual time."""

    def __init__(self, run: HomeRun) -> None:
        context = self._context = Context(run)
        self._faults = Faults(context)
        self.hub = Hub(context)
        self.cloud = Cloud(context, self._faults)
        self.rules = Rules(context)
        self.events = Events(context)
        self._expectations = Expectations(context, self.rules)
        self._radios: dict[str, Radio] = {}

    # --- time

    @to_be_awaited
    async def begin(self) -> None:
        """At noon, or when the mark says so. Nothing where it has begun."""
        await self._begin(None)

    @to_be_awaited
    async def at(self, time: str) -> None:
        """Until the home's clock shows that: `07:30`, `sat 09:00`, `tomorrow 07:30`, `2026-03-29 07:30`.

        The first time in a test it is when the home begins. Raises BadMoment.
        """
        moment = said(time)
        if self._context.run.running is None:
            await self._begin(self._context.run.settings.begins.then(moment))
        else:
            unix = self._context.site.wall()
            await self._context.sleep(moment.after(unix, self._context.zone) - unix)

    async def _begin(self, at: Said | None) -> None:
        run = self._context.run
        if run.running is None:
            await run.begin(at)
            run.planned = plan_of(run.settings.faults, run.site, run.settings.seed)
            self._faults.schedule(run.planned)

    @to_be_awaited
    async def after(self, duration: Duration) -> None:
        """So much later: `10m`, `500ms`, or seconds."""
        await self.begin()
        await self._context.sleep(seconds_of(duration))

    @property
    def now(self) -> datetime:
        """On the home's clock."""
        return self._context.local(self._context.loop.time())

    # --- who and what is in it

    def device(self, name: str) -> Device:
        """A thing of the home, or an outlet of a strip as `living.media/1`. Raises CannotBe."""
        things = self._context.there.truth.things
        whole = self._context.site.world.devices
        if name not in things and name not in whole:
            meant = did_you_mean(name, (*things, *whole)) or f"; there are {', '.join(things)}"
            raise CannotBe(f"there is no device {name!r}{meant}")
        return Device(name, self._context, self._faults)

    def __getitem__(self, name: str) -> Device:
        return self.device(name)

    def resident(self, name: str) -> Resident:
        """Raises CannotBe."""
        residents = self._context.site.world.residents
        if name not in residents:
            raise CannotBe(f"nobody is called {name!r}; there are {', '.join(residents) or 'no residents'}")
        return Resident(name, self._context)

    def radio(self, name: str) -> Radio:
        """Raises CannotBe."""
        if name not in self._context.site.world.dongles:
            raise CannotBe(f"there is no radio {name!r}; there are {', '.join(self._context.site.world.dongles)}")
        return self._radios.setdefault(name, Radio(name, self._context, self._faults))

    @property
    def zigbee(self) -> Radio:
        return self.radio("zigbee")

    @property
    def zwave(self) -> Radio:
        return self.radio("zwave")

    def weather(self, **values: HandValue) -> None:
        """Hold it so: `temperature` (°C), `clouds` (0-1), `rain` (mm/h), `wind` (m/s); `auto` lets go.

        Raises CannotDo.
        """
        self.do("weather", *(f"{name}={value}" for name, value in values.items()))

    @on_the_loop
    def do(self, *words: str) -> None:
        """Anything else that `sim do` does: `home.do("open", "kitchen", "window")`. Raises CannotBe, CannotDo."""
        self._context.site.world.do(*words)
        self._context.did("test", " ".join(words))

    # --- what is so

    def truth(self, text: str) -> Value:
        """What an expression is really worth: `truth("hall.light.level")`. None is unknown. Raises BadExpectation."""
        return self._context.condition(text, TRUTH, None).value()

    @property
    def notifications(self) -> list[Notification]:
        """What rules had to say to somebody."""
        return self.events.notifications

    # --- what is expected. `of` is whom to ask: `truth`, `hub`, `cloud`. All of these raise BadExpectation.

    @to_be_awaited
    async def expect(self, text: str, within: Duration = 0.0, of: str = TRUTH) -> float:
        """That it is so, or comes to be within that time. Returns after how many seconds. Raises Unexpected."""
        await self.begin()
        return await self._expectations.comes(text, within, of)

    @to_be_awaited
    async def stays(self, text: str, for_: Duration, of: str = TRUTH) -> None:
        """That it is so now, and all of that time. Raises Unexpected."""
        await self.begin()
        await self._expectations.stays(text, for_, of)

    @to_be_awaited
    async def never(self, text: str, for_: Duration, of: str = TRUTH) -> None:
        """That it is never so in all of that time. Raises Unexpected."""
        await self.begin()
        await self._expectations.never(text, for_, of)

    @to_be_awaited
    async def until(self, is_so: Callable[[], bool], within: Duration = "10m") -> None:
        """Until a function of yours says so, which is not async. Raises Unexpected, BadExpectation."""
        await self.begin()
        if not await self._context.comes_true(asked_of(is_so), seconds_of(within)):
            what = f"{getattr(is_so, '__qualname__', is_so)} was not so within {within}"
            given_up = f"  given up at {self._context.clock_text(self._context.loop.time())}"
            raise Unexpected("\n".join((what, given_up, *last_of_all(self._context))))

    def latency(self, cause: str, effect: str, of: str = TRUTH) -> Latency:
        """From the moment `cause` last came to be really so to `effect`: `latency(...).ms < 100`. Raises NotSeen."""
        return latency.latest(self._context, cause, effect, of)

    def latencies(self, cause: str, effect: str, of: str = TRUTH) -> list[Latency]:
        """Likewise of each time since the test began, the oldest first."""
        return latency.latencies(self._context, cause, effect, of)

    # --- what goes wrong

    def fault(
        self,
        name: str,
        *,
        device: str | None = None,
        radio: str | None = None,
        seconds: Duration | None = None,
        **options: HandValue,
    ) -> Fault:
        """Any fault by its name, as `sim do fault` has them, for so long or until it is healed. Raises CannotBe."""
        return self._faults.strike(name, device, radio, seconds, options)

    def reboot(self, off: Duration = "10s") -> Doing[None]:
        """The hub's power is cut, and it comes back after so long. Awaited until its radios are up."""
        return self.hub.cut_power(off)

    # --- for what is not in here

    def run(self, main: Coroutine[Any, Any, _T]) -> _T:
        """Run a coroutine in this home from code that is not one: of a fixture, of a test without `async`.

        Raises OnAnotherLoop in code that is one.
        """
        check_no_loop_runs(main)
        return self._context.run.call(main)

    @property
    def site(self) -> Site:
        """Everything below: world, hub, network, cloud. Not a promised interface."""
        return self._context.site
