"""How old messages are: clocks start in 1970, jump and lie, and nothing is dropped too early for it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from hubagent.uplink.outbox.ages import STEP_S, Ages
from hubagent.uplink.outbox.outbox import AGE_INTERVAL_S, Outbox, open_outbox
from tests.hubagent.uplink.outbox.an_outbox import ALARM, EVENT, TELEMETRY, a_runtime, bounds_of, contents

DAY_S = 24 * 3600.0
NOW = 1_800_000_000.0
"""In 2027."""


class Clock:
    """Of the hub: it may be wrong, and believes what it is told."""

    def __init__(self, unix: float, *, sure: bool = True) -> None:
        self._ahead = unix - asyncio.get_running_loop().time()
        self.sure = sure

    def __call__(self) -> tuple[float, bool]:
        return self._ahead + asyncio.get_running_loop().time(), self.sure

    def step_to(self, unix: float, *, sure: bool = True) -> None:
        self._ahead = unix - asyncio.get_running_loop().time()
        self.sure = sure


def kept_a_day(folder: Path, clock: Callable[[], tuple[float, bool]]) -> Outbox:
    return open_outbox(folder, a_runtime(folder), bounds_of(10**6, DAY_S), clock)


async def test_what_is_older_than_its_class_is_kept_is_dropped_and_reported(tmp_path: Path) -> None:
    outbox = kept_a_day(tmp_path, Clock(NOW))
    for hour in range(30):
        outbox.put(TELEMETRY, b"%d" % hour)
        await asyncio.sleep(3600)
    kept = [int(it) for it in contents(outbox, TELEMETRY)]
    assert kept == list(range(kept[0], 30))
    assert kept[0] in {5, 6}
    (dropped,) = outbox.take_dropped()
    assert (dropped.message_class, dropped.count, dropped.since_at) == (TELEMETRY, kept[0], NOW)
    await asyncio.sleep(2 * DAY_S)
    assert contents(outbox, TELEMETRY) == []
    (dropped,) = outbox.take_dropped()
    assert dropped.count == 30 - kept[0]
    assert NOW + 29 * 3600 - 2 <= dropped.until_at <= NOW + 29 * 3600
    outbox.close()


async def test_a_clock_that_jumps_from_1970_to_today_makes_nothing_old(tmp_path: Path) -> None:
    clock = Clock(12.0, sure=False)
    outbox = kept_a_day(tmp_path, clock)
    outbox.put(EVENT, b"at the start")
    await asyncio.sleep(3600)
    clock.step_to(NOW)
    outbox.put(EVENT, b"after the jump")
    await asyncio.sleep(2 * AGE_INTERVAL_S)
    assert contents(outbox, EVENT) == [b"at the start", b"after the jump"]
    outbox.close()
    # And its time is known to the next start: an hour before the jump.
    for hours, left in ((21, [b"at the start", b"after the jump"]), (23.5, [b"after the jump"]), (25, [])):
        outbox = kept_a_day(tmp_path, Clock(NOW + hours * 3600))
        assert contents(outbox, EVENT) == left
        outbox.close()


async def test_what_was_put_without_knowing_the_time_is_not_dropped_because_of_the_clock(tmp_path: Path) -> None:
    outbox = kept_a_day(tmp_path, Clock(12.0, sure=False))
    outbox.put(EVENT, b"in 1970")
    outbox.close()
    outbox = kept_a_day(tmp_path, Clock(NOW))
    assert contents(outbox, EVENT) == [b"in 1970"]
    # It is as old as this start at least.
    await asyncio.sleep(DAY_S - AGE_INTERVAL_S)
    assert contents(outbox, EVENT) == [b"in 1970"]
    await asyncio.sleep(2 * AGE_INTERVAL_S)
    assert contents(outbox, EVENT) == []
    outbox.close()


async def test_what_was_put_before_something_old_is_old_too(tmp_path: Path) -> None:
    for content, clock in (
        (b"in 1970", Clock(12.0, sure=False)),
        (b"then", Clock(NOW)),
        (b"later", Clock(9.0, sure=False)),
    ):
        outbox = kept_a_day(tmp_path, clock)
        outbox.put(EVENT, content)
        outbox.put(ALARM, content)
        if content == b"then":
            outbox.acknowledge(ALARM, outbox.epoch, 2)
        outbox.close()
    outbox = kept_a_day(tmp_path, Clock(NOW + 2 * DAY_S))
    assert contents(outbox, EVENT) == [b"later"]
    # Of the alarms none has a time that is known.
    assert contents(outbox, ALARM) == [b"in 1970", b"later"]
    (dropped,) = outbox.take_dropped()
    assert (dropped.message_class, dropped.count) == (EVENT, 2)
    outbox.close()


async def test_a_clock_nobody_vouches_for_drops_nothing_of_earlier_starts(tmp_path: Path) -> None:
    outbox = kept_a_day(tmp_path, Clock(NOW))
    outbox.put(EVENT, b"x")
    outbox.close()
    clock = Clock(NOW + 70 * 365 * DAY_S, sure=False)
    outbox = kept_a_day(tmp_path, clock)
    await asyncio.sleep(2 * AGE_INTERVAL_S)
    assert contents(outbox, EVENT) == [b"x"]
    clock.step_to(NOW + DAY_S / 2)
    await asyncio.sleep(2 * AGE_INTERVAL_S)
    assert contents(outbox, EVENT) == [b"x"]
    outbox.close()


async def test_a_clock_that_goes_back_keeps_things_longer_and_no_longer_than_it_runs(tmp_path: Path) -> None:
    outbox = kept_a_day(tmp_path, Clock(NOW + 100 * DAY_S))
    outbox.put(EVENT, b"x")
    outbox.close()
    outbox = kept_a_day(tmp_path, Clock(NOW))
    assert contents(outbox, EVENT) == [b"x"]
    await asyncio.sleep(DAY_S + 2 * AGE_INTERVAL_S)
    assert contents(outbox, EVENT) == []
    outbox.close()


@pytest.mark.parametrize("flushed", [True, False])
async def test_only_what_is_too_old_goes_wherever_it_lies(tmp_path: Path, flushed: bool) -> None:
    outbox = kept_a_day(tmp_path, Clock(NOW))
    every_s, count = 300.0, 2 * 24 * 12
    for number in range(count):
        outbox.put(EVENT, b"%d" % number)
        if flushed and number % 20 == 0:
            outbox.flush()
        await asyncio.sleep(every_s)
    kept = [int(it) for it in contents(outbox, EVENT)]
    assert kept == list(range(kept[0], count))
    assert len(kept) * every_s - DAY_S <= AGE_INTERVAL_S
    outbox.close()


async def test_an_empty_outbox_looks_at_no_clock(tmp_path: Path) -> None:
    outbox = kept_a_day(tmp_path, Clock(NOW))
    outbox.put(EVENT, b"x")
    outbox.acknowledge(EVENT, outbox.epoch, 1)
    await asyncio.sleep(AGE_INTERVAL_S + 1)
    # Neither a commit, nor a deletion, nor a look is waiting.
    assert asyncio.get_running_loop()._timers == []  # type: ignore[attr-defined]
    outbox.close()


def test_small_corrections_of_the_clock_are_not_noted() -> None:
    unix, monotonic = [NOW], [100.0]
    ages = Ages(lambda: (unix[0], True), lambda: monotonic[0])
    ages.begin(1)
    ages.written()
    for _ in range(100):
        monotonic[0] += 60
        unix[0] += 60 + STEP_S / 101
        ages.look()
    assert ages.changed() == []
    unix[0] += 5
    ages.look()
    assert [epoch for epoch, _ in ages.changed()] == [1]
