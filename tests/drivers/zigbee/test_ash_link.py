"""The host's end of ASH against UG101 §5-§7, one rule a test, and against the simulated stick's end over a wire."""

import asyncio
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.zigbee.ash import CANCEL, Ack, Data, Error, Nak, Reset, ResetAck, ResetCode
from drivers.zigbee.ash_link import (
    AshLink,
    Connect,
    Effect,
    LinkFailed,
    LinkReset,
    LinkUp,
    Received,
    SendPayload,
    Write,
)
from tests.helpers.ash_pair import AshPair

RESET = Write(CANCEL * 32 + Reset().to_bytes())
UP = ResetAck(ResetCode.SOFTWARE).to_bytes()


def payload(number: int) -> bytes:
    return b"EZSP" + bytes((number,))


def wrong(frame: Data) -> bytes:
    """The frame with a bit turned over in its CRC."""
    data = frame.to_bytes()
    return data[:-2] + bytes((data[-2] ^ 0x40,)) + data[-1:]


class Bench:
    """A link, and a clock that is set by hand."""

    def __init__(self, *, window: int = 5, connected: bool = True) -> None:
        self.link = AshLink(window)
        self.now = 50.0
        if connected:
            self.connects()
            assert self.reads(UP) == [LinkUp()]

    def connects(self) -> list[Effect]:
        self.link.receive(Connect(), self.now)
        return self.effects()

    def reads(self, *frames: bytes | Data | Ack | Nak | ResetAck | Error) -> list[Effect]:
        """All of them in one read."""
        data = b"".join(frame if isinstance(frame, bytes) else frame.to_bytes() for frame in frames)
        self.link.receive(data, self.now)
        return self.effects()

    def sends(self, number: int = 0) -> list[Effect]:
        self.link.receive(SendPayload(payload(number)), self.now)
        return self.effects()

    def waits(self) -> tuple[float, list[Effect]]:
        """To the next deadline: after how long that was, and what followed."""
        deadline = self.link.next_deadline()
        assert deadline is not None
        waited, self.now = deadline - self.now, deadline
        self.link.handle_timeout(self.now)
        return round(waited, 6), self.effects()

    def effects(self) -> list[Effect]:
        """All there are, as `run_machine` takes them."""
        effects: list[Effect] = []
        while more := self.link.take_effects():
            effects += more
        return effects


@pytest.fixture
def bench() -> Bench:
    return Bench()


class TestConnecting:
    def test_32_cancel_bytes_and_rst(self) -> None:
        assert Bench(connected=False).connects() == [RESET]

    def test_is_over_at_the_rstack(self) -> None:
        bench = Bench(connected=False)
        bench.connects()
        assert not bench.link.has_room
        assert bench.reads(CANCEL + UP) == [LinkUp()]
        assert bench.link.has_room
        assert bench.link.next_deadline() is None

    def test_is_tried_five_times_for_3200_ms_each(self) -> None:
        bench = Bench(connected=False)
        bench.connects()
        assert [bench.waits() for _ in range(4)] == [(3.2, [RESET])] * 4
        assert bench.waits() == (3.2, [LinkFailed(None)])
        assert bench.link.next_deadline() is None

    def test_a_late_rstack_is_as_good(self) -> None:
        bench = Bench(connected=False)
        bench.connects()
        bench.waits()
        bench.now += 1.5
        assert bench.reads(UP) == [LinkUp()]

    def test_everything_before_the_rstack_is_ignored(self) -> None:
        bench = Bench(connected=False)
        bench.connects()
        assert bench.reads(Data(0, payload(0), 0), Ack(0), Nak(0), Error(0x51), wrong(Data(0, payload(1), 0))) == []
        assert bench.reads(Data(3, payload(2), 0), UP, Data(0, payload(3), 0)) == [
            LinkUp(),
            Received(payload(3)),
            Write(Ack(1).to_bytes()),
        ]

    def test_what_was_read_before_it_began_is_ignored(self) -> None:
        bench = Bench(connected=False)
        assert bench.reads(UP, Data(0, payload(0), 0)) == []
        assert not bench.link.connected

    def test_the_rstack_of_another_reset_is_not_that_for_our_rst(self) -> None:
        """A stick says POWER_ON when the TCP connection is made; then it restarts for our RST and says so."""
        bench = Bench(connected=False)
        bench.connects()
        assert bench.reads(ResetAck(ResetCode.POWER_ON)) == []
        assert bench.reads(UP) == [LinkUp()]

    def test_a_stick_that_never_gives_the_right_reason_is_believed_at_the_third_try(self) -> None:
        bench = Bench(connected=False)
        bench.connects()
        for _ in range(2):
            assert bench.reads(ResetAck(ResetCode.EXTERNAL)) == []
            bench.waits()
        assert bench.reads(ResetAck(ResetCode.EXTERNAL)) == [LinkUp()]

    def test_another_version_of_ash_is_none_that_we_speak(self) -> None:
        bench = Bench(connected=False)
        bench.connects()
        assert bench.reads(ResetAck(ResetCode.SOFTWARE, version=3)) == []
        assert not bench.link.connected


class TestReceiving:
    def test_payloads_come_before_the_one_acknowledgement_of_them(self, bench: Bench) -> None:
        assert bench.reads(Data(0, payload(0), 0), Data(1, payload(1), 0)) == [
            Received(payload(0)),
            Received(payload(1)),
            Write(Ack(2).to_bytes()),
        ]

    def test_a_frame_sent_in_answer_carries_the_acknowledgement(self, bench: Bench) -> None:
        bench.link.receive(Data(0, payload(0), 0).to_bytes(), bench.now)
        assert bench.link.take_effects() == [Received(payload(0))]
        assert bench.sends(7) == [Write(Data(0, payload(7), 1).to_bytes())]

    def test_numbers_begin_again_after_seven(self, bench: Bench) -> None:
        for number in range(20):
            assert bench.reads(Data(number % 8, payload(number), 0)) == [
                Received(payload(number)),
                Write(Ack((number + 1) % 8).to_bytes()),
            ]

    def test_a_frame_out_of_sequence_is_refused_once_until_the_expected_one_has_come(self, bench: Bench) -> None:
        assert bench.reads(Data(1, payload(1), 0)) == [Write(Nak(0).to_bytes())]
        assert bench.reads(Data(2, payload(2), 0), wrong(Data(3, payload(3), 0))) == []
        assert bench.reads(Data(0, payload(0), 0, True)) == [Received(payload(0)), Write(Ack(1).to_bytes())]
        assert bench.reads(Data(2, payload(2), 0)) == [Write(Nak(1).to_bytes())]

    def test_a_damaged_frame_is_refused(self, bench: Bench) -> None:
        assert bench.reads(wrong(Data(0, payload(0), 0))) == [Write(Nak(0).to_bytes())]
        assert bench.reads(wrong(Data(0, payload(0), 0)) * 100) == []
        assert bench.link.statistics.garbage == 101
        assert bench.link.statistics.naks_sent == 1

    def test_a_damaged_ack_is_not(self, bench: Bench) -> None:
        data = Ack(0).to_bytes()
        assert bench.reads(data[:2] + b"\x00\x7e") == []

    def test_a_refusal_takes_the_place_of_the_acknowledgement(self, bench: Bench) -> None:
        assert bench.reads(Data(0, payload(0), 0), wrong(Data(1, payload(1), 0))) == [
            Received(payload(0)),
            Write(Nak(1).to_bytes()),
        ]

    def test_a_frame_that_comes_again_is_acknowledged_again_and_not_taken_in_again(self, bench: Bench) -> None:
        bench.reads(Data(0, payload(0), 0))
        assert bench.reads(Data(0, payload(0), 0, True)) == [Write(Ack(1).to_bytes())]
        assert bench.link.statistics.duplicates == 1

    def test_a_frame_in_pieces_is_one(self, bench: Bench) -> None:
        data = Data(0, payload(0), 0).to_bytes()
        for at in range(len(data) - 1):
            assert bench.reads(data[at : at + 1]) == []
        assert bench.reads(data[-1:]) == [Received(payload(0)), Write(Ack(1).to_bytes())]

    def test_an_acknowledgement_of_what_was_never_sent_makes_the_frame_a_bad_one(self, bench: Bench) -> None:
        assert bench.reads(Data(0, payload(0), 3)) == [Write(Nak(0).to_bytes())]
        assert bench.reads(Ack(5)) == []
        bench.sends()
        assert bench.reads(Nak(3)) == []

    def test_what_a_copy_of_an_old_frame_acknowledges_is_not_believed(self, bench: Bench) -> None:
        for number in range(3):
            bench.sends(number)
        old = Data(0, payload(9), 2)
        bench.reads(old, Data(1, payload(10), 3))
        for number in range(3, 8):
            bench.sends(number)
        assert bench.reads(old) == [Write(Nak(2).to_bytes())]
        assert bench.reads(Nak(3)) == [
            Write(b"".join(Data(number, payload(number), 2, True).to_bytes() for number in range(3, 8)))
        ]


class TestSending:
    def test_a_frame_is_over_when_it_is_acknowledged(self, bench: Bench) -> None:
        assert bench.sends() == [Write(Data(0, payload(0), 0).to_bytes())]
        assert bench.reads(Ack(1)) == []
        assert bench.link.next_deadline() is None

    def test_the_acknowledgement_may_ride_on_a_data_frame(self, bench: Bench) -> None:
        bench.sends()
        bench.reads(Data(0, payload(9), 1))
        assert bench.link.next_deadline() is None

    def test_written_is_handed_on_with_the_first_write_only(self, bench: Bench) -> None:
        def written() -> None:
            pass

        bench.link.receive(SendPayload(payload(0), written), bench.now)
        assert bench.effects() == [Write(Data(0, payload(0), 0).to_bytes(), written)]
        assert bench.waits()[1] == [Write(Data(0, payload(0), 0, True).to_bytes())]

    @pytest.mark.parametrize("window", [1, 3, 7])
    def test_as_many_may_be_on_their_way_as_the_window_has_room_for(self, window: int) -> None:
        bench = Bench(window=window)
        for number in range(window):
            assert bench.link.has_room
            bench.sends(number)
        assert not bench.link.has_room
        bench.reads(Ack(1))
        assert bench.link.has_room

    def test_after_silence_everything_on_its_way_is_sent_again(self, bench: Bench) -> None:
        bench.sends(0)
        bench.sends(1)
        again = Data(0, payload(0), 0, True).to_bytes() + Data(1, payload(1), 0, True).to_bytes()
        assert bench.waits() == (1.6, [Write(again)])

    def test_after_a_nak_everything_from_there_on_is_sent_again_at_once(self, bench: Bench) -> None:
        for number in range(3):
            bench.sends(number)
        assert bench.reads(Nak(1)) == [
            Write(Data(1, payload(1), 0, True).to_bytes() + Data(2, payload(2), 0, True).to_bytes())
        ]

    def test_what_is_sent_again_carries_the_acknowledgement_of_today(self, bench: Bench) -> None:
        bench.sends()
        bench.reads(Data(0, payload(9), 0))
        assert bench.waits()[1] == [Write(Data(0, payload(0), 1, True).to_bytes())]

    def test_a_nak_of_nothing_asks_for_nothing(self, bench: Bench) -> None:
        assert bench.reads(Nak(0)) == []

    def test_the_wait_doubles_with_each_silence_and_the_fifth_is_the_last(self, bench: Bench) -> None:
        bench.sends()
        again = [Write(Data(0, payload(0), 0, True).to_bytes())]
        assert [bench.waits() for _ in range(4)] == [(1.6, again), (3.2, again), (3.2, again), (3.2, again)]
        assert bench.waits() == (3.2, [LinkFailed(None)])
        assert not bench.link.connected
        assert bench.link.next_deadline() is None

    def test_the_wait_follows_what_is_observed_within_its_limits(self, bench: Bench) -> None:
        for number in range(60):
            bench.sends(number)
            bench.now += 0.01
            bench.reads(Ack((number + 1) % 8))
        bench.sends()
        assert bench.waits()[0] == 0.4
        for _ in range(3):
            bench.waits()
        assert bench.waits() == (3.2, [LinkFailed(None)])

    def test_an_acknowledgement_of_the_first_begins_the_wait_for_the_second(self, bench: Bench) -> None:
        bench.sends(0)
        bench.sends(1)
        bench.now += 1.0
        bench.reads(Ack(1))
        waited, effects = bench.waits()
        assert waited > 1.0
        assert effects == [Write(Data(1, payload(1), 0, True).to_bytes())]

    def test_an_ncp_that_refuses_for_ever_is_given_up(self, bench: Bench) -> None:
        bench.sends()
        writes = 0
        for _ in range(1000):
            effects = bench.reads(Nak(0))
            writes += sum(isinstance(effect, Write) for effect in effects)
            if LinkFailed(None) in effects:
                break
        assert not bench.link.connected
        assert writes < 50


class TestFailing:
    def test_an_error_frame_says_that_the_ncp_has_failed(self, bench: Bench) -> None:
        bench.sends()
        assert bench.reads(Error(0x51), Data(0, payload(0), 0)) == [LinkFailed(0x51)]
        assert bench.link.next_deadline() is None
        assert bench.reads(Data(0, payload(0), 0), Error(0x51)) == []

    def test_an_rstack_that_nobody_asked_for_says_that_the_ncp_restarted(self, bench: Bench) -> None:
        bench.sends()
        bench.reads(Data(0, payload(0), 0))
        assert bench.reads(ResetAck(ResetCode.WATCHDOG)) == [LinkReset(ResetCode.WATCHDOG)]
        assert bench.link.next_deadline() is None
        assert bench.sends() == [Write(Data(0, payload(0), 0).to_bytes())]
        assert bench.reads(Data(0, payload(1), 1)) == [Received(payload(1)), Write(Ack(1).to_bytes())]

    def test_connecting_again_begins_all_numbers_anew(self, bench: Bench) -> None:
        bench.sends()
        bench.reads(Data(0, payload(0), 0))
        bench.reads(Data(0, payload(0), 0).to_bytes()[:3])
        assert bench.connects() == [RESET]
        assert bench.reads(UP) == [LinkUp()]
        assert bench.reads(Data(0, payload(2), 0)) == [Received(payload(2)), Write(Ack(1).to_bytes())]
        assert bench.sends(1) == [Write(Data(0, payload(1), 1).to_bytes())]


@given(st.lists(st.one_of(st.binary(max_size=60), st.floats(0, 5)), max_size=30))
def test_whatever_comes_raises_nothing(story: list[bytes | float]) -> None:
    bench = Bench()
    for event in story:
        if isinstance(event, bytes):
            bench.reads(event)
            if bench.link.has_room:
                bench.sends()
        else:
            bench.now += event
            bench.link.handle_timeout(bench.now)
            bench.effects()


# --- against the stick's end


def _payloads(count: int, rng: random.Random) -> list[bytes]:
    return [bytes((number % 256, number // 256)) + rng.randbytes(rng.randrange(3, 60)) for number in range(count)]


async def test_on_a_sound_wire_everything_arrives_in_order_both_ways() -> None:
    pair = AshPair()
    await asyncio.sleep(1)
    to_stick, to_host = _payloads(200, random.Random("there")), _payloads(60, random.Random("back"))
    for sent in to_stick:
        pair.send(sent)
    for sent in to_host:
        assert pair.stick.send(sent)
    await asyncio.sleep(20)
    assert pair.at_stick == to_stick
    assert pair.at_host == to_host
    assert pair.said == [LinkUp()]
    assert pair.link.statistics.retransmissions == pair.link.statistics.duplicates == 0
    pair.close()


@pytest.mark.parametrize("window", [1, 2, 7])
async def test_a_lost_frame_costs_no_frame(window: int) -> None:
    pair = AshPair(window=window)
    await asyncio.sleep(1)
    payloads = _payloads(50, random.Random("there"))
    for number, sent in enumerate(payloads):
        if number % 7 == 3:
            pair.to_stick.dead = True
        pair.send(sent)
        pair.to_stick.dead = False
        await asyncio.sleep(0.05)
    await asyncio.sleep(30)
    assert pair.at_stick == payloads
    pair.close()


async def test_a_lost_acknowledgement_costs_no_frame_and_doubles_none() -> None:
    pair = AshPair()
    await asyncio.sleep(1)
    pair.to_stick.dead = True
    assert pair.stick.send(b"a report")
    await asyncio.sleep(0.1)
    pair.to_stick.dead = False
    await asyncio.sleep(5)
    assert pair.at_host == [b"a report"]
    assert pair.link.statistics.duplicates == 1
    assert pair.said == [LinkUp()]
    pair.close()


async def test_a_host_that_hears_nothing_makes_the_stick_fail_and_is_told_so() -> None:
    """Fault 1: the host was held up, and the NCP has given up meanwhile."""
    pair = AshPair()
    await asyncio.sleep(1)
    pair.to_stick.dead = True
    pair.stick.send(b"a report")
    await asyncio.sleep(20)
    assert pair.said == [LinkUp(), LinkFailed(ResetCode.ACK_TIMEOUTS)]
    pair.to_stick.dead = False
    pair.running.feed(Connect())
    await asyncio.sleep(1)
    assert pair.said[2:] == [LinkUp()]
    pair.close()


async def test_an_rstack_on_connecting_does_no_harm() -> None:
    pair = AshPair(connect=False)
    pair.stick.power_on(ResetCode.POWER_ON)
    pair.running.feed(Connect())
    await asyncio.sleep(1)
    assert pair.said == [LinkUp()]
    assert pair.resets == 1
    pair.close()


async def test_an_rstack_may_come_late() -> None:
    """Fault 7: 1.5 s after the TCP connection was used again."""
    pair = AshPair(connect=False)
    pair.stick.reboot_s = 1.5
    pair.running.feed(Connect())
    await asyncio.sleep(10)
    assert pair.said == [LinkUp()]
    assert pair.resets == 1
    pair.close()


async def test_200_random_bytes_before_a_frame_cost_no_frame() -> None:
    """Fault 8."""
    pair = AshPair()
    await asyncio.sleep(1)
    rng = random.Random("noise")
    for _ in range(20):
        pair.to_host.write(rng.randbytes(200))
        pair.stick.send(b"a report")
        await asyncio.sleep(2)
    assert pair.at_host == [b"a report"] * 20
    pair.close()
