"""Basic, Power Configuration, Identify, Groups, Scenes, On/Off, Poll Control, Diagnostics, Time (ZCL8, chapter 3)."""

import asyncio

import pytest

from drivers.zigbee.zcl.attribute_records import ReadRecord
from drivers.zigbee.zcl.cluster import frame_of
from drivers.zigbee.zcl.clusters.basic import BASIC, PowerSource, ResetToFactoryDefaults
from drivers.zigbee.zcl.clusters.diagnostics import DIAGNOSTICS
from drivers.zigbee.zcl.clusters.groups import (
    AddGroup,
    AddGroupIfIdentifying,
    AddGroupResponse,
    GetGroupMembership,
    GetGroupMembershipResponse,
    RemoveAllGroups,
    RemoveGroup,
    RemoveGroupResponse,
    ViewGroup,
    ViewGroupResponse,
)
from drivers.zigbee.zcl.clusters.identify import (
    IDENTIFY,
    Effect,
    Identify,
    IdentifyQuery,
    IdentifyQueryResponse,
    TriggerEffect,
)
from drivers.zigbee.zcl.clusters.level_control import LEVEL_CONTROL, MoveToLevel
from drivers.zigbee.zcl.clusters.on_off import (
    ON_OFF,
    Off,
    OffWithEffect,
    On,
    OnOffControl,
    OnWithRecallGlobalScene,
    OnWithTimedOff,
    Toggle,
)
from drivers.zigbee.zcl.clusters.poll_control import (
    POLL_CONTROL,
    CheckIn,
    CheckInResponse,
    FastPollStop,
    SetLongPollInterval,
    SetShortPollInterval,
)
from drivers.zigbee.zcl.clusters.power_configuration import POWER_CONFIGURATION
from drivers.zigbee.zcl.clusters.scenes import (
    SCENES,
    AddScene,
    AddSceneResponse,
    CopyScene,
    CopySceneResponse,
    EnhancedAddScene,
    EnhancedAddSceneResponse,
    EnhancedViewScene,
    EnhancedViewSceneResponse,
    ExtensionField,
    GetSceneMembership,
    GetSceneMembershipResponse,
    RecallScene,
    RemoveAllScenes,
    RemoveAllScenesResponse,
    RemoveScene,
    RemoveSceneResponse,
    StoreScene,
    StoreSceneResponse,
    ViewScene,
    ViewSceneResponse,
)
from drivers.zigbee.zcl.clusters.time import TIME
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.foundation import DefaultResponse, ReadAttributes, ReadAttributesResponse, global_frame
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.device import Battery
from simulators.devices.dimmer import Dimmer
from simulators.devices.room_air import RoomAir
from simulators.devices.sensors import DoorSensor
from simulators.devices.switch import Switch
from simulators.devices.thermostat import Thermostat
from simulators.zigbee.clusters.groups import GROUPS_MAX
from simulators.zigbee.clusters.scenes import SCENES_MAX
from simulators.zigbee.clusters.time import TimeClient
from simulators.zigbee.radio import BROADCAST_AWAKE
from tests.simulators.zigbee.on_air import on_air

OK = ZclStatus.SUCCESS


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def _done(command: int, status: ZclStatus = OK) -> DefaultResponse:
    return DefaultResponse(command, status)


# --- Basic, Power Configuration, Diagnostics


async def test_a_device_says_who_made_it_and_what_feeds_it() -> None:
    """ZCL8, 3.2."""
    mains, battery = on_air(Switch()), on_air(DoorSensor(battery=Battery()))
    names = ("zcl_version", "manufacturer_name", "model_identifier", "power_source", "serial_number", "sw_build_id")
    said = [mains.read(BASIC, name) for name in names]
    assert said == [8, "hubagent", "hubagent.switch", PowerSource.MAINS_SINGLE_PHASE, "0001", "1.0.0"]
    assert battery.read(BASIC, "power_source") == PowerSource.BATTERY
    assert battery.read(BASIC, "date_code") == "20261123"


async def test_factory_defaults_come_back_and_groups_stay() -> None:
    """ZCL8, 3.2, Reset to Factory Defaults."""
    air = on_air(Switch())
    air.write(BASIC, "location_description", "attic")
    air.write(ON_OFF, "start_up_on_off", 1)
    air.command(AddGroup(7))
    assert air.command(ResetToFactoryDefaults()) == _done(0)
    assert air.read(BASIC, "location_description") == "hall.light"
    assert air.read(ON_OFF, "start_up_on_off") is None
    assert air.command(ViewGroup(7)) == ViewGroupResponse(OK, 7, "")


async def test_a_battery_tells_half_per_cents_and_tenths_of_a_volt() -> None:
    """ZCL8, 3.3, BatteryPercentageRemaining and BatteryVoltage."""
    sensor = DoorSensor(battery=Battery(60.5))
    air = on_air(sensor)
    assert air.read(POWER_CONFIGURATION, "battery_percentage_remaining") == 121
    assert air.read(POWER_CONFIGURATION, "battery_voltage") == 26
    assert air.read(POWER_CONFIGURATION, "battery_alarm_state") == 0
    air.bind(POWER_CONFIGURATION.id)
    await asyncio.sleep(301)
    sensor.discharge_to(10)
    assert air.reports(POWER_CONFIGURATION) == [{"battery_percentage_remaining": 20}]
    assert air.read(POWER_CONFIGURATION, "battery_alarm_state") != 0


async def test_a_power_cut_is_counted() -> None:
    """ZCL8, 3.15, NumberOfResets."""
    air = on_air(Switch())
    assert air.read(DIAGNOSTICS, "number_of_resets") == 0
    air.node.power_returned()
    assert air.read(DIAGNOSTICS, "number_of_resets") == 1


# --- Identify


async def test_a_device_identifies_itself_until_the_time_is_over() -> None:
    """ZCL8, 3.5.2.2.1 and 3.5.2.3.1."""
    switch = Switch()
    air = on_air(switch)
    assert air.command(IdentifyQuery()) == _done(1)
    assert air.command(Identify(10)) == _done(0)
    assert switch.identifying
    await asyncio.sleep(4)
    assert air.command(IdentifyQuery()) == IdentifyQueryResponse(6)
    assert air.read(IDENTIFY, "identify_time") == 6
    await asyncio.sleep(7)
    assert not switch.identifying
    assert air.write(IDENTIFY, "identify_time", 3) == OK
    assert switch.identifying
    air.command(Identify(0))
    assert not switch.identifying


async def test_an_identify_query_to_all_is_answered_by_who_identifies_itself() -> None:
    """ZCL8, 3.5.2.3.2."""
    air = on_air(Switch())
    question = frame_of(1, IdentifyQuery())
    assert air.tell(IDENTIFY.id, question, destination=BROADCAST_AWAKE, endpoint=0xFF) == []
    air.command(Identify(10))
    (said,) = air.tell(IDENTIFY.id, question, destination=BROADCAST_AWAKE, endpoint=0xFF)
    assert said.command == IdentifyQueryResponse(10)


async def test_an_effect_lasts_for_a_moment_and_an_unknown_one_is_refused() -> None:
    """ZCL8, 3.5.2.3.3."""
    switch = Switch()
    air = on_air(switch)
    assert air.command(TriggerEffect(Effect.BREATHE)) == _done(0x40)
    assert switch.identifying
    assert air.command(TriggerEffect(Effect.STOP_EFFECT)) == _done(0x40)
    assert not switch.identifying
    assert air.command(TriggerEffect(0x77)) == _done(0x40, ZclStatus.INVALID_FIELD)


# --- Groups


async def test_groups_are_joined_viewed_listed_and_left() -> None:
    """ZCL8, 3.6, Add, View and Remove Group, Get Group Membership."""
    air = on_air(Switch())
    assert air.command(AddGroup(7, "seven")) == AddGroupResponse(OK, 7)
    assert air.command(AddGroup(7, "seven")) == AddGroupResponse(OK, 7)
    assert air.command(AddGroup(5)) == AddGroupResponse(OK, 5)
    assert air.command(AddGroup(0)) == AddGroupResponse(ZclStatus.INVALID_VALUE, 0)
    assert air.command(ViewGroup(7)) == ViewGroupResponse(OK, 7, "seven")
    assert air.command(ViewGroup(9)) == ViewGroupResponse(ZclStatus.NOT_FOUND, 9, "")
    assert air.command(GetGroupMembership()) == GetGroupMembershipResponse(GROUPS_MAX - 2, (5, 7))
    assert air.command(GetGroupMembership((1, 7))) == GetGroupMembershipResponse(GROUPS_MAX - 2, (7,))
    assert air.command(RemoveGroup(7)) == RemoveGroupResponse(OK, 7)
    assert air.command(RemoveGroup(7)) == RemoveGroupResponse(ZclStatus.NOT_FOUND, 7)
    assert air.command(RemoveAllGroups()) == _done(4)
    assert air.command(GetGroupMembership()) == GetGroupMembershipResponse(GROUPS_MAX, ())


async def test_the_group_table_has_an_end() -> None:
    """ZCL8, 3.6, Add Group: INSUFFICIENT_SPACE."""
    air = on_air(Switch())
    answers = [air.command(AddGroup(group)) for group in range(1, GROUPS_MAX + 2)]
    assert answers[-2:] == [
        AddGroupResponse(OK, GROUPS_MAX),
        AddGroupResponse(ZclStatus.INSUFFICIENT_SPACE, GROUPS_MAX + 1),
    ]


async def test_only_who_identifies_itself_joins_that_way() -> None:
    """ZCL8, 3.6, Add Group If Identifying."""
    air = on_air(Switch())
    air.command(AddGroupIfIdentifying(7))
    assert air.command(GetGroupMembership()) == GetGroupMembershipResponse(GROUPS_MAX, ())
    air.command(Identify(10))
    assert air.command(AddGroupIfIdentifying(7)) == _done(5)
    assert air.command(GetGroupMembership()) == GetGroupMembershipResponse(GROUPS_MAX - 1, (7,))


async def test_a_group_command_that_went_to_all_is_carried_out_and_not_answered() -> None:
    """ZCL8, 3.6: responses to unicasts only."""
    air = on_air(Switch())
    assert air.tell(0x0004, frame_of(1, AddGroup(7)), destination=BROADCAST_AWAKE, endpoint=0xFF) == []
    assert air.command(ViewGroup(7)) == ViewGroupResponse(OK, 7, "")


# --- Scenes

_FIELDS = (ExtensionField(0x0006, b"\x01"), ExtensionField(0x0008, b"\x40"))


async def test_scenes_are_added_viewed_listed_and_removed() -> None:
    """ZCL8, 3.7, Add, View and Remove Scene, Get Scene Membership."""
    air = on_air(Dimmer(_loop()))
    air.command(AddGroup(7))
    assert air.command(AddScene(7, 1, 3, "dusk", _FIELDS)) == AddSceneResponse(OK, 7, 1)
    assert air.command(AddScene(8, 1, 3, "dusk")) == AddSceneResponse(ZclStatus.INVALID_FIELD, 8, 1)
    assert air.command(ViewScene(7, 1)) == ViewSceneResponse(OK, 7, 1, 3, "dusk", _FIELDS)
    assert air.command(ViewScene(7, 2)) == ViewSceneResponse(ZclStatus.NOT_FOUND, 7, 2)
    assert air.command(EnhancedAddScene(7, 4, 15, "dawn", _FIELDS)) == EnhancedAddSceneResponse(OK, 7, 4)
    assert air.command(EnhancedViewScene(7, 4)) == EnhancedViewSceneResponse(OK, 7, 4, 15, "dawn", _FIELDS)
    assert air.command(ViewScene(7, 4)) == ViewSceneResponse(OK, 7, 4, 1, "dawn", _FIELDS)
    membership = GetSceneMembershipResponse(OK, SCENES_MAX - 2, 7, (1, 4))
    assert air.command(GetSceneMembership(7)) == membership
    assert air.command(RemoveScene(7, 1)) == RemoveSceneResponse(OK, 7, 1)
    assert air.command(RemoveScene(7, 1)) == RemoveSceneResponse(ZclStatus.NOT_FOUND, 7, 1)
    assert air.command(RemoveAllScenes(7)) == RemoveAllScenesResponse(OK, 7)
    assert air.read(SCENES, "scene_count") == 0


async def test_a_stored_scene_comes_back_in_its_time() -> None:
    """ZCL8, 3.7, Store and Recall Scene."""
    dimmer = Dimmer(_loop(), ramp_s=0)
    dimmer.go_to(40)
    air = on_air(dimmer)
    air.command(AddGroup(7))
    air.command(EnhancedAddScene(7, 1, 20, "dusk"))
    assert air.command(StoreScene(7, 1)) == StoreSceneResponse(OK, 7, 1)
    assert (air.read(SCENES, "current_scene"), air.read(SCENES, "current_group")) == (1, 7)
    assert air.read(SCENES, "scene_valid") is True
    dimmer.go_to(0)
    assert air.read(SCENES, "scene_valid") is False
    assert air.command(RecallScene(7, 1)) == _done(5)
    await asyncio.sleep(1)
    assert dimmer.on
    assert 15 < dimmer.level < 25
    await asyncio.sleep(2)
    assert round(dimmer.level) == 40
    assert air.command(RecallScene(7, 9)) == _done(5, ZclStatus.NOT_FOUND)


async def test_the_transition_of_a_recall_goes_before_that_of_the_scene() -> None:
    """ZCL8, 3.7, Recall Scene."""
    dimmer = Dimmer(_loop(), ramp_s=0)
    dimmer.go_to(100)
    air = on_air(dimmer)
    air.command(EnhancedAddScene(0, 1, 600, "", _FIELDS))
    air.command(RecallScene(0, 1, 10))
    await asyncio.sleep(1.1)
    assert round(dimmer.level) == 25


async def test_scenes_are_copied_one_or_all() -> None:
    """ZCL8, 3.7, Copy Scene."""
    air = on_air(Dimmer(_loop()))
    for group in (7, 8):
        air.command(AddGroup(group))
    for scene in (1, 2):
        air.command(AddScene(7, scene, 0, f"s{scene}"))
    assert air.command(CopyScene(0, 7, 1, 8, 9)) == CopySceneResponse(OK, 7, 1)
    assert air.command(CopyScene(1, 7, 0, 8, 0)) == CopySceneResponse(OK, 7, 0)
    assert air.command(CopyScene(0, 7, 6, 8, 6)) == CopySceneResponse(ZclStatus.NOT_FOUND, 7, 6)
    assert air.command(CopyScene(0, 5, 1, 8, 6)) == CopySceneResponse(ZclStatus.INVALID_FIELD, 5, 1)
    membership = air.command(GetSceneMembership(8))
    assert membership == GetSceneMembershipResponse(OK, SCENES_MAX - 5, 8, (1, 2, 9))


async def test_the_scene_table_has_an_end_and_a_groups_scenes_go_with_it() -> None:
    """ZCL8, 3.7, Add Scene, and 3.6, Remove Group."""
    air = on_air(Dimmer(_loop()))
    air.command(AddGroup(7))
    answers = [air.command(AddScene(7, scene, 0)) for scene in range(SCENES_MAX + 1)]
    assert answers[-1] == AddSceneResponse(ZclStatus.INSUFFICIENT_SPACE, 7, SCENES_MAX)
    air.command(RemoveGroup(7))
    assert air.read(SCENES, "scene_count") == 0


async def test_fields_that_end_too_early_are_refused_at_the_recall() -> None:
    air = on_air(Dimmer(_loop()))
    air.command(AddScene(0, 1, 0, "", (ExtensionField(0x0006, b""), ExtensionField(0x0777, b"\x01"))))
    assert air.command(RecallScene(0, 1)) == _done(5, ZclStatus.INVALID_FIELD)


# --- On/Off


@pytest.mark.parametrize("command", [On(), Toggle()])
async def test_a_switch_is_switched_and_its_attribute_says_so(command: On | Toggle) -> None:
    """ZCL8, 3.8.2.3."""
    switch = Switch()
    air = on_air(switch)
    assert air.command(command) == _done(command.COMMAND)
    assert switch.on
    assert air.read(ON_OFF, "on_off") is True
    assert air.command(Off()) == _done(0)
    assert not switch.on


async def test_on_with_timed_off_ends_by_itself_and_then_waits() -> None:
    """ZCL8, 3.8.2.3.6.4."""
    switch = Switch()
    air = on_air(switch)
    air.bind(ON_OFF.id)
    air.command(OnWithTimedOff(0, 50, 100))
    await asyncio.sleep(2)
    assert (air.read(ON_OFF, "on_time"), air.read(ON_OFF, "off_wait_time")) == (30, 100)
    air.command(OnWithTimedOff(0, 60, 100))
    await asyncio.sleep(5.9)
    assert switch.on
    air.heard()
    await asyncio.sleep(0.2)
    assert not switch.on
    assert air.reports(ON_OFF) == [{"on_off": False}]
    assert air.read(ON_OFF, "on_time") == 0


async def test_a_device_that_was_switched_off_is_guarded_for_a_while() -> None:
    """ZCL8, 3.8.2.3.6.4: OffWaitTime."""
    switch = Switch()
    air = on_air(switch)
    air.command(OnWithTimedOff(0, 600, 100))
    air.command(Off())
    air.command(OnWithTimedOff(0, 600, 100))
    assert not switch.on
    await asyncio.sleep(11)
    air.command(OnWithTimedOff(0, 600, 100))
    assert switch.on


async def test_only_when_on_is_only_when_on() -> None:
    """ZCL8, 3.8.2.3.6.1."""
    switch = Switch()
    air = on_air(switch)
    air.command(OnWithTimedOff(OnOffControl.ACCEPT_ONLY_WHEN_ON, 50, 0))
    assert not switch.on


async def test_off_with_effect_keeps_the_scene_that_the_next_recall_brings_back() -> None:
    """ZCL8, 3.8.2.3.4 and 3.8.2.3.5."""
    dimmer = Dimmer(_loop(), ramp_s=0)
    dimmer.go_to(40)
    air = on_air(dimmer)
    assert air.command(OffWithEffect(0)) == _done(0x40)
    assert not dimmer.on
    assert air.read(ON_OFF, "global_scene_control") is False
    dimmer.last_on_level = 90.0
    assert air.command(OnWithRecallGlobalScene()) == _done(0x41)
    assert round(dimmer.level) == 40
    assert air.read(ON_OFF, "global_scene_control") is True
    dimmer.go_to(0)
    air.command(OnWithRecallGlobalScene())
    assert not dimmer.on
    assert air.command(OffWithEffect(9)) == _done(0x40, ZclStatus.INVALID_FIELD)


@pytest.mark.parametrize(
    ("start_up", "before", "after"),
    [(0, True, False), (1, False, True), (2, True, False), (None, True, True), (None, False, False)],
)
async def test_start_up_on_off_says_what_power_does(start_up: int | None, before: bool, after: bool) -> None:
    """ZCL8, 3.8.2.2.5."""
    switch = Switch(on=before)
    air = on_air(switch)
    assert air.write(ON_OFF, "start_up_on_off", start_up) == OK
    air.node.power_returned()
    assert switch.on is after
    assert air.write(ON_OFF, "start_up_on_off", 7) == ZclStatus.INVALID_VALUE


# --- Poll Control


async def test_a_sleeping_device_checks_in_and_stays_awake_if_it_is_asked_to() -> None:
    """ZCL8, 3.16, Check-in, Check-in Response, Fast Poll Stop."""
    air = on_air(DoorSensor(battery=Battery()), long_poll_s=6)
    air.bind(POLL_CONTROL.id)
    assert air.write(POLL_CONTROL, "check_in_interval", 480) == OK
    await asyncio.sleep(119)
    assert air.heard() == []
    assert air.node.poll_interval_s == 6
    await asyncio.sleep(2)
    (said,) = air.heard()
    assert said.command == CheckIn()
    assert air.node.poll_interval_s == 0.5
    assert air.command(CheckInResponse(True, 120)) == _done(0)
    await asyncio.sleep(25)
    assert air.node.poll_interval_s == 0.5
    assert air.command(FastPollStop()) == _done(1)
    assert air.node.poll_interval_s == 6
    assert air.command(FastPollStop()) == _done(1, ZclStatus.ACTION_DENIED)


async def test_nothing_to_do_sends_it_back_to_sleep_and_a_late_answer_is_too_late() -> None:
    """ZCL8, 3.16, Check-in Response."""
    air = on_air(DoorSensor(battery=Battery()), long_poll_s=6)
    air.bind(POLL_CONTROL.id)
    air.write(POLL_CONTROL, "check_in_interval", 480)
    await asyncio.sleep(121)
    assert air.command(CheckInResponse(False)) == _done(0)
    assert air.node.poll_interval_s == 6
    await asyncio.sleep(20)
    assert air.command(CheckInResponse(True)) == _done(0, ZclStatus.TIMEOUT)


async def test_poll_intervals_are_set_within_their_limits() -> None:
    """ZCL8, 3.16, Set Long and Set Short Poll Interval."""
    air = on_air(DoorSensor(battery=Battery()))
    await asyncio.sleep(61)
    assert air.command(SetLongPollInterval(40)) == _done(2)
    assert air.command(SetShortPollInterval(1)) == _done(3)
    assert (air.read(POLL_CONTROL, "long_poll_interval"), air.read(POLL_CONTROL, "short_poll_interval")) == (40, 1)
    assert air.node.poll_interval_s == 10
    assert air.command(SetShortPollInterval(41)) == _done(3, ZclStatus.INVALID_VALUE)
    assert air.command(SetLongPollInterval(0x700000)) == _done(2, ZclStatus.INVALID_VALUE)
    assert air.write(POLL_CONTROL, "check_in_interval", 30) == ZclStatus.INVALID_VALUE
    assert air.write(POLL_CONTROL, "check_in_interval", 0) == OK
    air.bind(POLL_CONTROL.id)
    await asyncio.sleep(10_000)
    assert air.heard() == []


# --- Time


async def test_a_thermostat_asks_the_coordinator_what_time_it_is() -> None:
    """ZCL8, 3.12: the client of Time."""
    air = on_air(Thermostat(RoomAir()))
    await asyncio.sleep(11)
    (asked,) = air.heard()
    assert asked.message.cluster == TIME.id
    assert asked.command == ReadAttributes((0x0000, 0x0001, 0x0002))
    assert not asked.frame.from_server
    answer = ReadAttributesResponse((ReadRecord(0x0000, OK, DataType.UTC, 815_000_000),))
    frame = global_frame(asked.frame.sequence, answer, from_server=True, disable_default_response=True)
    assert air.tell(TIME.id, frame) == []
    client = air.node.endpoints[1].client(TIME.id)
    assert isinstance(client, TimeClient)
    assert client.told == {0x0000: 815_000_000}


async def test_a_level_that_is_moved_while_the_lamp_is_off_is_kept_for_later_only_if_the_options_say_so() -> None:
    """ZCL8, 3.10.2.2.8.1."""
    dimmer = Dimmer(_loop(), ramp_s=0)
    air = on_air(dimmer)
    air.command(MoveToLevel(100, 0))
    assert air.read(LEVEL_CONTROL, "current_level") == 254
    air.command(MoveToLevel(100, 0, 1, 1))
    assert air.read(LEVEL_CONTROL, "current_level") == 100
    assert not dimmer.on
    air.command(On())
    assert air.read(LEVEL_CONTROL, "current_level") == 100
