"""zwave-js' own mock server as its makers start it: `npx mock-server -c nine_kinds.cjs`, made fit to run in a test."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.interop.peers import NODE_MODULES, need_npm_package, node

HERE = Path(__file__).parent
START_S = 30.0


@asynccontextmanager
async def mock_server(folder: Path) -> AsyncIterator[str]:
    """The URL of its port; its stderr is in `folder`. Skips the test where zwave-js is not installed."""
    executable = node()
    need_npm_package("zwave-js")
    script = NODE_MODULES / "zwave-js" / "bin" / "mock-server.cjs"
    with (folder / "mock_server.txt").open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *(executable, "-r", str(HERE / "tamed.cjs"), str(script)),
            *("-i", "127.0.0.1", "-p", "0", "-c", str(HERE / "nine_kinds.cjs")),
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            env={**os.environ, "NODE_ENV": "production"},
        )
    try:
        async with asyncio.timeout(START_S):
            port = await _port(process)
        yield f"socket://127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()


async def _port(process: asyncio.subprocess.Process) -> int:
    assert process.stdout is not None
    async for line in process.stdout:
        if said := re.search(rb"listening on tcp://127\.0\.0\.1:(\d+)", line):
            return int(said[1])
    raise AssertionError("the mock server ended before it listened")
