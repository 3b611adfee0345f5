"""The real bellows and zigpy as a host for one of our dongles."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.interop.peers import peers_python
from tests.interop.told_process import Event, ToldProcess, told

SCRIPT = Path(__file__).with_name("script.py")


class Bellows(ToldProcess):
    """What `script.py` is told, and what it says. Events are kept, so one may await them late."""

    def is_fatal(self, event: Event) -> bool:
        """zigpy never comes back from that by itself."""
        return event["event"] in ("connection lost", "not initialized")


@asynccontextmanager
async def bellows_on(port: str, folder: Path, name: str = "bellows") -> AsyncIterator[Bellows]:
    """bellows on `port` (a path, or `socket://host:port`), its log in `folder`. Skips where it is not installed."""
    async with told(Bellows(), peers_python(), str(SCRIPT), port, errors=folder / f"{name}.log") as host:
        yield host


@asynccontextmanager
async def started(port: str, folder: Path, name: str = "bellows", **options: Any) -> AsyncIterator[Bellows]:
    """It has taken the dongle, and formed a network where there was none."""
    async with bellows_on(port, folder, name) as host:
        await host.call("start", **{"channel": 15, **options})
        yield host
