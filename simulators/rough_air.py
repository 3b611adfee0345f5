"""What makes the air of one radio bad: frames late, overtaken, doubled, lost on one channel or on one device's way.

Both radios ask it about every frame, by the names of devices; empty is the stick's. It knows no protocol. Where nothing
is wrong it draws no random numbers, so that a fault changes nothing before it strikes.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

STICK: Final = ""


class OneWay(StrEnum):
    """In which direction a device's link fails; the other is heard."""

    TO_DEVICE = "to_device"
    TO_STICK = "to_stick"


@dataclass(frozen=True, slots=True)
class Held:
    """With which chance a frame is held up, and for how long at most."""

    chance: float = 0.0
    up_to_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Broken:
    """The link between a device and the one that is next to it on the way to the stick."""

    way: OneWay
    next_to: str


NOTHING_HELD: Final = Held()
NO_NOISE: Final = (0, 0.0)


class RoughAir:
    """All may be changed while it runs."""

    def __init__(self, rng: Callable[[str], random.Random] | None = None) -> None:
        self.late = NOTHING_HELD
        """The sender waits, with all that it has to say: the channel is busy. Nothing waits longer: what does not get
        on the air in time is lost in real radios, and not sent a minute later."""
        self.overtaken = NOTHING_HELD
        """It waits on the way, and what is said later is there before it."""
        self.noise = NO_NOISE
        """The channel that something else fills, 0 for all, and the chance that a frame on it is lost."""
        self.shadows: dict[str, float] = {}
        """Devices with something before them: the chance that a frame from or to them is lost."""
        self.broken: dict[str, Broken] = {}
        """Links that work in one direction, by their device."""
        self._make = rng or (lambda name: random.Random(f"rough air:{name}"))  # noqa: S311 - a simulation's
        self._streams: dict[str, random.Random] = {}

    def lateness_s(self) -> float:
        return self._held("late", self.late)

    def detour_s(self) -> float:
        return self._held("overtaken", self.overtaken)

    def noise_on(self, channel: int) -> float:
        where, chance = self.noise
        return chance if where in (0, channel) else 0.0

    def worse(self, loss: float, one: str, other: str, channel: int = 0) -> float:
        """`loss` between two, with what noise, and shadows on either, add to it."""
        kept = (1 - loss) * (1 - self.noise_on(channel))
        for device in (one, other):
            kept *= 1 - self.shadows.get(device, 0.0)
        return 1 - kept

    @property
    def even(self) -> bool:
        """No link is worse than the others."""
        return not (self.broken or self.shadows or self.noise[1])

    def deaf(self, sender: str, hearer: str) -> bool:
        """Whether nothing gets from the one to the other, though they are next to each other."""
        if not self.broken:
            return False
        sends, hears = self.broken.get(sender), self.broken.get(hearer)
        return (sends is not None and (sends.way, sends.next_to) == (OneWay.TO_STICK, hearer)) or (
            hears is not None and (hears.way, hears.next_to) == (OneWay.TO_DEVICE, sender)
        )

    def is_broken(self, one: str, other: str) -> bool:
        """In either direction."""
        return self.deaf(one, other) or self.deaf(other, one)

    def strikes(self, name: str, chance: float) -> bool:
        """By the random stream of that name."""
        return chance > 0 and self._stream(name).random() < chance

    def between(self, name: str, low: float, high: float) -> float:
        """Likewise."""
        return self._stream(name).uniform(low, high)

    def _held(self, name: str, held: Held) -> float:
        if not held.chance or not self.strikes(name, held.chance):
            return 0.0
        return self.between(name, 0.1, 1.0) * held.up_to_s

    def _stream(self, name: str) -> random.Random:
        if name not in self._streams:
            self._streams[name] = self._make(name)
        return self._streams[name]
