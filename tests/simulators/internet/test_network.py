"""The network between hub and cloud: what keeps a hub from it, and a line on which next to nothing passes."""

import asyncio

import pytest

from hubagent.uplink.transports.port import SILENCE_S, Lost, Trouble
from simulators.site.site import Site
from tests.helpers.a_site import a_site


@pytest.mark.parametrize("trouble", [Trouble.NAME, Trouble.CERTIFICATE, Trouble.PORTAL, Trouble.REFUSED])
async def test_who_is_kept_from_the_cloud_comes_back_when_it_is_over(trouble: Trouble) -> None:
    async with a_site(still=True) as site:
        await _connected(site)
        assert site.net is not None
        site.weather.trouble = Lost(trouble, "not now")
        site.net.cut(site.weather.trouble)
        await asyncio.sleep(60)
        assert not site.net.lines
        site.weather.trouble = None
        await asyncio.sleep(130)
        assert len(site.net.lines) == 1


async def test_a_line_that_crawls_is_given_up_and_no_new_one_comes_about() -> None:
    async with a_site(still=True) as site:
        await _connected(site)
        assert site.net is not None
        site.weather.bytes_per_s = 1.0
        site.world.do("press", "studio.light")
        await asyncio.sleep(SILENCE_S + 2)
        assert not site.net.lines
        await asyncio.sleep(60)
        assert not site.net.lines


async def test_what_crawled_is_there_at_once_when_the_weather_clears_up() -> None:
    async with a_site(still=True) as site:
        await _connected(site)
        assert site.net is not None
        site.weather.bytes_per_s = 1.0
        site.world.do("press", "studio.light")
        await asyncio.sleep(SILENCE_S / 2)
        assert _lamp_in_the_cloud(site) is False
        site.weather.bytes_per_s = None
        site.net.clear_up()
        await asyncio.sleep(1)
        assert _lamp_in_the_cloud(site) is True
        await asyncio.sleep(SILENCE_S)
        assert len(site.net.lines) == 1


async def _connected(site: Site) -> None:
    await site.settle()
    await asyncio.sleep(10)
    assert site.net is not None
    assert len(site.net.lines) == 1


def _lamp_in_the_cloud(site: Site) -> object:
    (lamp,) = [it for it in site.cloud_picture().values() if it["name"] == "studio.light"]
    return lamp["capabilities"]["on_off"]["on"]
