"""The MQTT broker mosquitto, for one test: on a free port of this machine, keeping nothing."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.interop.peers import mosquitto

START_S = 20.0


@asynccontextmanager
async def broker(folder: Path) -> AsyncIterator[int]:
    """Its port; its configuration is in `folder`. Skips the test where mosquitto is not installed."""
    executable = mosquitto()
    port = _free_port()
    config = folder / "mosquitto.conf"
    config.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest stderr\n", encoding="utf-8"
    )
    process = await asyncio.create_subprocess_exec(
        *(executable, "-c", str(config)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(START_S):
            await _runs(process)
        yield port
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def _runs(process: asyncio.subprocess.Process) -> None:
    assert process.stderr is not None
    said: list[str] = []
    async for line in process.stderr:
        said.append(line.decode(errors="replace").rstrip())
        if said[-1].endswith(" running"):
            return
    raise AssertionError(f"mosquitto ended: {said}")


def _free_port() -> int:
    """Free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
