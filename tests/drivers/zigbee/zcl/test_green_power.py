"""Green Power: what a proxy passes on, and what is inside it. Bytes with a source are in the vectors as well."""

import pytest

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.clusters.green_power import GpNotification, GpPairing
from drivers.zigbee.zcl.clusters.green_power_device import (
    ChannelConfiguration,
    ChannelRequest,
    ClusterList,
    Commissioning,
    CommissioningReply,
    GpdCommand,
    decode_payload,
)


def test_a_switch_says_how_many_contacts_it_has_and_which_is_pressed() -> None:
    # zigbee-herdsman (MIT), test/greenpower.test.ts: the payload of a commissioning notification
    payload = bytes.fromhex("0785f2c925821df46f458cf0e637aac3bab6aa45831a11e22c000010020508")
    assert decode_payload(GpdCommand.COMMISSIONING, payload) == Commissioning(
        device_id=0x07,
        options=0x85,
        extended_options=0xF2,
        key=bytes.fromhex("c925821df46f458cf0e637aac3bab6aa"),
        key_mic=0x111A8345,
        outgoing_counter=0x2CE2,
        application_information=0x10,
        switch=(5, 8),
    )


def test_a_device_may_say_all_that_there_is_to_say() -> None:
    # zigbee-herdsman (MIT), test/zspec/zcl/buffalo.test.ts: reads commissioning all options
    payload = bytes.fromhex("ff84e0" + "00" * 16 + "00000000000000001f000000000000020502")
    assert decode_payload(GpdCommand.COMMISSIONING, payload) == Commissioning(
        device_id=0xFF,
        options=0x84,
        extended_options=0xE0,
        key=bytes(16),
        key_mic=0,
        outgoing_counter=0,
        application_information=0x1F,
        manufacturer_id=0,
        model_id=0,
        commands=(),
        clusters=ClusterList(),
        switch=(5, 2),
    )


def test_a_device_may_say_almost_nothing() -> None:
    payload = bytes.fromhex("0200")
    assert decode_payload(GpdCommand.COMMISSIONING, payload) == Commissioning(device_id=2, options=0)


def test_a_reply_has_a_key_with_its_counter() -> None:
    # zigbee-herdsman (MIT), test/zspec/zcl/buffalo.test.ts: writes commissioning reply
    reply = CommissioningReply(options=0b11111, pan_id=0xFFFF, key=bytes(16), key_mic=0, frame_counter=0)
    assert reply.to_bytes().hex() == "1fffff" + "00" * 16 + "0000000000000000"
    assert decode_payload(GpdCommand.COMMISSIONING_REPLY, reply.to_bytes()) == reply


def test_a_device_asks_for_its_channel() -> None:
    assert decode_payload(GpdCommand.CHANNEL_REQUEST, b"\x85") == ChannelRequest(5, 8)
    # zigbee-herdsman (MIT), test/zspec/zcl/buffalo.test.ts: writes channel configuration, 26
    assert ChannelConfiguration(0x0F).to_bytes() == b"\x0f"


def test_a_command_without_a_payload_that_is_kept_is_none() -> None:
    assert decode_payload(GpdCommand.TOGGLE, b"") is None
    with pytest.raises(MalformedFrame):
        decode_payload(GpdCommand.COMMISSIONING, b"\x02")


def test_fields_that_the_options_promise_have_to_be_there() -> None:
    with pytest.raises(ValueError, match="say that there is a value"):
        GpNotification(options=0, frame_counter=1, gpd_command=0x20).to_bytes()
    with pytest.raises(ValueError, match="say that there is a value"):
        GpPairing(options=0x08, source_id=1).to_bytes()
