"""The real zwave-js as a host for one of our sticks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.interop.told_process import Event, ToldProcess
from tests.interop.zwave_js.node_process import running

SCRIPT = Path(__file__).with_name("host.cjs")


class ZwaveJs(ToldProcess):
    """What `host.cjs` is told, and what it says. Events are kept, so one may await them late."""

    def is_fatal(self, event: Event) -> bool:
        """An end of zwave-js, or an interview that failed for good."""
        return super().is_fatal(event) or bool(event.get("final"))


@asynccontextmanager
async def zwave_js_on(url: str, folder: Path) -> AsyncIterator[ZwaveJs]:
    """zwave-js with the serial port `url` (`tcp://host:port`), its cache and log in `folder`. Skips where it is not."""
    async with running(ZwaveJs(), SCRIPT, url, str(folder), errors=folder / "stderr.txt") as host:
        yield host
