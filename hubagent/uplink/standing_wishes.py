"""Wishes that stay (UPLINK.md): how the cloud wants devices to be, brought about once for each version.

A version has ended when each of its devices has: only then is it remembered, so that what the power interrupted is
taken up again, which does no harm, as it says how things shall be.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from hubagent.home import Home
from hubagent.model.device import Device, DeviceId, Presence
from hubagent.model.event import CommandAnswered
from hubagent.uplink.message.fields import Scalar
from hubagent.wishes import OPEN_MAX, Wishes, WishRefused, worst_of

AT_ONCE_MAX: Final = OPEN_MAX
"""Devices that are waited for at the same time; the others' turn comes as those answer."""

Tell = Callable[[int, str, str, str], None]
"""Of a version and a device the outcome, and a word more."""


class StandingWishes:
    def __init__(
        self,
        home: Home,
        wishes: Wishes,
        is_commanded: Callable[[DeviceId], bool],
        tell: Tell,
        ended: Callable[[int], None],
    ) -> None:
        self._home = home
        self._wishes = wishes.apart()
        self._is_commanded = is_commanded
        self._tell = tell
        self._ended = ended
        self._version = 0
        self._left: dict[str, Mapping[str, Scalar]] = {}
        """Of the latest version, whose turn has not come yet."""
        self._unanswered = 0
        """Of the latest version, who has not been told of."""
        self._open = 0
        """Of all versions, who is waited for."""
        self._going_on = False

    def adopt(self, version: int, devices: Mapping[str, Mapping[str, Scalar]]) -> None:
        """Bring it about, instead of what has not been begun of an older version."""
        self._version, self._left, self._unanswered = version, dict(devices), len(devices)
        if not devices:
            self._ended(version)
        self._go_on()

    def _go_on(self) -> None:
        if self._going_on:  # somebody answered at once
            return
        self._going_on = True
        try:
            while self._left and self._open < AT_ONCE_MAX:
                device = next(iter(self._left))
                self._begin(device, self._left.pop(device))
        finally:
            self._going_on = False

    def _begin(self, device: str, wanted: Mapping[str, Scalar]) -> None:
        version = self._version

        def done(answers: Sequence[CommandAnswered]) -> None:
            worst = worst_of(answers)
            self._answered(version, device, worst.outcome.value, worst.detail)

        self._open += 1
        try:
            known = self._wishes.find(device)
            missing = self._missing(known, wanted)
            if missing:
                self._wishes.set(known.id, missing, done)
            else:
                self._answered(version, device, "confirmed", "it is so already")
        except WishRefused as refused:
            self._answered(version, device, "refused", str(refused))

    def _answered(self, version: int, device: str, outcome: str, detail: str) -> None:
        self._open -= 1
        self._tell(version, device, outcome, detail)
        if version == self._version:
            self._unanswered -= 1
            if not self._unanswered:
                self._ended(version)
        self._go_on()

    def _missing(self, device: Device, wanted: Mapping[str, Scalar]) -> Mapping[str, Scalar]:
        """What is not so already, as far as that is sure: a word that is under way may change it, a device that sleeps
        may have one waiting, and what is only remembered may be otherwise since."""
        if device.presence is not Presence.READY or self._is_commanded(device.id):
            return wanted
        state = self._home.state(device.id)
        sure = {name: it.value for readings in state.values() for name, it in readings.items() if it.fresh}
        return {name: value for name, value in wanted.items() if name not in sure or sure[name] != value}
