"""What is measured: occupancy, temperature, humidity, light, pressure, energy (ZCL8, chapter 4 and 10.4)."""

import asyncio

import pytest

from drivers.zigbee.zcl.clusters.electrical_measurement import ELECTRICAL_MEASUREMENT
from drivers.zigbee.zcl.clusters.illuminance_measurement import ILLUMINANCE_MEASUREMENT
from drivers.zigbee.zcl.clusters.metering import METERING, UnitOfMeasure
from drivers.zigbee.zcl.clusters.occupancy_sensing import OCCUPANCY_SENSING, SensorType
from drivers.zigbee.zcl.clusters.on_off import Off, On
from drivers.zigbee.zcl.clusters.pressure_measurement import PRESSURE_MEASUREMENT
from drivers.zigbee.zcl.clusters.relative_humidity import RELATIVE_HUMIDITY
from drivers.zigbee.zcl.clusters.temperature_measurement import TEMPERATURE_MEASUREMENT
from drivers.zigbee.zcl.status import ZclStatus
from drivers.zigbee.zdo.descriptors import LogicalType, NodeDescriptor
from simulators.devices.device import Battery
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.room_air import ClimateSensor, RoomAir
from simulators.devices.sensors import MotionSensor
from simulators.zigbee.clusters.illuminance_measurement import to_wire
from simulators.zigbee.clusters.pressure_measurement import PressureMeasurementServer
from simulators.zigbee.endpoint import EndPoint
from simulators.zigbee.node import MAINS, SimulatedNode
from tests.simulators.zigbee.on_air import OnAir, on_air


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


async def test_motion_is_reported_when_it_begins_and_when_it_is_over() -> None:
    """ZCL8, 4.8, Occupancy."""
    sensor = MotionSensor(_loop(), clear_after_s=30, battery=Battery())
    air = on_air(sensor)
    air.bind(OCCUPANCY_SENSING.id)
    assert air.read(OCCUPANCY_SENSING, "occupancy_sensor_type") == SensorType.PIR
    sensor.see_motion()
    await asyncio.sleep(29)
    assert air.reports(OCCUPANCY_SENSING) == [{"occupancy": 1}]
    await asyncio.sleep(2)
    assert air.reports(OCCUPANCY_SENSING) == [{"occupancy": 0}]


async def test_how_long_nobody_must_move_is_written() -> None:
    """ZCL8, 4.8, PIROccupiedToUnoccupiedDelay."""
    sensor = MotionSensor(_loop(), clear_after_s=30)
    air = on_air(sensor)
    assert air.write(OCCUPANCY_SENSING, "pir_occupied_to_unoccupied_delay", 90) == ZclStatus.SUCCESS
    assert air.write(OCCUPANCY_SENSING, "pir_occupied_to_unoccupied_delay", 0) == ZclStatus.INVALID_VALUE
    sensor.see_motion()
    await asyncio.sleep(89)
    assert sensor.occupied
    await asyncio.sleep(2)
    assert not sensor.occupied


async def test_a_room_is_measured_in_the_zcls_units() -> None:
    """ZCL8, 4.4, 4.7 and 4.2: MeasuredValue."""
    air = on_air(ClimateSensor(RoomAir(temperature=-3.46, humidity=55.0, illuminance=1000.0)))
    assert air.read(TEMPERATURE_MEASUREMENT, "measured_value") == -350
    assert air.read(RELATIVE_HUMIDITY, "measured_value") == 5500
    assert air.read(ILLUMINANCE_MEASUREMENT, "measured_value") == 30_001


@pytest.mark.parametrize(("lux", "wire"), [(0, 0), (0.9, 0), (1, 1), (10, 10_001), (1e9, 0xFFFE)])
def test_illuminance_is_a_logarithm(lux: float, wire: int) -> None:
    """ZCL8, 4.2, MeasuredValue."""
    assert to_wire(lux) == wire


async def test_a_sensor_reports_what_moved_far_enough_and_no_more_often_than_it_may() -> None:
    room = RoomAir(temperature=20)
    air = on_air(ClimateSensor(room))
    air.report(TEMPERATURE_MEASUREMENT, "measured_value", 10, 600, 50)
    await asyncio.sleep(11)
    for temperature in (20.2, 20.5, 20.9, 21.3):
        room.become(temperature=temperature)
    assert air.reports(TEMPERATURE_MEASUREMENT) == [{"measured_value": 2050}]
    await asyncio.sleep(11)
    assert air.reports(TEMPERATURE_MEASUREMENT) == [{"measured_value": 2130}]
    await asyncio.sleep(601)
    assert air.reports(TEMPERATURE_MEASUREMENT) == [{"measured_value": 2130}]


async def test_pressure_is_told_in_hectopascal_and_in_tenths_of_it() -> None:
    """ZCL8, 4.5, MeasuredValue, ScaledValue and Scale."""
    descriptor = NodeDescriptor(LogicalType.ROUTER, MAINS, 0xFFF1)
    endpoint = EndPoint(1, 0x0305, [PressureMeasurementServer(lambda: 1013.26)])
    air = OnAir(SimulatedNode(_loop(), 0x77, descriptor, [endpoint]))
    assert air.read(PRESSURE_MEASUREMENT, "measured_value") == 1013
    assert air.read(PRESSURE_MEASUREMENT, "scaled_value") == 10_133
    assert air.read(PRESSURE_MEASUREMENT, "scale") == 1


async def test_a_plug_counts_and_measures_what_hangs_on_it() -> None:
    """ZCL8, 10.4: value times multiplier through divisor is in the unit of measure."""
    plug = MeteringPlug(_loop(), load_w=2000)
    air = on_air(plug)
    air.command(On())
    await asyncio.sleep(1800)
    assert air.read(METERING, "current_summation_delivered") == 1000
    assert air.read(METERING, "instantaneous_demand") == 2000
    assert air.read(METERING, "unit_of_measure") == UnitOfMeasure.KILOWATT_HOUR
    assert (air.read(METERING, "multiplier"), air.read(METERING, "divisor")) == (1, 1000)
    plug.load(3680)
    assert air.read(ELECTRICAL_MEASUREMENT, "active_power") == 3680
    assert air.read(ELECTRICAL_MEASUREMENT, "rms_voltage") == 2300
    assert air.read(ELECTRICAL_MEASUREMENT, "rms_current") == 16_000
    assert air.read(ELECTRICAL_MEASUREMENT, "ac_current_divisor") == 1000
    air.command(Off())
    assert air.read(ELECTRICAL_MEASUREMENT, "active_power") == 0


async def test_energy_is_reported_as_it_is_used_though_nothing_happens() -> None:
    plug = MeteringPlug(_loop(), load_w=360)
    air = on_air(plug)
    air.report(METERING, "current_summation_delivered", 5, 0, 10)
    air.command(On())
    await asyncio.sleep(305)
    told = [it["current_summation_delivered"] for it in air.reports(METERING) if "current_summation_delivered" in it]
    assert told == [10, 20, 30]


async def test_a_change_of_power_is_reported_at_once() -> None:
    plug = MeteringPlug(_loop(), load_w=60)
    air = on_air(plug)
    air.report(ELECTRICAL_MEASUREMENT, "active_power", 0, 0, 5)
    plug.press()
    assert {"active_power": 60} in [
        {name: value for name, value in it.items() if name == "active_power"}
        for it in air.reports(ELECTRICAL_MEASUREMENT)
    ]
