"""IKEA of Sweden: remotes, a motion sensor that switches lamps, batteries that count in whole per cent before 2.4.

What the buttons send: the MIT zigbee-herdsman-converters, and captures of a TRADFRI remote control.
"""

from typing import Final

from drivers.zigbee.capabilities.quirks.quirk import Key, Keys, Meaning, Quirk, Reported, Target
from drivers.zigbee.zcl.data_types import DataType
from hubagent.model.capabilities.concentration_measurement import CONCENTRATION_MEASUREMENT
from hubagent.model.capabilities.fan_control import FAN_CONTROL
from hubagent.model.capabilities.switch import Press

MAKER: Final = "IKEA of Sweden"
OTHER_NAMES: Final = ("\x02KE",)
"""Of an open/close remote whose first letter went wrong in the factory."""

_FIVE_BUTTONS: Final[Keys] = {
    "toggle": Key(1),
    "level": Key(1, Press.HOLD),
    "up.step": Key(2),
    "up.move": Key(2, Press.HOLD),
    "down.step": Key(3),
    "down.move": Key(3, Press.HOLD),
    "left": Key(4),
    "left.hold": Key(4, Press.HOLD),
    "right": Key(5),
    "right.hold": Key(5, Press.HOLD),
}
"""The round one: the middle, brighter, darker, left, right."""
_FOUR_BUTTONS: Final[Keys] = {
    "on": Key(1),
    "up.move": Key(1, Press.HOLD),
    "off": Key(2),
    "down.move": Key(2, Press.HOLD),
    "left": Key(3),
    "left.hold": Key(3, Press.HOLD),
    "right": Key(4),
    "right.hold": Key(4, Press.HOLD),
}
_SOUND: Final[Keys] = {
    "toggle": Key(1),
    "up.step": Key(2),
    "down.step": Key(3),
    "up.move": Key(2, Press.HOLD),
    "down.move": Key(3, Press.HOLD),
}
"""The knob of 2019 and the remote of 2023: play, louder, softer; a knob that is turned is held."""

# The air purifier: a fan and dust, in a cluster of its own.

CODE: Final = 0x117C
PURIFIER_CLUSTER: Final = 0xFC7D
DUST, FAN = 0x0004, 0x0006
_FAN: Final = Meaning(
    FAN_CONTROL,
    "fan_mode",
    values={
        0: "off", 1: "auto", 10: "low", 30: "medium", 50: "high",
        15: "low", 20: "low", 25: "medium", 35: "medium", 40: "high", 45: "high",
    },
)  # fmt: skip
"""The wheel has nine speeds, 10 to 50; it is told the first that is listed of each."""
_DUST: Final = Meaning(CONCENTRATION_MEASUREMENT, "pm2_5", minimum=0, maximum=1000)
_PURIFIER: Final = Quirk(
    hidden=frozenset(((None, 0x0202),)),
    meanings={(1, PURIFIER_CLUSTER, DUST): (_DUST,), (1, PURIFIER_CLUSTER, FAN): (_FAN,)},
    targets={"fan_mode": Target(1, PURIFIER_CLUSTER, FAN, DataType.UINT8, _FAN, CODE)},
    reads=((1, PURIFIER_CLUSTER, DUST, CODE), (1, PURIFIER_CLUSTER, FAN, CODE)),
    reported=(
        Reported(1, PURIFIER_CLUSTER, DUST, DataType.UINT16, 60, 600, 1, CODE),
        Reported(1, PURIFIER_CLUSTER, FAN, DataType.UINT8, 0, 3600, 1, CODE),
    ),
)

_MODELS: Final = {
    "TRADFRI remote control": Quirk(keys=_FIVE_BUTTONS),
    "Remote Control N2": Quirk(keys=_FOUR_BUTTONS),
    "SYMFONISK Sound Controller": Quirk(keys=_SOUND),
    "SYMFONISK sound remote gen2": Quirk(keys={**_SOUND, "forwards": Key(4), "backwards": Key(5)}),
    "TRADFRI motion sensor": Quirk(motion_by_command=True),
    "STARKVIND Air purifier": _PURIFIER,
    "STARKVIND Air purifier table": _PURIFIER,
}

MODELS: Final = {(maker, model): quirk for maker in (MAKER, *OTHER_NAMES) for model, quirk in _MODELS.items()}

WHOLE_PERCENTS_BEFORE: Final = (2, 4)
"""Major and minor number of the firmware since which the battery is counted in halves, as the ZCL has it."""


def counts_whole_percents(manufacturer: str, firmware: str) -> bool:
    """By the first two numbers of Basic's SWBuildID; a firmware that does not tell is taken for one as it should be.

    Older remotes told 0-100 where 0-200 was meant (zigbee-herdsman-converters, IKEA's `ikeaBattery`).
    """
    if manufacturer not in {MAKER, *OTHER_NAMES}:
        return False
    numbers = firmware.split(".")[:2]
    if len(numbers) < 2 or not all(number.isascii() and number.isdigit() for number in numbers):
        return False
    return (int(numbers[0]), int(numbers[1])) < WHOLE_PERCENTS_BEFORE
