"""The link against INS12350-14 §6, one rule a test. "Fault n" are the numbered faults of controllers in the field."""

import pytest

from drivers.zwave.serial_frame import DataFrame, FrameType
from drivers.zwave.serial_link import (
    Effect,
    FrameSent,
    FrameUndelivered,
    Received,
    SendFrame,
    SerialLink,
    Write,
)

ACK, NAK, CAN = b"\x06", b"\x15", b"\x18"
COMMAND = DataFrame(FrameType.REQUEST, 0x13, bytes.fromhex("03032501ff2507"))
REPORT = DataFrame(FrameType.REQUEST, 0x04, bytes.fromhex("0002032503ff"))
OTHER_REPORT = DataFrame(FrameType.REQUEST, 0x04, bytes.fromhex("000203250300"))
WRONG = REPORT.to_bytes()[:-1] + b"\x00"


class Bench:
    """A link, and a clock that is set by hand."""

    def __init__(self) -> None:
        self.link = SerialLink()
        self.now = 50.0

    def reads(self, data: bytes) -> list[Effect]:
        self.link.receive(data, self.now)
        return self.link.take_effects()

    def sends(self, frame: DataFrame = COMMAND, *, repeatable: bool = False) -> list[Effect]:
        self.link.receive(SendFrame(frame, repeatable), self.now)
        return self.link.take_effects()

    def waits(self) -> tuple[float, list[Effect]]:
        """To the next deadline: after how long that was, and what followed."""
        deadline = self.link.next_deadline()
        assert deadline is not None
        waited, self.now = deadline - self.now, deadline
        self.link.handle_timeout(self.now)
        return round(waited, 6), self.link.take_effects()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_writes_the_ack_before_it_hands_the_frame_on(bench: Bench) -> None:
    assert bench.reads(REPORT.to_bytes()) == [Write(ACK), Received(REPORT)]


def test_a_frame_is_sent_once_it_is_acknowledged(bench: Bench) -> None:
    assert bench.sends() == [Write(COMMAND.to_bytes())]
    assert bench.link.busy
    assert bench.reads(ACK) == [FrameSent()]
    assert not bench.link.busy
    assert bench.link.next_deadline() is None


def test_an_ack_that_nobody_awaits_is_ignored(bench: Bench) -> None:
    assert bench.reads(ACK + NAK + CAN) == []


def test_after_a_nak_the_frame_is_sent_again_three_times_with_growing_waits(bench: Bench) -> None:
    bench.sends()
    for wait_s in (0.1, 1.1, 2.1):
        assert bench.reads(NAK) == []
        assert bench.waits() == (wait_s, [Write(COMMAND.to_bytes())])
    assert bench.reads(NAK) == [FrameUndelivered(silent=False)]
    assert bench.link.next_deadline() is None


def test_a_repeatable_frame_is_sent_again_after_silence(bench: Bench) -> None:
    """Fault 1: no ACK."""
    bench.sends(repeatable=True)
    for wait_s in (0.1, 1.1, 2.1):
        assert bench.waits() == (1.6, [])
        assert bench.waits() == (wait_s, [Write(COMMAND.to_bytes())])
    assert bench.waits() == (1.6, [FrameUndelivered(silent=True)])


def test_another_frame_is_not_sent_again_after_silence(bench: Bench) -> None:
    bench.sends()
    assert bench.waits() == (1.6, [FrameUndelivered(silent=True)])
    assert not bench.link.busy


def test_after_a_can_the_incoming_frame_is_taken_in_before_the_same_frame_is_sent_again(bench: Bench) -> None:
    """Fault 3."""
    bench.sends()
    assert bench.reads(CAN + REPORT.to_bytes()) == [Write(ACK), Received(REPORT)]
    assert bench.waits() == (0.1, [Write(COMMAND.to_bytes())])
    assert bench.reads(ACK) == [FrameSent()]


def test_the_frame_that_collided_may_come_before_the_can(bench: Bench) -> None:
    """Fault 3."""
    bench.sends()
    assert bench.reads(REPORT.to_bytes() + CAN) == [Write(ACK), Received(REPORT)]
    assert bench.waits() == (0.1, [Write(COMMAND.to_bytes())])


def test_a_late_ack_saves_the_retransmission(bench: Bench) -> None:
    bench.sends(repeatable=True)
    bench.waits()
    assert bench.reads(ACK) == [FrameSent()]
    assert bench.link.next_deadline() is None


def test_a_second_can_during_the_wait_changes_nothing(bench: Bench) -> None:
    """CAN storms must not use up the retransmissions."""
    bench.sends()
    assert bench.reads(CAN * 50) == []
    assert bench.waits() == (0.1, [Write(COMMAND.to_bytes())])


def test_a_can_during_the_wait_does_not_prolong_it(bench: Bench) -> None:
    bench.sends()
    bench.reads(CAN)
    bench.now += 0.06
    bench.reads(CAN)
    assert bench.waits() == (0.04, [Write(COMMAND.to_bytes())])


def test_settling_ends_the_wait_for_an_ack(bench: Bench) -> None:
    bench.sends()
    bench.link.settle()
    assert not bench.link.busy
    assert bench.link.next_deadline() is None


def test_an_ack_with_a_garbled_high_nibble_is_taken_while_one_is_awaited(bench: Bench) -> None:
    """Fault 9."""
    assert bench.reads(b"\x86") == []
    bench.sends()
    assert bench.reads(b"\x86") == [FrameSent()]


def test_a_flood_of_reports_is_acknowledged_one_by_one_while_an_ack_is_awaited(bench: Bench) -> None:
    """Fault 9: the 700 series floods."""
    bench.sends()
    flood = [DataFrame(FrameType.REQUEST, 0x04, bytes((0, 2, 3, 0x25, 3, value))) for value in range(100)]
    effects = bench.reads(b"".join(frame.to_bytes() for frame in flood))
    assert effects == [effect for frame in flood for effect in (Write(ACK), Received(frame))]


def test_a_wrong_checksum_is_answered_with_one_nak(bench: Bench) -> None:
    """Fault 4."""
    assert bench.reads(WRONG) == [Write(NAK)]
    assert bench.reads(b"\xaa\xbb" + WRONG + WRONG) == []
    bench.now += 0.1
    assert bench.reads(WRONG) == [Write(NAK)]


def test_half_a_frame_is_given_up_after_1500_ms_without_a_nak(bench: Bench) -> None:
    """Fault 4."""
    assert bench.reads(REPORT.to_bytes()[:5]) == []
    assert bench.waits() == (1.5, [])
    assert bench.reads(REPORT.to_bytes()) == [Write(ACK), Received(REPORT)]


def test_the_1500_ms_count_from_the_sof_and_not_from_the_last_byte(bench: Bench) -> None:
    data = REPORT.to_bytes()
    bench.reads(data[:3])
    bench.now += 1.0
    bench.reads(data[3:5])
    assert bench.waits()[0] == 0.5


def test_a_frame_begun_behind_another_has_its_own_1500_ms(bench: Bench) -> None:
    bench.reads(REPORT.to_bytes()[:3])
    bench.now += 1.0
    bench.reads(REPORT.to_bytes()[3:] + OTHER_REPORT.to_bytes()[:3])
    assert bench.waits()[0] == 1.5


class TestDuplicates:
    """Fault 16, as far as it is the link's: a frame sent again because our ACK was lost is the same one, but a button
    pressed twice is news."""

    def test_two_equal_frames_in_one_read_are_one(self, bench: Bench) -> None:
        # The host was held up: the second was sent before the first could be acknowledged.
        data = REPORT.to_bytes()
        assert bench.reads(data + data) == [Write(ACK), Received(REPORT), Write(ACK)]

    def test_a_button_pressed_twice_is_two_frames(self, bench: Bench) -> None:
        for _ in range(5):
            assert Received(REPORT) in bench.reads(REPORT.to_bytes())

    @pytest.mark.parametrize("pause_s", [0.02, 0.5, 1.7, 2.8, 60])
    def test_on_a_sound_wire_a_repeated_frame_is_news_whenever_it_comes(self, bench: Bench, pause_s: float) -> None:
        bench.reads(REPORT.to_bytes())
        bench.now += pause_s
        assert Received(REPORT) in bench.reads(REPORT.to_bytes())

    def test_on_a_bad_wire_a_frame_repeated_after_the_ack_timeout_is_the_same_one(self, bench: Bench) -> None:
        bench.reads(b"\xfe")
        bench.reads(REPORT.to_bytes())
        bench.now += 1.7
        assert bench.reads(REPORT.to_bytes()) == [Write(ACK)]

    def test_on_a_bad_wire_a_frame_repeated_sooner_is_news(self, bench: Bench) -> None:
        bench.reads(b"\xfe")
        bench.reads(REPORT.to_bytes())
        bench.now += 0.9
        assert Received(REPORT) in bench.reads(REPORT.to_bytes())

    def test_with_another_frame_in_between_it_is_news(self, bench: Bench) -> None:
        bench.reads(b"\xfe")
        bench.reads(REPORT.to_bytes())
        bench.reads(OTHER_REPORT.to_bytes())
        bench.now += 1.7
        assert Received(REPORT) in bench.reads(REPORT.to_bytes())

    def test_with_an_ack_in_between_it_is_news(self, bench: Bench) -> None:
        bench.reads(b"\xfe")
        bench.reads(REPORT.to_bytes())
        bench.sends()
        bench.reads(ACK)
        bench.now += 1.7
        assert Received(REPORT) in bench.reads(REPORT.to_bytes())

    def test_a_minute_after_the_last_error_the_wire_counts_as_sound(self, bench: Bench) -> None:
        bench.reads(b"\xfe")
        bench.now += 61
        bench.reads(REPORT.to_bytes())
        bench.now += 1.7
        assert Received(REPORT) in bench.reads(REPORT.to_bytes())

    def test_on_a_bad_wire_a_nak_of_ours_brings_the_frame_again_at_once(self, bench: Bench) -> None:
        bench.reads(REPORT.to_bytes() + WRONG)
        bench.now += 0.1
        assert bench.reads(REPORT.to_bytes()) == [Write(ACK)]

    def test_on_a_bad_wire_a_frame_repeated_after_the_last_retransmission_is_news(self, bench: Bench) -> None:
        bench.reads(b"\xfe")
        bench.reads(REPORT.to_bytes())
        bench.now += 9
        assert Received(REPORT) in bench.reads(REPORT.to_bytes())
