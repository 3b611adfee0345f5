"""A home for tests of what tests can say, without pytest's part in it: `in_a_home(what_happens)`."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from simulators.testing.home import Home
from simulators.testing.home_run import HomeRun
from simulators.testing.settings import home_settings

HERE = Path(__file__).parent


def in_a_home(
    what_happens: Callable[[Home], Awaitable[None]], home: str | Path = "studio", seed: int = 1, **keys: Any
) -> HomeRun:
    """Raises what it raises. The run is over, and what is written down of it is to be read."""
    run = HomeRun(home_settings(home, keys, seed, (HERE,)))

    async def happens() -> None:
        await what_happens(Home(run))

    failed = True
    try:
        run.call(happens())
        run.check()
        failed = False
    finally:
        problems = run.end(failed=failed)
    if problems:
        raise AssertionError("\n".join(problems))
    return run
