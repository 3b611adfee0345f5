"""Philips Hue: what its remotes' buttons do, its lights' effects, its contact sensor.

Source: the clusters as zigbee-herdsman-converters has them (lib/philips.ts).
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final

from drivers.zigbee.wire import Remaining, UInt8, UInt16, UInt24
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand, Notification
from drivers.zigbee.zcl.data_types import DataType

MANUFACTURER_CODE = 0x100B

BUTTON_ID = 0xFC00
ENTERTAINMENT_ID = 0xFC01
EFFECT_ID = 0xFC03
CONTACT_ID = 0xFC06

_BASIC = 0x0000
_OCCUPANCY_SENSING = 0x0406


class Press(IntEnum):
    """The type of a ButtonNotification."""

    PRESS = 0x00
    HOLD = 0x01
    SHORT_RELEASE = 0x02
    LONG_RELEASE = 0x03


@dataclass(frozen=True, slots=True)
class ButtonNotification(Notification):
    CLUSTER: ClassVar = BUTTON_ID
    COMMAND: ClassVar = 0x00
    MANUFACTURER_CODE: ClassVar = MANUFACTURER_CODE

    button: UInt8
    unknown_1: UInt24
    press: UInt8
    """A Press, where it is one that is known here."""
    unknown_2: UInt8
    time: UInt16
    """Since the press, in tenths of a second."""


@dataclass(frozen=True, slots=True)
class MultiColor(ClusterCommand):
    """Colours, gradients and effects in one; the first two bytes say which of them there are."""

    CLUSTER: ClassVar = EFFECT_ID
    COMMAND: ClassVar = 0x00
    MANUFACTURER_CODE: ClassVar = MANUFACTURER_CODE

    data: Remaining


ATTRIBUTES: Final[dict[int, tuple[AttributeDef, ...]]] = {
    _BASIC: (
        AttributeDef(
            0x0033, "philips_led_indication", DataType.BOOLEAN, writable=True, manufacturer_code=MANUFACTURER_CODE
        ),
        AttributeDef(0x0034, "philips_device_mode", DataType.ENUM8, writable=True, manufacturer_code=MANUFACTURER_CODE),
    ),
    _OCCUPANCY_SENSING: (
        AttributeDef(
            0x0030, "philips_motion_sensitivity", DataType.UINT8, writable=True, manufacturer_code=MANUFACTURER_CODE
        ),
    ),
}
"""What Philips adds to standard clusters."""

PHILIPS_BUTTON = Cluster(
    id=BUTTON_ID,
    name="philips_button",
    attributes=(AttributeDef(0x0031, "config", DataType.BITMAP16, writable=True),),
    generated=(ButtonNotification,),
    manufacturer_code=MANUFACTURER_CODE,
)

PHILIPS_ENTERTAINMENT = Cluster(id=ENTERTAINMENT_ID, name="philips_entertainment", manufacturer_code=MANUFACTURER_CODE)
"""Its commands are streams for the entertainment areas: not kept."""

PHILIPS_EFFECT = Cluster(
    id=EFFECT_ID,
    name="philips_effect",
    attributes=(AttributeDef(0x0002, "state", DataType.OCTET_STRING, reportable=True, writable=True),),
    received=(MultiColor,),
    manufacturer_code=MANUFACTURER_CODE,
)

PHILIPS_CONTACT = Cluster(
    id=CONTACT_ID,
    name="philips_contact",
    attributes=(
        AttributeDef(0x0100, "contact", DataType.ENUM8, reportable=True),
        AttributeDef(0x0101, "contact_last_change", DataType.UINT32),
        AttributeDef(0x0102, "tamper", DataType.ENUM8, reportable=True),
        AttributeDef(0x0103, "tamper_last_change", DataType.UINT32),
    ),
    manufacturer_code=MANUFACTURER_CODE,
)

CLUSTERS: Final = (PHILIPS_BUTTON, PHILIPS_ENTERTAINMENT, PHILIPS_EFFECT, PHILIPS_CONTACT)
