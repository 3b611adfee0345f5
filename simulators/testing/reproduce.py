"""The one line that runs a test again as it was: the same home, the same seed, the same faults.

PYTHONHASHSEED is in it where it was set. The simulation and the agent do not depend on it; a test or a driver that goes
through a set does. Python does not tell which one it drew itself: where that matters, set it.
"""

import re
import shlex
from collections.abc import Mapping, Sequence

SEED_ID = "seed{}"
"""How a seed is called in the name of a test that runs with several."""


def without_seed(node: str, seed: int) -> str:
    """The test's name as it is when it runs with one seed only: `test_x[seed7]` is `test_x`."""
    name = re.escape(SEED_ID.format(seed))
    for pattern, instead in ((rf"\[{name}\]$", ""), (rf"\[{name}-", "["), (rf"-{name}(?=[-\]])", "")):
        node, count = re.subn(pattern, instead, node, count=1)
        if count:
            break
    return node


def reproduce_line(
    node: str, seed: int, options: Sequence[str], environment: Mapping[str, str], *, seed_in_name: bool = True
) -> str:
    """`options` are those that change what happens. Where the seed is not in the test's name, what looks like one there
    is somebody's own, and stays."""
    hashes = environment.get("PYTHONHASHSEED", "random")
    before = [] if hashes == "random" else [f"PYTHONHASHSEED={hashes}"]
    words = [*before, "pytest", without_seed(node, seed) if seed_in_name else node, "--sim-seed", str(seed), *options]
    return " ".join(shlex.quote(word) if not word.startswith("PYTHONHASHSEED=") else word for word in words)
