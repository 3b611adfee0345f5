"""The real zwave-js as a host for one of our sticks."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.interop.zwave_js.node_process import Event, NodeProcess, running

SCRIPT = Path(__file__).with_name("host.cjs")


class ZwaveJs(NodeProcess):
    """What `host.cjs` is told, and what it says. Events are kept, so one may await them late."""

    async def happens(
        self, timeout_s: float = 60.0, where: Callable[[Event], bool] = lambda _: True, **like: Any
    ) -> Event:
        """The next event that has these fields; it and all before it are forgotten.

        An interview that failed for good, or an end of zwave-js, fails the test.
        """
        async with asyncio.timeout(timeout_s):
            while True:
                await self.until(lambda: bool(self.events), timeout_s)
                event = self.events.popleft()
                if event["event"] == "driver error" or event.get("final"):
                    raise AssertionError(event)
                if like.items() <= event.items() and where(event):
                    return event

    async def all_happen(self, wanted: list[Event], timeout_s: float = 60.0) -> None:
        """All of these, in any order."""
        missing = list(wanted)
        while missing:
            event = await self.happens(timeout_s)
            missing = [like for like in missing if not like.items() <= event.items()]

    def forget_events(self) -> None:
        self.events.clear()


@asynccontextmanager
async def zwave_js_on(url: str, folder: Path) -> AsyncIterator[ZwaveJs]:
    """zwave-js with the serial port `url` (`tcp://host:port`), its cache and log in `folder`. Skips where it is not."""
    async with running(ZwaveJs(), SCRIPT, url, str(folder), errors=folder / "stderr.txt") as host:
        yield host
