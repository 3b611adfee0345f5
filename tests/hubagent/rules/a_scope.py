"""A home for expressions: devices, a mode, variables, and a clock that stands still."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from hubagent.model.capability import Value
from hubagent.model.device import Device, DeviceId, Presence
from hubagent.rules.cells import Cell


def device(name: str, *capabilities: str) -> Device:
    return Device(f"id-{name}", name, "fake", 1, capabilities, Presence.READY)


DEVICES = (
    device("hall.motion", "occupancy_sensing", "power_source"),
    device("hall.lux", "illuminance_measurement"),
    device("hall.light", "on_off", "level_control"),
    device("garage.door", "boolean_state"),
    device("garage.freezer", "temperature_measurement", "electrical_power_measurement"),
    device("living lamp", "on_off", "level_control", "color_control"),
    device("front.lock", "door_lock"),
    device("radiator", "thermostat", "temperature_measurement"),
    device("living-room.sensor", "occupancy_sensing", "illuminance_measurement", "temperature_measurement"),
)


@dataclass
class ATrigger:
    value: Cell = field(default_factory=lambda: Cell("trigger.value"))
    id: Cell = field(default_factory=lambda: Cell("trigger.id"))
    late_s: Cell = field(default_factory=lambda: Cell("trigger.late_s"))


@dataclass
class AScope:
    wall: float = 1_767_225_600.0
    zone: str = "UTC"
    elevation: float | None = 12.0
    has_place: bool = True
    modes: tuple[str, ...] = ("home", "away", "night")
    mode: Cell = field(default_factory=lambda: Cell("home.mode", "home"))
    trigger: ATrigger = field(default_factory=ATrigger)
    kept: dict[str, Cell] = field(default_factory=lambda: {"guests": Cell("var.guests", 0)})
    cells: dict[tuple[DeviceId, str], Cell] = field(default_factory=dict)

    def find(self, name: str) -> Device | None:
        return next((one for one in DEVICES if name.casefold() in (one.name.casefold(), one.id)), None)

    def names(self) -> Iterable[str]:
        return [one.name for one in DEVICES]

    def cell(self, device: DeviceId, attribute: str) -> Cell:
        name = f"{device.removeprefix('id-')}.{attribute}"
        return self.cells.setdefault((device, attribute), Cell(name))

    def variable(self, name: str) -> Cell | None:
        return self.kept.get(name)

    def variables(self) -> Iterable[str]:
        return self.kept

    def now(self) -> float:
        return self.wall

    def local(self) -> datetime:
        return datetime.fromtimestamp(self.wall, ZoneInfo(self.zone))

    def sun_elevation(self) -> float | None:
        return self.elevation

    def has(self, **values: Value) -> None:
        """`hall_lux__illuminance=12` is what that device reported."""
        for name, value in values.items():
            known, _, attribute = name.partition("__")
            self.cell(f"id-{known.replace('_', '.')}", attribute).value = value
