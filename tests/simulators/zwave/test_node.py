import asyncio
from typing import Any

from drivers.zwave.command_classes.association import AssociationGet, AssociationReport, AssociationSet
from drivers.zwave.command_classes.battery import BatteryReport
from drivers.zwave.command_classes.central_scene import CentralSceneNotification, KeyAttribute
from drivers.zwave.command_classes.configuration import ConfigurationGet, ConfigurationReport, ConfigurationSet
from drivers.zwave.command_classes.device_reset_locally import DeviceResetLocallyNotification
from drivers.zwave.command_classes.door_lock import DoorLockMode, DoorLockOperationReport, DoorLockOperationSet
from drivers.zwave.command_classes.duration import Duration
from drivers.zwave.command_classes.indicator import IndicatorSet, IndicatorValue, Property
from drivers.zwave.command_classes.meter import MeterGet, MeterReport
from drivers.zwave.command_classes.multi_channel import MultiChannelCommandEncapsulation
from drivers.zwave.command_classes.multi_channel_association import (
    EndPointDestination,
    MultiChannelAssociationSet,
)
from drivers.zwave.command_classes.node_naming import (
    NodeNamingNodeLocationGet,
    NodeNamingNodeLocationReport,
    NodeNamingNodeNameGet,
    NodeNamingNodeNameReport,
)
from drivers.zwave.command_classes.notification import NotificationReport
from drivers.zwave.command_classes.notification_events import AccessControlEvent, HomeSecurityEvent, NotificationType
from drivers.zwave.command_classes.sensor_multilevel import SensorMultilevelReport, SensorType
from drivers.zwave.command_classes.supervision import SupervisionReport, SupervisionStatus
from drivers.zwave.command_classes.switch_binary import SwitchBinaryGet, SwitchBinaryReport, SwitchBinarySet
from drivers.zwave.command_classes.switch_color import ComponentLevel, SwitchColorReport, SwitchColorSet
from drivers.zwave.command_classes.switch_multilevel import (
    Change,
    SwitchMultilevelGet,
    SwitchMultilevelReport,
    SwitchMultilevelSet,
    SwitchMultilevelStartLevelChange,
    SwitchMultilevelStopLevelChange,
)
from drivers.zwave.command_classes.thermostat_operating_state import ThermostatOperatingStateReport
from drivers.zwave.command_classes.thermostat_setpoint import ThermostatSetpointReport
from drivers.zwave.command_classes.user_code import UserCodeGet, UserCodeReport, UserCodeSet, UserIdStatus
from drivers.zwave.command_classes.wake_up import WakeUpIntervalSet, WakeUpNoMoreInformation, WakeUpNotification
from drivers.zwave.encapsulation.envelope import Envelope, Supervised
from simulators.devices.blind import Blind
from simulators.devices.device import Battery
from simulators.devices.dimmer import ColorLamp, Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.remote import Remote
from simulators.devices.room_air import ClimateSensor, RoomAir
from simulators.devices.sensors import DoorSensor, MotionSensor
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Thermostat
from tests.simulators.zwave.on_air import OnAir

LIFELINE = AssociationSet(1, (1,))


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def _supervised(session: int, *, updates: bool = True) -> Envelope:
    return Envelope(supervision=Supervised(session, updates))


async def test_a_set_changes_the_device_and_the_report_says_so() -> None:
    switch = Switch()
    air = OnAir(switch)
    assert air.says(SwitchBinarySet(True)) == []
    assert switch.on
    assert air.says(SwitchBinaryGet()) == [SwitchBinaryReport(True, True, Duration(0))]


async def test_a_change_by_hand_is_reported_only_with_an_association() -> None:
    switch = Switch()
    air = OnAir(switch)
    switch.press()
    assert air.heard() == []
    air.says(LIFELINE)
    switch.press()
    assert air.heard() == [SwitchBinaryReport(False, False, Duration(0))]


async def test_an_excluded_node_says_nothing_and_forgets_its_associations() -> None:
    switch = Switch()
    air = OnAir(switch)
    air.says(LIFELINE)
    air.node.excluded()
    switch.press()
    assert air.says(SwitchBinaryGet()) == []
    air.include()
    (report,) = air.says(AssociationGet(1))
    assert isinstance(report, AssociationReport)
    assert report.nodes == ()


async def test_a_supervised_set_is_answered_with_success_and_an_unknown_command_with_no_support() -> None:
    air = OnAir(Switch())
    assert air.says(SwitchBinarySet(True), _supervised(7)) == [SupervisionReport(7, SupervisionStatus.SUCCESS)]
    unknown = SwitchMultilevelSet(50)
    assert air.says(unknown, _supervised(8)) == [SupervisionReport(8, SupervisionStatus.NO_SUPPORT)]


async def test_a_slow_command_is_working_and_later_a_success() -> None:
    air = OnAir(Blind(_loop(), travel_s=20))
    working = SupervisionReport(3, SupervisionStatus.WORKING, Duration(20), more_updates=True)
    assert air.says(SwitchMultilevelSet(0), _supervised(3)) == [working]
    await asyncio.sleep(19.9)
    assert air.heard() == []
    await asyncio.sleep(0.2)
    assert air.heard() == [SupervisionReport(3, SupervisionStatus.SUCCESS)]


async def test_without_status_updates_a_slow_command_gets_one_report() -> None:
    air = OnAir(Dimmer(_loop(), ramp_s=5))
    working = SupervisionReport(3, SupervisionStatus.WORKING, Duration(5))
    assert air.says(SwitchMultilevelSet(99), _supervised(3, updates=False)) == [working]
    await asyncio.sleep(10)
    assert air.heard() == []


async def test_the_same_supervision_session_is_carried_out_and_answered_once() -> None:
    remote = MeteringPlug(_loop())
    air = OnAir(remote)
    assert air.says(SwitchBinarySet(True), _supervised(9))
    remote.press()
    assert air.says(SwitchBinarySet(True), _supervised(9)) == []
    assert not remote.on


async def test_what_comes_with_a_checksum_is_answered_with_one() -> None:
    air = OnAir(Switch())
    air.says(SwitchBinaryGet(), Envelope(crc16=True))
    air.says(SwitchBinaryGet())
    assert [envelope.crc16 for envelope in air.envelopes] == [True, False]


async def test_a_dimmer_ramps_and_reports_when_it_has_arrived() -> None:
    dimmer = Dimmer(_loop(), ramp_s=2)
    air = OnAir(dimmer)
    air.says(LIFELINE)
    assert air.says(SwitchMultilevelSet(99, Duration(4))) == []
    await asyncio.sleep(2)
    assert air.says(SwitchMultilevelGet()) == [SwitchMultilevelReport(50, 99, Duration(2))]
    await asyncio.sleep(3)
    assert air.heard() == [SwitchMultilevelReport(99, 99, Duration(0))]
    assert dimmer.level == 100


async def test_a_dimmer_switched_on_returns_to_where_it_was() -> None:
    dimmer = Dimmer(_loop())
    air = OnAir(dimmer)
    for value in (30, 0, 0xFF):
        air.says(SwitchMultilevelSet(value, Duration(0)))
    assert air.says(SwitchMultilevelGet()) == [SwitchMultilevelReport(30, 30, Duration(0))]


async def test_a_level_change_stops_where_it_is_told_to() -> None:
    air = OnAir(Dimmer(_loop()))
    air.says(SwitchMultilevelStartLevelChange(Change.UP, None, Duration(10)))
    await asyncio.sleep(5)
    air.says(SwitchMultilevelStopLevelChange())
    await asyncio.sleep(60)
    assert air.says(SwitchMultilevelGet()) == [SwitchMultilevelReport(50, 50, Duration(0))]


async def test_colours_that_changed_are_reported_and_others_not() -> None:
    air = OnAir(ColorLamp(_loop()))
    air.says(LIFELINE)
    reports = air.says(SwitchColorSet((ComponentLevel(2, 255), ComponentLevel(0, 0)), Duration(0)))
    air.says(SwitchColorSet((ComponentLevel(2, 255),), Duration(1)))
    await asyncio.sleep(2)
    assert air.heard() == []
    assert sorted((it.component, it.level) for it in reports if isinstance(it, SwitchColorReport)) == [(0, 0), (2, 255)]


async def test_a_motion_sensor_pushes_the_beginning_and_the_end() -> None:
    sensor = MotionSensor(_loop(), clear_after_s=30)
    air = OnAir(sensor)
    air.says(LIFELINE)
    sensor.see_motion()
    await asyncio.sleep(20)
    sensor.see_motion()
    await asyncio.sleep(29)
    begun = air.heard()
    await asyncio.sleep(2)
    assert [_event(it) for it in begun] == [(NotificationType.HOME_SECURITY, HomeSecurityEvent.MOTION, b"")]
    ended = [_event(it) for it in air.heard()]
    assert ended == [(NotificationType.HOME_SECURITY, 0, bytes((HomeSecurityEvent.MOTION,)))]


async def test_a_configuration_parameter_changes_what_the_device_does() -> None:
    sensor = MotionSensor(_loop(), clear_after_s=30)
    air = OnAir(sensor)
    refused = SupervisionReport(1, SupervisionStatus.FAIL)
    assert air.says(ConfigurationSet(1, 2, 0), _supervised(1)) == [refused]
    air.says(ConfigurationSet(1, 2, 90))
    assert air.says(ConfigurationGet(1)) == [ConfigurationReport(1, 2, 90)]
    sensor.see_motion()
    await asyncio.sleep(89)
    assert sensor.occupied
    await asyncio.sleep(2)
    assert not sensor.occupied


async def test_a_lock_tells_who_turned_it() -> None:
    lock = Lock(_loop(), locked=True)
    air = OnAir(lock)
    air.says(LIFELINE)
    air.says(UserCodeSet(2, UserIdStatus.ENABLED, b"4711"))
    lock.act({"code": 1234})
    await asyncio.sleep(5)
    assert lock.locked
    lock.act({"code": 4711})
    await asyncio.sleep(5)
    lock.act({"locked": True})
    air_said = air.heard()
    air.says(DoorLockOperationSet(DoorLockMode.UNSECURED))
    await asyncio.sleep(5)
    events = [_event(it)[1] for it in (*air_said, *air.heard()) if isinstance(it, NotificationReport)]
    assert events == [
        AccessControlEvent.UNLOCKED_BY_KEYPAD,
        AccessControlEvent.LOCKED_MANUALLY,
        AccessControlEvent.UNLOCKED_BY_RF,
    ]


async def test_a_jammed_lock_fails_and_stays_as_it_was() -> None:
    lock = Lock(_loop(), locked=False)
    air = OnAir(lock)
    lock.jam(True)
    failed = [SupervisionReport(1, SupervisionStatus.FAIL)]
    assert air.says(DoorLockOperationSet(DoorLockMode.SECURED), _supervised(1)) == failed
    await asyncio.sleep(10)
    assert not lock.locked


async def test_a_lock_reports_its_door_and_its_bolt() -> None:
    lock = Lock(_loop(), locked=False)
    air = OnAir(lock)
    air.says(LIFELINE)
    lock.act({"open": True})
    (report,) = air.heard()
    assert isinstance(report, DoorLockOperationReport)
    assert (report.mode, report.door_closed, report.bolt_unlocked) == (DoorLockMode.UNSECURED, False, True)


async def test_a_code_cannot_be_given_twice_and_is_gone_when_it_is_cleared() -> None:
    air = OnAir(Lock(_loop()))
    air.says(UserCodeSet(1, UserIdStatus.ENABLED, b"4711"))
    twice = air.says(UserCodeSet(2, UserIdStatus.ENABLED, b"4711"), _supervised(1))
    assert twice == [SupervisionReport(1, SupervisionStatus.FAIL)]
    air.says(UserCodeSet(0, UserIdStatus.AVAILABLE, b"0000"))
    assert air.says(UserCodeGet(1)) == [UserCodeReport(1, UserIdStatus.AVAILABLE, bytes(4))]


async def test_a_thermostat_heats_until_the_room_is_warm() -> None:
    room = RoomAir(temperature=18)
    thermostat = Thermostat(room)
    air = OnAir(thermostat)
    air.says(LIFELINE)
    thermostat.act({"setpoint": 21.5})
    room.become(temperature=22)
    kinds = [type(it) for it in air.heard()]
    assert kinds == [
        ThermostatSetpointReport,
        ThermostatOperatingStateReport,
        SensorMultilevelReport,
        ThermostatOperatingStateReport,
    ]
    assert not thermostat.heating
    assert room.heating_power_w == 0


async def test_a_sensor_reports_only_what_moved_far_enough() -> None:
    room = RoomAir(temperature=20)
    sensor = ClimateSensor(room)
    air = OnAir(sensor)
    air.says(LIFELINE)
    for temperature in (20.2, 20.4, 20.5, 20.7, 19.9):
        room.become(temperature=temperature)
    reports = [it for it in air.heard() if isinstance(it, SensorMultilevelReport)]
    assert [(it.sensor_type, it.number.value) for it in reports] == [
        (SensorType.AIR_TEMPERATURE, 20.5),
        (SensorType.AIR_TEMPERATURE, 19.9),
    ]


async def test_a_plug_counts_the_energy_of_its_load() -> None:
    plug = MeteringPlug(_loop(), load_w=2000)
    air = OnAir(plug)
    air.says(SwitchBinarySet(True))
    await asyncio.sleep(1800)
    (report,) = air.says(MeterGet(0))
    assert isinstance(report, MeterReport)
    assert report.reading.value == 1.0


async def test_a_remote_numbers_what_is_done_to_its_buttons() -> None:
    remote = Remote(_loop())
    air = OnAir(remote)
    air.says(LIFELINE)
    remote.press("2")
    remote.press("2", "double")
    remote.press("3", "hold")
    await asyncio.sleep(5)
    notes = [it for it in air.heard() if isinstance(it, CentralSceneNotification)]
    assert [note.sequence_number for note in notes] == list(range(1, len(notes) + 1))
    assert [(note.scene, note.key) for note in notes[:3]] == [
        (2, KeyAttribute.PRESSED_1_TIME),
        (2, KeyAttribute.PRESSED_2_TIMES),
        (3, KeyAttribute.HELD_DOWN),
    ]
    assert (notes[-1].scene, notes[-1].key) == (3, KeyAttribute.RELEASED)


async def test_an_outlet_is_switched_and_reported_by_its_end_point() -> None:
    strip = PowerStrip(3)
    air = OnAir(strip)
    air.says(MultiChannelAssociationSet(1, end_points=(EndPointDestination(1, 0),)))
    air.says(SwitchBinarySet(True), Envelope(endpoint=2))
    assert [outlet.on for outlet in strip.outlets] == [False, True, False]
    assert air.envelopes[-1].endpoint == 2
    strip.press("1")
    assert air.heard() == [SwitchBinaryReport(True, True, Duration(0))]
    assert air.envelopes[-1].endpoint == 1


async def test_with_a_plain_association_the_root_speaks_for_the_first_outlet_alone() -> None:
    strip = PowerStrip(3)
    air = OnAir(strip)
    air.says(LIFELINE)
    strip.press("1")
    strip.press("2")
    assert air.heard() == [SwitchBinaryReport(True, True, Duration(0))]
    assert air.envelopes == [Envelope()]


async def test_several_outlets_are_switched_by_one_command_and_none_of_them_answers() -> None:
    strip = PowerStrip(3)
    air = OnAir(strip)
    both = frozenset({1, 3})
    air.node.receive(MultiChannelCommandEncapsulation(0, both, SwitchBinarySet(True).to_bytes()).to_bytes())
    air.node.receive(MultiChannelCommandEncapsulation(0, both, SwitchBinaryGet().to_bytes()).to_bytes())
    assert [outlet.on for outlet in strip.outlets] == [True, False, True]
    assert air.heard() == []


async def test_an_end_point_that_does_not_exist_does_not_answer() -> None:
    assert OnAir(PowerStrip(3)).says(SwitchBinaryGet(), Envelope(endpoint=4)) == []


async def test_a_sleeping_node_wakes_at_its_interval_and_sleeps_when_told_so() -> None:
    air = OnAir(DoorSensor(battery=Battery()), wake_up_s=600)
    assert air.node.awake
    air.says(WakeUpIntervalSet(300, 1))
    await asyncio.sleep(20)
    assert not air.node.awake
    await asyncio.sleep(281)
    assert air.heard() == [WakeUpNotification()]
    assert air.node.awake
    air.says(WakeUpNoMoreInformation())
    assert not air.node.awake
    air.node.excluded()


async def test_a_sleeping_node_that_hears_nothing_dozes_off_by_itself() -> None:
    air = OnAir(DoorSensor(battery=Battery()))
    air.node.wake()
    await asyncio.sleep(9)
    air.says(AssociationGet(1))
    await asyncio.sleep(9)
    assert air.node.awake
    await asyncio.sleep(2)
    assert not air.node.awake
    air.node.excluded()


async def test_a_sleeping_node_reports_without_waking() -> None:
    sensor = DoorSensor(battery=Battery())
    air = OnAir(sensor)
    air.says(LIFELINE)
    air.says(WakeUpNoMoreInformation())
    sensor.act({"open": True, "battery": 10})
    kinds = [type(it) for it in air.heard()]
    assert NotificationReport in kinds
    assert BatteryReport in kinds
    assert not air.node.awake
    air.node.excluded()


async def test_a_lock_listens_for_a_beam_and_is_never_asleep() -> None:
    node = OnAir(Lock(_loop())).node
    assert (node.info.listening, node.info.flirs, node.awake) == (False, 1000, True)


async def test_a_reset_by_hand_is_announced_and_then_nobody_is_there() -> None:
    air = OnAir(Switch())
    air.says(LIFELINE)
    air.node.reset_by_hand()
    assert air.heard() == [DeviceResetLocallyNotification()]
    assert not air.node.awake


async def test_the_name_and_the_place_are_what_the_label_says() -> None:
    air = OnAir(Switch())
    (name,) = air.says(NodeNamingNodeNameGet())
    (place,) = air.says(NodeNamingNodeLocationGet())
    assert isinstance(name, NodeNamingNodeNameReport)
    assert isinstance(place, NodeNamingNodeLocationReport)
    assert (name.name.text, place.location.text) == ("light", "hall")


async def test_a_node_blinks_for_as_long_as_it_is_asked_to() -> None:
    switch = Switch()
    blink = IndicatorSet(
        0, (IndicatorValue(0x50, Property.ON_OFF_PERIOD, 10), IndicatorValue(0x50, Property.ON_OFF_CYCLES, 3))
    )
    OnAir(switch).says(blink)
    assert switch.identifying
    await asyncio.sleep(3.1)
    assert not switch.identifying


def _event(report: Any) -> tuple[int, int, bytes]:
    assert isinstance(report, NotificationReport)
    assert report.event is not None
    return report.event.notification_type, report.event.event, report.event.parameters
