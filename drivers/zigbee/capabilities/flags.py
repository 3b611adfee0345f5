"""What is true or not of a home, and said by more than one family of clusters."""

from dataclasses import dataclass
from typing import Final

from drivers.zigbee.capabilities.translation import Reading
from hubagent.model.capabilities.boolean_state import BOOLEAN_STATE
from hubagent.model.capabilities.occupancy_sensing import OCCUPANCY_SENSING
from hubagent.model.capabilities.power_source import POWER_SOURCE
from hubagent.model.capabilities.smoke_co_alarm import SMOKE_CO_ALARM
from hubagent.model.capability import Capability


@dataclass(frozen=True, slots=True)
class Flag:
    """An attribute that is true or false."""

    capability: Capability
    attribute: str

    def reading(self, value: bool | None) -> Reading:
        return Reading(self.capability.name, {self.attribute: value})

    def lasting(self, seconds: float) -> Reading:
        """It is true, and no more when the device has been silent of it for so long: some never say that it is over."""
        return Reading(self.capability.name, {self.attribute: True}, seconds, {self.attribute: False})


OCCUPIED: Final = Flag(OCCUPANCY_SENSING, "occupied")
OPEN: Final = Flag(BOOLEAN_STATE, "open")
LEAK: Final = Flag(BOOLEAN_STATE, "leak")
TAMPER: Final = Flag(BOOLEAN_STATE, "tamper")
VIBRATION: Final = Flag(BOOLEAN_STATE, "vibration")
GLASS_BROKEN: Final = Flag(BOOLEAN_STATE, "glass_broken")
ALARM: Final = Flag(BOOLEAN_STATE, "alarm")
SMOKE: Final = Flag(SMOKE_CO_ALARM, "smoke")
CO: Final = Flag(SMOKE_CO_ALARM, "co")
GAS: Final = Flag(SMOKE_CO_ALARM, "gas")
TEST: Final = Flag(SMOKE_CO_ALARM, "test")
BATTERY_LOW: Final = Flag(POWER_SOURCE, "battery_low")

FLAGS: Final = {
    flag.attribute: flag
    for flag in (OCCUPIED, OPEN, LEAK, TAMPER, VIBRATION, GLASS_BROKEN, ALARM, SMOKE, CO, GAS, TEST, BATTERY_LOW)
}
"""By attribute, as quirks name them."""
