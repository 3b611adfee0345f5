"""A person at the hub and the device: the hub looks for new ones, and the button is pressed as soon as it does."""

from typing import Final

from hubagent.model.device import Presence
from hubagent.model.driver import PairingStep
from hubagent.pairing import PairingProgressed
from simulators.testing.context import Context
from simulators.testing.hidden import speaks_for_itself

__tracebackhide__ = speaks_for_itself

PAIRS_S: Final = 180.0
_STEPS_MAX: Final = 1000
_WAKE_S: Final = 10.0


class NotPaired(AssertionError):
    """It was not let in, or nobody could find out what it is; says how far it came."""


class Pairing:
    """Begins at once. Raises PairingBusy, DriverUnavailable or HubIsOff."""

    def __init__(self, context: Context, device: str, radio: str) -> None:
        self._context = context
        self._device = device
        self._agent = context.agent
        self._following = self._agent.events.following
        self._session = self._agent.pair(radio, {}, PAIRS_S)
        self._steps: list[PairingStep] = []
        self._pressed = False
        self._end_watch = context.loop.watch(self._look)

    async def done(self, seconds: float) -> None:
        """Until it is known and interviewed. Raises NotPaired."""
        for waited in range(0, int(seconds), int(_WAKE_S)):
            left = min(_WAKE_S, seconds - waited)
            if await self._context.comes_true(lambda: self._is_known() or self._has_failed(), left):
                break
            # A hand touches what sleeps, until it is known.
            self._context.site.world.do("press", self._device)
        if not self._is_known():
            steps = "; ".join(f"{step.step}: {step.text}" for step in self._steps) or "the hub did not begin"
            raise NotPaired(f"{self._device} was not paired within {seconds:g} s ({steps})")

    def _look(self) -> None:
        page = self._agent.events.since(self._following, _STEPS_MAX)
        self._following = page.following
        for entry in page.entries:
            if isinstance(entry.event, PairingProgressed) and entry.event.session == self._session:
                self._steps.append(entry.event.step)
        if not self._pressed and any(step.step == "ready" for step in self._steps):
            self._pressed = True
            self._context.site.world.do("join", self._device)
        if any(step.final for step in self._steps):
            self._end_watch()

    def _has_failed(self) -> bool:
        return any(step.final and not step.ok for step in self._steps)

    def _is_known(self) -> bool:
        devices = self._agent.home.devices.values()
        found = next((it for it in devices if it.name == self._device), None)
        return found is not None and found.presence is not Presence.INTERVIEWING
