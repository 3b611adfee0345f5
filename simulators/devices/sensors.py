"""Sensors: of motion, of a door, of leaks and of smoke; each on or off."""

import asyncio
from typing import ClassVar

from simulators.device_memory import Kept
from simulators.devices.device import Battery, Device, Timer


class MotionSensor(Device):
    """`occupied` from the first movement until `clear_after_s` after the last."""

    HANDS: ClassVar = {"occupied": ("set_occupied", bool)}
    MEASURES: ClassVar = ("occupied",)

    def __init__(
        self, loop: asyncio.AbstractEventLoop, *, clear_after_s: float = 10.0, battery: Battery | None = None
    ) -> None:
        super().__init__(battery=battery)
        self.clear_after_s = clear_after_s
        self.occupied = False
        self._clear = Timer(loop, lambda: self.set_occupied(False))

    def see_motion(self) -> None:
        """Somebody moves."""
        self.set_occupied(True)

    def set_occupied(self, occupied: bool) -> None:
        if occupied:
            self._clear.start(self.clear_after_s)
        else:
            self._clear.stop()
        if occupied != self.occupied:
            self.occupied = occupied
            self._changed("occupied")

    def keep_seeing(self) -> None:
        """Somebody goes on moving, until it is set to clear."""
        self._clear.stop()

    def restart(self, on: bool | None) -> None:
        """It has seen nobody yet."""
        super().restart(on)
        self.set_occupied(False)

    def kept(self) -> Kept:
        return {"clear_after_s": self.clear_after_s}

    def restore(self, kept: Kept) -> None:
        self.clear_after_s = float(kept["clear_after_s"])


class DoorSensor(Device):
    HANDS: ClassVar = {"open": ("set_open", bool)}
    MEASURES: ClassVar = ("open",)

    def __init__(self, *, battery: Battery | None = None) -> None:
        super().__init__(battery=battery)
        self.open = False

    def set_open(self, is_open: bool) -> None:
        if is_open != self.open:
            self.open = is_open
            self._changed("open")


class LeakSensor(Device):
    HANDS: ClassVar = {"wet": ("set_wet", bool)}
    MEASURES: ClassVar = ("wet",)

    def __init__(self, *, battery: Battery | None = None) -> None:
        super().__init__(battery=battery)
        self.wet = False

    def set_wet(self, wet: bool) -> None:
        if wet != self.wet:
            self.wet = wet
            self._changed("wet")


class SmokeAlarm(Device):
    """Its button tests it for as long as a test lasts."""

    TEST_S = 5.0
    HANDS: ClassVar = {"smoke": ("set_smoke", bool)}
    MEASURES: ClassVar = ("smoke",)

    def __init__(self, loop: asyncio.AbstractEventLoop, *, battery: Battery | None = None) -> None:
        super().__init__(battery=battery)
        self.smoke = False
        self.testing = False
        self._test = Timer(loop, lambda: self._set_testing(False))

    def set_smoke(self, smoke: bool) -> None:
        if smoke != self.smoke:
            self.smoke = smoke
            self._changed("smoke")

    def press(self, button: str = "1", gesture: str = "single") -> None:
        if (button, gesture) != ("1", "single"):
            super().press(button, gesture)
        self._test.start(self.TEST_S)
        self._set_testing(True)

    def _set_testing(self, testing: bool) -> None:
        if testing != self.testing:
            self.testing = testing
            self._changed("testing")
