"""One node from minute to minute."""

import asyncio

from drivers.zigbee.node import (
    ECHO_S,
    FAILURES_BEFORE_SILENT,
    OVERTAKEN_MAX,
    OVERTAKEN_S,
    RECENT_MAX,
    REPEAT_S,
    VALUES_MAX,
    ZDO,
    Node,
)
from drivers.zigbee.node_record import EndPoint, NodeRecord, Stage
from hubagent.model.device import Presence


async def a_node(**record: object) -> Node:
    return Node(NodeRecord(0x1122, 5, Stage.COMPLETE, **record))  # type: ignore[arg-type]


async def test_the_same_message_with_the_same_counter_is_a_repeat_for_a_while() -> None:
    node = await a_node()
    assert not node.is_repeat(1, b"abc", 7, 0.0)
    assert node.is_repeat(1, b"abc", 7, 1.6)
    assert node.is_repeat(1, b"abc", 7, 4.8)
    assert not node.is_repeat(1, b"abc", 7, REPEAT_S + 0.1)


async def test_the_same_message_with_another_counter_is_an_echo_for_a_moment() -> None:
    node = await a_node()
    assert not node.is_repeat(1, b"abc", 7, 0.0)
    assert node.is_repeat(1, b"abc", 8, 0.1)
    assert not node.is_repeat(1, b"abc", 9, ECHO_S + 0.1)


async def test_a_device_that_always_says_the_same_is_heard_now_and_then() -> None:
    """One whose sequence never changes: its repeats do not keep it quiet for ever."""
    node = await a_node()
    heard = sum(not node.is_repeat(1, b"abc", number, number * 0.4) for number in range(100))
    assert heard >= 30


async def test_other_messages_places_and_sequences_are_news() -> None:
    node = await a_node()
    assert not node.is_repeat(1, b"\x01\x05\x02", 7, 0.0)
    assert not node.is_repeat(1, b"\x01\x06\x02", 8, 0.1)
    assert not node.is_repeat(2, b"\x01\x05\x02", 7, 0.1)


async def test_what_is_remembered_of_messages_has_a_bound() -> None:
    node = await a_node()
    for number in range(1000):
        node.is_repeat(1, number.to_bytes(2), 0, 0.0)
    assert len(node._recent) == RECENT_MAX


async def test_what_comes_late_does_not_take_the_place_of_what_was_said_after_it() -> None:
    node = await a_node()
    assert node.only_news(1, {8: 100}, 1, 0.0) == {8: 100}
    assert node.only_news(1, {8: 96, 9: 3}, 255, 0.5) == {9: 3}
    assert node.only_news(2, {8: 96}, 255, 0.5) == {8: 96}
    assert node.only_news(1, {8: 90}, 2, 1.0) == {8: 90}


async def test_a_counter_that_began_anew_is_news() -> None:
    node = await a_node()
    for number, (counter, later_s) in enumerate(((100, 0.0), (100 - OVERTAKEN_MAX - 1, 1.0), (80, 1.0 + OVERTAKEN_S))):
        assert node.only_news(1, {8: number}, counter, 10.0 + later_s) == {8: number}


async def test_a_counter_that_may_have_begun_anew_is_news_however_near_it_is() -> None:
    node = await a_node()
    assert node.only_news(1, {8: 0}, 12, 0.0) == {8: 0}
    node.counts_anew()
    assert node.only_news(1, {8: 1}, 2, 4.0) == {8: 1}


async def test_what_is_remembered_of_attributes_has_a_bound() -> None:
    node = await a_node()
    for attribute in range(1000):
        node.only_news(1, {attribute: 0}, 0, 0.0)
    assert len(node._said) == VALUES_MAX


async def test_a_number_that_is_waited_for_is_not_used_again() -> None:
    node = await a_node()
    first = node.next_sequence()
    node.wait_for(first, 6)
    numbers = {node.next_sequence() for _ in range(255)}
    assert first not in numbers
    assert len(numbers) == 255
    zdo = node.next_zdo_sequence()
    node.wait_for(zdo | ZDO, 0x8002)
    assert zdo not in {node.next_zdo_sequence() for _ in range(127)}
    assert all(number < 128 for number in (node.next_zdo_sequence() for _ in range(300)))


async def test_an_answer_goes_to_its_own_question_only() -> None:
    node = await a_node()
    answer = node.wait_for(5, 0x0006)
    node.take(5, 0x0500, "of another cluster")
    node.take(5, 0x0006, "the cluster's own command", specific=True)
    node.take(6, 0x0006, "of another number")
    node.take(5 | ZDO, 0x0006, "of the ZDO")
    assert not answer.done()
    node.take(5, 0x0006, "mine")
    node.take(5, 0x0006, "too late")
    assert await answer == "mine"
    node.stop_waiting(5)
    node.take(5, 0x0006, "nobody waits")
    assert not node.waiting


async def test_who_stops_waiting_gets_no_answer() -> None:
    node = await a_node()
    answer = node.wait_for(5, 6)
    node.stop_waiting(5)
    assert answer.cancelled()


async def test_a_node_that_should_hear_is_silent_after_so_many_failures_and_alive_after_one_success() -> None:
    node = await a_node(rx_on_when_idle=True)
    presences = []
    for _ in range(FAILURES_BEFORE_SILENT):
        presences.append(node.presence)
        node.delivered(arrived=False)
    presences.append(node.presence)
    node.delivered(arrived=True)
    presences.append(node.presence)
    assert presences == [*[Presence.READY] * FAILURES_BEFORE_SILENT, Presence.DEAD, Presence.READY]


async def test_a_node_that_sleeps_is_asleep_after_a_failure_and_never_dead_of_it() -> None:
    node = await a_node()
    node.delivered(arrived=True)
    presences = {node.presence}
    for _ in range(20):
        node.delivered(arrived=False)
        presences.add(node.presence)
    assert presences == {Presence.READY, Presence.ASLEEP}


async def test_nobody_is_idle_while_occupied() -> None:
    node = await a_node()
    with node.occupied():
        with node.occupied():
            assert not node.idle.is_set()
        assert not node.idle.is_set()
    async with asyncio.timeout(1):
        await node.idle.wait()


def test_a_record_is_read_as_it_was_written() -> None:
    end_point = EndPoint(
        3,
        0x0104,
        0x0100,
        (0, 6),
        (0x19,),
        {0: {4: "maker", 5: b"\xff\x00", 7: None}, 0x0300: {1: 1.5, 2: True, 3: (1, b"\x02", (3,))}},
    )
    record = NodeRecord(0x00158D0001020304, 0x1234, Stage.CLASSES, unreported=frozenset({(3, 6), (1, 8)}), name="x")
    record.endpoints[3] = end_point
    assert NodeRecord.from_record(record.to_record()) == record
