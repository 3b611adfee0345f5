"""Measurements (ZCL8 chapter 4): one table, because all of them are one number in a cluster of its own."""

from dataclasses import dataclass
from typing import Any, Final

from drivers.zigbee.capabilities.flags import OCCUPIED
from drivers.zigbee.capabilities.translation import NUMBERS, Place, Reader, Reading, Reporting, Said, Translation
from drivers.zigbee.zcl.clusters import occupancy_sensing
from drivers.zigbee.zcl.clusters.occupancy_sensing import OCCUPANCY_SENSING as OCCUPANCY_CLUSTER
from hubagent.model.capabilities.concentration_measurement import CONCENTRATION_MEASUREMENT
from hubagent.model.capabilities.flow_measurement import FLOW_MEASUREMENT
from hubagent.model.capabilities.illuminance_measurement import ILLUMINANCE_MEASUREMENT
from hubagent.model.capabilities.occupancy_sensing import OCCUPANCY_SENSING
from hubagent.model.capabilities.pressure_measurement import PRESSURE_MEASUREMENT
from hubagent.model.capabilities.relative_humidity_measurement import RELATIVE_HUMIDITY_MEASUREMENT
from hubagent.model.capabilities.soil_measurement import SOIL_MEASUREMENT
from hubagent.model.capabilities.temperature_measurement import TEMPERATURE_MEASUREMENT
from hubagent.model.capability import Capability

MEASURED_VALUE: Final = 0x0000
"""The same attribute in each of these clusters."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A cluster whose MeasuredValue times `factor` is an attribute of ours."""

    cluster: int
    capability: Capability
    attribute: str
    factor: float
    reporting: Reporting
    minimum: float | None = None
    maximum: float | None = None
    """What no sensor of its kind can have measured."""


MEASURED: Final = (
    # cluster, capability, attribute, factor: hundredths of °C, hPa, hundredths of per cent, tenths of m³/h.
    Measured(0x0402, TEMPERATURE_MEASUREMENT, "temperature", 0.01, Reporting(0, 10, 3600, 10), -273.15, 1000),
    Measured(0x0403, PRESSURE_MEASUREMENT, "pressure", 1, Reporting(0, 10, 3600, 1), 0, 32767),
    Measured(0x0404, FLOW_MEASUREMENT, "flow", 0.1, Reporting(0, 1, 3600, 1), 0),
    Measured(0x0405, RELATIVE_HUMIDITY_MEASUREMENT, "humidity", 0.01, Reporting(0, 10, 3600, 100), 0, 100),
    Measured(0x0408, SOIL_MEASUREMENT, "soil_moisture", 0.01, Reporting(0, 10, 3600, 100), 0, 100),
    # Fractions of one, in single precision: parts per million.
    Measured(0x040C, CONCENTRATION_MEASUREMENT, "co_level", 1e6, Reporting(0, 10, 3600, 0), 0, 1e6),
    Measured(0x040D, CONCENTRATION_MEASUREMENT, "co2", 1e6, Reporting(0, 10, 3600, 0), 0, 1e6),
    Measured(0x042B, CONCENTRATION_MEASUREMENT, "formaldehyde", 1e6, Reporting(0, 10, 3600, 0), 0, 1e6),
    # Makers write µg/m³ and ppb here, whatever the ZCL says of fractions.
    Measured(0x042A, CONCENTRATION_MEASUREMENT, "pm2_5", 1, Reporting(0, 10, 3600, 1), 0, 1e6),
    Measured(0x042D, CONCENTRATION_MEASUREMENT, "pm10", 1, Reporting(0, 10, 3600, 1), 0, 1e6),
    Measured(0x042E, CONCENTRATION_MEASUREMENT, "voc", 1, Reporting(0, 10, 3600, 1), 0, 1e9),
)


def _reader(measured: Measured) -> Reader:
    name, attribute, factor = measured.capability.name, measured.attribute, measured.factor
    low, high = measured.minimum, measured.maximum

    def read(value: Any, place: Place) -> list[Said]:
        if value is None:
            return [Reading(name, {attribute: None})]
        number = round(value * factor * place.quirk.factors.get(attribute, 1), 4)
        if (low is not None and number < low) or (high is not None and number > high):
            return [Reading(name, {attribute: None})]
        return [Reading(name, {attribute: number})]

    return read


def _translation(measured: Measured) -> Translation:
    return Translation(
        measured.cluster,
        lambda _: (measured.capability,),
        readers={MEASURED_VALUE: _reader(measured)},
        reads=NUMBERS,
        state=(MEASURED_VALUE,),
        reporting=(measured.reporting,),
    )


# Illuminance Measurement: 10000 times the logarithm of the lx, and 1 (ZCL8 §4.2.2.1.1).

ILLUMINANCE_CLUSTER: Final = 0x0400


def lux_of(measured: float) -> float:
    """0 is "too low to be measured"."""
    return 0 if measured <= 0 else round(10 ** ((measured - 1) / 10000), 1)


def _illuminance(value: Any, _place: Place) -> list[Said]:
    lux = None if value is None or value > 0xFFFE else lux_of(value)
    return [Reading(ILLUMINANCE_MEASUREMENT.name, {"illuminance": lux})]


# Occupancy Sensing

OCCUPANCY: Final = OCCUPANCY_CLUSTER.named("occupancy").id
_OCCUPIED: Final = OCCUPIED.reading(True)
_CLEAR: Final = OCCUPIED.reading(False)


def _occupancy(value: Any, place: Place) -> list[Said]:
    """Hot."""
    if value is None:
        return [OCCUPIED.reading(None)]
    if not value & occupancy_sensing.OCCUPIED:
        return [_CLEAR]
    seconds = place.quirk.active_for_s
    return [OCCUPIED.lasting(seconds)] if seconds else [_OCCUPIED]


def _lasting(place: Place) -> tuple[Reading, ...]:
    seconds = place.quirk.active_for_s
    return (OCCUPIED.lasting(seconds),) if seconds else ()


SENSORS = (
    *(_translation(measured) for measured in MEASURED),
    Translation(
        ILLUMINANCE_CLUSTER,
        lambda _: (ILLUMINANCE_MEASUREMENT,),
        readers={MEASURED_VALUE: _illuminance},
        reads=NUMBERS,
        state=(MEASURED_VALUE,),
        reporting=(Reporting(MEASURED_VALUE, 5, 3600, 500),),
    ),
    Translation(
        occupancy_sensing.CLUSTER_ID,
        lambda _: (OCCUPANCY_SENSING,),
        readers={OCCUPANCY: _occupancy},
        lasting=_lasting,
        state=(OCCUPANCY,),
        reporting=(Reporting(OCCUPANCY, 0, 3600),),
    ),
)
