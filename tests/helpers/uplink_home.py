"""A home with lamps for an uplink: what the lamps are told has its effect, and is written down."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from hubagent.api.views import device_view
from hubagent.home import Home
from hubagent.model.capabilities.level_control import MoveToLevel
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capability import Command, Value
from hubagent.model.device import Device, DeviceId, Presence
from hubagent.model.event import Cause, CommandAnswered, DeviceJoined, DeviceLeft, Outcome, StateReported
from hubagent.wishes import Wishes
from tests.helpers.memory_records import memory_home_records

LAMPS: Final = ("lamp-1", "lamp-2", "lamp-3")
GUEST: Final = "guest-1"
"""A device that comes and goes."""


@dataclass(frozen=True, slots=True)
class Done:
    """A command had its effect."""

    device: str
    level: float
    at: float


@dataclass
class Lamps:
    """The real ones: they outlive the hub's process."""

    rng: random.Random
    levels: dict[str, float] = field(default_factory=lambda: dict.fromkeys(LAMPS, 0.0))
    on: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(LAMPS, False))
    guest_is_here: bool = False
    done: list[Done] = field(default_factory=list)
    unreachable: set[tuple[str, float]] = field(default_factory=set)
    """What was told to a lamp, and did not reach it."""


class _Nobody:
    def judge(self, device: DeviceId, values: Mapping[str, Value]) -> str | None:
        return None

    def person_acted(self, device: DeviceId, commands: Sequence[Command]) -> None: ...


class LampHome:
    """What one life of the hub knows of the lamps."""

    def __init__(self, lamps: Lamps, wall: Callable[[], float]) -> None:
        self._lamps = lamps
        self._loop = asyncio.get_running_loop()
        self._over = False
        self._open: list[str] = []
        """Lamps that have a command under way."""
        self.home = Home(wall, memory_home_records())
        self.wishes = Wishes(self.home, _Nobody(), self._send, "cloud")
        for number, lamp in enumerate(LAMPS):
            self._join(lamp, number + 1)
            self._report(lamp)
        if lamps.guest_is_here:
            self.guest_comes()

    def views(self) -> dict[str, dict[str, Any]]:
        return {it.id: device_view(self.home, it) for it in self.home.devices.values()}

    def is_commanded(self, device: DeviceId) -> bool:
        return device in self._open

    def hand(self, lamp: str) -> None:
        """Somebody at home switches it."""
        self._lamps.on[lamp] = not self._lamps.on[lamp]
        self._report(lamp)

    def guest_comes(self) -> None:
        self._lamps.guest_is_here = True
        self._join(GUEST, 9)

    def guest_goes(self) -> None:
        self._lamps.guest_is_here = False
        self.home.apply(DeviceLeft(GUEST))

    def end(self) -> None:
        """The process is dead: nobody hears what the lamps say."""
        self._over = True

    def _join(self, name: str, address: int) -> None:
        device = Device(name, name, "seed", address, ("on_off", "level_control"), Presence.READY)
        self.home.apply(DeviceJoined(device))

    def _report(self, lamp: str) -> None:
        now = self._loop.time()
        self.home.apply(StateReported(lamp, "on_off", {"on": self._lamps.on[lamp]}, now))
        self.home.apply(StateReported(lamp, "level_control", {"level": self._lamps.levels[lamp]}, now))

    def _send(
        self, device: DeviceId, command: Command, cause: Cause, answered: Callable[[CommandAnswered], None]
    ) -> None:
        """The radio takes it at once; how it ended is known later, if the process lives so long."""
        reached = True
        self._open.append(device)
        if isinstance(command, SwitchOnOff):
            self._lamps.on[device] = command.on
        elif isinstance(command, MoveToLevel):
            reached = self._lamps.rng.random() < 0.85
            if reached:
                self._lamps.levels[device] = command.level
                self._lamps.done.append(Done(device, command.level, self._loop.time()))
            else:
                self._lamps.unreachable.add((device, command.level))
        outcome = Outcome.CONFIRMED if reached else Outcome.UNREACHABLE
        answer = CommandAnswered(device, command, cause, outcome)
        slow = self._lamps.rng.random() < 0.2
        delay_s = self._lamps.rng.uniform(1, 30) if slow else self._lamps.rng.uniform(0, 0.2)
        self._loop.call_later(delay_s, self._answer, device, answered, answer)

    def _answer(self, device: str, answered: Callable[[CommandAnswered], None], answer: CommandAnswered) -> None:
        if not self._over:
            self._open.remove(device)
            self._report(device)
            answered(answer)
