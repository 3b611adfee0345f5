"""A lamp at a switch, or whatever is on or off; and a strip of several."""

from functools import partial
from typing import ClassVar

from simulators.devices.device import CannotDo, Device


class Switch(Device):
    HANDS: ClassVar = {"on": ("switch", bool)}

    def __init__(self, *, on: bool = False) -> None:
        super().__init__()
        self.on = on

    def switch(self, on: bool) -> None:
        if on != self.on:
            self.on = on
            self._changed("on")

    def press(self, button: str = "1", gesture: str = "single") -> None:
        if (button, gesture) != ("1", "single"):
            super().press(button, gesture)
        self.switch(not self.on)

    def meddle(self) -> None:
        self.switch(not self.on)

    def restart(self, on: bool | None) -> None:
        super().restart(on)
        if on is not None:
            self.switch(on)


class PowerStrip(Device):
    """Several outlets, numbered from 1. A hand presses the button next to an outlet."""

    def __init__(self, outlets: int = 3) -> None:
        super().__init__()
        self.outlets = tuple(Switch() for _ in range(outlets))
        for number, outlet in enumerate(self.outlets, start=1):
            outlet.listen(partial(self._outlet_changed, number))

    def _outlet_changed(self, number: int, attribute: str) -> None:
        self._changed(f"{attribute}:{number}")

    def press(self, button: str = "1", gesture: str = "single") -> None:
        if not button.isdecimal() or not 1 <= int(button) <= len(self.outlets):
            raise CannotDo(f"there is no outlet {button!r}; they are numbered 1 to {len(self.outlets)}")
        self.outlets[int(button) - 1].press("1", gesture)

    def meddle(self) -> None:
        self.outlets[0].meddle()

    def restart(self, on: bool | None) -> None:
        super().restart(on)
        for outlet in self.outlets:
            outlet.restart(on)
