"""Incarnation, boot, epoch and number: none is ever given twice."""

import random
from pathlib import Path

import pytest

from hubagent.uplink.outbox import numbering
from hubagent.uplink.outbox.numbering import BOOT_END, EPOCHS_MAX, NOTED_EVERY, SEQ_LEAP, Numbering
from hubagent.uplink.outbox.numbers import Numbers
from hubagent.uplink.outbox.place import EPOCH_MAX, SEQ_MAX, epoch_of, place_of, seq_of
from tests.hubagent.uplink.outbox.an_outbox import EVENT, an_outbox, read_all


def a_numbering(numbers: Numbers | None = None, seed: int = 1) -> Numbering:
    return Numbering(numbers or Numbers(), random.Random(seed).randbytes)


def test_places_keep_epoch_and_number_apart_and_in_order() -> None:
    places = [place_of(epoch, seq) for epoch in (0, 1, EPOCH_MAX) for seq in (0, 1, SEQ_MAX)]
    assert places == sorted(set(places))
    assert places[-1] == 2**63 - 1
    assert [(epoch_of(it), seq_of(it)) for it in places[3:5]] == [(1, 0), (1, 1)]


def test_the_first_boot_of_an_incarnation_is_any() -> None:
    boots = set()
    for seed in range(50):
        it = a_numbering(seed=seed)
        it.begin_anew(unseen=False)
        boots.add(it.boot)
        assert it.epoch == 1
    assert len(boots) == 50
    assert all(1 <= it <= 2**20 for it in boots)


def test_boots_end_before_the_versions_of_reported_state_do_and_go_round() -> None:
    numbers = Numbers()
    numbers.set("boot", BOOT_END - 2)
    it = a_numbering(numbers)
    it.begin({})
    assert it.boot == BOOT_END - 1
    it.begin({})
    assert it.boot == 1


def test_a_start_takes_a_later_epoch_than_any_message_has_whatever_was_counted() -> None:
    it = a_numbering()
    assert it.begin({7: 3, 5: 1}) is False
    assert it.epoch == 8


def test_beyond_what_another_life_has_used_is_far_beyond() -> None:
    """It may have used more than anybody has told, and the life after this one as well."""
    epochs = set()
    for seed in range(50):
        it = a_numbering(seed=seed)
        it.begin_anew(unseen=False)
        it.outrun(2_000_000)
        epochs.add(it.epoch)
        assert it.epoch > 2_000_000
        assert it.next() == 1
    assert len(epochs) == 50
    assert max(epochs) - min(epochs) > 1_000_000


def test_a_start_that_goes_on_in_an_epoch_leaps_over_all_that_may_have_been_numbered_in_it() -> None:
    numbers = Numbers()
    first = a_numbering(numbers)
    first.begin_anew(unseen=False)
    for _ in range(3 * NOTED_EVERY + 10):
        first.next()
    # Everything was acknowledged at once; older epochs were not.
    held = dict.fromkeys(range(-EPOCHS_MAX, 0), 1)
    again = a_numbering(numbers)
    assert again.begin(held) is True
    assert again.epoch == first.epoch
    assert again.next() > first.seq + SEQ_LEAP // 2
    third = a_numbering(numbers)
    third.begin(held)
    assert third.next() > again.seq


def test_where_no_leap_is_left_another_epoch_is_begun_after_all() -> None:
    numbers = Numbers()
    numbers.set("epoch", 40)
    numbers.set("seq", SEQ_MAX // 2)
    it = a_numbering(numbers)
    assert it.begin(dict.fromkeys(range(EPOCHS_MAX), 1)) is False
    assert (it.epoch, it.next()) == (41, 1)


def test_epochs_that_come_to_their_end_begin_anew_in_another_incarnation() -> None:
    numbers = Numbers()
    it = a_numbering(numbers)
    it.begin_anew(unseen=False)
    incarnation = it.incarnation
    numbers.set("epoch", EPOCH_MAX - 5)
    it = a_numbering(numbers, seed=2)
    it.begin({EPOCH_MAX - 5: 1})
    assert it.epoch == 1
    assert it.incarnation != incarnation


async def test_an_epoch_that_is_full_is_followed_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "SEQ_MAX", 5)
    outbox = an_outbox(tmp_path)
    found = []
    for _ in range(12):
        seq = outbox.put(EVENT, b"x")
        found.append((outbox.epoch, seq))
    assert [seq for _, seq in found] == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2]
    assert len(set(found)) == 12
    assert [len(it) for it in read_all(outbox).values()] == [5, 5, 2]
    outbox.close()
