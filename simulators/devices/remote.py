"""A remote with buttons, and what a finger does to them."""

import asyncio
from collections.abc import Callable

from simulators.devices.device import Battery, CannotDo, Device, Timer

GESTURES = ("press", "double", "triple", "hold", "release")
ButtonListener = Callable[[int, str], None]
_HOLD_S = 1.0


class Remote(Device):
    """Buttons are numbered from 1. `hold` is followed by `release` a second later unless somebody releases before."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, buttons: int = 4, battery: Battery | None = None) -> None:
        super().__init__(battery=battery)
        self.buttons = buttons
        self._pressed_listeners: list[ButtonListener] = []
        self._held: int | None = None
        self._let_go = Timer(loop, self._release)

    def listen_to_buttons(self, listener: ButtonListener) -> None:
        """Call `listener` with the button's number and what was done to it, one of GESTURES."""
        self._pressed_listeners.append(listener)

    def press(self, button: str = "1", gesture: str = "press") -> None:
        if not button.isdecimal() or not 1 <= int(button) <= self.buttons:
            raise CannotDo(f"there is no button {button!r}; they are numbered 1 to {self.buttons}")
        if gesture not in GESTURES:
            raise CannotDo(f"nobody can {gesture!r} a button; one can {', '.join(GESTURES)}")
        if self._held is not None:
            self._release()
        if gesture == "release":
            return
        self._tell(int(button), gesture)
        if gesture == "hold":
            self._held = int(button)
            self._let_go.start(_HOLD_S)

    def _release(self) -> None:
        assert self._held is not None
        self._let_go.stop()
        button, self._held = self._held, None
        self._tell(button, "release")

    def _tell(self, button: int, gesture: str) -> None:
        for listener in tuple(self._pressed_listeners):
            listener(button, gesture)
