"""Chance that is smooth in time: the same curve from the same seed, wherever one begins to look at it."""

import random
from functools import lru_cache
from math import floor
from typing import Final

_KNOTS_KEPT: Final = 4096


def noise(seed: object, name: str, at: float) -> float:
    """-1 to 1: a random height at each whole number, and a smooth way between."""
    knot = floor(at)
    share = at - knot
    before, after = _height(f"{seed}:{name}:{knot}"), _height(f"{seed}:{name}:{knot + 1}")
    return before + (after - before) * share * share * (3.0 - 2.0 * share)


@lru_cache(_KNOTS_KEPT)
def _height(knot: str) -> float:
    return random.Random(knot).uniform(-1.0, 1.0)  # noqa: S311 - a simulation's
