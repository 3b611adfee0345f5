"""Occupancy Sensing by a PIR sensor (ZCL8, 4.8)."""

from drivers.zigbee.zcl.clusters.occupancy_sensing import (
    OCCUPANCY_SENSING,
    OCCUPIED,
    SensorType,
    SensorTypeBitmap,
)
from drivers.zigbee.zcl.data_types import Value
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.sensors import MotionSensor
from simulators.zigbee.attributes import Schedule
from simulators.zigbee.clusters.side import Side


class OccupancySensingServer(Side):
    CLUSTER = OCCUPANCY_SENSING
    REVISION = 3

    def __init__(self, sensor: MotionSensor) -> None:
        super().__init__()
        self._sensor = sensor
        self._factory_s = sensor.clear_after_s
        self._shows(
            "occupancy", lambda: OCCUPIED if sensor.seen("occupied", sensor.occupied) else 0, schedule=Schedule(0, 3600)
        )
        self._constant("occupancy_sensor_type", SensorType.PIR)
        self._constant("occupancy_sensor_type_bitmap", SensorTypeBitmap.PIR)
        self._shows("pir_occupied_to_unoccupied_delay", lambda: round(sensor.clear_after_s), write=self._write_delay)

    def reset_attributes(self) -> None:
        super().reset_attributes()
        self._sensor.clear_after_s = self._factory_s

    def _write_delay(self, value: Value) -> ZclStatus:
        if not isinstance(value, int) or value < 1:
            return ZclStatus.INVALID_VALUE
        self._sensor.clear_after_s = float(value)
        return ZclStatus.SUCCESS
