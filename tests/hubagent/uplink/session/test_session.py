"""The conversation as the cloud sees it: connecting, greeting, sending, doubts, coming back."""

import pytest

from hubagent.uplink.message.channel import Up
from hubagent.uplink.message.down import Bye, Desired, Job
from hubagent.uplink.message.up import Batch, Hello, Offline, Refused
from hubagent.uplink.session import items
from hubagent.uplink.session.flows import BACKLOG_FRAMES_MAX
from hubagent.uplink.session.pace import Pace
from hubagent.uplink.session.phase import Phase
from hubagent.uplink.session.session import PAYLOAD_MIN, UNREAD_MAX
from hubagent.uplink.transports.port import Limits, Lost, Trouble
from tests.helpers.uplink_memory_outbox import MemoryOutbox
from tests.hubagent.uplink.session.talk import ALARM, CLOUD, CUT, EVENT, HUB, RESULT, TELEMETRY, Talk

# Connecting.


def test_it_connects_at_once_when_it_begins_and_says_hello_first() -> None:
    talk = Talk()
    talk.feed(items.Begin())
    talk.run(0)
    assert talk.effects(items.Connect) == [items.Connect(None)]
    talk.put()
    talk.feed(items.Connected(Limits(32 * 1024, 16)))
    talk.run(1)
    (hello,) = talk.heard()
    assert isinstance(hello, Hello)
    assert (hello.hub, hello.boot, hello.epoch, hello.number) == (HUB, 1, 1, 1)
    assert hello.oldest == {EVENT: (1, 1)}


def test_nothing_but_hello_is_said_before_the_welcome() -> None:
    talk = Talk(devices={"lamp": {"name": "lamp"}})
    talk.connect()
    talk.put(ALARM)
    talk.feed(items.DeviceTouched("lamp"))
    talk.run(600)
    assert {type(it) for it in talk.heard()} == {Hello}


def test_an_attempt_that_fails_is_followed_by_another_after_some_jitter() -> None:
    talk = Talk()
    talk.feed(items.Begin())
    talk.run(0)
    times = []
    for _ in range(8):
        talk.effects(items.Connect)
        began = talk.now
        talk.lose()
        assert talk.is_in(Phase.WAITING)
        assert talk.session.lost == CUT
        while not talk.effects(items.Connect):
            talk.run(0.01)
        times.append(talk.now - began)
    assert max(times[:3]) <= 1.02
    assert max(times) > 2


def test_it_goes_where_the_other_side_says_and_back_to_the_usual_place_when_that_fails() -> None:
    talk = Talk()
    talk.connect()
    talk.lose(Lost(Trouble.REFUSED, "moved", server="other:8883"))
    talk.run(130)
    assert talk.effects(items.Connect)[-1] == items.Connect("other:8883")
    talk.lose(CUT)
    talk.run(130)
    assert talk.effects(items.Connect) == [items.Connect(None)]


def test_it_does_not_come_before_it_was_told_to() -> None:
    talk = Talk()
    talk.connect()
    talk.lose(Lost(Trouble.REFUSED, "busy", retry_after_s=300.0))
    talk.effects(items.Connect)
    talk.run(299)
    assert talk.effects(items.Connect) == []
    talk.run(3)
    assert talk.effects(items.Connect) == [items.Connect(None)]


def test_a_side_that_takes_only_small_frames_is_none() -> None:
    talk = Talk()
    talk.connect(Limits(PAYLOAD_MIN - 1, 16))
    assert talk.is_in(Phase.WAITING)
    assert talk.session.lost is not None
    assert talk.session.lost.trouble is Trouble.PROTOCOL
    assert talk.effects(items.Close) == [items.Close()]


def test_cut_by_hand_it_says_goodbye_and_stays_away_until_it_begins() -> None:
    talk = Talk().online()
    talk.heard()
    talk.ready = False
    talk.feed(items.Cut())
    assert talk.heard() == [Offline(HUB, 1)]
    assert talk.effects(items.Close) == [items.Close()]
    talk.run(10_000)
    assert talk.effects(items.Connect) == []
    talk.feed(items.Begin())
    talk.run(0)
    assert talk.effects(items.Connect) == [items.Connect(None)]


def test_a_connection_that_comes_after_it_was_cut_is_closed() -> None:
    talk = Talk()
    talk.feed(items.Begin())
    talk.run(0)
    talk.feed(items.Cut())
    talk.effects(items.Close)
    talk.feed(items.Connected(Limits(32 * 1024, 16)))
    assert talk.effects(items.Close) == [items.Close()]
    assert talk.heard() == []


def test_the_wait_begins_anew_only_after_a_connection_that_lasted_a_minute() -> None:
    talk = Talk()
    for _ in range(8):
        talk.online()
        talk.run(30)
        talk.lose()
    assert talk.session.retry_at is not None
    bound = talk.session._backoff.bound_s
    assert bound == 64
    talk.online()
    talk.run(61)
    talk.lose()
    assert talk.session._backoff.bound_s == 1


def test_the_cloud_says_how_widely_hubs_spread() -> None:
    talk = Talk().online(spread=300.0)
    assert talk.session._backoff.bound_s == 300
    talk.lose()
    talk.online(spread=0.001)
    assert talk.session._backoff.spread_s == 1


# Greeting.


def test_hello_is_said_again_on_the_same_connection_ever_later_until_a_welcome_comes() -> None:
    talk = Talk()
    talk.connect()
    talk.run(300)
    assert talk.is_in(Phase.AWAY)
    hellos = talk.hellos()
    assert [it.number for it in hellos] == list(range(1, len(hellos) + 1))
    assert 6 <= len(hellos) <= 10
    assert talk.effects(items.Close) == []


def test_a_hello_waits_for_a_connection_that_takes_no_more() -> None:
    talk = Talk(ready=False)
    talk.connect()
    talk.run(100)
    assert talk.heard() == []
    talk.ready = True
    talk.feed(items.Writable())
    assert len(talk.hellos()) == 1


def test_a_welcome_that_was_long_under_way_is_asked_for_once_more() -> None:
    talk = Talk()
    talk.put()
    talk.connect()
    talk.run(3)
    talk.welcome()
    assert talk.is_in(Phase.GREETING)
    assert [it.number for it in talk.hellos()] == [1, 2]
    talk.welcome()
    assert talk.is_in(Phase.ONLINE)


def test_what_came_before_the_welcome_is_done_after_it() -> None:
    talk = Talk()
    talk.connect()
    talk.say(talk.command("one"))
    talk.say(Desired(HUB, 3, {"lamp": {"on": True}}))
    talk.say(Job(HUB, 1, "two", CLOUD, CLOUD + 10, "report"))
    assert talk.effects(items.Carry) == []
    talk.welcome()
    assert [type(it) for it in talk.wanted if isinstance(it, items.Carry | items.Adopt)] == [
        items.Carry,
        items.Adopt,
        items.Carry,
    ]


def test_too_much_before_the_welcome_is_refused_without_saying_which() -> None:
    talk = Talk()
    talk.connect()
    for number in range(UNREAD_MAX + 1):
        talk.say(talk.command(str(number)))
    (refused,) = [it for it in talk.heard() if isinstance(it, Refused)]
    assert (refused.about, refused.reason) == (None, "busy")
    talk.welcome()
    assert len(talk.effects(items.Carry)) == UNREAD_MAX


def test_a_command_that_expired_before_the_welcome_came_has_no_effect() -> None:
    """Fault 10: a stale command after the connection is back."""
    talk = Talk()
    talk.connect()
    talk.say(talk.command("one", expires=CLOUD + 1.5))
    talk.run(1.6)
    talk.welcome()
    assert talk.effects(items.Carry) == []
    assert talk.refusals() == ["expired"]


def test_the_time_is_learnt_from_the_welcome() -> None:
    talk = Talk()
    talk.connect()
    talk.run(1.0)
    talk.welcome(time=CLOUD)
    assert talk.effects(items.ClockLearned) == [items.ClockLearned(CLOUD + 0.5)]
    assert talk.session.cloud_now == CLOUD + 1.0


def test_once_an_hour_it_greets_again_and_goes_on_meanwhile() -> None:
    talk = Talk().online()
    talk.heard()
    while not talk.hellos():
        assert talk.now < 3600 * 1.3
        talk.run(1)
    assert talk.now > 3600 * 0.7
    talk.put()
    assert talk.batches() == [("event", 1, [1])]
    talk.welcome(time=CLOUD + talk.now + 7)
    assert talk.is_in(Phase.ONLINE)
    assert talk.session.cloud_now == pytest.approx(CLOUD + talk.now + 7, abs=1.1)
    assert talk.batches() == []


# Sending.


def test_what_happens_is_told_at_once() -> None:
    talk = Talk().online()
    talk.heard()
    talk.put(EVENT, b"one")
    (batch,) = talk.heard()
    assert isinstance(batch, Batch)
    assert [(it.epoch, it.seq, it.after, it.content) for it in batch.messages] == [(1, 1, 0, b"one")]
    talk.put(ALARM)
    talk.put(EVENT)
    assert talk.batches() == [("alarm", 1, [2]), ("event", 1, [3])]


def test_what_was_left_over_becomes_backlog_that_what_happens_now_overtakes() -> None:
    talk = Talk()
    for _ in range(5000):
        talk.outbox.put(TELEMETRY, b"x" * 100)
    talk.online()
    backlog = talk.batches()
    assert len(backlog) == BACKLOG_FRAMES_MAX
    assert {epoch for _, epoch, _ in backlog} == {1}
    talk.put(EVENT)
    assert talk.batches() == [("event", 2, [1])]
    assert talk.outbox.epoch == 2


def test_what_the_outbox_finds_is_asked_about_at_once_and_then_sent() -> None:
    talk = Talk(MemoryOutbox(epoch=7)).online()
    talk.run(60)
    talk.heard()
    talk.outbox.kept[EVENT, 3] = {5: b"from before"}
    talk.feed(items.Found())
    talk.put()
    (hello,) = talk.heard()
    assert isinstance(hello, Hello)
    assert hello.oldest == {EVENT: (3, 5)}
    talk.welcome()
    assert talk.batches() == [("event", 3, [5]), ("event", 7, [1])]


def test_what_it_finds_while_an_answer_is_waited_for_is_sent_after_that_answer() -> None:
    talk = Talk(MemoryOutbox(epoch=7))
    talk.outbox.kept[EVENT, 3] = {5: b"from before"}
    talk.feed(items.Found())
    talk.connect()
    talk.outbox.kept[EVENT, 4] = {6: b"from before"}
    talk.feed(items.Found())
    talk.welcome()
    assert talk.batches() == [("event", 3, [5]), ("event", 4, [6])]
    talk.ack((EVENT, 3, 5), (EVENT, 4, 6))
    while not talk.hellos():
        talk.run(1)
    talk.outbox.kept[EVENT, 5] = {7: b"from before"}
    talk.feed(items.Found())
    talk.welcome()
    assert talk.batches() == [("event", 5, [7])]
    talk.ack((EVENT, 5, 7))
    talk.run(60)
    assert talk.hellos() == []


def test_without_anything_left_over_no_epoch_is_begun() -> None:
    talk = Talk()
    talk.outbox.put(EVENT, b"x")
    talk.online(*[])
    talk.lose()
    talk.connect()
    talk.welcome((EVENT, 1, 1))
    assert (talk.outbox.count, talk.outbox.epoch) == (0, 2)


def test_the_more_important_class_goes_first_in_the_backlog_too() -> None:
    talk = Talk()
    for message_class in (TELEMETRY, EVENT, RESULT, ALARM):
        talk.outbox.put(message_class, b"x")
    talk.online()
    assert [name for name, _, _ in talk.batches()] == ["alarm", "result", "event", "telemetry"]


def test_no_more_is_under_way_than_the_window_allows() -> None:
    talk = Talk().online(window=3)
    talk.heard()
    for _ in range(10):
        talk.put()
    assert sum(len(numbers) for *_, numbers in talk.batches()) == 3
    assert talk.session.under_way == 3
    talk.ack((EVENT, 1, 2), window=3)
    assert talk.batches() == [("event", 1, [4, 5])]
    talk.ack((EVENT, 1, 5), window=5)
    assert talk.batches() == [("event", 1, [6, 7, 8, 9, 10])]


def test_a_closed_window_is_asked_about_ever_later() -> None:
    talk = Talk().online(window=0)
    talk.heard()
    talk.put()
    hellos = 0
    for _ in range(300):
        talk.run(1)
        if talk.sent and isinstance(talk.sent[-1], Hello):
            hellos += 1
            talk.welcome(window=0)
            talk.heard()
    assert 5 <= hellos <= 10
    talk.ack(window=1)
    talk.run(70)
    assert not [it for it in talk.heard() if isinstance(it, Batch)] or talk.session.under_way == 1


def test_nothing_is_sent_while_the_connection_takes_no_more() -> None:
    talk = Talk().online()
    talk.heard()
    talk.ready_for = 2
    for _ in range(5):
        talk.put()
    assert talk.batches() == [("event", 1, [1]), ("event", 1, [2])]
    talk.run(3)
    assert talk.heard() == []
    talk.ready_for = None
    talk.feed(items.Writable())
    assert talk.batches() == [("event", 1, [3, 4, 5])]


def test_what_comes_faster_than_the_pace_goes_together() -> None:
    talk = Talk(pace=Pace(50.0, 2.0)).online()
    for _ in range(100):
        talk.put()
    talk.run(0.1)
    batches = talk.batches()
    assert [len(numbers) for *_, numbers in batches] == [1, 1, 98]


def test_a_frame_is_never_longer_than_the_connection_takes() -> None:
    talk = Talk()
    talk.connect(Limits(PAYLOAD_MIN, 16))
    talk.ready = False
    talk.welcome(window=4096)
    for size in (8192, 1, 8000, 200, 8192):
        talk.put(EVENT, b"x" * size)
    for _ in range(600):
        talk.put(TELEMETRY, b"x" * 3)
    talk.ready = True
    talk.feed(items.Writable())
    assert talk.session.under_way == 605
    assert max(talk.sizes) <= PAYLOAD_MIN


# Arriving.


def test_only_the_clouds_word_empties_the_outbox() -> None:
    talk = Talk().online()
    for _ in range(4):
        talk.put()
    assert talk.outbox.count == 4
    talk.ack((EVENT, 1, 3))
    assert talk.outbox.count == 1


def test_acks_out_of_order_and_twice_change_nothing() -> None:
    talk = Talk().online()
    for _ in range(4):
        talk.put()
    talk.heard()
    for seq in (3, 1, 3, 2):
        talk.ack((EVENT, 1, seq))
    assert (talk.outbox.count, talk.session.under_way) == (1, 1)
    assert talk.heard() == []


def test_a_hole_is_filled_once_however_often_it_is_told_of() -> None:
    talk = Talk().online()
    for _ in range(3):
        talk.put()
    talk.heard()
    for _ in range(5):
        talk.ack(missing=((EVENT, 1, 1),))
    assert talk.batches() == [("event", 1, [2, 3])]
    talk.run(1.1)
    talk.ack(missing=((EVENT, 1, 1),))
    assert talk.batches() == [("event", 1, [2, 3])]


def test_a_cloud_that_lost_what_it_had_acknowledged_gets_what_is_left() -> None:
    talk = Talk().online()
    for _ in range(4):
        talk.put()
    talk.ack((EVENT, 1, 2))
    talk.heard()
    talk.ack(missing=((EVENT, 1, 0),))
    (batch,) = talk.heard()
    assert isinstance(batch, Batch)
    assert [(it.seq, it.after) for it in batch.messages] == [(3, 0), (4, 3)]


def test_what_was_dropped_meanwhile_leaves_no_hole() -> None:
    talk = Talk().online()
    for _ in range(4):
        talk.put()
    talk.outbox.drop(EVENT, 1, 3)
    talk.heard()
    talk.ack(missing=((EVENT, 1, 0),))
    (batch,) = talk.heard()
    assert isinstance(batch, Batch)
    assert [(it.seq, it.after) for it in batch.messages] == [(4, 0)]


# Doubts.


def test_an_ack_that_does_not_come_is_asked_for_and_nothing_is_sent_until_the_answer() -> None:
    talk = Talk().online()
    talk.put()
    talk.heard()
    talk.run(4.9)
    assert talk.heard() == []
    talk.run(0.2)
    assert len(talk.hellos()) == 1
    talk.put(ALARM)
    assert talk.heard() == []
    assert talk.is_in(Phase.ONLINE)
    while not talk.is_in(Phase.AWAY):
        assert talk.now < 13
        talk.run(0.5)
    talk.welcome()
    assert talk.is_in(Phase.ONLINE)
    assert talk.batches() == [("alarm", 1, [2]), ("event", 1, [1])]


def test_a_stream_that_is_stuck_is_noticed_while_others_are_acknowledged() -> None:
    talk = Talk().online()
    talk.put(ALARM)
    hellos: list[Hello] = []
    for _ in range(7):
        talk.run(1)
        talk.put(EVENT)
        talk.ack((EVENT, 1, talk.outbox.seq))
        hellos += talk.hellos()
    assert len(hellos) == 2


def test_a_report_that_is_lost_is_noticed_while_messages_are_acknowledged() -> None:
    talk = Talk(devices={"lamp": {"name": "lamp"}}).online()
    talk.feed(items.DeviceTouched("lamp"))
    assert len(talk.reports()) == 1
    for _ in range(7):
        talk.run(1)
        talk.put(EVENT)
        talk.ack((EVENT, 1, talk.outbox.seq))
        if any(isinstance(it, Hello) for it in talk.sent):
            talk.welcome((EVENT, 1, talk.outbox.seq), reported=1 << 32)
            break
    assert len(talk.reports()) == 1


def test_a_cloud_that_knows_nothing_is_told_hello_on_the_same_connection() -> None:
    talk = Talk().online()
    talk.heard()
    talk.run(100)
    talk.ack(boot=0)
    assert len(talk.hellos()) == 1
    assert talk.effects(items.Close) == []


def test_a_cloud_that_welcomes_and_forgets_is_not_asked_ever_faster() -> None:
    talk = Talk().online()
    talk.heard()
    hellos = 0
    for _ in range(600):
        talk.ack(boot=0)
        talk.run(0.5)
        if any(isinstance(it, Hello) for it in talk.sent):
            hellos += 1
            talk.welcome()
            talk.heard()
    assert hellos < 12


def test_a_frame_that_the_broker_refuses_is_sent_again_later_and_later() -> None:
    talk = Talk().online()
    talk.heard()
    talk.put(TELEMETRY)
    times = []
    for _ in range(400):
        for message in talk.heard():
            if isinstance(message, Batch):
                times.append(talk.now)
                talk.feed(items.Undelivered(Up.TELEMETRY, "quota exceeded"))
            if isinstance(message, Hello):
                talk.welcome()
        talk.run(0.5)
    assert 4 <= len(times) <= 8
    talk.heard()
    talk.put(ALARM)
    talk.run(8)
    assert ("alarm", 1, [2]) in talk.batches()


# Commands and wishes.


def test_a_command_is_carried_out_and_its_result_is_a_message() -> None:
    talk = Talk().online()
    talk.heard()
    command = talk.command()
    talk.say(command)
    assert talk.effects(items.Carry) == [items.Carry(command)]
    talk.feed(items.Answered("one", b"done"))
    (batch,) = talk.heard()
    assert isinstance(batch, Batch)
    assert (batch.message_class, batch.messages[0].content) == (RESULT, b"done")


def test_the_same_command_again_is_answered_and_not_carried_out_again() -> None:
    talk = Talk().online()
    command = talk.command()
    talk.say(command)
    talk.effects(items.Carry)
    talk.heard()
    talk.say(command)
    assert talk.refusals() == ["replayed"]
    talk.feed(items.Answered("one", b"done"))
    talk.heard()
    talk.say(command)
    assert talk.effects(items.Carry) == []
    assert talk.batches() == [("result", 1, [2])]


def test_the_same_command_on_another_connection_is_the_same_command() -> None:
    talk = Talk().online()
    command = talk.command(expires=CLOUD + 1000)
    talk.say(command)
    talk.lose()
    talk.online()
    talk.effects(items.Carry)
    talk.say(command)
    assert talk.effects(items.Carry) == []


def test_wishes_are_taken_up_once_and_remembered() -> None:
    talk = Talk().online()
    talk.heard()
    wishes = Desired(HUB, 3, {"lamp": {"on": True}})
    talk.say(wishes)
    talk.say(wishes)
    assert talk.effects(items.Adopt) == [items.Adopt(3, {"lamp": {"on": True}})]
    talk.say(Desired(HUB, 2, {}))
    assert talk.refusals() == ["stale"]
    assert talk.outbox.notes == {}
    talk.feed(items.WishesEnded(3))
    assert talk.outbox.notes == {"desired": 3}
    talk.lose()
    talk.connect()
    assert talk.hellos()[-1].desired == 3


def test_a_bye_ends_the_connection_and_says_when_to_come_back() -> None:
    talk = Talk().online()
    talk.effects(items.Close)
    talk.say(Bye(HUB, 1, "a restart", 60.0))
    assert talk.effects(items.Close) == [items.Close()]
    talk.run(59)
    assert talk.effects(items.Connect) == []
    talk.run(3)
    assert talk.effects(items.Connect) == [items.Connect(None)]


def test_a_bye_that_a_broker_had_kept_ends_no_later_connection() -> None:
    talk = Talk().online()
    talk.lose()
    talk.connect()
    talk.effects(items.Close)
    talk.say(Bye(HUB, 1, "a restart", 60.0))
    assert talk.effects(items.Close) == []
    assert talk.refusals() == ["stale"]


# A copy.


def test_an_outbox_that_was_restored_from_a_copy_goes_on_beyond_the_numbers_of_its_other_life() -> None:
    talk = Talk(outbox=MemoryOutbox(epoch=5))
    for _ in range(3):
        talk.put()
    talk.connect()
    talk.welcome((EVENT, 5, 70), (ALARM, 9, 4))
    assert talk.outbox.epoch > 9
    assert talk.is_in(Phase.ONLINE)
    ((_, epoch, numbers),) = talk.batches()
    assert epoch > 9
    assert numbers == [1, 2, 3]
    assert talk.outbox.count == 3


def test_a_start_that_goes_on_in_an_epoch_of_an_earlier_one_is_no_copy() -> None:
    talk = Talk(outbox=MemoryOutbox(epoch=5, seq=1000))
    talk.put()
    talk.connect()
    talk.welcome((EVENT, 5, 70))
    assert talk.outbox.epoch == 6
    assert talk.batches() == [("event", 5, [1001])]


def test_numbers_that_no_hub_can_have_used_are_refused() -> None:
    talk = Talk()
    talk.put()
    talk.connect()
    talk.welcome((EVENT, 2**50, 1))
    assert not talk.is_in(Phase.ONLINE)
    assert talk.refusals() == ["malformed"]
    assert talk.outbox.count == 1
