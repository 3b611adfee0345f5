"""The cloud's page in a real browser: a person sees the home and taps a lamp, and nothing is claimed that is not so."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from hubagent.uplink.message.channel import MessageClass
from tests.interop.browser.browser import Browser, a_browser
from tests.simulators.cloud.a_cloud import HUB, LAMP, lamp
from tests.simulators.cloud.web.a_page import TOKEN, APage, a_page

pytestmark = [pytest.mark.interop, pytest.mark.real_time]

CARD: Final = '[data-device="zwave-2"]'
SWITCH: Final = f"{CARD} [role=switch]"
HOSTILE: Final = '<img src=x onerror="alert(1)"><script>alert(2)</script>"\'&'


def all_of(*conditions: str) -> str:
    return " && ".join(f"({it})" for it in conditions)


def text_of(selector: str) -> str:
    return f"document.querySelector({selector!r})?.textContent ?? ''"


def attribute(selector: str, name: str) -> str:
    return f"document.querySelector({selector!r})?.getAttribute({name!r})"


LIVE: Final = all_of("document.querySelector('#rooms')?.dataset.live === 'true'", f"document.querySelector({SWITCH!r})")
IS_ON: Final = f"{attribute(SWITCH, 'aria-checked')} === 'true'"
IS_OFF: Final = f"{attribute(SWITCH, 'aria-checked')} === 'false'"
WAITS: Final = f"{attribute(SWITCH, 'aria-busy')} === 'true'"
NOTE: Final = text_of(f"{CARD} .note")


@asynccontextmanager
async def looking(folder: Path) -> AsyncIterator[tuple[APage, Browser]]:
    """A browser that looks at a home whose hub is on line."""
    async with a_page() as page, a_browser(folder) as browser:
        page.hub.come()
        await browser.open(f"{page.url}/#token={TOKEN}")
        await browser.until_page(LIVE)
        yield page, browser


async def test_the_page_shows_the_home_without_a_complaint(tmp_path: Path) -> None:
    async with looking(tmp_path) as (_, browser):
        rooms = await browser.look("[...document.querySelectorAll('h2')].map((it) => it.textContent)")
        assert rooms[:3] == ["desk", "garden", "hall"]
        assert await browser.look(IS_OFF)
        assert f"{HUB} is on line" in await browser.look(text_of("#presence"))
        assert "temperature 21.5 °C" in await browser.look(text_of('[data-device="zigbee-1"]'))
        parts = await browser.look("[...document.querySelectorAll('[data-device^=\"zwave-5/\"] [role=switch]')].length")
        assert parts == 2
        assert await browser.complaints() == []


async def test_the_token_leaves_the_address_bar_and_stays_in_the_tab(tmp_path: Path) -> None:
    async with looking(tmp_path) as (page, browser):
        assert await browser.look("location.href") == f"{page.url}/"
        assert await browser.look("document.cookie + Object.keys(localStorage).join()") == ""
        await browser.open(page.url)
        await browser.until_page(LIVE)


async def test_without_the_token_it_says_what_to_do(tmp_path: Path) -> None:
    async with a_page() as page, a_browser(tmp_path) as browser:
        await browser.open(page.url)
        await browser.until_page(f"({text_of('#status')}).includes('open the address that the cloud printed')")
        assert await browser.axe() == []


async def test_a_tapped_lamp_changes_only_when_the_hub_reports_it(tmp_path: Path) -> None:
    async with looking(tmp_path) as (page, browser):
        page.hub.delay_s = 3600.0
        await browser.click(SWITCH)
        await browser.until_page(WAITS)
        assert (await page.hub.next_command()).set == {"on": True}
        assert await browser.look(all_of(IS_OFF, f"{text_of(SWITCH)} === 'Off'"))
        page.hub.report("zwave-2", lamp(on=True))
        await browser.until_page(all_of(IS_ON, f"!({WAITS})"))
        assert "on after" in await browser.look(NOTE)
        assert "tap to hall.light" in await browser.look(text_of("#status"))
        assert await browser.complaints() == []


async def test_the_keyboard_is_enough(tmp_path: Path) -> None:
    async with looking(tmp_path) as (page, browser):
        focused = "document.activeElement?.closest('[data-device]')?.dataset.device"
        for _ in range(10):
            await browser.press("Tab")
            if await browser.look(focused) == "zwave-2":
                break
        assert await browser.look("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        await browser.press("Space")
        await browser.until_page(IS_ON)
        assert await browser.look(focused) == "zwave-2"
        await browser.press("Enter")
        await browser.until_page(IS_OFF)
        assert [it.set["on"] for it in page.hub.commands] == [True, False]


async def test_a_device_that_does_not_answer_is_said_not_to(tmp_path: Path) -> None:
    async with looking(tmp_path) as (page, browser):
        page.hub.outcome = "unreachable"
        await browser.click(SWITCH)
        await browser.until_page(f"({NOTE}).includes('does not answer (no acknowledgement from node 2)')")
        assert await browser.look(all_of(IS_OFF, f"!({WAITS})"))
        assert "hall.light: does not answer" in await browser.look(text_of("#status"))
        assert await browser.axe() == []


async def test_a_hub_that_is_off_line_is_said_to_be_and_gets_the_wish_later(tmp_path: Path) -> None:
    async with looking(tmp_path) as (page, browser):
        page.hub.go()
        await browser.until_page(f"({text_of('#presence')}).includes('off line')")
        await browser.click(SWITCH)
        await browser.until_page(f"({NOTE}).includes('waits for the hub')")
        assert page.hub.commands == []
        assert await browser.axe() == []
        page.hub.come()
        await browser.until_page(all_of(IS_ON, f"({text_of('#presence')}).includes('on line')"))


async def test_the_stream_comes_back_by_itself_with_what_was_missed(tmp_path: Path) -> None:
    async with looking(tmp_path) as (page, browser):
        await page.stop_serving()
        await browser.until_page(f"({text_of('#status')}).includes('cannot be heard')")
        page.hub.report("zwave-2", lamp(on=True))
        assert await browser.look(IS_OFF)
        await browser.complaints()
        await page.serve_again()
        await browser.until_page(all_of(IS_ON, LIVE, f"({text_of('#status')}).includes('there again')"))
        await browser.click(SWITCH)
        await browser.until_page(IS_OFF)


async def test_names_are_text_whatever_is_in_them(tmp_path: Path) -> None:
    async with looking(tmp_path) as (page, browser):
        view: dict[str, Any] = {
            **LAMP,
            "name": HOSTILE,
            "capabilities": {HOSTILE: {HOSTILE: HOSTILE}, "on_off": {"on": True}},
        }
        page.hub.report("zwave-2", view)
        page.hub.report(HOSTILE.replace("/", ""), {"name": None, "capabilities": 3, "endpoints": [1]})
        page.hub.tell(MessageClass.EVENT, "notified", to=HOSTILE, text=HOSTILE)
        await browser.until_page(f"({text_of(f'{CARD} h3')}).includes('onerror')")
        await browser.until_page(f"({text_of('#told-lines')}).includes('onerror')")
        assert await browser.look("document.querySelectorAll('img, main script').length") == 0
        assert await browser.complaints() == []


async def test_nothing_is_wrong_for_people_who_see_or_move_differently(tmp_path: Path) -> None:
    async with looking(tmp_path) as (page, browser):
        page.hub.tell(MessageClass.EVENT, "pressed", device="remote", button=1)
        page.hub.service.heard(page.hub.service.doors[0], HUB, "evt", b"\xff")
        await browser.click(SWITCH)
        await browser.until_page(all_of(IS_ON, "document.querySelector('#wish-rows tr')"))
        await browser.click("summary")
        for scheme in ("light", "dark"):
            await browser.emulate(prefers_color_scheme=scheme)
            assert await browser.axe() == [], scheme
        page.hub.delay_s = 3600.0
        await browser.click(SWITCH)
        await browser.until_page(WAITS)
        assert await browser.axe() == []
        moving = f"getComputedStyle(document.querySelector({SWITCH!r})).animationName"
        assert await browser.look(moving) == "waiting"
        await browser.emulate(prefers_reduced_motion="reduce")
        assert await browser.look(moving) == "none"


async def test_the_home_fits_a_phone(tmp_path: Path) -> None:
    async with looking(tmp_path) as (_, browser):
        await browser.call("size", width=320, height=640)
        assert await browser.look("document.documentElement.scrollWidth <= 320")
        assert await browser.axe() == []


async def test_the_cloud_misbehaves_at_a_click(tmp_path: Path) -> None:
    async with looking(tmp_path) as (page, browser):
        await browser.click("summary")
        await browser.look("document.querySelector('#misbehaviour').value = 'forget-acks'")
        await browser.click("#manners-form button")
        await browser.until_page(f"({text_of('#misbehaving')}).includes('nothing is acknowledged, for 10 s')")
        assert page.misbehaviour.active == ["forget-acks"]
