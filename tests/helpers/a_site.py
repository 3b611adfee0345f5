"""A small site for tests: the studio, with its rules, a cloud, and a disk in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from simulators.home import home_file, read_home, rules_file
from simulators.scratch import scratch_disk
from simulators.site.site import Setting, Site, running_site


@asynccontextmanager
async def a_site(home: str = "studio", **options: Any) -> AsyncIterator[Site]:
    file = home_file(home)
    rules = rules_file(file)
    with scratch_disk("site-") as folder:
        told: dict[str, Any] = {"rules": () if rules is None else (rules,), **options}
        async with running_site(Setting(read_home(file), folder, **told)) as site:
            yield site
