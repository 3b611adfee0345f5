"""The floor at a Zigbee stick says the right thing, although it looks at next to nothing."""

import asyncio

import pytest

from drivers.zigbee.ash import FLAG, Ack, Data, Parser
from drivers.zigbee.ezsp.frame import decode_header
from drivers.zigbee.ezsp.messaging import SendUnicast
from drivers.zigbee.ezsp.table import decode_command
from simulators.bench.zigbee.floor import ZigbeeFloor
from simulators.bench.zigbee.reports import VERSION, Member, lamp_report, motion_report

LAMP, MOTION = Member(0xA1B2, 0x1111), Member(0xB27D, 0x7E11)


class Written(asyncio.WriteTransport):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.pieces.append(bytes(data))


def floor() -> tuple[ZigbeeFloor, list[bytes]]:
    transport = Written()
    made = ZigbeeFloor(LAMP, MOTION)
    made.connection_made(transport)
    return made, transport.pieces


def report(number: int, acked: int, occupied: bool, counter: int) -> bytes:
    return Data(number, motion_report(MOTION, occupied, counter), acked).to_bytes()


@pytest.mark.parametrize("number", range(8))
@pytest.mark.parametrize("acked", range(8))
def test_a_report_of_motion_is_answered_in_one_write_with_its_acknowledgement(number: int, acked: int) -> None:
    answering, written = floor()
    for counter in range(0, 2000, 37):
        occupied = counter % 2 == 0
        answering.data_received(report(number, acked, occupied, counter))
        (frame,) = Parser().feed(written.pop())
        assert isinstance(frame, Data)
        assert not written
        assert (frame.number, frame.acked) == (acked, (number + 1) % 8)
        command = decode_command(decode_header(frame.payload), VERSION)
        assert isinstance(command, SendUnicast)
        assert command.index_or_destination == LAMP.node_id
        assert command.message[2] == occupied


@pytest.mark.parametrize("number", range(8))
@pytest.mark.parametrize("acked", range(8))
def test_everything_else_is_acknowledged(number: int, acked: int) -> None:
    answering, written = floor()
    answering.data_received(Data(number, lamp_report(LAMP, True, 3), acked).to_bytes())
    assert written == [Ack((number + 1) % 8).to_bytes()]


def test_acknowledgements_are_not_acknowledged() -> None:
    answering, written = floor()
    answering.data_received(Ack(3).to_bytes())
    assert not written


def test_of_several_frames_the_last_is_acknowledged_and_motion_is_answered() -> None:
    answering, written = floor()
    lamp = [Data(number, lamp_report(LAMP, True, number), 5).to_bytes() for number in range(3)]
    answering.data_received(
        lamp[0] + lamp[1] + report(2, 5, True, 9) + Data(3, lamp_report(LAMP, True, 9), 5).to_bytes()
    )
    command, ack = written
    (frame,) = Parser().feed(command)
    assert isinstance(frame, Data)
    assert (frame.number, frame.acked) == (5, 3)
    assert ack == Ack(4).to_bytes()


def test_a_frame_may_come_in_pieces() -> None:
    answering, written = floor()
    whole = report(0, 0, True, 1)
    answering.data_received(whole[:20])
    assert not written
    answering.data_received(whole[20:])
    assert len(written) == 1
    assert written[0].endswith(FLAG)
