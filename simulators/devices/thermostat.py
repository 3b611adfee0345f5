"""A thermostat with its radiator: it heats the room it is in, up to its setpoint."""

from enum import StrEnum
from typing import ClassVar

from simulators.device_memory import Kept
from simulators.devices.device import CannotDo, Device, within
from simulators.devices.room_air import RoomAir

LOWEST_C, HIGHEST_C = 5.0, 30.0
HYSTERESIS_C = 0.3


class Mode(StrEnum):
    OFF = "off"
    HEAT = "heat"
    ECO = "eco"


class Thermostat(Device):
    """`heating` while the room is colder than the setpoint of the mode it is in; eco has its own."""

    MEASURES: ClassVar = ("temperature",)
    HANDS: ClassVar = {"setpoint": ("set_setpoint", float), "mode": ("set_mode", str)}

    def __init__(self, air: RoomAir, *, power_w: float = 1500.0) -> None:
        super().__init__()
        self.air = air
        self.mode = Mode.HEAT
        self.setpoints = {Mode.HEAT: 21.0, Mode.ECO: 17.0}
        self.heating = False
        self.fan_high = False
        self._power_w = power_w
        air.listen(self._air_changed)

    @property
    def temperature(self) -> float:
        return round(self.air.temperature, 1)

    def set_setpoint(self, celsius: float, mode: Mode | None = None) -> None:
        """Of `mode`, or of the present one (heat where that is off)."""
        which = mode or (self.mode if self.mode in self.setpoints else Mode.HEAT)
        celsius = within(celsius, LOWEST_C, HIGHEST_C)
        if celsius != self.setpoints[which]:
            self.setpoints[which] = celsius
            self._changed(f"setpoint:{which}")
        self._regulate()

    def set_mode(self, mode: str) -> None:
        if mode not in tuple(Mode):
            raise CannotDo(f"there is no mode {mode!r}; there are {', '.join(Mode)}")
        wanted = Mode(mode)
        if wanted != self.mode:
            self.mode = wanted
            self._changed("mode")
        self._regulate()

    def set_fan(self, high: bool) -> None:
        if high != self.fan_high:
            self.fan_high = high
            self._changed("fan")

    def meddle(self) -> None:
        """Somebody turns it: warmer, or where it cannot be, colder."""
        celsius = self.setpoints.get(self.mode, self.setpoints[Mode.HEAT])
        self.set_setpoint(celsius + 2 if celsius + 2 <= HIGHEST_C else celsius - 2)

    def kept(self) -> Kept:
        setpoints = {str(mode): celsius for mode, celsius in self.setpoints.items()}
        return {"mode": str(self.mode), "setpoints": setpoints, "fan_high": self.fan_high}

    def restore(self, kept: Kept) -> None:
        self.mode = Mode(kept["mode"])
        self.setpoints = {mode: within(kept["setpoints"][mode], LOWEST_C, HIGHEST_C) for mode in self.setpoints}
        self.fan_high = bool(kept["fan_high"])

    def _air_changed(self, attribute: str) -> None:
        self._changed(attribute)
        self._regulate()

    def _regulate(self) -> None:
        setpoint = self.setpoints.get(self.mode)
        limit = None if setpoint is None else setpoint + (0.0 if self.heating else -HYSTERESIS_C)
        heating = limit is not None and self.air.temperature < limit
        if heating != self.heating:
            self.heating = heating
            self.air.heating_power_w += self._power_w if heating else -self._power_w
            self._changed("heating")
