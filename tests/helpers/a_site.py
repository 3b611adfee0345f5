"""A small site for tests: the studio, with its rules, a cloud, and a disk in memory."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from simulators.home import home_file, read_home, rules_file
from simulators.site.site import Setting, Site, running_site

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""A file system without a disk, where there is one."""


@asynccontextmanager
async def a_site(home: str = "studio", **options: Any) -> AsyncIterator[Site]:
    file = home_file(home)
    rules = rules_file(file)
    with tempfile.TemporaryDirectory(prefix="site", dir=MEMORY) as made:
        folder = Path(made) / "hub"
        folder.mkdir()
        told: dict[str, Any] = {"rules": () if rules is None else (rules,), **options}
        async with running_site(Setting(read_home(file), folder, **told)) as site:
            yield site
