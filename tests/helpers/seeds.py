"""Which seeds a seeded test runs, and the line that runs one of them again.

HUBAGENT_SEEDS says how many, or from which to which (`3000-6000`); HUBAGENT_SEED names one alone.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

BLOCKS: Final = 10
"""Tests that the seeds are dealt out to, so that several processes can share them."""


def seeds_of(block: int, ordinary: int) -> list[int]:
    """Its share of the seeds; `ordinary` is how many there are where nobody says."""
    return chosen(os.environ.get("HUBAGENT_SEED"), os.environ.get("HUBAGENT_SEEDS"), ordinary)[block::BLOCKS]


def chosen(one: str | None, how_many: str | None, ordinary: int) -> list[int]:
    if one:
        return [int(one)]
    first, _, end = (how_many or str(ordinary)).rpartition("-")
    return list(range(int(first or 0), int(end)))


def replay(seed: int, test: str) -> str:
    """The command line that runs this seed again; `test` is the `__file__` of the test."""
    return f"HUBAGENT_SEED={seed} .venv/bin/pytest tests/seeds/{Path(test).name}"


@contextmanager
def replayable(seed: int, test: str) -> Iterator[None]:
    """Whatever fails says how to make it fail again."""
    try:
        yield
    except Exception as error:
        error.add_note(replay(seed, test))
        raise
