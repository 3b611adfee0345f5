"""The far side at a Zigbee stick, with a wire that is a list and a clock that the wire moves."""

import pytest

from drivers.zigbee.ash import Ack, Data, Nak, Parser
from drivers.zigbee.ezsp.address_table import GetExtendedTimeout, GetExtendedTimeoutResponse
from drivers.zigbee.ezsp.frame import Command, decode_header, encode_command
from drivers.zigbee.ezsp.messaging import IncomingMessageHandler, MessageSentHandler, SendUnicast, SendUnicastResponse
from drivers.zigbee.ezsp.networking import LeaveNetwork
from drivers.zigbee.ezsp.structures import ApsFrame
from drivers.zigbee.ezsp.types import OutgoingType
from drivers.zigbee.zcl.cluster import frame_of
from drivers.zigbee.zcl.clusters import on_off
from drivers.zigbee.zcl.foundation import (
    DefaultResponse,
    ReadAttributes,
    ReadAttributesResponse,
    ReportAttributes,
    global_frame,
)
from drivers.zigbee.zcl.frame import ZclFrame
from simulators.bench.far_side import NoReaction
from simulators.bench.zigbee.far_side import LinkState, ZigbeeFarSide
from simulators.bench.zigbee.reports import HOME_PROFILE, VERSION, Member
from tests.bench.scripted_wire import ScriptedWire

LAMP, MOTION, OTHER = Member(0xA1, 0x1111), Member(0xB2, 0x2222), Member(0xC3, 0x3333)
STATE = LinkState(next_number=6, expected=3, sequence=77)
"""So the report of motion is number 6, and the first frame of the subject number 3."""


def data(number: int, acked: int, command: Command, sequence: int = 78) -> bytes:
    return Data(number, encode_command(sequence, command, VERSION), acked).to_bytes()


def unicast(frame: ZclFrame, to: Member = LAMP, cluster: int = on_off.CLUSTER_ID) -> SendUnicast:
    aps = ApsFrame(HOME_PROFILE, cluster, 1, 1)
    return SendUnicast(OutgoingType.DIRECT, to.node_id, aps, 9, frame.to_bytes())


def switch(on: bool, to: Member = LAMP) -> SendUnicast:
    return unicast(frame_of(5, on_off.On() if on else on_off.Off()), to)


def ack(number: int) -> bytes:
    return Ack(number).to_bytes()


def far_side(*script: tuple[int, bytes]) -> tuple[ZigbeeFarSide, ScriptedWire]:
    wire = ScriptedWire(*script)
    return ZigbeeFarSide(wire, STATE, (LAMP, MOTION, OTHER), wire.clock_ns), wire


def frames(written: bytes) -> list[Data]:
    found = Parser().feed(written)
    assert all(isinstance(frame, Data) for frame in found)
    return [frame for frame in found if isinstance(frame, Data)]


def said(frame: Data) -> ZclFrame:
    """What a node says in a callback."""
    message = IncomingMessageHandler.from_bytes(decode_header(frame.payload).payload, VERSION)
    return ZclFrame.from_bytes(message.message)


def test_a_reaction_lasts_until_the_last_byte_of_the_command_is_read() -> None:
    command = data(3, 7, switch(True))
    side, wire = far_side((10, ack(7)), (100, command[:9]), (1000, command[9:]))
    reaction = side.react(occupied=True)
    assert reaction.ns == 1110
    assert reaction.command == command
    (report,) = frames(wire.written[0])
    assert (report.number, report.acked, report.payload[0]) == (6, 3, STATE.sequence)
    assert said(report).command == ReportAttributes.COMMAND


def test_what_is_sent_to_another_node_is_no_reaction() -> None:
    side, _ = far_side((10, data(3, 7, switch(True, MOTION))), (80, data(4, 7, switch(True))))
    assert side.react(occupied=True).ns == 90


def test_what_a_host_asks_its_stick_before_is_answered() -> None:
    asked = GetExtendedTimeout(LAMP.eui64)
    side, wire = far_side((10, data(3, 7, asked)), (20, data(4, 0, switch(True))))
    assert side.react(occupied=True).ns == 30
    (answer,) = frames(wire.written[1])
    assert (answer.number, answer.acked) == (7, 4)
    assert decode_header(answer.payload).payload == GetExtendedTimeoutResponse(False).to_bytes(VERSION)


def test_a_lamp_switched_the_wrong_way_is_no_reaction() -> None:
    side, _ = far_side((10, data(3, 7, switch(False))))
    with pytest.raises(NoReaction, match="other way"):
        side.react(occupied=True)


def test_a_subject_that_does_nothing_is_given_up() -> None:
    side, _ = far_side((10, ack(7)))
    with pytest.raises(NoReaction, match="not switched"):
        side.react(occupied=True)


def test_a_command_that_does_not_belong_to_the_measurement_ends_it() -> None:
    side, _ = far_side((10, data(3, 7, LeaveNetwork())))
    with pytest.raises(NoReaction, match="LeaveNetwork"):
        side.react(occupied=True)


@pytest.mark.parametrize("wrong", [Nak(6).to_bytes(), data(5, 7, switch(True)), ack(2)])
def test_a_subject_that_is_out_of_step_ends_it(wrong: bytes) -> None:
    side, _ = far_side((10, wrong))
    with pytest.raises(NoReaction):
        side.react(occupied=True)


def test_every_frame_waits_for_the_acknowledgement_of_the_one_before() -> None:
    side, wire = far_side((10, data(3, 7, switch(True))), *[(1, ack(number)) for number in (0, 1, 2, 3)])
    side.react(occupied=True)
    assert len(wire.written) == 2
    side.settle()
    response, sent, done, report = (frames(written)[0] for written in wire.written[1:])
    assert [frame.number for frame in (response, sent, done, report)] == [7, 0, 1, 2]
    assert decode_header(response.payload).frame_id == SendUnicast.ID
    assert SendUnicastResponse.from_bytes(decode_header(response.payload).payload, VERSION).status == 0
    assert MessageSentHandler.from_bytes(decode_header(sent.payload).payload, VERSION).message_tag == 9
    assert (said(done).sequence, said(done).payload) == (5, DefaultResponse(on_off.On.COMMAND, 0).to_bytes())
    assert ReportAttributes.from_bytes(said(report).payload).records[0].value is True
    # They carry the sequence number of the command, as callbacks do.
    assert {frame.payload[0] for frame in (response, sent, done, report)} == {78}


def test_the_lamp_says_what_it_is_when_it_is_read() -> None:
    read = unicast(global_frame(8, ReadAttributes((0x0000, 0x4003))))
    side, wire = far_side((10, data(3, 7, switch(True))), *[(1, ack(n)) for n in (0, 1, 2, 3)], (0, b""))
    side.react(occupied=True)
    side.settle()
    wire._script.extend([(1, data(4, 3, read, 79)), (1, ack(4)), (1, ack(5)), (1, ack(6))])
    side.settle()
    answer = said(frames(wire.written[-1])[0])
    assert (answer.sequence, answer.command) == (8, ReadAttributesResponse.COMMAND)
    values, unknown = ReadAttributesResponse.from_bytes(answer.payload).records
    assert (values.value, unknown.status) == (True, 0x86)


def test_a_flood_keeps_so_many_frames_on_their_way_as_the_window_has() -> None:
    side, wire = far_side((10, ack(1)), (10, ack(3)), (100, data(3, 5, switch(True))))
    burst = side.flood(side.lamp_reports(6), occupied=True)
    assert [len(frames(written)) for written in wire.written[:2]] == [5, 2]
    # That of motion is the seventh, and left when the first acknowledgement came.
    assert (burst.whole_ns, burst.command_ns) == (120, 110)


def test_in_a_flood_answers_go_before_reports() -> None:
    side, wire = far_side((10, data(3, 7, GetExtendedTimeout(LAMP.eui64))), (10, data(4, 4, switch(True))))
    side.flood(side.lamp_reports(1), occupied=True, after=side.lamp_reports(9))
    (answer,) = frames(wire.written[1])
    assert decode_header(answer.payload).frame_id == GetExtendedTimeout.ID


def test_what_is_not_answered_is_acknowledged() -> None:
    side, wire = far_side((10, data(3, 7, switch(True))), (5, data(3, 7, switch(True), 78)))
    side.react(occupied=True)
    with pytest.raises(NoReaction, match="out of sequence"):
        side.settle()
    again = Data(3, encode_command(78, switch(True), VERSION), 7, retransmitted=True).to_bytes()
    side, wire = far_side((10, data(3, 7, switch(True))), (5, again), *[(1, ack(n)) for n in (0, 1, 2, 3)])
    side.react(occupied=True)
    side.settle()
    assert wire.written[2] == ack(4)


def test_no_two_reports_are_the_same_for_long() -> None:
    side, _ = far_side()
    assert len(set(side.lamp_reports(256))) == 256


def test_every_other_device_has_something_to_say() -> None:
    side, _ = far_side()
    (report,) = side.reports_of_others()
    message = IncomingMessageHandler.from_bytes(decode_header(report).payload, VERSION)
    assert (message.sender, message.sender_eui64) == (OTHER.node_id, OTHER.eui64)
