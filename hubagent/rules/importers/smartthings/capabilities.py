"""SmartThings' capabilities in our words: the tables of what is read and what is commanded.

Production capabilities of the SmartThings API: switch, contactSensor, motionSensor and so on.
"""

from dataclasses import dataclass
from typing import Any, Final

from hubagent.rules.words import WORDS


@dataclass(frozen=True, slots=True)
class Words:
    """An attribute whose values are words; each means a word of ours, or a flag."""

    meanings: dict[str, str | bool]
    attribute: str = ""
    """Which attribute of the device; empty: what the words are about."""

    @property
    def about(self) -> str:
        """The attribute, also where the words alone say it: the first of them does."""
        first = next(iter(self.meanings.values()))
        return self.attribute or WORDS[str(first)][0][0]


@dataclass(frozen=True, slots=True)
class Amount:
    """An attribute that is a number."""

    attribute: str
    scale: float = 1.0
    is_temperature: bool = False


READ: Final[dict[tuple[str, str], Words | Amount]] = {
    ("switch", "switch"): Words({"on": "on", "off": "off"}),
    ("light", "switch"): Words({"on": "on", "off": "off"}),
    ("valve", "valve"): Words({"open": "on", "closed": "off"}),
    ("contactsensor", "contact"): Words({"open": "open", "closed": "closed"}),
    ("motionsensor", "motion"): Words({"active": "occupied", "inactive": "clear"}),
    ("presencesensor", "presence"): Words({"present": "occupied", "not present": "clear"}),
    ("occupancysensor", "occupancy"): Words({"occupied": "occupied", "unoccupied": "clear"}),
    ("watersensor", "water"): Words({"wet": "wet", "dry": "dry"}),
    ("smokedetector", "smoke"): Words({"detected": "smoke", "clear": "clear"}),
    ("carbonmonoxidedetector", "carbonmonoxide"): Words({"detected": "co", "clear": "clear"}),
    ("gasdetector", "gas"): Words({"detected": "gas", "clear": "clear"}),
    ("lock", "lock"): Words({"locked": "locked", "unlocked": "unlocked"}),
    ("accelerationsensor", "acceleration"): Words({"active": True, "inactive": False}, "vibration"),
    ("tamperalert", "tamper"): Words({"detected": True, "clear": False}, "tamper"),
    ("thermostatmode", "thermostatmode"): Words(
        {"off": "off", "heat": "heat", "cool": "cool", "auto": "auto", "emergency heat": "emergency_heat"}, "mode"
    ),
    ("thermostatoperatingstate", "thermostatoperatingstate"): Words(
        {"heating": "heating", "cooling": "cooling", "idle": "idle"}, "running"
    ),
    ("thermostatfanmode", "thermostatfanmode"): Words({"auto": "auto", "on": "on"}, "fan_mode"),
    ("temperaturemeasurement", "temperature"): Amount("temperature", is_temperature=True),
    ("thermostatheatingsetpoint", "heatingsetpoint"): Amount("heating_setpoint", is_temperature=True),
    ("thermostatcoolingsetpoint", "coolingsetpoint"): Amount("cooling_setpoint", is_temperature=True),
    ("relativehumiditymeasurement", "humidity"): Amount("humidity"),
    ("illuminancemeasurement", "illuminance"): Amount("illuminance"),
    ("powermeter", "power"): Amount("power"),
    ("energymeter", "energy"): Amount("energy"),
    ("battery", "battery"): Amount("battery"),
    ("switchlevel", "level"): Amount("level"),
    ("colortemperature", "colortemperature"): Amount("color_temperature"),
    ("colorcontrol", "hue"): Amount("hue", 3.6),
    ("colorcontrol", "saturation"): Amount("saturation"),
    ("windowshadelevel", "shadelevel"): Amount("position"),
    ("carbondioxidemeasurement", "carbondioxide"): Amount("co2"),
    ("dustsensor", "finedustlevel"): Amount("pm2_5"),
    ("voltagemeasurement", "voltage"): Amount("voltage"),
}
"""By capability and attribute, in small letters."""

OPENED: Final = frozenset(
    (("doorcontrol", "door"), ("garagedoorcontrol", "door"), ("windowshade", "windowshade"), ("door", "door"))
)
"""What is open or closed by how far it is."""

BUTTON: Final = ("button", "button")
PRESSES: Final = {
    "pushed": "single",
    "double": "double",
    "held": "hold",
    "pushed_2x": "double",
    "pushed_3x": "triple",
    "pushed_4x": "quadruple",
    "pushed_5x": "quintuple",
}

_OPEN: Final = {"position": 100}
_SHUT: Final = {"position": 0}

COMMANDS: Final[dict[tuple[str, str], dict[str, Any]]] = {
    ("switch", "on"): {"on": True},
    ("switch", "off"): {"on": False},
    ("light", "on"): {"on": True},
    ("light", "off"): {"on": False},
    ("valve", "open"): {"on": True},
    ("valve", "close"): {"on": False},
    ("lock", "lock"): {"locked": True},
    ("lock", "unlock"): {"locked": False},
    **{
        (capability, "open"): _OPEN
        for capability in ("doorcontrol", "garagedoorcontrol", "windowshade", "open", "door")
    },
    **{
        (capability, "close"): _SHUT
        for capability in ("doorcontrol", "garagedoorcontrol", "windowshade", "close", "door")
    },
    ("thermostatmode", "off"): {"mode": "off"},
    ("thermostatmode", "heat"): {"mode": "heat"},
    ("thermostatmode", "cool"): {"mode": "cool"},
    ("thermostatmode", "auto"): {"mode": "auto"},
    ("thermostatfanmode", "fanauto"): {"fan_mode": "auto"},
    ("thermostatfanmode", "fanon"): {"fan_mode": "on"},
}
"""Commands without arguments."""

SETTING: Final[dict[tuple[str, str], Amount]] = {
    ("switchlevel", "setlevel"): Amount("level"),
    ("colortemperature", "setcolortemperature"): Amount("color_temperature"),
    ("windowshadelevel", "setshadelevel"): Amount("position"),
    ("thermostatheatingsetpoint", "setheatingsetpoint"): Amount("heating_setpoint", is_temperature=True),
    ("thermostatcoolingsetpoint", "setcoolingsetpoint"): Amount("cooling_setpoint", is_temperature=True),
}
"""Commands whose first argument is a number."""
