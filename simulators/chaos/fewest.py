"""The fewest of some things with which something still happens: delta debugging (Zeller and Hildebrandt 2002, ddmin).

What is found is minimal in that none of it alone can be left out. It is deterministic, and asks as often as it needs.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

_T = TypeVar("_T")


def fewest(things: Sequence[_T], happens: Callable[[tuple[_T, ...]], bool]) -> tuple[_T, ...]:
    """`things` are enough for it to happen; the answer is a part of them, in their order."""
    kept = tuple(things)
    if kept and happens(()):
        return ()
    parts = 2
    while len(kept) > 1:
        chunks = _chunks(kept, parts)
        smaller = _first_that(chunks, kept, happens)
        if smaller is not None:
            kept, parts = smaller, max(2, min(parts - 1, len(smaller)))
        elif parts >= len(kept):
            break
        else:
            parts = min(2 * parts, len(kept))
    return kept


def _first_that(
    chunks: Sequence[tuple[_T, ...]], kept: tuple[_T, ...], happens: Callable[[tuple[_T, ...]], bool]
) -> tuple[_T, ...] | None:
    """A part that is enough alone, or what is left without one of the parts."""
    for chunk in chunks:
        if happens(chunk):
            return chunk
    if len(chunks) == 2:
        # What is left without one half is the other.
        return None
    place = 0
    for chunk in chunks:
        rest = kept[:place] + kept[place + len(chunk) :]
        place += len(chunk)
        if happens(rest):
            return rest
    return None


def _chunks(things: tuple[_T, ...], parts: int) -> list[tuple[_T, ...]]:
    bounds = [len(things) * number // parts for number in range(parts + 1)]
    return [things[first:last] for first, last in pairwise(bounds) if last > first]
