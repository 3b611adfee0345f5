"""The stick's end of ASH, as UG101 wants it of an NCP."""

import asyncio

import pytest

from drivers.zigbee.ash import CANCEL, Ack, Data, Error, Frame, Garbage, Nak, Parser, Reset, ResetAck, ResetCode
from simulators.zigbee.stick_link import QUEUE_MAX, StickLink

RST = CANCEL * 32 + Reset().to_bytes()
COMMAND = bytes.fromhex("0000010500")


def report(number: int) -> bytes:
    return b"report" + bytes((number,))


class Bench:
    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.written: list[tuple[float, Frame | Garbage]] = []
        self.raw: list[bytes] = []
        self.received: list[bytes] = []
        self.resets = 0
        self._parser = Parser()
        self.link = StickLink(self.loop, self._write, self._receive, self._reset)
        self.answer: bytes | None = None

    def _write(self, data: bytes) -> None:
        self.raw.append(data)
        self.written += [(round(self.loop.time(), 3), frame) for frame in self._parser.feed(data)]

    def _receive(self, payload: bytes) -> None:
        self.received.append(payload)
        if self.answer is not None:
            self.link.send(self.answer)

    def _reset(self) -> None:
        self.resets += 1

    def reads(self, *frames: Frame | bytes) -> None:
        """All of them in one read."""
        self.link.data_received(b"".join(frame if isinstance(frame, bytes) else frame.to_bytes() for frame in frames))

    def taken(self) -> list[Frame | Garbage]:
        written = [frame for _, frame in self.written]
        self.written.clear()
        return written

    def moments(self) -> list[float]:
        return [when for when, _ in self.written]


@pytest.fixture
async def bench() -> Bench:
    return Bench()


async def test_a_reset_is_answered_after_the_reboot_with_a_cancel_byte_before(bench: Bench) -> None:
    bench.reads(RST)
    assert (bench.resets, bench.raw) == (1, [])
    await asyncio.sleep(1)
    assert bench.raw == [CANCEL + ResetAck(ResetCode.SOFTWARE).to_bytes()]


async def test_a_rebooting_stick_hears_nothing(bench: Bench) -> None:
    bench.reads(RST, Data(0, COMMAND, 0))
    bench.reads(Data(0, COMMAND, 0))
    assert not bench.link.send(report(0))
    await asyncio.sleep(1)
    assert bench.received == []
    assert bench.taken() == [ResetAck(ResetCode.SOFTWARE)]


async def test_a_reset_forgets_numbers_and_what_was_on_its_way(bench: Bench) -> None:
    bench.reads(Data(0, COMMAND, 0))
    for number in range(8):
        bench.link.send(report(number))
    bench.reads(RST)
    await asyncio.sleep(30)
    bench.taken()
    bench.reads(Data(0, COMMAND, 0))
    bench.link.send(report(9))
    assert bench.taken() == [Data(0, report(9), 1)]
    bench.link.close()


async def test_a_command_is_acknowledged_by_its_response(bench: Bench) -> None:
    bench.answer = b"response"
    bench.reads(Data(0, COMMAND, 0))
    assert bench.received == [COMMAND]
    bench.reads(Ack(1))
    await asyncio.sleep(1)
    assert bench.taken() == [Data(0, b"response", 1)]


async def test_without_a_response_it_is_acknowledged_20_ms_later(bench: Bench) -> None:
    bench.reads(Data(0, COMMAND, 0), Data(1, COMMAND, 0))
    assert bench.written == []
    await asyncio.sleep(1)
    assert bench.written == [(0.02, Ack(2))]


async def test_a_frame_out_of_sequence_is_refused_once(bench: Bench) -> None:
    bench.reads(Data(2, COMMAND, 0), Data(3, COMMAND, 0))
    assert bench.taken() == [Nak(0)]
    bench.reads(Data(0, COMMAND, 0, True), Data(4, COMMAND, 0))
    assert bench.taken() == [Ack(1), Nak(1)]
    assert bench.received == [COMMAND]


async def test_what_a_copy_of_an_old_frame_acknowledges_is_not_believed(bench: Bench) -> None:
    for number in range(3):
        bench.link.send(report(number))
    old = Data(0, COMMAND, 2)
    bench.reads(old, Data(1, COMMAND, 3))
    for number in range(3, 8):
        bench.link.send(report(number))
    bench.taken()
    bench.reads(old)
    assert bench.taken() == [Nak(2)]
    bench.reads(Nak(3))
    assert bench.taken() == [Data(number, report(number), 2, True) for number in range(3, 8)]


async def test_a_frame_that_comes_again_is_acknowledged_again_and_not_taken_in_again(bench: Bench) -> None:
    bench.reads(Data(0, COMMAND, 0))
    await asyncio.sleep(1)
    bench.reads(Data(0, COMMAND, 0, True))
    assert bench.taken() == [Ack(1), Ack(1)]
    assert bench.received == [COMMAND]


async def test_a_damaged_data_frame_is_refused_and_a_damaged_ack_is_not(bench: Bench) -> None:
    bench.reads(Ack(0).to_bytes()[:-2] + b"\x00\x7e")
    assert bench.taken() == []
    bench.reads(Data(0, COMMAND, 0).to_bytes()[:-2] + b"\x00\x7e")
    assert bench.taken() == [Nak(0)]


async def test_a_frame_that_nobody_acknowledges_is_sent_again_and_then_the_stick_has_failed(bench: Bench) -> None:
    bench.link.send(report(0))
    await asyncio.sleep(60)
    again = Data(0, report(0), 0, True)
    assert bench.written == [
        (0.0, Data(0, report(0), 0)),
        (1.6, again),
        (4.8, again),
        (8.0, again),
        (11.2, again),
        (14.4, Error(ResetCode.ACK_TIMEOUTS)),
    ]
    assert bench.link.failed


async def test_a_failed_stick_answers_everything_but_a_reset_with_an_error(bench: Bench) -> None:
    bench.link.error(ResetCode.ASSERT)
    assert bench.raw == [CANCEL + Error(ResetCode.ASSERT).to_bytes()]
    bench.taken()
    bench.reads(Data(0, COMMAND, 0), Ack(0))
    assert bench.taken() == [Error(ResetCode.ASSERT)] * 2
    assert bench.received == []
    bench.reads(RST)
    await asyncio.sleep(1)
    assert bench.taken() == [ResetAck(ResetCode.SOFTWARE)]
    assert not bench.link.failed


async def test_five_frames_may_be_on_their_way(bench: Bench) -> None:
    for number in range(12):
        bench.link.send(report(number))
    assert bench.taken() == [Data(number, report(number), 0) for number in range(5)]
    bench.reads(Ack(2))
    assert bench.taken() == [Data(5, report(5), 0), Data(6, report(6), 0)]
    bench.reads(Ack(7))
    assert bench.taken() == [Data(number % 8, report(number), 0) for number in range(7, 12)]
    bench.reads(Ack(4))
    await asyncio.sleep(60)
    assert bench.taken() == []


async def test_after_a_nak_everything_from_there_on_is_sent_again(bench: Bench) -> None:
    for number in range(3):
        bench.link.send(report(number))
    bench.taken()
    bench.reads(Nak(1))
    assert bench.taken() == [Data(1, report(1), 0, True), Data(2, report(2), 0, True)]
    bench.link.close()


async def test_an_acknowledgement_of_what_was_never_sent_is_not_believed(bench: Bench) -> None:
    bench.link.send(report(0))
    bench.taken()
    bench.reads(Ack(4), Nak(4))
    assert bench.taken() == []
    bench.reads(Data(0, COMMAND, 4))
    assert bench.taken() == [Nak(0)]
    assert bench.received == []
    bench.link.close()


async def test_the_wait_for_an_acknowledgement_follows_what_is_observed(bench: Bench) -> None:
    for number in range(60):
        bench.link.send(report(number))
        await asyncio.sleep(0.01)
        bench.reads(Ack((number + 1) % 8))
    bench.written.clear()
    begin = bench.loop.time()
    bench.link.send(report(60))
    await asyncio.sleep(1)
    assert [round(when - begin, 3) for when in bench.moments()] == [0.0, 0.4]
    bench.link.close()


async def test_callbacks_wait_for_a_host_that_is_not_ready_and_responses_do_not(bench: Bench) -> None:
    bench.reads(Ack(0, not_ready=True))
    bench.link.send(report(0), callback=True)
    bench.link.send(b"response")
    assert bench.taken() == [Data(0, b"response", 0)]
    bench.reads(Ack(1))
    assert bench.taken() == [Data(1, report(0), 0)]
    bench.reads(Ack(2))


async def test_a_host_that_stays_not_ready_is_not_waited_for_longer_than_a_second(bench: Bench) -> None:
    bench.reads(Ack(0, not_ready=True))
    bench.link.send(report(0), callback=True)
    await asyncio.sleep(1.5)
    assert bench.written == [(1.0, Data(0, report(0), 0))]
    bench.link.close()


async def test_the_queue_is_bounded_and_counts_what_it_loses(bench: Bench) -> None:
    sent = [bench.link.send(report(number % 256)) for number in range(5 + QUEUE_MAX + 7)]
    assert sent.count(False) == 7
    assert bench.link.lost_frames == 7
    bench.link.close()


async def test_without_power_nothing_is_heard_sent_or_waited_for(bench: Bench) -> None:
    bench.link.send(report(0))
    bench.link.close()
    bench.taken()
    bench.reads(RST, Data(0, COMMAND, 0))
    await asyncio.sleep(60)
    assert (bench.taken(), bench.resets, bench.received) == ([], 0, [])
    bench.link.power_on(ResetCode.POWER_ON)
    assert bench.taken() == [ResetAck(ResetCode.POWER_ON)]


async def test_a_reset_inside_a_command_ends_everything_that_was_read_with_it(bench: Bench) -> None:
    bench.link = StickLink(
        bench.loop,
        bench._write,
        lambda _payload: bench.link.power_on(ResetCode.WATCHDOG),
        bench._reset,
    )
    bench.reads(Data(0, COMMAND, 0), Data(1, COMMAND, 0))
    await asyncio.sleep(1)
    assert bench.taken() == [ResetAck(ResetCode.WATCHDOG)]
