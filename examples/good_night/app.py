"""Good night: lamps off, door locked; what did not do it is tried once more, and told.

The app asks whatever speaks to the cloud for it: its web API in production, `home.cloud` in tests. `Cloud` is all that
it needs of that.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from typing import Any, Protocol


class Cloud(Protocol):
    def set(self, device: str, **values: Any) -> Awaitable[str]:
        """Wish for it; how it ended, as `confirmed`, `unreachable`, `expired`."""
        ...


WISHES: Mapping[str, Mapping[str, Any]] = {
    "living.lamp": {"on": False},
    "kitchen.light": {"on": False},
    "hall.lock": {"locked": True},
}
DONE = "confirmed"
PAUSE_S = 5.0


async def good_night(cloud: Cloud) -> str:
    """What to tell whoever said good night."""
    missing = await _ask(cloud, WISHES)
    if missing:
        await asyncio.sleep(PAUSE_S)
        missing = await _ask(cloud, missing)
    if missing:
        return f"these did not follow: {', '.join(sorted(missing))}"
    return "everything is off, and the door is locked"


async def _ask(cloud: Cloud, devices: Iterable[str]) -> list[str]:
    """Those that did not do it."""
    names = list(devices)
    outcomes = await asyncio.gather(*(_outcome(cloud, name) for name in names))
    return [name for name, outcome in zip(names, outcomes, strict=True) if outcome != DONE]


async def _outcome(cloud: Cloud, device: str) -> str:
    return await cloud.set(device, **WISHES[device])
