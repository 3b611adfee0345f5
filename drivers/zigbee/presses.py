"""What a button's messages amount to over time: what is one long hold.

A key that is held says so again and again until it is released, and where the release was lost, its silence says it.
"""

from drivers.zigbee.capabilities.translation import Pressed
from hubagent.model.capabilities.switch import Press


class Presses:
    """Of one part of a device."""

    def __init__(self) -> None:
        self._held_until: dict[int, float] = {}
        """By button, when it counts as released if it says nothing more; `loop.time()`. At most 255 buttons."""

    def heard(self, pressed: Pressed, at: float) -> Press:
        """What the message heard `at` is."""
        if pressed.press is not Press.HOLD:
            self._held_until.pop(pressed.button, None)
            return pressed.press
        held = self._held_until.get(pressed.button, at) > at
        self._held_until[pressed.button] = at + pressed.held_for_s
        return Press.HOLD_REPEAT if held else Press.HOLD
