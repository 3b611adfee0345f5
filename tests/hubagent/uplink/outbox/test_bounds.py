"""What there is no room for: the oldest of its class goes, and is counted; nothing else goes."""

import asyncio
import random
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.outbox.drops import REPORT_INTERVAL_S
from hubagent.uplink.outbox.outbox import Outbox, open_outbox
from hubagent.uplink.outbox.terms import Bounds
from simulators.virtual_time import run_virtual
from tests.hubagent.uplink.outbox.an_outbox import (
    ALARM,
    EVENT,
    RESULT,
    TELEMETRY,
    a_runtime,
    an_outbox,
    bounds_of,
    contents,
    read_all,
    with_databases,
)
from tests.hubagent.uplink.outbox.watched import Disk

SIZE = 4000


def test_the_defaults_are_what_the_documents_say() -> None:
    mib, day_s = 1024 * 1024, 24 * 3600
    assert [(name, bound.size / mib, bound.age_s / day_s) for name, bound in Bounds().classes.items()] == [
        (ALARM, 4, 365),
        (RESULT, 8, 7),
        (EVENT, 64, 30),
        (TELEMETRY, 128, 7),
    ]
    assert Bounds().memory_max == 8 * mib


@pytest.mark.parametrize("flush_every", [1, 7, 10**6])
async def test_a_class_keeps_its_newest_messages_and_little_less_than_its_bound(
    tmp_path: Path, flush_every: int
) -> None:
    """Fault 7: growth while the cloud is away."""
    outbox = an_outbox(tmp_path, bounds_of(SIZE))
    outbox.put(ALARM, b"an alarm")
    for number in range(300):
        outbox.put(EVENT, b"%-100d" % number)
        if number % flush_every == 0:
            outbox.flush()
        assert outbox.counts()[EVENT][1] <= SIZE
    kept = [int(it) for it in contents(outbox, EVENT)]
    assert kept == list(range(300 - len(kept), 300))
    # By pieces: a sixteenth of the bound, and one message more.
    assert len(kept) * 100 > SIZE - SIZE / 16 - 200
    assert contents(outbox, ALARM) == [b"an alarm"]
    outbox.close()


async def test_what_was_dropped_leaves_no_hole(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path, bounds_of(SIZE))
    for _ in range(100):
        outbox.put(EVENT, bytes(100))
    outbox.flush()
    (messages,) = read_all(outbox).values()
    assert messages[0].seq > 1
    assert messages[0].after == 0
    assert all(second.after == first.seq for first, second in pairwise(messages))
    # As whoever had already read some of those that are gone.
    assert outbox.read(EVENT, outbox.epoch, messages[0].seq - 1, 1, 1000) == messages[:1]
    outbox.close()


async def test_the_oldest_epoch_goes_first(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path, bounds_of(SIZE))
    for number in range(10):
        for _ in range(3):
            outbox.put(EVENT, b"%-200d" % number)
        outbox.new_epoch()
    kept = [int(it) for it in contents(outbox, EVENT)]
    assert kept == sorted(kept)
    assert kept[-3:] == [9, 9, 9]
    assert len(kept) in range(17, 21)
    outbox.close()


async def test_a_smaller_bound_holds_from_the_start_on(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    for number in range(100):
        outbox.put(EVENT, b"%-100d" % number)
    outbox.close()
    outbox = an_outbox(tmp_path, bounds_of(SIZE))
    assert outbox.counts()[EVENT][1] <= SIZE
    outbox.close()


async def test_a_message_larger_than_its_bound_is_dropped_itself(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path, bounds_of(100))
    outbox.put(EVENT, bytes(101))
    assert outbox.streams() == []
    assert [it.count for it in outbox.take_dropped()] == [1]
    outbox.close()


async def test_losses_are_told_once_a_minute_together_and_after_a_restart_too(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path, bounds_of(SIZE))
    count = 0
    reported = 0
    for _ in range(20):
        for _ in range(50):
            outbox.put(EVENT, bytes(100))
            outbox.put(TELEMETRY, bytes(100))
            count += 1
            found = outbox.take_dropped()
            assert [it.message_class for it in found] in ([], [EVENT, TELEMETRY])
            reported += sum(it.count for it in found)
        await asyncio.sleep(REPORT_INTERVAL_S / 4)
    outbox.close()
    outbox = an_outbox(tmp_path, bounds_of(SIZE), seed="next")
    found = outbox.take_dropped()
    assert all(it.since_at <= it.until_at for it in found)
    reported += sum(it.count for it in found)
    held = sum(held for held, _size in outbox.counts().values())
    assert reported + held == 2 * count
    assert outbox.take_dropped() == []
    outbox.close()
    assert an_outbox(tmp_path, seed="third").take_dropped() == []


async def test_the_report_and_that_nothing_is_left_to_report_are_one_commit(tmp_path: Path) -> None:
    disk = Disk()
    outbox = open_outbox(tmp_path, with_databases(a_runtime(tmp_path), disk.open_database), bounds_of(SIZE))
    for _ in range(100):
        outbox.put(EVENT, bytes(100))
    await asyncio.sleep(5)
    disk.statements.clear()
    (dropped,) = outbox.take_dropped()
    outbox.put(ALARM, b"%d events were dropped" % dropped.count)
    await asyncio.sleep(5)
    assert disk.commits == 1
    assert disk.count("INSERT INTO alarm") == 1
    assert disk.count("INSERT OR REPLACE INTO numbers VALUES ('dropped.event.count', 0") == 1
    outbox.close()


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_whatever_happens_what_is_left_is_the_newest_and_every_loss_is_counted(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run_virtual(lambda: _live(Path(folder), random.Random(seed)), seed=seed)


async def _live(folder: Path, rng: random.Random) -> None:
    """Puts, acknowledgements, a disk that comes and goes, and restarts; against lists."""
    disk = Disk()
    bounds = bounds_of(SIZE, memory_max=rng.choice([3000, 20_000]))
    outbox = _opened(folder, disk, bounds)
    put: dict[MessageClass, list[tuple[int, int]]] = {it: [] for it in MessageClass}
    acknowledged: dict[MessageClass, set[tuple[int, int]]] = {it: set() for it in MessageClass}
    dropped = dict.fromkeys(MessageClass, 0)
    ever_full = False
    for _ in range(rng.randint(1, 200)):
        match rng.choices(["put", "wait", "acknowledge", "epoch", "full", "restart"], [60, 10, 15, 2, 4, 1])[0]:
            case "put":
                name = rng.choice([ALARM, RESULT, EVENT, TELEMETRY])
                put[name].append((outbox.epoch, outbox.put(name, bytes(rng.choice([10, 200, 700])))))
            case "wait":
                await asyncio.sleep(rng.choice([0.01, 0.04, 1.1, 6, 61]))
            case "acknowledge" if outbox.streams():
                stream = rng.choice(outbox.streams())
                upto = rng.randint(stream.first, stream.last)
                gone = [
                    it.seq for it in outbox.read(stream.message_class, stream.epoch, 0, 10**6, 10**9) if it.seq <= upto
                ]
                acknowledged[stream.message_class] |= {(stream.epoch, seq) for seq in gone}
                outbox.acknowledge(stream.message_class, stream.epoch, upto)
            case "epoch":
                outbox.new_epoch()
            case "full":
                disk.fails = rng.choice(["", "SQLITE_FULL", "SQLITE_IOERR_WRITE"])
                ever_full = ever_full or bool(disk.fails)
            case "restart":
                disk.fails = ""
                outbox.close()
                outbox = _opened(folder, disk, bounds)
        for it in outbox.take_dropped():
            dropped[it.message_class] += it.count
        _check(outbox, put, acknowledged, ever_full=ever_full)
    disk.fails = ""
    await asyncio.sleep(70)
    for it in outbox.take_dropped():
        dropped[it.message_class] += it.count
    for name, (count, _size) in outbox.counts().items():
        assert count + dropped[name] + len(acknowledged[name]) == len(put[name])
    outbox.close()


def _opened(folder: Path, disk: Disk, bounds: Bounds) -> Outbox:
    return open_outbox(folder, with_databases(a_runtime(folder), disk.open_database), bounds)


def _check(
    outbox: Outbox,
    put: dict[MessageClass, list[tuple[int, int]]],
    acknowledged: dict[MessageClass, set[tuple[int, int]]],
    *,
    ever_full: bool,
) -> None:
    held: dict[MessageClass, list[tuple[int, int]]] = {it: [] for it in MessageClass}
    for (name, epoch), messages in read_all(outbox).items():
        assert messages[0].after == 0
        assert all(second.after == first.seq for first, second in pairwise(messages))
        held[name] += [(epoch, it.seq) for it in messages]
    for name, (count, size) in outbox.counts().items():
        assert size <= SIZE
        assert count == len(held[name])
        assert held[name] == sorted(held[name])
        assert set(held[name]) <= set(put[name]) - acknowledged[name]
        if held[name] and not ever_full:
            assert held[name] == [it for it in put[name] if it >= held[name][0] and it not in acknowledged[name]]
