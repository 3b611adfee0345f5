"""The cloud far away: the way to it, what it believes, and what people do there."""

from collections.abc import Mapping
from typing import Any, Final

from hubagent.model.capability import Value
from hubagent.toml_lines import did_you_mean
from simulators.cloud.consumer import Consumer
from simulators.site.cloud import SiteCloud
from simulators.site.hub import HUB as HUB_NAME
from simulators.testing.beliefs import CLOUD
from simulators.testing.context import Context, Duration, seconds_of
from simulators.testing.doing import Doing
from simulators.testing.faults import Fault, Faults
from simulators.testing.hidden import speaks_for_itself
from simulators.testing.on_the_loop import on_the_loop
from simulators.world import CannotBe

__tracebackhide__ = speaks_for_itself

_ANSWERS_S: Final = 120.0
"""After a wish has expired: then there is an answer, or there will be none."""
_OPEN: Final = ("queued", "sent")


class NoCloud(RuntimeError):
    """This home has none, or its process is gone, or it has lost what it knew."""


class Cloud:
    def __init__(self, context: Context, faults: Faults) -> None:
        self._context = context
        self._faults = faults
        self._cut: Fault | None = None
        self._crashed: Fault | None = None

    # --- what it believes; None is unknown

    def believes(self, text: str) -> Value:
        """What an expression is worth to it. Raises BadExpectation."""
        return self._context.condition(text, CLOUD, None).value()

    @property
    def messages(self) -> list[Mapping[str, Any]]:
        """What the hub told it and it keeps, the oldest first, as `kind`, `class`, `body`, `at`. Raises NoCloud."""
        return list(self._consumer.history.latest(HUB_NAME, 1000))

    @property
    def hub_online(self) -> bool:
        """Whether it takes the hub to be on line. Raises NoCloud."""
        return self._consumer.is_known(HUB_NAME) and self._consumer.hub(HUB_NAME).online

    # --- the way to it

    def cut(self, seconds: Duration | None = None) -> Fault:
        """The network is gone: connections are reset and none comes about, until `restore` or for so long."""
        self.restore()
        site = self._context.site
        assert site.net is not None, self._cloud

        def begin() -> None:
            assert site.net is not None
            site.weather.refusing = True
            site.net.cut()

        def end() -> None:
            site.weather.refusing = False

        self._cut = self._faults.own("the network is cut", begin, end)
        if seconds is not None:
            self._context.loop.call_later(seconds_of(seconds), self._cut.heal)
        return self._cut

    def freeze(self, seconds: Duration | None = None) -> Fault:
        """Nothing passes any more, and nobody is told: connections are half-open."""
        net = self._context.site.net
        assert net is not None, self._cloud
        fault = self._faults.own("the network is silent", net.freeze, net.thaw)
        if seconds is not None:
            self._context.loop.call_later(seconds_of(seconds), fault.heal)
        return fault

    def restore(self) -> None:
        """The network is there again. The hub comes back by itself, when its back-off has passed."""
        if self._cut is not None:
            self._cut.heal()
            self._cut = None

    def delay(self, seconds: Duration) -> None:
        """How long a frame is on its way, in each direction, from now on."""
        self._context.site.weather.delay_s = seconds_of(seconds)

    # --- its process

    @on_the_loop
    def crash(self) -> None:
        """What it had not committed is gone, and it stays away until `start`."""
        self._cloud.crash()
        self._context.did("cloud", "the cloud's process is killed")

    @on_the_loop
    def start(self) -> None:
        """Nothing where it runs."""
        self._cloud.start()

    @on_the_loop
    def forget(self) -> None:
        """Its database is lost: another one, empty."""
        self._cloud.forget()
        self._cloud.start()
        self._context.did("cloud", "the cloud has lost its database")

    # --- what people do there

    @on_the_loop
    def set(self, /, device: str, expires_in: Duration = "30s", **values: Any) -> Doing[str]:
        """As on the phone far away: `set("hall.light", on=True)`. Awaited for its outcome, as `confirmed` or `expired`,
        however late that is.

        Raises NoCloud; CannotBe for a device that it does not know.
        """
        service = self._cloud.service
        if service is None:
            raise NoCloud("the cloud's process is gone; start it with: home.cloud.start()")
        identifier = self._identifier(device)
        lasts_s = seconds_of(expires_in)
        wish = service.command(HUB_NAME, identifier, values, lasts_s)
        said = ", ".join(f"{name} = {value}" for name, value in values.items())
        self._context.did(device, f"the cloud is asked: {device} {said}")
        return Doing(lambda: self._answer(wish.id, lasts_s + _ANSWERS_S))

    async def _answer(self, wish: str, seconds: float) -> str:
        await self._context.comes_true(lambda: self._state(wish) not in _OPEN, seconds)
        found = self._consumer.commands.find(wish)
        if found is None:
            raise NoCloud("the cloud has lost its database, and with it what it was asked for")
        return found.outcome or found.state

    def _state(self, wish: str) -> str:
        if self._cloud.service is None:
            return "queued"
        found = self._cloud.consumer.commands.find(wish)
        return "unknown" if found is None else found.state

    def _identifier(self, device: str) -> str:
        known = self._context.there.cloud.devices()
        for identifier, it in known.items():
            if it.name == device:
                return identifier
        names = [it.name for it in known.values()]
        meant = did_you_mean(device, names) or f"; it knows {', '.join(names)}"
        raise CannotBe(f"the cloud knows no {device!r}{meant}")

    @property
    def _cloud(self) -> SiteCloud:
        if self._context.site.cloud is None:
            raise NoCloud("this home has no cloud: its mark says cloud=False")
        return self._context.site.cloud

    @property
    def _consumer(self) -> Consumer:
        if self._cloud.service is None:
            raise NoCloud("the cloud's process is gone; start it with: home.cloud.start()")
        return self._cloud.service.consumer
