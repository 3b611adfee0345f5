"""The live page in a real browser: a person sees what is so, moves somebody, touches a lamp and throws a fault."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.interop.browser.browser import Browser, a_browser
from tests.simulators.live.a_live_world import LiveWorld, a_live_world

pytestmark = [pytest.mark.interop, pytest.mark.real_time]

LIVE: Final = "document.querySelector('#presence')?.dataset.live === 'true'"


def tone_of(device: str) -> str:
    return f"document.querySelector('[data-device=\"{device}\"]')?.dataset.tone"


def choose(selector: str) -> str:
    return f"document.querySelector({selector!r}).dispatchEvent(new MouseEvent('click', {{bubbles: true}}))"


def push(text: str, within: str = "#panel") -> str:
    return f"[...document.querySelectorAll('{within} button')].find((it) => it.textContent === {text!r}).click()"


@asynccontextmanager
async def looking(folder: Path, home: str = "demo") -> AsyncIterator[tuple[LiveWorld, Browser]]:
    async with a_live_world(home) as live, a_browser(folder) as browser:
        await browser.open(live.address)
        await browser.until_page(LIVE)
        yield live, browser


async def test_the_page_shows_everything_without_a_complaint(tmp_path: Path) -> None:
    async with looking(tmp_path, "family_house") as (live, browser):
        assert await browser.look("document.querySelectorAll('#plan .device').length") == len(live.world.devices)
        assert await browser.look("document.querySelectorAll('#plan .person').length") == len(live.world.residents)
        assert await browser.look("document.querySelectorAll('#plan .door').length") == 16
        assert await browser.complaints() == []


async def test_a_lamp_that_is_lit_is_seen_to_be(tmp_path: Path) -> None:
    async with looking(tmp_path) as (live, browser):
        assert await browser.look(tone_of("kitchen.light")) == ""
        live.world.do("press", "kitchen.light")
        await browser.until_page(f"{tone_of('kitchen.light')} === 'lit'")


async def test_a_person_touches_a_device_beside_the_plan(tmp_path: Path) -> None:
    async with looking(tmp_path) as (live, browser):
        await browser.look(choose('[data-device="kitchen.light"]'))
        await browser.look(push("Press"))
        await browser.until_page(f"{tone_of('kitchen.light')} === 'lit'")
        assert live.world.state()[5]["state"] == {"on": True}
        await browser.look(push("Cut its power"))
        await browser.until_page(f"{tone_of('kitchen.light')} === 'dead'")
        await browser.until_page("document.querySelectorAll('#struck li').length === 1")
        await browser.look(push("Give it power"))
        await browser.until_page(f"{tone_of('kitchen.light')} !== 'dead'")
        assert live.world.faults.active() == ()
        assert await browser.complaints() == []


async def test_somebody_is_sent_to_another_room(tmp_path: Path) -> None:
    async with looking(tmp_path) as (_, browser):
        await browser.look(choose('[data-resident="alex"]'))
        await browser.look(push("hall"))
        await browser.until_page("document.querySelector('[data-resident] .head').ariaLabel.includes('is in hall')")


async def test_a_fault_is_thrown_and_healed(tmp_path: Path) -> None:
    async with looking(tmp_path) as (live, browser):
        await browser.look(
            "(() => { const it = document.querySelector('#fault-form select'); it.value = 'stick.silent';"
            " it.dispatchEvent(new Event('change')); })()"
        )
        await browser.look(push("Strike", "#fault-form"))
        await browser.until_page("document.querySelectorAll('#struck li').length === 2")
        assert {it.name for it in live.world.faults.active()} == {"stick.silent"}
        await browser.click("#heal-all")
        await browser.until_page("document.querySelectorAll('#struck li').length === 0")


async def test_what_cannot_be_done_is_said_in_words(tmp_path: Path) -> None:
    async with looking(tmp_path) as (live, browser):
        live.world.do("set", "hall.lock", "locked=true")
        await browser.look(choose('[data-device="hall.lock"]'))
        switches = "[...document.querySelectorAll('#panel button[role=switch]')]"
        await browser.look(f"{switches}.find((it) => it.textContent.startsWith('door')).click()")
        await browser.until_page("document.querySelector('#status').textContent.includes('locked')")


async def test_nothing_is_wrong_for_people_who_see_or_move_differently(tmp_path: Path) -> None:
    async with looking(tmp_path) as (live, browser):
        live.world.do("fault", "device.dead", "device=hall.light")
        await browser.until_page("document.querySelectorAll('#struck li').length === 1")
        for scheme in ("light", "dark"):
            await browser.emulate(prefers_color_scheme=scheme)
            for chosen in ('[data-device="living.lamp"]', '[data-of="outside"]', '[data-resident="alex"]'):
                await browser.look(choose(chosen))
                assert await browser.axe() == [], (scheme, chosen)
        await browser.call("size", width=320, height=640)
        assert await browser.look("document.documentElement.scrollWidth <= 320")


async def test_arrow_keys_walk_over_the_plan(tmp_path: Path) -> None:
    async with looking(tmp_path) as (_, browser):
        focused = "document.activeElement?.getAttribute('data-roving')"
        await browser.press("Tab")
        first = await browser.look(focused)
        for _ in range(5):
            if first is not None:
                break
            await browser.press("Tab")
            first = await browser.look(focused)
        await browser.press("ArrowDown")
        second = await browser.look(focused)
        assert None not in (first, second)
        assert first != second
