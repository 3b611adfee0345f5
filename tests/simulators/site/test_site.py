"""A whole site: a hub that lives on a home, tells its cloud, and comes back from whatever ends it."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hubagent.toml_lines import Mistakes
from simulators.site.site import Site
from simulators.virtual_time import run_virtual
from tests.helpers.a_site import a_site


async def test_somebody_walks_in_and_the_lamp_is_on_in_the_world_in_the_hub_and_in_the_cloud() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        site.world.do("set", "studio.motion", "occupied=true")
        await asyncio.sleep(5)
        assert _truth(site)["studio.light"]["on"] is True
        assert site.picture()["studio.light"]["on"] is True
        assert [it["capabilities"]["on_off"]["on"] for it in _cloud_lamps(site)] == [True]


@pytest.mark.parametrize("how", ["kill", "cut_power"])
async def test_a_hub_that_is_ended_comes_back_with_what_it_knew(how: str) -> None:
    async with a_site(still=True) as site:
        await site.settle()
        await asyncio.sleep(2)
        before = site.picture()
        getattr(site.hub, how)(3.0)
        assert site.picture() == {}
        await site.hub.ready()
        assert site.hub.lives == 2
        assert site.picture().keys() == before.keys()
        assert site.hub.crashes == []


async def test_the_power_goes_in_the_middle_of_a_write() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        site.hub.cut_power_at(1, 3.0)
        site.world.do("press", "studio.light")
        await asyncio.sleep(1.5)
        assert not site.hub.running
        await site.hub.ready()
        await asyncio.sleep(30)
        assert site.picture()["studio.light"]["on"] is True
        assert site.hub.crashes == []


async def test_a_dead_process_sends_nothing_any_more() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        site.hub.kill(None)
        await asyncio.sleep(1)
        lines = site.trace.lines
        site.world.do("set", "studio.motion", "occupied=true")
        await asyncio.sleep(60)
        assert site.trace.lines == lines
        assert _truth(site)["studio.light"]["on"] is False


async def test_a_cloud_that_crashed_is_told_what_happened_meanwhile() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        await asyncio.sleep(5)
        assert site.cloud is not None
        site.cloud.crash()
        site.world.do("press", "studio.light")
        await asyncio.sleep(60)
        site.cloud.start()
        await asyncio.sleep(200)
        assert [it["capabilities"]["on_off"]["on"] for it in _cloud_lamps(site)] == [True]


async def test_the_clock_of_the_host_steps_and_the_worlds_does_not() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        site.clock.step(-86_400)
        assert site.clock() == pytest.approx(site.wall() - 86_400)
        await asyncio.sleep(10)
        site.clock.heal()
        assert site.clock() == site.wall()


async def test_rules_that_cannot_be_read_are_an_error_at_once(tmp_path: Path) -> None:
    rules = tmp_path / "bad.toml"
    rules.write_text("[[rule]]\nname = 'nonsense'\nwhen = 'it rains'\ndo = []\n")
    with pytest.raises(Mistakes):
        async with a_site(still=True, rules=(rules,)) as site:
            await site.settle()


def hash_of(seed: int, seconds: float = 120.0) -> str:
    """Of a run of the studio in which the hub is killed and loses its power."""

    async def main() -> str:
        async with a_site(seed=seed) as site:
            await site.settle()
            await asyncio.sleep(seconds / 3)
            site.hub.kill(2.0)
            await asyncio.sleep(seconds / 3)
            site.hub.cut_power_at(2, 2.0)
            await asyncio.sleep(seconds / 3)
            return site.trace.hash

    return run_virtual(main, seed=seed)


def test_the_same_seed_is_the_same_run() -> None:
    assert hash_of(3) == hash_of(3) != hash_of(4)


def test_the_same_seed_is_the_same_run_in_another_process_with_other_hashes() -> None:
    code = "from tests.simulators.site.test_site import hash_of; print(hash_of(5))"
    elsewhere = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert elsewhere.stdout.strip() == hash_of(5)


def _truth(site: Site) -> dict[str, dict[str, object]]:
    return {device["name"]: device["state"] for device in site.world.state()}


def _cloud_lamps(site: Site) -> list[dict[str, dict[str, dict[str, object]]]]:
    return [it for it in site.cloud_picture().values() if it["name"] == "studio.light"]
