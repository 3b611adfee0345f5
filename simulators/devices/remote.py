"""A remote with buttons, and what a finger does to them."""

import asyncio

from simulators.devices.device import Battery, CannotDo, Device, Timer

SINGLE, DOUBLE, TRIPLE, HOLD, RELEASE = "single", "double", "triple", "hold", "release"
GESTURES = (SINGLE, DOUBLE, TRIPLE, HOLD, RELEASE)
_HOLD_S = 1.0
_HELD_EVERY_S = 0.2


class Remote(Device):
    """Buttons are numbered from 1. `button` changes with each thing done to one, which `done` then tells.

    A `hold` is told again every 200 ms, and is followed by a `release` a second later unless somebody releases before.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, *, buttons: int = 4, battery: Battery | None = None) -> None:
        super().__init__(battery=battery)
        self.buttons = buttons
        self.done = (1, RELEASE)
        """The button, and what was done to it: one of GESTURES."""
        self._held_times = 0
        self._still_held = Timer(loop, self._hold_on)

    def press(self, button: str = "1", gesture: str = SINGLE) -> None:
        if not button.isdecimal() or not 1 <= int(button) <= self.buttons:
            raise CannotDo(f"there is no button {button!r}; they are numbered 1 to {self.buttons}")
        if gesture not in GESTURES:
            raise CannotDo(f"nobody can {gesture!r} a button; one can {', '.join(GESTURES)}")
        if self._held_times:
            self._release()
        if gesture == RELEASE:
            return
        self._do(int(button), gesture)
        if gesture == HOLD:
            self._held_times = 1
            self._still_held.start(_HELD_EVERY_S)

    def _hold_on(self) -> None:
        if self._held_times * _HELD_EVERY_S >= _HOLD_S:
            self._release()
        else:
            self._held_times += 1
            self._do(self.done[0], HOLD)
            self._still_held.start(_HELD_EVERY_S)

    def _release(self) -> None:
        self._still_held.stop()
        self._held_times = 0
        self._do(self.done[0], RELEASE)

    def _do(self, button: int, gesture: str) -> None:
        self.done = (button, gesture)
        self._changed("button")
