"""The command queue against a controller that behaves, and one that does not. "Fault n": the numbered faults."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from drivers.zwave.exchange import (
    QUEUE_MAX,
    Aborted,
    Answer,
    Answered,
    Call,
    Cancel,
    Cancelled,
    ControllerRestarted,
    ControllerStatus,
    Dropped,
    LinkFailed,
    NoCallback,
    NoResponse,
    NotAccepted,
    NotUnderstood,
    PortClosed,
    PortLost,
    PortNotOpened,
    PortOpened,
    Priority,
    Resume,
    Stop,
)
from drivers.zwave.serial_api.controller_info import GetLibraryVersion, LibraryVersion
from drivers.zwave.serial_api.function import Callback, Request
from drivers.zwave.serial_api.inclusion import AddNode, NetworkMode
from drivers.zwave.serial_api.node_info import RequestNodeInfo, RequestNodeInfoResponse
from drivers.zwave.serial_api.reset import SoftReset
from drivers.zwave.serial_api.send_data import SendData, SendDataCallback, SendDataResponse, TransmitStatus
from tests.helpers.link_pair import LinkPair, frame_bytes

ON = b"\x25\x01\xff"
OFF = b"\x25\x01\x00"


@dataclass
class Asked:
    """A call, and what came of it."""

    pair: LinkPair
    call: Call = field(init=False)
    answers: list[Answer] = field(default_factory=list)
    callbacks: list[Callback] = field(default_factory=list)
    written: int = 0

    @property
    def answer(self) -> Answer:
        assert len(self.answers) == 1, self.answers
        return self.answers[0]


def ask(
    pair: LinkPair,
    build: Callable[[int], Request],
    priority: Priority = Priority.COMMAND,
    *,
    holds_link: bool = True,
    callback_timeout_s: float | None = None,
    repeatable: bool | None = None,
) -> Asked:
    asked = Asked(pair)

    def written() -> None:
        asked.written += 1

    asked.call = Call(
        build,
        priority,
        asked.answers.append,
        written,
        asked.callbacks.append,
        callback_timeout_s=callback_timeout_s,
        holds_link=holds_link,
        repeatable=repeatable,
    )
    pair.call(asked.call)
    return asked


def send(pair: LinkPair, command: bytes = ON, priority: Priority = Priority.COMMAND, *, node_id: int = 3) -> Asked:
    return ask(pair, lambda callback_id: SendData(node_id, command, 0x25, callback_id), priority)


def ask_version(pair: LinkPair, priority: Priority = Priority.POLL) -> Asked:
    return ask(pair, lambda _: GetLibraryVersion(), priority)


def statuses(pair: LinkPair) -> list[ControllerStatus]:
    return [changed.status for changed in pair.statuses]


def say_started(pair: LinkPair) -> None:
    """It has restarted by its watchdog."""
    pair.controller.say(0, 0x0A, bytes((3, 0, 1, 2, 7, 0, 0)))


@pytest.fixture
def pair() -> LinkPair:
    pair = LinkPair()
    pair.statuses.clear()
    return pair


def assert_sound(pair: LinkPair) -> None:
    """The controller is in use again, nothing is awaited, and the next command is delivered."""
    pair.run_until_idle()
    pair.run_for(20)
    assert pair.host.next_deadline() is None
    assert pair.host.status is ControllerStatus.READY
    last = send(pair, b"\x25\x01\x63")
    pair.run_until_idle()
    assert isinstance(last.answer, Answered)
    assert pair.controller.executed[-1] == b"\x25\x01\x63"


class TestOneExchange:
    def test_a_command_is_over_at_its_callback(self, pair: LinkPair) -> None:
        asked = send(pair)
        pair.run_until_idle()
        assert asked.answer == Answered(SendDataResponse(True), SendDataCallback(1, TransmitStatus.OK, 2))
        assert pair.controller.executed == [ON]

    def test_a_function_without_callback_is_over_at_its_response(self, pair: LinkPair) -> None:
        asked = ask_version(pair)
        pair.run_until_idle()
        assert isinstance(asked.answer, Answered)
        assert isinstance(asked.answer.response, LibraryVersion)

    def test_its_bytes_are_written_before_the_step_that_brought_it_ends(self, pair: LinkPair) -> None:
        asked = send(pair)
        assert pair.written == [frame_bytes(0, 0x13, b"\x03\x03" + ON + b"\x25\x01")]
        assert asked.written == 1

    def test_a_report_is_acknowledged_before_the_command_that_answers_it_and_both_in_one_step(
        self, pair: LinkPair
    ) -> None:
        report = frame_bytes(0, 0x04, bytes.fromhex("0002032503ff"))
        pair.host.receive(report, pair.clock.now)
        effects = pair.host.take_effects()
        assert [type(effect).__name__ for effect in effects] == ["Write", "Unsolicited"]
        pair.host.receive(Call(lambda i: SendData(3, ON, 0x25, i), Priority.COMMAND, print), pair.clock.now)
        assert [type(effect).__name__ for effect in pair.host.take_effects()] == ["Write"]

    def test_written_is_called_for_the_first_transmission_only(self, pair: LinkPair) -> None:
        pair.controller.refuses = 2
        asked = send(pair)
        pair.run_until_idle()
        assert isinstance(asked.answer, Answered)
        assert asked.written == 1

    def test_callback_identifiers_go_round_from_1_to_255(self, pair: LinkPair) -> None:
        given = []
        for _ in range(300):
            asked = send(pair)
            pair.run_until_idle()
            assert isinstance(asked.answer, Answered)
            assert isinstance(asked.answer.callback, SendDataCallback)
            given.append(asked.answer.callback.callback_id)
        assert given == [*range(1, 256), *range(1, 46)]

    def test_a_response_that_is_not_what_it_should_be_ends_the_call(self, pair: LinkPair) -> None:
        asked = ask_version(pair)
        pair.host.receive(b"\x06" + frame_bytes(1, 0x15, b""), pair.clock.now)
        pair.run_for(0.0)
        pair.feed(b"")
        assert isinstance(asked.answer, NotUnderstood)

    def test_a_request_that_declines_its_callback_is_over_without_one(self, pair: LinkPair) -> None:
        asked = ask(pair, lambda _: AddNode(NetworkMode.STOP, 0))
        pair.run_until_idle()
        assert asked.answer == Answered(None, None)


class TestTheQueue:
    def test_the_higher_priority_goes_first_and_first_come_within_one(self, pair: LinkPair) -> None:
        """Fault 14: a person's command does not wait behind polls and interviews."""
        first = send(pair, b"\x00", Priority.INTERVIEW)
        for number, priority in enumerate([5, 4, 3, 2, 1, 0, 5, 4, 3, 2, 1, 0]):
            send(pair, bytes((priority, number)), Priority(priority))
        pair.run_until_idle()
        assert first.written
        assert [command[0] for command in pair.controller.executed[1:]] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
        numbers = [command[1] for command in pair.controller.executed[1:]]
        assert all(a < b for a, b in zip(numbers[::2], numbers[1::2], strict=True))

    def test_a_command_waits_for_one_exchange_at_most(self, pair: LinkPair) -> None:
        """Fault 14."""
        for number in range(50):
            send(pair, bytes((number,)), Priority.INTERVIEW)
        send(pair, ON)
        pair.run_until_idle()
        assert pair.controller.executed.index(ON) == 1

    def test_a_full_queue_drops_the_newest_of_the_lowest_priority(self, pair: LinkPair) -> None:
        pair.controller.mute = True
        send(pair)
        polls = [ask_version(pair) for _ in range(QUEUE_MAX)]
        command = send(pair)
        assert polls[-1].answer == Dropped()
        assert not polls[-2].answers
        assert not command.answers
        assert pair.host.queued == QUEUE_MAX

    def test_a_full_queue_drops_the_new_call_if_none_is_lower(self, pair: LinkPair) -> None:
        pair.controller.mute = True
        send(pair)
        polls = [ask_version(pair) for _ in range(QUEUE_MAX + 1)]
        assert polls[-1].answer == Dropped()
        assert not any(poll.answers for poll in polls[:-1])

    def test_a_queued_call_can_be_cancelled(self, pair: LinkPair) -> None:
        send(pair)
        second = send(pair, OFF)
        pair.feed(Cancel(second.call))
        assert second.answer == Cancelled()
        pair.run_until_idle()
        assert pair.controller.executed == [ON]

    def test_a_transmission_cancelled_in_flight_is_aborted(self, pair: LinkPair) -> None:
        pair.controller.slow_air_s = 15.0
        asked = send(pair)
        pair.run_for(1.0)
        pair.feed(Cancel(asked.call))
        pair.run_for(1.0)
        assert isinstance(asked.answer, Aborted)

    def test_stop_answers_every_call_and_those_to_come(self, pair: LinkPair) -> None:
        calls = [send(pair), send(pair, OFF), ask_version(pair)]
        pair.feed(Stop())
        calls.append(send(pair))
        assert [call.answer for call in calls] == [Cancelled()] * 4
        assert pair.host.idle
        assert pair.host.next_deadline() is None


class TestOverlapping:
    def test_pairing_does_not_hold_the_link(self, pair: LinkPair) -> None:
        pairing = ask(pair, lambda i: AddNode(NetworkMode.ANY, i), holds_link=False, callback_timeout_s=math.inf)
        command = send(pair)
        pair.run_for(100)
        assert isinstance(command.answer, Answered)
        assert [callback.final for callback in pairing.callbacks] == [False] * len(pairing.callbacks)
        assert len(pairing.callbacks) >= 2

    def test_two_calls_under_way_have_different_identifiers(self, pair: LinkPair) -> None:
        seen: list[int] = []

        def add_node(callback_id: int) -> AddNode:
            seen.append(callback_id)
            return AddNode(NetworkMode.ANY, callback_id)

        pair.controller.no_add_node = True
        ask(pair, add_node, holds_link=False, callback_timeout_s=math.inf)
        pair.run_for(1)
        for _ in range(300):
            asked = send(pair)
            pair.run_for(1)
            assert isinstance(asked.answer, Answered)
            assert isinstance(asked.answer.callback, SendDataCallback)
            assert asked.answer.callback.callback_id not in seen

    def test_it_can_be_cancelled(self, pair: LinkPair) -> None:
        pair.controller.no_add_node = True
        pairing = ask(pair, lambda i: AddNode(NetworkMode.ANY, i), holds_link=False, callback_timeout_s=math.inf)
        pair.run_for(1)
        pair.feed(Cancel(pairing.call))
        assert pairing.answer == Cancelled()

    def test_its_own_timeout_ends_it(self, pair: LinkPair) -> None:
        pair.controller.no_add_node = True
        pairing = ask(pair, lambda i: AddNode(NetworkMode.ANY, i), holds_link=False, callback_timeout_s=60)
        pair.run_for(59)
        assert not pairing.answers
        pair.run_for(2)
        assert pairing.answer == NoCallback()


class TestAnOutcomeThatComesByItself:
    """A node's information is asked for, and comes as an update; meanwhile the radio is taken."""

    def ask_for_node_info(self, pair: LinkPair) -> Asked:
        asked = Asked(pair)
        asked.call = Call(
            lambda _: RequestNodeInfo(3),
            Priority.INTERVIEW,
            asked.answers.append,
            callback_timeout_s=6,
            ends_with=lambda frame: frame.function == 0x49,
        )
        pair.call(asked.call)
        pair.run_for(0.01)
        pair.controller.say(1, 0x60, b"\x01")
        pair.run_for(1)
        return asked

    def test_it_holds_the_link_until_it_comes(self, pair: LinkPair) -> None:
        asked = self.ask_for_node_info(pair)
        command = send(pair)
        pair.run_for(1)
        assert (asked.answers, command.answers, pair.controller.executed) == ([], [], [])
        pair.controller.say(0, 0x49, b"\x84\x03\x00")
        pair.run_until_idle()
        assert asked.answer == Answered(RequestNodeInfoResponse(True), None)
        assert pair.unsolicited[-1].function == 0x49
        assert pair.controller.executed == [ON]

    def test_it_does_not_hold_the_link_for_longer_than_it_may_take(self, pair: LinkPair) -> None:
        asked = self.ask_for_node_info(pair)
        command = send(pair)
        pair.run_for(6)
        assert asked.answer == NoCallback()
        assert isinstance(command.answer, Answered)


class TestNoAck:
    """Fault 1."""

    def test_the_controller_is_asked_then_reset_then_opened_again_and_the_queue_is_kept(self, pair: LinkPair) -> None:
        pair.controller.mute = True
        lost = send(pair)
        kept = send(pair, OFF)
        pair.run(lambda: bool(pair.reopenings), at_most_s=60)
        assert lost.answer == LinkFailed(maybe_done=True)
        assert not kept.answers
        functions = [data[3] for data in pair.written if len(data) > 1]
        assert functions == [0x13] + [0x15] * 4 + [0x08] * 4
        assert statuses(pair) == [ControllerStatus.RESTARTING, ControllerStatus.UNRESPONSIVE]
        pair.controller.mute = False
        pair.run_until_idle()
        assert isinstance(kept.answer, Answered)
        assert pair.controller.executed == [OFF]
        assert_sound(pair)

    def test_a_question_is_sent_four_times(self, pair: LinkPair) -> None:
        pair.controller.mute = True
        asked = ask_version(pair)
        pair.run(lambda: bool(asked.answers), at_most_s=60)
        assert asked.answer == LinkFailed(maybe_done=True)
        assert [data[3] for data in pair.written] == [0x15] * 4 + [0x08]

    def test_a_command_that_got_lost_is_sent_again_when_the_controller_has_shown_that_it_lacks_it(
        self, pair: LinkPair
    ) -> None:
        pair.to_controller.dead = True
        asked = send(pair)
        pair.to_controller.dead = False
        pair.run_until_idle()
        assert isinstance(asked.answer, Answered)
        assert pair.controller.functions == [0x15, 0x13]
        assert_sound(pair)

    def test_a_command_whose_ack_got_lost_is_not_sent_again_because_its_response_tells(self, pair: LinkPair) -> None:
        asked = send(pair)
        swallowed: list[bytes] = []

        def without_first_ack(data: bytes) -> None:
            if data == b"\x06" and not swallowed:
                swallowed.append(data)
            else:
                pair.feed(data)

        pair.to_host.deliver = without_first_ack
        pair.run_until_idle()
        assert swallowed
        assert isinstance(asked.answer, Answered)
        assert pair.controller.executed == [ON]
        assert pair.host.link_statistics.retransmissions == 0

    def test_a_command_whose_ack_and_response_got_lost_is_not_executed_twice(self, pair: LinkPair) -> None:
        pair.to_host.dead = True
        asked = send(pair)
        pair.run_for(1.59)
        pair.to_host.dead = False
        pair.run_until_idle()
        assert isinstance(asked.answer, Answered)
        assert pair.controller.executed == [ON]
        assert_sound(pair)

    def test_a_command_that_gets_lost_each_time_is_sent_four_times(self, pair: LinkPair) -> None:
        deliver = pair.to_controller.deliver
        pair.to_controller.deliver = lambda data: None if data[3:4] == b"\x13" else deliver(data)
        asked = send(pair)
        pair.run_until_idle()
        assert asked.answer == LinkFailed(maybe_done=True)
        assert sum(data[3:4] == b"\x13" for data in pair.written) == 4

    def test_a_controller_that_could_have_given_up_its_response_proves_nothing(self, pair: LinkPair) -> None:
        pair.to_controller.dead = True
        asked = send(pair)
        pair.run_for(2)
        pair.to_controller.dead = False
        pair.run_until_idle()
        assert asked.answer == LinkFailed(maybe_done=True)
        assert pair.controller.functions == [0x15]

    def test_a_restart_between_a_command_and_its_lost_ack_proves_nothing(self, pair: LinkPair) -> None:
        pair.controller.no_responses = pair.controller.no_callbacks = True
        pair.to_host.dead = True
        asked = send(pair)
        pair.run_for(1)
        pair.to_host.dead = False
        say_started(pair)
        pair.run_for(0.5)
        pair.controller.no_responses = False
        pair.run_until_idle()
        assert asked.answer == LinkFailed(maybe_done=True)
        assert pair.controller.executed == [ON]

    def test_refusals_between_successes_are_no_reason_for_a_reset(self, pair: LinkPair) -> None:
        for _ in range(4):
            pair.controller.refuses = 4
            refused = send(pair)
            pair.run_until_idle()
            assert refused.answer == LinkFailed(maybe_done=False)
            send(pair)
            pair.run_until_idle()
        assert 0x08 not in pair.controller.functions

    def test_each_outage_begins_with_a_reset_and_then_a_short_wait(self, pair: LinkPair) -> None:
        for outage in range(3):
            pair.controller.mute = True
            ask_version(pair)
            pair.run(lambda n=outage: len(pair.reopenings) > n, at_most_s=60)  # type: ignore[misc]
            pair.controller.mute = False
            assert_sound(pair)
        assert [delay_s for _, delay_s in pair.reopenings] == [1, 1, 1]
        assert sum(data[3:4] == b"\x08" for data in pair.written) == 12

    def test_a_controller_that_refuses_every_frame_is_reset(self, pair: LinkPair) -> None:
        pair.controller.refuses = 12
        asked = [send(pair) for _ in range(3)]
        pair.run(lambda: all(call.answers for call in asked), at_most_s=60)
        assert [call.answer for call in asked] == [LinkFailed(maybe_done=False)] * 3
        assert_sound(pair)
        assert pair.controller.functions.count(0x08) == 1


class TestNoResponse:
    def test_after_ten_seconds_the_call_is_answered_and_the_controller_reset(self, pair: LinkPair) -> None:
        pair.controller.no_responses = True
        asked = ask_version(pair)
        pair.run_for(9.9)
        assert not asked.answers
        pair.run_for(0.2)
        assert asked.answer == NoResponse()
        pair.run_for(9.9)
        pair.controller.no_responses = False
        assert_sound(pair)

    def test_a_transmission_whose_response_is_lost_is_over_at_its_callback(self, pair: LinkPair) -> None:
        pair.controller.no_responses = True
        asked = send(pair)
        pair.run_for(1)
        assert asked.answer == Answered(None, SendDataCallback(1, TransmitStatus.OK, 2))

    def test_a_transmission_without_response_and_callback_is_aborted(self, pair: LinkPair) -> None:
        pair.controller.no_responses = pair.controller.no_callbacks = True
        asked = send(pair)
        pair.run_for(11)
        assert asked.answer == NoResponse()
        assert 0x16 in pair.controller.functions


class TestNoCallback:
    """Fault 2."""

    def test_aborted_once_reset_once_then_answered(self, pair: LinkPair) -> None:
        pair.controller.no_callbacks = True
        asked = send(pair)
        pair.run_for(19.9)
        assert pair.controller.functions == [0x13]
        pair.run_for(9.9)
        assert pair.controller.functions == [0x13, 0x16]
        assert not asked.answers
        pair.run_for(5)
        assert asked.answer == NoCallback()
        assert pair.controller.functions == [0x13, 0x16, 0x08, 0x15]
        assert statuses(pair) == [ControllerStatus.RESTARTING, ControllerStatus.READY]

    def test_no_restart_loop(self, pair: LinkPair) -> None:
        pair.controller.no_callbacks = True
        asked = [send(pair) for _ in range(10)]
        pair.run_until_idle()
        assert [call.answer for call in asked] == [NoCallback()] * 10
        assert pair.controller.functions.count(0x08) == 1
        pair.controller.no_callbacks = False
        assert_sound(pair)

    def test_a_transmission_that_takes_long_is_aborted_and_the_controller_is_not_reset(self, pair: LinkPair) -> None:
        pair.controller.slow_air_s = 300.0
        asked = send(pair)
        pair.run_until_idle()
        assert isinstance(asked.answer, Aborted)
        assert 0x08 not in pair.controller.functions

    def test_after_a_callback_has_come_a_missing_one_is_reason_for_a_reset_again(self, pair: LinkPair) -> None:
        for _ in range(2):
            pair.controller.no_callbacks = True
            send(pair)
            pair.run_until_idle()
            pair.controller.no_callbacks = False
            send(pair)
            pair.run_until_idle()
        assert pair.controller.functions.count(0x08) == 2

    def test_an_aborted_transmission_is_no_sign_of_a_jammed_radio(self, pair: LinkPair) -> None:
        pair.controller.no_callbacks = True
        asked = send(pair)
        pair.run_for(25)
        pair.controller.say(0, 0x13, bytes((1, 2, 0, 0)))
        pair.run_for(1)
        assert isinstance(asked.answer, Aborted)
        assert statuses(pair) == []

    def test_a_callback_that_is_not_what_it_should_be_ends_the_call(self, pair: LinkPair) -> None:
        pair.controller.no_callbacks = True
        asked = send(pair)
        pair.run_for(1)
        pair.controller.say(0, 0x13, bytes((1,)))
        pair.run_for(1)
        assert isinstance(asked.answer, NotUnderstood)

    def test_a_late_callback_is_not_taken_for_that_of_the_next_call(self, pair: LinkPair) -> None:
        pair.controller.no_callbacks = True
        first = send(pair)
        pair.run_until_idle()
        assert first.answer == NoCallback()
        second = send(pair, OFF)
        pair.run_for(1)
        pair.controller.say(0, 0x13, bytes((1, 0, 0, 2)))
        pair.run_for(1)
        assert not second.answers
        assert pair.host.misfits.callbacks == 1


class TestCan:
    """Fault 3."""

    def test_the_report_that_collided_is_taken_in_and_the_same_command_sent_again(self, pair: LinkPair) -> None:
        report = bytes.fromhex("0002032503ff")
        pair.controller.say(0, 0x04, report)
        asked = send(pair)
        pair.run_until_idle()
        assert isinstance(asked.answer, Answered)
        assert [frame.payload for frame in pair.unsolicited] == [report]
        assert pair.controller.executed == [ON]
        commands = [data for data in pair.written if data[0] == 1]
        assert commands == [commands[0]] * 2

    def test_a_storm_of_cans_does_not_lose_the_command(self, pair: LinkPair) -> None:
        asked = send(pair)
        for _ in range(200):
            pair.to_host.write(b"\x18")
        pair.run_until_idle()
        assert isinstance(asked.answer, Answered)
        assert pair.controller.executed == [ON]


class TestJammed:
    """Fault 5."""

    def test_a_command_that_never_got_on_the_air_is_tried_again_every_second(self, pair: LinkPair) -> None:
        pair.controller.jammed = 4
        asked = send(pair)
        pair.run_until_idle()
        assert isinstance(asked.answer, Answered)
        assert pair.controller.executed == [ON]
        assert 4 < pair.clock.now - 1000 < 5
        assert statuses(pair) == [ControllerStatus.JAMMED, ControllerStatus.READY]

    def test_after_five_attempts_the_controller_is_reset_once(self, pair: LinkPair) -> None:
        pair.controller.jammed = 8
        asked = [send(pair, bytes((number,))) for number in range(5)]
        pair.run_until_idle()
        ended = [call.answer.callback.status for call in asked if isinstance(call.answer, Answered)]  # type: ignore[union-attr]
        assert ended == [TransmitStatus.FAIL] * 4 + [TransmitStatus.OK]
        assert pair.controller.functions.count(0x08) == 1
        assert_sound(pair)

    def test_a_failure_after_time_on_the_air_is_the_nodes(self, pair: LinkPair) -> None:
        pair.controller.no_callbacks = True
        asked = send(pair)
        pair.run_for(1)
        pair.controller.say(0, 0x13, bytes((1, 2, 0, 90)))
        pair.run_for(1)
        assert isinstance(asked.answer, Answered)
        assert statuses(pair) == []


class TestNotAccepted:
    def test_a_full_transmit_queue_is_tried_three_times(self, pair: LinkPair) -> None:
        pair.controller.queue_full = 2
        asked = send(pair)
        pair.run_until_idle()
        assert isinstance(asked.answer, Answered)
        assert pair.controller.executed == [ON]

    def test_then_it_is_answered(self, pair: LinkPair) -> None:
        pair.controller.queue_full = 3
        asked = send(pair)
        pair.run_until_idle()
        assert asked.answer == NotAccepted(SendDataResponse(False))
        assert pair.controller.executed == []


class TestThePort:
    """Fault 6."""

    def test_unplugged_with_a_command_written_it_is_answered_and_never_sent_again(self, pair: LinkPair) -> None:
        asked = send(pair)
        kept = send(pair, OFF)
        pair.feed(PortClosed("unplugged"))
        assert asked.answer == PortLost(maybe_done=True)
        pair.run_until_idle()
        assert isinstance(kept.answer, Answered)
        assert pair.controller.executed[-1] == OFF
        assert sum(ON in data for data in pair.written) == 1

    def test_a_command_that_waited_to_be_sent_again_is_kept(self, pair: LinkPair) -> None:
        pair.controller.jammed = 1
        asked = send(pair)
        pair.run_for(0.5)
        pair.feed(PortClosed("unplugged"))
        pair.run_until_idle()
        assert isinstance(asked.answer, Answered)
        assert pair.controller.executed == [ON]

    def test_what_the_machine_meant_to_ask_the_controller_is_forgotten(self, pair: LinkPair) -> None:
        pair.controller.no_responses = pair.controller.no_callbacks = True
        send(pair)
        pair.run(lambda: pair.written[-1][3:4] == b"\x16", at_most_s=60)
        assert not pair.host.idle
        pair.feed(PortClosed("unplugged"))
        assert pair.host.idle

    def test_pairing_under_way_ends(self, pair: LinkPair) -> None:
        pair.controller.no_add_node = True
        pairing = ask(pair, lambda i: AddNode(NetworkMode.ANY, i), holds_link=False, callback_timeout_s=math.inf)
        pair.run_for(1)
        pair.feed(PortClosed("unplugged"))
        assert pairing.answer == PortLost(maybe_done=True)

    def test_it_is_opened_again_less_and_less_often(self, pair: LinkPair) -> None:
        pair.on_reopen = lambda: PortNotOpened("no such file")
        pair.feed(PortClosed("unplugged"))
        pair.run_for(600)
        delays = [delay_s for _, delay_s in pair.reopenings]
        assert delays[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
        assert statuses(pair) == [ControllerStatus.PORT_LOST]
        pair.on_reopen = PortOpened
        pair.run_for(60)
        assert_sound(pair)

    def test_a_command_does_not_wait_longer_than_half_a_minute_for_it(self, pair: LinkPair) -> None:
        pair.on_reopen = lambda: PortNotOpened("no such file")
        pair.feed(PortClosed("unplugged"))
        command, interview = send(pair), send(pair, OFF, Priority.INTERVIEW)
        pair.run_for(29.9)
        assert not command.answers
        pair.run_for(0.2)
        assert command.answer == Dropped()
        pair.run_for(600)
        assert not interview.answers

    def test_before_resume_only_start_calls_are_sent(self) -> None:
        pair = LinkPair(start=False)
        command = send(pair)
        pair.feed(PortOpened())
        start = ask_version(pair, Priority.START)
        pair.run_for(1)
        assert isinstance(start.answer, Answered)
        assert not command.answers
        pair.feed(Resume())
        pair.run_until_idle()
        assert isinstance(command.answer, Answered)

    def test_opening_begins_with_a_nak(self) -> None:
        pair = LinkPair(start=False)
        pair.feed(PortOpened())
        assert pair.written == [b"\x15"]

    def test_start_calls_end_with_the_port(self) -> None:
        pair = LinkPair(start=False)
        pair.feed(PortOpened())
        first, second = ask_version(pair, Priority.START), ask_version(pair, Priority.START)
        pair.feed(PortClosed("unplugged"))
        assert [first.answer, second.answer] == [PortLost(maybe_done=True), PortLost(maybe_done=False)]

    def test_start_calls_do_not_wait_for_a_port(self) -> None:
        pair = LinkPair(start=False)
        assert ask_version(pair, Priority.START).answer == PortLost(maybe_done=False)

    def test_bytes_of_a_closed_port_are_ignored(self, pair: LinkPair) -> None:
        pair.feed(PortClosed("unplugged"))
        pair.feed(frame_bytes(0, 0x04, bytes.fromhex("0002032503ff")))
        assert pair.unsolicited == []


class TestSoftReset:
    """Fault 7."""

    def test_it_is_over_when_the_controller_says_that_it_has_started(self, pair: LinkPair) -> None:
        asked = ask(pair, lambda _: SoftReset())
        command = send(pair)
        pair.run_for(0.4)
        assert not asked.answers
        pair.run_for(0.2)
        assert asked.answer == Answered(None, None)
        pair.run_until_idle()
        assert isinstance(command.answer, Answered)
        assert [frame.function for frame in pair.unsolicited] == [0x0A]

    def test_a_controller_that_never_says_it_has_five_seconds(self, pair: LinkPair) -> None:
        pair.controller.says_started = False
        asked = ask(pair, lambda _: SoftReset())
        pair.run_for(4.9)
        assert not asked.answers
        pair.run_for(0.2)
        assert asked.answer == Answered(None, None)

    def test_a_reset_for_recovery_without_that_word_is_followed_by_asking_for_the_version(self, pair: LinkPair) -> None:
        pair.controller.says_started = False
        pair.controller.no_callbacks = True
        send(pair)
        pair.run_until_idle()
        assert pair.controller.functions == [0x13, 0x16, 0x08, 0x15]
        assert statuses(pair) == [ControllerStatus.RESTARTING, ControllerStatus.READY]

    def test_a_reset_that_takes_the_port_away_leads_to_its_reopening(self, pair: LinkPair) -> None:
        asked = ask(pair, lambda _: SoftReset())
        pair.run_for(0.1)
        pair.feed(PortClosed("re-enumerated"))
        assert asked.answer == PortLost(maybe_done=True)
        assert_sound(pair)

    def test_a_controller_that_restarts_by_itself_ends_what_was_under_way(self, pair: LinkPair) -> None:
        pair.controller.no_callbacks = True
        asked = send(pair)
        pair.run_for(1)
        say_started(pair)
        pair.run_for(1)
        assert asked.answer == ControllerRestarted()
        pair.controller.no_callbacks = False
        assert_sound(pair)

    def test_a_controller_that_restarts_by_itself_is_asked_whether_it_lives_and_not_reset(self, pair: LinkPair) -> None:
        say_started(pair)
        pair.run_for(1)
        assert statuses(pair) == [ControllerStatus.RESTARTING, ControllerStatus.READY]
        assert pair.controller.functions == [0x15]
        assert_sound(pair)

    def test_what_is_set_up_anew_at_a_restart_is_sent_before_what_waits(self, pair: LinkPair) -> None:
        pair.controller.air_s = 5
        send(pair)
        waiting = send(pair, OFF)
        pair.run_for(1)
        say_started(pair)
        pair.run(lambda: bool(pair.statuses), at_most_s=1)
        ask_version(pair, Priority.START)
        pair.run_until_idle()
        assert pair.controller.functions == [0x13, 0x15, 0x15, 0x13]
        assert isinstance(waiting.answer, Answered)

    def test_a_controller_that_says_twice_that_it_has_started_is_asked_once(self, pair: LinkPair) -> None:
        pair.controller.no_responses = True
        for _ in range(20):
            say_started(pair)
        pair.run_for(0.5)
        assert statuses(pair) == [ControllerStatus.RESTARTING]
        pair.controller.no_responses = False
        assert_sound(pair)

    def test_a_controller_that_says_late_that_it_has_started_is_set_up_again(self, pair: LinkPair) -> None:
        pair.controller.says_started = False
        pair.controller.no_callbacks = True
        send(pair)
        pair.run_until_idle()
        pair.run_for(1)
        pair.statuses.clear()
        say_started(pair)
        pair.controller.no_callbacks = False
        assert_sound(pair)
        assert statuses(pair) == [ControllerStatus.RESTARTING, ControllerStatus.READY]

    def test_a_reset_that_was_asked_for_is_no_restart_by_itself(self, pair: LinkPair) -> None:
        ask(pair, lambda _: SoftReset())
        pair.run_until_idle()
        assert statuses(pair) == []

    def test_while_nobody_knows_who_is_there_its_start_is_no_news(self) -> None:
        pair = LinkPair(start=False)
        pair.feed(PortOpened())
        say_started(pair)
        pair.run_for(1)
        assert statuses(pair) == []
        assert pair.controller.functions == []


class TestSilentForGood:
    """Fault 8."""

    def test_recovery_is_slower_and_slower_and_bounded(self, pair: LinkPair) -> None:
        pair.controller.mute = True
        ask_version(pair)
        pair.run_for(24 * 3600)
        delays = [delay_s for _, delay_s in pair.reopenings]
        assert delays == sorted(delays)
        assert delays[-1] == 60
        assert 24 * 60 * 0.5 < len(delays) < 24 * 60
        assert statuses(pair)[-1] is ControllerStatus.UNRESPONSIVE
        resets = sum(len(data) > 1 and data[3] == 0x08 for data in pair.written)
        assert resets == 4, "one reset, sent four times"

    def test_it_comes_back_when_the_controller_does(self, pair: LinkPair) -> None:
        pair.controller.mute = True
        ask_version(pair)
        pair.run_for(3600)
        pair.controller.mute = False
        pair.run_for(120)
        assert_sound(pair)

    def test_every_command_is_answered_meanwhile(self, pair: LinkPair) -> None:
        pair.controller.mute = True
        asked = []
        for _ in range(60):
            asked.append(send(pair))
            pair.run_for(10)
        pair.run_for(60)
        assert all(len(call.answers) == 1 for call in asked)
        assert pair.controller.executed == []


class TestStrangers:
    def test_a_flood_of_reports_does_not_keep_a_command_from_its_answer(self, pair: LinkPair) -> None:
        """Fault 9."""
        for number in range(100):
            pair.clock.after(number * 0.02, lambda n=number: pair.controller.say(0, 4, bytes((0, 2, 3, 0x25, 3, n))))  # type: ignore[misc]
        asked = [send(pair, bytes((number,))) for number in range(5)]
        pair.run_until_idle()
        pair.run_for(10)
        assert all(isinstance(call.answer, Answered) for call in asked)
        assert [frame.payload[-1] for frame in pair.unsolicited] == list(range(100))

    def test_a_response_that_nobody_awaits_is_dropped_and_counted(self, pair: LinkPair) -> None:
        pair.controller.say(1, 0x13, b"\x01")
        pair.run_for(1)
        assert pair.host.misfits.responses == 1
        assert pair.unsolicited == []

    def test_a_report_sent_twice_because_the_ack_was_lost_comes_once(self, pair: LinkPair) -> None:
        """Fault 16."""
        pair.to_host.write(b"\xfe")
        pair.run_for(0.1)
        pair.to_controller.dead = True
        pair.controller.say(0, 4, bytes.fromhex("0002032503ff"))
        pair.run_for(1)
        pair.to_controller.dead = False
        pair.run_for(10)
        assert len(pair.unsolicited) == 1
