"""The air and the light of a room, and the sensor that measures them."""

from typing import ClassVar

from simulators.devices.device import Battery, Device, within


class RoomAir(Device):
    """Not a device one buys, but one that everything in a room shares. Who changes it: the weather, heaters, people."""

    def __init__(self, *, temperature: float = 20.0, humidity: float = 45.0, illuminance: float = 100.0) -> None:
        super().__init__()
        self.temperature = temperature
        """°C"""
        self.humidity = humidity
        """Relative, 0-100 %."""
        self.illuminance = illuminance
        """lx"""
        self.heating_power_w = 0.0

    def become(
        self, *, temperature: float | None = None, humidity: float | None = None, illuminance: float | None = None
    ) -> None:
        wanted = {"temperature": temperature, "humidity": humidity, "illuminance": illuminance}
        for name, value in wanted.items():
            if value is not None and value != getattr(self, name):
                setattr(self, name, value)
                self._changed(name)


class ClimateSensor(Device):
    """Measures the room it is in: °C, % relative humidity, lx. A hand that sets these warms the whole room."""

    MEASURED: ClassVar = ("temperature", "humidity", "illuminance")
    MEASURES: ClassVar = MEASURED
    HANDS: ClassVar = {
        "temperature": ("warm_to", float),
        "humidity": ("moisten_to", float),
        "illuminance": ("light_to", float),
    }

    def __init__(self, air: RoomAir, *, battery: Battery | None = None) -> None:
        super().__init__(battery=battery)
        self.air = air
        air.listen(self._changed)

    @property
    def temperature(self) -> float:
        return round(self.air.temperature, 1)

    @property
    def humidity(self) -> float:
        return round(self.air.humidity)

    @property
    def illuminance(self) -> float:
        return round(self.air.illuminance)

    def warm_to(self, celsius: float) -> None:
        self.air.become(temperature=within(celsius, -40.0, 80.0))

    def moisten_to(self, percent: float) -> None:
        self.air.become(humidity=within(percent, 0.0, 100.0))

    def light_to(self, lux: float) -> None:
        self.air.become(illuminance=within(lux, 0.0, 100_000.0))
