"""A small site with one check that watches it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from simulators.chaos.checks.check import Check
from simulators.site.site import Site
from tests.helpers.a_site import a_site

_Check = TypeVar("_Check", bound=Check)


@asynccontextmanager
async def watched(kind: type[_Check], home: str = "studio", **options: Any) -> AsyncIterator[tuple[Site, _Check]]:
    """Settled, and the check has begun."""
    async with a_site(home, **options) as site:
        await site.settle()
        await asyncio.sleep(5)
        check = kind(site)
        try:
            check.begin()
            yield site, check
        finally:
            check.close()


async def found(check: Check, seconds: float | None = None) -> list[str]:
    """What it finds after so long a time without faults; as long as it asks for, unless somebody says otherwise."""
    await check.site.hub.ready()
    check.healed()
    await asyncio.sleep(check.patience_s if seconds is None else seconds)
    return check.end()
