"""A blind with a motor: it takes its time, and a hand can stop it."""

import asyncio
from typing import ClassVar

from simulators.devices.device import CannotDo, Device, Motion, within


class Blind(Device):
    """`position` is how far it is open: 0 closed, 100 open. From end to end it takes `travel_s`."""

    HANDS: ClassVar = {"position": ("go_to", float)}

    def __init__(self, loop: asyncio.AbstractEventLoop, *, travel_s: float = 20.0, position: float = 100.0) -> None:
        super().__init__()
        self.travel_s = travel_s
        self._motion = Motion(loop, position, self._arrived)

    @property
    def position(self) -> float:
        return self._motion.value

    @property
    def target(self) -> float:
        return self._motion.target

    @property
    def moving(self) -> bool:
        return self._motion.moving

    @property
    def remaining_s(self) -> float:
        return self._motion.remaining_s

    def go_to(self, position: float) -> None:
        position = within(position, 0.0, 100.0)
        self._motion.go(position, abs(position - self.position) / 100 * self.travel_s)

    def stop(self) -> None:
        self._motion.stop()

    def press(self, button: str = "up", gesture: str = "single") -> None:
        if gesture != "single" or button not in ("up", "down", "stop"):
            raise CannotDo("its buttons are up, down and stop")
        if button == "stop":
            self.stop()
        else:
            self.go_to(100.0 if button == "up" else 0.0)

    def meddle(self) -> None:
        self.go_to(0.0 if self.target > 50 else 100.0)

    def restart(self, on: bool | None) -> None:
        super().restart(on)
        self.stop()

    def _arrived(self) -> None:
        self._changed("position")
