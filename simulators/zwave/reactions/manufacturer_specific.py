"""Manufacturer Specific (SDS13782): who made it, and its serial number."""

from drivers.zwave.command_classes import manufacturer_specific
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.manufacturer_specific import (
    DeviceIdFormat,
    DeviceIdType,
    DeviceSpecificGet,
    DeviceSpecificReport,
    ManufacturerSpecificGet,
    ManufacturerSpecificReport,
)
from simulators.zwave.reactions.reaction import Answer, Reaction

MANUFACTURER_UNDEFINED = 0xFFFF
"""No maker's: so nobody applies the quirks of a real product to a simulated one."""
PRODUCT_TYPE = 0x0001


class ManufacturerSpecificReaction(Reaction):
    MODULE = manufacturer_specific

    def __init__(self, product: int, serial_number: str) -> None:
        self._product = product
        self._serial_number = serial_number

    def react(self, command: Command) -> Answer:
        match command:
            case ManufacturerSpecificGet():
                return ManufacturerSpecificReport(MANUFACTURER_UNDEFINED, PRODUCT_TYPE, self._product)
            case DeviceSpecificGet():
                # SDS13782: a type that the device has not is answered with its factory default.
                number = self._serial_number.encode()[:31]
                return DeviceSpecificReport(DeviceIdType.SERIAL_NUMBER, DeviceIdFormat.UTF_8, number)
        return None
