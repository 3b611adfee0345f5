"""Chromium, driven by puppeteer-core in a process of its own."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from tests.interop.peers import NODE_MODULES, chromium, need_npm_package, newest_node
from tests.interop.told_process import ToldProcess, told

SCRIPT: Final = Path(__file__).with_name("browser.cjs")


class Browser(ToldProcess):
    """One page. Expressions are JavaScript's, evaluated in it."""

    async def open(self, url: str) -> None:
        await self.call("open", url=url)

    async def look(self, expression: str) -> Any:
        return await self.call("look", expression=expression)

    async def until_page(self, expression: str, timeout_s: float = 20.0) -> None:
        """Until it is true. Raises Refused."""
        await self.call("until", expression=expression, timeout_ms=timeout_s * 1000)

    async def click(self, selector: str) -> None:
        await self.call("click", selector=selector)

    async def press(self, key: str, times: int = 1) -> None:
        await self.call("press", key=key, times=times)

    async def emulate(self, **features: str) -> None:
        """Media features, as prefers_color_scheme="dark"."""
        wanted = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        await self.call("emulate", features=wanted)

    async def axe(self) -> list[str]:
        """What axe-core finds wrong for people who see, hear or move differently."""
        found = await self.call("axe")
        assert found["passes"] > 10
        violations: list[str] = found["violations"]
        return violations

    async def complaints(self) -> list[str]:
        """What the page complained of since the last time."""
        found: list[str] = await self.call("complaints")
        return found


@asynccontextmanager
async def a_browser(folder: Path) -> AsyncIterator[Browser]:
    """Skips the test where Chromium or the npm packages are not installed."""
    executable = chromium()
    node = newest_node()
    need_npm_package("puppeteer-core")
    need_npm_package("axe-core")
    environment = {**os.environ, "NODE_PATH": str(NODE_MODULES), "HOME": str(folder)}
    arguments = (node, str(SCRIPT), executable, str(folder / "profile"))
    async with told(Browser(), *arguments, errors=folder / "browser.errors", environment=environment) as browser:
        await browser.call("start")
        yield browser
