"""Multilevel Sensor (SDS13781): measured values, reported unasked when they moved far enough."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from drivers.zwave.command_classes import sensor_multilevel
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.scaled_value import ScaledValue
from drivers.zwave.command_classes.sensor_multilevel import (
    SensorMultilevelGet,
    SensorMultilevelReport,
    SensorMultilevelSupportedGetScale,
    SensorMultilevelSupportedGetSensor,
    SensorMultilevelSupportedScaleReport,
    SensorMultilevelSupportedSensorReport,
    SensorType,
)
from simulators.zwave.reactions.reaction import Answer, Reaction


@dataclass(frozen=True, slots=True)
class Measured:
    """One sensor: which attribute of the device it measures, and by how much that has to move to be reported."""

    sensor_type: SensorType
    attribute: str
    value: Callable[[], float]
    report_change: float
    scale: int = 0
    precision: int = 0


class SensorMultilevelReaction(Reaction):
    MODULE = sensor_multilevel
    REPORTS = (SensorMultilevelReport,)

    def __init__(self, *sensors: Measured) -> None:
        self._sensors = {sensor.sensor_type: sensor for sensor in sensors}
        self._reported = {sensor.sensor_type: sensor.value() for sensor in sensors}

    def react(self, command: Command) -> Answer:
        match command:
            case SensorMultilevelSupportedGetSensor():
                return SensorMultilevelSupportedSensorReport(frozenset(int(kind) for kind in self._sensors))
            case SensorMultilevelSupportedGetScale(kind):
                sensor = self._sensors.get(SensorType(kind)) if kind in self._sensors else None
                return SensorMultilevelSupportedScaleReport(kind, frozenset({sensor.scale} if sensor else ()))
            case SensorMultilevelGet(kind):
                # An unknown type, or none, is answered with the first that there is.
                known = kind if kind in self._sensors else next(iter(self._sensors))
                return self._report(self._sensors[SensorType(known)])
        return None

    def changed(self, attribute: str) -> Iterable[Command]:
        for sensor in self._sensors.values():
            moved = abs(sensor.value() - self._reported[sensor.sensor_type])
            # The small addend is for what floating point makes of 20.5 - 20.0.
            if sensor.attribute == attribute and moved + 1e-9 >= sensor.report_change:
                yield self._report(sensor)

    def _report(self, sensor: Measured) -> SensorMultilevelReport:
        value = sensor.value()
        self._reported[sensor.sensor_type] = value
        return SensorMultilevelReport(sensor.sensor_type, ScaledValue.of(value, sensor.scale, sensor.precision))
