"""A siren with several tones."""

import asyncio
from dataclasses import dataclass
from typing import ClassVar, Final

from simulators.device_memory import Kept
from simulators.devices.device import CannotDo, Device, Timer

ALARM: Final = 3
"""What it is for, and plays where nobody says which."""


@dataclass(frozen=True, slots=True)
class Tone:
    name: str
    duration_s: int


class Siren(Device):
    """`tone` is the number of the one that sounds, from 1; 0 is silence, to which it returns by itself."""

    TONES: ClassVar = (Tone("Chime", 2), Tone("Doorbell", 4), Tone("Alarm", 240))
    HANDS: ClassVar = {"tone": ("play", int)}

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.tone = 0
        self.volume = 50
        self.playing_volume = 0
        self.default_tone = ALARM
        self._end = Timer(loop, lambda: self.play(0))

    def play(self, tone: int, volume: int | None = None) -> None:
        if not 0 <= tone <= len(self.TONES):
            raise CannotDo(f"there is no tone {tone}; they are numbered 1 to {len(self.TONES)}, and 0 is silence")
        self._end.stop()
        self.tone = tone
        self.playing_volume = 0 if tone == 0 else self.volume if volume is None else volume
        if tone:
            self._end.start(self.TONES[tone - 1].duration_s)
        self._changed("tone")

    def meddle(self) -> None:
        """Its button stops it, or tries it."""
        self.play(0 if self.tone else 1)

    def restart(self, on: bool | None) -> None:
        super().restart(on)
        self.play(0)

    def kept(self) -> Kept:
        return {"volume": self.volume, "default_tone": self.default_tone}

    def restore(self, kept: Kept) -> None:
        self.volume, self.default_tone = int(kept["volume"]), int(kept["default_tone"])
