"""The outbox: what is in it, in which order, and what is left after a restart."""

import random
from pathlib import Path

import pytest

from hubagent.uplink.message.up import CONTENT_MAX, Message
from hubagent.uplink.outbox.numbering import EPOCHS_MAX
from hubagent.uplink.outbox.pieces import PIECE_COUNT
from hubagent.uplink.outbox.terms import Condition, Stream
from tests.hubagent.uplink.outbox.an_outbox import ALARM, EVENT, RESULT, TELEMETRY, an_outbox, contents, read_all


async def test_numbers_count_over_all_classes_and_each_message_says_which_came_before_it(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    assert [outbox.put(EVENT, b"one"), outbox.put(ALARM, b"two"), outbox.put(EVENT, b"three")] == [1, 2, 3]
    assert outbox.read(EVENT, outbox.epoch, 0, 10, 1000) == [
        Message(outbox.epoch, 1, 0, b"one"),
        Message(outbox.epoch, 3, 1, b"three"),
    ]
    outbox.close()


async def test_it_reads_the_same_from_memory_and_from_disk_and_across_both(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    for number in range(30):
        outbox.put(EVENT if number % 3 else ALARM, b"%d" % number)
    in_memory = read_all(outbox, random.Random(1))
    outbox.flush()
    assert read_all(outbox, random.Random(2)) == in_memory
    for number in range(30, 40):
        outbox.put(EVENT, b"%d" % number)
    events = read_all(outbox, random.Random(3))[EVENT, outbox.epoch]
    assert [it.content for it in events] == [b"%d" % it for it in range(40) if it % 3 or it >= 30]
    assert [it.after for it in events] == [0, *(it.seq for it in events[:-1])]
    outbox.close()


async def test_a_page_has_one_message_at_least_and_never_more_than_fit(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    for _ in range(2):
        for size in (100, 100, 100):
            outbox.put(EVENT, bytes(size))
        assert [len(outbox.read(EVENT, outbox.epoch, 0, 10, size)) for size in (1, 100, 199, 200, 299, 300)] == [
            1, 1, 1, 2, 2, 3,
        ]  # fmt: skip
        assert len(outbox.read(EVENT, outbox.epoch, 0, 2, 1000)) == 2
        assert outbox.read(EVENT, outbox.epoch, 0, 0, 1000) == []
        outbox.flush()
        outbox.acknowledge(EVENT, outbox.epoch, 3)
    outbox.close()


async def test_what_lies_before_is_what_is_still_there_so_that_nothing_gone_leaves_a_hole(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    for number in range(6):
        outbox.put(EVENT, b"%d" % number)
    for flushed in (False, True):
        if flushed:
            outbox.flush()
        outbox.acknowledge(EVENT, outbox.epoch, 2)
        # Asked for what follows a message that is gone, or never was.
        assert [(it.seq, it.after) for it in outbox.read(EVENT, outbox.epoch, 1, 2, 1000)] == [(3, 0), (4, 3)]
        assert [(it.seq, it.after) for it in outbox.read(EVENT, outbox.epoch, 4, 2, 1000)] == [(5, 4), (6, 5)]
        assert outbox.read(EVENT, outbox.epoch, 6, 2, 1000) == []
        assert outbox.read(EVENT, outbox.epoch, 2**60, 2, 1000) == []
    outbox.close()


async def test_an_acknowledgement_is_cumulative_and_for_its_stream_only(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    epoch = outbox.epoch
    for name in (EVENT, ALARM, EVENT, ALARM, EVENT):
        outbox.put(name, b"x")
    outbox.acknowledge(EVENT, epoch, 4)
    assert [(it.message_class, it.first, it.last, it.count) for it in outbox.streams()] == [
        (ALARM, 2, 4, 2),
        (EVENT, 5, 5, 1),
    ]
    outbox.acknowledge(EVENT, epoch, 1)
    outbox.acknowledge(TELEMETRY, epoch, 5)
    outbox.acknowledge(EVENT, epoch + 1, 5)
    assert outbox.counts() == {ALARM: (2, 2), RESULT: (0, 0), EVENT: (1, 1), TELEMETRY: (0, 0)}
    outbox.close()


async def test_nobody_can_acknowledge_what_was_not_put_yet(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    outbox.put(EVENT, b"one")
    outbox.acknowledge(EVENT, outbox.epoch, 2**60)
    outbox.acknowledge(ALARM, outbox.epoch, 2**60)
    outbox.put(EVENT, b"two")
    outbox.put(ALARM, b"three")
    outbox.flush()
    assert contents(outbox, EVENT) == [b"two"]
    assert contents(outbox, ALARM) == [b"three"]
    outbox.close()


async def test_a_restart_keeps_what_was_not_acknowledged_and_counts_epoch_and_boot_up(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    epoch, boot, incarnation = outbox.epoch, outbox.boot, outbox.incarnation
    for content in (b"one", b"two", b"three"):
        outbox.put(EVENT, content)
    outbox.acknowledge(EVENT, epoch, 2)
    outbox.close()
    outbox = an_outbox(tmp_path, seed="another start")
    assert contents(outbox, EVENT) == [b"three"]
    assert (outbox.epoch, outbox.boot, outbox.incarnation) == (epoch + 1, boot + 1, incarnation)
    assert outbox.put(EVENT, b"four") == 1
    assert outbox.streams() == [Stream(EVENT, epoch, 3, 3, 1, 5), Stream(EVENT, epoch + 1, 1, 1, 1, 4)]
    outbox.close()


async def test_a_new_epoch_is_a_stream_of_its_own_and_is_on_disk_at_once(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    first = outbox.epoch
    outbox.put(EVENT, b"one")
    assert outbox.new_epoch() == outbox.epoch == first + 1
    outbox.put(EVENT, b"two")
    assert [it.content for it in outbox.read(EVENT, first, 0, 10, 1000)] == [b"one"]
    assert outbox.read(EVENT, first + 1, 0, 10, 1000) == [Message(first + 1, 1, 0, b"two")]
    outbox.close()
    outbox = an_outbox(tmp_path)
    assert outbox.epoch == first + 2
    outbox.close()


async def test_an_epoch_in_which_nothing_was_put_is_as_good_as_a_new_one(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    assert outbox.new_epoch() == outbox.new_epoch() == outbox.epoch
    outbox.put(EVENT, b"one")
    assert outbox.new_epoch() == outbox.new_epoch()
    outbox.close()


async def test_no_more_epochs_are_begun_than_a_cloud_need_remember(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    for _ in range(EPOCHS_MAX + 5):
        outbox.put(EVENT, b"x")
        outbox.new_epoch()
    assert len({it.epoch for it in outbox.streams()}) == EPOCHS_MAX
    assert len(contents(outbox, EVENT)) == EPOCHS_MAX + 5
    outbox.acknowledge(EVENT, outbox.streams()[0].epoch, 1)
    outbox.new_epoch()
    outbox.put(EVENT, b"x")
    assert len({it.epoch for it in outbox.streams()}) == EPOCHS_MAX
    outbox.close()


async def test_forty_starts_without_a_cloud_make_no_more_epochs_and_repeat_no_number(tmp_path: Path) -> None:
    seen: set[tuple[int, int]] = set()
    for _ in range(EPOCHS_MAX + 8):
        outbox = an_outbox(tmp_path)
        for _ in range(3):
            number = outbox.epoch, outbox.put(EVENT, b"%d" % len(seen))
            assert number not in seen
            seen.add(number)
        outbox.flush()
        # These the next start knows nothing of, and must not use again.
        lost = outbox.epoch, outbox.put(ALARM, b"acknowledged at once")
        assert lost not in seen
        seen.add(lost)
        outbox.acknowledge(ALARM, *lost)
        outbox.close()
    outbox = an_outbox(tmp_path)
    found = read_all(outbox)
    assert len(found) == EPOCHS_MAX
    assert len(contents(outbox, EVENT)) == 3 * (EPOCHS_MAX + 8)
    for messages in found.values():
        assert [it.after for it in messages] == [0, *(it.seq for it in messages[:-1])]
    outbox.close()


async def test_notes_are_known_at_once_and_after_a_restart(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    assert outbox.noted("desired") == 0
    outbox.note("desired", 2**53)
    outbox.note("other", -1)
    assert outbox.noted("desired") == 2**53
    outbox.close()
    outbox = an_outbox(tmp_path)
    assert (outbox.noted("desired"), outbox.noted("other"), outbox.noted("boot")) == (2**53, -1, 0)
    outbox.close()


async def test_counts_hold_through_many_pieces_and_a_restart(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    epoch = outbox.epoch
    count = 3 * PIECE_COUNT + 100
    for number in range(count):
        outbox.put(TELEMETRY, b"%d" % number)
        if number % 100 == 0:
            outbox.flush()
    outbox.acknowledge(TELEMETRY, epoch, PIECE_COUNT + 50)
    left = [b"%d" % number for number in range(PIECE_COUNT + 50, count)]
    for _ in range(3):
        assert contents(outbox, TELEMETRY) == left
        size = sum(map(len, left))
        assert outbox.counts()[TELEMETRY] == (len(left), size)
        assert outbox.streams() == [Stream(TELEMETRY, epoch, PIECE_COUNT + 51, count, len(left), size)]
        outbox.close()
        outbox = an_outbox(tmp_path)
    outbox.close()


async def test_an_empty_or_endless_content_is_our_own_mistake(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    for content in (b"", bytes(CONTENT_MAX + 1)):
        with pytest.raises(AssertionError):
            outbox.put(EVENT, content)
    assert outbox.put(EVENT, bytes(CONTENT_MAX)) == 1
    outbox.close()


async def test_closed_twice_it_stays_closed(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    outbox.close()
    before = (tmp_path / "outbox.db").stat().st_mtime_ns
    outbox.close()
    assert (tmp_path / "outbox.db").stat().st_mtime_ns == before
    assert outbox.condition is Condition.DURABLE


async def test_a_simulation_without_a_folder_has_an_outbox_in_memory(tmp_path: Path) -> None:
    from hubagent.uplink.outbox.outbox import open_outbox
    from simulators.runtime import simulated_runtime

    outbox = open_outbox(tmp_path, simulated_runtime("x", {}))
    outbox.put(EVENT, b"one")
    outbox.flush()
    assert contents(outbox, EVENT) == [b"one"]
    assert outbox.condition is Condition.DURABLE
    outbox.close()
