"""Numbers, holes, duplicates and what may be forgotten."""

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.down import Arrived
from hubagent.uplink.message.up import STREAMS_MAX
from tests.helpers.uplink_memory_outbox import MemoryOutbox
from tests.hubagent.uplink.session.talk import Talk
from tests.simulators.cloud.a_cloud import HUB, ACloud, batch, hello

EVENT, ALARM = MessageClass.EVENT, MessageClass.ALARM


def test_streams_of_other_classes_and_epochs_are_counted_apart() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(batch([1, 2]))
    cloud.hear(batch([(3, 0)], message_class=ALARM))
    cloud.hear(batch([1], epoch=2))
    cloud.run()
    assert cloud.ack().arrived == (Arrived(ALARM, 1, 3), Arrived(EVENT, 1, 2), Arrived(EVENT, 2, 1))


def test_one_ack_tells_of_everything_that_came_within_two_milliseconds() -> None:
    cloud = ACloud()
    cloud.welcome()
    commits = cloud.consumer.commits
    for number in range(1, 9):
        cloud.hear(batch([number]))
        cloud.now += 0.0002
    cloud.run()
    assert cloud.ack().arrived == (Arrived(EVENT, 1, 8),)
    assert cloud.consumer.commits == commits + 1


def test_an_ack_comes_at_most_two_milliseconds_late_while_messages_keep_coming() -> None:
    cloud = ACloud()
    cloud.welcome()
    came: list[float] = []
    for number in range(1, 51):
        cloud.hear(batch([number]))
        cloud.run(0.0001)
        came += [cloud.now for _ in cloud.said()]
    assert len(came) >= 2
    assert came[0] <= 0.0043


def test_a_hole_that_closes_is_forgotten() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(batch([1]))
    cloud.hear(batch([3, 4]))
    cloud.hear(batch([2, 3, 4]))
    cloud.run()
    ack = cloud.ack()
    assert ack.arrived == (Arrived(EVENT, 1, 4),)
    assert cloud.stored() == [("event", 1, number) for number in (1, 2, 3, 4)]
    cloud.hear(batch([5]))
    cloud.run()
    assert cloud.ack().missing == ()


def test_a_welcome_says_what_had_arrived() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(batch([1, 2]))
    cloud.run()
    cloud.said()
    welcome = cloud.welcome(hello(epoch=2, oldest={EVENT: (1, 2)}))
    assert welcome.arrived == (Arrived(EVENT, 1, 2),)


def test_what_a_hub_has_no_more_is_forgotten_and_never_stored_again() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(batch([1]))
    cloud.hear(batch([1], epoch=2))
    cloud.run()
    cloud.said()
    cloud.welcome(hello(epoch=3))
    # A broker may still have both in its queue.
    cloud.hear(batch([1]))
    cloud.hear(batch([1], epoch=2))
    cloud.run()
    assert cloud.stored() == [("event", 1, 1), ("event", 2, 1)]


def test_the_last_stream_of_each_class_is_told_in_every_welcome() -> None:
    """Else a hub whose disk failed, and whose next start counts from below, would never hear that it has to go on."""
    cloud = ACloud()
    cloud.welcome()
    for epoch in (1, 5, 2_000_000):
        cloud.hear(batch([1], epoch=epoch))
    cloud.hear(batch([1], message_class=ALARM, epoch=5))
    cloud.run()
    cloud.said()
    last = (Arrived(ALARM, 5, 1), Arrived(EVENT, 2_000_000, 1))
    assert cloud.welcome(hello(epoch=2_000_001)).arrived == last
    assert cloud.welcome(hello(epoch=2_000_002)).arrived == last
    assert cloud.welcome(hello(epoch=6)).arrived == last


def test_what_a_hub_says_whose_start_counts_from_below_what_is_over_is_kept() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(batch([1], epoch=2_000))
    cloud.run()
    cloud.said()
    # It has leapt there since its disk took no count, and got no further than to say Hello once more.
    cloud.welcome(hello(epoch=2_001))
    talk = Talk(outbox=MemoryOutbox(epoch=6))
    talk.put()
    talk.connect()
    arrived = cloud.welcome(hello(epoch=6)).arrived
    talk.welcome(*((it.message_class, it.epoch, it.seq) for it in arrived))
    [(_, epoch, numbers)] = talk.batches()
    cloud.hear(batch(numbers, epoch=epoch))
    cloud.run()
    assert cloud.stored() == [("event", 2_000, 1), ("event", epoch, 1)]


def test_a_stream_that_still_has_messages_is_not_forgotten() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(batch([1]))
    cloud.hear(batch([1], message_class=ALARM))
    cloud.run()
    cloud.said()
    welcome = cloud.welcome(hello(epoch=2, oldest={ALARM: (1, 2)}))
    assert Arrived(ALARM, 1, 1) in welcome.arrived


def test_an_epoch_that_goes_on_after_a_reconnection_keeps_its_numbers() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(batch([1, 2]))
    cloud.run()
    cloud.said()
    assert cloud.welcome().arrived == (Arrived(EVENT, 1, 2),)
    cloud.hear(batch([2, 3]))
    cloud.run()
    assert cloud.stored() == [("event", 1, number) for number in (1, 2, 3)]


def test_another_outbox_begins_all_numbers_anew() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(batch([1, 2]))
    cloud.run()
    cloud.said()
    other = b"incarn-2"
    assert cloud.welcome(hello(incarnation=other)).arrived == ()
    cloud.hear(batch([1], incarnation=other))
    cloud.run()
    assert cloud.ack().arrived == (Arrived(EVENT, 1, 1),)
    assert len(cloud.stored()) == 3


def test_messages_of_an_outbox_that_is_no_more_are_dropped() -> None:
    cloud = ACloud()
    cloud.welcome(hello(incarnation=b"incarn-2"))
    cloud.hear(batch([1]))
    cloud.run()
    assert cloud.said() == []
    assert cloud.stored() == []
    assert cloud.consumer.hub(HUB).counts["before its hello"] == 1


def test_a_hub_that_speaks_of_an_unknown_outbox_long_after_its_hello_is_asked_to_say_it_again() -> None:
    cloud = ACloud()
    cloud.welcome(hello(incarnation=b"incarn-2"))
    cloud.now += 31
    cloud.hear(batch([1]))
    assert (cloud.ack().boot, cloud.consumer.hub(HUB).incarnation) == (0, b"incarn-2")


def test_a_hub_that_goes_back_to_an_earlier_start_is_told_how_far_its_numbers_were_used() -> None:
    cloud = ACloud()
    cloud.welcome(hello(boot=8, epoch=8))
    cloud.hear(batch([1, 2], epoch=8))
    cloud.run()
    cloud.said()
    assert cloud.welcome(hello(boot=7, epoch=7)).arrived == (Arrived(EVENT, 8, 2),)
    cloud.hear(batch([1, 2], epoch=7))
    cloud.hear(batch([2, 3], epoch=8))
    cloud.run()
    assert cloud.ack().arrived == (Arrived(EVENT, 7, 2), Arrived(EVENT, 8, 3))
    assert cloud.shown("complaint")[-1]["reason"] == "went-back"


def test_a_hub_whose_epochs_had_leapt_ahead_counts_on_from_below() -> None:
    cloud = ACloud()
    cloud.welcome(hello(boot=3, epoch=5))
    cloud.hear(batch([1], epoch=5))
    cloud.welcome(hello(boot=900, epoch=5000))
    cloud.welcome(hello(boot=4, epoch=6))
    cloud.hear(batch([1], epoch=6))
    cloud.run()
    assert cloud.ack().arrived == (Arrived(EVENT, 6, 1),)
    assert cloud.stored() == [("event", 5, 1), ("event", 6, 1)]


def test_what_comes_again_of_a_stream_that_was_forgotten_is_acknowledged_and_not_stored() -> None:
    cloud = ACloud()
    cloud.welcome(hello(epoch=1))
    cloud.hear(batch([1, 2], epoch=1))
    cloud.welcome(hello(epoch=2))
    cloud.hear(batch([1, 2], epoch=1))
    cloud.run()
    assert cloud.ack().arrived == (Arrived(EVENT, 1, 2),)
    assert len(cloud.stored()) == 2


def test_no_hub_has_more_streams_than_a_welcome_can_tell_of() -> None:
    cloud = ACloud()
    cloud.welcome(hello(oldest={EVENT: (1, 1)}))
    for epoch in range(1, STREAMS_MAX + 10):
        cloud.hear(batch([1], epoch=epoch))
        cloud.run()
    assert len(cloud.consumer.hub(HUB).highs) == STREAMS_MAX
    assert cloud.shown("complaint")[-1]["reason"] == "too-many-streams"


def test_more_than_the_window_is_not_taken_in_one_commit() -> None:
    cloud = ACloud()
    cloud.welcome()
    window = cloud.consumer.bounds.window
    for first in range(1, 3 * window, 512):
        cloud.hear(batch(range(first, first + 512)))
    cloud.run()
    assert len(cloud.stored()) == window
    assert cloud.ack().arrived == (Arrived(EVENT, 1, window),)
