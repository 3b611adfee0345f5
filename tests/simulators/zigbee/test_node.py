"""The foundation and default responses of a simulated node, held against ZCL8, chapter 2."""

import asyncio

from drivers.zigbee.zcl.attribute_records import (
    AttributeValue,
    ReadRecord,
    WriteRecord,
)
from drivers.zigbee.zcl.cluster import frame_of
from drivers.zigbee.zcl.clusters.basic import BASIC
from drivers.zigbee.zcl.clusters.groups import AddGroup
from drivers.zigbee.zcl.clusters.identify import IDENTIFY
from drivers.zigbee.zcl.clusters.level_control import LEVEL_CONTROL
from drivers.zigbee.zcl.clusters.on_off import ON_OFF, On, Toggle
from drivers.zigbee.zcl.clusters.ota_upgrade import OTA_UPGRADE
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.foundation import (
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
    ReportAttributes,
    WriteAttributes,
    WriteAttributesNoResponse,
    WriteAttributesResponse,
    WriteAttributesUndivided,
    global_frame,
)
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.dimmer import Dimmer
from simulators.devices.switch import Switch
from simulators.zigbee.radio import BROADCAST_AWAKE, ApsMessage
from tests.simulators.zigbee.on_air import NODE_ID, on_air


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


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
