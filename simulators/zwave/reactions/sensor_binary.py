"""Binary Sensor (SDS13781): the older sibling of Notification, which many sensors in use still have."""

from collections.abc import Callable, Iterable

from drivers.zwave.command_classes import sensor_binary
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.sensor_binary import (
    SensorBinaryGet,
    SensorBinaryReport,
    SensorBinarySupportedGet,
    SensorBinarySupportedReport,
    SensorType,
)
from simulators.zwave.reactions.reaction import Answer, Reaction


class SensorBinaryReaction(Reaction):
    MODULE = sensor_binary
    REPORTS = (SensorBinaryReport,)

    def __init__(self, sensor_type: SensorType, attribute: str, detected: Callable[[], bool]) -> None:
        self._type = sensor_type
        self._attribute = attribute
        self._detected = detected

    def react(self, command: Command) -> Answer:
        match command:
            case SensorBinarySupportedGet():
                return SensorBinarySupportedReport(frozenset({int(self._type)}))
            case SensorBinaryGet(sensor_type) if sensor_type in (None, 0, self._type, SensorType.FIRST_SUPPORTED):
                return self._report()
        return None

    def changed(self, attribute: str) -> Iterable[Command]:
        return (self._report(),) if attribute == self._attribute else ()

    def _report(self) -> SensorBinaryReport:
        return SensorBinaryReport(self._detected(), self._type)
