"""What hubs told of, in order and within bounds."""

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.up import Batch, Message
from simulators.cloud.bounds import DAY_S, Bounds
from simulators.cloud.consumer import HOUSEKEEPING_S
from simulators.cloud.history import TRIM_EVERY
from tests.simulators.cloud.a_cloud import HUB, INCARNATION, OTHER, WALL, ACloud, batch, hello, result


def test_messages_are_shown_with_what_they_say() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(batch([1]))
    (entry,) = cloud.consumer.history.since(HUB, 0, 10)
    assert entry == {
        "n": 1,
        "class": "event",
        "epoch": 1,
        "seq": 1,
        "at": WALL,
        "kind": "mode",
        "body": {"n": 1},
        "received": cloud.wall(),
    }


def test_the_history_is_read_in_pages() -> None:
    cloud = ACloud()
    for hub in (HUB, OTHER):
        cloud.welcome(hello(hub=hub))
    for number in range(1, 11):
        cloud.hear(batch([number]))
        cloud.hear(batch([number], hub=OTHER))
    first = cloud.consumer.history.since(HUB, 0, 4)
    second = cloud.consumer.history.since(HUB, first[-1]["n"], 4)
    assert [it["seq"] for it in first + second] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [it["seq"] for it in cloud.consumer.history.latest(HUB, 3)] == [8, 9, 10]


def test_a_content_that_cannot_be_read_is_acknowledged_and_shown_as_such() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(Batch(HUB, INCARNATION, MessageClass.EVENT, (Message(1, 1, 0, b"\xff\xff"), Message(1, 2, 1, b"\x01"))))
    cloud.run()
    assert cloud.ack().arrived[0].seq == 2
    assert [it["kind"] for it in cloud.consumer.history.since(HUB, 0, 10)] == ["unreadable", "unreadable"]


def test_a_result_that_makes_no_sense_harms_nobody() -> None:
    cloud = ACloud()
    cloud.welcome()
    wish = cloud.consumer.command(HUB, "zwave-2", {"on": True}, now=cloud.now)
    cloud.hear(result(1, "no-such-command"))
    cloud.hear(result(2, wish.id, "x" * 1000))
    cloud.run()
    found = cloud.consumer.commands.find(wish.id)
    assert found is not None
    assert found.outcome == "x" * 32
    assert cloud.consumer.hub(HUB).counts["results of no command"] == 1


def test_a_hub_keeps_a_bounded_number_of_messages() -> None:
    cloud = ACloud(bounds=Bounds(history_max=100))
    cloud.welcome()
    for number in range(1, 3001):
        cloud.hear(batch([number]))
        cloud.run()
    kept = [seq for _, _, seq in cloud.stored()]
    assert len(kept) < 100 + TRIM_EVERY + 1
    assert kept[-1] == 3000


def test_what_is_too_old_goes_by_itself() -> None:
    cloud = ACloud(bounds=Bounds(history_age_s=DAY_S))
    cloud.welcome()
    cloud.hear(batch([1]))
    cloud.run(DAY_S - 1)
    cloud.hear(batch([2]))
    assert len(cloud.stored()) == 2
    cloud.run(2 * HOUSEKEEPING_S)
    assert [seq for _, _, seq in cloud.stored()] == [2]
