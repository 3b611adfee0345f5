"""Where the time of a profiled run went, by folder of ours: what limits the simulation's speed."""

import cProfile
import pstats
from collections import Counter
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
DEPTH: Final = 2
SHOWN: Final = 14


def shares(profile: cProfile.Profile) -> list[tuple[str, float]]:
    """The share (0-1) of each folder, largest first; what is not ours is "Python", `asyncio` apart."""
    spent: Counter[str] = Counter()
    # Has no public list of what it has; the tuple is (calls, primitive calls, own time, with callees, callers).
    stats: dict[tuple[str, int, str], tuple[int, int, float, float, object]] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    for (file, _, _), (_, _, own_s, _, _) in stats.items():
        spent[_folder(file)] += own_s  # type: ignore[assignment]
    whole = sum(spent.values()) or 1.0
    return [(name, seconds / whole) for name, seconds in spent.most_common(SHOWN)]


def _folder(file: str) -> str:
    path = Path(file)
    if path.is_relative_to(ROOT) and ".venv" not in path.parts:
        parts = path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:DEPTH])
    return "asyncio" if "asyncio" in path.parts else "Python"
