"""Lamps switched by hand: on where it is dark and nothing else lit them, off where nobody is left.

Whoever enters waits a moment for the house to do it by itself.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from simulators.climate.rooms import Room
from simulators.devices.device import Device
from simulators.devices.dimmer import Dimmer
from simulators.devices.switch import Switch
from simulators.residents.resident import Resident

DARK_LX: Final = 25.0
PATIENCE_S: Final = 3.0
TIDY: Final = 0.6
"""How often somebody who leaves a room empty thinks of its light."""


@dataclass(frozen=True, slots=True)
class Lamp:
    name: str
    device: Device

    @property
    def on(self) -> bool:
        return isinstance(self.device, Switch | Dimmer) and self.device.on


class LampHands:
    """`press` pushes a device's button. `who` lives here."""

    def __init__(
        self,
        rooms: Mapping[str, Room],
        lamps: Mapping[str, Sequence[Lamp]],
        who: Mapping[str, Resident],
        press: Callable[[str], None],
    ) -> None:
        self._rooms = rooms
        self._lamps = lamps
        self._who = who
        self._press = press
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[str, asyncio.TimerHandle] = {}

    def entered(self, resident: Resident) -> None:
        if not self._lamps.get(resident.room):
            return
        if waiting := self._waiting.pop(resident.name, None):
            waiting.cancel()
        self._waiting[resident.name] = self._loop.call_later(PATIENCE_S, self.see_to_light, resident)

    def see_to_light(self, resident: Resident) -> None:
        """Where it is dark and no lamp is lit, the first one is switched on; not where somebody sleeps."""
        lamps = self._lamps.get(resident.room, ())
        if resident.asleep or not lamps or any(lamp.on for lamp in lamps):
            return
        if self._rooms[resident.room].light < DARK_LX and not self._sleeper_in(resident.room):
            self._press(lamps[0].name)

    def left(self, resident: Resident, room: str) -> None:
        if any(it.room == room for it in self._who.values()) or resident.rng.random() >= TIDY:
            return
        self.switch_off(room)

    def lit_rooms(self) -> list[str]:
        """Where a lamp burns and nobody sleeps."""
        lit = (room for room, lamps in self._lamps.items() if any(lamp.on for lamp in lamps))
        return sorted(room for room in lit if room in self._rooms and not self._sleeper_in(room))

    def switch_off(self, room: str) -> None:
        for lamp in self._lamps.get(room, ()):
            if lamp.on:
                self._press(lamp.name)

    def stop(self) -> None:
        for waiting in self._waiting.values():
            waiting.cancel()
        self._waiting.clear()

    def _sleeper_in(self, room: str) -> bool:
        return any(it.asleep and it.room == room for it in self._who.values())
