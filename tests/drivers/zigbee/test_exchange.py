"""The command queue against an NCP that behaves, and one that does not. "Fault n": the numbered faults of the field."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

import pytest

from drivers.zigbee.ash import Ack, Data, Frame, Garbage, Parser, ResetCode
from drivers.zigbee.exchange import (
    IN_FLIGHT_MAX,
    QUEUE_MAX,
    Answer,
    Answered,
    Call,
    Cancel,
    Cancelled,
    Dropped,
    PortClosed,
    PortLost,
    PortNotOpened,
    PortOpened,
    Priority,
    Resume,
    StickReset,
    StickStatus,
    Stop,
    TimedOut,
)
from tests.helpers.ash_pair import ECHO, ExchangePair, command

ON, OFF = b"on", b"off"


@dataclass
class Asked:
    """A call, and what came of it."""

    call: Call = field(init=False)
    answers: list[Answer] = field(default_factory=list)
    written: int = 0

    @property
    def answer(self) -> Answer:
        assert len(self.answers) == 1, self.answers
        return self.answers[0]


def ask(
    pair: ExchangePair,
    payload: bytes = ON,
    priority: Priority = Priority.COMMAND,
    *,
    frame_id: int = ECHO,
    encode: Callable[[int], bytes] | None = None,
    timeout_s: float | None = None,
) -> Asked:
    asked = Asked()

    def written() -> None:
        asked.written += 1

    asked.call = Call(encode or command(payload, frame_id), priority, asked.answers.append, written, timeout_s)
    pair.call(asked.call)
    return asked


def statuses(pair: ExchangePair) -> list[StickStatus]:
    return [changed.status for changed in pair.statuses]


def frames(written: list[bytes]) -> list[Frame | Garbage]:
    return Parser().feed(b"".join(written))


async def ready(pair: ExchangePair) -> ExchangePair:
    await asyncio.sleep(1)
    assert pair.host.status is StickStatus.READY
    pair.written.clear()
    pair.statuses.clear()
    return pair


@pytest.fixture
async def pair() -> AsyncGenerator[ExchangePair, None]:
    pair = await ready(ExchangePair())
    yield pair
    pair.close()


@pytest.fixture
async def alone() -> AsyncGenerator[ExchangePair, None]:
    """Without anybody who sets the NCP up."""
    pair = ExchangePair(set_up=False)
    await asyncio.sleep(1)
    yield pair
    pair.close()


async def assert_sound(pair: ExchangePair) -> None:
    """The NCP is in use again, and the next command is answered."""
    await asyncio.sleep(70)
    assert pair.host.status is StickStatus.READY
    last = ask(pair, b"last")
    await asyncio.sleep(5)
    assert last.answer == Answered(ECHO, b"last")


class TestOneExchange:
    async def test_a_call_is_answered_with_what_the_ncp_says_to_it(self, pair: ExchangePair) -> None:
        asked = ask(pair, b"\x01\x02\x03")
        await asyncio.sleep(1)
        assert asked.answer == Answered(ECHO, b"\x01\x02\x03")
        assert pair.ncp.executed == [b"\x01\x02\x03"]
        assert pair.host.idle

    async def test_its_bytes_are_written_before_the_step_that_brought_it_ends(self, pair: ExchangePair) -> None:
        asked = ask(pair)
        assert len(frames(pair.written)) == 1
        assert asked.written == 1

    async def test_a_command_in_answer_to_a_callback_carries_its_acknowledgement_in_the_same_step(
        self, pair: ExchangePair
    ) -> None:
        pair.on_unsolicited = lambda payload: None if payload != b"pressed" else pair.call(answer.call)
        answer = Asked()
        answer.call = Call(command(ON), Priority.COMMAND, answer.answers.append)
        pair.ncp.callback(b"pressed")
        await asyncio.sleep(0.002)
        (frame,) = frames(pair.written)
        assert isinstance(frame, Data)
        assert frame.acked == 2  # the answer to version, and the callback
        await asyncio.sleep(1)
        assert answer.answer == Answered(ECHO, ON)

    async def test_a_callback_that_nobody_answers_is_acknowledged(self, pair: ExchangePair) -> None:
        pair.ncp.callback(b"pressed")
        await asyncio.sleep(0.002)
        assert frames(pair.written) == [Ack(2)]
        assert pair.unsolicited == [(0x0045, b"pressed")]

    async def test_a_callback_with_the_sequence_number_of_a_command_is_not_its_response(
        self, pair: ExchangePair
    ) -> None:
        pair.ncp.callback_first = True
        asked = ask(pair)
        await asyncio.sleep(1)
        assert asked.answer == Answered(ECHO, ON)
        assert pair.unsolicited == [(0x0045, b"before")]

    async def test_even_a_callback_with_the_identifier_of_the_command(self, pair: ExchangePair) -> None:
        pair.ncp.answers = False
        asked = ask(pair)
        await asyncio.sleep(0.1)
        pair.ncp.callback(b"something", frame_id=ECHO)
        await asyncio.sleep(0.1)
        assert asked.answers == []
        assert pair.unsolicited == [(ECHO, b"something")]

    async def test_the_version_command_may_have_the_legacy_form(self, alone: ExchangePair) -> None:
        asked = ask(alone, encode=lambda sequence: bytes((sequence, 0, 0, 14)), priority=Priority.START)
        await asyncio.sleep(1)
        assert asked.answer == Answered(0x0000, bytes.fromhex("0e025074"))

    async def test_invalid_command_is_an_answer(self, alone: ExchangePair) -> None:
        asked = ask(alone, priority=Priority.START)
        await asyncio.sleep(1)
        assert asked.answer == Answered(0x0058, b"\x30")

    async def test_the_response_to_another_command_is_none(self, pair: ExchangePair) -> None:
        pair.ncp.answers = False
        asked = ask(pair)
        await asyncio.sleep(0.1)
        pair.stick.send(bytes((pair.ncp.last_sequence, 0x80, 0x01, 0x05, 0x00)))
        pair.stick.send(bytes((pair.ncp.last_sequence + 1 & 0xFF, 0x80, 0x01, 0x23, 0x01)))
        await asyncio.sleep(0.1)
        assert asked.answers == []
        assert pair.host.misfits.responses == 2

    async def test_a_frame_with_the_direction_of_a_command_is_nothing(self, pair: ExchangePair) -> None:
        pair.stick.send(bytes((0, 0x00, 0x01, 0x05, 0x00)))
        await asyncio.sleep(0.1)
        assert pair.unsolicited == []
        assert pair.host.misfits.commands == 1

    async def test_lack_of_memory_and_truncated_frames_are_counted(self, pair: ExchangePair) -> None:
        pair.stick.send(bytes((0, 0x91, 0x01, 0x45, 0x00)))
        pair.stick.send(bytes((0, 0x92, 0x01, 0x45, 0x00)))
        await asyncio.sleep(0.1)
        assert (pair.host.misfits.overflows, pair.host.misfits.truncated) == (1, 1)
        assert len(pair.unsolicited) == 2

    async def test_a_call_without_response_is_given_up_after_ten_seconds(self, pair: ExchangePair) -> None:
        pair.ncp.mute_to = frozenset((ECHO,))
        asked, quick = ask(pair), ask(pair, timeout_s=2.0)
        await asyncio.sleep(2.1)
        assert quick.answer == TimedOut()
        await asyncio.sleep(7.8)
        assert asked.answers == []
        await asyncio.sleep(0.2)
        assert asked.answer == TimedOut()

    async def test_a_response_that_comes_too_late_is_not_another_calls(self, pair: ExchangePair) -> None:
        pair.ncp.slow_s = 3.0
        late = ask(pair, timeout_s=2.0)
        await asyncio.sleep(2.5)
        other = ask(pair, OFF)
        await asyncio.sleep(2)
        assert late.answer == TimedOut()
        assert other.answers == []
        assert pair.host.misfits.responses == 1
        await asyncio.sleep(2)
        assert other.answer == Answered(ECHO, OFF)


class TestInFlight:
    async def test_one_at_a_time_until_it_is_known_that_more_are_fine(self, pair: ExchangePair) -> None:
        pair.host.in_flight_max = 1
        asked = [ask(pair, bytes((number,))) for number in range(5)]
        assert [one.written for one in asked] == [1, 0, 0, 0, 0]
        await asyncio.sleep(1)
        assert [one.answer for one in asked] == [Answered(ECHO, bytes((number,))) for number in range(5)]

    async def test_several_at_a_time_when_it_is(self, pair: ExchangePair) -> None:
        asked = [ask(pair, bytes((number,))) for number in range(5)]
        assert [one.written for one in asked] == [1] * IN_FLIGHT_MAX + [0] * (5 - IN_FLIGHT_MAX)
        await asyncio.sleep(1)
        assert [one.answer for one in asked] == [Answered(ECHO, bytes((number,))) for number in range(5)]
        assert pair.ncp.executed == [bytes((number,)) for number in range(5)]

    async def test_responses_find_their_calls_in_any_order(self, pair: ExchangePair) -> None:
        pair.ncp.answers = False
        asked = [ask(pair, bytes((number,))) for number in range(3)]
        await asyncio.sleep(0.1)
        for frame in reversed(pair.ncp.frames[-3:]):
            pair.stick.send(frame[:1] + b"\x80" + frame[2:])
        await asyncio.sleep(0.1)
        assert [one.answer for one in asked] == [Answered(ECHO, bytes((number,))) for number in range(3)]

    async def test_a_sequence_number_in_flight_is_not_given_again(self, pair: ExchangePair) -> None:
        pair.ncp.mute_to = frozenset((0x0999,))
        stuck = ask(pair, frame_id=0x0999, timeout_s=1000.0)
        for number in range(600):
            asked = ask(pair, bytes((number % 256,)))
            await asyncio.sleep(0.01)
            assert isinstance(asked.answer, Answered)
        assert stuck.answers == []

    async def test_after_a_restart_it_is_one_again(self, alone: ExchangePair) -> None:
        alone.host.in_flight_max = 3
        alone.stick.error(ResetCode.ASSERT)
        await asyncio.sleep(1)
        assert alone.host.in_flight_max == 1


class TestQueue:
    async def test_the_lower_priority_number_goes_first_and_first_come_first_served_within_one(
        self, pair: ExchangePair
    ) -> None:
        pair.host.in_flight_max = 1
        ask(pair, b"under way")
        for name, priority in [
            (b"poll", Priority.POLL),
            (b"interview", Priority.INTERVIEW),
            (b"reply", Priority.REPLY),
            (b"command 1", Priority.COMMAND),
            (b"check", Priority.CHECK),
            (b"pairing", Priority.CONTROLLER),
            (b"command 2", Priority.COMMAND),
        ]:
            ask(pair, name, priority)
        await asyncio.sleep(1)
        expected = [b"under way", b"command 1", b"command 2", b"reply", b"pairing", b"check", b"interview", b"poll"]
        assert pair.ncp.executed == expected

    async def test_of_a_full_queue_the_newest_of_the_lowest_priority_has_to_go(self, pair: ExchangePair) -> None:
        pair.to_stick.dead = True
        for _ in range(IN_FLIGHT_MAX):
            ask(pair)
        polls = [ask(pair, b"poll", Priority.POLL) for _ in range(QUEUE_MAX)]
        assert pair.host.queued == QUEUE_MAX
        assert ask(pair, b"poll", Priority.POLL).answer == Dropped()
        ask(pair)
        assert polls[-1].answer == Dropped()
        assert pair.host.queued == QUEUE_MAX

    async def test_a_waiting_call_can_be_taken_back(self, pair: ExchangePair) -> None:
        pair.host.in_flight_max = 1
        ask(pair, ON)
        asked = ask(pair, OFF)
        pair.feed(Cancel(asked.call))
        assert asked.answer == Cancelled()
        await asyncio.sleep(1)
        assert pair.ncp.executed == [ON]

    async def test_one_in_flight_ends_as_it_ends(self, pair: ExchangePair) -> None:
        asked = ask(pair)
        pair.feed(Cancel(asked.call))
        await asyncio.sleep(1)
        assert asked.answer == Answered(ECHO, ON)

    async def test_stopping_cancels_everything_and_what_comes_after(self, pair: ExchangePair) -> None:
        pair.host.in_flight_max = 1
        calls = [ask(pair, ON), ask(pair, OFF, Priority.POLL)]
        pair.feed(Stop())
        calls.append(ask(pair))
        assert [asked.answer for asked in calls] == [Cancelled()] * 3
        assert pair.host.next_deadline() is None
        pair.feed(PortOpened())
        pair.feed(PortNotOpened("gone"))
        assert pair.reopenings == []


class TestStarting:
    async def test_the_ncp_is_reset_when_the_port_is_opened(self) -> None:
        pair = ExchangePair(set_up=False)
        assert pair.written == [b"\x1a" * 32 + bytes.fromhex("c038bc7e")]
        assert pair.host.status is StickStatus.PORT_LOST
        pair.close()

    async def test_only_start_calls_go_out_before_resume(self, alone: ExchangePair) -> None:
        asked = ask(alone)
        first = ask(alone, b"who?", Priority.START)
        await asyncio.sleep(1)
        assert isinstance(first.answer, Answered)
        assert asked.written == 0
        alone.ncp.versioned = True
        alone.feed(Resume())
        assert statuses(alone) == [StickStatus.READY]
        await asyncio.sleep(1)
        assert asked.answer == Answered(ECHO, ON)

    async def test_a_start_call_waits_for_the_ncp_to_come_up(self) -> None:
        pair = ExchangePair(set_up=False)
        asked = ask(pair, b"who?", Priority.START)
        assert asked.written == 0
        await asyncio.sleep(1)
        assert isinstance(asked.answer, Answered)
        pair.close()

    async def test_without_a_port_a_start_call_is_answered_at_once(self) -> None:
        pair = ExchangePair(opened=False)
        assert ask(pair, priority=Priority.START).answer == PortLost(maybe_done=False)
        pair.close()

    async def test_calls_wait_for_the_ncp_as_long_as_they_make_sense(self, alone: ExchangePair) -> None:
        asked = {priority: ask(alone, b"?", priority) for priority in Priority if priority is not Priority.START}
        dropped_after: dict[Priority, int] = {}
        for second in range(100):
            await asyncio.sleep(1)
            for priority, one in asked.items():
                if one.answers:
                    dropped_after.setdefault(priority, second + 1)
        assert dropped_after == {
            Priority.REPLY: 5,
            Priority.COMMAND: 30,
            Priority.CHECK: 30,
            Priority.CONTROLLER: 60,
        }
        assert asked[Priority.COMMAND].answer == Dropped()

    async def test_resume_after_the_ncp_has_failed_is_nothing(self, alone: ExchangePair) -> None:
        alone.feed(PortClosed("unplugged"))
        alone.feed(Resume())
        assert statuses(alone) == []
        assert alone.host.status is StickStatus.PORT_LOST


class TestRestarting:
    async def test_after_an_error_frame_the_ncp_is_reset_and_set_up_and_the_queue_goes_on(
        self, pair: ExchangePair
    ) -> None:
        """Faults 1 and 5."""
        pair.ncp.answers = False
        in_flight = [ask(pair, ON) for _ in range(IN_FLIGHT_MAX)]
        waiting = ask(pair, OFF)
        await asyncio.sleep(0.1)
        pair.ncp.answers = True
        pair.stick.error(ResetCode.ASSERT)
        await asyncio.sleep(1)
        assert [asked.answer for asked in in_flight] == [StickReset(maybe_done=True)] * IN_FLIGHT_MAX
        assert waiting.answer == Answered(ECHO, OFF)
        assert statuses(pair) == [StickStatus.RESTARTING, StickStatus.READY]
        assert pair.statuses[0].detail == "the stick is set up again: it failed: code 0x06, assert"
        assert pair.resets == 2
        assert pair.reopenings == []

    async def test_after_an_unexpected_rstack_as_well(self, pair: ExchangePair) -> None:
        """Fault 4."""
        pair.ncp.answers = False
        in_flight = ask(pair, ON)
        await asyncio.sleep(0.1)
        pair.ncp.answers = True
        pair.stick.power_on(ResetCode.POWER_ON)
        await asyncio.sleep(1)
        assert in_flight.answer == StickReset(maybe_done=True)
        assert statuses(pair) == [StickStatus.RESTARTING, StickStatus.READY]
        await assert_sound(pair)

    async def test_a_restart_whose_rstack_was_lost_shows_in_the_next_answer(self, pair: ExchangePair) -> None:
        pair.ncp.versioned = False
        asked = ask(pair)
        await asyncio.sleep(1)
        assert asked.answer == StickReset(maybe_done=False)
        assert statuses(pair) == [StickStatus.RESTARTING, StickStatus.READY]
        await assert_sound(pair)

    async def test_and_without_one_in_that_to_the_next_question_whether_it_lives(self, pair: ExchangePair) -> None:
        pair.ncp.versioned = False
        await asyncio.sleep(12)
        assert statuses(pair) == [StickStatus.RESTARTING, StickStatus.READY]

    async def test_set_up_begins_again_when_the_ncp_restarts_in_the_middle_of_it(self, alone: ExchangePair) -> None:
        alone.ncp.answers = False
        in_flight, waiting = ask(alone, priority=Priority.START), ask(alone, priority=Priority.START)
        await asyncio.sleep(0.1)
        alone.stick.error(ResetCode.WATCHDOG)
        await asyncio.sleep(0.1)
        alone.stick.error(ResetCode.WATCHDOG)
        await asyncio.sleep(0.1)
        assert in_flight.answer == StickReset(maybe_done=True)
        assert waiting.answer == StickReset(maybe_done=False)
        assert statuses(alone) == [StickStatus.RESTARTING] * 2

    async def test_a_stick_that_needs_longer_to_restart_than_a_reset_is_waited_for_comes_up_all_the_same(self) -> None:
        pair = ExchangePair()
        pair.stick.reboot_s = 4.5
        await asyncio.sleep(60)
        assert pair.host.status is StickStatus.READY
        assert pair.resets == 1
        pair.close()

    async def test_a_second_rstack_because_of_a_second_rst_asks_for_no_third(self, pair: ExchangePair) -> None:
        resets = pair.resets
        pair.stick.power_on(ResetCode.SOFTWARE)
        pair.ncp.versioned = False
        await asyncio.sleep(1)
        assert pair.resets == resets
        assert statuses(pair) == [StickStatus.RESTARTING, StickStatus.READY]
        await assert_sound(pair)

    async def test_a_stick_that_does_not_acknowledge_is_reset(self, pair: ExchangePair) -> None:
        pair.to_stick.dead = True
        asked = ask(pair, timeout_s=60.0)
        await asyncio.sleep(15)
        assert statuses(pair) == [StickStatus.RESTARTING]
        assert asked.answer == StickReset(maybe_done=True)
        pair.to_stick.dead = False
        await assert_sound(pair)
        assert pair.reopenings == []

    async def test_a_stick_that_fails_over_and_over_is_tried_less_and_less_often(self, pair: ExchangePair) -> None:
        def fails_when_it_is_in_use() -> None:
            if pair.host.status is StickStatus.READY:
                pair.stick.error(ResetCode.ASSERT)
            asyncio.get_running_loop().call_later(0.2, fails_when_it_is_in_use)

        fails_when_it_is_in_use()
        await asyncio.sleep(3600)
        assert StickStatus.UNRESPONSIVE in statuses(pair)
        delays = [delay_s for _, delay_s in pair.reopenings]
        assert delays[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
        assert pair.resets < 300

    async def test_a_failure_once_in_a_while_is_forgotten(self, pair: ExchangePair) -> None:
        for _ in range(50):
            pair.stick.error(ResetCode.ASSERT)
            await asyncio.sleep(40)
            assert pair.host.status is StickStatus.READY
        assert pair.reopenings == []


class TestSilence:
    async def test_a_quiet_ncp_is_asked_every_ten_seconds_whether_it_lives(self, pair: ExchangePair) -> None:
        before = len(pair.ncp.frames)
        await asyncio.sleep(3600)
        asked = pair.ncp.frames[before:]
        assert 350 <= len(asked) <= 361
        assert {frame[1:] for frame in asked} == {bytes.fromhex("00010500")}
        assert statuses(pair) == []

    async def test_one_that_speaks_is_not(self, pair: ExchangePair) -> None:
        before = len(pair.ncp.frames)
        for _ in range(20):
            await asyncio.sleep(6)
            pair.ncp.callback(b"a report")
        assert len(pair.ncp.frames) == before

    async def test_one_that_acknowledges_and_answers_nothing_is_opened_anew(self, pair: ExchangePair) -> None:
        pair.ncp.answers = False
        begin = asyncio.get_running_loop().time()
        await asyncio.sleep(25)
        assert statuses(pair) == [StickStatus.UNRESPONSIVE]
        assert 19 <= pair.reopenings[0][0] - begin <= 21
        pair.ncp.answers = True
        await assert_sound(pair)

    async def test_a_half_open_connection_is_noticed_and_opened_anew(self, pair: ExchangePair) -> None:
        """Fault 3."""
        pair.to_stick.dead = pair.to_host.dead = True
        await asyncio.sleep(25)
        assert statuses(pair) == [StickStatus.UNRESPONSIVE]
        assert pair.reopenings != []
        pair.to_stick.dead = pair.to_host.dead = False
        await assert_sound(pair)

    async def test_a_call_that_timed_out_asks_whether_the_ncp_lives(self, pair: ExchangePair) -> None:
        pair.ncp.mute_to = frozenset((ECHO,))
        asked = [ask(pair) for _ in range(20)]
        await asyncio.sleep(120)
        assert [one.answer for one in asked] == [TimedOut()] * 20
        assert statuses(pair) == []
        assert pair.reopenings == []

    async def test_calls_in_flight_when_the_ncp_is_given_up_may_have_been_done(self, pair: ExchangePair) -> None:
        pair.ncp.answers = False
        await asyncio.sleep(8)
        long = ask(pair, timeout_s=100.0)
        short = ask(pair, timeout_s=1.0)
        await asyncio.sleep(30)
        assert short.answer == TimedOut()
        assert long.answer == PortLost(maybe_done=True)

    async def test_a_stick_that_does_not_come_up_is_opened_anew(self) -> None:
        pair = ExchangePair()
        pair.stick.close()
        await asyncio.sleep(16.5)
        assert statuses(pair) == [StickStatus.UNRESPONSIVE]
        assert [delay_s for _, delay_s in pair.reopenings] == [1]
        pair.stick.power_on(ResetCode.POWER_ON)
        await assert_sound(pair)
        pair.close()


class TestPort:
    async def test_a_lost_port_is_opened_again_and_the_queue_is_kept(self, pair: ExchangePair) -> None:
        """Faults 2 and 6."""
        pair.host.in_flight_max = 1
        pair.ncp.answers = False
        in_flight, waiting = ask(pair, ON), ask(pair, OFF)
        await asyncio.sleep(0.1)
        pair.feed(PortClosed("unplugged"))
        assert in_flight.answer == PortLost(maybe_done=True)
        assert statuses(pair) == [StickStatus.PORT_LOST]
        assert pair.statuses[0].detail == "unplugged"
        pair.ncp.answers = True
        await asyncio.sleep(5)
        assert waiting.answer == Answered(ECHO, OFF)
        assert pair.host.status is StickStatus.READY

    async def test_it_is_tried_for_ever_and_less_and_less_often(self, pair: ExchangePair) -> None:
        pair.on_reopen = lambda: PortNotOpened("no such file")
        pair.feed(PortClosed("unplugged"))
        await asyncio.sleep(3600)
        assert [delay_s for _, delay_s in pair.reopenings[:8]] == [1, 2, 4, 8, 16, 32, 60, 60]
        assert len(pair.reopenings) > 50
        pair.on_reopen = PortOpened
        await assert_sound(pair)

    async def test_bytes_of_a_lost_port_are_ignored(self, pair: ExchangePair) -> None:
        pair.feed(PortClosed("unplugged"))
        pair.feed(Data(1, b"\x00\x90\x01\x45\x00", 1).to_bytes())
        assert pair.unsolicited == []

    async def test_after_a_while_in_use_the_next_loss_is_the_first_again(self, pair: ExchangePair) -> None:
        for _ in range(10):
            pair.feed(PortClosed("the network went away"))
            await asyncio.sleep(60)
        assert [delay_s for _, delay_s in pair.reopenings] == [1] * 10

    async def test_start_calls_do_not_outlive_the_port(self, alone: ExchangePair) -> None:
        alone.ncp.answers = False
        calls = [ask(alone, priority=Priority.START) for _ in range(2)]
        alone.feed(PortClosed("unplugged"))
        assert [asked.answer for asked in calls] == [PortLost(maybe_done=True), PortLost(maybe_done=False)]


async def test_on_a_bad_wire_every_command_is_executed_once_and_answered() -> None:
    pair = ExchangePair(loss=0.05, corruption=0.05, duplication=0.05, seed=3)
    await asyncio.sleep(30)
    asked = [ask(pair, bytes((number,))) for number in range(100)]
    await asyncio.sleep(300)
    assert [one.answer for one in asked] == [Answered(ECHO, bytes((number,))) for number in range(100)]
    assert pair.ncp.executed == [bytes((number,)) for number in range(100)]
    assert pair.host.link_statistics.retransmissions
    pair.close()
