"""A lamp that is dimmed, and one that also has colours."""

import asyncio
from typing import ClassVar

from simulators.devices.device import Device, Motion, within

WARM_WHITE, COLD_WHITE, RED, GREEN, BLUE = "warm_white", "cold_white", "red", "green", "blue"
LOWEST = 1.0
"""The least at which it is on."""


class Dimmer(Device):
    """`level` is 0-100; changes take `ramp_s` unless told otherwise. `level` changes when it has arrived."""

    HANDS: ClassVar = {"on": ("switch", bool), "level": ("go_to", float)}

    def __init__(self, loop: asyncio.AbstractEventLoop, *, ramp_s: float = 1.0) -> None:
        super().__init__()
        self.ramp_s = ramp_s
        self.last_on_level = 100.0
        """What it returns to when it is switched on."""
        self._motion = Motion(loop, 0.0, self._arrived)

    @property
    def level(self) -> float:
        return self._motion.value

    @property
    def target(self) -> float:
        return self._motion.target

    @property
    def on(self) -> bool:
        return self.target > 0

    @property
    def moving(self) -> bool:
        return self._motion.moving

    @property
    def remaining_s(self) -> float:
        return self._motion.remaining_s

    def go_to(self, level: float, seconds: float | None = None) -> None:
        level = within(level, 0.0, 100.0)
        if level > 0:
            self.last_on_level = level
        elif self.on and self.moving:
            # On its way it was nowhere else: it does not come back to where it never arrived.
            self.last_on_level = max(LOWEST, self.level)
        self._motion.go(level, self.ramp_s if seconds is None else seconds)

    def move(self, target: float, full_range_s: float) -> None:
        """Move at the speed that crosses the whole range in so many seconds, until stopped."""
        self._motion.go(target, abs(target - self.level) / 100 * full_range_s)

    def stop(self) -> None:
        self._motion.stop()
        if self.target > 0:
            self.last_on_level = self.target

    def switch(self, on: bool) -> None:
        self.go_to(self.last_on_level if on else 0.0)

    def press(self, button: str = "1", gesture: str = "single") -> None:
        if (button, gesture) != ("1", "single"):
            super().press(button, gesture)
        self.switch(not self.on)

    def meddle(self) -> None:
        self.switch(not self.on)

    def restart(self, on: bool | None) -> None:
        """From its flash it knows where it was going, and is there; a lamp that is not told so comes back at full."""
        super().restart(on)
        level = self.target if on is None else 100.0 if on else 0.0
        self.go_to(level, 0.0)

    def _arrived(self) -> None:
        self._changed("level")


class ColorLamp(Dimmer):
    """Red, green, blue, warm and cold white, each 0-255, mixed; dimmed as a whole."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, ramp_s: float = 1.0) -> None:
        super().__init__(loop, ramp_s=ramp_s)
        self._components = {
            name: Motion(loop, 255.0 if name == WARM_WHITE else 0.0, self._color_arrived)
            for name in (WARM_WHITE, COLD_WHITE, RED, GREEN, BLUE)
        }

    def component(self, name: str) -> Motion:
        """To be read only: `color` moves it."""
        return self._components[name]

    def color(self, levels: dict[str, float], seconds: float | None = None) -> None:
        for name, level in levels.items():
            self._components[name].go(within(level, 0.0, 255.0), self.ramp_s if seconds is None else seconds)

    def move_component(self, name: str, target: float, full_range_s: float) -> None:
        motion = self._components[name]
        motion.go(target, abs(target - motion.value) / 255 * full_range_s)

    def stop_component(self, name: str) -> None:
        self._components[name].stop()

    def _color_arrived(self) -> None:
        if not any(motion.moving for motion in self._components.values()):
            self._changed("color")
