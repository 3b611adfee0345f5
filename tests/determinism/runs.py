"""Runs of seeds, each as one hash of everything that could be seen of it: `python -m tests.determinism.runs NAME...`.

A process of its own for each way of running, since hashes of strings are settled when Python starts.
"""

import asyncio
import hashlib
import sys
from collections.abc import Callable, Mapping
from typing import Final

from simulators.chaos.asked import Asked, answer
from simulators.chaos.scenario import Scenario
from simulators.virtual_time import VirtualTimeLoop, run_virtual
from tests.helpers.a_site import a_site
from tests.helpers.bad_home import BadHome
from tests.helpers.bad_zigbee_home import run_bad_home
from tests.helpers.uplink_world import World

SEED: Final = 7
MORNING_S: Final = 3600.0
FAULTS_MIN: Final = 10
"""Of fewer nobody would learn much."""


def zwave_driver() -> str:
    async def main() -> str:
        home = BadHome(SEED)
        return f"{await home.run()} {home.trace}"

    return run_virtual(main, seed=SEED)


def zigbee_driver() -> str:
    return str(run_bad_home(SEED))


def uplink() -> str:
    async def main() -> str:
        world = World(SEED)
        problems = await world.run()
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        return f"{problems} {sorted(world.faults.items())} {world.lives} {world.net.frames_up} {loop.steps}"

    return run_virtual(main, seed=SEED)


def studio() -> str:
    return _site("studio")


def family_house() -> str:
    return _site("family_house")


def studio_under_attack() -> str:
    """Power cuts, crashes and resets, in the middle of what people do."""

    async def main() -> str:
        async with a_site("studio", seed=SEED, broker=True) as site:
            await site.settle()
            site.world.do("press", "studio.light")
            site.hub.cut_power_at(2, 3.0)
            await asyncio.sleep(60)
            assert site.cloud is not None
            assert site.net is not None
            site.cloud.crash()
            site.net.cut()
            await asyncio.sleep(10)
            site.cloud.start()
            await site.hub.ready()
            site.world.do("press", "studio.light")
            await asyncio.sleep(MORNING_S)
            return f"{site.trace.lines} {site.trace.hash}"

    return run_virtual(main, seed=SEED)


def flat_in_chaos() -> str:
    """Faults of all kinds, drawn and healed, and all that the checks say."""
    verdict = answer(Asked(Scenario("flat", SEED, MORNING_S)))
    faults = [str(fault) for fault in verdict.scenario.faults]
    assert len(faults) > FAULTS_MIN
    return f"{faults} {verdict.problems} {verdict.hash} {verdict.steps} {verdict.lives}"


def _site(home: str) -> str:
    async def main() -> str:
        async with a_site(home, seed=SEED) as site:
            await site.settle()
            await asyncio.sleep(MORNING_S)
            return f"{site.trace.lines} {site.trace.hash}"

    return run_virtual(main, seed=SEED)


RUNS: Final[Mapping[str, Callable[[], str]]] = {
    it.__name__: it
    for it in (zwave_driver, zigbee_driver, uplink, studio, studio_under_attack, family_house, flat_in_chaos)
}


def hash_of(name: str) -> str:
    return hashlib.blake2b(RUNS[name]().encode(), digest_size=16).hexdigest()


if __name__ == "__main__":
    for asked in sys.argv[1:] or RUNS:
        print(asked, hash_of(asked), flush=True)
