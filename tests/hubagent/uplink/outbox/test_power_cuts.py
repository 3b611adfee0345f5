"""The power goes at every write: what was committed and not acknowledged is there, and no number comes twice.

HUBAGENT_SEEDS=1000 (or 3000-6000) runs more seeds, HUBAGENT_SEED one alone.
"""

import asyncio
import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.up import Message
from hubagent.uplink.outbox.outbox import Outbox, open_outbox
from simulators.virtual_time import run_virtual
from tests.helpers.power_cut import Cut, PowerCuts, open_unsynced
from tests.helpers.seeds import chosen
from tests.hubagent.uplink.outbox.an_outbox import a_runtime, read_all, with_databases

ORDINARY_SEEDS = 24
BLOCKS = 4
BOOTS = 4
STEPS = 30

Key = tuple[MessageClass, int, int]


@dataclass(frozen=True)
class Promise:
    """What must be there after a cut."""

    keys: frozenset[Key]
    notes: dict[str, set[int]]
    """What was committed; or what was about to be, where the cut was in the middle of that."""
    epochs: frozenset[int]
    """In which something may have been numbered."""
    boots: frozenset[int]


@dataclass
class Model:
    """What an outbox is, without a disk."""

    put: dict[Key, bytes] = field(default_factory=dict)
    """All there ever was."""
    acknowledged: set[Key] = field(default_factory=set)
    present: set[Key] = field(default_factory=set)
    """What this boot has."""
    committed: set[Key] = field(default_factory=set)
    notes: dict[str, int] = field(default_factory=dict)
    committed_notes: dict[str, int] = field(default_factory=dict)
    unseen_notes: dict[str, set[int]] = field(default_factory=lambda: {"a": {0}, "b": {0}})
    """What a new boot may find, until it has looked."""
    epochs: set[int] = field(default_factory=set)
    boots: set[int] = field(default_factory=set)
    incarnation: bytes = b""

    def promised(self) -> Promise:
        keys = frozenset(self.committed - self.acknowledged)
        settled = {key: {self.committed_notes[key], self.notes[key]} for key in self.notes}
        notes = self.unseen_notes or settled
        return Promise(keys, notes, frozenset(self.epochs), frozenset(self.boots))

    def commit(self) -> None:
        self.committed = self.present - self.acknowledged
        self.committed_notes = dict(self.notes)

    def acknowledge(self, message_class: MessageClass, epoch: int, seq: int) -> None:
        gone = {it for it in self.present if it[:2] == (message_class, epoch) and it[2] <= seq}
        self.acknowledged |= gone
        self.present -= gone

    def expected(self) -> dict[tuple[MessageClass, int], list[Message]]:
        found: dict[tuple[MessageClass, int], list[Message]] = {}
        for message_class, epoch, seq in sorted(self.present, key=lambda it: it[2]):
            messages = found.setdefault((message_class, epoch), [])
            after = messages[-1].seq if messages else 0
            messages.append(Message(epoch, seq, after, self.put[message_class, epoch, seq]))
        return found


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        error.add_note(f"HUBAGENT_SEED={seed} .venv/bin/pytest {Path(__file__).relative_to(Path.cwd())}")
        raise


@pytest.mark.parametrize("block", range(BLOCKS))
def test_what_was_promised_outlives_a_power_cut_at_any_write(block: int, tmp_path: Path) -> None:
    seeds = chosen(os.environ.get("HUBAGENT_SEED"), os.environ.get("HUBAGENT_SEEDS"), ORDINARY_SEEDS)[block::BLOCKS]
    # With more seeds one cut in ten is looked at, so that they are many.
    share = 1.0 if len(seeds) * BLOCKS <= 10 * ORDINARY_SEEDS else 0.1
    for seed in seeds:
        with seeded(seed):
            lives = partial(_lives, tmp_path / str(seed), random.Random(f"{seed}:power"), share)
            run_virtual(lives, seed=seed)


async def _lives(folder: Path, rng: random.Random, share: float) -> None:
    model = Model()
    here = folder / "0"
    for boot in range(BOOTS):
        cuts = PowerCuts(rng, model.promised, model.commit, checkpoint_pages=rng.choice([4, 20, 1000]))
        outbox = open_outbox(here, cuts.runtime(a_runtime(here, f"{rng.random()}")))
        _begin(outbox, model, rng)
        for _ in range(rng.randint(1, STEPS)):
            await _step(outbox, model, rng)
        if rng.random() < 0.3:
            outbox.close()
        for number, cut in enumerate(cuts.cuts):
            if rng.random() < share:
                await _look(cut, folder / f"look {boot} {number}", model, rng)
        cut = rng.choice(cuts.cuts)
        # The process is gone; its files are not looked at again.
        outbox.close()
        shutil.rmtree(here)
        here = cut.restore(folder / str(boot + 1))
        _cut(model, cut)


def _begin(outbox: Outbox, model: Model, rng: random.Random) -> None:
    """Another boot: its numbers are new, and what is there is as it was put."""
    assert all(outbox.epoch > it for it in model.epochs)
    # One is left out wherever the power went between the count and the first word.
    assert all(outbox.boot > it for it in model.boots)
    assert not model.boots or outbox.boot <= max(model.boots) + BOOTS
    assert model.incarnation in {b"", outbox.incarnation} or not model.boots
    model.incarnation = outbox.incarnation
    model.epochs.add(outbox.epoch)
    model.boots.add(outbox.boot)
    found = {
        (message_class, epoch, it.seq): it.content
        for (message_class, epoch), messages in read_all(outbox, rng).items()
        for it in messages
    }
    assert model.committed - model.acknowledged <= found.keys()
    assert found.items() <= model.put.items()
    model.present = set(found)
    model.acknowledged -= model.present
    assert all(outbox.noted(key) in values for key, values in model.unseen_notes.items())
    model.notes = {key: outbox.noted(key) for key in model.unseen_notes}
    model.unseen_notes = {}
    model.commit()
    _check(outbox, model, rng)


def _check(outbox: Outbox, model: Model, rng: random.Random) -> None:
    expected = model.expected()
    assert read_all(outbox, rng) == expected
    seen = {(it.message_class, it.epoch): (it.first, it.last, it.count, it.size) for it in outbox.streams()}
    assert seen == {
        key: (found[0].seq, found[-1].seq, len(found), sum(len(it.content) for it in found))
        for key, found in expected.items()
    }
    assert [it.epoch for it in outbox.streams()] == sorted(epoch for _name, epoch in expected)
    assert {it for it in outbox.counts().values() if it[0]} == {
        (
            sum(len(found) for key, found in expected.items() if key[0] is name),
            sum(len(it.content) for key, found in expected.items() if key[0] is name for it in found),
        )
        for name in {key[0] for key in expected}
    }


async def _step(outbox: Outbox, model: Model, rng: random.Random) -> None:
    match rng.choices(["put", "wait", "acknowledge", "epoch", "note", "flush", "check"], [40, 15, 20, 3, 3, 4, 5])[0]:
        case "put":
            for _ in range(rng.choice([1, 1, 1, 5, 60])):
                message_class = rng.choice(list(MessageClass))
                content = rng.randbytes(rng.choice([1, 20, 120, 3000]))
                model.present.add(key := (message_class, outbox.epoch, outbox.put(message_class, content)))
                assert key not in model.put
                model.put[key] = content
        case "wait":
            await asyncio.sleep(rng.choice([0.001, 0.02, 0.031, 1.1]))
        case "acknowledge":
            _acknowledge(outbox, model, rng)
        case "epoch":
            model.epochs.add(outbox.new_epoch())
        case "note":
            name = rng.choice("ab")
            model.notes[name] = rng.randint(0, 2**53)
            outbox.note(name, model.notes[name])
        case "flush":
            outbox.flush()
            assert model.present <= model.committed
        case "check":
            _check(outbox, model, rng)


def _acknowledge(outbox: Outbox, model: Model, rng: random.Random) -> None:
    streams = outbox.streams()
    if streams:
        stream = rng.choice(streams)
        seq = rng.choice([stream.first, stream.last, rng.randint(0, stream.last), stream.last + rng.randint(0, 2**60)])
        outbox.acknowledge(stream.message_class, stream.epoch, seq)
        model.acknowledge(stream.message_class, stream.epoch, seq)


async def _look(cut: Cut[Promise], folder: Path, model: Model, rng: random.Random) -> None:
    """At what would be there, and go back to where we were."""
    copy = Model(dict(model.put), set(model.acknowledged), incarnation=model.incarnation)
    _cut(copy, cut)
    cut.restore(folder)
    outbox = open_outbox(folder, with_databases(a_runtime(folder, "look"), open_unsynced))
    try:
        _begin(outbox, copy, rng)
    except AssertionError as error:
        error.add_note(f"{cut.statement}, {cut.how}")
        raise
    finally:
        outbox.close()
        shutil.rmtree(folder)


def _cut(model: Model, cut: Cut[Promise]) -> None:
    """What happened after it did not happen."""
    model.present = set(cut.promised.keys)
    model.committed = set(cut.promised.keys)
    model.unseen_notes = cut.promised.notes
    model.epochs = set(cut.promised.epochs)
    model.boots = set(cut.promised.boots)
    model.put = {key: content for key, content in model.put.items() if key[1] in model.epochs}
    model.acknowledged = (model.acknowledged & model.put.keys()) - cut.promised.keys
