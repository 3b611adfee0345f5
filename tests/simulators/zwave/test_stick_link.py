"""The stick's end of the link, as INS12350-14 wants it of a chip."""

import asyncio
import random

import pytest

from drivers.zwave.serial_frame import DataFrame, FrameType
from simulators.zwave.stick_faults import StickFaults
from simulators.zwave.stick_link import QUEUE_MAX, StickLink

ACK, NAK, CAN = b"\x06", b"\x15", b"\x18"
GET_VERSION = bytes.fromhex("01030015e9")
SOFT_RESET = bytes.fromhex("01030008f4")
REPORT = DataFrame(FrameType.REQUEST, 0x04, bytes.fromhex("0005032503ff"))


class Bench:
    def __init__(self, **faults: float) -> None:
        self.written: list[tuple[float, bytes]] = []
        self.received: list[DataFrame] = []
        self.faults = StickFaults()
        for name, value in faults.items():
            self.faults.set(name, value)
        loop = asyncio.get_running_loop()
        self.link = StickLink(
            lambda data: self.written.append((loop.time(), data)), self.received.append, self.faults, random.Random(3)
        )

    def taken(self) -> list[bytes]:
        written = [data for _, data in self.written]
        self.written.clear()
        return written


async def test_a_good_frame_is_acknowledged_before_it_is_handed_on() -> None:
    bench = Bench()
    order: list[str] = []
    bench.link = StickLink(
        lambda data: order.append(data.hex()),
        lambda frame: order.append(f"function {frame.function:02x}"),
        bench.faults,
        random.Random(3),
    )
    bench.link.data_received(GET_VERSION)
    assert order == ["06", "function 15"]


async def test_a_frame_in_pieces_is_one_frame() -> None:
    bench = Bench()
    for byte in GET_VERSION:
        bench.link.data_received(bytes((byte,)))
    assert bench.taken() == [ACK]
    assert len(bench.received) == 1


async def test_two_frames_in_one_piece_are_two() -> None:
    bench = Bench()
    bench.link.data_received(GET_VERSION * 2)
    assert bench.taken() == [ACK, ACK]
    assert len(bench.received) == 2


async def test_a_wrong_checksum_is_refused_with_nak_once() -> None:
    bench = Bench()
    bench.link.data_received(GET_VERSION[:-1] + b"\x00")
    assert bench.taken() == [NAK]
    assert bench.received == []


async def test_bytes_that_cannot_start_a_frame_are_ignored() -> None:
    bench = Bench()
    bench.link.data_received(b"\xff\x7e" + GET_VERSION)
    assert bench.taken() == [ACK]


async def test_half_a_frame_is_forgotten_after_1500_ms_without_a_nak() -> None:
    bench = Bench()
    bench.link.data_received(GET_VERSION[:3])
    await asyncio.sleep(1.49)
    bench.link.data_received(b"")
    await asyncio.sleep(0.02)
    bench.link.data_received(GET_VERSION)
    assert bench.taken() == [ACK]


async def test_half_a_frame_completed_within_1500_ms_is_taken() -> None:
    bench = Bench()
    bench.link.data_received(GET_VERSION[:3])
    await asyncio.sleep(1.49)
    bench.link.data_received(GET_VERSION[3:])
    assert bench.taken() == [ACK]


async def test_a_frame_that_nobody_acknowledges_is_sent_four_times() -> None:
    bench = Bench()
    bench.link.send(REPORT)
    await asyncio.sleep(60)
    assert [data for _, data in bench.written] == [REPORT.to_bytes()] * 4
    # INS12350-14 §6.3: 100 ms + n * 1000 ms after the loss, of which 1600 ms have been waited already.
    assert [round(when, 3) for when, _ in bench.written] == [0.0, 1.6, 3.2, 5.3]
    assert bench.link.lost_frames == 1


@pytest.mark.parametrize("refusal", [NAK, CAN])
async def test_a_refused_frame_is_sent_again_after_the_waiting_period(refusal: bytes) -> None:
    bench = Bench()
    bench.link.send(REPORT)
    for wait_s in (0.5, 1.5, 2.5, 10.0):
        bench.link.data_received(refusal)
        await asyncio.sleep(wait_s)
    assert [round(when, 3) for when, _ in bench.written] == [0.0, 0.1, 1.6, 4.1]
    assert bench.link.lost_frames == 1


async def test_the_next_frame_waits_until_the_first_is_acknowledged() -> None:
    bench = Bench()
    other = DataFrame(FrameType.REQUEST, 0x49, b"\x84\x02\x00")
    bench.link.send(REPORT)
    bench.link.send(other)
    assert bench.taken() == [REPORT.to_bytes()]
    bench.link.data_received(ACK)
    assert bench.taken() == [other.to_bytes()]


async def test_a_data_frame_instead_of_the_acknowledgement_is_discarded_with_can() -> None:
    bench = Bench()
    bench.link.send(REPORT)
    bench.taken()
    bench.link.data_received(GET_VERSION)
    assert bench.taken() == [CAN]
    assert bench.received == []
    bench.link.data_received(ACK + GET_VERSION)
    assert bench.taken() == [ACK]


async def test_the_queue_is_bounded_and_counts_what_it_loses() -> None:
    bench = Bench()
    for _ in range(QUEUE_MAX + 5):
        bench.link.send(REPORT)
    assert bench.link.lost_frames == 5
    bench.link.close()


async def test_an_announcement_is_written_once_and_not_waited_for() -> None:
    bench = Bench()
    bench.link.announce(REPORT)
    await asyncio.sleep(10)
    bench.link.data_received(GET_VERSION)
    assert bench.taken() == [REPORT.to_bytes(), ACK]


async def test_after_closing_nothing_is_sent_again() -> None:
    bench = Bench()
    bench.link.send(REPORT)
    bench.link.close()
    await asyncio.sleep(10)
    assert len(bench.written) == 1


@pytest.mark.parametrize(("fault", "answer"), [("can", CAN), ("nak", NAK)])
async def test_a_storm_refuses_good_frames(fault: str, answer: bytes) -> None:
    bench = Bench(**{fault: 1.0})
    bench.link.data_received(GET_VERSION)
    assert bench.taken() == [answer]
    assert bench.received == []


async def test_11_a_frame_whose_acknowledgement_is_lost_was_taken() -> None:
    bench = Bench(lost_ack=1.0)
    bench.link.data_received(GET_VERSION)
    assert bench.taken() == []
    assert len(bench.received) == 1


async def test_a_silent_stick_writes_nothing_at_all() -> None:
    bench = Bench(silent=1)
    bench.link.data_received(GET_VERSION)
    bench.link.send(REPORT)
    await asyncio.sleep(10)
    assert bench.taken() == []


async def test_the_bad_acknowledgement_of_a_soft_reset_has_a_wrong_high_nibble_only() -> None:
    bench = Bench(bad_ack=1.0)
    bench.link.data_received(SOFT_RESET)
    ((ack,),) = bench.taken()
    assert ack & 0x0F == 0x06
    assert ack != 0x06
    bench.link.data_received(GET_VERSION)
    assert bench.taken() == [ACK]


def test_a_fault_is_found_by_its_name() -> None:
    faults = StickFaults()
    faults.set("jammed", 1)
    faults.set("lost_callback", 0.5)
    assert faults == StickFaults(jammed=True, lost_callback=0.5)


def test_an_unknown_fault_is_named_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no fault 'rust'; there are can, nak"):
        StickFaults().set("rust", 1)


def test_drawn_faults_follow_from_the_seed() -> None:
    def draw(seed: int) -> StickFaults:
        return StickFaults.drawn(random.Random(seed))

    assert draw(1) == draw(1)
    assert len({repr(draw(seed)) for seed in range(8)}) > 1
