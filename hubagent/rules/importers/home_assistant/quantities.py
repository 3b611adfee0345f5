"""What the ends of Home Assistant's entity ids say about sensors: the tables, and nothing else."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class FlagWords:
    """What `on` and `off` of a binary sensor are called here."""

    on: str | bool
    off: str | bool
    ending: str = ""
    """How the device's name ends here; empty: as there."""


_OCCUPIED: Final = ("occupied", "clear")
_OPEN: Final = ("open", "closed")

BINARY_SENSORS: Final[dict[str, FlagWords]] = {
    "motion": FlagWords(*_OCCUPIED),
    "motion_sensor": FlagWords(*_OCCUPIED, "motion"),
    "pir": FlagWords(*_OCCUPIED, "motion"),
    "movement": FlagWords(*_OCCUPIED, "motion"),
    "occupancy": FlagWords(*_OCCUPIED, "occupied"),
    "presence": FlagWords(*_OCCUPIED),
    "door": FlagWords(*_OPEN),
    "door_sensor": FlagWords(*_OPEN, "door"),
    "door_contact": FlagWords(*_OPEN, "door"),
    "window": FlagWords(*_OPEN),
    "window_sensor": FlagWords(*_OPEN, "window"),
    "window_contact": FlagWords(*_OPEN, "window"),
    "contact": FlagWords(*_OPEN),
    "opening": FlagWords(*_OPEN, "open"),
    "leak": FlagWords("wet", "dry"),
    "water_leak": FlagWords("wet", "dry", "leak"),
    "moisture": FlagWords("wet", "dry", "leak"),
    "flood": FlagWords("wet", "dry", "leak"),
    "smoke": FlagWords("smoke", "clear"),
    "gas": FlagWords("gas", "clear"),
    "carbon_monoxide": FlagWords("co", "clear", "co"),
    "vibration": FlagWords(True, False),
    "tamper": FlagWords(True, False),
    "battery_low": FlagWords(True, False),
    "low_battery": FlagWords(True, False, "battery_low"),
}
"""By the end of the entity's id."""

MEASURED: Final[dict[str, str]] = {
    "temperature": "temperature",
    "temp": "temperature",
    "humidity": "humidity",
    "illuminance": "illuminance",
    "illumination": "illuminance",
    "light_level": "illuminance",
    "lux": "illuminance",
    "power": "power",
    "energy": "energy",
    "voltage": "voltage",
    "current": "current",
    "battery": "battery",
    "battery_level": "battery",
    "pressure": "pressure",
    "co2": "co2",
    "carbon_dioxide": "co2",
    "pm25": "pm2_5",
    "pm2_5": "pm2_5",
    "pm10": "pm10",
    "voc": "voc",
    "soil_moisture": "soil_moisture",
}
"""What a sensor measures, by the end of its id."""

TEMPERATURES: Final = frozenset(("temperature", "heating_setpoint", "cooling_setpoint"))

ATTRIBUTES: Final[dict[str, dict[str, tuple[str, float]]]] = {
    "light": {"brightness": ("level", 100 / 255), "color_temp_kelvin": ("color_temperature", 1.0)},
    "fan": {"percentage": ("level", 1.0)},
    "cover": {"current_position": ("position", 1.0), "current_tilt_position": ("tilt", 1.0)},
    "climate": {
        "current_temperature": ("temperature", 1.0),
        "temperature": ("heating_setpoint", 1.0),
        "target_temp_low": ("heating_setpoint", 1.0),
        "target_temp_high": ("cooling_setpoint", 1.0),
        "current_humidity": ("humidity", 1.0),
    },
    "sensor": {"battery_level": ("battery", 1.0), "battery": ("battery", 1.0), "temperature": ("temperature", 1.0)},
    "binary_sensor": {"battery_level": ("battery", 1.0), "battery": ("battery", 1.0)},
    "lock": {"battery_level": ("battery", 1.0)},
}
"""Attributes that are numbers, by domain: what they are called here, and what to multiply them by."""

CLIMATE_MODES: Final = {
    "off": "off",
    "heat": "heat",
    "cool": "cool",
    "auto": "auto",
    "heat_cool": "auto",
    "dry": "dry",
    "fan_only": "fan_only",
}
CLIMATE_ACTIONS: Final = {"heating": "heating", "cooling": "cooling", "idle": "idle", "fan": "fan"}
FAN_MODES: Final = ("off", "low", "medium", "high", "on", "auto")

VARIABLES: Final[dict[str, bool | int | str]] = {
    "input_boolean": False,
    "input_number": 0,
    "counter": 0,
    "input_select": "",
    "input_text": "",
}
"""Domains of what people keep by hand: variables here, and what they are at first."""
