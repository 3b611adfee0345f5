"""When a simulated node reports what to whom, and what it forgets when it leaves (ZCL8, 2.5.7 and 2.5.11)."""

import asyncio
import itertools

from drivers.zigbee.wire import Record
from drivers.zigbee.zcl.attribute_records import (
    REPORTED,
    AttributeValue,
    ExpectedReports,
    Reporting,
    ReportingAsked,
    ReportingTold,
)
from drivers.zigbee.zcl.cluster import frame_of
from drivers.zigbee.zcl.clusters.groups import AddGroup
from drivers.zigbee.zcl.clusters.identify import Identify
from drivers.zigbee.zcl.clusters.level_control import LEVEL_CONTROL
from drivers.zigbee.zcl.clusters.on_off import ON_OFF, On, Toggle
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.foundation import (
    ConfigureReporting,
    ConfigureReportingResponse,
    DefaultResponse,
    ReadReportingConfiguration,
    ReadReportingConfigurationResponse,
    ReportAttributes,
)
from drivers.zigbee.zcl.status import ZclStatus
from drivers.zigbee.zdo.binding import (
    Binding,
    BindReq,
    MgmtBindReq,
    MgmtBindRsp,
    ToEndpoint,
    ToGroup,
)
from drivers.zigbee.zdo.message import ZdoStatus
from simulators.devices.device import Battery
from simulators.devices.dimmer import Dimmer
from simulators.devices.sensors import DoorSensor
from simulators.devices.switch import Switch
from simulators.zigbee.radio import BROADCAST_AWAKE
from tests.simulators.zigbee.on_air import COORDINATOR_EUI64, SEQUENCE, on_air

ON_OFF_ID = ON_OFF.named("on_off").id


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


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
