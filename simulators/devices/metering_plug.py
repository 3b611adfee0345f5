"""A plug that switches what hangs on it, and meters it."""

import asyncio
from typing import ClassVar

from simulators.device_memory import Kept
from simulators.devices.device import within
from simulators.devices.switch import Switch


class MeteringPlug(Switch):
    """`power_w` is the load's while it is on; `energy_kwh` counts it up."""

    VOLTAGE_V = 230.0
    MEASURES: ClassVar = ("power_w",)
    HANDS: ClassVar = {"on": ("switch", bool), "load": ("load", float)}

    def __init__(self, loop: asyncio.AbstractEventLoop, *, load_w: float = 60.0, on: bool = False) -> None:
        super().__init__(on=on)
        self._loop = loop
        self._load_w = load_w
        self._counted_kwh = 0.0
        self._counted_at = loop.time()

    @property
    def power_w(self) -> float:
        return self._load_w if self.on else 0.0

    @property
    def current_a(self) -> float:
        return self.power_w / self.VOLTAGE_V

    @property
    def energy_kwh(self) -> float:
        return self._counted_kwh + self.power_w * (self._loop.time() - self._counted_at) / 3_600_000

    def switch(self, on: bool) -> None:
        if on != self.on:
            self._count()
            super().switch(on)
            self._changed("power")

    def set_stuck(self, stuck: bool) -> None:
        super().set_stuck(stuck)
        if not stuck:
            self._changed("power")

    def load(self, watts: float) -> None:
        """Something else is plugged in, or what is works harder."""
        self._count()
        self._load_w = within(watts, 0.0, 3680.0)
        self._changed("power")

    def reset_energy(self, kwh: float = 0.0) -> None:
        self._count()
        self._counted_kwh = kwh
        self._changed("energy")

    def kept(self) -> Kept:
        return {"energy_wh": int(self.energy_kwh * 1000)}

    def restore(self, kept: Kept) -> None:
        """What was used of the last watt hour is lost."""
        self._counted_kwh = int(kept["energy_wh"]) / 1000
        self._counted_at = self._loop.time()

    def _count(self) -> None:
        self._counted_kwh = self.energy_kwh
        self._counted_at = self._loop.time()
