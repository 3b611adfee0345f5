"""Xiaomi and Aqara, whose devices call their maker LUMI or aqara: the words that all their models share.

Their sensors do not take part in reporting: they say what happened by themselves, and once an hour everything else in
one structure (Basic 0xFF01, or 0x00F7 of cluster 0xFCC0 since 2020). Its members are numbered alike in all models, but
100-102 mean what the model measures. Numbers and models here and in the modules beside: the Apache-2.0
zha-device-handlers and the MIT zigbee-herdsman-converters, which agree on them.
"""

from collections.abc import Mapping
from typing import Final

from drivers.zigbee.capabilities.quirks.quirk import Meaning, Quirk, Written
from drivers.zigbee.zcl.data_types import DataType
from hubagent.model.capabilities.boolean_state import BOOLEAN_STATE
from hubagent.model.capabilities.electrical_energy_measurement import ELECTRICAL_ENERGY_MEASUREMENT
from hubagent.model.capabilities.electrical_power_measurement import ELECTRICAL_POWER_MEASUREMENT
from hubagent.model.capabilities.illuminance_measurement import ILLUMINANCE_MEASUREMENT
from hubagent.model.capabilities.occupancy_sensing import OCCUPANCY_SENSING
from hubagent.model.capabilities.power_source import POWER_SOURCE
from hubagent.model.capabilities.pressure_measurement import PRESSURE_MEASUREMENT
from hubagent.model.capabilities.relative_humidity_measurement import RELATIVE_HUMIDITY_MEASUREMENT
from hubagent.model.capabilities.smoke_co_alarm import SMOKE_CO_ALARM
from hubagent.model.capabilities.switch import Press
from hubagent.model.capabilities.temperature_measurement import TEMPERATURE_MEASUREMENT
from hubagent.model.capability import Value

MAKERS: Final = ("LUMI", "aqara", "Aqara", "XIAOMI")
CODE: Final = 0x115F
"""The manufacturer code of what is in cluster 0xFCC0."""
OPPLE: Final = 0xFCC0
BASIC, ON_OFF, ANALOG_INPUT, ANALOG_OUTPUT, MULTISTATE_INPUT, MULTISTATE_OUTPUT, DOOR_LOCK = (
    0x0000, 0x0006, 0x000C, 0x000D, 0x0012, 0x0013, 0x0101,
)  # fmt: skip
ILLUMINANCE, OCCUPANCY, IAS_ZONE, COVERING, METERING, ELECTRICAL = 0x0400, 0x0406, 0x0500, 0x0102, 0x0702, 0x0B04
POWER_CONFIGURATION: Final = 0x0001
PRESENT_VALUE: Final = 0x0055

# What members of the structure are.

CELL_V: Final = (2.85, 3.0)
"""Empty and full, of a coin cell or a pair of AAA: what is left of 3 V is what is left of it."""


def cell_percent(millivolts: object) -> Value:
    if not isinstance(millivolts, int | float):
        return None
    empty, full = CELL_V
    return round(100 * min(1.0, max(0.0, (millivolts / 1000 - empty) / (full - empty))))


BATTERY: Final = Meaning(POWER_SOURCE, "battery", read=cell_percent)
"""In millivolts; in every structure under the number 1."""
TEMPERATURE: Final = Meaning(TEMPERATURE_MEASUREMENT, "temperature", 0.01, minimum=-6500, maximum=6500)
HUMIDITY: Final = Meaning(RELATIVE_HUMIDITY_MEASUREMENT, "humidity", 0.01, minimum=0, maximum=10000)
PRESSURE: Final = Meaning(PRESSURE_MEASUREMENT, "pressure", 0.01, minimum=30000, maximum=110000)
LUX: Final = Meaning(ILLUMINANCE_MEASUREMENT, "illuminance", minimum=0, maximum=65000)
POWER: Final = Meaning(ELECTRICAL_POWER_MEASUREMENT, "power", minimum=0)
VOLTAGE: Final = Meaning(ELECTRICAL_POWER_MEASUREMENT, "voltage", 0.1)
CURRENT: Final = Meaning(ELECTRICAL_POWER_MEASUREMENT, "current", 0.001)
ENERGY: Final = Meaning(ELECTRICAL_ENERGY_MEASUREMENT, "energy")
OPEN: Final = Meaning(BOOLEAN_STATE, "open", values={0: False, 1: True})
LEAK: Final = Meaning(BOOLEAN_STATE, "leak", values={0: False, 1: True})
SMOKE: Final = Meaning(SMOKE_CO_ALARM, "smoke", values={0: False, 1: True})
GAS: Final = Meaning(SMOKE_CO_ALARM, "gas", values={0: False, 1: True})
TEST: Final = Meaning(SMOKE_CO_ALARM, "test", values={0: False, 1: True})
OCCUPIED: Final = Meaning(OCCUPANCY_SENSING, "occupied", values={0: False, 1: True})

CELL: Final[Mapping[int, Meaning]] = {1: BATTERY}
METERED: Final[Mapping[int, Meaning]] = {149: ENERGY, 150: VOLTAGE, 151: CURRENT, 152: POWER}
CLIMATE: Final = {**CELL, 100: TEMPERATURE, 101: HUMIDITY}

EVENT_MODE: Final = Written(1, OPPLE, 0x0009, DataType.UINT8, 1, CODE)
"""Remotes and wall switches say which button was pressed, instead of commanding lamps."""

NO_CELL_CLUSTER: Final = (None, POWER_CONFIGURATION)
"""The cluster is there and answers nothing: the battery is in the structure."""

MULTISTATE_PRESSES: Final[Mapping[object, Press]] = {
    0: Press.HOLD, 1: Press.SINGLE, 2: Press.DOUBLE, 3: Press.TRIPLE, 4: Press.QUADRUPLE, 5: Press.QUINTUPLE,
    16: Press.HOLD, 17: Press.RELEASE, 255: Press.RELEASE,
}  # fmt: skip
"""Present value of a Multistate Input."""

OTHERS: Final = Quirk(tags=CELL)
"""Of a model that is not listed: as the standard has it, and the battery in the structure, if it has one."""


def of_all_makers(models: Mapping[str, Quirk]) -> dict[tuple[str, str], Quirk]:
    return {(maker, model): quirk for maker in MAKERS for model, quirk in models.items()}
