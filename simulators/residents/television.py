"""A television on a plug: somebody switches it on to watch, and whoever watches last leaves it on standby."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from simulators.devices.metering_plug import MeteringPlug

WATCHED_W: Final = 115.0
STANDBY_W: Final = 2.0


@dataclass(slots=True)
class Television:
    """`press` pushes the plug's button."""

    room: str
    plug: MeteringPlug
    press: Callable[[], None]
    watchers: int = 0

    def begin(self) -> None:
        self.watchers += 1
        if not self.plug.on:
            self.press()
        self.plug.load(WATCHED_W)

    def end(self) -> None:
        self.watchers -= 1
        if not self.watchers:
            self.plug.load(STANDBY_W)
