"""What the hub itself is to other nodes: its end points with their clusters, and the groups it listens to."""

from dataclasses import dataclass
from typing import Final

HOME_PROFILE: Final = 0x0104
"""Home Automation; of all applications but Light Link's (Zigbee 3.0: "common profile")."""
GREEN_POWER_PROFILE: Final = 0xA1E0
ZDO_PROFILE: Final = 0x0000
WILDCARD_PROFILE: Final = 0xFFFF

HUB: Final = 1
"""Our end point for everything but Green Power."""
GREEN_POWER: Final = 242
"""Green Power Basic specification 14-0563-18 §A.3.4.1: the end point of every Green Power device."""
GREEN_POWER_GROUP: Final = 0x0B84
"""Ibid.: to which proxies send what they hear."""
FACTORY_GROUP: Final = 0x0000
"""Where some remotes send what is pressed until they are bound to somebody."""

_IAS_CONTROL_AND_INDICATING_EQUIPMENT: Final = 0x0400
"""The device type that IAS devices look for (ZHA 05-3520-29 §7.5.1)."""
_GREEN_POWER_COMBO_BASIC: Final = 0x0066


@dataclass(frozen=True, slots=True)
class OwnEndPoint:
    number: int
    profile: int
    device_type: int
    inputs: tuple[int, ...]
    """Clusters whose server we are."""
    outputs: tuple[int, ...]
    """Clusters that we command and listen to."""
    groups: tuple[int, ...] = ()


OWN_END_POINTS: Final = (
    OwnEndPoint(
        HUB,
        HOME_PROFILE,
        _IAS_CONTROL_AND_INDICATING_EQUIPMENT,
        # Basic, Identify, On/Off, Level Control, Time, OTA Upgrade, IAS ACE: some remotes look for whom to command.
        inputs=(0x0000, 0x0003, 0x0006, 0x0008, 0x000A, 0x0019, 0x0501),
        outputs=(
            # Basic, Power Configuration, Identify, Groups, Scenes, On/Off, Level Control
            *(0x0000, 0x0001, 0x0003, 0x0004, 0x0005, 0x0006, 0x0008),
            # Analog, Binary and Multistate Input, Poll Control, Door Lock, Window Covering
            *(0x000C, 0x000F, 0x0012, 0x0020, 0x0101, 0x0102),
            # Thermostat, Fan Control, Thermostat User Interface, Color Control
            *(0x0201, 0x0202, 0x0204, 0x0300),
            # Illuminance, Temperature, Pressure, Flow, Humidity, Occupancy
            *(0x0400, 0x0402, 0x0403, 0x0404, 0x0405, 0x0406),
            # IAS Zone, IAS WD, Metering, Electrical Measurement
            *(0x0500, 0x0502, 0x0702, 0x0B04),
        ),
        groups=(FACTORY_GROUP,),
    ),
    OwnEndPoint(
        GREEN_POWER,
        GREEN_POWER_PROFILE,
        _GREEN_POWER_COMBO_BASIC,
        inputs=(0x0021,),
        outputs=(0x0021,),
        groups=(GREEN_POWER_GROUP,),
    ),
)
