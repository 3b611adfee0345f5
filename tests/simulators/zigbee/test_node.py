"""ZDO, the foundation and default responses of a simulated node. Clauses: Zigbee Specification 05-3474-23, ZCL8."""

import asyncio
import itertools

import pytest

from drivers.zigbee.wire import Record
from drivers.zigbee.zcl.attribute_records import (
    REPORTED,
    AttributeValue,
    ExpectedReports,
    ReadRecord,
    Reporting,
    ReportingAsked,
    ReportingRecord,
    ReportingTold,
    WriteRecord,
)
from drivers.zigbee.zcl.cluster import frame_of
from drivers.zigbee.zcl.clusters.basic import BASIC
from drivers.zigbee.zcl.clusters.groups import AddGroup
from drivers.zigbee.zcl.clusters.identify import IDENTIFY, Identify
from drivers.zigbee.zcl.clusters.level_control import LEVEL_CONTROL
from drivers.zigbee.zcl.clusters.on_off import ON_OFF, On, Toggle
from drivers.zigbee.zcl.clusters.ota_upgrade import OTA_UPGRADE
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.foundation import (
    ConfigureReporting,
    ConfigureReportingResponse,
    DefaultResponse,
    DiscoverAttributes,
    DiscoverAttributesExtended,
    DiscoverAttributesExtendedResponse,
    DiscoverAttributesResponse,
    DiscoverCommandsGenerated,
    DiscoverCommandsGeneratedResponse,
    DiscoverCommandsReceived,
    DiscoverCommandsReceivedResponse,
    ReadAttributes,
    ReadAttributesResponse,
    ReadReportingConfiguration,
    ReadReportingConfigurationResponse,
    ReportAttributes,
    WriteAttributes,
    WriteAttributesNoResponse,
    WriteAttributesResponse,
    WriteAttributesUndivided,
    global_frame,
)
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import ZclStatus
from drivers.zigbee.zdo.binding import (
    Binding,
    BindReq,
    BindRsp,
    MgmtBindReq,
    MgmtBindRsp,
    ToEndpoint,
    ToGroup,
    UnbindReq,
    UnbindRsp,
)
from drivers.zigbee.zdo.descriptors import LogicalType
from drivers.zigbee.zdo.discovery import (
    EXTENDED,
    ActiveEpReq,
    ActiveEpRsp,
    IeeeAddrReq,
    IeeeAddrRsp,
    MatchDescReq,
    MatchDescRsp,
    NodeDescReq,
    NodeDescRsp,
    NwkAddrReq,
    NwkAddrRsp,
    PowerDescReq,
    PowerDescRsp,
    SimpleDescReq,
    SimpleDescRsp,
    SystemServerDiscoveryReq,
)
from drivers.zigbee.zdo.management import (
    CHANGE_CHANNEL,
    MgmtLeaveReq,
    MgmtLeaveRsp,
    MgmtLqiReq,
    MgmtLqiRsp,
    MgmtNwkUpdateNotify,
    MgmtNwkUpdateReq,
    MgmtPermitJoiningReq,
    MgmtPermitJoiningRsp,
    MgmtRtgReq,
    MgmtRtgRsp,
    Update,
)
from drivers.zigbee.zdo.message import ZdoStatus
from simulators.devices.device import Battery
from simulators.devices.dimmer import Dimmer
from simulators.devices.sensors import DoorSensor
from simulators.devices.switch import PowerStrip, Switch
from simulators.zigbee.bindings import BINDINGS_MAX
from simulators.zigbee.radio import BROADCAST_AWAKE, BROADCAST_ROUTERS, ApsMessage, Neighbour
from tests.simulators.zigbee.on_air import COORDINATOR_EUI64, EXTENDED_PAN_ID, NODE_ID, SEQUENCE, on_air

ON_OFF_ID, LEVEL_ID = ON_OFF.named("on_off").id, LEVEL_CONTROL.named("current_level").id


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


# --- ZDO


async def test_a_mains_device_is_a_router_and_a_battery_one_an_end_device_that_sleeps() -> None:
    """05-3474-23, 2.3.2.3, node descriptor."""
    mains, battery = on_air(Switch()), on_air(DoorSensor(battery=Battery()))
    router, sleeper = mains.zdo(NodeDescReq(NODE_ID)), battery.zdo(NodeDescReq(NODE_ID))
    assert isinstance(router, NodeDescRsp)
    assert isinstance(sleeper, NodeDescRsp)
    assert router.descriptor is not None
    assert sleeper.descriptor is not None
    assert (router.descriptor.logical_type, router.descriptor.mac_capability) == (LogicalType.ROUTER, 0x8E)
    assert (sleeper.descriptor.logical_type, sleeper.descriptor.mac_capability) == (LogicalType.END_DEVICE, 0x80)
    assert (mains.node.rx_on_when_idle, battery.node.rx_on_when_idle) == (True, False)
    powers = [air.zdo(PowerDescReq(NODE_ID)) for air in (mains, battery)]
    assert [it.descriptor.source for it in powers if isinstance(it, PowerDescRsp) and it.descriptor] == [1, 4]


async def test_addresses_are_told_to_who_knows_the_other_one() -> None:
    """05-3474-23, 2.4.4, NWK_addr_rsp and IEEE_addr_rsp."""
    air = on_air(Switch())
    eui64 = air.node.eui64
    assert air.zdo(NwkAddrReq(eui64)) == NwkAddrRsp(ZdoStatus.SUCCESS, eui64, NODE_ID)
    assert air.zdo(IeeeAddrReq(NODE_ID)) == IeeeAddrRsp(ZdoStatus.SUCCESS, eui64, NODE_ID)
    assert air.zdo(NwkAddrReq(1)) == NwkAddrRsp(ZdoStatus.DEVICE_NOT_FOUND, 1, 0xFFFF)
    assert air.zdo(NwkAddrReq(eui64, 7)) == NwkAddrRsp(ZdoStatus.INV_REQUESTTYPE, eui64, 0xFFFF)
    assert air.zdo(NwkAddrReq(eui64), destination=BROADCAST_AWAKE) == NwkAddrRsp(ZdoStatus.SUCCESS, eui64, NODE_ID)


async def test_whom_a_broadcast_does_not_concern_keeps_silent() -> None:
    """05-3474-23, 2.4.3: NWK_addr_req, Match_Desc_req, System_Server_Discovery_req."""
    air = on_air(Switch())
    assert air.zdo(NwkAddrReq(1), destination=BROADCAST_AWAKE) is None
    match = MatchDescReq(BROADCAST_AWAKE, 0x0104, (0x0500,))
    assert air.zdo(match, destination=BROADCAST_AWAKE) is None
    assert air.zdo(SystemServerDiscoveryReq(0x0001), destination=BROADCAST_AWAKE) is None


async def test_a_router_answers_for_its_children() -> None:
    """05-3474-23, 2.4.4, NWK_addr_rsp: they sleep."""
    air = on_air(Switch())
    air.heard_by = (Neighbour(0xABC, 0x4444, 2, False, 1, 2, 200),)
    assert air.zdo(NwkAddrReq(0xABC)) == NwkAddrRsp(ZdoStatus.SUCCESS, 0xABC, 0x4444)
    assert air.zdo(NodeDescReq(0x4444)) == NodeDescRsp(ZdoStatus.NO_DESCRIPTOR, 0x4444)
    family = air.zdo(NwkAddrReq(air.node.eui64, EXTENDED))
    assert family == NwkAddrRsp(ZdoStatus.SUCCESS, air.node.eui64, NODE_ID, (0, (0x4444,)))


@pytest.mark.parametrize(
    ("battery", "status"), [(None, ZdoStatus.DEVICE_NOT_FOUND), (Battery(), ZdoStatus.INV_REQUESTTYPE)]
)
async def test_of_others_a_node_knows_nothing(battery: Battery | None, status: ZdoStatus) -> None:
    """05-3474-23, 2.4.4, Node_Desc_rsp."""
    air = on_air(DoorSensor(battery=battery))
    assert air.zdo(NodeDescReq(0x9999)) == NodeDescRsp(status, 0x9999)
    assert air.zdo(ActiveEpReq(0x9999)) == ActiveEpRsp(status, 0x9999)


async def test_every_endpoint_is_named_and_described() -> None:
    """05-3474-23, 2.4.4, Active_EP_rsp and Simple_Desc_rsp."""
    air = on_air(PowerStrip(3))
    assert air.zdo(ActiveEpReq(NODE_ID)) == ActiveEpRsp(ZdoStatus.SUCCESS, NODE_ID, (1, 2, 3))
    answer = air.zdo(SimpleDescReq(NODE_ID, 1))
    assert isinstance(answer, SimpleDescRsp)
    assert answer.descriptor is not None
    assert (answer.descriptor.profile, answer.descriptor.device_type) == (0x0104, 0x0009)
    assert answer.descriptor.inputs == (0x0000, 0x0003, 0x0B05, 0x0004, 0x0005, 0x0006)
    assert answer.descriptor.outputs == (0x0019,)
    assert air.zdo(SimpleDescReq(NODE_ID, 0)) == SimpleDescRsp(ZdoStatus.INVALID_EP, NODE_ID)
    assert air.zdo(SimpleDescReq(NODE_ID, 9)) == SimpleDescRsp(ZdoStatus.NOT_ACTIVE, NODE_ID)


async def test_a_match_names_the_endpoints_that_have_a_cluster() -> None:
    """05-3474-23, 2.4.4, Match_Desc_rsp."""
    air = on_air(PowerStrip(2))
    found = MatchDescRsp(ZdoStatus.SUCCESS, NODE_ID, (1, 2))
    assert air.zdo(MatchDescReq(NODE_ID, 0x0104, (0x0006,))) == found
    assert air.zdo(MatchDescReq(BROADCAST_AWAKE, 0x0104, (0x0006,)), destination=BROADCAST_AWAKE) == found
    assert air.zdo(MatchDescReq(NODE_ID, 0x0104, (), (0x0019,))) == MatchDescRsp(ZdoStatus.SUCCESS, NODE_ID, (1,))
    assert air.zdo(MatchDescReq(NODE_ID, 0x0109, (0x0006,))) == MatchDescRsp(ZdoStatus.SUCCESS, NODE_ID, ())


def _binding(eui64: int, cluster: int, *, endpoint: int = 1, target: int = 1) -> Binding:
    return Binding(eui64, endpoint, cluster, ToEndpoint(COORDINATOR_EUI64, target))


async def test_bindings_are_made_once_listed_and_undone() -> None:
    """05-3474-23, 2.4.3, Bind_req, Unbind_req and Mgmt_Bind_req."""
    air = on_air(Switch())
    mine = air.node.eui64
    group = Binding(mine, 1, 0x0006, ToGroup(0x0007))
    entries = [_binding(mine, 0x0006), _binding(mine, 0x0006), _binding(mine, 0x0B05), group, _binding(mine, 0x0003)]
    for entry in entries:
        assert air.zdo(BindReq(entry)) == BindRsp(ZdoStatus.SUCCESS)
    first = (_binding(mine, 0x0006), _binding(mine, 0x0B05), group)
    assert air.zdo(MgmtBindReq()) == MgmtBindRsp(ZdoStatus.SUCCESS, 4, 0, first)
    assert air.zdo(MgmtBindReq(3)) == MgmtBindRsp(ZdoStatus.SUCCESS, 4, 3, (_binding(mine, 0x0003),))
    assert air.zdo(UnbindReq(group)) == UnbindRsp(ZdoStatus.SUCCESS)
    assert air.zdo(UnbindReq(group)) == UnbindRsp(ZdoStatus.NO_ENTRY)


async def test_a_full_binding_table_says_so_and_other_bindings_are_refused() -> None:
    """05-3474-23, 2.4.4, Bind_rsp."""
    air = on_air(Switch())
    mine = air.node.eui64
    answers = [air.zdo(BindReq(_binding(mine, 6, target=number))) for number in range(1, BINDINGS_MAX + 2)]
    assert answers == [BindRsp(ZdoStatus.SUCCESS)] * BINDINGS_MAX + [BindRsp(ZdoStatus.TABLE_FULL)]
    assert air.zdo(BindReq(_binding(1, 6))) == BindRsp(ZdoStatus.NOT_SUPPORTED)
    assert air.zdo(BindReq(_binding(mine, 6, endpoint=9))) == BindRsp(ZdoStatus.INVALID_EP)


async def test_neighbours_come_from_the_air_three_a_frame() -> None:
    """05-3474-23, 2.4.4, Mgmt_Lqi_rsp."""
    air = on_air(Switch())
    air.heard_by = tuple(Neighbour(number, number, 1, True, 2, 1, 200 + number) for number in range(5))
    first, second = air.zdo(MgmtLqiReq()), air.zdo(MgmtLqiReq(3))
    assert isinstance(first, MgmtLqiRsp)
    assert isinstance(second, MgmtLqiRsp)
    assert (first.total, len(first.neighbors), len(second.neighbors)) == (5, 3, 2)
    assert [it.lqi for it in (*first.neighbors, *second.neighbors)] == [200, 201, 202, 203, 204]
    assert {it.extended_pan_id for it in first.neighbors} == {EXTENDED_PAN_ID}


async def test_a_routing_table_is_a_routers() -> None:
    """05-3474-23, 2.4.4, Mgmt_Rtg_rsp."""
    assert on_air(Switch()).zdo(MgmtRtgReq()) == MgmtRtgRsp(ZdoStatus.SUCCESS, 0, 0, ())
    assert on_air(DoorSensor(battery=Battery())).zdo(MgmtRtgReq()) == MgmtRtgRsp(ZdoStatus.NOT_SUPPORTED)


async def test_leaving_and_letting_in_are_answered_to_one_and_not_to_a_broadcast() -> None:
    """05-3474-23, 2.4.3, Mgmt_Leave_req and Mgmt_Permit_Joining_req."""
    air = on_air(Switch())
    assert air.zdo(MgmtLeaveReq(0)) == MgmtLeaveRsp(ZdoStatus.SUCCESS)
    assert air.zdo(MgmtLeaveReq(1)) == MgmtLeaveRsp(ZdoStatus.DEVICE_NOT_FOUND)
    assert air.zdo(MgmtPermitJoiningReq(60)) == MgmtPermitJoiningRsp(ZdoStatus.SUCCESS)
    assert air.zdo(MgmtPermitJoiningReq(60), destination=BROADCAST_ROUTERS) is None
    sleeper = on_air(DoorSensor(battery=Battery()))
    assert sleeper.zdo(MgmtPermitJoiningReq(60)) == MgmtPermitJoiningRsp(ZdoStatus.NOT_SUPPORTED)


async def test_a_scan_tells_each_channel_and_a_change_of_channel_nothing() -> None:
    """05-3474-23, 2.4.3, Mgmt_NWK_Update_req."""
    air = on_air(Switch())
    answer = air.zdo(MgmtNwkUpdateReq(1 << 11 | 1 << 20, Update(2, scan_count=1)))
    assert isinstance(answer, MgmtNwkUpdateNotify)
    assert (answer.channels, len(answer.energies)) == (1 << 11 | 1 << 20, 2)
    wrong = air.zdo(MgmtNwkUpdateReq(1 << 11, Update(7)))
    assert isinstance(wrong, MgmtNwkUpdateNotify)
    assert wrong.status == ZdoStatus.INV_REQUESTTYPE
    assert air.zdo(MgmtNwkUpdateReq(1 << 20, Update(CHANGE_CHANNEL, update_id=1))) is None


async def test_an_unknown_zdo_request_is_not_supported_and_a_cut_one_invalid() -> None:
    """05-3474-23, 2.4.5."""
    air = on_air(Switch())
    for cluster, payload, status in ((0x0099, b"\x07", 0x84), (0x0004, b"\x07\x34", 0x80)):
        air.node.receive(ApsMessage(0, NODE_ID, 0, cluster, 0, 0, 0, payload))
        assert air.messages.pop().payload == bytes((7, status))
        air.node.receive(ApsMessage(0, BROADCAST_AWAKE, 0, cluster, 0, 0, 0, payload))
        assert air.messages == []


# --- default responses


async def test_a_command_without_a_response_of_its_own_gets_the_default_one() -> None:
    """ZCL8, 2.5.12.2: with the sequence of the command, in the other direction."""
    air = on_air(Switch())
    (said,) = air.tell(ON_OFF.id, frame_of(0x42, On()))
    assert said.command == DefaultResponse(On.COMMAND, ZclStatus.SUCCESS)
    assert said.frame == ZclFrame(
        0x42, 0x0B, b"\x01\x00", cluster_specific=False, from_server=True, disable_default_response=True
    )
    assert (said.message.destination, said.message.destination_endpoint, said.message.source_endpoint) == (0, 1, 1)


async def test_who_wants_none_gets_one_only_for_an_error() -> None:
    """ZCL8, 2.4.1.1.4 and 2.5.12.2."""
    air = on_air(Switch())
    assert air.command(On(), quiet=True) is None
    unknown = ZclFrame(1, 0x7E, b"", cluster_specific=True, from_server=False, disable_default_response=True)
    (said,) = air.tell(ON_OFF.id, unknown)
    assert said.command == DefaultResponse(0x7E, ZclStatus.UNSUP_COMMAND)


async def test_neither_broadcasts_nor_groupcasts_nor_default_responses_are_answered_with_one() -> None:
    """ZCL8, 2.5.12.2."""
    switch = Switch()
    air = on_air(switch)
    air.command(AddGroup(7))
    assert air.tell(ON_OFF.id, frame_of(1, Toggle()), destination=BROADCAST_AWAKE, endpoint=0xFF) == []
    assert switch.on
    assert air.tell(ON_OFF.id, frame_of(1, Toggle()), destination=BROADCAST_AWAKE, endpoint=0xFF, group=7) == []
    assert not switch.on
    assert air.tell(ON_OFF.id, frame_of(1, Toggle()), destination=BROADCAST_AWAKE, endpoint=0xFF, group=8) == []
    assert not switch.on
    assert air.tell(ON_OFF.id, global_frame(1, DefaultResponse(0x0A, ZclStatus.FAILURE))) == []


async def test_an_unknown_cluster_command_or_manufacturer_is_named_as_such() -> None:
    """ZCL8, 2.6.3."""
    air = on_air(Switch())
    (said,) = air.tell(0x0102, ZclFrame(1, 0, b"", cluster_specific=True, from_server=False))
    assert said.command == DefaultResponse(0, ZclStatus.UNSUPPORTED_CLUSTER)
    frame = ZclFrame(1, 0x01, b"", cluster_specific=True, from_server=False, manufacturer_code=0x1234)
    (said,) = air.tell(ON_OFF.id, frame)
    assert said.command == DefaultResponse(1, ZclStatus.UNSUP_MANUF_CLUSTER_COMMAND)
    assert said.frame.manufacturer_code == 0x1234
    for code, status in ((None, ZclStatus.UNSUP_GENERAL_COMMAND), (0x1234, ZclStatus.UNSUP_MANUF_GENERAL_COMMAND)):
        frame = ZclFrame(1, 0x55, b"", cluster_specific=False, from_server=False, manufacturer_code=code)
        (said,) = air.tell(ON_OFF.id, frame)
        assert said.command == DefaultResponse(0x55, status)


async def test_a_command_that_is_cut_off_is_malformed() -> None:
    """ZCL8, 2.6.3: MALFORMED_COMMAND."""
    air = on_air(Dimmer(_loop()))
    (said,) = air.tell(LEVEL_CONTROL.id, ZclFrame(1, 0x00, b"\x10\x00", cluster_specific=True, from_server=False))
    assert said.command == DefaultResponse(0x00, ZclStatus.MALFORMED_COMMAND)


async def test_a_report_is_answered_only_where_somebody_would_read_it() -> None:
    """ZCL8, 2.5.11.3 and 2.5.12.2."""
    air = on_air(Switch())
    report = ReportAttributes((AttributeValue(0, DataType.BOOLEAN, True),))
    (said,) = air.tell(ON_OFF.id, global_frame(1, report, from_server=True))
    assert said.command == DefaultResponse(ReportAttributes.COMMAND, ZclStatus.UNSUPPORTED_CLUSTER)
    assert not said.frame.from_server


async def test_what_is_for_another_endpoint_or_profile_is_not_heard() -> None:
    """05-3474-23, 2.2.4: the application that is not there does not answer."""
    switch = Switch()
    air = on_air(switch)
    assert air.tell(ON_OFF.id, frame_of(1, On()), endpoint=9) == []
    assert air.tell(ON_OFF.id, frame_of(1, On()), profile=0x0109) == []
    assert not switch.on
    # BDB 3.0.1 (13-0402): Light Link and Home Automation understand one another; the answer is in the asker's profile.
    (said,) = air.tell(ON_OFF.id, frame_of(1, On()), profile=0xC05E)
    assert switch.on
    assert said.message.profile == 0xC05E


async def test_what_is_sent_again_is_done_once() -> None:
    """05-3474-23, 2.2.8, rejection of duplicates: the counter of the APS frame tells."""
    switch = Switch()
    air = on_air(switch)
    payload = frame_of(1, Toggle()).to_bytes()
    for counter in (5, 5, 6, 6, 7):
        air.node.receive(ApsMessage(0, NODE_ID, 0x0104, ON_OFF.id, 1, 1, counter, payload))
    assert switch.on
    assert len(air.heard()) == 3
    await asyncio.sleep(60)
    air.node.receive(ApsMessage(0, NODE_ID, 0x0104, ON_OFF.id, 1, 1, 7, payload))
    assert not switch.on


# --- attributes


async def test_attributes_are_read_together_and_unknown_ones_are_named() -> None:
    """ZCL8, 2.5.1.3 and 2.5.2."""
    air = on_air(Switch())
    answer = air.ask(BASIC.id, ReadAttributes((0x0004, 0x7777, 0x0005, 0xFFFD)))
    assert answer == ReadAttributesResponse(
        (
            ReadRecord(0x0004, ZclStatus.SUCCESS, DataType.CHAR_STRING, "hubagent"),
            ReadRecord(0x7777, ZclStatus.UNSUPPORTED_ATTRIBUTE),
            ReadRecord(0x0005, ZclStatus.SUCCESS, DataType.CHAR_STRING, "hubagent.switch"),
            ReadRecord(0xFFFD, ZclStatus.SUCCESS, DataType.UINT16, 3),
        )
    )


async def test_of_too_many_attributes_as_many_are_told_as_fit_into_a_frame() -> None:
    """ZCL8, 2.5.2."""
    air = on_air(Switch())
    asked = (0x0004, 0x0005, 0x0006, 0x000D, 0x4000, 0x0010)
    frame = global_frame(1, ReadAttributes(asked))
    (said,) = air.tell(BASIC.id, frame)
    assert isinstance(said.command, ReadAttributesResponse)
    told = tuple(it.attribute for it in said.command.records)
    assert 0 < len(told) < len(asked)
    assert told == asked[: len(told)]
    assert len(said.message.payload) <= 80


async def test_a_manufacturers_attributes_are_not_the_zcls() -> None:
    """ZCL8, 2.4.1.2."""
    air = on_air(Switch())
    answer = air.ask(BASIC.id, ReadAttributes((0x0004,)), manufacturer_code=0x117C)
    assert answer == ReadAttributesResponse((ReadRecord(0x0004, ZclStatus.UNSUPPORTED_ATTRIBUTE),))


async def test_a_clients_attributes_are_read_in_the_other_direction() -> None:
    """ZCL8, 2.4.1.1.3: a host asks an OTA client as its server."""
    air = on_air(Switch())
    frame = global_frame(1, ReadAttributes((0x0002,)), from_server=True, disable_default_response=True)
    (said,) = air.tell(OTA_UPGRADE.id, frame)
    assert said.command == ReadAttributesResponse((ReadRecord(0x0002, ZclStatus.SUCCESS, DataType.UINT32, 0x01000000),))
    assert not said.frame.from_server
    (said,) = air.tell(OTA_UPGRADE.id, global_frame(1, ReadAttributes((0x0002,))))
    assert said.command == DefaultResponse(0x00, ZclStatus.UNSUPPORTED_CLUSTER)


async def test_a_write_says_what_went_wrong_and_keeps_what_went_right() -> None:
    """ZCL8, 2.5.3.3 and 2.5.5."""
    air = on_air(Switch())
    text, number = DataType.CHAR_STRING, DataType.UINT8
    written = WriteAttributes(
        (
            AttributeValue(0x0010, text, "hall"),
            AttributeValue(0x0004, text, "me"),
            AttributeValue(0x0011, number, 4),
            AttributeValue(0x7777, number, 4),
            AttributeValue(0x0010, text, "much more than sixteen letters"),
        )
    )
    assert air.ask(BASIC.id, written) == WriteAttributesResponse(
        (
            WriteRecord(ZclStatus.READ_ONLY, 0x0004),
            WriteRecord(ZclStatus.INVALID_DATA_TYPE, 0x0011),
            WriteRecord(ZclStatus.UNSUPPORTED_ATTRIBUTE, 0x7777),
            WriteRecord(ZclStatus.INVALID_VALUE, 0x0010),
        )
    )
    assert air.read(BASIC, "location_description") == "hall"


async def test_an_undivided_write_is_all_or_nothing() -> None:
    """ZCL8, 2.5.4.3."""
    air = on_air(Switch())
    good = AttributeValue(0x0010, DataType.CHAR_STRING, "attic")
    for bad, status in ((0xFE, ZclStatus.INVALID_VALUE), (0x7777, ZclStatus.UNSUPPORTED_ATTRIBUTE)):
        wrong = AttributeValue(0x0011 if bad == 0xFE else bad, DataType.ENUM8, 0xFE)
        answer = air.ask(BASIC.id, WriteAttributesUndivided((good, wrong)))
        assert answer == WriteAttributesResponse((WriteRecord(status, wrong.attribute),))
        assert air.read(BASIC, "location_description") == "hall.light"
    right = AttributeValue(0x0011, DataType.ENUM8, 0x05)
    assert air.ask(BASIC.id, WriteAttributesUndivided((good, right))) == WriteAttributesResponse()
    assert (air.read(BASIC, "location_description"), air.read(BASIC, "physical_environment")) == ("attic", 5)


async def test_a_write_that_wants_no_response_gets_none() -> None:
    """ZCL8, 2.5.6.3."""
    air = on_air(Switch())
    good = AttributeValue(0x0010, DataType.CHAR_STRING, "attic")
    bad = AttributeValue(0x0004, DataType.CHAR_STRING, "me")
    assert air.ask(BASIC.id, WriteAttributesNoResponse((bad, good))) is None
    assert air.read(BASIC, "location_description") == "attic"


async def test_attributes_are_discovered_in_order_and_in_parts() -> None:
    """ZCL8, 2.5.13 and 2.5.14."""
    air = on_air(Switch())
    first = air.ask(ON_OFF.id, DiscoverAttributes(0, 2))
    assert isinstance(first, DiscoverAttributesResponse)
    assert (first.complete, [it.attribute for it in first.attributes]) == (False, [0x0000, 0x4000])
    rest = air.ask(ON_OFF.id, DiscoverAttributes(0x4001, 100))
    assert isinstance(rest, DiscoverAttributesResponse)
    assert (rest.complete, [it.attribute for it in rest.attributes]) == (True, [0x4001, 0x4002, 0x4003, 0xFFFD])


async def test_extended_discovery_tells_what_may_be_done_with_them() -> None:
    """ZCL8, 2.5.22 and 2.5.23: 1 read, 2 write, 4 report."""
    answer = on_air(Switch()).ask(ON_OFF.id, DiscoverAttributesExtended(0, 100))
    assert isinstance(answer, DiscoverAttributesExtendedResponse)
    access = {it.attribute: it.access for it in answer.attributes}
    assert access == {0x0000: 5, 0x4000: 1, 0x4001: 3, 0x4002: 3, 0x4003: 3, 0xFFFD: 1}


async def test_commands_are_discovered_as_they_are_heard_and_said() -> None:
    """ZCL8, 2.5.18 to 2.5.21."""
    air = on_air(Dimmer(_loop()))
    heard = air.ask(ON_OFF.id, DiscoverCommandsReceived(0, 100))
    assert heard == DiscoverCommandsReceivedResponse(True, (0x00, 0x01, 0x02, 0x40, 0x41, 0x42))
    assert air.ask(ON_OFF.id, DiscoverCommandsReceived(2, 2)) == DiscoverCommandsReceivedResponse(False, (0x02, 0x40))
    said = air.ask(IDENTIFY.id, DiscoverCommandsGenerated(0, 100))
    assert said == DiscoverCommandsGeneratedResponse(True, (0x00,))


# --- reporting


async def test_what_cannot_be_configured_is_refused_one_by_one() -> None:
    """ZCL8, 2.5.7.3 and 2.5.8."""
    air = on_air(Dimmer(_loop()))
    wrong: list[tuple[Reporting | ExpectedReports, ZclStatus]] = [
        (Reporting(0x7777, DataType.UINT8, 1, 60, 1), ZclStatus.UNSUPPORTED_ATTRIBUTE),
        (Reporting(0x0001, DataType.UINT16, 1, 60, 1), ZclStatus.UNREPORTABLE_ATTRIBUTE),
        (Reporting(0x0000, DataType.UINT16, 1, 60, 1), ZclStatus.INVALID_DATA_TYPE),
        (Reporting(0x0000, DataType.UINT8, 60, 30, 1), ZclStatus.INVALID_VALUE),
        (ExpectedReports(0x0000, 60), ZclStatus.UNREPORTABLE_ATTRIBUTE),
    ]
    right = Reporting(0x0000, DataType.UINT8, 2, 60, 5)
    answer = air.ask(LEVEL_CONTROL.id, ConfigureReporting((*(it for it, _ in wrong), right)))
    assert isinstance(answer, ConfigureReportingResponse)
    assert [(it.attribute, it.status) for it in answer.records] == [(it.attribute, status) for it, status in wrong]
    told = air.ask(LEVEL_CONTROL.id, ReadReportingConfiguration((ReportingAsked(REPORTED, 0x0000),)))
    success = ReportingTold(ZclStatus.SUCCESS, REPORTED, 0x0000, right)
    assert told == ReadReportingConfigurationResponse((success,))


async def test_a_reporting_configuration_is_read_back_or_said_not_to_be_there() -> None:
    """ZCL8, 2.5.9.3 and 2.5.10; 2.5.7: 0xFFFF ends the reports, 0 with 0xFFFF brings the factory's back."""
    air = on_air(Switch())
    kind = DataType.BOOLEAN

    def told() -> Record | None:
        asked = tuple(ReportingAsked(REPORTED, it) for it in (0x0000, 0x4001, 0x7777))
        return air.ask(ON_OFF.id, ReadReportingConfiguration(asked))

    others = (
        ReportingTold(ZclStatus.UNREPORTABLE_ATTRIBUTE, REPORTED, 0x4001),
        ReportingTold(ZclStatus.UNSUPPORTED_ATTRIBUTE, REPORTED, 0x7777),
    )
    factory = ReportingTold(ZclStatus.SUCCESS, REPORTED, 0x0000, Reporting(0x0000, kind, 0, 3600))
    assert told() == ReadReportingConfigurationResponse((factory, *others))
    air.ask(ON_OFF.id, ConfigureReporting((Reporting(0x0000, kind, 0, 0xFFFF),)))
    nothing = ReportingTold(ZclStatus.NOT_FOUND, REPORTED, 0x0000)
    assert told() == ReadReportingConfigurationResponse((nothing, *others))
    air.ask(ON_OFF.id, ConfigureReporting((Reporting(0x0000, kind, 0xFFFF, 0),)))
    assert told() == ReadReportingConfigurationResponse((factory, *others))


async def test_nothing_is_reported_to_nobody() -> None:
    """ZCL8, 2.5.11.1: reports go to the bound."""
    switch = Switch()
    air = on_air(switch)
    switch.press()
    await asyncio.sleep(10_000)
    assert air.heard() == []


async def test_a_binding_alone_brings_the_reports_of_the_factory() -> None:
    """BDB 3.0.1 (13-0402): default reporting configurations."""
    switch = Switch()
    air = on_air(switch)
    air.bind(ON_OFF.id)
    assert air.heard() == []
    switch.press()
    (said,) = air.heard()
    assert said.command == ReportAttributes((AttributeValue(ON_OFF_ID, DataType.BOOLEAN, True),))
    assert (said.frame.from_server, said.frame.disable_default_response) == (True, True)
    assert (said.message.destination, said.message.destination_endpoint) == (0x0000, 1)


async def test_a_command_is_answered_before_what_it_changed_is_reported() -> None:
    switch = Switch()
    air = on_air(switch)
    air.bind(ON_OFF.id)
    assert [type(it.command) for it in air.tell(ON_OFF.id, frame_of(SEQUENCE, On()))] == [
        DefaultResponse,
        ReportAttributes,
    ]


async def test_reports_keep_the_minimum_interval() -> None:
    """ZCL8, 2.5.7, minimum reporting interval: the last of several changes is told when it is over."""
    switch = Switch()
    air = on_air(switch)
    air.report(ON_OFF, "on_off", 10, 0)
    await asyncio.sleep(20)
    for _ in range(4):
        switch.press()
        await asyncio.sleep(1)
    switch.press()
    assert air.reports(ON_OFF) == [{"on_off": True}]
    await asyncio.sleep(20)
    # Back to what was told before: there is nothing to tell.
    assert air.reports(ON_OFF) == []
    switch.press()
    assert air.reports(ON_OFF) == [{"on_off": False}]
    switch.press()
    await asyncio.sleep(9)
    assert air.reports(ON_OFF) == []
    await asyncio.sleep(2)
    assert air.reports(ON_OFF) == [{"on_off": True}]


async def test_reports_come_at_the_maximum_interval_even_without_a_change() -> None:
    """ZCL8, 2.5.11.2.1."""
    air = on_air(Switch())
    air.report(ON_OFF, "on_off", 0, 60)
    await asyncio.sleep(59)
    assert air.heard() == []
    await asyncio.sleep(602)
    assert air.reports(ON_OFF) == [{"on_off": False}] * 11


async def test_a_number_is_reported_when_it_moved_far_enough() -> None:
    """ZCL8, 2.5.11.2.3."""
    dimmer = Dimmer(_loop(), ramp_s=0)
    dimmer.go_to(100)
    air = on_air(dimmer)
    air.report(LEVEL_CONTROL, "current_level", 0, 0, 20)
    for level in (96, 93, 91, 90, 95):
        dimmer.go_to(level)
    assert air.reports(LEVEL_CONTROL) == [{"current_level": 231}]


async def test_a_level_on_its_way_is_reported_as_it_passes() -> None:
    dimmer = Dimmer(_loop(), ramp_s=4)
    air = on_air(dimmer)
    air.report(LEVEL_CONTROL, "current_level", 1, 0, 1)
    air.command(On())
    await asyncio.sleep(6)
    levels = [it["current_level"] for it in air.reports(LEVEL_CONTROL)]
    assert levels == [64, 127, 190, 254]


async def test_reports_go_to_everybody_who_is_bound_groups_included() -> None:
    """05-3474-23, 2.2.4: a binding names a node's endpoint or a group."""
    switch = Switch()
    air = on_air(switch)
    air.addresses[0xB0B] = 0x2222
    mine = air.node.eui64
    for target in (ToEndpoint(COORDINATOR_EUI64, 1), ToEndpoint(0xB0B, 3), ToGroup(9), ToEndpoint(0xDEAD, 1)):
        air.zdo(BindReq(Binding(mine, 1, ON_OFF.id, target)))
    switch.press()
    where = [(it.destination, it.destination_endpoint, it.group) for it in air.messages]
    assert where == [(0, 1, None), (0x2222, 3, None), (BROADCAST_AWAKE, 0xFF, 9)]


async def test_transactions_are_numbered_on() -> None:
    switch = Switch()
    air = on_air(switch)
    air.bind(ON_OFF.id)
    for _ in range(300):
        switch.press()
    numbers = [it.frame.sequence for it in air.heard()]
    assert len(numbers) == 300
    assert all((after - before) % 256 == 1 for before, after in itertools.pairwise(numbers))


async def test_a_node_that_left_forgets_what_was_set_up_and_says_nothing() -> None:
    switch = Switch()
    air = on_air(switch)
    air.report(ON_OFF, "on_off", 0, 60)
    air.command(AddGroup(7))
    air.command(Identify(100))
    assert switch.identifying
    air.leave()
    switch.press()
    await asyncio.sleep(1000)
    assert air.heard() == []
    assert not switch.identifying
    air.join()
    await asyncio.sleep(1000)
    assert air.heard() == []
    assert air.zdo(MgmtBindReq()) == MgmtBindRsp(ZdoStatus.SUCCESS, 0, 0, ())
    assert air.tell(ON_OFF.id, frame_of(1, Toggle()), destination=BROADCAST_AWAKE, endpoint=0xFF, group=7) == []
    assert switch.on


async def test_a_node_that_comes_back_keeps_what_was_set_up() -> None:
    switch = Switch()
    air = on_air(switch)
    air.report(ON_OFF, "on_off", 0, 60)
    air.join()
    switch.press()
    assert air.reports(ON_OFF) == [{"on_off": True}]


async def test_after_a_power_cut_the_bound_are_told_how_things_are() -> None:
    switch = Switch(on=True)
    air = on_air(switch)
    air.bind(ON_OFF.id)
    air.node.power_returned()
    assert air.reports(ON_OFF) == [{"on_off": True}]


async def test_a_newcomer_polls_fast_and_later_seldom_until_it_is_touched() -> None:
    air = on_air(DoorSensor(battery=Battery()), long_poll_s=7)
    assert air.node.poll_interval_s == 0.5
    await asyncio.sleep(61)
    assert air.node.poll_interval_s == 7
    air.node.wake()
    assert air.node.poll_interval_s == 0.5
    await asyncio.sleep(6)
    assert air.node.poll_interval_s == 7


async def test_a_world_that_ends_leaves_nothing_running() -> None:
    dimmer = Dimmer(_loop())
    air = on_air(dimmer)
    air.report(LEVEL_CONTROL, "current_level", 1, 30, 1)
    air.node.power_off()
    dimmer.press()
    await asyncio.sleep(1000)
    assert air.heard() == []
    assert LEVEL_ID == 0


def test_reporting_records_are_told_apart_by_their_direction() -> None:
    record = ReportingRecord(ZclStatus.INVALID_VALUE, REPORTED, 0x0000)
    assert ConfigureReportingResponse((record,)).to_bytes() == b"\x87\x00\x00\x00"
