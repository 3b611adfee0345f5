"""ZDO of a simulated node, held against the Zigbee Specification 05-3474-23."""

import asyncio

import pytest

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
from simulators.devices.sensors import DoorSensor
from simulators.devices.switch import PowerStrip, Switch
from simulators.zigbee.bindings import BINDINGS_MAX
from simulators.zigbee.radio import BROADCAST_AWAKE, BROADCAST_ROUTERS, ApsMessage, Neighbour
from tests.simulators.zigbee.on_air import COORDINATOR_EUI64, EXTENDED_PAN_ID, NODE_ID, on_air


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


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
